// SPDX-License-Identifier: Apache-2.0
#pragma once

// The token format: a value as the list of the calls that core makes, for tests of core alone.
// Expected lists are written by hand:
//
//   {structure(2), field("x"), integer(1), field("y"), some(), text("a"), end()}
//
// The reader takes what the writer makes and anything else that one writes by hand: members in any
// order, maps in place of structs, wrong counts. An "offset" in an error is the position of a
// token.

#include <cstddef>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include <structwire/core/traits.hpp>
#include <structwire/core/value.hpp>

namespace structwire::testing::tokens {

inline constexpr FormatTraits traits{
    .self_describing = true,
    .keys = true,
    .absent_is_visible = true,
};

struct Token {
  enum class Type {
    null,
    none,
    some,
    boolean,
    integer,
    floating,
    text,
    bytes,
    ext,
    array,
    map,
    structure,
    field,
    end
  };
  Type type = Type::null;
  Value value;  ///< Scalars: the value. Containers: their count. Fields: their name.
  friend bool operator==(const Token&, const Token&) = default;
};

using Tokens = std::vector<Token>;

inline Token null() { return {Token::Type::null, {}}; }
inline Token none() { return {Token::Type::none, {}}; }
inline Token some() { return {Token::Type::some, {}}; }
inline Token boolean(bool value) { return {Token::Type::boolean, value}; }
template <class Integer>
Token integer(Integer value) {
  return {Token::Type::integer, value};
}
inline Token floating(double value) { return {Token::Type::floating, value}; }
inline Token text(std::string_view value) { return {Token::Type::text, value}; }
inline Token bytes(Bytes value) { return {Token::Type::bytes, std::move(value)}; }
inline Token ext(Ext value) { return {Token::Type::ext, std::move(value)}; }
inline Token array(std::size_t count) { return {Token::Type::array, std::uint64_t{count}}; }
inline Token map(std::size_t count) { return {Token::Type::map, std::uint64_t{count}}; }
inline Token structure(std::size_t count) { return {Token::Type::structure, std::uint64_t{count}}; }
inline Token field(std::string_view name) { return {Token::Type::field, name}; }
inline Token end() { return {Token::Type::end, {}}; }

/// For the messages of failed tests.
inline void PrintTo(const Token& token, std::ostream* out) {
  static constexpr const char* names[] = {"null",     "none",      "some",  "boolean", "integer",
                                          "floating", "text",      "bytes", "ext",     "array",
                                          "map",      "structure", "field", "end"};
  *out << names[static_cast<std::size_t>(token.type)];
  if (const auto* number = token.value.get_if<std::int64_t>()) *out << "(" << *number << ")";
  if (const auto* number = token.value.get_if<double>()) *out << "(" << *number << ")";
  if (const auto* text = token.value.get_if<std::string>()) *out << "(" << *text << ")";
}

}  // namespace structwire::testing::tokens
