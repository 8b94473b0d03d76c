// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Writer of the token format (token.hpp; the contract: structwire/core/writer.hpp).

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/encode.hpp>
#include <tests/support/tokens/token.hpp>

namespace structwire::testing::tokens {

class Writer : public Unbounded {
 public:
  static constexpr FormatTraits traits = tokens::traits;
  explicit Writer(WriterState& state) noexcept : state_(&state) {}
  WriterState& state() noexcept { return *state_; }
  Tokens take() noexcept { return std::move(tokens_); }

  void null() { add(tokens::null()); }
  void none() { add(tokens::none()); }
  void some() { add(tokens::some()); }
  void write(bool value) { add(boolean(value)); }
  template <class Integer>
    requires std::is_integral_v<Integer>
  void write(Integer value) {
    using Wide = std::conditional_t<std::is_signed_v<Integer>, std::int64_t, std::uint64_t>;
    add(integer(Wide{value}));
  }
  void write(double value) { add(floating(value)); }
  void write(float value) { add(floating(static_cast<double>(value))); }
  void text(std::string_view text) { add(tokens::text(text)); }
  void bytes(std::span<const std::byte> bytes) {
    add(tokens::bytes(Bytes(bytes.begin(), bytes.end())));
  }
  void ext(const Ext& ext) { add(tokens::ext(ext)); }

  void open_array(std::size_t size) { add(array(size)); }
  void end_item() noexcept {}
  void close_array(std::size_t) { add(end()); }
  void open_map(std::size_t size) { add(map(size)); }
  void end_key() noexcept {}
  void end_entry() noexcept {}
  void close_map(std::size_t) { add(end()); }
  template <class P>
  void open_struct(std::size_t size) {
    add(structure(size));
  }
  template <class P, std::size_t I>
  void member_key() {
    add(field(P::members[I].wire_name));
  }
  void end_member() noexcept {}
  template <class P>
  void close_struct(std::size_t) {
    add(end());
  }

 private:
  void add(Token token) { tokens_.push_back(std::move(token)); }

  WriterState* state_;
  Tokens tokens_;
};

/// The tokens of a value; an error's message as one text token where it cannot be written.
template <class T>
Tokens encode(const T& value) {
  WriterState state;
  state.strict = true;
  Writer writer(state);
  const Result<void> written = encode_whole(writer, value, state);
  return written ? writer.take() : Tokens{text("error: " + written.error().message())};
}

}  // namespace structwire::testing::tokens
