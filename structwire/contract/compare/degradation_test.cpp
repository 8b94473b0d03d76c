// SPDX-License-Identifier: Apache-2.0
//
// Old code on new messages degrades, as the rule table says: a row here is a change of a struct, and what a program that
// does not know of it makes of a message from one that does. In JSON and in MessagePack; the check of contracts
// (contract/compare.hpp) has to expect the same.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <variant>

#include <structwire/contract/compare.hpp>
#include <structwire/contract/describe.hpp>
#include <structwire/core/unknown_alternative.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace degradation {

namespace sw = structwire;

// Renamed, with the old name still read.
struct Before {
  std::string id;
  std::string payload;
};
struct Renamed {
  std::string id;
  std::string data;
  using wire = sw::Rules<sw::member<&Renamed::data, sw::alias<"payload">>>;
};
// The name on the wire stays.
struct Pinned {
  std::string id;
  std::string data;
  using wire = sw::Rules<sw::member<&Pinned::data, sw::name<"payload">>>;
};

enum class Color { red, green, other };
enum class ColorNow { red, green, blue };
enum class ColorOnly { red, green };
}  // namespace degradation
template <>
inline constexpr auto structwire::enum_values<degradation::Color> =
    structwire::by_name<degradation::Color::red, degradation::Color::green, structwire::catch_all<degradation::Color::other>>;
template <>
inline constexpr auto structwire::enum_values<degradation::ColorNow> =
    structwire::by_name<degradation::ColorNow::red, degradation::ColorNow::green, degradation::ColorNow::blue>;
template <>
inline constexpr auto structwire::enum_values<degradation::ColorOnly> =
    structwire::by_name<degradation::ColorOnly::red, degradation::ColorOnly::green>;
namespace degradation {

template <class E>
struct Paint {
  E color;
};

struct Circle {
  double radius;
  using wire = sw::Rules<sw::tagged>;
};
struct Square {
  double side;
  using wire = sw::Rules<sw::tagged>;
};
struct Hexagon {
  double edge;
  using wire = sw::Rules<sw::tagged>;
};
struct Careful {
  std::variant<Circle, Square, sw::UnknownAlternative> shape;
};
struct Careless {
  std::variant<Circle, Square> shape;
};
struct Newest {
  std::variant<Circle, Square, Hexagon> shape;
};

struct Keeping {
  std::string id;
  std::map<std::string, sw::Value> more;
  using wire = sw::Rules<sw::member<&Keeping::more, sw::keep_unknown_fields>>;
};
struct Extended {
  std::string id;
  int priority = 0;
  std::map<std::string, double> weights;
};
struct Ignoring {
  std::string id;
  using wire = sw::Rules<sw::wire_policy>;
};
struct Artifact {
  std::string id;
  using wire = sw::Rules<sw::artifact>;
};
struct ArtifactAdded {
  std::string id;
  int priority = 0;
  using wire = sw::Rules<sw::artifact, sw::member<&ArtifactAdded::priority, sw::defaulted>>;
};

/// What a reader of To makes of what From writes, as JSON of To; or the error.
template <class To, class From>
std::string read_as(const From& value) {
  const auto back = sw::json::decode<To>(sw::json::encode(value));
  const auto packed = sw::msgpack::decode<To>(sw::msgpack::encode(value));
  const std::string text = back ? sw::json::encode(*back) : back.error().message();
  EXPECT_EQ(packed ? sw::json::encode(*packed) : packed.error().message(), text);
  return text;
}

/// The worst that the check expects of old programs that read what new ones write.
template <class Old, class New>
sw::contract::Verdict forward() {
  using namespace sw::contract;
  Verdict worst = Verdict::compatible;
  for (const WireForm form : {WireForm::json, WireForm::msgpack}) {
    for (const Difference& each : differences(describe<Old>(), describe<New>(), form)) worst = std::max(worst, each.forward);
  }
  return worst;
}

using sw::contract::Verdict;

TEST(Degradation, a_renamed_field_is_read_by_its_old_name_and_written_by_its_new_one) {
  EXPECT_EQ(read_as<Renamed>(Before{"a", "x"}), R"({"id":"a","data":"x"})");
  EXPECT_EQ(read_as<Before>(Renamed{"a", "x"}), "Object missing required field `payload`");
  EXPECT_EQ((forward<Before, Renamed>()), Verdict::breaks) << "the old program does not know the new name";
}

TEST(Degradation, a_renamed_field_with_its_name_pinned_is_read_both_ways) {
  EXPECT_EQ(read_as<Pinned>(Before{"a", "x"}), R"({"id":"a","payload":"x"})");
  EXPECT_EQ(read_as<Before>(Pinned{"a", "x"}), R"({"id":"a","payload":"x"})");
  EXPECT_EQ((forward<Before, Pinned>()), Verdict::compatible);
}

TEST(Degradation, a_new_enumerator_goes_to_the_catch_all_or_is_refused) {
  EXPECT_EQ(read_as<Paint<Color>>(Paint<ColorNow>{ColorNow::green}), R"({"color":"green"})");
  EXPECT_EQ(read_as<Paint<Color>>(Paint<ColorNow>{ColorNow::blue}), R"({"color":"other"})");
  EXPECT_EQ(read_as<Paint<ColorOnly>>(Paint<ColorNow>{ColorNow::blue}), "Invalid enum value 'blue' - at `$.color`");
  EXPECT_EQ((forward<Paint<ColorOnly>, Paint<ColorNow>>()), Verdict::conditional);
}

TEST(Degradation, a_new_alternative_goes_to_the_unknown_one_whole_or_is_refused) {
  const Newest message{Hexagon{2.5}};
  EXPECT_EQ(read_as<Careless>(message), "Invalid value 'Hexagon' - at `$.shape.type`");
  EXPECT_EQ(read_as<Careful>(message), R"({"shape":{"type":"Hexagon","edge":2.5}})") << "it comes back as it was";
  const auto seen = sw::json::decode<Careful>(sw::json::encode(message));
  ASSERT_TRUE(std::holds_alternative<sw::UnknownAlternative>(seen->shape));
  // And who knows it gets it from there.
  EXPECT_EQ(sw::json::encode(*sw::json::decode<Newest>(sw::json::encode(*seen))), sw::json::encode(message));
  EXPECT_EQ((forward<Careless, Newest>()), Verdict::conditional);
}

TEST(Degradation, unknown_fields_are_kept_through_a_round_trip_where_a_member_keeps_them) {
  const Extended message{"a", 7, {{"x", 1.5}, {"y", 2.0}}};
  EXPECT_EQ(read_as<Keeping>(message), R"({"id":"a","priority":7,"weights":{"x":1.5,"y":2.0}})");
  const auto kept = sw::msgpack::decode<Keeping>(sw::msgpack::encode(message));
  const auto back = sw::msgpack::decode<Extended>(sw::msgpack::encode(*kept));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(back->priority, 7);
  EXPECT_EQ(back->weights, message.weights);
  EXPECT_EQ(read_as<Ignoring>(message), R"({"id":"a"})") << "and are lost where none does";
}

TEST(Degradation, under_the_policy_artifact_every_added_field_breaks_old_readers) {
  EXPECT_EQ(read_as<Artifact>(ArtifactAdded{"a", 7}), "Object contains unknown field `priority`");
  EXPECT_EQ(read_as<Artifact>(ArtifactAdded{"a", 0}), R"({"id":"a"})") << "defaults are not written";
  EXPECT_EQ(read_as<ArtifactAdded>(Artifact{"a"}), R"({"id":"a"})");
  EXPECT_NE((forward<Artifact, ArtifactAdded>()), Verdict::compatible) << "so the check reports it";
  EXPECT_EQ((forward<Ignoring, Extended>()), Verdict::compatible);
}

}  // namespace degradation
