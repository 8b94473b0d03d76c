// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every limit on an input, with its default, and the options of a decode. Run-time data that only cold paths
// read; a program that needs others changes the members it means.

#include <cstddef>
#include <cstdint>
#include <memory_resource>

namespace structwire {

// Readers take the shortest forms without looking here: limits below 256 bytes of text or 16 items need not hold.
struct Limits {
  unsigned depth = 512;                       ///< Arrays, maps and structs inside each other.
  std::size_t string_bytes = 256u << 20;      ///< One text or bytes value.
  std::size_t container_items = 64u << 20;    ///< Items of one array, entries of one map.
  std::size_t decoded_bytes = 1u << 30;       ///< What all container elements of one decode may occupy in memory.
  std::size_t number_digits = 4300;           ///< Characters of one number as text, whatever it is read into.
  std::size_t errors = 100;                   ///< Errors that collecting all of them returns.
  /// How many times the input so far (and 1024 bytes) alternatives of `first_match` may read in vain, all together.
  /// Tried inside each other they double the work with every level; this ends that.
  std::size_t attempts = 100;
  /// One value of a stream, as it stands in the input: what an incremental reader holds while the rest of it is still
  /// to come (structwire/streams).
  std::size_t value_bytes = 256u << 20;
};

struct Format;

/// What becomes of fields that a struct does not declare.
enum class UnknownFieldPolicy : std::uint8_t { by_struct, ignore, forbid };

struct DecodeOptions {
  Limits limits;
  /// Text that spells a number, bool, null, time or duration is taken for one, and a few more conversions
  /// between kinds, where nothing in the type takes the text itself (docs/guide/lax.md).
  bool lax = false;
  /// Over the rules of every struct.
  UnknownFieldPolicy unknown_fields = UnknownFieldPolicy::by_struct;
  /// Keys of maps that are numbers, dates and the like may stand as text also in formats that carry others.
  bool text_keys = false;
  /// Paths of errors name the keys of maps, `$.clock["worker 1"]`, in place of `$.clock[...]`. They may hold
  /// what an input's author wrote there, so it is a choice.
  bool keys_in_paths = false;
  /// Into a Value: of a number that neither 64 bits nor a double hold the nearest double, infinite beyond the
  /// largest, in place of an error.
  bool nearest_numbers = false;
  /// What Raw members are kept in where the input is no bytes (convert); inputs of bytes do not ask.
  const Format* raw_format = nullptr;
  /// Where members of std::pmr types keep what is decoded into them, whatever resource they had before; it must
  /// outlive the decoded value. Without one they keep theirs. See docs/guide/memory.md.
  std::pmr::memory_resource* memory = nullptr;
};

}  // namespace structwire
