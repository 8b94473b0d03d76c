// SPDX-License-Identifier: Apache-2.0
//
// The rules of a member on their way to what they are about: through wrappers, into variants and
// into the types of keys and items. Encoding, decoding, validating and converting agree on where
// they arrive.

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/core/box.hpp>
#include <structwire/core/convert_members.hpp>
#include <structwire/core/validate.hpp>
#include <tests/conformance/formats.hpp>
#include <tests/conformance/three_formats.hpp>

namespace structwire::testing {
namespace {

Bytes bytes_of(std::initializer_list<int> values) {
  Bytes bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

/// Through each format that carries T.
template <class T>
void expect_round_trip(const T& value) {
  const auto in = [&]<class Format>(Format) {
    SCOPED_TRACE(Format::name);
    const auto written = Format::encode(value);
    ASSERT_TRUE(written) << written.error().message();
    T back{};
    const auto decoded = Format::decode_into(*written, back);
    ASSERT_TRUE(decoded) << decoded.error().message();
    EXPECT_TRUE(equal(back, value));
  };
  in(Json());
  in(MessagePack());
  in(InMemory());
}

template <class T>
std::string json_error(std::string_view text) {
  const auto decoded = json::decode<T>(text);
  return decoded ? std::string() : decoded.error().message();
}

using Hexed = Annotated<Bytes, hex>;
using Url = Annotated<Bytes, base64url>;

// ---- how bytes stand as text ----

struct Choices {
  std::variant<int, Bytes> plain;
  std::variant<int, Bytes> hexed;
  std::variant<Buffer, int> url;
  std::optional<std::variant<std::monostate, Bytes>> nested;
  std::variant<Box<Bytes>, bool> boxed;
  std::variant<std::unique_ptr<Bytes>, int> owned;
  std::variant<int, Hexed> own_rule;
  using wire = Rules<all_defaulted, member<&Choices::hexed, hex>, member<&Choices::url, base64url>,
                     member<&Choices::nested, hex>, member<&Choices::boxed, hex>,
                     member<&Choices::owned, base64url>>;
};

Choices some_choices() {
  const Bytes bytes = bytes_of({0xfb, 0xef, 0xff, 0x00});
  Choices choices{
      bytes,       bytes, Buffer(bytes), bytes, Box<Bytes>(bytes), std::make_unique<Bytes>(bytes),
      Hexed(bytes)};
  return choices;
}

TEST(RulesInside, bytes_of_a_variant_stand_as_the_rule_of_the_member_says) {
  EXPECT_EQ(
      json::encode(some_choices()),
      R"({"plain":"++//AA==","hexed":"fbefff00","url":"--__AA","nested":"fbefff00","boxed":"fbefff00",)"
      R"("owned":"--__AA","own_rule":"fbefff00"})");
  expect_round_trip(some_choices());
  EXPECT_EQ(json_error<Choices>(R"({"hexed":"++//"})"),
            "Invalid hex encoded string - at `$.hexed`");
  EXPECT_EQ(json_error<Choices>(R"({"nested":"fbe"})"),
            "Invalid hex encoded string - at `$.nested`");
  EXPECT_EQ(json_error<Choices>(R"({"url":"+"})"), "Invalid base64url encoded string - at `$.url`");
  EXPECT_EQ(json_error<Choices>(R"({"hexed":true})"),
            "Expected `int | bytes`, got `bool` - at `$.hexed`");
}

TEST(RulesInside, the_rule_holds_in_every_way_of_decoding) {
  const std::string text = R"({"hexed":"0a0b"})";
  const auto lax = json::decode<Choices>(text, {.lax = true});
  ASSERT_TRUE(lax) << lax.error().message();
  EXPECT_EQ(std::get<Bytes>(lax->hexed), bytes_of({10, 11}));
  const auto checked = json::decode_checked<Choices>(text);
  ASSERT_TRUE(checked);
  EXPECT_EQ(std::get<Bytes>(checked->hexed), bytes_of({10, 11}));
  const auto errors = json::decode_checked<Choices>(R"({"hexed":"+","nested":"-","url":"0a0b"})");
  ASSERT_FALSE(errors);
  ASSERT_EQ(errors.error().size(), 2u);
  EXPECT_EQ(errors.error()[1].message(), "Invalid hex encoded string - at `$.nested`");
  EXPECT_TRUE(validate(*checked));
}

struct Tried {
  std::variant<std::vector<int>, Bytes, std::string> first;
  using wire = Rules<member<&Tried::first, first_match, hex>>;
};

TEST(RulesInside, bytes_that_are_tried_stand_as_the_rule_says) {
  EXPECT_EQ(json::encode(Tried{bytes_of({1, 255})}), R"({"first":"01ff"})");
  expect_round_trip(Tried{bytes_of({1, 255})});
  EXPECT_EQ(std::get<std::string>(json::decode<Tried>(R"({"first":"zz"})")->first), "zz");
}

struct Items {
  std::vector<Hexed> list;
  std::tuple<Hexed, Bytes> pair;
  std::array<Url, 1> fixed;
  std::set<Hexed> set;
  std::map<std::string, Url> values;
  std::optional<Hexed> perhaps;
};

TEST(RulesInside, bytes_in_containers_stand_as_the_rules_of_their_type_say) {
  const Bytes bytes = bytes_of({0xfb, 0xef});
  const Items items{{bytes}, {bytes, bytes}, {bytes}, {bytes}, {{"k", bytes}}, bytes};
  EXPECT_EQ(
      json::encode(items),
      R"({"list":["fbef"],"pair":["fbef","++8="],"fixed":["--8"],"set":["fbef"],"values":{"k":"--8"},)"
      R"("perhaps":"fbef"})");
  expect_round_trip(items);
}

// ---- keys ----

struct Reversed {
  using wire_type = std::string;
  static std::string to_wire(const std::string& text) {
    if (text == "none") throw std::runtime_error("no way to write this");
    return {text.rbegin(), text.rend()};
  }
  static std::string from_wire(std::string text) { return {text.rbegin(), text.rend()}; }
};
struct Halved {
  using wire_type = int;
  static int to_wire(const int& number) { return number / 2; }
  static int from_wire(int half) { return 2 * half; }
};

struct Keys {
  std::map<Hexed, int> hexed;
  std::map<Url, int> url;
  std::map<std::variant<int, Hexed>, int> either;
  std::map<Annotated<std::string, with<Reversed>>, int> reversed;
  std::map<Annotated<int, with<Halved>, le(10)>, int> halved;
  using wire = Rules<all_defaulted>;
};

TEST(RulesInside, keys_keep_the_rules_and_codecs_of_their_type) {
  const Bytes bytes = bytes_of({0xfb, 0xef});
  const Keys keys{{{bytes, 1}}, {{bytes, 2}}, {{Hexed(bytes), 3}}, {{"abc", 4}}, {{8, 5}}};
  EXPECT_EQ(
      json::encode(keys),
      R"({"hexed":{"fbef":1},"url":{"--8":2},"either":{"fbef":3},"reversed":{"cba":4},"halved":{"4":5}})");
  expect_round_trip(keys);
  EXPECT_EQ(json_error<Keys>(R"({"hexed":{"x":1}})"),
            "Invalid hex encoded string - at `key` in `$.hexed`");
  EXPECT_EQ(json_error<Keys>(R"({"halved":{"6":1}})"),
            "Expected `int` <= 10 - at `key` in `$.halved`");
}

TEST(RulesInside, paths_show_keys_as_they_stand_in_the_input) {
  const DecodeOptions options{.keys_in_paths = true};
  EXPECT_EQ(json::decode<Keys>(R"({"hexed":{"fbef":"x"}})", options).error().path(),
            R"($.hexed[fbef])");
  EXPECT_EQ(json::decode<Keys>(R"({"reversed":{"cba":"x"}})", options).error().path(),
            R"($.reversed["cba"])");
  EXPECT_EQ(json::decode<Keys>(R"({"reversed":{"enon":"x"}})", options).error().path(),
            "$.reversed[...]")
      << "the codec throws";
}

// ---- bounds, validators and codecs are about the whole ----

bool is_small(const std::variant<int, std::string>& value) {
  return std::holds_alternative<int>(value) ? std::get<int>(value) < 10
                                            : std::get<std::string>(value).size() < 3;
}
int times_asked = 0;
bool counts(const std::variant<int, std::string>&) {
  ++times_asked;
  return true;
}

struct Numbers {
  std::variant<Annotated<int, between(0, 9)>,
               Annotated<std::string, max_length(3), pattern<"^[a-z]*$">>>
      own;
  std::variant<int, std::string> asked;
  std::variant<int, std::string> counted;
  using wire = Rules<all_defaulted, member<&Numbers::asked, validated_by<is_small>>,
                     member<&Numbers::counted, validated_by<counts>>>;
};

TEST(RulesInside, alternatives_have_the_rules_of_their_types_and_the_whole_those_of_the_member) {
  expect_round_trip(Numbers{9, "ab", 1});
  EXPECT_EQ(json_error<Numbers>(R"({"own":10})"), "Expected `int` <= 9 - at `$.own`");
  EXPECT_EQ(json_error<Numbers>(R"({"own":"A"})"),
            "Expected `str` matching regex '^[a-z]*$' - at `$.own`");
  EXPECT_FALSE(json_error<Numbers>(R"({"asked":10})").empty());
  EXPECT_FALSE(json_error<Numbers>(R"({"asked":"abc"})").empty());
  const Numbers wrong{10, 10, 0};
  EXPECT_EQ(validate_all(wrong).size(), 2u);
  times_asked = 0;
  EXPECT_TRUE(json::decode<Numbers>(R"({"counted":"x"})"));
  EXPECT_EQ(times_asked, 1);
}

struct EitherAsText {
  using wire_type = std::string;
  static std::string to_wire(const std::variant<int, std::string>& value) {
    return std::holds_alternative<int>(value) ? "#" + std::to_string(std::get<int>(value))
                                              : std::get<1>(value);
  }
  static std::variant<int, std::string> from_wire(std::string text) {
    if (text.starts_with('#')) return std::stoi(text.substr(1));
    return text;
  }
};
struct Coded {
  std::variant<int, std::string> whole;
  std::optional<std::variant<int, std::string>> perhaps;
  std::variant<Annotated<int, with<Halved>>, std::string> inside;
  using wire =
      Rules<member<&Coded::whole, with<EitherAsText>>, member<&Coded::perhaps, with<EitherAsText>>>;
};

TEST(RulesInside, a_codec_carries_the_whole_variant_or_the_alternative_that_names_it) {
  EXPECT_EQ(json::encode(Coded{5, "x", 8}), R"({"whole":"#5","perhaps":"x","inside":4})");
  expect_round_trip(Coded{5, "x", 8});
  expect_round_trip(Coded{"x", 6, "y"});
}

struct Sent {
  int computed = 8;
  std::variant<int, std::string> choice;
  int last = 0;
  using wire = Rules<member<&Sent::computed, encode_only, with<Halved>, le(0)>,
                     member<&Sent::choice, encode_only, with<EitherAsText>>>;
};

TEST(RulesInside, what_is_only_encoded_is_passed_over_in_the_form_that_it_was_written_in) {
  const auto in = [&]<class Format>(Format) {
    SCOPED_TRACE(Format::name);
    Sent back{1, "kept", 0};
    const auto decoded = Format::decode_into(*Format::encode(Sent{20, 300, 5}), back);
    ASSERT_TRUE(decoded) << decoded.error().message();
    EXPECT_TRUE(equal(back, Sent{1, "kept", 5}));
  };
  in(Json());
  in(MessagePack());
  in(InMemory());
  in(Positional());
}

struct Passed {
  std::variant<int, Bytes> choice;
  int kept = 0;
  std::vector<std::string> texts;
  using wire = Rules<member<&Passed::choice, hex>, member<&Passed::texts, encode_only>>;
};
struct PassedOn {
  std::variant<Bytes, std::string> choice;
  int kept = 0;
  using wire = Rules<member<&PassedOn::choice, first_match, hex>>;
};

TEST(RulesInside, bytes_stay_bytes_when_structs_are_converted) {
  const auto converted = convert<PassedOn>(Passed{bytes_of({1, 2}), 3, {}});
  ASSERT_TRUE(converted) << converted.error().message();
  EXPECT_EQ(std::get<Bytes>(converted->choice), bytes_of({1, 2}));
}

}  // namespace
}  // namespace structwire::testing
