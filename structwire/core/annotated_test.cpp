// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/annotated.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace structwire {
namespace {

using NonNegative = Annotated<std::int64_t, ge(0)>;
using Percent = Annotated<std::int64_t, between(0, 100)>;
using Ratio = Annotated<double, between(0.0, 1.0)>;
using Small = Annotated<std::uint8_t, le(9)>;
using Name = Annotated<std::string, max_length(8)>;
using Items = Annotated<std::vector<int>, min_length(1)>;

struct Point {
  int x = 7;
  int y = 8;
  friend auto operator<=>(const Point&, const Point&) = default;
};
using Place = Annotated<Point, first_match>;

struct Silent {
  int value = 0;
};

enum class Color { red, green };
enum Plan9 { off, on };

class Sealed final {
 public:
  Sealed() = default;
  Sealed(int a, int b) : sum_(a + b) {}
  explicit Sealed(int a) : sum_(a) {}
  int sum() const { return sum_; }
  void add(int more) { sum_ += more; }
  Sealed& operator+=(int more) {
    sum_ += more;
    return *this;
  }
  friend auto operator<=>(const Sealed&, const Sealed&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Sealed& value) {
    return out << "sum " << value.sum_;
  }

 private:
  int sum_ = 0;
};

template <class T>
std::string printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

// ---- numbers ----

TEST(Annotated, a_number_constructs_and_converts_like_one) {
  NonNegative nothing;
  EXPECT_EQ(nothing, 0);
  NonNegative x = 5;
  const NonNegative braced{6};
  const std::int64_t n = x;
  const std::int64_t& reference = x;
  EXPECT_EQ(n, 5);
  std::int64_t& changes_it = x;
  changes_it = 9;
  EXPECT_EQ(reference, 9);
  EXPECT_EQ(braced, 6);
  const double d = static_cast<double>(x);
  EXPECT_EQ(d, 9.0);
  x = 7;
  x = braced;
  EXPECT_EQ(x, 6);
  const std::int64_t of_temporary = NonNegative(3);
  EXPECT_EQ(of_temporary, 3);
  static_assert(sizeof(NonNegative) == sizeof(std::int64_t));
  static_assert(std::is_trivially_copyable_v<NonNegative>);
}

TEST(Annotated, a_number_computes_like_one) {
  NonNegative x = 5;
  x += 1;
  EXPECT_EQ(x, 6);
  (x -= 2) *= 5;
  EXPECT_EQ(x, 20);
  x /= 3;
  x %= 4;
  EXPECT_EQ(x, 2);
  x <<= 3;
  x >>= 1;
  x |= 1;
  x &= 13;
  x ^= 2;
  EXPECT_EQ(x, 11);
  EXPECT_EQ(++x, 12);
  EXPECT_EQ(x++, 12);
  EXPECT_EQ(--x, 12);
  EXPECT_EQ(x--, 12);
  EXPECT_EQ(x, 11);
  x += x;
  x += Percent(8);
  EXPECT_EQ(x, 30);
  EXPECT_EQ(x + 1, 31);
  EXPECT_EQ(1 + x, 31);
  EXPECT_EQ(x + x, 60);
  EXPECT_EQ(x - Percent(1), 29);
  EXPECT_EQ(x * 2, 60);
  EXPECT_EQ(x / 7, 4);
  EXPECT_EQ(x % 7, 2);
  EXPECT_EQ(x << 1, 60);
  EXPECT_EQ(x & 6, 6);
  EXPECT_EQ(-x, -30);
  EXPECT_EQ(+x, 30);
  EXPECT_EQ(~x, -31);
  EXPECT_FALSE(!x);
  EXPECT_EQ(std::abs(x - 40), 10);
  EXPECT_EQ(std::to_string(x), "30");
  static_assert(std::is_same_v<decltype(x + 1), std::int64_t>);
  static_assert(std::is_same_v<decltype(x + x), std::int64_t>);
  static_assert(std::is_same_v<decltype(-Small(1)), int>);
}

TEST(Annotated, numbers_of_all_sizes_compute_without_warnings) {
  Small small = 3;
  small += 1;
  small *= small;
  EXPECT_EQ(small, 16);
  EXPECT_EQ(small + 1, 17);
  Annotated<std::uint64_t, le(9)> wide = 1;
  wide += 1;
  EXPECT_EQ(wide, 2u);
  Ratio ratio = 0.5;
  ratio += 1;
  ratio /= 2;
  EXPECT_EQ(ratio, 0.75);
  EXPECT_EQ(ratio * 4, 3.0);
  Annotated<float> single = 0.5F;
  single *= 3;
  EXPECT_EQ(single, 1.5F);
}

TEST(Annotated, a_number_compares_like_one) {
  const NonNegative x = 5;
  NonNegative y = 6;
  EXPECT_TRUE(x == 5);
  EXPECT_TRUE(5 == x);
  EXPECT_TRUE(x != y);
  EXPECT_TRUE(x < y);
  EXPECT_TRUE(y >= x);
  EXPECT_TRUE(x < 6 && 4 < x && x <= 5 && 5 >= x);
  EXPECT_TRUE(x == Percent(5));
  EXPECT_TRUE(x < Percent(6));
  EXPECT_TRUE((x <=> y) < 0);
  EXPECT_TRUE((x <=> 5) == 0);
  EXPECT_TRUE(Ratio(0.5) == 0.5);
  EXPECT_TRUE(x == std::int64_t{5});
  EXPECT_EQ(std::max<std::int64_t>(x, 3), 5);
  EXPECT_EQ(std::max(x, y), 6);
  EXPECT_EQ(std::min<std::int64_t>(y, 3), 3);
}

TEST(Annotated, a_number_switches_and_indexes_like_one) {
  NonNegative x = 1;
  const NonNegative constant = 1;
  bool found = false;
  switch (x) {
    case 1:
      found = true;
      break;
    default:
      break;
  }
  switch (constant) {
    case 1:
      break;
    default:
      found = false;
      break;
  }
  EXPECT_TRUE(found);
  const std::array<int, 3> items{4, 5, 6};
  EXPECT_EQ(items.data()[x], 5);
  const int chosen = x ? 1 : 2;
  EXPECT_EQ(chosen, 1);
  EXPECT_EQ((found ? plain(x) : 5), 1);
}

TEST(Annotated, a_number_prints_hashes_and_swaps_like_one) {
  NonNegative x = 5;
  NonNegative y = 6;
  EXPECT_EQ(printed(x), "5");
  EXPECT_EQ(printed(Ratio(0.5)), "0.5");
  EXPECT_EQ(std::hash<NonNegative>{}(x), std::hash<std::int64_t>{}(5));
  std::swap(x, y);
  EXPECT_EQ(x, 6);
  std::ranges::swap(x, y);
  EXPECT_EQ(x, 5);
  std::istringstream in("42");
  in >> static_cast<std::int64_t&>(x);
  EXPECT_EQ(x, 42);
}

TEST(Annotated, a_number_is_a_key_and_an_item) {
  std::map<NonNegative, std::string> ordered{{1, "a"}, {2, "b"}};
  EXPECT_EQ(ordered[1], "a");
  EXPECT_EQ(ordered.at(2), "b");
  std::unordered_map<NonNegative, int> hashed;
  hashed[3] = 4;
  EXPECT_TRUE(hashed.contains(3));
  const std::set<NonNegative> items{3, 1, 3};
  EXPECT_EQ(items.size(), 2u);
  const std::unordered_set<NonNegative> unordered{3, 1, 3};
  EXPECT_EQ(unordered.size(), 2u);
  std::vector<NonNegative> numbers{3, 1, 2};
  numbers.push_back(0);
  numbers.emplace_back(9);
  std::ranges::sort(numbers);
  EXPECT_EQ(numbers.front(), 0);
  EXPECT_EQ(std::accumulate(numbers.begin(), numbers.end(), std::int64_t{}), 15);
}

TEST(Annotated, bool_and_enums_behave_like_themselves) {
  Annotated<bool> flag = true;
  EXPECT_TRUE(flag);
  EXPECT_TRUE(flag && !Annotated<bool>(false));
  flag = !flag;
  EXPECT_FALSE(flag);
  flag |= true;
  if (flag) flag = false;
  EXPECT_EQ(flag, false);

  Annotated<Color> color = Color::green;
  EXPECT_TRUE(color == Color::green);
  EXPECT_TRUE(Color::red != color);
  EXPECT_TRUE(Color::red < color);
  color = Color::red;
  const Color plain_color = color;
  EXPECT_EQ(plain_color, Color::red);
  bool found = false;
  switch (color) {
    case Color::red:
      found = true;
      break;
    case Color::green:
      break;
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(std::hash<Annotated<Color>>{}(color), std::hash<Color>{}(Color::red));
  const Annotated<Plan9> unscoped = on;
  EXPECT_EQ(unscoped + 1, 2);
}

// ---- classes ----

TEST(Annotated, an_aggregate_stays_one_to_use) {
  const Place nothing;
  EXPECT_EQ(nothing.x, 7) << "the initializers hold";
  const Place named{{.x = 1}};
  EXPECT_EQ(named.x, 1);
  EXPECT_EQ(named.y, 8);
  const Place in_order{1, 2};
  EXPECT_EQ(in_order, (Point{1, 2}));
  const Place copied = Point{3, 4};
  EXPECT_EQ(copied.y, 4);
  Place changed;
  changed = Point{5, 6};
  EXPECT_EQ(changed.x, 5);
  changed = {{.x = 9, .y = 10}};
  EXPECT_EQ(changed.y, 10);
  changed = in_order;
  EXPECT_EQ(changed, in_order);
  Point& base = changed;
  base.x = 20;
  EXPECT_EQ(changed.x, 20);
  const auto& [x, y] = changed;
  EXPECT_EQ(x + y, 22);
  EXPECT_TRUE(in_order < changed);
  EXPECT_TRUE(in_order == (Point{1, 2}));
  EXPECT_TRUE((Point{1, 2}) < changed);
  std::swap(changed, changed = Place{1, 1});
  const Annotated<Silent> silent{{.value = 3}};
  EXPECT_EQ(silent.value, 3);
  static_assert(!std::equality_comparable<Annotated<Silent>>);
  static_assert(!std::is_convertible_v<int, Place>);
  static_assert(std::is_trivially_copyable_v<Place>);
}

struct Holder {
  Name s;
  NonNegative n = 3;
  Place place;
  Items items;
  std::optional<NonNegative> maybe;
};

TEST(Annotated, members_take_values_as_if_they_were_not_annotated) {
  const Holder holder{.s = "lit", .n = 4, .place = {{.x = 1}}, .items = {1, 2, 3}, .maybe = 5};
  EXPECT_EQ(holder.s, "lit");
  EXPECT_EQ(holder.n, 4);
  EXPECT_EQ(holder.place.x, 1);
  EXPECT_EQ(holder.items.size(), 3u);
  EXPECT_EQ(holder.maybe, 5);
  const Holder rest{.s = std::string("abc")};
  EXPECT_EQ(rest.n, 3);
  static_assert(reflect::member_count<Holder> == 5);
}

TEST(Annotated, text_behaves_like_text) {
  Name s = "x";
  EXPECT_TRUE(s == "x");
  EXPECT_TRUE("x" == s);
  EXPECT_TRUE(s == std::string("x"));
  EXPECT_TRUE(s < "y");
  EXPECT_EQ(s + "y", "xy");
  EXPECT_EQ("y" + s, "yx");
  EXPECT_EQ(s + s, "xx");
  s += "z";
  EXPECT_EQ(s.size(), 2u);
  s = "other";
  s = std::string("another");
  s = std::string_view("view");
  EXPECT_EQ(s, "view");
  s = {};
  EXPECT_TRUE(s.empty());
  s = {'a', 'b'};
  EXPECT_EQ(s, "ab");
  s.push_back('c');
  const std::string_view view = s;
  EXPECT_EQ(view.data(), s.data());
  const std::string& reference = s;
  EXPECT_EQ(&reference, &plain(s));
  const std::string copy = s;
  const std::string direct(s);
  EXPECT_EQ(copy, direct);
  const std::string moved = std::move(s);
  EXPECT_EQ(moved, "abc");
  const Name of_two(2, 'x');
  EXPECT_EQ(of_two, "xx");
  EXPECT_EQ(of_two.substr(1), "x");
  EXPECT_EQ(printed(of_two), "xx");
  EXPECT_EQ(std::hash<Name>{}(of_two), std::hash<std::string>{}("xx"));
  std::map<Name, int> by_name{{"a", 1}};
  by_name["b"] = 2;
  EXPECT_EQ(by_name.at("b"), 2);
  const std::unordered_set<Name> names{"a", "b", "a"};
  EXPECT_EQ(names.size(), 2u);
  Name longer = of_two;
  swap(longer, s);
  using Code = Annotated<std::string, min_length(1)>;
  const Code code = s;
  EXPECT_TRUE(code == s);
  EXPECT_TRUE(code == of_two);
  const Annotated<std::string_view> borrowed = "abc";
  EXPECT_TRUE(borrowed == "abc");
}

TEST(Annotated, containers_behave_like_containers) {
  Items v{3, 1, 2};
  v.push_back(4);
  v.emplace_back(5);
  int sum = 0;
  for (const int each : v) sum += each;
  EXPECT_EQ(sum, 15);
  EXPECT_EQ(v[0], 3);
  v[0] = 9;
  EXPECT_EQ(*v.begin(), 9);
  std::ranges::sort(v);
  EXPECT_EQ(v.back(), 9);
  EXPECT_EQ(v, (std::vector{1, 2, 4, 5, 9}));
  v = {1, 2};
  EXPECT_EQ(v.size(), 2u);
  EXPECT_TRUE(v == Items({1, 2}));
  EXPECT_TRUE(v < (Items{1, 3}));
  v = std::vector{4};
  const std::vector<int> plain_items = v;
  EXPECT_EQ(plain_items[0], 4);
  EXPECT_EQ(Items(3).size(), 3u);
  EXPECT_EQ(Items(3u, 1)[2], 1);
  v = {};
  EXPECT_TRUE(v.empty());
  static_assert(!std::is_convertible_v<std::size_t, Items>);

  Annotated<std::map<std::string, int>> map{{"a", 1}, {"b", 2}};
  map["c"] = 3;
  EXPECT_EQ(map.size(), 3u);
  for (const auto& [key, value] : map) EXPECT_EQ(key.size(), 1u) << value;
  Annotated<std::set<int>> set{3, 1};
  set.insert(2);
  EXPECT_EQ(*set.begin(), 1);
  Annotated<std::array<int, 3>> array{{1, 2, 3}};
  EXPECT_EQ(array[2], 3);
  array = {4, 5, 6};
  EXPECT_EQ(std::get<1>(array), 5);
  const std::vector<Annotated<std::vector<NonNegative>>> nested{{1, 2}, {3}};
  EXPECT_EQ(nested[0][1], 2);
}

TEST(Annotated, optionals_and_variants_behave_like_themselves) {
  Annotated<std::optional<int>> maybe;
  EXPECT_FALSE(maybe);
  EXPECT_TRUE(maybe == std::nullopt);
  maybe = 5;
  EXPECT_TRUE(maybe == 5);
  EXPECT_TRUE(5 == maybe);
  EXPECT_EQ(*maybe, 5);
  EXPECT_EQ(maybe.value_or(1), 5);
  const Annotated<std::optional<int>> same = 5;
  EXPECT_TRUE(maybe == same);
  EXPECT_FALSE(plain(maybe) < plain(same));
  EXPECT_TRUE(maybe < 6);
  EXPECT_TRUE(maybe == std::optional(5));
  const Annotated<std::optional<int>, ge(0)> with_rules = 5;
  EXPECT_TRUE(maybe == with_rules);
  maybe = std::nullopt;
  maybe = with_rules;
  EXPECT_EQ(*maybe, 5);
  maybe = {};
  EXPECT_FALSE(maybe.has_value());

  Annotated<std::variant<int, std::string>> either = "a";
  EXPECT_EQ(std::get<std::string>(either), "a");
  EXPECT_EQ(std::visit([](const auto& held) { return sizeof(held); }, either), sizeof(std::string));
  either = 3;
  EXPECT_EQ(either.index(), 0u);
  EXPECT_NE(std::get_if<int>(&either), nullptr);
  EXPECT_TRUE(either == (std::variant<int, std::string>(3)));
  const auto other = either;
  EXPECT_TRUE(either == other);
}

// An inherited constructor that takes anything must not take the copy of an Annotated.
TEST(Annotated, copies_are_copies_whatever_the_value_could_be_made_of) {
  Annotated<std::optional<bool>> no = false;
  Annotated<std::optional<bool>> copy = no;
  EXPECT_EQ(*copy, false);
  Annotated<std::optional<bool>> direct(no);
  EXPECT_EQ(*direct, false);
  Annotated<std::optional<bool>, naive> with_rules(no);
  EXPECT_EQ(*with_rules, false);
  copy = with_rules;
  EXPECT_EQ(*copy, false);
  const std::optional<bool> unwrapped = copy;
  EXPECT_EQ(*unwrapped, false);
  Annotated<std::variant<bool, std::string>> either = "a";
  Annotated<std::variant<bool, std::string>> either_copy = either;
  EXPECT_EQ(either_copy.index(), 1u);
}

TEST(Annotated, tuples_and_pairs_behave_like_themselves) {
  const Annotated<std::tuple<int, std::string>> tuple{1, "a"};
  const auto& [number, text] = tuple;
  EXPECT_EQ(number, 1);
  EXPECT_EQ(text, "a");
  EXPECT_EQ(std::get<1>(tuple), "a");
  Annotated<std::pair<int, int>> pair{1, 2};
  pair.first = 3;
  auto& [first, second] = pair;
  second = 4;
  EXPECT_EQ(first, 3);
  EXPECT_TRUE(pair == std::pair(3, 4));
  static_assert(std::tuple_size_v<decltype(pair)> == 2);
}

TEST(Annotated, what_can_only_be_moved_is_moved) {
  using Owner = Annotated<std::unique_ptr<int>, naive>;
  Owner first = std::make_unique<int>(1);
  Owner second = std::move(first);
  EXPECT_EQ(*second, 1);
  EXPECT_TRUE(first == nullptr);
  EXPECT_TRUE(first != second);
  second = std::make_unique<int>(2);
  second = nullptr;
  EXPECT_FALSE(second);
  first = std::make_unique<int>(3);
  const std::unique_ptr<int> taken = std::move(first);
  EXPECT_EQ(*taken, 3);
  std::vector<Owner> owners;
  owners.push_back(std::make_unique<int>(4));
  owners.reserve(100);
  EXPECT_EQ(*owners[0], 4);
  static_assert(!std::is_copy_constructible_v<Owner> && !std::is_copy_assignable_v<Owner>);
  static_assert(!std::is_constructible_v<Owner, const std::unique_ptr<int>&>);
}

TEST(Annotated, final_classes_are_held) {
  using Kept = Annotated<Sealed, naive>;
  Kept kept(1, 2);
  EXPECT_EQ(kept->sum(), 3);
  kept->add(1);
  kept += 2;
  const Sealed& sealed = kept;
  EXPECT_EQ(sealed.sum(), 6);
  kept = Sealed(9);
  const Kept other = Sealed(10);
  EXPECT_TRUE(kept < other);
  EXPECT_TRUE(kept == Sealed(9));
  EXPECT_TRUE(Sealed(9) == kept);
  EXPECT_FALSE(kept == other);
  EXPECT_EQ(printed(kept), "sum 9");
  const Annotated<Sealed> without_rules = kept;
  EXPECT_EQ(without_rules->sum(), 9);
  const Sealed taken = std::move(kept);
  EXPECT_EQ(taken.sum(), 9);
}

struct Tree {
  int value = 0;
  std::vector<Annotated<Tree, naive>> below;
  friend bool operator==(const Tree&, const Tree&) = default;
};

TEST(Annotated, a_struct_may_hold_annotated_ones_of_itself) {
  Tree tree{.value = 1, .below = {{{.value = 2, .below = {}}}, Tree{.value = 3, .below = {}}}};
  const Tree copy = tree;
  EXPECT_EQ(copy, tree);
  tree.below[1].below.push_back(copy);
  EXPECT_NE(copy, tree);
}

// ---- traits ----

TEST(Annotated, hands_out_what_is_annotated) {
  NonNegative x = 5;
  plain(x) = 6;
  EXPECT_EQ(x, 6);
  const Name name = "abc";
  static_assert(std::is_same_v<decltype(plain(name)), const std::string&>);
  static_assert(std::is_same_v<decltype(plain(x)), std::int64_t&>);
  EXPECT_EQ(&plain(name), &name);
  static_assert(std::is_same_v<Plain<NonNegative>, std::int64_t>);
  static_assert(std::is_same_v<Plain<int>, int>);
  static_assert(AnnotatedType<NonNegative> && !AnnotatedType<int> && is_annotated<Name>);
}

TEST(Annotated, hands_out_its_rules) {
  static_assert(std::is_same_v<annotation_rules<NonNegative>, RuleList<ge(0)>>);
  static_assert(std::is_same_v<annotation_rules<int>, RuleList<>>);
  using Grouped = Annotated<int, policy<ge(0), policy<le(9)>>, naive>;
  static_assert(std::is_same_v<annotation_rules<Grouped>, RuleList<ge(0), le(9), naive>>);
}

TEST(Annotated, layers_add_up) {
  using Outer = Annotated<NonNegative, le(10)>;
  static_assert(std::is_same_v<Plain<Outer>, std::int64_t>);
  static_assert(std::is_same_v<annotation_rules<Outer>, RuleList<ge(0), le(10)>>);
  Outer x = 5;
  x += 1;
  ++x;
  EXPECT_EQ(x, 7);
  EXPECT_TRUE(x == NonNegative(7));
  EXPECT_EQ(plain(x), 7);
  plain(x) = 8;
  const std::int64_t n = x;
  EXPECT_EQ(n, 8);
  x = 9;
  x = NonNegative(10);
  const NonNegative inner = x;
  EXPECT_EQ(inner + 1, 11);
  EXPECT_EQ(std::hash<Outer>{}(x), std::hash<std::int64_t>{}(10));
  using OuterName = Annotated<Name, min_length(1)>;
  OuterName name = "a";
  name += "b";
  EXPECT_EQ(name, "ab");
  EXPECT_EQ(&plain(name), &static_cast<std::string&>(name));
  using OuterPlace = Annotated<Place, naive>;
  const OuterPlace place{{{.x = 1}}};
  EXPECT_EQ(plain(place), (Point{1, 8}));
}

TEST(Annotated, is_constexpr) {
  constexpr NonNegative x = [] {
    NonNegative made = 1;
    made += 2;
    return made;
  }();
  static_assert(x == 3 && x + 1 == 4);
  static_assert(Place{1, 2}.y == 2);
}

}  // namespace
}  // namespace structwire
