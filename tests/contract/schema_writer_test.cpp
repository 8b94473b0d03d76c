// SPDX-License-Identifier: Apache-2.0

// The writer that is driven by a Schema against the compiled codec: for every sample of every shape, the bytes that it
// makes of what to_value() gives are those of the encoder. And the samples that a Schema gives: each is a value of the
// type, which the compiled decoder reads back from the bytes that the writer makes of it.

#include <structwire/contract/schema_writer.hpp>

#include <gtest/gtest.h>

#include <algorithm>

#include <structwire/contract/describe.hpp>
#include <structwire/contract/sample.hpp>
#include <structwire/core/convert.hpp>
#include <structwire/core/date.hpp>
#include <structwire/core/decimal.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/support/random.hpp>
#include <tests/support/sample_shapes.hpp>

namespace structwire::contract {
namespace {


struct Json {
  using Reader = json::Reader;
  static const Format& format() { return json::format(); }
  template <class T>
  static Result<void> append_to(const T& value, Buffer& out) {
    return json::append_to(value, out);
  }
  template <class T>
  static Result<void> decode_into(std::span<const std::byte> bytes, T& out) {
    return json::decode_into(bytes, out);
  }
};
struct MessagePack {
  using Reader = msgpack::Reader;
  static const Format& format() { return msgpack::format(); }
  template <class T>
  static Result<void> append_to(const T& value, Buffer& out) {
    return msgpack::append_to(value, out);
  }
  template <class T>
  static Result<void> decode_into(std::span<const std::byte> bytes, T& out) {
    return msgpack::decode_into(bytes, out);
  }
};

std::string shown(const Buffer& bytes) { return json::encode(Bytes(bytes.bytes().begin(), bytes.bytes().end())); }

// Its containers have an order of their own.
template <class T>
constexpr bool has_hashed = std::is_same_v<T, testing::Sets> || std::is_same_v<T, testing::Maps> ||
                            std::is_same_v<T, testing::Nested> || std::is_same_v<T, testing::Keys>;
template <class T>
constexpr bool holds_raw = std::is_same_v<T, testing::Captured> || std::is_same_v<T, testing::KeepsRaw>;

template <class Door, class T>
void same_bytes(const Schema& schema, const T& sample) {
  Value value;
  Buffer expected;
  if (!to_value_into(sample, value) || !Door::append_to(sample, expected)) return;
  const auto made = encode(schema, Door::format(), value);
  ASSERT_TRUE(made) << made.error().message() << "\n" << json::encode(schema);
  if (made->text() != expected.text()) {
    // A Raw keeps the spelling that it came in, which a Value does not tell.
    EXPECT_TRUE(holds_raw<T>) << shown(*made) << "\n" << shown(expected) << "\n" << json::encode(schema);
    EXPECT_EQ(Door::format().decode(made->bytes(), {}).value(), Door::format().decode(expected.bytes(), {}).value());
  }
  const auto completed = complete(schema, value);
  ASSERT_TRUE(completed) << completed.error().message();
  EXPECT_EQ(*completed, value);
}

// True when a codec or a validator of the program has a word in it, of which the Schema knows nothing.
bool is_checked(const TypeSchema& type) {
  return type.checked || type.kind == TypeKind::ext || std::ranges::any_of(type.parts, is_checked);
}
bool is_checked(const Schema& schema) {
  return is_checked(schema.type) || std::ranges::any_of(schema.structs, [](const StructSchema& each) {
           return each.checked || std::ranges::any_of(each.members, [](const auto& member) { return is_checked(member.type); });
         });
}

template <class Door, class T>
void crosses(const Schema& schema, const Value& sample, const std::string& name) {
  const std::string shown_sample = name + ": " + json::encode(sample) + "\n" + json::encode(schema);
  const auto bytes = encode(schema, Door::format(), sample);
  ASSERT_TRUE(bytes) << bytes.error().message() << "\n" << shown_sample;
  T decoded{};
  const auto done = Door::decode_into(bytes->bytes(), decoded);
  if (is_checked(schema)) return;  // A codec may refuse it, or make something else of it.
  ASSERT_TRUE(done) << done.error().message() << "\n" << shown_sample;
  const Value back = to_value(decoded, {.order = has_hashed<T> ? Order::deterministic : Order::as_held});
  EXPECT_EQ(back, sample) << shown_sample << "\n" << json::encode(back);
  Buffer again;
  ASSERT_TRUE(Door::append_to(decoded, again));
  if (!has_hashed<T>) {
    EXPECT_EQ(again.text(), bytes->text()) << shown_sample;
  }
}

template <class Door>
struct EachSample {
  std::uint64_t seed = test::random_seed();
  std::size_t count = 0;

  template <class T>
  void operator()(testing::Sample<T>) {
    const Schema schema = describe<T>();
    for (const T& sample : testing::samples<T>()) {
      same_bytes<Door>(schema, sample);
      ++count;
    }
    const auto edges = edge_samples(schema);
    ASSERT_TRUE(edges) << edges.error().message() << "\n" << json::encode(schema);
    for (const auto& [name, value] : *edges) crosses<Door, T>(schema, value, name);
    for (std::uint64_t i = 0; i < 50; ++i) {
      const auto value = random_sample(schema, seed + i);
      ASSERT_TRUE(value) << value.error().message() << "\n" << json::encode(schema);
      EXPECT_EQ(random_sample(schema, seed + i).value(), *value);
      crosses<Door, T>(schema, *value, "random");
    }
  }
};

template <class Door>
class SchemaWriter : public ::testing::Test {};
using Doors = ::testing::Types<Json, MessagePack>;
TYPED_TEST_SUITE(SchemaWriter, Doors);

TYPED_TEST(SchemaWriter, writes_the_bytes_of_the_compiled_encoder_for_every_sample) {
  EachSample<TypeParam> each;
  testing::for_each_sample<TypeParam::Reader::traits, true>(each);
  EXPECT_GT(each.count, 100u);
}

TYPED_TEST(SchemaWriter, writes_the_bytes_of_the_compiled_encoder_for_every_shape) {
  EachSample<TypeParam> each;
  testing::ShapeSamples::each<typename TypeParam::Reader>(each);
  EXPECT_GT(each.count, 70u);
}

// ---- what a Value may look like besides ----

struct Note {
  std::string text;
  std::int16_t rank = 3;
  Bytes payload;
  std::map<std::int32_t, float> marks;
  std::optional<double> score;
  Unset<bool> seen;
  using wire = Rules<defaulted_from<&Note::rank>, member<&Note::payload, hex>>;
};

const Schema& note() {
  static const Schema schema = describe<Note>();
  return schema;
}

std::string json_of(const Schema& schema, std::string_view value) {
  auto bytes = encode(schema, json::format(), json::decode<Value>(value).value());
  return bytes ? std::string(bytes->text()) : bytes.error().message();
}

TEST(SchemaWriterValues, absent_members_take_their_defaults) {
  EXPECT_EQ(json_of(note(), R"({"text":"a"})"), R"({"text":"a","rank":3,"payload":"","marks":{},"score":null})");
}

TEST(SchemaWriterValues, the_json_form_of_a_value_is_understood_in_every_format) {
  const Note whole{"a", 4, {std::byte{0xab}}, {{7, 0.1f}, {-2, 2.0f}}, 1.0, true};
  const Value from_json = json::decode<Value>(json::encode(whole)).value();
  Buffer expected;
  ASSERT_TRUE(msgpack::append_to(whole, expected));
  const auto made = encode(note(), msgpack::format(), from_json);
  ASSERT_TRUE(made) << made.error().message();
  // Entries of maps are in the order of the Value, which is that of the text here.
  EXPECT_EQ(made->text(), expected.text());
}

TEST(SchemaWriterValues, what_the_type_cannot_hold_is_refused_with_its_path) {
  EXPECT_EQ(json_of(note(), R"({"text":1})"), "Expected `str`, got `int` - at `$.text`");
  EXPECT_EQ(json_of(note(), R"({"text":"","rank":32768})"), "Integer value out of range - at `$.rank`");
  EXPECT_EQ(json_of(note(), R"({"text":"","marks":{"1":"x"}})"), "Expected `float`, got `str` - at `$.marks[...]`");
  EXPECT_EQ(json_of(note(), R"({"text":"","payload":"zz"})"), "Invalid text of bytes - at `$.payload`");
  EXPECT_EQ(json_of(note(), R"({"text":"","colour":1})"), "Object contains unknown field `colour`");
  EXPECT_EQ(json_of(note(), "{}"), "Object missing required field `text`");
  EXPECT_EQ(json_of(note(), "[]"), "Expected `object`, got `array`");
}

// ---- samples ----

struct Bounded {
  std::uint8_t small;
  std::int64_t stepped;
  double ratio;
  std::string code;
  std::vector<std::string> names;
  std::chrono::year_month_day day{};
  Decimal price;
  std::unique_ptr<Bounded> next;
  using wire =
      Rules<member<&Bounded::small, between(250, 252)>, member<&Bounded::stepped, ge(-7), multiple_of(5)>,
            member<&Bounded::ratio, gt(0), lt(0.001)>, member<&Bounded::code, pattern<"^(ab|[0-9]{3})+-?$">, max_length(9)>,
            member<&Bounded::names, min_length(2), max_length(2)>, member<&Bounded::day, gt("2024-02-28"), lt("2024-03-01")>,
            member<&Bounded::price, gt("0.5"), le("0.51")>>;
};

TEST(Samples, keep_bounds_lengths_and_patterns) {
  const Schema schema = describe<Bounded>();
  const auto edges = edge_samples(schema).value();
  for (const auto& [name, value] : edges) crosses<Json, Bounded>(schema, value, name);
  for (std::uint64_t i = 0; i < 500; ++i) crosses<Json, Bounded>(schema, random_sample(schema, i).value(), "random");
}

struct Small {
  bool on;
  std::uint8_t level = 3;
  std::variant<std::int8_t, std::string> either;
  using wire = Rules<member<&Small::level, defaulted>>;
};

TEST(Samples, the_edges_are_always_the_same) {
  std::string all;
  const auto edges = edge_samples(describe<Small>()).value();
  for (const auto& [name, value] : edges) all += name + " " + json::encode(value) + "\n";
  EXPECT_EQ(all, R"(smallest {"on":false,"level":0,"either":-128}
largest {"on":true,"level":255,"either":"eabZ0 _\"\\"}
defaults {"on":false,"level":3,"either":-128}
choice_1 {"on":true,"level":1,"either":"b"}
)");
}

struct None {
  std::int32_t none;
  using wire = Rules<member<&None::none, gt(5), lt(6)>>;
};

TEST(Samples, what_no_value_fits_is_an_error) {
  EXPECT_EQ(edge_samples(describe<None>()).error().message(),
            "No value was found that fits the schema: the rules of a `int` leave none");
  const TypeSchema self{.kind = TypeKind::structure, .name = "Self"};
  const Schema endless{.type = self, .structs = {{.name = "Self", .members = {{.name = "self", .type = self}}}}};
  EXPECT_FALSE(random_sample(endless, 1));
}

// ---- schemas of others ----

TEST(SchemaWriterSchemas, one_that_lacks_a_definition_or_a_part_is_refused) {
  Schema schema;
  schema.type.kind = TypeKind::structure;
  schema.type.name = "Gone";
  EXPECT_EQ(json_of(schema, "{}"), "The schema has no struct `Gone`");
  schema.type.kind = TypeKind::enumeration;
  EXPECT_EQ(json_of(schema, "1"), "The schema has no enum `Gone`");
  for (const TypeKind kind : {TypeKind::optional, TypeKind::array, TypeKind::set, TypeKind::map}) {
    schema.type.kind = kind;
    EXPECT_EQ(json_of(schema, "[1]"), "A type of the schema lacks its parts") << name_of(kind);
  }
}

TEST(SchemaWriterSchemas, nesting_has_a_limit) {
  struct Chain {
    std::unique_ptr<Chain> next;
  };
  const Schema schema = describe<Chain>();
  const auto nested = [](int depth) {
    Value value;
    for (int i = 0; i < depth; ++i) value = Value(Value::Map{{Value("next"), std::move(value)}});
    return value;
  };
  EXPECT_TRUE(encode(schema, json::format(), nested(512)));
  EXPECT_EQ(encode(schema, json::format(), nested(513)).error().code(), ErrorCode::depth_limit);
  TypeSchema deep;
  for (int i = 0; i < 5000; ++i) {
    TypeSchema around;
    around.kind = TypeKind::optional;
    around.parts.push_back(std::move(deep));
    deep = std::move(around);
  }
  EXPECT_EQ(encode({.type = deep}, json::format(), Value(1)).error().code(), ErrorCode::depth_limit);
}

TEST(SchemaWriterSchemas, alternatives_tried_in_vain_have_a_limit) {
  TypeSchema tried{.kind = TypeKind::variant, .parts = std::vector<TypeSchema>(1000), .first_match = true};
  for (TypeSchema& part : tried.parts) part.kind = TypeKind::null;
  const Schema schema{.type = {.kind = TypeKind::array, .parts = {tried}}};
  EXPECT_TRUE(encode(schema, json::format(), Value(Value::Array(200))));
  tried.parts.back().kind = TypeKind::integer;
  const Schema last{.type = {.kind = TypeKind::array, .parts = {tried}}};
  EXPECT_TRUE(encode(last, json::format(), Value(Value::Array(50, Value(1)))));
  EXPECT_EQ(encode(last, json::format(), Value(Value::Array(200, Value(1)))).error().code(), ErrorCode::size_limit);
}

}  // namespace
}  // namespace structwire::contract
