// SPDX-License-Identifier: Apache-2.0
#pragma once

// Literal<…>: one of the listed constants, which may be texts, integers, booleans and null:
//
//   sw::Literal<"v1"> version;                       // always "v1"
//   sw::Literal<"get", "put"> method = "put";        // any other text does not compile
//   sw::Literal<nullptr, 1, "auto"> width;           // starts as the first constant
//
// A constant becomes a Literal at compile time, which functions that pass on their arguments cannot
// do for it: inside of a std::optional, pair or variant write `Method("put")`, and `"put"`
// everywhere else. What comes at run time goes through `from`, which tells what is none of the
// constants. On the wire the constant itself stands; in memory its position. true is not 1.

#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace structwire {

enum class LiteralKind : std::uint8_t { text, integer, boolean, null };

namespace literal_detail {

template <class T>
concept Character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
                    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !Character<T>;

template <class T>
concept Text = std::convertible_to<const T&, std::string_view> && !std::same_as<T, std::nullptr_t>;

template <class T>
concept Constant =
    Integer<T> || std::same_as<T, bool> || std::same_as<T, std::nullptr_t> || Text<T>;

// Not constexpr: a constant expression that gets here does not compile, and the message says its
// name.
inline void this_is_none_of_the_constants_of_the_Literal() {}

}  // namespace literal_detail

/// A text, an integer, a boolean or nullptr as a template argument.
template <std::size_t Size>
struct LiteralConstant {
  char characters[Size + 1]{};
  std::int64_t number = 0;
  LiteralKind kind = LiteralKind::null;

  consteval LiteralConstant(const char (&text)[Size + 1]) : kind(LiteralKind::text) {
    for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
  }
  template <literal_detail::Integer Number>
    requires(Size == 0)
  consteval LiteralConstant(Number value)
      : number(static_cast<std::int64_t>(value)), kind(LiteralKind::integer) {
    if (!std::in_range<std::int64_t>(value))
      throw "structwire: a Literal's integers fit std::int64_t";
  }
  template <std::same_as<bool> Boolean>
    requires(Size == 0)
  consteval LiteralConstant(Boolean value) : number(value ? 1 : 0), kind(LiteralKind::boolean) {}
  consteval LiteralConstant(std::nullptr_t)
    requires(Size == 0)
  {}

  constexpr std::string_view text() const noexcept { return {characters, Size}; }
};
template <std::size_t Size>
LiteralConstant(const char (&)[Size]) -> LiteralConstant<Size - 1>;
template <literal_detail::Integer Number>
LiteralConstant(Number) -> LiteralConstant<0>;
template <std::same_as<bool> Boolean>
LiteralConstant(Boolean) -> LiteralConstant<0>;
LiteralConstant(std::nullptr_t) -> LiteralConstant<0>;

namespace literal_detail {

// The object behind a template argument has static storage duration, so views of it stay good.
template <LiteralConstant Value>
inline constexpr const auto& kept = Value;

/// One constant, of a type that is the same for all.
struct Row {
  LiteralKind kind = LiteralKind::null;
  std::string_view text;
  std::int64_t number = 0;
  friend constexpr bool operator==(const Row&, const Row&) noexcept = default;
};

template <std::size_t Size>
constexpr bool all_distinct(const std::array<Row, Size>& rows) noexcept {
  for (std::size_t i = 0; i < Size; ++i) {
    for (std::size_t j = i + 1; j < Size; ++j) {
      if (rows[i] == rows[j]) return false;
    }
  }
  return true;
}

template <std::size_t Size>
constexpr std::size_t count(const std::array<Row, Size>& rows, LiteralKind kind) noexcept {
  std::size_t found = 0;
  for (const Row& row : rows) found += row.kind == kind;
  return found;
}

}  // namespace literal_detail

template <LiteralConstant... Values>
class Literal {
  static_assert(sizeof...(Values) > 0, "structwire: a Literal lists at least one constant");
  static constexpr std::array<literal_detail::Row, sizeof...(Values)> rows{
      literal_detail::Row{literal_detail::kept<Values>.kind, literal_detail::kept<Values>.text(),
                          literal_detail::kept<Values>.number}...};
  static_assert(literal_detail::all_distinct(rows),
                "structwire: a Literal lists each constant once");

  static constexpr std::size_t count(LiteralKind kind) noexcept {
    return literal_detail::count(rows, kind);
  }

  template <LiteralKind Wanted, class T>
  static constexpr auto all_of() noexcept {
    std::array<T, count(Wanted)> found{};
    std::size_t next = 0;
    for (const auto& row : rows) {
      if (row.kind != Wanted) continue;
      if constexpr (Wanted == LiteralKind::text) {
        found[next++] = row.text;
      } else {
        found[next++] = static_cast<T>(row.number);
      }
    }
    return found;
  }

 public:
  /// The constants in their order: kind, text, number.
  static constexpr const auto& constants = rows;
  /// How many constants there are, and the kind of each by position.
  static constexpr std::size_t size = sizeof...(Values);
  static constexpr std::array<LiteralKind, size> kinds{literal_detail::kept<Values>.kind...};
  static constexpr bool has_text = count(LiteralKind::text) != 0;
  static constexpr bool has_integer = count(LiteralKind::integer) != 0;
  static constexpr bool has_boolean = count(LiteralKind::boolean) != 0;
  static constexpr bool has_null = count(LiteralKind::null) != 0;
  /// The constants of one kind, in the order listed.
  static constexpr std::array texts = all_of<LiteralKind::text, std::string_view>();
  static constexpr std::array integers = all_of<LiteralKind::integer, std::int64_t>();
  static constexpr std::array booleans = all_of<LiteralKind::boolean, bool>();

  /// The first constant.
  constexpr Literal() noexcept = default;
  /// A constant of the list; anything else does not compile.
  template <std::size_t Size>
  consteval Literal(const char (&text)[Size])
      : Literal(checked(std::string_view(text, Size - 1))) {}
  template <class C>
    requires(literal_detail::Integer<C> || std::same_as<C, bool> ||
             std::same_as<C, std::nullptr_t> || std::same_as<C, std::string_view>)
  consteval Literal(C constant) : Literal(checked(constant)) {}

  /// The Literal that is this constant; nothing when the list does not have it. A text, an integer
  /// of any type, a bool or nullptr: none is taken for another. Linear in the number of constants.
  template <literal_detail::Constant C>
  static constexpr std::optional<Literal> from(const C& constant) noexcept {
    const std::size_t found = position(constant);
    if (found == size) return std::nullopt;
    return Literal(At{found});
  }

  /// Position of the constant in the list.
  constexpr std::size_t index() const noexcept { return index_; }
  constexpr LiteralKind kind() const noexcept { return kinds[index_]; }
  /// The constant, if it is a text; else empty.
  constexpr std::string_view text() const noexcept { return rows[index_].text; }
  /// Calls f with the constant: a std::string_view, std::int64_t, bool or std::nullptr_t. f is only
  /// asked for the kinds that the list has.
  template <class F>
  constexpr decltype(auto) visit(F&& f) const {
    const literal_detail::Row& row = rows[index_];
    if constexpr (has_text) {
      if (row.kind == LiteralKind::text || !(has_integer || has_boolean || has_null))
        return f(row.text);
    }
    if constexpr (has_integer) {
      if (row.kind == LiteralKind::integer || !(has_boolean || has_null)) return f(row.number);
    }
    if constexpr (has_boolean) {
      if (row.kind == LiteralKind::boolean || !has_null) return f(row.number != 0);
    }
    if constexpr (has_null) return f(nullptr);
  }

  friend constexpr bool operator==(Literal, Literal) noexcept = default;
  /// In the order listed.
  friend constexpr std::strong_ordering operator<=>(Literal, Literal) noexcept = default;
  /// With any text, integer, bool or nullptr, listed or not.
  template <literal_detail::Constant C>
  friend constexpr bool operator==(Literal a, const C& b) noexcept {
    return position(b) == a.index_;
  }

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      Literal literal) {
    literal.visit([&]<class C>(const C& constant) {
      if constexpr (std::same_as<C, bool>) {
        out << (constant ? "true" : "false");
      } else if constexpr (std::same_as<C, std::nullptr_t>) {
        out << "null";
      } else {
        out << constant;
      }
    });
    return out;
  }

 private:
  using Index = std::conditional_t<(size <= 256), std::uint8_t, std::uint32_t>;
  struct At {
    std::size_t index;
  };
  constexpr explicit Literal(At at) noexcept : index_(static_cast<Index>(at.index)) {}

  template <class C>
  static constexpr literal_detail::Row row_of(const C& constant) noexcept {
    if constexpr (std::same_as<C, bool>) {
      return {LiteralKind::boolean, {}, constant ? 1 : 0};
    } else if constexpr (literal_detail::Integer<C>) {
      return {LiteralKind::integer, {}, static_cast<std::int64_t>(constant)};
    } else if constexpr (std::same_as<C, std::nullptr_t>) {
      return {LiteralKind::null, {}, 0};
    } else {
      return {LiteralKind::text, constant, 0};
    }
  }
  template <class C>
  static constexpr std::size_t position(const C& constant) noexcept {
    if constexpr (literal_detail::Integer<C>) {
      if (!std::in_range<std::int64_t>(constant)) return size;
    }
    const literal_detail::Row wanted = row_of(constant);
    std::size_t i = 0;
    while (i < size && rows[i] != wanted) ++i;
    return i;
  }
  template <class C>
  static consteval At checked(const C& constant) {
    const std::size_t found = position(constant);
    if (found == size) literal_detail::this_is_none_of_the_constants_of_the_Literal();
    return {found};
  }

  Index index_ = 0;
};

namespace literal_detail {
template <class T>
inline constexpr bool is_literal = false;
template <LiteralConstant... Values>
inline constexpr bool is_literal<Literal<Values...>> = true;
}  // namespace literal_detail

template <class T>
concept LiteralType = literal_detail::is_literal<T>;

}  // namespace structwire

template <structwire::LiteralConstant... Values>
struct std::hash<structwire::Literal<Values...>> {
  std::size_t operator()(structwire::Literal<Values...> literal) const noexcept {
    return std::hash<std::size_t>{}(literal.index());
  }
};
