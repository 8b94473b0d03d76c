// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/contract_fingerprint.hpp>

#include <gtest/gtest.h>

#include <structwire/contract/avro_canonical.hpp>
#include <structwire/contract/checksum.hpp>

namespace structwire {
namespace {

struct Order {
  std::int64_t id;
  int priority = 3;
  using wire = Rules<member<&Order::priority, defaulted>>;
};
struct OrderRenamedInProgram {
  std::int64_t number;
  int priority = 3;
  using wire = Rules<member<&OrderRenamedInProgram::number, name<"id">, description<"For people.">>,
                     member<&OrderRenamedInProgram::priority, defaulted>, title<"Order">>;
};
struct OrderBounded {
  std::int64_t id;
  int priority = 3;
  using wire = Rules<member<&OrderBounded::id, ge(0)>, member<&OrderBounded::priority, defaulted>>;
};
struct OrderOfOtherDefault {
  std::int64_t id;
  int priority = 4;
  using wire = Rules<member<&OrderOfOtherDefault::priority, defaulted>>;
};
struct OrderStrict {
  std::int64_t id;
  int priority = 3;
  using wire = Rules<member<&OrderStrict::priority, defaulted>, forbid_unknown_fields>;
};
struct OrderAliased {
  std::int64_t id;
  int priority = 3;
  using wire = Rules<member<&OrderAliased::id, alias<"number">>, member<&OrderAliased::priority, defaulted>>;
};
struct Tree {
  std::string label;
  std::vector<Tree> children;
};

template <class T>
std::string print() {
  return fingerprint_text(contract_fingerprint<T>());
}

TEST(ContractFingerprint, is_the_digest_of_a_text_without_names_of_the_program) {
  EXPECT_EQ(contract::canonical_text(contract::describe<Tree>()),
            R"({"type":{"kind":"struct","name":"0"},"structs":[{"name":"0","members":[)"
            R"({"name":"label","number":1,"type":{"kind":"str"}},)"
            R"({"name":"children","number":2,"type":{"kind":"array","parts":[{"kind":"struct","name":"0"}]}}]}]})");
  EXPECT_EQ(contract_fingerprint<Tree>(), sha256::digest(contract::canonical_text(contract::describe<Tree>())));
  EXPECT_EQ(print<Tree>().size(), 64u);
}

TEST(ContractFingerprint, does_not_change_with_what_is_for_people) {
  EXPECT_EQ(print<Order>(), print<OrderRenamedInProgram>());
}

TEST(ContractFingerprint, changes_with_constraints_defaults_and_policies) {
  EXPECT_EQ(wire_fingerprint<Order>, wire_fingerprint<OrderBounded>);
  EXPECT_NE(print<Order>(), print<OrderBounded>());
  EXPECT_NE(print<Order>(), print<OrderOfOtherDefault>());
  EXPECT_NE(print<Order>(), print<OrderStrict>());
  EXPECT_NE(print<Order>(), print<OrderAliased>());
}

// From Avro's own share/test/data/schema-tests.txt.
TEST(AvroFingerprint, gives_the_values_of_avro) {
  static_assert(avro_fingerprint("") == 0xc15d213aa4d7a795);
  const auto print = [](std::string_view text) {
    const auto canonical = avro_canonical_form(json::decode<Value>(text).value());
    return canonical ? static_cast<std::int64_t>(avro_fingerprint(*canonical)) : 0;
  };
  EXPECT_EQ(print(R"("null")"), 7195948357588979594);
  EXPECT_EQ(print(R"({"type":"null"})"), 7195948357588979594);
  EXPECT_EQ(print(R"("boolean")"), -6970731678124411036);
  EXPECT_EQ(print(R"("int")"), 8247732601305521295);
  EXPECT_EQ(print(R"("long")"), -3434872931120570953);
  EXPECT_EQ(print(R"("float")"), 5583340709985441680);
  EXPECT_EQ(print(R"("double")"), -8181574048448539266);
  EXPECT_EQ(print(R"("bytes")"), 5746618253357095269);
  EXPECT_EQ(print(R"("string")"), -8142146995180207161);
}

TEST(AvroFingerprint, is_of_the_parsing_canonical_form) {
  const auto form = [](std::string_view text) {
    const auto canonical = avro_canonical_form(json::decode<Value>(text).value());
    return canonical ? *canonical : canonical.error().message();
  };
  EXPECT_EQ(form(R"({"fields":[{"default":1,"type":{"type":"int","logicalType":"date"},"name":"day","doc":"x"},
                     {"name":"next","type":["null","Node"]},{"name":"far","type":"other.Thing"}],
                    "type":"record","namespace":"a.b","name":"Node","aliases":["Old"]})"),
            R"({"name":"a.b.Node","type":"record","fields":[{"name":"day","type":"int"},)"
            R"({"name":"next","type":["null","a.b.Node"]},{"name":"far","type":"other.Thing"}]})");
  EXPECT_EQ(form(R"({"type":"map","values":{"type":"array","items":{"type":"enum","symbols":["A","B"],"name":"x.E"}}})"),
            R"({"type":"map","values":{"type":"array","items":{"name":"x.E","type":"enum","symbols":["A","B"]}}})");
  EXPECT_EQ(form(R"({"size":16,"name":"Hash","type":"fixed"})"), R"({"name":"Hash","type":"fixed","size":16})");
  EXPECT_EQ(form(R"({"type":"record","name":"R"})"), "An Avro record has no fields");
  std::string deep = R"("int")";
  for (int i = 0; i < 200; ++i) deep = R"({"type":"array","items":)" + deep + "}";
  EXPECT_EQ(form(deep), "An Avro schema is nested too deeply");
}

}  // namespace
}  // namespace structwire
