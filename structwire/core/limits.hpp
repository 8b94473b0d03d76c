// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every limit on an input, with its default, and the options of a decode. Run-time data that only cold paths
// read; a program that needs others changes the members it means.

#include <cstddef>

namespace structwire {

// Readers take the shortest forms without looking here: limits below 256 bytes of text or 16 items need not hold.
struct Limits {
  unsigned depth = 512;                       ///< Arrays, maps and structs inside each other.
  std::size_t string_bytes = 256u << 20;      ///< One text or bytes value.
  std::size_t container_items = 64u << 20;    ///< Items of one array, entries of one map.
  std::size_t decoded_bytes = 1u << 30;       ///< What all container elements of one decode may occupy in memory.
  std::size_t number_digits = 4300;           ///< Digits of one integer as text.
};

struct Format;

struct DecodeOptions {
  Limits limits;
  /// What Raw members are kept in where the input is no bytes (convert); inputs of bytes do not ask.
  const Format* raw_format = nullptr;
};

}  // namespace structwire
