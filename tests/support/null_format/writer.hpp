// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Writer of the null format (format.hpp; the contract: structwire/core/writer.hpp).

#include <cstddef>
#include <span>
#include <string_view>

#include <structwire/core/encode.hpp>
#include <tests/support/null_format/format.hpp>

namespace structwire::testing::null_format {

class Writer : public Unbounded {
 public:
  static constexpr FormatTraits traits = null_format::traits;
  Writer(std::byte* out, WriterState& state) noexcept : out_(out), state_(&state) {}
  std::byte* end() noexcept { return out_; }
  WriterState& state() noexcept { return *state_; }

  void none() noexcept {}
  void some() noexcept {}
  template <class Number>
  void write(Number) noexcept {}
  void text(std::string_view) noexcept {}
  void bytes(std::span<const std::byte>) noexcept {}
  template <class E>
  void write_enum(E) noexcept {}
  void open_array(std::size_t) noexcept {}
  void end_item() noexcept {}
  void close_array(std::size_t) noexcept {}
  void open_map(std::size_t) noexcept {}
  void end_key() noexcept {}
  void end_entry() noexcept {}
  void close_map(std::size_t) noexcept {}
  template <class P>
  void open_struct(std::size_t) noexcept {}
  template <class P, std::size_t I>
  void member_key() noexcept {}
  void end_member() noexcept {}
  template <class P>
  void close_struct(std::size_t) noexcept {}

 private:
  std::byte* out_;
  WriterState* state_;
};

}  // namespace structwire::testing::null_format
