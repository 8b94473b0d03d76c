// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Reader of the token format (token.hpp; the contract: structwire/core/reader.hpp).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/decode.hpp>
#include <tests/support/tokens/token.hpp>

namespace structwire::testing::tokens {

class Reader : public ReaderState {
 public:
  static constexpr FormatTraits traits = tokens::traits;
  Reader(std::span<const Token> tokens, const DecodeOptions& options) noexcept
      : ReaderState(options), tokens_(tokens) {}

  struct ArrayScope {
    std::size_t hint = 0;
  };
  using MapScope = ArrayScope;
  using StructScope = ArrayScope;
  struct Mark {
    std::size_t position;
    unsigned depth_left;
  };

  std::size_t offset() const noexcept { return position_; }
  bool finish() {
    return position_ == tokens_.size() ||
           fail(ErrorCode::trailing_data, "Tokens after the value", offset());
  }

  Kind peek() {
    pass_some();
    return position_ == tokens_.size() ? Kind::null : kind_of(tokens_[position_].type);
  }
  Kind kind() { return peek(); }
  bool refuse(KindSet expected) {
    const Token* token = nullptr;
    const std::size_t start = position_;
    return take(token) && mismatch(expected, name_of(kind_of(token->type)), start);
  }
  Mark mark() const noexcept { return {position_, depth_left()}; }
  void rewind(const Mark& mark) noexcept {
    clear_error();
    position_ = mark.position;
    restore_depth(mark.depth_left);
  }
  void return_to(std::size_t offset) noexcept { position_ = offset; }
  bool borrowed(std::string_view) const noexcept { return true; }
  bool read_scalar(Value& out) {
    const Token* token = nullptr;
    if (!take(token)) return false;
    if (token->type == Token::Type::end)
      return fail(ErrorCode::malformed, "An end in place of a value", offset());
    out = token->value;
    return true;
  }

  bool read(bool& out) { return take_as(Kind::boolean, out); }
  template <class Integer>
    requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
  bool read(Integer& out) {
    const Token* token = nullptr;
    const std::size_t start = position_;
    if (!expect(Kind::integer, token)) return false;
    const auto* large = token->value.get_if<std::uint64_t>();
    const auto* number = token->value.get_if<std::int64_t>();
    if (large != nullptr ? std::in_range<Integer>(*large) : std::in_range<Integer>(*number)) {
      out = large != nullptr ? static_cast<Integer>(*large) : static_cast<Integer>(*number);
      return true;
    }
    return violated(ErrorCode::number_out_of_range,
                    large != nullptr || *number > 0
                        ? "`int` <= " + std::to_string(std::numeric_limits<Integer>::max())
                        : "`int` >= " + std::to_string(std::numeric_limits<Integer>::min()),
                    start);
  }
  bool read(double& out) {
    std::int64_t number = 0;
    if (peek() != Kind::integer) return take_as(Kind::floating, out);
    if (!read(number)) return false;
    out = static_cast<double>(number);
    return true;
  }
  bool read(float& out) {
    double wide = 0;
    if (!read(wide)) return false;
    out = static_cast<float>(wide);
    return true;
  }
  bool read_text(std::string_view& out) {
    const Token* token = nullptr;
    if (!expect(Kind::text, token)) return false;
    out = *token->value.get_if<std::string>();
    return out.size() <= limits().string_bytes ||
           fail(ErrorCode::size_limit, "Text longer than the limit", offset());
  }
  bool read_bytes(Bytes& out) {
    if (!take_as(Kind::bytes, out)) return false;
    return out.size() <= limits().string_bytes ||
           fail(ErrorCode::size_limit, "Bytes longer than the limit", offset());
  }
  bool read_bytes(Buffer& out) {
    Bytes bytes;
    if (!read_bytes(bytes)) return false;
    out = Buffer(bytes);
    return true;
  }
  bool read_some(bool& some) {
    if (position_ == tokens_.size()) return truncated(offset());
    const Token::Type type = tokens_[position_].type;
    some = type != Token::Type::none && type != Token::Type::null;
    position_ += !some || type == Token::Type::some;
    return true;
  }

  bool open_array(ArrayScope& scope) { return open(Kind::array, scope); }
  bool more_items(ArrayScope&) {
    if (position_ == tokens_.size()) return truncated(offset());
    if (tokens_[position_].type != Token::Type::end) return true;
    ++position_;
    return false;
  }
  bool open_map(MapScope& scope) { return open(Kind::object, scope); }
  bool more_entries(MapScope& scope) { return more_items(scope); }
  bool close_key(MapScope&) noexcept { return true; }

  template <class P>
  bool open_struct(StructScope& scope) {
    return open_map(scope);
  }
  template <class P, std::size_t I>
  int next_member(StructScope& scope) {
    if (!more_entries(scope)) return failed() ? member_error : member_end;
    const std::size_t start = position_;
    std::string_view key;
    if (!read_text(key)) {
      in_map_key();
      return member_error;
    }
    const int index = P::find(key);
    if (index >= 0) return index;
    unknown_key(key, start);
    return member_unknown;
  }

  bool skip() {
    std::size_t depth = 0;
    do {
      const Token* token = nullptr;
      if (!take(token)) return false;
      const Kind kind = kind_of(token->type);
      if (kind == Kind::array || kind == Kind::object) {
        if (++depth > depth_left()) return too_deep(position_ - 1);
      } else if (token->type == Token::Type::end && depth-- == 0) {
        return fail(ErrorCode::malformed, "An end in place of a value", position_ - 1);
      }
    } while (depth != 0);
    return true;
  }

 private:
  static Kind kind_of(Token::Type type) noexcept {
    switch (type) {
      case Token::Type::boolean:
        return Kind::boolean;
      case Token::Type::integer:
        return Kind::integer;
      case Token::Type::floating:
        return Kind::floating;
      case Token::Type::text:
      case Token::Type::field:
        return Kind::text;
      case Token::Type::bytes:
        return Kind::bytes;
      case Token::Type::ext:
        return Kind::ext;
      case Token::Type::array:
        return Kind::array;
      case Token::Type::map:
      case Token::Type::structure:
        return Kind::object;
      default:
        return Kind::null;
    }
  }

  void pass_some() noexcept {
    while (position_ < tokens_.size() && tokens_[position_].type == Token::Type::some) ++position_;
  }
  bool take(const Token*& out) {
    pass_some();
    if (position_ == tokens_.size()) return truncated(offset());
    out = &tokens_[position_++];
    return true;
  }
  bool expect(Kind kind, const Token*& out) {
    const std::size_t start = position_;
    if (!take(out)) return false;
    if (out->type == Token::Type::end)
      return fail(ErrorCode::malformed, "An end in place of a value", start);
    return kind_of(out->type) == kind || mismatch(kind, name_of(kind_of(out->type)), start);
  }
  template <class T>
  bool take_as(Kind kind, T& out) {
    const Token* token = nullptr;
    if (!expect(kind, token)) return false;
    out = *token->value.get_if<T>();
    return true;
  }
  bool open(Kind kind, ArrayScope& scope) {
    const Token* token = nullptr;
    if (!expect(kind, token)) return false;
    const auto count = static_cast<std::size_t>(*token->value.get_if<std::int64_t>());
    scope.hint = std::min(count, tokens_.size() - position_);
    return count <= limits().container_items ||
           fail(ErrorCode::size_limit, "More items than the limit", offset());
  }

  std::span<const Token> tokens_;
  std::size_t position_ = 0;
};

/// Decodes all of `tokens` into `out`.
template <class T>
Result<void> decode_into(std::span<const Token> tokens, T& out, const DecodeOptions& options = {}) {
  Reader reader(tokens, options);
  return decode_whole(reader, out);
}

}  // namespace structwire::testing::tokens
