// SPDX-License-Identifier: Apache-2.0

// A rule as an annotation means what it means in `sw::Rules`: each struct stands here twice, under
// one name in two namespaces, and both have the same contract, the same bytes and the same errors.

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/contract/fingerprint.hpp>
#include <structwire/core/decimal.hpp>
#include <structwire/core/members.hpp>
#include <structwire/core/time.hpp>
#include <structwire/core/validate.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace sw = structwire;

namespace {

bool is_even(const std::int64_t& number) { return number % 2 == 0; }

struct Hours {
  using wire_type = double;
  static double to_wire(const std::int64_t& minutes) { return static_cast<double>(minutes) / 60; }
  static std::int64_t from_wire(double hours) { return static_cast<std::int64_t>(hours * 60); }
};

// What another library understands.
struct Column {
  int width;
};

struct Position {
  std::int64_t x = 0;
  std::int64_t y = 0;
};

namespace listed {

struct Message {
  std::string message_id;
  std::string text;
  sw::Bytes payload;
  int priority = 0;
  double score = 1;
  std::int64_t number_of_tries = 2;
  std::vector<std::int64_t> marks;
  sw::DateTime when;
  sw::Decimal price;
  std::variant<std::int64_t, bool> either;
  Position position;
  int cache = 7;
  std::int64_t secret = 0;
  std::int64_t derived = 0;
  std::map<std::string, sw::Raw> more;

  bool is_whole() const { return priority != 5; }

  using wire =
      sw::Rules<sw::rename(sw::NameStyle::camel), sw::omit_defaults, sw::deterministic_order,
                sw::tag<"message">, sw::tag_field<"kind">, sw::validated_by<&Message::is_whole>,
                sw::member<&Message::message_id, sw::name<"id">, sw::alias<"message", "key">,
                           sw::min_length(1)>,
                sw::member<&Message::text, sw::pattern<"^[a-z]*$">, sw::max_length(8)>,
                sw::member<&Message::payload, sw::hex, sw::omit_empty, sw::defaulted>,
                sw::member<&Message::priority, sw::between(0, 9), sw::defaulted>,
                sw::member<&Message::score, sw::gt(0.5), sw::lt(2.0), sw::defaulted>,
                sw::member<&Message::number_of_tries, sw::defaulted, sw::multiple_of(2),
                           sw::validated_by<is_even>>,
                sw::member<&Message::marks, sw::defaulted, sw::omit_empty, sw::max_length(3)>,
                sw::member<&Message::when, sw::aware>,
                sw::member<&Message::price, sw::ge("0.01"), sw::le("99")>,
                sw::member<&Message::either, sw::first_match>,
                sw::member<&Message::position, sw::flatten>, sw::member<&Message::cache, sw::skip>,
                sw::member<&Message::secret, sw::decode_only, sw::defaulted>,
                sw::member<&Message::derived, sw::encode_only>,
                sw::member<&Message::more, sw::keep_unknown_fields>>;
};

struct Pair {
  std::int64_t first = 1;
  std::string second = "two";
  using wire = sw::Rules<sw::array_like, sw::all_defaulted>;
};

struct Span {
  std::int64_t minutes = 0;
  using wire = sw::Rules<sw::artifact, sw::tagged, sw::member<&Span::minutes, sw::with<Hours>>>;
};

struct Numbered {
  std::int64_t low = 0;
  std::int64_t high = 0;
  using wire = sw::Rules<sw::member<&Numbered::low, sw::number<4>>,
                         sw::member<&Numbered::high, sw::number<2>, sw::required>>;
};

}  // namespace listed

namespace annotated {

struct[[ = sw::rename(sw::NameStyle::camel), = sw::omit_defaults, = sw::deterministic_order ]]
      [[= sw::tag<"message">]][[= sw::tag_field<"kind">]] Message {
  [[ = sw::name<"id">, = sw::alias<"message", "key">, = sw::min_length(1) ]] std::string message_id;
  [[= sw::pattern<"^[a-z]*$">]][[= Column{12}]][[= sw::max_length(8)]] std::string text;
  [[ = sw::hex, = sw::omit_empty, = sw::defaulted ]] sw::Bytes payload;
  [[ = sw::between(0, 9), = sw::defaulted ]] int priority = 0;
  [[ = sw::gt(0.5), = sw::lt(2.0), = sw::defaulted ]] double score = 1;
  [[ = sw::defaulted, = sw::multiple_of(2),
     = sw::validated_by<is_even> ]] std::int64_t number_of_tries = 2;
  [[ = sw::defaulted, = sw::omit_empty, = sw::max_length(3) ]] std::vector<std::int64_t> marks;
  [[= sw::aware]] sw::DateTime when;
  [[ = sw::ge("0.01"), = sw::le("99") ]] sw::Decimal price;
  [[= sw::first_match]] std::variant<std::int64_t, bool> either;
  [[= sw::flatten]] Position position;
  [[= sw::skip]] int cache = 7;
  [[ = sw::decode_only, = sw::defaulted ]] std::int64_t secret = 0;
  [[= sw::encode_only]] std::int64_t derived = 0;
  [[= sw::keep_unknown_fields]] std::map<std::string, sw::Raw> more;

  bool is_whole() const { return priority != 5; }

  // Rules that name what stands inside of the struct stay here; both kinds add up.
  using wire = sw::Rules<sw::validated_by<&Message::is_whole>>;
};

struct[[ = sw::array_like, = sw::all_defaulted ]] Pair {
  std::int64_t first = 1;
  std::string second = "two";
};

struct[[= sw::artifact]][[= sw::tagged]] Span {
  [[= sw::with<Hours>]] std::int64_t minutes = 0;
};

struct Numbered {
  [[= sw::number<4>]] std::int64_t low = 0;
  [[ = sw::number<2>, = sw::required ]] std::int64_t high = 0;
};

}  // namespace annotated

// Both give the same bytes or the same error for the input. Returns whether it was bytes.
template <class Listed, class Annotated>
bool expect_same(std::string_view json) {
  const auto a = sw::json::decode<Listed>(json);
  const auto b = sw::json::decode<Annotated>(json);
  EXPECT_EQ(a.has_value(), b.has_value()) << json;
  if (!a || !b) {
    EXPECT_EQ(a.error().message(), b.error().message()) << json;
    EXPECT_EQ(a.error().offset(), b.error().offset()) << json;
    return false;
  }
  EXPECT_EQ(sw::json::encode(*a), sw::json::encode(*b));
  EXPECT_EQ(sw::msgpack::encode(*a), sw::msgpack::encode(*b));
  return true;
}

template <class Listed, class Annotated>
void expect_same_contract() {
  EXPECT_EQ(sw::wire_description<Listed>(), sw::wire_description<Annotated>());
  static_assert(sw::wire_fingerprint<Listed> == sw::wire_fingerprint<Annotated>);
  const auto a = sw::fields<Listed>();
  const auto b = sw::fields<Annotated>();
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].wire_name, b[i].wire_name);
    EXPECT_EQ(a[i].number, b[i].number);
    EXPECT_EQ(a[i].required, b[i].required);
    EXPECT_EQ(a[i].defaulted, b[i].defaulted);
    EXPECT_EQ(a[i].aliases.size(), b[i].aliases.size());
  }
}

constexpr std::string_view whole =
    R"({"kind":"message","id":"m-1","text":"abc","payload":"00ff","priority":3,"score":1.5,"numberOfTries":4,)"
    R"("marks":[1,2],"when":"2025-01-02T03:04:05Z","price":"1.20","either":true,"x":1,"y":2,"secret":9,"derived":8,)"
    R"("new":{"a":[1]}})";

TEST(Annotations, the_contract_is_that_of_the_listed_rules) {
  expect_same_contract<listed::Message, annotated::Message>();
  expect_same_contract<listed::Pair, annotated::Pair>();
  expect_same_contract<listed::Span, annotated::Span>();
  expect_same_contract<listed::Numbered, annotated::Numbered>();
}

TEST(Annotations, the_bytes_are_those_of_the_listed_rules) {
  EXPECT_TRUE((expect_same<listed::Message, annotated::Message>(whole)));
  EXPECT_TRUE((expect_same<listed::Pair, annotated::Pair>("[5]")));
  EXPECT_TRUE((expect_same<listed::Span, annotated::Span>(R"({"type":"Span","minutes":1.5})")));
  EXPECT_TRUE((expect_same<listed::Numbered, annotated::Numbered>(R"({"high":3,"low":1})")));
  const auto message = sw::json::decode<annotated::Message>(whole).value();
  EXPECT_EQ(message.message_id, "m-1");
  EXPECT_EQ(message.secret, 9);
  EXPECT_EQ(message.derived, 0);
  EXPECT_EQ(sw::json::encode(message.more.at("new")), R"({"a":[1]})");
  EXPECT_EQ(sw::json::decode<annotated::Span>(R"({"type":"Span","minutes":1.5})").value().minutes,
            90);
}

TEST(Annotations, every_rule_refuses_what_the_listed_one_refuses) {
  struct Case {
    std::string_view from;
    std::string_view to;
    std::string_view message;
  };
  for (const Case& c : {
           Case{R"("id":"m-1")", R"("id":"")", "Expected `str` of length >= 1 - at `$.id`"},
           Case{R"("abc")", R"("aBc")", "Expected `str` matching regex '^[a-z]*$' - at `$.text`"},
           Case{R"("abc")", R"("abcdefghi")", "Expected `str` of length <= 8 - at `$.text`"},
           Case{R"("00ff")", R"("00fg")", ""},
           Case{R"("priority":3)", R"("priority":10)", "Expected `int` <= 9 - at `$.priority`"},
           Case{R"("priority":3)", R"("priority":5)", ""},
           Case{R"(1.5)", R"(0.5)", "Expected `float` > 0.5 - at `$.score`"},
           Case{R"("numberOfTries":4)", R"("numberOfTries":3)", ""},
           Case{R"([1,2])", R"([1,2,3,4])", "Expected `array` of length <= 3 - at `$.marks`"},
           Case{R"(04:05Z")", R"(04:05")", ""},
           Case{R"("1.20")", R"("0.00")", ""},
           Case{R"("kind":"message")", R"("kind":"massage")", ""},
           Case{R"("x":1)", R"("x":"1")", "Expected `int`, got `str` - at `$.x`"},
       }) {
    std::string text(whole);
    ASSERT_NE(text.find(c.from), text.npos) << c.from;
    text.replace(text.find(c.from), c.from.size(), c.to);
    EXPECT_FALSE((expect_same<listed::Message, annotated::Message>(text))) << text;
    const auto refused = sw::json::decode<annotated::Message>(text);
    ASSERT_FALSE(refused);
    if (!c.message.empty()) {
      EXPECT_EQ(refused.error().message(), c.message);
    }
  }
  EXPECT_FALSE(
      (expect_same<listed::Span, annotated::Span>(R"({"type":"Span","minutes":1.5,"seconds":1})")));
  EXPECT_FALSE((expect_same<listed::Numbered, annotated::Numbered>(R"({"low":1})")));
}

// Bytes of a whole message are changed at random places; what comes of it is the same in both.
TEST(Annotations, changed_input_is_the_same_to_both) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  constexpr std::string_view letters = "0123456789abcxyz\"{}[],:-.eTZ ";
  int refused = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string text(whole);
    for (auto changes = 1 + random() % 3; changes != 0; --changes)
      text[random() % text.size()] = letters[random() % letters.size()];
    refused += !expect_same<listed::Message, annotated::Message>(text);
  }
  EXPECT_GT(refused, 1000);
  EXPECT_LT(refused, 5000);
}

template <class T>
struct Boxed {
  [[= sw::max_length(2)]] std::vector<T> items;
  [[ = sw::name<"n">, = sw::defaulted ]] T number = 3;
};

TEST(Annotations, members_of_templates_and_of_local_structs_have_them) {
  EXPECT_EQ(sw::json::decode<Boxed<int>>(R"({"items":[1,2,3]})").error().message(),
            "Expected `array` of length <= 2 - at `$.items`");
  EXPECT_EQ(sw::json::encode(Boxed<double>{{0.5}, 2}), R"({"items":[0.5],"n":2.0})");
  struct[[= sw::forbid_unknown_fields]] Local {
    [[= sw::ge(1)]] int number = 1;
  };
  EXPECT_EQ(sw::json::decode<Local>(R"({"number":0})").error().message(),
            "Expected `int` >= 1 - at `$.number`");
  EXPECT_FALSE(sw::json::decode<Local>(R"({"number":1,"x":2})"));
}

class Hidden : public Position {
 public:
  int level() const { return level_; }

 private:
  [[= sw::le(3)]][[= sw::name<"level">]] int level_ = 0;

 public:
  using wire = sw::Rules<sw::members<&Hidden::x, &Hidden::y, &Hidden::level_>>;
};

TEST(Annotations, members_that_a_struct_lists_have_them_too) {
  EXPECT_EQ(sw::json::decode<Hidden>(R"({"x":1,"y":2,"level":3})").value().level(), 3);
  EXPECT_EQ(sw::json::decode<Hidden>(R"({"x":1,"y":2,"level":4})").error().message(),
            "Expected `int` <= 3 - at `$.level`");
}

TEST(Annotations, a_value_in_memory_is_held_to_them) {
  const Boxed<int> full{{1, 2, 3}};
  EXPECT_EQ(sw::validate(full).error().message(), "Expected `array` of length <= 2 - at `$.items`");
}

// A codec's own rules win over annotations as over those of `wire`.
TEST(Annotations, rules_of_a_decoder_win) {
  sw::json::Decoder<sw::ignore_unknown_fields> decoder;
  EXPECT_TRUE(decoder.decode<annotated::Span>(R"({"type":"Span","minutes":1.5,"seconds":1})"));
}

}  // namespace
