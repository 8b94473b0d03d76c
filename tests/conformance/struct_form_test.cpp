// SPDX-License-Identifier: Apache-2.0
//
// Encoder<array_like> and Decoder<array_like>, or <object_like>, over unions: what the one writes the other reads.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/core/box.hpp>
#include <structwire/core/equal.hpp>
#include <structwire/core/show.hpp>
#include <structwire/core/unknown_alternative.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::testing {
namespace {

struct Circle {
  int radius = 0;
  using wire = Rules<tag<"circle">>;
};
struct Square {
  int side = 0;
  std::string name;
  using wire = Rules<tag<"square">>;
};
struct Numbered {
  int value = 0;
  using wire = Rules<tag<3>, array_like>;
};
struct OtherNumbered {
  int value = 0;
  using wire = Rules<tag<4>, array_like>;
};
struct Plain {
  int a = 0;
  int b = 0;
};

using Tagged = std::variant<Circle, Square, int>;
using Open = std::variant<Circle, Square, UnknownAlternative>;
using Lone = std::variant<Plain, std::string, std::monostate>;
using Numbers = std::variant<Numbered, OtherNumbered>;
using Deep = std::variant<std::string, Box<std::variant<Plain, int>>>;

struct Holder {
  Tagged tagged;
  std::vector<Lone> lone;
  std::optional<std::variant<Plain, bool>> maybe;
};

/// JSON of what the encoder writes, after it has come back from the decoder.
template <auto Form, class T>
std::string there_and_back(const T& value) {
  json::Encoder<Form> encoder;
  const auto text = encoder.encode(value);
  if (!text) return text.error().message();
  const std::string written(reinterpret_cast<const char*>(text->data()), text->size());
  const auto read = json::Decoder<Form>().template decode<T>(written);
  if (!read) return written + ": " + read.error().message();
  EXPECT_TRUE(equal(*read, value)) << show(*read);

  msgpack::Encoder<Form> packer;
  const auto packed = packer.encode(value);
  if (!packed) return packed.error().message();
  const auto unpacked = msgpack::Decoder<Form>().template decode<T>(*packed);
  if (!unpacked) return "in MessagePack " + unpacked.error().message();
  EXPECT_TRUE(equal(*unpacked, value)) << show(*unpacked);
  EXPECT_EQ(json::encode(*msgpack::decode<Value>(*packed)), written);
  return written;
}

TEST(StructForm, arrays_for_structs_come_back_from_unions) {
  EXPECT_EQ(there_and_back<array_like>(Tagged{Square{2, "x"}}), R"(["square",2,"x"])");
  EXPECT_EQ(there_and_back<array_like>(Tagged{7}), "7");
  EXPECT_EQ(there_and_back<array_like>(Open{Circle{2}}), R"(["circle",2])");
  EXPECT_EQ(there_and_back<array_like>(Lone{Plain{1, 2}}), "[1,2]");
  EXPECT_EQ(there_and_back<array_like>(Lone{}), "[0,0]");
  EXPECT_EQ(there_and_back<array_like>(Deep{Box<std::variant<Plain, int>>{Plain{1, 2}}}), "[1,2]");
  EXPECT_EQ(there_and_back<array_like>(Holder{Circle{1}, {Plain{1, 2}, "a", std::monostate()}, Plain{3, 4}}),
            R"([["circle",1],[[1,2],"a",null],[3,4]])");
}

TEST(StructForm, objects_for_array_like_structs_come_back_from_unions) {
  EXPECT_EQ(there_and_back<object_like>(Numbers{OtherNumbered{5}}), R"({"type":4,"value":5})");
  EXPECT_EQ(there_and_back<array_like>(Numbers{OtherNumbered{5}}), "[4,5]");
  EXPECT_EQ(there_and_back<object_like>(Tagged{Circle{5}}), R"({"type":"circle","radius":5})");
}

TEST(StructForm, an_unknown_tag_is_kept_from_the_place_where_tags_are) {
  const auto read = json::Decoder<array_like>().decode<Open>(R"(["line",1,2])");
  ASSERT_TRUE(read) << read.error().message();
  json::Encoder<array_like> encoder;
  const auto written = encoder.encode(*read);
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(written->data()), written->size()), R"(["line",1,2])");
  msgpack::Encoder<array_like> packer;
  const auto packed = packer.encode(*read);
  const auto unpacked = msgpack::Decoder<array_like>().decode<Open>(*packed);
  ASSERT_TRUE(unpacked) << unpacked.error().message();
  EXPECT_EQ(std::get<UnknownAlternative>(*unpacked).tag, std::get<UnknownAlternative>(*read).tag);
  EXPECT_EQ(json::Decoder<array_like>().decode<Tagged>(R"(["line",1])").error().message(),
            "Invalid value 'line' - at `$[0]`");
}

TEST(StructForm, messages_name_what_is_expected_there) {
  const json::Decoder<array_like> arrays;
  EXPECT_EQ(arrays.decode<Tagged>(R"({"type":"circle","radius":1})").error().message(),
            "Expected `int | array`, got `object`");
  EXPECT_EQ(arrays.decode<Lone>("{}").error().message(), "Expected `str | array | null`, got `object`");
  EXPECT_EQ(json::decode<Tagged>(R"(["circle",1])").error().message(), "Expected `int | object`, got `array`");
  EXPECT_EQ(json::Decoder<object_like>().decode<Numbers>("[4,5]").error().message(), "Expected `object`, got `array`");
}

TEST(StructForm, all_errors_are_found_in_that_form) {
  const auto errors = json::Decoder<array_like>().decode_checked<Holder>(R"([["circle","x"],[[1,"y"]],null])");
  ASSERT_FALSE(errors);
  EXPECT_EQ(errors.error().size(), 2u);
}

}  // namespace
}  // namespace structwire::testing
