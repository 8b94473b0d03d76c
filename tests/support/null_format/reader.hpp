// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Reader of the null format (format.hpp; the contract: structwire/core/reader.hpp).

#include <cstddef>
#include <string_view>

#include <structwire/core/decode.hpp>
#include <tests/support/null_format/format.hpp>

namespace structwire::testing::null_format {

class Reader : public ReaderState {
 public:
  static constexpr FormatTraits traits = null_format::traits;
  explicit Reader(const DecodeOptions& options) noexcept : ReaderState(options) {}

  struct ArrayScope {
    std::size_t hint = 0;
  };
  using MapScope = ArrayScope;
  struct StructScope {};

  std::size_t offset() const noexcept { return no_offset; }
  bool finish() const noexcept { return true; }
  template <class Number>
  bool read(Number& out) noexcept {
    out = Number();
    return true;
  }
  bool read_text(std::string_view& out) noexcept {
    out = {};
    return true;
  }
  template <class Target>
  bool read_bytes(Target& out) noexcept {
    out.clear();
    return true;
  }
  template <class E>
  bool read_enum(E& out) noexcept {
    out = enum_values<E>.values.front();
    return true;
  }
  bool read_some(bool& some) noexcept {
    some = false;
    return true;
  }
  bool open_array(ArrayScope&) noexcept { return true; }
  bool more_items(ArrayScope&) noexcept { return false; }
  bool open_map(MapScope&) noexcept { return true; }
  bool more_entries(MapScope&) noexcept { return false; }
  bool close_key(MapScope&) noexcept { return true; }
  template <class P>
  bool open_struct(StructScope&) noexcept {
    return true;
  }
  template <class P, std::size_t I>
  int next_member(StructScope&) noexcept {
    return I < P::size ? static_cast<int>(I) : member_end;
  }
};

}  // namespace structwire::testing::null_format
