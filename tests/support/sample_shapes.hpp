// SPDX-License-Identifier: Apache-2.0
#pragma once

// The second group of samples: the shapes beyond plain members and containers, which only
// self-describing formats carry whole. Same use as sample_structs.hpp: one struct here, its values
// in sample_shapes.cpp, one line in ShapeSamples, and every suite runs over it in every such
// format.

#include <chrono>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <structwire/core/decimal.hpp>
#include <structwire/core/time.hpp>
#include <structwire/core/traits.hpp>
#include <structwire/core/uuid.hpp>
#include <tests/support/sample_structs.hpp>

namespace structwire::testing {

struct Sets {
  std::set<std::int32_t> numbers;
  std::unordered_set<std::string> texts;
  std::set<std::vector<std::uint8_t>> lists;
  std::set<Color> colors;
};

struct Tuples {
  std::tuple<> none;
  std::tuple<std::int32_t, std::string, std::optional<bool>> three;
  std::pair<std::string, std::vector<std::int32_t>> two;
  std::vector<std::pair<std::int32_t, std::tuple<std::string>>> nested;
};

using Plainly = std::variant<std::monostate, bool, std::int64_t, double, std::string,
                             std::vector<std::int32_t>, std::map<std::string, std::int32_t>>;
struct Variants {
  Plainly one;
  std::vector<Plainly> many;
  std::optional<std::variant<std::int32_t, std::string>> maybe;
};

struct Circle {
  double radius = 0;
  using wire = Rules<tag<"circle">, tag_field<"kind">>;
};
struct Square {
  std::int32_t side = 0;
  std::string name;
  using wire = Rules<tagged, tag_field<"kind">>;
};
struct Group {
  std::vector<std::variant<Circle, Square, Box<Group>>> parts;
  using wire = Rules<tag<"group">, tag_field<"kind">>;
};
struct Tagged {
  std::variant<std::monostate, Circle, Square, Box<Group>> shape;
  std::map<std::string, std::variant<Square, Circle>> named;
};

struct Add {
  std::int32_t number = 0;
  using wire = Rules<tag<1>, array_like>;
};
struct Rename {
  std::string from;
  std::optional<std::string> to;
  using wire = Rules<tag<-2>, array_like>;
};
struct ArrayTagged {
  std::vector<std::variant<Add, Rename, bool>> steps;
};

/// The sender knows one more than Circle and Square.
struct Forwarded {
  std::vector<std::variant<Circle, Square, UnknownAlternative>> shapes;
};

struct Tried {
  std::variant<foreign::Point, Texts, std::int64_t, std::int8_t> either;
  using wire = Rules<member<&Tried::either, first_match>>;
};

struct Literals {
  Literal<"v1"> version;
  Literal<"get", "put"> method;
  Literal<1, 2, -3> number;
  Literal<nullptr, true, 7, "auto"> any;
  std::optional<Literal<"a", "b">> maybe;
};

struct Unsets {
  Unset<std::int32_t> number;
  Unset<std::optional<std::string>> text;
  Unset<std::vector<std::int32_t>> numbers;
  std::int32_t last = 0;
};

struct Sum;
using Operand = std::variant<std::int64_t, Box<Sum>>;
struct Sum {
  Operand left;
  Operand right;
};
struct Boxes {
  Box<std::string> text;
  Box<Texts> texts;
  Sum sum;
};

using Percent = Annotated<std::int32_t, between(0, 100)>;
using Name = Annotated<std::string, min_length(1), max_length(8), pattern<"^[a-z]+$">>;
struct Annotateds {
  Percent one;
  std::vector<Percent> many;
  std::map<Name, Percent> by_name;
  std::optional<Name> maybe;
};

struct Times {
  std::chrono::year_month_day date{std::chrono::year(1970), std::chrono::month(1),
                                   std::chrono::day(1)};
  TimeOfDay time;
  DateTime datetime;
  std::chrono::sys_time<std::chrono::milliseconds> instant{};
  std::chrono::local_time<std::chrono::seconds> local{};
  std::chrono::microseconds duration{};
  std::optional<std::chrono::seconds> maybe;
};

struct Scalars {
  Uuid uuid;
  Decimal decimal;
  std::vector<Decimal> decimals;
};

/// Text that borrows; the formats' rows ask it to own before its input goes away.
struct Views {
  TextView text;
  std::int32_t last = 0;
  void own() { text = TextView::owned(text.str()); }
};

struct BytesTexts {
  Bytes base64;
  Bytes url;
  Bytes hexadecimal;
  using wire = Rules<member<&BytesTexts::url, base64url>, member<&BytesTexts::hexadecimal, hex>>;
};

struct Keys {
  std::map<std::int8_t, bool> by_small;
  std::unordered_map<std::uint64_t, bool> by_large;
  std::map<Level, bool> by_level;
  std::map<std::chrono::year_month_day, bool> by_date;
  std::map<DateTime, bool> by_datetime;
  std::map<Uuid, bool> by_uuid;
  std::map<Decimal, bool> by_decimal;
  std::map<Bytes, bool> by_bytes;
  std::map<Literal<"a", "b">, bool> by_literal;
};
/// For formats without NaN, which has no place among keys.
struct FloatKeys {
  std::map<double, bool> by_number;
};

struct Inner {
  std::int32_t depth = 0;
  foreign::Point point;
  using wire = Rules<member<&Inner::point, flatten>>;
};
struct Flattened {
  std::string name;
  Inner inner;
  std::optional<bool> last;
  using wire = Rules<member<&Flattened::inner, flatten>>;
};

struct Row {
  std::int32_t id = 0;
  std::string name;
  std::optional<double> score;
  std::vector<std::int32_t> rest;
  using wire = Rules<array_like, defaulted_from<&Row::rest>>;
};
struct ArrayLikes {
  Row row;
  std::vector<Row> rows;
};

struct KeepsRaw {
  std::int32_t known = 0;
  std::map<std::string, Raw> others;
  using wire = Rules<member<&KeepsRaw::others, keep_unknown_fields>>;
};
struct KeepsValues {
  std::int32_t known = 0;
  std::map<std::string, Value> others;
  using wire = Rules<member<&KeepsValues::others, keep_unknown_fields>>;
};

struct Aliased {
  std::int32_t some_number = 0;
  std::string other_text;
  using wire = Rules<member<&Aliased::some_number, alias<"number", "n">>, rename(NameStyle::camel)>;
};

struct Hours {
  using wire_type = double;
  static double to_wire(std::chrono::seconds time) {
    return static_cast<double>(time.count()) / 3600;
  }
  static std::expected<std::chrono::seconds, std::string> from_wire(double hours) {
    if (!(hours >= -1e6 && hours <= 1e6)) return std::unexpected("So many hours are no time");
    return std::chrono::seconds(static_cast<std::int64_t>(hours * 3600 + (hours < 0 ? -0.5 : 0.5)));
  }
};
struct Version {
  std::int32_t major = 0;
  std::int32_t minor = 0;
  friend bool operator==(const Version&, const Version&) = default;
};
struct Coded {
  std::chrono::seconds hours{};
  Version version;
  std::vector<Version> versions;
  using wire = Rules<member<&Coded::hours, with<Hours>>>;
};

struct OmitsDefaults {
  std::int32_t number = 7;
  std::string text = "initial";
  std::vector<std::int32_t> numbers = {1, 2};
  std::unordered_map<std::string, std::int32_t> counts;
  using wire = Rules<all_defaulted, artifact>;
};

enum class Mood { calm, wild, other };
struct Moods {
  Mood mood = Mood::calm;
  std::vector<Mood> moods;
};

struct Checked {
  std::int32_t even = 0;
  std::string word = "a";
  double quarter = 0;
  Decimal price;
  static bool is_orderly(const Checked& value) { return value.even >= 0 || value.quarter == 0; }
  using wire =
      Rules<member<&Checked::even, multiple_of(2)>, member<&Checked::word, pattern<"^[a-c]*$">>,
            member<&Checked::quarter, multiple_of(0.25)>,
            member<&Checked::price, ge("0"), lt("1000")>, validated_by<&Checked::is_orderly>>;
};

/// For formats that tell bytes from text.
struct Complex {
  std::uint8_t real = 0;
  std::uint8_t imaginary = 0;
  friend bool operator==(const Complex&, const Complex&) = default;
};
struct Extensions {
  Complex number;
  std::vector<Complex> numbers;
  Ext other;
};

/// Calls visit(Sample<T>{}) for every sample type of this group that a format with this Reader can
/// carry.
struct ShapeSamples {
  template <class Reader, class Visit>
  static void each(Visit&& visit) {
    constexpr const FormatTraits& traits = Reader::traits;
    visit(Sample<Sets>{});
    visit(Sample<Tuples>{});
    visit(Sample<Variants>{});
    visit(Sample<Tagged>{});
    visit(Sample<ArrayTagged>{});
    visit(Sample<Forwarded>{});
    visit(Sample<Tried>{});
    visit(Sample<Literals>{});
    visit(Sample<Unsets>{});
    visit(Sample<Boxes>{});
    visit(Sample<Annotateds>{});
    visit(Sample<Times>{});
    visit(Sample<Scalars>{});
    visit(Sample<BytesTexts>{});
    visit(Sample<Keys>{});
    visit(Sample<Flattened>{});
    visit(Sample<ArrayLikes>{});
    visit(Sample<KeepsRaw>{});
    visit(Sample<KeepsValues>{});
    visit(Sample<Aliased>{});
    visit(Sample<Coded>{});
    visit(Sample<OmitsDefaults>{});
    visit(Sample<Moods>{});
    visit(Sample<Checked>{});
    visit(Sample<std::set<std::string>>{});
    visit(Sample<std::pair<std::int32_t, bool>>{});
    visit(Sample<std::variant<std::int32_t, std::string>>{});
    visit(Sample<Uuid>{});
    if constexpr (requires(Reader& reader, std::string_view text) { reader.borrowed(text); })
      visit(Sample<Views>{});
    if constexpr (!traits.carries_non_finite) visit(Sample<FloatKeys>{});
    if constexpr (traits.tells_bytes_from_text) visit(Sample<Extensions>{});
  }
};

}  // namespace structwire::testing

template <>
struct structwire::codec_for<structwire::testing::Version> {
  using wire_type = std::pair<std::int32_t, std::int32_t>;
  static wire_type to_wire(const structwire::testing::Version& version) {
    return {version.major, version.minor};
  }
  static structwire::testing::Version from_wire(const wire_type& pair) {
    return {pair.first, pair.second};
  }
};
template <>
struct structwire::extension_for<structwire::testing::Complex> {
  static constexpr std::int8_t code = 77;
  static Bytes to_bytes(const structwire::testing::Complex& number) {
    return {std::byte{number.real}, std::byte{number.imaginary}};
  }
  static std::expected<structwire::testing::Complex, std::string> from_bytes(
      std::span<const std::byte> bytes) {
    if (bytes.size() != 2) return std::unexpected("A complex number has two bytes");
    return structwire::testing::Complex{std::to_integer<std::uint8_t>(bytes[0]),
                                        std::to_integer<std::uint8_t>(bytes[1])};
  }
};
template <>
struct structwire::extension_code<77> {
  using type = structwire::testing::Complex;
};
template <>
inline constexpr auto structwire::enum_values<structwire::testing::Mood> =
    structwire::by_name<structwire::testing::Mood::calm,
                        structwire::enumerator<structwire::testing::Mood::wild, "very wild">,
                        structwire::catch_all<structwire::testing::Mood::other>,
                        structwire::ignore_case>;
