// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/json_schema.hpp>

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <variant>

#include <structwire/contract/json_schema/json_schema_text.hpp>
#include <structwire/core/date.hpp>
#include <structwire/core/decimal.hpp>
#include <structwire/core/pattern.hpp>
#include <structwire/core/time.hpp>
#include <structwire/core/uuid.hpp>

namespace structwire::contract {
namespace {

enum class Shade { dark, light };
enum class Size { small = 1, big = 10 };
enum class Mood { good, other };

}  // namespace
}  // namespace structwire::contract

template <>
inline constexpr auto structwire::enum_values<structwire::contract::Shade> =
    structwire::by_name<structwire::contract::Shade::light, structwire::contract::Shade::dark, structwire::ignore_case>;
template <>
inline constexpr auto structwire::enum_values<structwire::contract::Size> =
    structwire::by_value<structwire::contract::Size::big, structwire::contract::Size::small>;
template <>
inline constexpr auto structwire::enum_values<structwire::contract::Mood> =
    structwire::by_name<structwire::contract::Mood::good, structwire::catch_all<structwire::contract::Mood::other>>;

namespace structwire::contract {
namespace {

struct Get {
  std::string key;
  using wire = Rules<tag<"get">>;
};
struct Put {
  std::string key;
  std::int64_t value = 0;
  using wire = Rules<tag<"put">, member<&Put::value, defaulted>>;
};
struct Pair {
  std::int32_t first;
  std::optional<std::string> second;
  using wire = Rules<array_like, forbid_unknown_fields>;
};
struct Account {
  std::int64_t id;
  std::string name;
  Unset<double> rate;
  std::string note = "-";
  Bytes secret;
  using wire = Rules<member<&Account::name, alias<"label", "title">, title<"Name">>,
                     member<&Account::id, encode_only>, member<&Account::note, defaulted, description<"Free text.">>,
                     member<&Account::secret, hex, decode_only, max_length(4)>, forbid_unknown_fields,
                     description<"Who pays.">, schema_extra<R"({"examples":[{"name":"a"}]})">>;
};
struct Extended {
  std::vector<Ext> extensions;
};
struct Tree {
  std::vector<Tree> children;
};
template <class T>
struct Page {
  std::vector<T> items;
};

// What stands there is compared as a Value: the order of keywords says nothing.
template <class T>
void expect_schema(std::string_view expected, const JsonSchemaOptions& options = {}) {
  const auto made = structwire::json_schema<T>(options);
  ASSERT_TRUE(made) << made.error().message();
  const auto wanted = json::decode<Value>(expected);
  ASSERT_TRUE(wanted) << wanted.error().message();
  EXPECT_EQ(json::decode<Value>(*made).value(), *wanted) << *made;
}
constexpr JsonSchemaOptions written{.side = SchemaSide::encode};

TEST(JsonSchema, numbers_have_their_range_where_it_is_not_that_of_64_bits) {
  expect_schema<std::int64_t>(R"({"type":"integer"})");
  expect_schema<std::int8_t>(R"({"type":"integer","minimum":-128,"maximum":127})");
  expect_schema<std::uint32_t>(R"({"type":"integer","minimum":0,"maximum":4294967295})");
  expect_schema<std::uint64_t>(R"({"type":"integer","minimum":0})");
  expect_schema<Annotated<std::uint8_t, gt(3)>>(R"({"type":"integer","exclusiveMinimum":3,"maximum":255})");
  expect_schema<Annotated<std::int8_t, ge(-1000), le(5)>>(R"({"type":"integer","minimum":-128,"maximum":5})");
  expect_schema<Annotated<double, ge(0.5), lt(2.0), multiple_of(0.25)>>(
      R"({"type":"number","minimum":0.5,"exclusiveMaximum":2.0,"multipleOf":0.25})");
}

TEST(JsonSchema, texts_with_a_grammar_have_it_as_a_pattern) {
  const auto pattern_of = [](const auto& made) { return json::decode<Value>(made.value())->find("pattern") != nullptr; };
  EXPECT_TRUE(pattern_of(structwire::json_schema<DateTime>()));
  EXPECT_TRUE(pattern_of(structwire::json_schema<Uuid>()));
  EXPECT_TRUE(pattern_of(structwire::json_schema<Bytes>()));
  EXPECT_FALSE(pattern_of(structwire::json_schema<std::string>()));
  expect_schema<Annotated<Bytes, hex, min_length(1), max_length(4)>>(
      R"({"type":"string","contentEncoding":"base16","minLength":2,"maxLength":8,"pattern":"^(?:[0-9A-Fa-f]{2})*$"})");
  const auto decimal = json::decode<Value>(structwire::json_schema<Annotated<Decimal, gt("0.5")>>().value());
  EXPECT_EQ(*decimal->find("type"), Value(Value::Array{"string", "number"}));
  EXPECT_EQ(*decimal->find("formatExclusiveMinimum"), Value("0.5"));
}

// Every text is taken or refused alike by the type's own parser and by the pattern.
template <class T>
void expect_same_texts(std::initializer_list<std::string_view> texts) {
  const Value schema = json::decode<Value>(structwire::json_schema<T>().value()).value();
  const std::string& pattern = *schema.find("pattern")->get_if<std::string>();
  const auto program = pattern_matching::parse(pattern);
  ASSERT_TRUE(program) << pattern;
  for (const std::string_view text : texts) {
    const bool decodes = json::decode<T>(json::encode(text)).has_value();
    EXPECT_EQ(pattern_matching::search(program->view(), text), decodes) << pattern << "\n" << text;
  }
}

TEST(JsonSchema, the_pattern_of_a_text_agrees_with_its_parser) {
  expect_same_texts<DateTime>({"2020-01-02T03:04:05", "2020-01-02 03:04:05.123Z", "2020-01-02t03:04:05+0130",
                               "2020-01-02T03:04:05-23:59", "2020-01-02T03:04:05+24:00", "2020-01-02T24:00:00",
                               "2020-13-02T03:04:05", "2020-01-02T03:04:60", "2020-01-02T03:04:05.", "2020-01-02",
                               "2020-01-02T03:04", "2020-01-02T03:04:05+01", ""});
  expect_same_texts<Annotated<DateTime, aware>>({"2020-01-02T03:04:05", "2020-01-02T03:04:05z"});
  expect_same_texts<Annotated<DateTime, naive>>({"2020-01-02T03:04:05", "2020-01-02T03:04:05z"});
  expect_same_texts<TimeOfDay>({"03:04:05", "23:59:59.9", "03:04:05Z", "03:04:05+01:00", "3:04:05", "03:04", "24:00:00"});
  expect_same_texts<std::chrono::year_month_day>({"2020-01-31", "2020-12-01", "2020-1-01", "2020-00-01", "2020-01-32"});
  expect_same_texts<std::chrono::microseconds>(
      {"P1D", "-P1D", "+p1d", "PT1S", "PT1.5S", "P1DT2H3M4S", "P1DT3M", "PT1H4S", "P1.5D", "PT1.5H", "PT1.5H2M", "P1.5DT1S",
       "P", "PT", "P1DT", "P1H", "PT1D", "P1W", "PT1S1M", "PT.5S", "PT1.S", "1D", ""});
  expect_same_texts<Uuid>({"12345678-1234-1234-1234-123456789abC", "12345678123412341234123456789abC", "12345678",
                           "1234567-81234-1234-1234-123456789abc", "12345678-1234-1234-1234-123456789abg"});
  expect_same_texts<Decimal>({"1", "-1.5", "+.5", "1.", ".", "1e5", "1E-5", "1e", "nan", "-sNaN12", "inf", "INFINITY",
                              "infin", "", "1_0", " 1", "0x1"});
  expect_same_texts<Bytes>({"", "AAAA", "AAA=", "AA==", "A===", "AAA", "AA=A", "A-_A", "AAAAAA==", "AA==AAAA"});
  expect_same_texts<Annotated<Bytes, base64url>>({"", "AAAA", "AAA=", "AAA", "AA", "AA==", "AA=", "A", "A+/A", "A-_A"});
  expect_same_texts<Annotated<Bytes, hex>>({"", "aA09", "a", "ag"});
}

TEST(JsonSchema, patterns_are_written_for_ecmascript) {
  EXPECT_EQ(ecma_pattern("^[a-z_][a-z0-9_-]*$"), "^[a-z_][a-z0-9_-]*$");
  EXPECT_EQ(ecma_pattern("\\Aa.b\\Z"), "^a[^\\n]b$");
  EXPECT_EQ(ecma_pattern("\\d{2}\\w+\\S"), "[0-9]{2}[A-Za-z0-9_]+[^ \\t\\n\\r\\f\\v]");
  EXPECT_EQ(ecma_pattern("[]a[\\d\\-]"), "[\\]a\\[0-9\\-]");
  EXPECT_EQ(ecma_pattern("[^]]"), "[^\\]]");
  EXPECT_EQ(ecma_pattern("a{,3}b{2,}c{x}{}"), "a{0,3}b{2,}c\\{x\\}\\{\\}");
  EXPECT_EQ(ecma_pattern("\\-\\.\\@\\x41"), "-\\.@\\x41");
  for (const std::string_view broken : {"\\", "[", "[a", "{", "a{1", "[\\"}) ecma_pattern(broken);
  EXPECT_EQ(any_case_pattern("a.Z9"), "^[Aa]\\.[Zz]9$");
}

TEST(JsonSchema, structs_are_definitions) {
  expect_schema<Tree>(R"({"$ref":"#/$defs/Tree","$defs":{"Tree":{"title":"Tree","type":"object","properties":
      {"children":{"type":"array","items":{"$ref":"#/$defs/Tree"}}},"required":["children"]}}})");
  expect_schema<Page<std::int64_t>>(R"({"$ref":"#/$defs/Page_int_","$defs":{"Page_int_":{"title":"Page[int]",
      "type":"object","properties":{"items":{"type":"array","items":{"type":"integer"}}},"required":["items"]}}})");
  expect_schema<Pair>(R"({"$ref":"#/$defs/Pair","$defs":{"Pair":{"title":"Pair","type":"array","prefixItems":[
      {"type":"integer","minimum":-2147483648,"maximum":2147483647},
      {"anyOf":[{"type":"string"},{"type":"null"}],"default":null}],"minItems":1,"maxItems":2}}})");
}

TEST(JsonSchema, what_is_read_and_what_is_written_differ) {
  expect_schema<Account>(R"({"$ref":"#/$defs/Account","$defs":{"Account":{"title":"Account","description":"Who pays.",
      "examples":[{"name":"a"}],"type":"object","properties":{
      "id":{"type":"integer","readOnly":true},
      "label":{"title":"Name","type":"string","deprecated":true},"title":{"title":"Name","type":"string","deprecated":true},
      "name":{"title":"Name","type":"string"},
      "rate":{"type":"number"},"note":{"description":"Free text.","type":"string","default":"-"},
      "secret":{"type":"string","contentEncoding":"base16","maxLength":8,"pattern":"^(?:[0-9A-Fa-f]{2})*$","writeOnly":true}},
      "required":["secret"],
      "allOf":[{"anyOf":[{"required":["name"]},{"required":["label"]},{"required":["title"]}]}],
      "additionalProperties":false}}})");
  expect_schema<Account>(R"({"$ref":"#/$defs/Account","$defs":{"Account":{"title":"Account","description":"Who pays.",
      "examples":[{"name":"a"}],"type":"object","properties":{
      "id":{"type":"integer","readOnly":true},"name":{"title":"Name","type":"string"},
      "rate":{"type":"number"},"note":{"description":"Free text.","type":"string","default":"-"}},
      "required":["id","name","note"],"additionalProperties":false}}})",
                         written);
  expect_schema<std::set<std::int64_t>>(R"({"type":"array","items":{"type":"integer"}})");
  expect_schema<std::set<std::int64_t>>(R"({"type":"array","items":{"type":"integer"},"uniqueItems":true})", written);
}

constexpr std::string_view get_and_put = R"("Get":{"title":"Get","type":"object","properties":{"type":{"enum":["get"]},
    "key":{"type":"string"}},"required":["key"]},"Put":{"title":"Put","type":"object","properties":{
    "type":{"enum":["put"]},"key":{"type":"string"},"value":{"type":"integer","default":0}},"required":["key"]})";

TEST(JsonSchema, a_union_asks_for_the_tag_that_a_struct_alone_may_leave_out) {
  const std::string choice = R"("anyOf":[{"$ref":"#/$defs/Get"},{"$ref":"#/$defs/Put"}],"required":["type"],
      "discriminator":{"propertyName":"type","mapping":{"get":"#/$defs/Get","put":"#/$defs/Put"}})";
  const std::string definitions = R"("$defs":{)" + std::string(get_and_put) + "}";
  expect_schema<std::variant<Get, Put>>("{" + choice + "," + definitions + "}");
  expect_schema<std::optional<std::variant<Get, Put, std::int64_t>>>(
      R"({"anyOf":[{"type":"integer"},{)" + choice + R"(},{"type":"null"}],)" + definitions + "}");
  const auto unknown = structwire::json_schema<std::variant<Get, UnknownAlternative>>();
  ASSERT_TRUE(unknown);
  EXPECT_NE(unknown->find(R"("not":{"enum":["get"]})"), unknown->npos) << *unknown;
}

TEST(JsonSchema, enums_list_their_values) {
  expect_schema<Size>(R"({"$ref":"#/$defs/Size","$defs":{"Size":{"title":"Size","enum":[1,10]}}})");
  expect_schema<Shade>(R"({"$ref":"#/$defs/Shade","$defs":{"Shade":{"title":"Shade","anyOf":[{"enum":["dark","light"]},
      {"type":"string","pattern":"^[Dd][Aa][Rr][Kk]$|^[Ll][Ii][Gg][Hh][Tt]$"}]}}})");
  expect_schema<Shade>(R"({"$ref":"#/$defs/Shade","$defs":{"Shade":{"title":"Shade","enum":["dark","light"]}}})", written);
  expect_schema<Mood>(R"({"$ref":"#/$defs/Mood","$defs":{"Mood":{"title":"Mood","anyOf":[{"enum":["good","other"]},
      {"type":"string"}]}}})");
}

TEST(JsonSchema, keys_of_maps_are_told_as_texts) {
  expect_schema<std::map<std::string, Value>>(R"({"type":"object"})");
  expect_schema<std::map<std::int64_t, Value>>(
      R"({"type":"object","propertyNames":{"pattern":"^-?(?:0|[1-9][0-9]*)$"}})");
  const auto keys = json::decode<Value>(structwire::json_schema<std::map<Decimal, Value>>().value());
  EXPECT_EQ(*keys->find("propertyNames")->find("pattern"), Value(decimal_key_pattern()));
  const auto program = pattern_matching::parse(decimal_key_pattern());
  ASSERT_TRUE(program);
  for (const std::string key : {"1", "-0.5", "1e5", "nan", "-Infinity", ".5", "1.", "+1", "sNaN", "01", "x"}) {
    const bool decodes = json::decode<std::map<Decimal, Value>>("{\"" + key + "\":1}").has_value();
    EXPECT_EQ(pattern_matching::search(program->view(), key), decodes) << key;
  }
  expect_schema<std::map<Size, bool>>(R"({"type":"object","propertyNames":{"enum":["1","10"]},
      "additionalProperties":{"type":"boolean"},"$defs":{"Size":{"title":"Size","enum":[1,10]}}})");
  expect_schema<std::map<Literal<"b", "a">, Value>>(R"({"type":"object","propertyNames":{"enum":["a","b"]}})");
  expect_schema<std::map<std::variant<std::int64_t, std::string>, Value>>(R"({"type":"object"})");
  expect_schema<std::map<Annotated<std::string, min_length(2)>, Value>>(
      R"({"type":"object","propertyNames":{"minLength":2}})");
}

TEST(JsonSchema, several_types_share_their_definitions) {
  const auto made = structwire::json_schema_components<std::vector<Get>, std::variant<Get, Put>>("#/components/schemas/{name}");
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(made->components.size(), 2u);
  ASSERT_EQ(made->schemas.size(), 2u);
  EXPECT_EQ(json_text(made->schemas.front()), R"({"type":"array","items":{"$ref":"#/components/schemas/Get"}})");
}

TEST(JsonSchema, the_draft_is_named_on_request) {
  expect_schema<bool>(R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"boolean"})",
                      {.names_draft = true});
}

TEST(JsonSchema, extensions_are_refused_with_their_place) {
  const auto made = structwire::json_schema<Extended>();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code(), ErrorCode::unsupported);
  EXPECT_EQ(made.error().message(),
            "JSON has no form for a MessagePack extension (`ext`): member `extensions` of `Extended`");
}

TEST(JsonSchema, a_broken_schema_is_an_error) {
  Schema schema;
  schema.type.kind = TypeKind::structure;
  schema.type.name = "Nobody";
  EXPECT_EQ(json_schema(schema).error().message(), "the Schema refers to `Nobody`, which it does not define");
  schema.type = {};
  schema.type.kind = TypeKind::map;
  EXPECT_EQ(json_schema(schema).error().code(), ErrorCode::malformed);
  TypeSchema deep;
  for (int i = 0; i < 600; ++i) {
    TypeSchema outer;
    outer.kind = TypeKind::array;
    outer.parts.push_back(std::move(deep));
    deep = std::move(outer);
  }
  schema.type = std::move(deep);
  EXPECT_EQ(json_schema(schema).error().code(), ErrorCode::malformed);
}

TEST(JsonSchema, names_that_become_equal_stay_apart) {
  Schema schema;
  schema.structs.resize(2);
  schema.structs[0].name = "Page<int>";
  schema.structs[1].name = "Page_int_";
  schema.type.kind = TypeKind::structure;
  schema.type.name = "Page_int_";
  EXPECT_EQ(*json_schema(schema)->find("$ref"), Value("#/$defs/Page_int__2"));
}

}  // namespace
}  // namespace structwire::contract
