// SPDX-License-Identifier: Apache-2.0
#pragma once

// One sample for every type that core can carry. The conformance suite runs every sample through
// every format that can carry it, so a new type gets its tests by one struct here and one line in
// for_each_sample.
//
//   for_each_sample<Format>([](auto type) { for (const auto& value : samples<typename
//   decltype(type)::type>()) … });

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <structwire/core/rules.hpp>
#include <structwire/core/types.hpp>

namespace structwire::testing {

struct Integers {
  bool flag = false;
  std::int8_t i8 = 0;
  std::int16_t i16 = 0;
  std::int32_t i32 = 0;
  std::int64_t i64 = 0;
  std::uint8_t u8 = 0;
  std::uint16_t u16 = 0;
  std::uint32_t u32 = 0;
  std::uint64_t u64 = 0;
};

struct Floats {
  float single = 0;
  double wide = 0;
};

/// Floats that are no numbers; for formats that carry them.
struct NonFinite {
  float single = 0;
  double wide = 0;
};

struct Texts {
  std::string first;
  std::string second;
};

struct Binary {
  Bytes bytes;
  Buffer buffer;
};

struct Optionals {
  std::optional<std::int32_t> number;
  std::optional<std::string> text;
  std::optional<std::vector<bool>> flags;
  std::optional<Floats> floats;
  std::unique_ptr<Texts> texts;
};

struct Sequences {
  std::vector<std::int64_t> numbers;
  std::vector<std::string> texts;
  std::vector<bool> flags;
  std::array<std::uint16_t, 3> three{};
  std::array<std::string, 2> two;
  std::deque<double> floats;
  std::vector<std::vector<std::int32_t>> rows;
  std::vector<std::optional<std::int32_t>> holes;
  std::vector<Binary> structs;
};

enum class Color { red, green, blue = 7 };
enum class Level : std::int8_t { low = -1, middle = 0, high = 100 };

struct Enums {
  Color color = Color::red;
  Level level = Level::low;
  std::vector<Color> colors;
  std::optional<Level> maybe;
};

struct Maps {
  std::map<std::string, std::int64_t> by_text;
  std::map<std::int32_t, std::string> by_number;
  std::map<std::uint64_t, bool> by_large_number;
  std::map<Color, std::int32_t> by_color;
  std::unordered_map<std::string, std::vector<std::int32_t>> lists;
  std::map<std::string, std::map<std::string, std::optional<double>>> nested;
};

/// Recursive in every way that a struct can be.
struct Tree {
  std::string name;
  std::unique_ptr<Tree> left;
  std::vector<Tree> children;
  std::map<std::string, Tree> named;
};

/// One struct in another, down to any depth, and nothing else.
struct Chain {
  std::unique_ptr<Chain> next;
};

namespace foreign {
/// As if from somebody else's header: its rules are given by rules_for.
struct Point {
  std::int32_t x = 0;
  std::int32_t y = 0;
};
}  // namespace foreign

struct Nested {
  foreign::Point point;
  std::vector<foreign::Point> path;
  Enums enums;
};

/// A class with an invariant of its own, private members and a constructor.
class Account {
 public:
  Account() = default;
  Account(std::string owner, std::int64_t cents) : owner_(std::move(owner)), cents_(cents) {}

 private:
  std::string owner_;
  std::int64_t cents_ = 0;

 public:
  using wire = Rules<members<&Account::owner_, &Account::cents_>>;
};

struct Defaulted {
  std::int32_t number = 7;
  std::string text = "initial";
  std::optional<std::int32_t> maybe;
  std::int32_t always = 0;
  using wire = Rules<member<&Defaulted::number, defaulted>, member<&Defaulted::text, defaulted>>;
};

struct Omitting {
  std::optional<std::int32_t> maybe;
  std::string text;
  std::vector<std::int32_t> numbers;
  std::map<std::string, std::int32_t> entries;
  std::int32_t last = 0;
  using wire =
      Rules<member<&Omitting::maybe, omit_empty>, member<&Omitting::text, defaulted, omit_empty>,
            member<&Omitting::numbers, defaulted, omit_empty>,
            member<&Omitting::entries, defaulted, omit_empty>>;
};

struct Renamed {
  std::int32_t first = 0;
  std::string second;
  bool third = false;
  using wire =
      Rules<member<&Renamed::first, name<"1st">, number<200>>,
            member<&Renamed::second, name<"a much longer name than thirty-two bytes">, number<3>>,
            member<&Renamed::third, name<"\xc3\xbc">, number<1>>>;
};

struct Constrained {
  std::int32_t percent = 0;
  double ratio = 0;
  std::string code;
  std::vector<std::int32_t> few;
  std::optional<std::uint8_t> digit;
  using wire = Rules<member<&Constrained::percent, between(0, 100)>,
                     member<&Constrained::ratio, ge(0), lt(1)>,
                     member<&Constrained::code, min_length(2), max_length(4)>,
                     member<&Constrained::few, max_length(3)>, member<&Constrained::digit, le(9)>,
                     forbid_unknown_fields>;
};

/// More members than the shortest headers of formats count.
struct Wide {
  std::int32_t a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0;
  std::int32_t k = 0, l = 0, m = 0, n = 0, o = 0, p = 0, q = 0, r = 0, s = 0, t = 0;
};

struct Empty {};

/// What only self-describing formats carry.
struct Dynamic {
  Value value;
  std::vector<Value> values;
  std::map<std::string, Value> named;
};
/// Binary values, extensions and keys of any kind, which some self-describing formats only show.
struct Untyped {
  Value value;
};
struct Captured {
  Raw raw;
  std::optional<Raw> maybe;
  std::vector<Raw> raws;
  std::int32_t last = 0;
};

/// No std::vector, whose items of type bool are no bools.
template <class T>
using Samples = std::deque<T>;

/// Values of T that together reach every form that T takes in any format.
template <class T>
Samples<T> samples();

template <class T>
struct Sample {
  using type = T;
};

/// Calls visit(Sample<T>{}) for every sample type that a format with these traits can carry.
/// `captures`: Raw too.
template <const auto& Traits, bool Captures, class Visit>
void for_each_sample(Visit&& visit) {
  visit(Sample<Integers>{});
  visit(Sample<Floats>{});
  if constexpr (Traits.carries_non_finite) visit(Sample<NonFinite>{});
  visit(Sample<Texts>{});
  visit(Sample<Binary>{});
  visit(Sample<Optionals>{});
  visit(Sample<Sequences>{});
  visit(Sample<Enums>{});
  visit(Sample<Maps>{});
  visit(Sample<Tree>{});
  visit(Sample<Nested>{});
  visit(Sample<Account>{});
  visit(Sample<Defaulted>{});
  visit(Sample<Omitting>{});
  visit(Sample<Renamed>{});
  visit(Sample<Constrained>{});
  visit(Sample<Wide>{});
  visit(Sample<Empty>{});
  // Top-level values that are no structs.
  visit(Sample<bool>{});
  visit(Sample<std::int64_t>{});
  visit(Sample<double>{});
  visit(Sample<std::string>{});
  visit(Sample<Bytes>{});
  visit(Sample<Color>{});
  visit(Sample<std::optional<std::int32_t>>{});
  visit(Sample<std::vector<std::uint8_t>>{});
  visit(Sample<std::map<std::string, std::vector<std::string>>>{});
  if constexpr (Traits.self_describing) {
    visit(Sample<Value>{});
    visit(Sample<Dynamic>{});
  }
  if constexpr (Traits.self_describing && Traits.tells_bytes_from_text && !Traits.text_keys)
    visit(Sample<Untyped>{});
  if constexpr (Captures) visit(Sample<Captured>{});
}

}  // namespace structwire::testing

template <>
struct structwire::rules_for<structwire::testing::foreign::Point>
    : structwire::Rules<structwire::member<&structwire::testing::foreign::Point::y,
                                           structwire::between(-1000, 1000)>> {};
template <>
inline constexpr auto structwire::enum_values<structwire::testing::Color> =
    structwire::by_name<structwire::testing::Color::red, structwire::testing::Color::green,
                        structwire::testing::Color::blue>;
template <>
inline constexpr auto structwire::enum_values<structwire::testing::Level> =
    structwire::by_value<structwire::testing::Level::low, structwire::testing::Level::middle,
                         structwire::testing::Level::high>;
