// SPDX-License-Identifier: Apache-2.0
#include <tests/support/sample_shapes.hpp>

#include <limits>
#include <string_view>
#include <utility>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::year_month_day;

template <class T, class... Values>
Samples<T> list(Values&&... values) {
  Samples<T> all;
  (all.push_back(std::forward<Values>(values)), ...);
  return all;
}

Raw json_raw(std::string_view text) { return Raw::trusted(json::format(), Buffer(text)); }
Raw msgpack_raw(const Value& value) {
  return Raw::trusted(msgpack::format(), msgpack::encode(value));
}

constexpr year_month_day date(int year, unsigned month, unsigned day) {
  return {std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
}
DateTime datetime(year_month_day day, std::chrono::microseconds time,
                  std::optional<std::chrono::minutes> offset) {
  return {std::chrono::local_days(day) + time, offset};
}
Uuid uuid() { return *Uuid::from_text("c4524ac0-e81e-4aa8-a595-0aec605a659a"); }
Decimal decimal(std::string_view text) { return *Decimal::from_text(text); }
Bytes some_bytes() { return {std::byte{0}, std::byte{0xfb}, std::byte{0xff}, std::byte{'a'}}; }

}  // namespace

template <>
Samples<Sets> samples() {
  Sets many;
  for (int i = -10; i < 10; ++i) many.numbers.insert(i * i * i);
  return list<Sets>(
      Sets{},
      Sets{{-1, 0, 70000}, {"", "a", "\xe2\x82\xac"}, {{}, {1, 255}}, {Color::red, Color::blue}},
      std::move(many));
}

template <>
Samples<Tuples> samples() {
  return list<Tuples>(Tuples{},
                      Tuples{{}, {-1, "one", true}, {"two", {1, 2}}, {{3, {"x"}}, {4, {""}}}});
}

template <>
Samples<Variants> samples() {
  return list<Variants>(Variants{},
                        Variants{true, {-1, 1.5, "text", std::vector{1, 2}, std::monostate()}, 5},
                        Variants{std::map<std::string, std::int32_t>{{"k", 1}},
                                 {false, "", std::vector<std::int32_t>()},
                                 "x"});
}

template <>
Samples<Tagged> samples() {
  Group inner;
  inner.parts.emplace_back(Square{1, "s"});
  Group outer;
  outer.parts.emplace_back(Circle{2.5});
  outer.parts.emplace_back(Box<Group>(inner));
  Tagged nested;
  nested.shape = Box<Group>(outer);
  return list<Tagged>(Tagged{}, Tagged{Circle{1.5}, {{"a", Square{-3, "name"}}, {"b", Circle{0}}}},
                      std::move(nested));
}

template <>
Samples<ArrayTagged> samples() {
  return list<ArrayTagged>(
      ArrayTagged{}, ArrayTagged{{Add{-5}, true, Rename{"a", std::nullopt}, Rename{"", "b"}}});
}

template <>
Samples<Forwarded> samples() {
  Forwarded full;
  full.shapes.emplace_back(Square{4, "known"});
  full.shapes.emplace_back(UnknownAlternative{
      "triangle", json_raw(R"({"kind":"triangle","sides":[3,4,5],"deep":{"a":null}})")});
  full.shapes.emplace_back(
      UnknownAlternative{"", msgpack_raw(Value::Map{{"first", 1}, {"kind", ""}})});
  return list<Forwarded>(Forwarded{}, std::move(full));
}

template <>
Samples<Tried> samples() {
  return list<Tried>(Tried{foreign::Point{1, -2}}, Tried{Texts{"a", "b"}},
                     Tried{std::int64_t{1} << 40}, Tried{std::int64_t{-1}});
}

template <>
Samples<Literals> samples() {
  return list<Literals>(Literals{}, Literals{"v1", "put", -3, "auto", Literal<"a", "b">("b")},
                        Literals{"v1", "get", 2, true, std::nullopt},
                        Literals{"v1", "get", 1, 7, std::nullopt});
}

template <>
Samples<Unsets> samples() {
  Unsets null;
  null.text = std::optional<std::string>();
  Unsets full;
  full.number = -1;
  full.text = std::optional<std::string>("text");
  full.numbers = std::vector<std::int32_t>{1, 2};
  full.last = 9;
  return list<Unsets>(Unsets{}, std::move(null), std::move(full));
}

template <>
Samples<Boxes> samples() {
  Sum inner{std::int64_t{1}, std::int64_t{-2}};
  return list<Boxes>(Boxes{}, Boxes{std::string("boxed"), Texts{"a", "b"},
                                    Sum{Box<Sum>(inner), Box<Sum>(Sum{3, Box<Sum>(inner)})}});
}

template <>
Samples<Annotateds> samples() {
  return list<Annotateds>(
      Annotateds{}, Annotateds{100, {0, 50}, {{Name("abc"), 1}, {Name("z"), 99}}, Name("maybe")});
}

template <>
Samples<Times> samples() {
  Times late{date(9999, 12, 31),
             {24h - 1us, std::nullopt},
             datetime(date(9999, 12, 31), 24h - 1us, std::nullopt),
             {},
             {},
             1000000000000us,
             -1s};
  late.instant = std::chrono::sys_days(date(1969, 12, 31)) + 23h + 999ms;
  late.local = std::chrono::local_days(date(2000, 2, 29)) + 1s;
  return list<Times>(Times{},
                     Times{date(1, 1, 1),
                           {1us, 90min},
                           datetime(date(2024, 2, 29), 12h + 30min + 123456us, -5h),
                           std::chrono::sys_days(date(2038, 1, 19)) + 3h,
                           {},
                           -1us,
                           86400s},
                     std::move(late));
}

template <>
Samples<Scalars> samples() {
  return list<Scalars>(
      Scalars{}, Scalars{uuid(), decimal("-0.10"), {decimal("1E+100"), decimal("NaN"), Decimal(5)}},
      Scalars{{}, decimal("123456789012345678901234567890.123456789"), {decimal("-Infinity")}});
}

template <>
Samples<Views> samples() {
  return list<Views>(Views{}, Views{TextView::borrowed("plain"), 1},
                     Views{TextView::borrowed("with \" and \n, so with escapes"), 2});
}

template <>
Samples<BytesTexts> samples() {
  return list<BytesTexts>(BytesTexts{}, BytesTexts{some_bytes(), some_bytes(), some_bytes()},
                          BytesTexts{Bytes(1), Bytes(2), Bytes(3)});
}

template <>
Samples<Keys> samples() {
  Keys full;
  full.by_small = {{std::int8_t{-128}, true}, {std::int8_t{0}, false}, {std::int8_t{127}, true}};
  full.by_large = {{std::numeric_limits<std::uint64_t>::max(), true}, {0, false}};
  full.by_level = {{Level::low, true}, {Level::high, false}};
  full.by_date = {{date(1, 1, 1), true}, {date(2024, 2, 29), false}};
  full.by_datetime = {{datetime(date(2024, 2, 29), 1us, std::nullopt), true},
                      {datetime(date(2024, 2, 29), 0us, 90min), false}};
  full.by_uuid = {{uuid(), true}, {Uuid{}, false}};
  full.by_decimal = {{decimal("1.50"), true}, {decimal("-2"), false}};
  full.by_bytes = {{Bytes(), true}, {some_bytes(), false}};
  full.by_literal = {{Literal<"a", "b">("a"), true}, {Literal<"a", "b">("b"), false}};
  return list<Keys>(Keys{}, std::move(full));
}
template <>
Samples<FloatKeys> samples() {
  return list<FloatKeys>(FloatKeys{},
                         FloatKeys{{{-1.5, true}, {0.1, false}, {1e300, true}, {3, false}}});
}

template <>
Samples<Flattened> samples() {
  return list<Flattened>(Flattened{}, Flattened{"name", {3, {4, -5}}, true});
}

template <>
Samples<ArrayLikes> samples() {
  return list<ArrayLikes>(
      ArrayLikes{},
      ArrayLikes{{1, "a", 1.5, {1, 2}}, {{2, "b", std::nullopt, {}}, {3, "", -0.0, {3}}}});
}

template <>
Samples<KeepsRaw> samples() {
  KeepsRaw full;
  full.known = 1;
  full.others.emplace("later", json_raw(R"({"a":[1,2.5,null],"b":"\u20ac"})"));
  full.others.emplace("", msgpack_raw(Value::Array{1, "x"}));
  return list<KeepsRaw>(KeepsRaw{}, std::move(full));
}
template <>
Samples<KeepsValues> samples() {
  return list<KeepsValues>(
      KeepsValues{},
      KeepsValues{
          -1, {{"a", Value()}, {"b", Value::Map{{"k", Value::Array{1, 2.5, "x"}}}}, {"", true}}});
}

template <>
Samples<Aliased> samples() {
  return list<Aliased>(Aliased{}, Aliased{-1, "text"});
}

template <>
Samples<Coded> samples() {
  return list<Coded>(Coded{}, Coded{-5400s, {1, -2}, {{3, 4}, {}}});
}

template <>
Samples<OmitsDefaults> samples() {
  return list<OmitsDefaults>(OmitsDefaults{},
                             OmitsDefaults{0, "", {}, {{"b", 1}, {"a", 2}, {"c", 3}}},
                             OmitsDefaults{7, "other", {1, 2}, {}});
}

template <>
Samples<Moods> samples() {
  return list<Moods>(Moods{}, Moods{Mood::wild, {Mood::other, Mood::calm}});
}

template <>
Samples<Checked> samples() {
  return list<Checked>(Checked{}, Checked{-4, "abc", 0, decimal("999.99")},
                       Checked{8, "", -1.25, decimal("0.00")});
}

template <>
Samples<std::set<std::string>> samples() {
  return {{}, {"a", "b", ""}};
}
template <>
Samples<std::pair<std::int32_t, bool>> samples() {
  return {{0, false}, {-70000, true}};
}
template <>
Samples<std::variant<std::int32_t, std::string>> samples() {
  return {-1, "text"};
}
template <>
Samples<Uuid> samples() {
  return {Uuid{}, uuid()};
}

template <>
Samples<Extensions> samples() {
  Extensions full;
  full.number = {1, 255};
  full.numbers.resize(2);
  full.other = Ext{-3, some_bytes()};
  return list<Extensions>(Extensions{}, std::move(full));
}

}  // namespace structwire::testing
