// SPDX-License-Identifier: Apache-2.0
#pragma once

// Of the tests of the older protocol: an endpoint that talks to a peer of it, which is played here. No sockets, a time of
// the test's own.

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/json.hpp>
#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/legacy/legacy_peer.hpp>
#include <tests/support/payload_text.hpp>

namespace structwire::messaging {

using namespace std::chrono_literals;
inline Uuid numbered(std::uint64_t number) { return uuid_of({7, number}); }

/// What the peer got or sent.
struct Post {
  LegacyMetadata metadata;
  std::string payload;
};

/// The endpoint's side, with a peer in between.
class LegacyWorld final : public Port {
 public:
  explicit LegacyWorld(bool dials = false, LegacyPeerOptions options = {}) {
    EndpointOptions mine;
    mine.formats = {2, 1};
    mine.seed = 5;
    mine.instance.bytes[0] = std::byte{9};
    mine.now = now;
    mine.credit = credit;
    endpoint = std::make_unique<Endpoint>(mine, *this);
    endpoint->set_handler({.name = "echo", .slot = 1}, now);
    options.seed = 11;
    options.dials = dials;
    options.instance = numbered(1000);
    options.reply_address = "tcp://here:1";
    legacy = std::make_unique<LegacyPeer>(options);
    if (!dials) peer = endpoint->dialled(DialId{1});
    connect();
    if (dials) peer = endpoint->peers().at(0);
  }
  static inline Amount credit{1024, 32u << 20};

  void connect() {
    ++link;
    legacy->opened();
    endpoint->link_opened(LinkId{link}, {.dial = legacy_dials() ? DialId{} : DialId{1}}, now);
    exchange();
  }
  void disconnect() {
    legacy->closed();
    endpoint->link_closed(LinkId{link}, now);
    frames.clear();
  }
  bool legacy_dials() const { return peer == PeerId{}; }

  // Carries everything between the endpoint and the peer until nobody has anything to say.
  void exchange() {
    for (bool any = true; any;) {
      any = false;
      endpoint->flush(now);
      while (!frames.empty()) {
        const Frame frame = std::move(frames.front());
        frames.pop_front();
        const auto taken = legacy->received(frame);
        EXPECT_TRUE(taken) << taken.error().message();
        any = true;
      }
      while (auto frame = legacy->next_frame()) {
        endpoint->received(LinkId{link}, std::move(*frame), now);
        any = true;
      }
      while (socket_takes && legacy->next_message() != nullptr) {
        const LegacyMessage& message = *legacy->next_message();
        auto metadata = decode_legacy_metadata(message.metadata.bytes());
        EXPECT_TRUE(metadata) << metadata.error().message();
        note("> ", message.metadata.bytes(), text_of(message.payload));
        if (metadata) posts.push_back({std::move(*metadata), text_of(message.payload)});
        legacy->written();
        any = true;
      }
    }
  }
  void pass(Duration time) {
    exchange();
    for (const Instant end = now + time; now < end;) {
      now = std::min(end, std::max(now + 1ms, endpoint->next_deadline()));
      endpoint->tick(now);
      exchange();
    }
  }

  Ticket send(std::uint64_t tag, Delivery delivery, std::string_view text = "1") {
    const Ticket ticket = endpoint->send(
        peer, {.handler = "there", .format = 1, .payload = bytes_of(text), .options = {.delivery = delivery, .deadline = 10s}}, tag, now);
    exchange();
    return ticket;
  }
  Post take() {
    if (posts.empty()) {
      ADD_FAILURE() << "nothing was sent to the peer";
      return {};
    }
    Post post = std::move(posts.front());
    posts.pop_front();
    return post;
  }
  std::string outcome(std::uint64_t tag) {
    const auto found = outcomes.find(tag);
    if (found == outcomes.end()) return "none";
    return found->second ? "ok:" + text_of(found->second->payload)
                         : std::string(name_of(found->second.error().code)) + ":" + found->second.error().text;
  }

  // ---- what the peer says
  void answer(std::string_view json, std::string_view payload) {
    note("< ", std::as_bytes(std::span(json)), payload);
    auto metadata = decode_legacy_metadata(std::as_bytes(std::span(json)));
    ASSERT_TRUE(metadata) << metadata.error().message() << json;
    const Payload bytes = bytes_of(payload);
    const auto kind = kind_of(*metadata, bytes.bytes());
    ASSERT_TRUE(kind) << kind.error().message();
    if (*kind == LegacyKind::request) {
      legacy->request_came(std::move(*metadata), bytes);
    } else {
      legacy->reply_came(*metadata, *kind, bytes);
    }
    exchange();
  }
  void reply(std::string_view handler, const Uuid& to, std::string_view more, std::string_view payload) {
    answer(R"({"message_id":")" + numbered(1).text() + R"(","handler_name":")" + std::string(handler) +
               R"(","sender_instance":")" + numbered(1000).text() + R"(","control":{"response_ctx":{"response_to":")" +
               to.text() + R"("},"mode":"fire_and_forget")" + std::string(more) + "}}",
           payload);
  }
  void receipt(const Uuid& id, std::string_view status) {
    answer(R"({"message_id":")" + numbered(1).text() + R"(","handler_name":"_receipt_ack","sender_instance":")" +
               numbered(1000).text() + R"(","control":{"mode":"fire_and_forget"}})",
           R"({"message_id":")" + id.text() + R"(","status":)" + std::string(status) + R"(,"contract_info":null})");
  }
  // A request of the peer whose ids are 100 (itself), 101 (answer), 102 (acceptance), 103 (receipt).
  void request(LegacyMode mode, std::string_view payload, std::string_view handler = "echo", std::uint64_t base = 100,
               std::string_view expectation = {}) {
    LegacyMetadata metadata{.message_id = numbered(base), .handler_name = std::string(handler), .sender_instance = numbered(1000), .control = {}};
    LegacyControl& control = metadata.control;
    control.mode = mode;
    if (mode == LegacyMode::confirmed) control.accept_id = numbered(base + 1);
    if (mode == LegacyMode::with_response) control.response.emplace(numbered(base + 1), numbered(base + 2));
    if (mode == LegacyMode::with_receipt_and_response) control.response.emplace(numbered(base + 1), std::nullopt);
    if (mode == LegacyMode::with_receipt_ack || mode == LegacyMode::with_receipt_and_response) {
      control.receipt.emplace(LegacyReceiptWanted{numbered(base + 3), {}});
      if (!expectation.empty()) control.receipt->expectation = Raw::trusted(json::format(), Buffer(expectation));
    }
    add_upgrade(control, {.address = "tcp://there:2"});
    control.extras.emplace("colour", control.extras.at("_sw"));
    note("< ", encode_legacy_metadata(metadata).bytes(), payload);
    legacy->request_came(std::move(metadata), bytes_of(payload));
    exchange();
  }
  void finish(Outcome outcome, bool accept = true) {
    ASSERT_FALSE(works.empty());
    Work work = std::move(works.front());
    works.pop_front();
    if (accept) endpoint->accepted(work.id, now);
    work.payload = {};
    endpoint->released(work.id);
    endpoint->finished(work.id, std::move(outcome), 0ns, now);
    exchange();
  }

  void transmit(LinkId, Frame frame) override { frames.push_back(std::move(frame)); }
  bool congested(LinkId) const override { return false; }
  void disconnect(LinkId, std::string_view reason) override { ADD_FAILURE() << reason; }
  void run(Work work) override { works.push_back(std::move(work)); }
  void stop(WorkId, FailureCode) override {}
  void more_items(WorkId, std::uint64_t) override {}
  void settled(std::uint64_t tag, Outcome outcome) override {
    EXPECT_FALSE(outcomes.contains(tag)) << "two outcomes of " << tag;
    outcomes.emplace(tag, std::move(outcome));
    transcript += "= " + this->outcome(tag) + '\n';
  }
  void receipt(std::uint64_t tag) override {
    receipts.push_back(tag);
    transcript += "= receipt\n";
  }
  void item(std::uint64_t, Reply) override { ADD_FAILURE() << "an item"; }
  void peer_changed(PeerId, PeerState state) override { peer_state = state; }
  Duration stalled(Instant) const override { return {}; }

  void note(std::string_view who, std::span<const std::byte> metadata, std::string_view payload) {
    transcript.append(who).append(reinterpret_cast<const char*>(metadata.data()), metadata.size()).append("\n");
    transcript.append(who).append(payload).append("\n");
  }

  std::string transcript;  // What both said, and what this side's sends came to.
  Instant now{1h};
  std::unique_ptr<Endpoint> endpoint;
  std::unique_ptr<LegacyPeer> legacy;
  PeerId peer{};
  std::uint64_t link = 0;
  bool socket_takes = true;
  std::deque<Frame> frames;
  std::deque<Post> posts;
  std::deque<Work> works;
  std::map<std::uint64_t, Outcome> outcomes;
  std::vector<std::uint64_t> receipts;
  PeerState peer_state{};
};

inline const std::string ok_status = R"(,"status":"ok"})";

}  // namespace structwire::messaging
