// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/migrate.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include <structwire/contract/decode_any_version.hpp>
#include <structwire/contract/encode_version.hpp>

namespace structwire {
namespace {

// Document 000's message: a field with a default is added, then one is renamed.
struct MessageV1 {
  std::string message_id;
  std::string worker_id;
  Bytes payload;
  using wire = Rules<forbid_unknown_fields>;
};
struct MessageV2 {
  std::string message_id;
  std::string worker_id;
  Bytes payload;
  int priority = 0;
  using wire = Rules<member<&MessageV2::priority, defaulted>>;
};
struct Message {
  std::string message_id;
  std::string worker_id;
  Bytes data;
  int priority = 0;
  using wire = Rules<member<&Message::priority, defaulted>, forbid_unknown_fields>;
};
MessageV2 migrate(MessageV1&& old) {
  return {.message_id = std::move(old.message_id),
          .worker_id = std::move(old.worker_id),
          .payload = std::move(old.payload)};
}
Message migrate(MessageV2&& old) {
  return {std::move(old.message_id), std::move(old.worker_id), std::move(old.payload), old.priority};
}
MessageV2 migrate_back(Message&& latest) {
  return {std::move(latest.message_id), std::move(latest.worker_id), std::move(latest.data), latest.priority};
}
Result<MessageV1> migrate_back(MessageV2&& newer) {
  if (newer.priority != 0) return std::unexpected(Error(ErrorCode::refused, "A priority has no place in version 1"));
  return MessageV1{std::move(newer.message_id), std::move(newer.worker_id), std::move(newer.payload)};
}
using Messages = Migrations<MessageV1, MessageV2, Message>;
static_assert(std::is_same_v<decltype(Messages::upgrade(MessageV1{})), Message>);
static_assert(std::is_same_v<decltype(Messages::downgrade<MessageV2>(Message{})), MessageV2>);
static_assert(std::is_same_v<decltype(Messages::downgrade<MessageV1>(Message{})), Result<MessageV1>>);
static_assert(Messages::numbers == std::array<std::uint32_t, 3>{1, 2, 3});
// v1 and v2 differ in nothing that a Plan knows.
static_assert(!unambiguous<MessageV1, MessageV2>);
static_assert(unambiguous<MessageV2, Message> && unambiguous<MessageV1, Message>);

// The same with the version in each message.
struct StateV1 {
  int counter;
  using wire = Rules<version<10>>;
};
struct StateV2 {
  Literal<2> version;
  int counter;
  using wire = Rules<structwire::version<20>>;
};
struct State {
  std::uint32_t version = 30;
  double counter;
  using wire = Rules<structwire::version<30>>;
};
StateV2 migrate(StateV1&& old) { return {.version = {}, .counter = old.counter}; }
Result<State> migrate(StateV2&& old) {
  if (old.counter < 0) return std::unexpected(Error(ErrorCode::refused, "A counter below 0 has no new form"));
  if (old.counter == 13) throw std::runtime_error("thirteen");
  return State{.counter = old.counter * 1.0};
}
using States = MigrationsByField<"version", StateV1, StateV2, State>;
static_assert(States::numbers == std::array<std::uint32_t, 3>{10, 20, 30});
static_assert(std::is_same_v<decltype(States::upgrade(StateV1{})), Result<State>>);

// By tag, and by a Literal that all have.
struct ShapeV1 {
  int x;
  using wire = Rules<tag<"shape/1">>;
};
struct Shape2 {
  int x;
  std::unique_ptr<int> owned;
  using wire = Rules<tag<"shape/2">>;
};
Shape2 migrate(ShapeV1&& old) { return {.x = old.x, .owned = nullptr}; }
using Shapes = Migrations<ShapeV1, Shape2>;
static_assert(version_detail::detection<Shapes> == version_detail::Detection::tag);

struct ItemV1 {
  int x;
  Literal<"v1"> format;
};
struct Item {
  int x;
  Literal<"v2", "v3"> format;
};
Item migrate(ItemV1&& old) { return {.x = old.x, .format = {}}; }
using Items = Migrations<ItemV1, Item>;
static_assert(version_detail::detection<Items> == version_detail::Detection::field);

// By trying: what one requires the other forbids; an array is no object.
struct PointV1 {
  int x, y;
  using wire = Rules<array_like>;
};
struct PointV2 {
  int x, y;
  using wire = Rules<forbid_unknown_fields>;
};
struct Point {
  int x, y, z;
  using wire = Rules<forbid_unknown_fields>;
};
PointV2 migrate(PointV1&& old) { return {old.x, old.y}; }
Point migrate(PointV2&& old) { return {old.x, old.y, 0}; }
using Points = Migrations<PointV1, PointV2, Point>;
static_assert(version_detail::detection<Points> == version_detail::Detection::trying);
static_assert(version_detail::detection<Messages> == version_detail::Detection::none);

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

template <class Chain>
std::string decoded(std::string_view text, const AnyVersionOptions& options = {}) {
  const auto message = decode_any_version<Chain>(json::format(), bytes_of(text), options);
  if (!message) return message.error().message();
  // In MessagePack, too.
  const auto value = json::decode<Value>(text);
  const Buffer packed = msgpack::encode(*value);
  const auto again = decode_any_version<Chain>(msgpack::format(), packed, options);
  EXPECT_TRUE(again) << again.error().message();
  EXPECT_EQ(json::encode(*again), json::encode(*message));
  const auto by_codec = decode_any_version<Chain, json::Codec>(bytes_of(text), options);
  EXPECT_EQ(json::encode(*by_codec), json::encode(*message));
  return json::encode(*message);
}

TEST(Migrations, upgrade_step_by_step) {
  const Message message = Messages::upgrade(MessageV1{"m", "w", Bytes(3)});
  EXPECT_EQ(message.message_id, "m");
  EXPECT_EQ(message.data.size(), 3u);
  EXPECT_EQ(Messages::upgrade(MessageV2{"m", "w", {}, 7}).priority, 7);
  EXPECT_EQ(Messages::upgrade(Message{"m", "w", {}, 8}).priority, 8);
}

TEST(Migrations, downgrade_where_there_is_a_way_back) {
  EXPECT_EQ(Messages::downgrade<MessageV2>(Message{"m", "w", {}, 7}).priority, 7);
  EXPECT_EQ(Messages::downgrade<MessageV1>(Message{"m", "w", {}, 0})->message_id, "m");
  EXPECT_EQ(Messages::downgrade<MessageV1>(Message{"m", "w", {}, 7}).error().message(),
            "A priority has no place in version 1");
  EXPECT_FALSE(States::leads_back_to<0>);
  EXPECT_TRUE(States::leads_back_to<2>) << "itself";
}

TEST(AnyVersion, is_found_by_a_field) {
  EXPECT_EQ(decoded<States>(R"({"counter": 5})"), R"({"version":30,"counter":5.0})") << "the oldest has none";
  EXPECT_EQ(decoded<States>(R"({"version":2, "counter": 6})"), R"({"version":30,"counter":6.0})");
  EXPECT_EQ(decoded<States>(R"({"counter": 7.5, "more": [1, {"version": 2}], "version": 30})"),
            R"({"version":30,"counter":7.5})");
  EXPECT_EQ(decoded<States>(R"({"version":31, "counter": 6})"),
            "Version 31 is newer than all that are known (10, 20, 30) - at `$.version`");
  EXPECT_EQ(decoded<States>(R"({"version":4, "counter": 6})"), "Invalid value 4: no known version - at `$.version`");
  EXPECT_EQ(decoded<States>(R"({"version":[], "counter": 6})"), "Expected `int`, got `array` - at `$.version`");
  EXPECT_EQ(decoded<States>(R"([])"), "Expected `object`, got `array`");
  EXPECT_EQ(decoded<States>(R"({"version":2, "counter": "6"})"), "Expected `int`, got `str` - at `$.counter`");
  EXPECT_EQ(decoded<States>(R"({"version":31, "counter": 6})", {.newer = NewerVersions::read_as_newest}),
            R"({"version":31,"counter":6.0})");
}

TEST(AnyVersion, is_found_by_a_literal_that_each_has) {
  EXPECT_EQ(decoded<Items>(R"({"x":1,"format":"v1"})"), R"({"x":1,"format":"v2"})");
  EXPECT_EQ(decoded<Items>(R"({"x":1,"format":"v3"})"), R"({"x":1,"format":"v3"})");
  EXPECT_EQ(decoded<Items>(R"({"x":1,"format":"v4"})"), "Invalid value 'v4': no known version - at `$.format`");
  EXPECT_EQ(decoded<Items>(R"({"x":1})"), "Object missing required field `format`, which tells its version");
}

TEST(AnyVersion, is_found_by_a_tag) {
  EXPECT_EQ(decoded<Shapes>(R"({"type":"shape/1","x":3})"), R"({"type":"shape/2","x":3,"owned":null})");
  EXPECT_EQ(decoded<Shapes>(R"({"x":3,"type":"shape/2"})"), R"({"type":"shape/2","x":3,"owned":null})");
  EXPECT_EQ(decoded<Shapes>(R"({"x":3,"type":"shape/3"})"), "Invalid value 'shape/3': no known version - at `$.type`");
}

TEST(AnyVersion, is_found_by_trying_where_that_is_no_guess) {
  EXPECT_EQ(decoded<Points>("[1,2]"), R"({"x":1,"y":2,"z":0})");
  EXPECT_EQ(decoded<Points>(R"({"x":1,"y":2})"), R"({"x":1,"y":2,"z":0})");
  EXPECT_EQ(decoded<Points>(R"({"x":1,"y":2,"z":3})"), R"({"x":1,"y":2,"z":3})");
  EXPECT_EQ(
      decoded<Points>(R"({"x":1,"y":null})"),
      "No version fits: version 1: Expected `array`, got `object`; version 2: Expected `int`, got `null` - at `$.y`; "
      "version 3: Expected `int`, got `null` - at `$.y`");
  EXPECT_EQ(decoded<Points>(R"({"x":1,)"), "Input data was truncated") << "tried no further";
  const auto lax = decode_any_version<Points>(json::format(), bytes_of("[1,2]"), {.decode = {.lax = true}});
  EXPECT_EQ(lax.error().code(), ErrorCode::unsupported);
}

TEST(AnyVersion, is_chosen_by_the_program_where_nothing_else_tells) {
  const auto choose = [](const Value& message) {
    return message.find("data") != nullptr ? 3u : message.find("priority") != nullptr ? 2u : 1u;
  };
  const auto read = [&](std::string_view text) {
    const auto message = decode_any_version<Messages>(json::format(), bytes_of(text), choose);
    return message ? json::encode(*message) : message.error().message();
  };
  EXPECT_EQ(read(R"({"message_id":"m","worker_id":"w","payload":"AAA="})"),
            R"({"message_id":"m","worker_id":"w","data":"AAA=","priority":0})");
  EXPECT_EQ(read(R"({"message_id":"m","worker_id":"w","payload":"","priority":4})"),
            R"({"message_id":"m","worker_id":"w","data":"","priority":4})");
  EXPECT_EQ(read(R"({"message_id":"m","worker_id":"w","data":"","priority":4})"),
            R"({"message_id":"m","worker_id":"w","data":"","priority":4})");
  const auto told =
      decode_version<Messages>(json::format(), bytes_of(R"({"message_id":"m","worker_id":"w","payload":""})"), 1);
  EXPECT_TRUE(told);
  EXPECT_FALSE(decode_version<Messages>(json::format(), bytes_of("{}"), 4));
}

TEST(AnyVersion, what_a_migration_refuses_or_throws_is_an_error) {
  EXPECT_EQ(decoded<States>(R"({"version":2, "counter": -6})"), "A counter below 0 has no new form");
  EXPECT_EQ(decoded<States>(R"({"version":2, "counter": 13})"), "thirteen");
}

TEST(AnyVersion, is_counted) {
  VersionCounts counts(States::numbers);
  const AnyVersionOptions options{.newer = NewerVersions::read_as_newest, .counts = &counts};
  for (const char* text :
       {R"({"counter":1})", R"({"counter":2})", R"({"version":2,"counter":1})", R"({"version":30,"counter":1})",
        R"({"version":31,"counter":1})", R"({"version":3,"counter":1})", "{", R"({"version":2,"counter":-1})"}) {
    static_cast<void>(decode_any_version<States>(json::format(), bytes_of(text), options));
  }
  EXPECT_EQ(counts.text(), "version 10: 2, version 20: 1, version 30: 1, newer: 1, refused: 3");
  EXPECT_EQ(counts.decoded(10), 2u);
  EXPECT_EQ(counts.decoded(11), 0u);
}

TEST(Enveloped, names_the_version) {
  const Message message{"m", "w", Bytes(2), 0};
  for (const Format* format : {&json::format(), &msgpack::format()}) {
    for (const std::uint32_t number : Messages::numbers) {
      for (int contents = 1; contents < 4; ++contents) {
        const auto bytes = encode_enveloped<Messages>(
            *format, message, {.fingerprint = contents % 2 == 1, .version = contents >= 2, .as_version = number});
        ASSERT_TRUE(bytes) << bytes.error().message();
        VersionCounts counts(Messages::numbers);
        const auto back = decode_enveloped<Messages>(*bytes, {.counts = &counts});
        ASSERT_TRUE(back) << back.error().message();
        EXPECT_EQ(json::encode(*back), json::encode(message));
        EXPECT_EQ(counts.decoded(number), 1u);
      }
    }
  }
}

TEST(Enveloped, without_a_name_says_so) {
  const auto bytes = encode_enveloped<Messages>(json::format(), Message{}, {.fingerprint = false, .version = false});
  EXPECT_EQ(decode_enveloped<Messages>(*bytes).error().message(), "The envelope names neither fingerprint nor version");
  const auto states =
      encode_enveloped<States>(json::format(), State{.counter = 2}, {.fingerprint = false, .version = false});
  EXPECT_TRUE(decode_enveloped<States>(*states)) << "its field tells";
  const auto other = encode_enveloped<Item>(json::format(), Item{});
  EXPECT_EQ(
      decode_enveloped<Messages>(*other).error().message(),
      "The envelope's fingerprint " + fingerprint_text(wire_fingerprint<Item>) + " is of no known version (1, 2, 3)");
  EXPECT_TRUE(decode_enveloped<Item>(*other));
}

TEST(Enveloped, older_programs_refuse_what_is_newer_or_read_it_as_the_newest) {
  using Old = Migrations<MessageV1, MessageV2>;
  const auto bytes = encode_enveloped<Messages>(json::format(), Message{"m", "w", {}, 3});
  EXPECT_EQ(decode_enveloped<Old>(*bytes).error().message(), "Version 3 is newer than all that are known (1, 2)");
  const auto read = decode_enveloped<Old>(*bytes, {.newer = NewerVersions::read_as_newest});
  EXPECT_EQ(read.error().message(), "Object missing required field `payload`");
  const auto older = encode_enveloped<Messages>(json::format(), Message{"m", "w", {}, 3}, {.as_version = 2});
  EXPECT_EQ(decode_enveloped<Old>(*older)->priority, 3);
}

TEST(Enveloped, may_be_mixed_with_bare_bytes_where_the_reader_says_so) {
  const auto enveloped = encode_enveloped<States>(json::format(), State{.counter = 2});
  const auto bare = bytes_of(R"({"counter":1})");
  const auto read = [](std::span<const std::byte> bytes, EnvelopeUse use) {
    return decode_any_version<States>(msgpack::format(), bytes, {.envelope = use}).has_value();
  };
  const Buffer packed = msgpack::encode(StateV1{.counter = 1});
  EXPECT_TRUE(read(*enveloped, EnvelopeUse::optional)) << "the envelope tells the format";
  EXPECT_TRUE(read(packed, EnvelopeUse::optional));
  EXPECT_FALSE(read(bare, EnvelopeUse::optional)) << "JSON is never tried";
  EXPECT_FALSE(read(packed, EnvelopeUse::required));
  EXPECT_FALSE(read(*enveloped, EnvelopeUse::forbidden));
}

TEST(EncodeAsVersion, is_for_readers_that_know_no_newer_one) {
  const Message message{"m", "w", Bytes(2), 0};
  EXPECT_EQ(encode_as_version<Messages>(json::format(), message, 1)->text(),
            R"({"message_id":"m","worker_id":"w","payload":"AAA="})");
  EXPECT_EQ(encode_as_version<Messages>(json::format(), message, 3)->text(), json::encode(message));
  EXPECT_EQ(encode_as_version<Messages>(json::format(), Message{.priority = 1}, 1).error().message(),
            "A priority has no place in version 1");
  EXPECT_EQ(encode_as_version<States>(json::format(), State{}, 20).error().message(),
            "There is no way back to version 20");
  EXPECT_FALSE(encode_as_version<States>(json::format(), State{}, 21));
}

TEST(TryDecode, tells_which_it_was_or_every_error) {
  const auto read = try_decode<PointV1, Point>(json::format(), bytes_of("[1,2]"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->index(), 0u);
  const auto refused = try_decode<PointV1, Point>(json::format(), bytes_of("{}"));
  ASSERT_FALSE(refused);
  ASSERT_EQ(refused.error().size(), 2u);
  EXPECT_EQ(refused.error()[0].message(), "Expected `array`, got `object`");
  EXPECT_EQ(refused.error()[1].message(), "Object missing required field `x`");
  const auto untagged = try_decode<ShapeV1, Shape2>(json::format(), bytes_of(R"({"x":1,"owned":null})"));
  EXPECT_FALSE(untagged) << "a tag is asked for";
}

}  // namespace
}  // namespace structwire
