// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/type_info.hpp>

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <variant>

#include <structwire/core/decimal.hpp>
#include <structwire/core/time.hpp>

namespace structwire::contract {
namespace {

class Path {
 public:
  Path() = default;
  explicit Path(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace
}  // namespace structwire::contract

template <>
struct structwire::codec_for<structwire::contract::Path> {
  using wire_type = std::string;
  static std::string to_wire(const contract::Path& path) { return path.text(); }
  static contract::Path from_wire(const std::string& text) { return contract::Path(text); }
};

namespace structwire::contract {
namespace {

enum class Color { red };

struct Leaf {
  std::string text;
  using wire = Rules<tag<"leaf">>;
};
struct Order {
  std::int64_t order_id;
  Unset<std::optional<double>> limit;
  std::optional<std::string> note;
  Color color = Color::red;
  using wire = Rules<rename(NameStyle::camel), member<&Order::color, defaulted>>;
};

}  // namespace
}  // namespace structwire::contract

template <>
inline constexpr auto structwire::enum_values<structwire::contract::Color> =
    structwire::by_name<structwire::contract::Color::red>;

namespace structwire::contract {
namespace {

template <class T>
std::string text_of() {
  return structwire::type_info<T>().type;
}

TEST(TypeInfo, types_are_told_in_portable_words) {
  EXPECT_EQ((text_of<std::map<std::string, std::optional<Annotated<std::int64_t, ge(0)>>>>()),
            "map<str, int[ge=0] | null>");
  EXPECT_EQ(text_of<std::uint16_t>(), "uint16");
  EXPECT_EQ(text_of<float>(), "float32");
  EXPECT_EQ((text_of<Annotated<std::int64_t, gt(-10), le(50), multiple_of(3)>>()), "int[gt=-10, le=50, multiple_of=3]");
  EXPECT_EQ((text_of<Annotated<double, ge(-180.0), lt(5)>>()), "float[ge=-180.0, lt=5]");
  EXPECT_EQ((text_of<Annotated<std::string, min_length(1), pattern<"^it's\\.$">>>()),
            "str[min_length=1, pattern='^it\\'s\\\\.$']");
  EXPECT_EQ((text_of<Annotated<DateTime, aware>>()), "datetime[tz=True]");
  EXPECT_EQ(text_of<std::chrono::microseconds>(), "duration");
  EXPECT_EQ(text_of<std::chrono::milliseconds>(), "duration[tick=1/1000]");
  EXPECT_EQ((text_of<std::chrono::duration<std::uint32_t>>()), "duration[tick=1, bits=32, unsigned]");
  EXPECT_EQ(text_of<std::chrono::sys_seconds>(), "datetime[tz=True, tick=1]");
  EXPECT_EQ((text_of<Annotated<Bytes, hex, max_length(4)>>()), "bytes[max_length=4, text=hex]");
  EXPECT_EQ((text_of<Annotated<Decimal, gt("0.5")>>()), "decimal[gt=\"0.5\"]");
  EXPECT_EQ((text_of<Literal<nullptr, 1, "a", true>>()), "literal(null, 1, \"a\", true)");
  EXPECT_EQ((text_of<std::variant<std::monostate, Leaf, std::int64_t>>()), "Leaf | int | null");
  EXPECT_EQ((text_of<std::array<std::set<Color>, 2>>()), "array<set<enum Color>, 2>");
  EXPECT_EQ((text_of<std::tuple<>>()), "tuple<>");
  EXPECT_EQ(text_of<std::optional<Path>>(), "custom(Path: str) | null");
  EXPECT_EQ((text_of<std::optional<Value>>()), "any");
  EXPECT_EQ((text_of<Annotated<std::int64_t, title<"Id">, schema_extra<R"({"examples":[1]})">>>()),
            R"(int {schema: {"title":"Id","examples":[1]}})");
}

TEST(TypeInfo, members_of_a_struct_are_listed) {
  const TypeInfo info = structwire::type_info<Order>();
  EXPECT_EQ(info.type, "Order");
  ASSERT_EQ(info.members.size(), 4u);
  EXPECT_EQ(info.members[0], (MemberInfo{"order_id", "orderId", "int", true, {}}));
  EXPECT_EQ(info.members[1], (MemberInfo{"limit", "limit", "float | null | unset", false, {}}));
  EXPECT_EQ(info.members[2], (MemberInfo{"note", "note", "str | null", false, Value()}));
  EXPECT_EQ(info.members[3], (MemberInfo{"color", "color", "enum Color", false, Value("red")}));
}

TEST(TypeInfo, it_survives_json) {
  const TypeInfo info = structwire::type_info<Order>();
  const auto back = json::decode<TypeInfo>(json::encode(info));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(*back, info);
}

}  // namespace
}  // namespace structwire::contract
