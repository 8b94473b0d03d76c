// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/schema_reader.hpp>

#include <gtest/gtest.h>

#include <structwire/contract/describe.hpp>
#include <structwire/core/convert.hpp>
#include <structwire/core/time.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

// That it equals the compiled decoders everywhere is tests/contract's to show. Here: what the reader is from outside,
// and Schemas that nobody's C++ type has.
namespace structwire::contract {
namespace {

struct Part {
  std::int64_t number = 3;
  std::vector<std::string> texts{"x"};
  using wire = Rules<all_defaulted>;
};
struct Whole {
  std::int64_t id;
  Part part;
  Unset<bool> flag;
  Bytes bytes;
  std::map<std::int64_t, std::chrono::hours> by_number;
  using wire = Rules<member<&Whole::id, ge(0)>, defaulted_from<&Whole::part>>;
};

Result<Value> read(const Schema& schema, std::string_view text) {
  return decode(schema, json::format(), std::as_bytes(std::span(text)));
}

Schema schema_of(std::string_view text) {
  auto schema = json::decode<Schema>(text);
  EXPECT_TRUE(schema) << schema.error().message();
  return schema.value_or(Schema());
}

std::string refusal(std::string_view text) {
  const auto checked = check_schema(schema_of(text));
  if (checked) return "nothing";
  EXPECT_EQ(checked.error().code(), ErrorCode::refused);
  return checked.error().message();
}

TEST(SchemaReader, reads_what_the_type_reads) {
  const Schema schema = describe<Whole>();
  const std::string text = R"({"id":1,"by_number":{"7":"PT2H"},"later":[1],"bytes":"AQI="})";
  const auto value = read(schema, text);
  ASSERT_TRUE(value) << value.error().message();
  EXPECT_EQ(*value, to_value(*json::decode<Whole>(text)));
  EXPECT_EQ(value->find("flag"), nullptr);
  EXPECT_EQ(*value->find("part")->find("number"), Value(3));
  EXPECT_EQ(*value->find("bytes"), Value(Bytes{std::byte{1}, std::byte{2}}));
}

TEST(SchemaReader, refuses_what_the_type_refuses_in_its_words) {
  const Schema schema = describe<Whole>();
  for (const char* text : {"", "[]", "{}", R"({"id":-1})", R"({"id":1,"part":{"texts":[1]}})",
                           R"({"id":1,"flag":null})",
                           R"({"id":1,"by_number":{"x":"PT1H"}})", R"({"id":1} 2)", R"({"id":1,"bytes":"?"})"}) {
    const auto by_schema = read(schema, text);
    const auto by_type = json::decode<Whole>(text);
    ASSERT_FALSE(by_schema) << text;
    ASSERT_FALSE(by_type) << text;
    EXPECT_EQ(by_schema.error().message(), by_type.error().message());
    EXPECT_EQ(by_schema.error().code(), by_type.error().code());
    EXPECT_EQ(by_schema.error().offset(), by_type.error().offset());
  }
}

TEST(SchemaReader, is_made_once_and_reads_both_formats) {
  const auto reader = SchemaReader::make(describe<Whole>());
  ASSERT_TRUE(reader);
  const SchemaReader copy = *reader;
  const auto packed = msgpack::encode(Whole{.id = 5, .part = {}, .flag = true, .bytes = {}, .by_number = {}});
  const auto value = copy.decode(msgpack::format(), packed.bytes());
  ASSERT_TRUE(value) << value.error().message();
  EXPECT_EQ(*value->find("flag"), Value(true));
  EXPECT_EQ(copy.schema(), describe<Whole>());
  const Format other{"other", {}, {}, nullptr, nullptr, nullptr};
  EXPECT_EQ(copy.decode(other, {}).error().code(), ErrorCode::unsupported);
}

TEST(SchemaReader, limits_hold) {
  DecodeOptions options;
  options.limits.depth = 2;
  const std::string text = R"({"id":1,"part":{"texts":[]}})";
  const auto value = decode(describe<Whole>(), json::format(), std::as_bytes(std::span(text)), options);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().message(), "Nested deeper than 2 levels - at `$.part.texts`");
  options = {};
  options.limits.decoded_bytes = 100;
  EXPECT_EQ(decode(describe<Whole>(), json::format(), std::as_bytes(std::span(text)), options).error().code(),
            ErrorCode::size_limit);
}

TEST(SchemaReader, ticks_of_the_programs_durations_round_and_end_as_they_do) {
  using Short = std::chrono::duration<std::int16_t, std::ratio<60>>;
  const Schema minutes = describe<std::vector<Short>>();
  EXPECT_EQ(minutes.type.parts.front().tick, "60");
  EXPECT_EQ(*read(minutes, R"(["PT89S","PT90S","-PT90S"])"), to_value(std::vector{Short(1), Short(2), Short(-2)}));
  EXPECT_EQ(read(minutes, R"(["P60D"])").error().message(),
            json::decode<std::vector<Short>>(R"(["P60D"])").error().message());
  using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
  const std::string text = R"("2020-01-31T10:00:00.0005+01:00")";
  EXPECT_EQ(*read(describe<Instant>(), text), to_value(*json::decode<Instant>(text)));
  using Local = std::chrono::local_time<std::chrono::seconds>;
  EXPECT_EQ(read(describe<Local>(), text).error().message(), json::decode<Local>(text).error().message());
}

// ---- Schemas from outside ----

TEST(SchemaReader, a_schema_is_checked_before_anything_is_read) {
  const std::string_view cases[][2] = {
      {R"({"type":{"kind":"struct","name":"A"}})", "No struct has the name `A` - at `$.type`"},
      {R"({"type":{"kind":"array","parts":[{"kind":"enum","name":"E"}]}})",
       "No enum has the name `E` - at `$.type.parts[0]`"},
      {R"({"type":{"kind":"array"}})", "array with 0 parts - at `$.type`"},
      {R"({"type":{"kind":"int","bits":12}})", "No number has this many bits - at `$.type.bits`"},
      {R"({"type":{"kind":"str","ge":1}})", "No bound of str - at `$.type.ge`"},
      {R"({"type":{"kind":"int","bits":64,"multiple_of":0}})", "No bound of int - at `$.type.multiple_of`"},
      {R"({"type":{"kind":"int","bits":64,"gt":9223372036854775807}})", "No bound of int - at `$.type.gt`"},
      {R"({"type":{"kind":"int","bits":64,"min_length":1}})", "No length is asked of int - at `$.type`"},
      {R"({"type":{"kind":"str","pattern":"(a"}})",
       "The pattern is outside the dialect: ( that is never closed - at `$.type.pattern`"},
      {R"({"type":{"kind":"duration","tick":"1/7","bits":64}})", "No such tick - at `$.type.tick`"},
      {R"({"type":{"kind":"literal"}})", "A literal without constants - at `$.type`"},
      {R"({"type":{"kind":"unknown"}})", "The alternative of unknown tags stands in a union only - at `$.type`"},
      {R"({"type":{"kind":"null"},"enums":[{"name":"E","values":[]}]})", "An enum without values - at `$.enums[0]`"},
      {R"({"type":{"kind":"null"},"enums":[{"name":"E","values":[{"name":"a","value":1},{"name":"b","value":"b"}]}]})",
       "The values of an enum are all text or all integers - at `$.enums[0].values[1]`"},
      {R"({"type":{"kind":"null"},"structs":[{"name":"A","members":[]},{"name":"A","members":[]}]})",
       "Two definitions have the name `A` - at `$.structs[1]`"},
      {R"({"type":{"kind":"null"},"structs":[{"name":"A","members":[{"name":"x","number":1,"type":{"kind":"null"}},
          {"name":"x","number":2,"type":{"kind":"null"}}]}]})",
       "Two members have the name `x` - at `$.structs[0].members[1]`"},
      {R"({"type":{"kind":"union","parts":[{"kind":"struct","name":"A"},{"kind":"struct","name":"B"}]},"structs":[
          {"name":"A","tag":"a","tag_field":"t","members":[]},{"name":"B","tag":"a","tag_field":"t","members":[]}]})",
       "Two structs of a union have the same tag - at `$.type.parts[1]`"},
  };
  for (const auto& [schema, sentence] : cases) EXPECT_EQ(refusal(schema), sentence) << schema;
}

TEST(SchemaReader, recursion_needs_data) {
  EXPECT_EQ(refusal(R"({"type":{"kind":"struct","name":"A"},"structs":[
      {"name":"A","members":[{"name":"b","number":1,"type":{"kind":"tuple","parts":[{"kind":"struct","name":"B"}]}}]},
      {"name":"B","members":[{"name":"a","number":1,"type":{"kind":"struct","name":"A"}}]}]})"),
            "The struct `A` holds itself in every value - at `$.structs[0]`");
  EXPECT_EQ(refusal(R"({"type":{"kind":"struct","name":"A"},"structs":[
      {"name":"A","members":[{"name":"a","number":1,
          "type":{"kind":"array","parts":[{"kind":"struct","name":"A"}]}}]}]})"),
            "nothing");
}

TEST(SchemaReader, a_default_does_not_hold_itself) {
  EXPECT_EQ(refusal(R"({"type":{"kind":"struct","name":"A"},"structs":[{"name":"A","members":[
      {"name":"a","number":1,"type":{"kind":"struct","name":"A"},"presence":"defaulted","default_value":{}}]}]})"),
            "A default that holds itself - at `$.structs[0].members[0].default_value`");
}

// Each struct's default holds two of the next one.
TEST(SchemaReader, defaults_that_grow_without_end_are_refused) {
  Schema schema;
  schema.type.kind = TypeKind::structure;
  schema.type.name = "S0";
  for (int i = 0; i < 30; ++i) {
    StructSchema made;
    made.name = "S" + std::to_string(i);
    for (const char* name : {"a", "b"}) {
      MemberSchema member;
      member.name = name;
      member.presence = Presence::defaulted;
      member.type.kind = i == 29 ? TypeKind::text : TypeKind::structure;
      member.type.name = i == 29 ? "" : "S" + std::to_string(i + 1);
      member.default_value = i == 29 ? Value(std::string(100, 'x')) : Value(Value::Map{});
      made.members.push_back(std::move(member));
    }
    schema.structs.push_back(std::move(made));
  }
  const auto checked = check_schema(schema);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code(), ErrorCode::refused);
}

TEST(SchemaReader, types_are_not_nested_without_end) {
  TypeSchema type;
  type.kind = TypeKind::null;
  for (int i = 0; i < 100; ++i) {
    TypeSchema outer;
    outer.kind = i % 2 == 0 ? TypeKind::array : TypeKind::optional;
    outer.parts.push_back(std::move(type));
    type = std::move(outer);
  }
  Schema schema;
  schema.type = std::move(type);
  ASSERT_FALSE(check_schema(schema));
  EXPECT_TRUE(check_schema(schema).error().message().starts_with("Types nested deeper than 64 levels"));
  EXPECT_TRUE(refusal(R"({"type":{"kind":"optional","parts":[{"kind":"optional","parts":[{"kind":"optional","parts":[
      {"kind":"optional","parts":[{"kind":"optional","parts":[{"kind":"optional","parts":[{"kind":"optional","parts":[
      {"kind":"optional","parts":[{"kind":"optional","parts":[{"kind":"null"}]}]}]}]}]}]}]}]}]}})")
                  .starts_with("Optionals and unions nested deeper than 8 levels"));
}

TEST(SchemaReader, a_key_that_does_not_stand_as_text_is_for_messagepack) {
  const Schema schema = schema_of(R"({"type":{"kind":"map","parts":[{"kind":"bool"},{"kind":"null"}]}})");
  EXPECT_EQ(read(schema, R"({"true":null})").error().code(), ErrorCode::unsupported);
  const auto packed = msgpack::encode(Value(Value::Map{{Value(true), Value()}}));
  EXPECT_TRUE(decode(schema, msgpack::format(), packed.bytes()));
}

}  // namespace
}  // namespace structwire::contract
