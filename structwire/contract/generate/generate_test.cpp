// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/generate.hpp>

#include <gtest/gtest.h>

#include <structwire/contract/describe.hpp>
#include <structwire/contract/generate/generate_outline.hpp>

namespace structwire::contract {
namespace {

struct Leaf {
  std::string text;
};
struct Counter {
  std::uint64_t count;
};
struct Branch {
  std::vector<Leaf> leaves;
  Counter counter;
};
struct Anything {
  Value value;
};
struct Secret {
  Bytes key;
  using wire = Rules<member<&Secret::key, hex>>;
};
struct Circle {
  double radius;
};
struct Box {
  double width;
};
struct Guess {
  std::variant<Circle, Box> shape;
  using wire = Rules<member<&Guess::shape, first_match>>;
};
struct Numbered {
  std::int64_t low;
  std::int64_t high;
  using wire = Rules<member<&Numbered::high, number<19'005>>>;
};

std::string message_of(const Result<std::string>& result) { return result ? "" : result.error().message(); }

template <class T>
std::string refusal(Result<std::string> (*generate)(std::span<const Schema>)) {
  const Schema schema = describe<T>();
  const auto text = generate({&schema, 1});
  EXPECT_EQ(text ? ErrorCode::none : text.error().code(), ErrorCode::unsupported);
  return message_of(text);
}

Schema leaf() { return describe<Leaf>(); }

TEST(Merge, equal_definitions_become_one_and_each_contract_stays_a_root) {
  const std::array both{describe<Branch>(), describe<Leaf>(), describe<Leaf>()};
  const auto merged = merge(both);
  ASSERT_TRUE(merged.has_value());
  EXPECT_EQ(merged->structs.size(), 3u);
  EXPECT_EQ(merged->roots.size(), 2u);
}

TEST(Merge, two_definitions_of_one_name_are_refused) {
  std::array both{describe<Branch>(), leaf()};
  both[1].structs.front().members.front().name = "other";
  EXPECT_EQ(merge(both).error().message(), "Two contracts have different definitions of Leaf");
}

TEST(Merge, a_schema_from_a_file_is_checked) {
  const auto refusal_of = [](auto change) {
    Schema schema = leaf();
    change(schema);
    const auto merged = merge({&schema, 1});
    return merged ? std::string() : merged.error().message();
  };
  EXPECT_EQ(refusal_of([](Schema&) {}), "");
  EXPECT_EQ(refusal_of([](Schema& each) { each.type.name = "Nobody"; }), "No struct has the name Nobody - at `$`");
  EXPECT_EQ(refusal_of([](Schema& each) { each.structs.front().members.front().type.kind = TypeKind::map; }),
            "A type with another number of parts - at `Leaf.text`");
  EXPECT_EQ(
      refusal_of([](Schema& each) { each.structs.front().members.push_back(each.structs.front().members.front()); }),
      "Two members of one name - at `Leaf.text`");
  EXPECT_EQ(refusal_of([](Schema& each) {
              TypeSchema& type = each.structs.front().members.front().type;
              for (std::size_t i = 0; i <= type_depth_max; ++i) {
                TypeSchema around;
                around.kind = TypeKind::array;
                around.parts.push_back(type);
                type = std::move(around);
              }
            }),
            "Types nest deeper than 64 - at `Leaf.text`");
  EXPECT_EQ(refusal_of([](Schema& each) {
              while (each.structs.size() <= definitions_max) {
                each.structs.emplace_back().name = "S" + std::to_string(each.structs.size());
              }
            }),
            "A contract of more than 2000 definitions");
  EXPECT_EQ(refusal_of([](Schema& each) { each.enums.emplace_back().name = "None"; }),
            "An enum without values - at `None`");
}

TEST(Generate, what_a_target_cannot_express_is_an_error_that_names_the_place) {
  EXPECT_EQ(refusal<Branch>(generate_avro),
            "Avro has no unsigned integers of 64 bits; a bound of at most 9223372036854775807 makes it a long - at "
            "`Counter.count`");
  EXPECT_EQ(refusal<Anything>(generate_proto), "proto3 has no field for a value of any type - at `Anything.value`");
  EXPECT_EQ(refusal<Anything>(generate_avro), "Avro has no type for a value of any type - at `Anything.value`");
  EXPECT_EQ(refusal<Secret>(generate_msgspec), "msgspec has no other text form of bytes than base64 - at `Secret.key`");
  EXPECT_EQ(refusal<Guess>(generate_msgspec),
            "msgspec has no union whose alternatives are tried in turn - at `Guess.shape`");
  EXPECT_EQ(refusal<Ext>(generate_typescript), "JSON has no MessagePack extensions - at `$`");
  EXPECT_EQ(refusal<Numbered>(generate_proto),
            "19000 to 19999 are Protocol Buffers' own numbers, not 19005 - at `Numbered.high`");
}

TEST(Generate, text_from_a_schema_stays_text) {
  Schema schema = leaf();
  StructSchema& root = schema.structs.front();
  root.description = "End\"\"\"\n*/ // \\";
  root.members.front().type.description = "*/ \"\n\x01";
  root.members.front().declared_name = "text";
  root.members.front().name = "a\"b\\\n";
  for (const Generator& generator : generators()) {
    const auto text = generator.generate({&schema, 1});
    ASSERT_TRUE(text.has_value()) << generator.name;
    // The compilers of tests/contract/generated see more; here: nothing ends early, and no control character is left.
    EXPECT_EQ(text->find('\x01'), std::string::npos) << generator.name;
  }
  const auto python = generate_msgspec({&schema, 1});
  EXPECT_NE(python->find("\"\"\"End\\\"\\\"\\\"\n    */ // \\\\\"\"\""), std::string::npos) << *python;
  EXPECT_NE(python->find("name=\"a\\\"b\\\\\\n\""), std::string::npos) << *python;
  const auto typescript = generate_typescript({&schema, 1});
  EXPECT_EQ(typescript->find("*/ //"), std::string::npos) << *typescript;
}

TEST(Generate, every_generator_is_in_the_table_and_says_the_same_twice) {
  const std::array contracts{leaf(), describe<Circle>()};
  EXPECT_EQ(generators().size(), 6u);
  for (const Generator& generator : generators()) {
    EXPECT_EQ(find_generator(generator.name), &generator);
    const auto first = generator.generate(contracts);
    ASSERT_TRUE(first.has_value()) << generator.name;
    EXPECT_EQ(*first, *generator.generate(contracts));
    EXPECT_TRUE(first->ends_with("\n") && !first->ends_with("\n\n")) << generator.name;
    EXPECT_NE(first->find("Leaf"), std::string::npos);
    EXPECT_NE(first->find("Circle"), std::string::npos);
  }
  EXPECT_EQ(find_generator("cobol"), nullptr);
}

}  // namespace

namespace generation {
namespace {

TEST(Generate, fingerprints_stand_beside_their_classes) {
  const std::array both{describe<Branch>(), describe<std::vector<Leaf>>(), describe<Leaf>()};
  const std::array<Fingerprint, 3> fingerprints{0x0123456789abcdef, 2, 0};
  EXPECT_EQ(generate_msgspec_fingerprints(both, fingerprints).value(),
            "\n\n# By these a message says what its payload is.\nWIRE_FINGERPRINTS: dict[type, int] = {\n"
            "    Branch: 0x0123456789abcdef,\n}\n");
  EXPECT_EQ(generate_msgspec_fingerprints(both, {}).value(), "");
}

TEST(GenerateNames, are_identifiers_and_stay_apart) {
  EXPECT_EQ(identifier("Page<int>"), "Page_int");
  EXPECT_EQ(identifier("a::(anonymous namespace)::Leaf"), "a_Leaf");
  EXPECT_EQ(identifier("2nd"), "_2nd");
  EXPECT_EQ(identifier("ключ"), "unnamed");
  EXPECT_EQ(upper_snake("LightGreen"), "LIGHT_GREEN");
  EXPECT_EQ(title_case("light_green"), "LightGreen");
  Names names;
  EXPECT_EQ(names.take("a"), "a");
  EXPECT_EQ(names.take("a"), "a_2");
  EXPECT_EQ(names.take("a"), "a_3");
}

TEST(GenerateBounds, the_tightest_of_rules_and_width_counts) {
  TypeSchema type;
  type.kind = TypeKind::integer;
  type.bits = 16;
  type.ge = Value(-5);
  type.gt = Value(-5);
  type.lt = Value(100'000);
  const Range range = range_of(type);
  EXPECT_EQ(range.low->limit, Value(-4));
  EXPECT_FALSE(range.low->is_exclusive);
  EXPECT_EQ(range.high->limit, Value(32'767));
}

}  // namespace
}  // namespace generation
}  // namespace structwire::contract
