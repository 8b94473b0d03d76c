// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/legacy/legacy_metadata.hpp>

#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/json.hpp>

namespace structwire::messaging {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }
std::string text_of(const Buffer& buffer) { return {reinterpret_cast<const char*>(buffer.data()), buffer.size()}; }

struct Golden {
  std::string name;
  std::string kind;
  std::string metadata;
  std::string payload;
};

// Tests run in the root of the repository.
std::vector<Golden> golden_frames() {
  std::ifstream file("tests/messaging/golden/legacy_frames.txt");
  std::vector<Golden> frames;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto middle = line.find(" = ");
    Golden frame{line.substr(0, middle), line.substr(middle + 3), {}, {}};
    std::getline(file, frame.metadata);
    std::getline(file, frame.payload);
    frames.push_back(std::move(frame));
  }
  return frames;
}

std::string_view name_of(LegacyKind kind) {
  constexpr std::string_view names[] = {"request", "acceptance", "receipt", "ack", "nack", "response"};
  return names[static_cast<std::size_t>(kind)];
}

TEST(LegacyMetadata, golden_frames_are_read_and_written_back) {
  const auto frames = golden_frames();
  ASSERT_GT(frames.size(), 20u);
  for (const Golden& frame : frames) {
    SCOPED_TRACE(frame.name);
    const auto metadata = decode_legacy_metadata(bytes_of(frame.metadata));
    ASSERT_TRUE(metadata) << metadata.error().message();
    EXPECT_EQ(text_of(encode_legacy_metadata(*metadata)), frame.metadata);
    const auto kind = kind_of(*metadata, bytes_of(frame.payload));
    ASSERT_TRUE(kind) << kind.error().message();
    EXPECT_EQ(name_of(*kind), frame.kind);
    if (*kind == LegacyKind::receipt) {
      const auto receipt = json::decode<LegacyReceipt>(frame.payload);
      ASSERT_TRUE(receipt) << receipt.error().message();
      EXPECT_EQ(json::encode(*receipt), frame.payload);
    }
  }
}

TEST(LegacyMetadata, cut_off_anywhere_it_is_refused) {
  for (const Golden& frame : golden_frames()) {
    for (std::size_t size = 0; size != frame.metadata.size(); ++size) {
      const auto metadata = decode_legacy_metadata(bytes_of(frame.metadata).first(size));
      ASSERT_FALSE(metadata) << frame.name << ' ' << size;
      EXPECT_FALSE(metadata.error().message().empty());
    }
  }
}

// Refused, or what is read is written so that it reads the same.
TEST(LegacyMetadata, damaged_it_is_refused_or_means_something) {
  std::mt19937_64 random(20);
  std::size_t refused = 0;
  for (const Golden& frame : golden_frames()) {
    for (int round = 0; round != 400; ++round) {
      std::string text = frame.metadata;
      for (std::uint64_t changes = 1 + random() % 2; changes != 0; --changes) {
        const std::size_t at = random() % text.size();
        if (random() % 3 == 0) {
          text.erase(at, 1 + random() % 4);
        } else {
          text[at] = static_cast<char>(random() % 2 == 0 ? random() % 256 : "\"{}[],:0n\\"[random() % 10]);
        }
      }
      const auto metadata = decode_legacy_metadata(bytes_of(text));
      if (!metadata) {
        ++refused;
        EXPECT_FALSE(metadata.error().message().empty());
        continue;
      }
      const Buffer again = encode_legacy_metadata(*metadata);
      const auto same = decode_legacy_metadata(again.bytes());
      ASSERT_TRUE(same) << text << '\n' << text_of(again) << '\n' << same.error().message();
      EXPECT_EQ(text_of(encode_legacy_metadata(*same)), text_of(again));
    }
  }
  EXPECT_GT(refused, 1000u);
}

TEST(LegacyMetadata, what_is_wrong_is_told) {
  const std::string id = R"("11111111-1111-4111-8111-111111111111")";
  const auto message_of = [](const std::string& text, const LegacyLimits& limits = {}) {
    const auto metadata = decode_legacy_metadata(bytes_of(text), limits);
    return metadata ? std::string("good") : metadata.error().message();
  };
  const auto whole = [&](const std::string& control, const std::string& handler = "note") {
    return R"({"message_id":)" + id + R"(,"handler_name":")" + handler + R"(","sender_instance":)" + id + R"(,"control":)" + control + "}";
  };
  EXPECT_EQ(message_of(whole("{}")), "good");
  EXPECT_EQ(message_of(R"({"message_id":)" + id + R"(,"handler_name":"a","sender_instance":)" + id + "}"), "good");
  EXPECT_EQ(message_of(R"({"message_id":7,"handler_name":"a","sender_instance":)" + id + "}"), "Expected `uuid`, got `int` - at `$.message_id`");
  EXPECT_EQ(message_of(whole("{}", "")), "Expected `str` of length >= 1 - at `$.handler_name`");
  EXPECT_NE(message_of(whole("{}", std::string(256, 'x'))), "good");
  EXPECT_EQ(message_of(whole(R"({"mode":"certified"})")), "Invalid enum value 'certified' - at `$.control.mode`");
  EXPECT_NE(message_of(whole(R"({"response_ctx":{}})")), "good");
  EXPECT_EQ(message_of(whole(R"({"deep":)" + std::string(40, '[') + std::string(40, ']') + "}")).find("good"), std::string::npos);
  LegacyLimits small;
  small.metadata_bytes = 20;
  EXPECT_EQ(decode_legacy_metadata(bytes_of(whole("{}")), small).error().code(), ErrorCode::size_limit);
}

TEST(LegacyMetadata, replies_say_what_they_answer) {
  LegacyMetadata reply{.message_id = {}, .handler_name = "_accept", .sender_instance = {}, .control = {}};
  EXPECT_FALSE(kind_of(reply, {}));
  for (const auto handler : {legacy_ack_handler, legacy_nack_handler, legacy_response_handler}) {
    reply.handler_name = handler;
    EXPECT_FALSE(kind_of(reply, {}));
  }
  reply.handler_name = "note";
  EXPECT_EQ(kind_of(reply, {}).value(), LegacyKind::request);
  reply.control.response_type = LegacyResponseType::ack;
  EXPECT_FALSE(kind_of(reply, {}));
  // Of older programs: a status that answers something else is a value.
  reply.control.response_type.reset();
  reply.control.response_ctx.emplace();
  const std::string status = R"({"response_id":"11111111-1111-4111-8111-111111111111","status":"ok"})";
  EXPECT_EQ(kind_of(reply, bytes_of(status)).value(), LegacyKind::response);
  reply.control.response_ctx->response_to = *Uuid::from_text("11111111-1111-4111-8111-111111111111");
  EXPECT_EQ(kind_of(reply, bytes_of(status)).value(), LegacyKind::ack);
}

TEST(LegacyMetadata, ids_are_uuids_of_the_same_bytes) {
  const MessageId id{0x8899aabbccddeeff, 0x0123456789abcdef};
  EXPECT_EQ(uuid_of(id).text(), "ffeeddcc-bbaa-9988-efcd-ab8967452301");
  EXPECT_EQ(message_id_of(uuid_of(id)), id);
}

TEST(LegacyMetadata, an_upgrade_is_a_member_that_old_programs_pass_on) {
  LegacyControl control;
  EXPECT_FALSE(upgrade_of(control));
  add_upgrade(control, {.address = "tcp://127.0.0.1:6000"});
  EXPECT_EQ(json::encode(control), R"({"mode":"fire_and_forget","_sw":{"v":[1,1],"e":"tcp://127.0.0.1:6000"}})");
  EXPECT_EQ(upgrade_of(control), (LegacyUpgrade{.address = "tcp://127.0.0.1:6000"}));
  for (const char* const bad : {"1", "{}", R"({"v":[1],"e":"x"})", R"({"v":[1,1],"e":""})", R"({"v":[1,300],"e":"x"})"}) {
    const auto other = json::decode<LegacyControl>(R"({"_sw":)" + std::string(bad) + "}");
    ASSERT_TRUE(other);
    EXPECT_FALSE(upgrade_of(*other)) << bad;
  }
}

}  // namespace
}  // namespace structwire::messaging
