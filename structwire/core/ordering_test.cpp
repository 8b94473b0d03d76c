// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/ordering.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include <structwire/core/date.hpp>
#include <structwire/core/datetime.hpp>
#include <structwire/core/decimal.hpp>
#include <structwire/core/duration.hpp>
#include <structwire/core/equal.hpp>
#include <structwire/core/hash.hpp>
#include <structwire/core/uuid.hpp>

namespace structwire {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// None of these has an operator== or operator<.
struct Inner {
  int number = 0;
  std::string text;
};

enum class Color { red, green };

struct Chain {
  int value = 0;
  std::unique_ptr<Chain> next;
  std::optional<Box<Chain>> boxed;
};

struct Everything {
  bool truth = false;
  std::int8_t small = 0;
  std::uint64_t large = 0;
  double number = 0;
  float single = 0;
  std::string text;
  Bytes bytes;
  Color color = Color::red;
  using Mixed = Literal<"a", 1, nullptr>;
  Mixed literal;
  std::optional<Inner> maybe;
  Unset<std::optional<int>> sparse;
  std::vector<Inner> items;
  std::array<double, 2> pair_of_numbers{};
  std::tuple<int, Inner> tuple;
  std::pair<Inner, bool> pair;
  std::variant<std::monostate, int, Inner> either;
  std::map<std::string, Inner> map;
  std::unordered_map<int, Inner> table;
  std::set<int> set;
  std::unordered_set<std::string> bag;
  std::chrono::milliseconds duration{};
  std::chrono::year_month_day date{std::chrono::year(2000) / 1 / 1};
  Annotated<std::int64_t, ge(0)> annotated;
  Value value;
  Ext ext;
  std::vector<bool> bits;
};

// All three of them, which must agree.
template <class T>
int order(const T& a, const T& b) {
  const std::weak_ordering forth = compare(a, b);
  const std::weak_ordering back = compare(b, a);
  EXPECT_EQ(forth < 0, back > 0);
  EXPECT_EQ(forth == 0, back == 0);
  EXPECT_EQ(forth == 0, equal(a, b));
  if (forth == 0) {
    EXPECT_EQ(hash(a), hash(b));
  } else {
    EXPECT_NE(hash(a), hash(b)) << "possible, and unlikely";
  }
  EXPECT_TRUE(equal(a, a) && equal(b, b));
  return forth < 0 ? -1 : forth > 0 ? 1 : 0;
}

TEST(Ordering, numbers_are_in_order_with_nan_last_and_one_zero) {
  EXPECT_EQ(order(1, 2), -1);
  EXPECT_EQ(order(std::int8_t{-1}, std::int8_t{1}), -1);
  EXPECT_EQ(order(~std::uint64_t{}, std::uint64_t{1}), 1);
  EXPECT_EQ(order(false, true), -1);
  EXPECT_EQ(order(0.0, -0.0), 0);
  EXPECT_EQ(order(nan, -nan), 0);
  EXPECT_EQ(order(infinity, nan), -1);
  EXPECT_EQ(order(-infinity, 0.0), -1);
  EXPECT_EQ(order(1.0F, 2.0F), -1);
  EXPECT_EQ(order(std::numeric_limits<float>::quiet_NaN(), 2.0F), 1);
}

TEST(Ordering, text_and_bytes_are_compared_as_unsigned_bytes) {
  EXPECT_EQ(order(std::string("a"), std::string("\xC3\xB6")), -1);
  EXPECT_EQ(order(std::string("ab"), std::string("a")), 1);
  EXPECT_EQ(order(std::string(), std::string()), 0);
  EXPECT_EQ(order(TextView::borrowed("a"), TextView::owned("a")), 0);
  EXPECT_EQ(order(Bytes{std::byte{1}}, Bytes{std::byte{0x80}}), -1);
  EXPECT_EQ(order(Buffer("abc"), Buffer("abc")), 0);
  const Bytes some{std::byte{1}, std::byte{2}};
  EXPECT_EQ(order(BytesView(some), BytesView(some).first(1)), 1);
  EXPECT_EQ(order(BytesView(), BytesView()), 0);
}

TEST(Ordering, what_is_absent_comes_first) {
  EXPECT_EQ(order(std::optional<int>(), std::optional<int>(-5)), -1);
  EXPECT_EQ(order(Unset<std::optional<int>>(), Unset<std::optional<int>>(std::nullopt)), -1);
  EXPECT_EQ(order(std::make_unique<Inner>(), std::make_unique<Inner>()), 0);
  EXPECT_EQ(order(std::unique_ptr<Inner>(), std::make_unique<Inner>()), -1);
  EXPECT_EQ(order(Box<Inner>(Inner{1, "a"}), Box<Inner>(Inner{1, "b"})), -1);
}

TEST(Ordering, containers_are_compared_item_by_item) {
  EXPECT_EQ(order(std::vector<Inner>{{1, "a"}}, std::vector<Inner>{{1, "a"}, {}}), -1);
  EXPECT_EQ(order(std::vector<Inner>{{2, "a"}}, std::vector<Inner>{{1, "a"}, {}}), 1);
  EXPECT_EQ(order(std::vector<double>{nan}, std::vector<double>{nan}), 0);
  EXPECT_EQ(order(std::vector<bool>{true, false}, std::vector<bool>{true, true}), -1);
  EXPECT_EQ(order(std::array<int, 2>{1, 2}, std::array<int, 2>{1, 3}), -1);
  EXPECT_EQ(order(std::tuple(1, 2.0), std::tuple(1, 2.5)), -1);
  EXPECT_EQ(order(std::map<int, Inner>{{1, {}}, {2, {}}}, std::map<int, Inner>{{1, {}}, {3, {}}}),
            -1);
  EXPECT_EQ(order(std::set<int>{1, 2}, std::set<int>{1}), 1);
}

TEST(Ordering, containers_without_order_are_compared_as_if_sorted) {
  std::unordered_map<int, std::string> upwards;
  std::unordered_map<int, std::string> downwards(1000);
  std::unordered_set<std::string> ups;
  std::unordered_set<std::string> downs(1000);
  for (int i = 0; i < 100; ++i) {
    upwards[i] = ups.emplace(std::to_string(i)).first->c_str();
    downwards[99 - i] = downs.emplace(std::to_string(99 - i)).first->c_str();
  }
  EXPECT_EQ(order(upwards, downwards), 0);
  EXPECT_EQ(order(ups, downs), 0);
  downwards[0] = "later";
  EXPECT_EQ(order(upwards, downwards), -1);
  downs.erase("99");
  EXPECT_EQ(order(ups, downs), 1);
}

TEST(Ordering, variants_are_compared_by_alternative_first) {
  using Either = std::variant<int, std::string>;
  EXPECT_EQ(order(Either(9), Either("a")), -1);
  EXPECT_EQ(order(Either("b"), Either("a")), 1);
  using Twice = std::variant<std::monostate, Inner>;
  EXPECT_EQ(order(Twice(Inner{1, "a"}), Twice(Inner{1, "a"})), 0);
}

TEST(Ordering, scalars_with_a_text_form_are_compared_by_value) {
  using namespace std::chrono;
  EXPECT_EQ(order(seconds(1), seconds(2)), -1);
  EXPECT_EQ(order(sys_seconds(seconds(5)), sys_seconds(seconds(4))), 1);
  EXPECT_EQ(order(year(2000) / 1 / 31, year(2000) / 2 / 1), -1);
  Decimal one;
  Decimal same;
  ASSERT_EQ(TextScalar<Decimal>::parse("1.0", one), nullptr);
  ASSERT_EQ(TextScalar<Decimal>::parse("1.00", same), nullptr);
  EXPECT_EQ(order(one, same), 0);
  EXPECT_EQ(order(Uuid{}, Uuid{}), 0);
}

TEST(Ordering, dynamic_values_are_compared_by_kind_first) {
  const std::vector<Value> in_order{
      Value(),
      Value(false),
      Value(true),
      Value(-1),
      Value(1),
      Value(~std::uint64_t{}),
      Value(-infinity),
      Value(1.0),
      Value(nan),
      Value(""),
      Value("a"),
      Value(Bytes{}),
      Value(Value::Array{}),
      Value(Value::Array{1}),
      Value(Value::Array{1, 2}),
      Value(Value::Map{}),
      Value(Value::Map{{1, 2}}),
      Value(Value::Map{{1, 2}, {2, 1}}),
      Value(Value::Map{{1, 3}}),
      Value(Ext{1, {}}),
      Value(Ext{2, {}}),
  };
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    for (std::size_t j = 0; j < in_order.size(); ++j) {
      EXPECT_EQ(order(in_order[i], in_order[j]), i < j ? -1 : i > j ? 1 : 0) << i << ' ' << j;
    }
  }
  EXPECT_EQ(order(Value(Value::Map{{1, 2}, {3, 4}}), Value(Value::Map{{3, 4}, {1, 2}})), 0);
}

// Asking for `<` both ways at each level would take 2^200 steps.
TEST(Ordering, deep_dynamic_values_are_compared_once_per_level) {
  Value a;
  Value b = 1;
  for (int i = 0; i < 200; ++i) {
    a = Value::Map{{"key", Value::Array{std::move(a)}}};
    b = Value::Map{{"key", Value::Array{std::move(b)}}};
  }
  EXPECT_TRUE(a < b);
  EXPECT_FALSE(b < a);
  EXPECT_EQ(order(a, b), -1);
}

TEST(Ordering, structs_need_no_operators) {
  EXPECT_EQ(order(Inner{1, "b"}, Inner{2, "a"}), -1);
  EXPECT_EQ(order(Inner{1, "b"}, Inner{1, "a"}), 1);
  std::set<Inner, Less> set;
  set.insert(Inner{1, "a"});
  EXPECT_TRUE(set.contains(Inner{1, "a"}));
  EXPECT_EQ(order(set, std::set<Inner, Less>{}), 1);
  Chain first{.value = 1,
              .next = std::make_unique<Chain>(Chain{.value = 2, .next = {}, .boxed = {}}),
              .boxed = {}};
  Chain second{.value = 1,
               .next = std::make_unique<Chain>(Chain{.value = 2, .next = {}, .boxed = {}}),
               .boxed = {}};
  EXPECT_EQ(order(first, second), 0);
  second.next->boxed = Chain{};
  EXPECT_EQ(order(first, second), -1);
}

struct WithSkipped {
  int on_the_wire = 0;
  int cached = 0;
  [[maybe_unused]] friend bool operator==(const WithSkipped&, const WithSkipped&) { return false; }
  using wire = Rules<member<&WithSkipped::cached, skip>>;
};

TEST(Ordering, structs_are_what_is_on_the_wire) {
  EXPECT_EQ(order(WithSkipped{1, 2}, WithSkipped{1, 3}), 0);
  EXPECT_EQ(order(std::vector{WithSkipped{1, 2}}, std::vector{WithSkipped{2, 2}}), -1);
}

struct Celsius {
  double degrees;
};

}  // namespace

template <>
struct codec_for<Celsius> {
  using wire_type = double;
  static double to_wire(const Celsius& value) { return value.degrees; }
  static Celsius from_wire(double degrees) { return {degrees}; }
};

namespace {

TEST(Ordering, coded_types_are_compared_as_what_carries_them) {
  EXPECT_EQ(order(Celsius{1}, Celsius{2}), -1);
  EXPECT_EQ(order(Celsius{nan}, Celsius{nan}), 0);
}

// Strategy: values of few possibilities, so that equal ones are met; each member differs in some of
// them. Invariants: the order is total, equal is equivalent, equal values have equal hashes.
struct Random {
  std::mt19937 engine;
  int below(int limit) { return std::uniform_int_distribution(0, limit - 1)(engine); }
  Inner inner() { return {below(2), below(2) != 0 ? "x" : ""}; }
  double number() { return std::array{0.0, -0.0, nan, 1.5}[static_cast<std::size_t>(below(4))]; }
  Value value(int depth) {
    switch (below(depth == 0 ? 4 : 6)) {
      case 0:
        return Value();
      case 1:
        return Value(below(2));
      case 2:
        return Value(number());
      case 3:
        return Value("t");
      case 4:
        return Value(Value::Array{value(depth - 1)});
      default:
        return Value(Value::Map{{"a", value(depth - 1)}, {"b", value(depth - 1)}});
    }
  }
  Everything everything() {
    Everything made;
    switch (below(24)) {
      case 0:
        made.truth = below(2) != 0;
        break;
      case 1:
        made.small = static_cast<std::int8_t>(below(3) - 1);
        break;
      case 2:
        made.number = number();
        break;
      case 3:
        made.single = static_cast<float>(number());
        break;
      case 4:
        made.text = inner().text;
        break;
      case 5:
        made.bytes.resize(static_cast<std::size_t>(below(3)));
        break;
      case 6:
        made.color = below(2) != 0 ? Color::red : Color::green;
        break;
      case 7:
        made.literal = below(2) != 0 ? Everything::Mixed(1) : Everything::Mixed(nullptr);
        break;
      case 8:
        made.maybe = inner();
        break;
      case 9:
        made.sparse = below(2) != 0 ? std::optional(below(2)) : std::nullopt;
        break;
      case 10:
        made.items = {inner(), inner()};
        break;
      case 11:
        made.pair_of_numbers = {number(), number()};
        break;
      case 12:
        made.tuple = {below(2), inner()};
        break;
      case 13:
        made.pair = {inner(), false};
        break;
      case 14:
        made.either = inner();
        break;
      case 15:
        made.map = {{inner().text, inner()}};
        break;
      case 16:
        made.table = {{below(2), inner()}, {below(3), inner()}};
        break;
      case 17:
        made.set = {below(2), below(2)};
        break;
      case 18:
        made.bag = {inner().text, "b"};
        break;
      case 19:
        made.duration = std::chrono::milliseconds(below(2));
        break;
      case 20:
        made.annotated = below(2);
        break;
      case 21:
        made.value = value(3);
        break;
      case 22:
        made.ext.code = static_cast<std::int8_t>(below(2));
        break;
      default:
        made.bits = {below(2) != 0};
        break;
    }
    return made;
  }
};

TEST(Ordering, agrees_with_equality_and_hash_over_every_type) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  Random random{std::mt19937(seed)};
  std::vector<Everything> values;
  for (int i = 0; i < 100; ++i) values.push_back(random.everything());
  int equals = 0;
  for (const Everything& a : values) {
    for (const Everything& b : values) {
      const auto forth = compare(a, b);
      ASSERT_EQ(forth < 0, compare(b, a) > 0);
      ASSERT_EQ(forth == 0, equal(a, b));
      if (forth != 0) continue;
      ASSERT_EQ(hash(a), hash(b));
      ++equals;
    }
  }
  EXPECT_GT(equals, 120) << "besides each with itself";
  std::ranges::sort(values, Less());
  for (std::size_t i = 1; i < values.size(); ++i)
    ASSERT_FALSE(compare(values[i], values[i - 1]) < 0);
  for (int i = 0; i < 2000; ++i) {
    const auto any = [&]() -> const Everything& {
      return values[static_cast<std::size_t>(random.below(100))];
    };
    const Everything& a = any();
    const Everything& b = any();
    const Everything& c = any();
    ASSERT_TRUE(compare(a, b) > 0 || compare(b, c) > 0 || compare(a, c) <= 0);
  }
}

}  // namespace
}  // namespace structwire
