// SPDX-License-Identifier: Apache-2.0
#pragma once

// MessagePack's first bytes, from the specification (msgpack/spec.md), and the constant key bytes of a
// struct's members: header and name, compared as one.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include <structwire/core/config.hpp>

namespace structwire::msgpack {

enum Opcode : std::uint8_t {
  fixmap = 0x80,
  fixarray = 0x90,
  fixstr = 0xa0,
  nil = 0xc0,
  never_used = 0xc1,
  boolean_false = 0xc2,
  boolean_true = 0xc3,
  bin8 = 0xc4,
  bin16 = 0xc5,
  bin32 = 0xc6,
  ext8 = 0xc7,
  ext16 = 0xc8,
  ext32 = 0xc9,
  float32 = 0xca,
  float64 = 0xcb,
  uint8 = 0xcc,
  uint16 = 0xcd,
  uint32 = 0xce,
  uint64 = 0xcf,
  int8 = 0xd0,
  int16 = 0xd1,
  int32 = 0xd2,
  int64 = 0xd3,
  fixext1 = 0xd4,
  fixext2 = 0xd5,
  fixext4 = 0xd6,
  fixext8 = 0xd7,
  fixext16 = 0xd8,
  str8 = 0xd9,
  str16 = 0xda,
  str32 = 0xdb,
  array16 = 0xdc,
  array32 = 0xdd,
  map16 = 0xde,
  map32 = 0xdf,
  negative_fixint = 0xe0,
};

inline namespace STRUCTWIRE_INLINE {

template <class Unsigned>
Unsigned load_big_endian(const std::uint8_t* at) noexcept {
  Unsigned value{};
  std::memcpy(&value, at, sizeof value);
  if constexpr (sizeof value == 1) {
    return value;
  } else if constexpr (sizeof value == 2) {
    return __builtin_bswap16(value);
  } else if constexpr (sizeof value == 4) {
    return __builtin_bswap32(value);
  } else {
    return __builtin_bswap64(value);
  }
}

template <class Unsigned>
std::uint8_t* store_big_endian(std::uint8_t* at, Unsigned value) noexcept {
  const Unsigned swapped = load_big_endian<Unsigned>(reinterpret_cast<const std::uint8_t*>(&value));
  std::memcpy(at, &swapped, sizeof swapped);
  return at + sizeof swapped;
}

// Doubles, and fixed arrays of them inside each other, take the same bytes whatever the numbers are, so that many can
// be read without a look at each byte in turn: coordinates, matrices.

/// How many bytes T always takes in the form that it is written in; 0 where that depends on the value.
template <class T>
inline constexpr std::size_t fixed_size = 0;
template <>
inline constexpr std::size_t fixed_size<double> = 9;
template <class Item, std::size_t Count>
  requires(fixed_size<Item> != 0 && Count < 16)
inline constexpr std::size_t fixed_size<std::array<Item, Count>> = 1 + Count * fixed_size<Item>;

/// How many arrays are inside each other in T.
template <class T>
inline constexpr unsigned fixed_depth = 0;
template <class Item, std::size_t Count>
inline constexpr unsigned fixed_depth<std::array<Item, Count>> = 1 + fixed_depth<Item>;

/// Reads a T of fixed size. Not 0 where another form stands there; then `out` may hold anything.
STRUCTWIRE_ALWAYS_INLINE unsigned read_fixed(const std::uint8_t* at, double& out) noexcept {
  out = std::bit_cast<double>(load_big_endian<std::uint64_t>(at + 1));
  return static_cast<unsigned>(*at ^ float64);
}
template <class Item, std::size_t Count>
STRUCTWIRE_ALWAYS_INLINE unsigned read_fixed(const std::uint8_t* at, std::array<Item, Count>& out) noexcept {
  unsigned others = *at++ ^ static_cast<unsigned>(fixarray | Count);
  for (Item& item : out) {
    others |= read_fixed(at, item);
    at += fixed_size<Item>;
  }
  return others;
}

constexpr std::size_t text_header_size(std::size_t size) noexcept {
  return size < 32 ? 1 : size < 0x100 ? 2 : size < 0x10000 ? 3 : 5;
}

template <class Names, std::size_t I>
inline constexpr auto name_bytes = [] {
  constexpr std::string_view name = Names::key(I);
  static_assert(name.size() < 0x10000, "structwire: a wire name longer than 65535 bytes");
  std::array<std::uint8_t, text_header_size(name.size()) + name.size()> bytes{};
  std::size_t at = 0;
  if (name.size() < 32) {
    bytes[at++] = static_cast<std::uint8_t>(fixstr | name.size());
  } else if (name.size() < 0x100) {
    bytes[at++] = str8;
    bytes[at++] = static_cast<std::uint8_t>(name.size());
  } else {
    bytes[at++] = str16;
    bytes[at++] = static_cast<std::uint8_t>(name.size() >> 8);
    bytes[at++] = static_cast<std::uint8_t>(name.size());
  }
  for (const char c : name) bytes[at++] = static_cast<std::uint8_t>(c);
  return bytes;
}();

/// The encoding of a member's name as MessagePack text: one for all Plans of a struct that name it alike.
template <class P, std::size_t I>
inline constexpr const auto& key_bytes = name_bytes<std::conditional_t<(I < P::size), typename P::Wire, P>, I>;

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::msgpack
