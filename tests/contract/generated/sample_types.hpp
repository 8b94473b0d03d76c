// SPDX-License-Identifier: Apache-2.0
#pragma once

// Contracts for the tests of generated code: what a user might write (Order), and what is hard to name, nest or number.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include <structwire/core/date.hpp>
#include <structwire/core/datetime.hpp>
#include <structwire/core/decimal.hpp>
#include <structwire/core/duration.hpp>
#include <structwire/core/rules.hpp>
#include <structwire/core/time_of_day.hpp>
#include <structwire/core/types.hpp>
#include <structwire/core/uuid.hpp>

namespace structwire::testing::generated {

namespace sw = structwire;

enum class Currency { eur, usd, other };
enum class Priority : std::uint8_t { low = 1, normal = 5, high = 9 };
enum class Size { small, extra_large };

}  // namespace structwire::testing::generated

template <>
inline constexpr auto structwire::enum_values<structwire::testing::generated::Currency> = [] {
  using enum structwire::testing::generated::Currency;
  return structwire::by_name<structwire::enumerator<eur, "EUR">, structwire::enumerator<usd, "USD">,
                             structwire::catch_all<other>, structwire::description<"ISO 4217, as far as we trade.">>;
}();
template <>
inline constexpr auto structwire::enum_values<structwire::testing::generated::Priority> = [] {
  using enum structwire::testing::generated::Priority;
  return structwire::by_value<low, normal, high>;
}();
template <>
inline constexpr auto structwire::enum_values<structwire::testing::generated::Size> = [] {
  using enum structwire::testing::generated::Size;
  return structwire::by_name<small, structwire::enumerator<extra_large, "extra large">>;
}();

namespace structwire::testing::generated {

struct Address {
  std::string street;
  sw::Annotated<std::string, sw::pattern<"^[0-9]{5}$">> postcode;
  std::optional<std::string> note;

  using wire =
      sw::Rules<sw::rename(sw::NameStyle::camel), sw::forbid_unknown_fields, sw::description<"Where a parcel goes.">>;
};

struct Card {
  std::string holder;
  sw::Bytes digest;
  using wire = sw::Rules<sw::tag<"card">, sw::tag_field<"method">, sw::member<&Card::digest, sw::min_length(4)>>;
};

struct Transfer {
  std::string account;
  std::optional<std::chrono::year_month_day> due;
  using wire = sw::Rules<sw::tag<"transfer">, sw::tag_field<"method">>;
};

struct Line {
  std::string article;
  std::uint16_t count = 1;
  sw::Decimal price{0};
  using wire = sw::Rules<sw::defaulted_from<&Line::count>, sw::member<&Line::price, sw::ge("0"), sw::le("99999.99")>>;
};

struct Order {
  std::int64_t id;
  Currency currency = Currency::eur;
  Priority priority = Priority::normal;
  Address ship_to;
  std::vector<Line> lines;
  std::variant<Card, Transfer> payment;
  sw::DateTime placed;
  sw::Unset<std::string> coupon;
  std::map<std::string, std::string> labels;

  using wire = sw::Rules<
      sw::member<&Order::id, sw::ge(1), sw::description<"Given by the shop.">>,
      sw::member<&Order::currency, sw::defaulted>, sw::member<&Order::priority, sw::defaulted, sw::alias<"prio">>,
      sw::member<&Order::lines, sw::min_length(1), sw::max_length(100)>, sw::member<&Order::placed, sw::aware>,
      sw::member<&Order::labels, sw::defaulted, sw::number<20>>, sw::rename(sw::NameStyle::camel), sw::version<2>,
      sw::description<"What a customer buys.\nOne of these for each basket.">>;
};

/// Members in the way of the languages' own words, and wire names that are no identifiers.
struct Awkward {
  std::int64_t from = 1;
  std::string import = "a\"b\\c\n*/";
  bool lambda = true;
  double list = 0.5;
  std::string dict;
  std::optional<std::string> str;
  std::int64_t date = 0;
  std::string model_name;
  std::string copy;
  std::int64_t type = 3;
  std::int64_t constructor = 0;
  std::string dotted;
  std::string spaced;

  using wire = sw::Rules<sw::all_defaulted, sw::member<&Awkward::dotted, sw::name<"a.b-c">>,
                         sw::member<&Awkward::spaced, sw::name<"zwei Wörter">>>;
};

struct Integers {
  std::int8_t i8 = -1;
  std::int16_t i16 = -300;
  std::int32_t i32 = 70'000;
  std::int64_t i64 = 0;
  std::uint8_t u8 = 255;
  std::uint16_t u16 = 0;
  std::uint32_t u32 = 4'000'000'000;
  float f32 = 0.25F;
  double f64 = -1;
  sw::Annotated<std::int32_t, sw::gt(0), sw::lt(10)> digit = 1;
  sw::Annotated<double, sw::gt(0.0), sw::le(1.0)> share = 0.5;
  sw::Annotated<std::int64_t, sw::multiple_of(4)> fours = 8;
  using wire = sw::Rules<sw::all_defaulted>;
};

struct Unsigned {
  std::uint64_t count = 0;
  sw::Annotated<std::uint64_t, sw::le(1000)> small = 0;
  using wire = sw::Rules<sw::all_defaulted, sw::omit_defaults>;
};

struct Times {
  sw::Annotated<sw::DateTime, sw::aware> instant;
  sw::Annotated<sw::DateTime, sw::naive> wall;
  sw::DateTime either;
  std::chrono::year_month_day day;
  sw::Annotated<sw::TimeOfDay, sw::naive> clock;
  sw::TimeOfDay time;
  std::chrono::microseconds length;
  sw::Uuid id;
  sw::Bytes blob;
  std::chrono::year_month_day since = std::chrono::year(2020) / 2 / 29;
  std::chrono::microseconds pause{90'000'000};
  sw::Bytes key = {std::byte{0}, std::byte{0xff}};

  using wire = sw::Rules<sw::defaulted_from<&Times::since>>;
};

struct Point {
  double x = 0;
  double y = 0;
  using wire = sw::Rules<sw::array_like>;
};

struct Sized {
  std::int64_t id;
  Size size = Size::small;
  sw::Literal<"a", "b"> letter;
  sw::Literal<1, 2> digit;
  using wire = sw::Rules<sw::array_like, sw::tag<7>, sw::defaulted_from<&Sized::size>>;
};

struct Nested {
  std::vector<std::vector<std::int64_t>> grid;
  std::vector<std::optional<std::string>> holes;
  std::map<std::string, std::vector<Point>> paths;
  std::map<std::int64_t, std::map<std::string, bool>> flags;
  std::optional<std::vector<std::string>> names;
  std::tuple<std::int64_t, std::string, std::vector<double>> triple;
  std::array<std::int32_t, 3> rgb{1, 2, 3};
  std::vector<std::variant<std::int64_t, std::string, std::vector<std::int64_t>>> mixed;
  std::set<std::string> words;
  std::set<std::tuple<std::int64_t, std::string>> pairs;
  std::optional<std::variant<bool, std::string>> choice;
  Point origin{1, 2};
  std::vector<std::int64_t> primes = {2, 3, 5};
  std::map<std::string, std::int64_t> ages = {{"a", 1}};
  sw::Unset<Point> end;
  std::variant<std::string, std::int64_t> either = 5;

  using wire = sw::Rules<sw::all_defaulted>;
};

struct Tree {
  std::string name;
  std::vector<Tree> children;
  std::unique_ptr<Tree> twin;
  using wire = sw::Rules<sw::member<&Tree::children, sw::defaulted>>;
};

/// Bytes with other texts than base64.
struct Digests {
  sw::Bytes sha;
  sw::Bytes url;
  using wire = sw::Rules<sw::member<&Digests::sha, sw::hex, sw::min_length(2), sw::max_length(4)>,
                         sw::member<&Digests::url, sw::base64url>>;
};

/// One way only.
struct Direction {
  std::int64_t id;
  std::string shown;
  std::string secret;
  std::vector<std::string> tags;
  using wire = sw::Rules<sw::member<&Direction::secret, sw::decode_only, sw::defaulted>,
                         sw::member<&Direction::tags, sw::omit_empty, sw::defaulted>>;
};

}  // namespace structwire::testing::generated
