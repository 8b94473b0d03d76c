// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/unambiguous.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include <structwire/contract/decode_any_version.hpp>
#include <structwire/core/uuid.hpp>

namespace structwire {
namespace {

// ---- what tells, and what does not ----

struct A {
  int a;
};
struct AText {
  std::string a;
};
struct AUuid {
  Uuid a;
};
struct AFloat {
  double a;
};
struct AMaybe {
  std::optional<int> a;
};
struct AMaybeText {
  std::optional<std::string> a;
};
struct AStrict {
  int a;
  using wire = Rules<forbid_unknown_fields>;
};
struct AB {
  int a;
  int b;
};
struct ABDefaulted {
  int a;
  int b = 0;
  using wire = Rules<member<&ABDefaulted::b, defaulted>>;
};
struct ABAlias {
  int a;
  int b;
  using wire = Rules<member<&ABAlias::b, alias<"a2">>>;
};
struct A2Strict {
  int a;
  int a2 = 0;
  using wire = Rules<member<&A2Strict::a2, defaulted>, forbid_unknown_fields>;
};
struct TaggedX {
  int a;
  using wire = Rules<tag<"x">>;
};
struct TaggedY {
  int a;
  using wire = Rules<tag<"y">>;
};
struct TaggedElsewhere {
  int a;
  using wire = Rules<tag<"y">, tag_field<"kind">>;
};
struct One {
  Literal<1> version;
};
struct TwoOrThree {
  Literal<2, 3> version;
};
struct MaybeTwo {
  std::optional<Literal<2>> version;
};
struct ListOne {
  int a;
  using wire = Rules<array_like, forbid_unknown_fields>;
};
struct ListTwo {
  int a, b;
  using wire = Rules<array_like>;
};
struct ListText {
  int a;
  std::string b;
  using wire = Rules<array_like>;
};
struct AnyA {
  Value a;
};
struct EncodeOnlyA {
  std::string a;
  using wire = Rules<member<&EncodeOnlyA::a, encode_only>>;
};

static_assert(unambiguous<A>);
static_assert(unambiguous<A, AText> && unambiguous<A, AMaybeText>);
static_assert(!unambiguous<A, A> && !unambiguous<A, AFloat> && !unambiguous<A, AMaybe> && !unambiguous<A, AnyA>);
static_assert(!unambiguous<AMaybe, AMaybeText>, "both take null");
static_assert(!unambiguous<AText, AUuid>, "a Uuid is a text");
static_assert(!unambiguous<A, EncodeOnlyA>, "what is only written is passed over");
static_assert(unambiguous<AB, AStrict> && !unambiguous<AB, A> && !unambiguous<ABDefaulted, AStrict>);
static_assert(!unambiguous<ABAlias, A2Strict>, "its other name is known there");
static_assert(unambiguous<ABAlias, AStrict>);
static_assert(unambiguous<TaggedX, TaggedY> && !unambiguous<TaggedX, TaggedElsewhere> && !unambiguous<TaggedX, A>);
static_assert(unambiguous<One, TwoOrThree> && unambiguous<One, MaybeTwo> && !unambiguous<TwoOrThree, MaybeTwo>);
static_assert(unambiguous<ListOne, ListTwo> && unambiguous<ListTwo, ListText> && unambiguous<ListOne, A>);
static_assert(unambiguous<int, std::string, std::vector<int>> && !unambiguous<int, double> &&
              !unambiguous<Bytes, std::string>);
static_assert(!unambiguous<A, AB, AText>, "one pair suffices");

// ---- the proof against decoders ----

/// Values that could be mistaken for one another, under keys that the types know and others.
Value random_value(std::mt19937_64& random, int depth) {
  switch (random() % (depth == 0 ? 10 : 8)) {
    case 0:
      return Value(1);
    case 1:
      return Value(2);
    case 2:
      return Value(1.0);
    case 3:
      return Value(2.5);
    case 4:
      return Value("x");
    case 5:
      return Value(random() % 2 == 0 ? "y" : "2020-01-02");
    case 6:
      return Value();
    case 7:
      return Value(true);
    case 8: {
      Value::Array items(random() % 4);
      for (Value& item : items) item = random_value(random, 1);
      return Value(std::move(items));
    }
    default: {
      Value::Map entries;
      for (const char* key : {"a", "b", "a2", "type", "kind", "version", "other"}) {
        const std::size_t times = random() % 8 == 0 ? 2 : random() % 2;
        for (std::size_t i = 0; i < times; ++i) entries.push_back({Value(key), random_value(random, 1)});
      }
      return Value(std::move(entries));
    }
  }
}

struct Seen {
  std::size_t taken = 0;
  std::size_t twice = 0;
};

template <class X, class Y>
void check_pair(const Format& format, std::span<const std::byte> bytes, Seen& seen) {
  if constexpr (unambiguous<X, Y>) {
    const auto takes = [&]<class T>(std::type_identity<T>) { return try_decode<T>(format, bytes).has_value(); };
    const bool x = takes(std::type_identity<X>{});
    const bool y = takes(std::type_identity<Y>{});
    seen.taken += x || y;
    seen.twice += x && y;
    EXPECT_FALSE(x && y) << std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
}

template <class First, class... Rest>
void check_pairs(const Format& format, std::span<const std::byte> bytes, Seen& seen) {
  (check_pair<First, Rest>(format, bytes, seen), ...);
  if constexpr (sizeof...(Rest) > 1) check_pairs<Rest...>(format, bytes, seen);
}

TEST(Unambiguous, no_input_is_taken_by_two_types_that_are_proven_apart) {
  constexpr std::uint64_t seed = 6202;
  std::mt19937_64 random(seed);
  Seen seen;
  for (int round = 0; round < 2000; ++round) {
    const Value value = random_value(random, 0);
    const std::string text = json::encode(value);
    const Buffer packed = msgpack::encode(value);
    const auto check = [&](const Format& format, std::span<const std::byte> bytes) {
      check_pairs<A, AText, AUuid, AFloat, AMaybe, AMaybeText, AnyA, EncodeOnlyA, ABDefaulted, TaggedElsewhere, AStrict,
                  AB, ABAlias, A2Strict, TaggedX, TaggedY, One, TwoOrThree, MaybeTwo, ListOne, ListTwo, ListText>(
          format, bytes, seen);
    };
    check(json::format(), std::as_bytes(std::span(text)));
    check(msgpack::format(), packed);
    ASSERT_EQ(seen.twice, 0u) << "seed " << seed << ", round " << round;
  }
  EXPECT_GT(seen.taken, 5000u) << "the values have to fit often enough for this to say anything";
}

}  // namespace
}  // namespace structwire
