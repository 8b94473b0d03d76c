// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/unknown_alternative.hpp>

#include <cstdint>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include <structwire/core/convert.hpp>
#include <structwire/core/rules.hpp>

namespace structwire {
namespace {

struct Get {
  std::string key;
  using wire = Rules<tag<"get">>;
};
struct GetItems {
  std::string key;
  using wire = Rules<tag<"get">, array_like>;
};

using Known = std::variant<Get, UnknownAlternative>;
using KnownItems = std::variant<GetItems, UnknownAlternative>;
using KnownOrNumber = std::variant<Get, std::int64_t, UnknownAlternative>;

// Found by the fuzzer `msgpack`.
TEST(UnknownAlternative, a_value_without_a_tag_is_refused_by_its_kind) {
  const Value items(Value::Array{Value(1)});
  const Value map(Value::Map{{Value("key"), Value("k")}});
  EXPECT_EQ(convert<Known>(items).error().message(), "Expected `object`, got `array`");
  EXPECT_EQ(convert<Known>(Value("text")).error().message(), "Expected `object`, got `str`");
  EXPECT_EQ(convert<KnownOrNumber>(items).error().code(), ErrorCode::type_mismatch);
  EXPECT_EQ(convert<KnownItems>(map).error().code(), ErrorCode::type_mismatch);
  EXPECT_EQ(convert<Known>(map).error().message(), "Object missing required field `type`");
}

}  // namespace
}  // namespace structwire
