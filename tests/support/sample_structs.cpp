// SPDX-License-Identifier: Apache-2.0
#include <tests/support/sample_structs.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::testing {
namespace {

template <class T>
using Range = std::numeric_limits<T>;

template <class T, class... Values>
Samples<T> list(Values&&... values) {
  Samples<T> all;
  (all.push_back(std::forward<Values>(values)), ...);
  return all;
}

// Sizes around which formats change the form of a length.
constexpr std::size_t small_sizes[] = {0, 1, 15, 16, 31, 32, 127, 128, 255, 256};
constexpr std::size_t large_sizes[] = {65535, 65536};

template <class T>
T wrapped(std::uint64_t value) {
  return static_cast<T>(value);
}

Integers all_integers(std::uint64_t value) {
  return {(value & 1) != 0,
          wrapped<std::int8_t>(value),
          wrapped<std::int16_t>(value),
          wrapped<std::int32_t>(value),
          wrapped<std::int64_t>(value),
          wrapped<std::uint8_t>(value),
          wrapped<std::uint16_t>(value),
          wrapped<std::uint32_t>(value),
          value};
}

template <class T>
Integers extreme_integers() {
  const auto of = [](auto zero) {
    using Number = decltype(zero);
    return std::is_same_v<T, std::true_type> ? Range<Number>::max() : Range<Number>::min();
  };
  return {T::value,           of(std::int8_t{}),  of(std::int16_t{}),  of(std::int32_t{}),
          of(std::int64_t{}), of(std::uint8_t{}), of(std::uint16_t{}), of(std::uint32_t{}),
          of(std::uint64_t{})};
}

Bytes bytes_of(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 37);
  return bytes;
}

Samples<std::string> all_texts(bool large) {
  Samples<std::string> texts = {
      "\"\\/\b\f\n\r\t",
      std::string("nul \0 inside", 12),
      "\x01\x1f\x7f",
      "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
      "\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
      "\xe2\x80\xa8</script>",
      "null",
      "1",
  };
  for (const std::size_t size : small_sizes) texts.emplace_back(size, 'x');
  if (large) {
    for (const std::size_t size : large_sizes) texts.emplace_back(size, 'y');
    // Multi-byte characters across every boundary of a word.
    std::string mixed;
    while (mixed.size() < 300) mixed += "a\xc3\xa9\xe2\x82\xac";
    texts.push_back(mixed);
  }
  return texts;
}

template <class T>
Samples<T> floats_of(std::initializer_list<double> values) {
  Samples<T> all;
  for (const double value : values) all.push_back({static_cast<float>(value), value});
  return all;
}

Tree leaf(std::string name) {
  Tree tree;
  tree.name = std::move(name);
  return tree;
}

Raw json_raw(std::string_view text) { return Raw::trusted(json::format(), Buffer(text)); }
Raw msgpack_raw(const Value& value) {
  return Raw::trusted(msgpack::format(), msgpack::encode(value));
}

}  // namespace

template <>
Samples<Integers> samples() {
  Samples<Integers> all = {extreme_integers<std::false_type>(), extreme_integers<std::true_type>()};
  for (const std::uint64_t edge : {1ull << 5, 1ull << 7, 1ull << 8, 1ull << 15, 1ull << 16,
                                   1ull << 31, 1ull << 32, 1ull << 53, 1ull << 63}) {
    for (const std::uint64_t value :
         {edge - 1, edge, edge + 1, 0 - edge + 1, 0 - edge, 0 - edge - 1}) {
      all.push_back(all_integers(value));
    }
  }
  return all;
}

template <>
Samples<Floats> samples() {
  Samples<Floats> all = floats_of<Floats>({0.0, -0.0, 1.0, -1.0, 0.1, 1.0 / 3, 1e-6, 0.00001, 1e15,
                                           1e16, 123456789.125, 16777217.0, 9007199254740993.0});
  const auto add = [&](auto pick) { all.push_back({pick(float()), pick(double())}); };
  add([](auto zero) { return Range<decltype(zero)>::max(); });
  add([](auto zero) { return Range<decltype(zero)>::lowest(); });
  add([](auto zero) { return Range<decltype(zero)>::min(); });
  add([](auto zero) { return Range<decltype(zero)>::denorm_min(); });
  add([](auto zero) { return std::nextafter(Range<decltype(zero)>::min(), zero); });
  add([](auto zero) { return Range<decltype(zero)>::epsilon(); });
  all.push_back({0.1f, 2.2250738585072011e-308});
  all.push_back({16777216.0f, 5e-324});
  return all;
}

template <>
Samples<NonFinite> samples() {
  const double infinity = Range<double>::infinity();
  return floats_of<NonFinite>({infinity, -infinity, Range<double>::quiet_NaN()});
}

template <>
Samples<Texts> samples() {
  Samples<Texts> all;
  for (std::string& text : all_texts(true)) all.push_back({std::move(text), "after"});
  return all;
}

template <>
Samples<Binary> samples() {
  Samples<Binary> all;
  for (const std::size_t size : small_sizes)
    all.push_back({bytes_of(size), Buffer(bytes_of(size % 7))});
  for (const std::size_t size : large_sizes) all.push_back({bytes_of(size), Buffer(bytes_of(1))});
  return all;
}

template <>
Samples<Optionals> samples() {
  Optionals full;
  full.number = -5;
  full.text = "";
  full.flags = std::vector<bool>{true, false, true};
  full.floats = Floats{0.5f, -0.0};
  full.texts = std::make_unique<Texts>(Texts{"in a pointer", ""});
  Optionals hollow;
  hollow.number = 0;
  hollow.flags = std::vector<bool>();
  return list<Optionals>(Optionals{}, std::move(full), std::move(hollow));
}

template <>
Samples<Sequences> samples() {
  Sequences full;
  full.numbers = {0, -1, Range<std::int64_t>::max(), Range<std::int64_t>::min()};
  full.texts = {"", "a", std::string(40, 'b')};
  full.flags = {true, true, false};
  full.three = {1, 2, 65535};
  full.two = {"x", ""};
  full.floats = {1.5, -2.5};
  full.rows = {{}, {1}, {2, 3}};
  full.holes = {1, std::nullopt, 0};
  full.structs.push_back({bytes_of(3), Buffer()});
  full.structs.emplace_back();
  Sequences long_ones;
  long_ones.numbers.resize(16);
  std::iota(long_ones.numbers.begin(), long_ones.numbers.end(), 120);
  long_ones.flags.assign(70, true);
  long_ones.rows.resize(17);
  return list<Sequences>(Sequences{}, std::move(full), std::move(long_ones));
}

template <>
Samples<Enums> samples() {
  return list<Enums>(Enums{},
                     Enums{Color::blue, Level::high, {Color::green, Color::red}, Level::middle});
}

template <>
Samples<Maps> samples() {
  Maps full;
  full.by_text = {{"", 0}, {"a", -1}, {"quote \" and \xe2\x82\xac", Range<std::int64_t>::max()}};
  full.by_number = {{-1, "minus"}, {0, ""}, {Range<std::int32_t>::max(), "max"}};
  full.by_large_number = {{0, false}, {Range<std::uint64_t>::max(), true}};
  full.by_color = {{Color::red, 1}, {Color::blue, 2}};
  full.lists = {{"one", {1}}, {"none", {}}, {"two", {1, 2}}};
  full.nested = {{"outer", {{"inner", 1.5}, {"null", std::nullopt}}}, {"empty", {}}};
  Maps many;
  for (int i = 0; i < 17; ++i) many.by_number[i] = std::to_string(i);
  return list<Maps>(Maps{}, std::move(full), std::move(many));
}

template <>
Samples<Tree> samples() {
  Tree root = leaf("root");
  root.left = std::make_unique<Tree>(leaf("left"));
  root.left->left = std::make_unique<Tree>(leaf("left of left"));
  root.children.push_back(leaf("child"));
  root.children.push_back(leaf(""));
  root.children[0].children.push_back(leaf("grandchild"));
  root.named.emplace("key", leaf("named"));
  return list<Tree>(Tree{}, std::move(root));
}

template <>
Samples<Nested> samples() {
  return list<Nested>(Nested{},
                      Nested{{1, -1000}, {{2, 3}, {-4, 1000}}, {Color::green, Level::low, {}, {}}});
}

template <>
Samples<Account> samples() {
  return list<Account>(Account(), Account("Ada", -12345678901));
}

template <>
Samples<Defaulted> samples() {
  return list<Defaulted>(Defaulted{}, Defaulted{0, "", 3, 1},
                         Defaulted{7, "other", std::nullopt, -1});
}

template <>
Samples<Omitting> samples() {
  return list<Omitting>(Omitting{}, Omitting{0, "a", {1}, {{"k", 2}}, 3},
                        Omitting{std::nullopt, "b", {}, {}, 4});
}

template <>
Samples<Renamed> samples() {
  return list<Renamed>(Renamed{}, Renamed{-1, "text", true});
}

template <>
Samples<Constrained> samples() {
  return list<Constrained>(Constrained{0, 0.0, "\xe2\x82\xac\xe2\x82\xac", {}, std::nullopt},
                           Constrained{100, 0.999, "four", {1, 2, 3}, std::uint8_t{9}});
}

template <>
Samples<Wide> samples() {
  return list<Wide>(Wide{}, Wide{.a = 1, .j = 1000, .p = -1, .t = 20});
}

template <>
Samples<Empty> samples() {
  return list<Empty>(Empty{});
}

template <>
Samples<bool> samples() {
  return {true, false};
}
template <>
Samples<std::int64_t> samples() {
  return {0, -1, 1000, Range<std::int64_t>::min()};
}
template <>
Samples<double> samples() {
  return {0.0, -1.5, 1e300, 5e-324};
}
template <>
Samples<std::string> samples() {
  return all_texts(false);
}
template <>
Samples<Bytes> samples() {
  return {bytes_of(0), bytes_of(1), bytes_of(2), bytes_of(3), bytes_of(33)};
}
template <>
Samples<Color> samples() {
  return {Color::red, Color::blue};
}
template <>
Samples<std::optional<std::int32_t>> samples() {
  return {std::nullopt, 0, -70000};
}
template <>
Samples<std::vector<std::uint8_t>> samples() {
  return {{}, {0, 255}, std::vector<std::uint8_t>(16, 200)};
}
template <>
Samples<std::map<std::string, std::vector<std::string>>> samples() {
  return {{}, {{"a", {}}, {"b", {"c", "d"}}}};
}

template <>
Samples<Value> samples() {
  return {Value(),
          Value(true),
          Value(-1),
          Value(Range<std::uint64_t>::max()),
          Value(Range<std::int64_t>::min()),
          Value(1.0),
          Value(-0.0),
          Value("text"),
          Value(Value::Array{}),
          Value(Value::Map{}),
          Value(Value::Array{1, 2.5, "x", Value(), Value::Array{false}, Value::Map{{"k", 1}}}),
          Value(Value::Map{{"b", 1}, {"a", Value::Array{}}, {"", Value::Map{{"deep", Value()}}}})};
}

template <>
Samples<Dynamic> samples() {
  return list<Dynamic>(
      Dynamic{}, Dynamic{Value::Map{{"x", 1}}, {1, "two", Value()}, {{"n", 1.5}, {"m", "v"}}});
}

template <>
Samples<Untyped> samples() {
  Samples<Untyped> all = {{bytes_of(5)}, {Range<double>::infinity()}, {Range<double>::quiet_NaN()}};
  for (const std::size_t size : {0u, 1u, 2u, 3u, 4u, 8u, 15u, 16u, 17u, 255u, 256u})
    all.push_back({Ext{-3, bytes_of(size)}});
  all.push_back({Value::Map{
      {1, "a"}, {2.5, bytes_of(1)}, {Value(), Ext{}}, {true, 0}, {Value::Array{1}, Value::Map{}}}});
  return all;
}

// Every format finds some in its own form and has to transcode others.
template <>
Samples<Captured> samples() {
  Captured full;
  full.raw = json_raw(R"({"a":[1,2.5,null],"b":"\u20ac"})");
  full.maybe = msgpack_raw(Value::Array{1, "x"});
  full.raws.push_back(msgpack_raw(Value(true)));
  full.raws.push_back(json_raw("-1"));
  full.last = 9;
  return list<Captured>(std::move(full));
}

}  // namespace structwire::testing
