// SPDX-License-Identifier: Apache-2.0

// sw::defaults_from_initializers: members with an initializer may be absent, and no other.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/contract/fingerprint.hpp>
#include <structwire/core/members.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace sw = structwire;

namespace {

namespace found {

struct[[= sw::defaults_from_initializers]] Message {
  std::string message_id;
  std::int64_t number;
  std::vector<std::string> tags;
  std::optional<double> score;
  double timeout = 1.0;
  std::string text{};
  std::map<std::string, int> counts = {{"a", 1}};
  [[= sw::between(0, 9)]] int priority = 3;
  [[= sw::required]] bool sure = false;
  [[= sw::defaulted]] int depth;
};

}  // namespace found

namespace said {

struct Message {
  std::string message_id;
  std::int64_t number;
  std::vector<std::string> tags;
  std::optional<double> score;
  double timeout = 1.0;
  std::string text{};
  std::map<std::string, int> counts = {{"a", 1}};
  int priority = 3;
  bool sure = false;
  int depth;
  using wire = sw::Rules<sw::defaulted_from<&Message::timeout>,
                         sw::member<&Message::priority, sw::between(0, 9)>,
                         sw::member<&Message::sure, sw::required>>;
};

}  // namespace said

constexpr std::string_view least = R"({"message_id":"m","number":1,"tags":[],"sure":true})";

TEST(Initializers, members_with_one_may_be_absent_and_take_it) {
  const auto message = sw::json::decode<found::Message>(least);
  ASSERT_TRUE(message) << message.error().message();
  EXPECT_EQ(message->timeout, 1.0);
  EXPECT_EQ(message->text, "");
  EXPECT_EQ(message->counts, (std::map<std::string, int>{{"a", 1}}));
  EXPECT_EQ(message->priority, 3);
  EXPECT_EQ(message->depth, 0);
}

TEST(Initializers, members_without_one_are_required) {
  for (const std::string_view name : {"message_id", "number", "tags", "sure"}) {
    const auto whole = sw::json::decode<std::map<std::string, sw::Raw>>(least).value();
    auto less = whole;
    ASSERT_EQ(less.erase(std::string(name)), 1u);
    const auto refused = sw::json::decode<found::Message>(sw::json::encode(less));
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().message(),
              "Object missing required field `" + std::string(name) + "`");
  }
}

TEST(Initializers, the_contract_is_that_of_defaults_that_are_said) {
  static_assert(sw::wire_fingerprint<found::Message> == sw::wire_fingerprint<said::Message>);
  const auto a = sw::fields<found::Message>();
  const auto b = sw::fields<said::Message>();
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].defaulted, b[i].defaulted) << a[i].declared_name;
    EXPECT_EQ(a[i].required, b[i].required) << a[i].declared_name;
  }
}

// A struct that does not ask for it has the contract of every other compiler.
struct Plain {
  std::int64_t number = 4;
};
TEST(Initializers, a_struct_that_does_not_ask_keeps_its_members_required) {
  EXPECT_FALSE(sw::json::decode<Plain>("{}"));
}

template <class T>
struct Counted {
  T count = 5;
  T other;
  using wire = sw::Rules<sw::defaults_from_initializers, sw::omit_defaults>;
};
TEST(Initializers, they_are_found_in_templates_and_left_out_when_omitted) {
  EXPECT_EQ(sw::json::decode<Counted<int>>(R"({"other":2})").value().count, 5);
  EXPECT_FALSE(sw::json::decode<Counted<int>>(R"({"count":2})"));
  EXPECT_EQ(sw::json::encode(Counted<int>{5, 0}), R"({"other":0})");
  EXPECT_EQ(
      sw::msgpack::decode<Counted<int>>(sw::msgpack::encode(Counted<int>{5, 1})).value().count, 5);
}

struct Base {
  int level = 2;
  int rank;
};
struct Derived : Base {
  int own = 6;
  using wire = sw::Rules<sw::members<&Derived::level, &Derived::rank, &Derived::own>,
                         sw::defaults_from_initializers>;
};
TEST(Initializers, they_are_found_in_bases_whose_members_are_listed) {
  const auto read = sw::json::decode<Derived>(R"({"rank":1})");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->level, 2);
  EXPECT_EQ(read->own, 6);
  EXPECT_FALSE(sw::json::decode<Derived>(R"({"level":1})"));
}

struct Inner {
  int a = 1;
  int b;
  using wire = sw::Rules<sw::defaults_from_initializers>;
};
struct Outer {
  Inner inner;
  using wire = sw::Rules<sw::member<&Outer::inner, sw::flatten>>;
};
TEST(Initializers, a_flattened_struct_keeps_its_own) {
  EXPECT_EQ(sw::json::decode<Outer>(R"({"b":2})").value().inner.a, 1);
  EXPECT_FALSE(sw::json::decode<Outer>(R"({"a":2})"));
}

}  // namespace
