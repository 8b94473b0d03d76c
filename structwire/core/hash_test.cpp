// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/hash.hpp>

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace structwire {
namespace {

struct Key {
  std::string name;
  std::int64_t number = 0;
};

/// Counts how often it is hashed.
struct Counted {
  int value = 0;
  static inline int hashed = 0;
  friend bool operator==(const Counted&, const Counted&) = default;
};

struct Frozen {
  Counted counted;
  std::string text;
};

}  // namespace

template <>
struct codec_for<Counted> {
  using wire_type = int;
  static int to_wire(const Counted& value) { return value.value; }
  static Counted from_wire(int value) { return {value}; }
};

}  // namespace structwire

template <>
struct std::hash<structwire::Counted> {
  std::size_t operator()(const structwire::Counted& counted) const noexcept {
    ++structwire::Counted::hashed;
    return static_cast<std::size_t>(counted.value);
  }
};

namespace structwire {
namespace {

TEST(Hash, lets_structs_without_operators_be_keys) {
  std::unordered_map<Key, int, Hash, Equal> table;
  table[{"a", 1}] = 1;
  table[{"a", 2}] = 2;
  table[{"a", 1}] = 3;
  EXPECT_EQ(table.size(), 2u);
  EXPECT_EQ(table.at({"a", 1}), 3);
}

TEST(Hash, tells_places_apart) {
  EXPECT_NE(hash(std::pair(1, 2)), hash(std::pair(2, 1)));
  EXPECT_NE(hash(std::vector{1, 2}), hash(std::vector{2, 1}));
  EXPECT_NE(hash(std::vector<std::vector<int>>{{1}, {}}),
            hash(std::vector<std::vector<int>>{{}, {1}}));
  EXPECT_NE(hash(std::map<int, int>{{1, 2}, {3, 4}}), hash(std::map<int, int>{{1, 4}, {3, 2}}));
  EXPECT_NE(hash(std::optional<int>()), hash(std::optional(0)));
  EXPECT_NE((hash(std::variant<int, std::int64_t>(1))),
            (hash(std::variant<int, std::int64_t>(std::int64_t{1}))));
}

TEST(Hash, small_numbers_do_not_cancel_out) {
  std::unordered_set<std::size_t> seen;
  for (int x = 0; x < 100; ++x) {
    for (int y = 0; y < 100; ++y) seen.insert(hash(std::pair(x, y)));
  }
  EXPECT_EQ(seen.size(), 10'000u);
}

TEST(CachedHash, computes_once) {
  Counted::hashed = 0;
  const CachedHash<Frozen> frozen = Frozen{{7}, "text"};
  EXPECT_EQ(Counted::hashed, 0) << "not before it is asked for";
  const std::size_t first = frozen.hash();
  EXPECT_EQ(frozen.hash(), first);
  EXPECT_EQ(std::hash<CachedHash<Frozen>>{}(frozen), first);
  EXPECT_EQ(Counted::hashed, 1);
  EXPECT_EQ(first, hash(*frozen));
  EXPECT_EQ(Counted::hashed, 2) << "hashed anew by the line above";
}

TEST(CachedHash, copies_and_moves_keep_what_is_known) {
  Counted::hashed = 0;
  CachedHash<Frozen> first = Frozen{{7}, "text"};
  const std::size_t known = first.hash();
  const CachedHash<Frozen> copy = first;
  EXPECT_EQ(copy.hash(), known);
  const CachedHash<Frozen> moved = std::move(first);
  EXPECT_EQ(moved.hash(), known);
  EXPECT_EQ(Counted::hashed, 1);
  first = Frozen{{8}, "other"};
  EXPECT_NE(first.hash(), known);
  EXPECT_EQ(Counted::hashed, 2);
  first = copy;
  EXPECT_EQ(first.hash(), known);
  EXPECT_EQ(Counted::hashed, 2);
}

TEST(CachedHash, is_a_key_by_value) {
  Counted::hashed = 0;
  std::unordered_map<CachedHash<Frozen>, int> table;
  const CachedHash<Frozen> key = Frozen{{1}, "a"};
  table[key] = 5;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(table.at(key), 5);
  table.rehash(1000);
  EXPECT_EQ(Counted::hashed, 1);
  EXPECT_EQ(table.at(Frozen{{1}, "a"}), 5);
  EXPECT_FALSE(table.contains(Frozen{{1}, "b"}));
  EXPECT_EQ(key, (CachedHash<Frozen>(Frozen{{1}, "a"})));
  EXPECT_EQ(key->text, "a");
}

TEST(CachedHash, hashes_that_are_known_and_differ_spare_the_comparison) {
  const CachedHash<Frozen> a = Frozen{{1}, "a"};
  const CachedHash<Frozen> b = Frozen{{2}, "a"};
  EXPECT_NE(a, b);
  EXPECT_NE(a.hash(), b.hash());
  EXPECT_NE(a, b);
}

// Its hash reads like "unknown", so another number stands for it.
TEST(CachedHash, a_hash_of_zero_is_computed_once_too) {
  Counted::hashed = 0;
  const CachedHash<Counted> zero = Counted{0};
  EXPECT_EQ(zero.hash(), 1u);
  EXPECT_EQ(zero.hash(), 1u);
  EXPECT_EQ(Counted::hashed, 1);
}

}  // namespace
}  // namespace structwire
