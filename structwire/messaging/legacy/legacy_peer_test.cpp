// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/legacy/legacy_peer.hpp>

#include <random>

#include <tests/support/legacy_sides.hpp>

namespace structwire::messaging {
namespace {

TEST(LegacyPeer, sends_go_out_in_the_modes_of_the_protocol) {
  LegacyWorld world;
  EXPECT_EQ(world.peer_state, PeerState::up);
  const std::pair<Delivery, LegacyMode> modes[] = {{Delivery::fire_and_forget, LegacyMode::fire_and_forget},
                                                   {Delivery::queued, LegacyMode::with_receipt_ack},
                                                   {Delivery::accepted, LegacyMode::with_receipt_ack},
                                                   {Delivery::done, LegacyMode::confirmed},
                                                   {Delivery::response, LegacyMode::with_response},
                                                   {Delivery::receipt, LegacyMode::with_receipt_and_response}};
  for (const auto& [delivery, mode] : modes) {
    world.send(static_cast<std::uint64_t>(delivery), delivery, R"({"n":1})");
    const Post post = world.take();
    const LegacyControl& control = post.metadata.control;
    EXPECT_EQ(control.mode, mode);
    EXPECT_EQ(post.metadata.handler_name, "there");
    EXPECT_EQ(post.payload, R"({"n":1})");
    EXPECT_EQ(control.transport_hints->sender_endpoint, "tcp://here:1");
    if (control.receipt) {
      const auto expected = json::decode<LegacyExpectation>(control.receipt->expectation.bytes());
      ASSERT_TRUE(expected) << expected.error().message();
      EXPECT_EQ(expected->expects_response, delivery == Delivery::receipt);
      EXPECT_EQ(std::get<std::string>(expected->expected_handler_type), delivery == Delivery::receipt ? "UnaryBytes" : "ActiveMessage");
    }
    EXPECT_EQ(control.receipt.has_value(), mode == LegacyMode::with_receipt_ack || mode == LegacyMode::with_receipt_and_response);
    EXPECT_EQ(control.response.has_value(), mode == LegacyMode::with_response || mode == LegacyMode::with_receipt_and_response);
    EXPECT_EQ(control.accept_id.has_value(), mode == LegacyMode::confirmed || mode == LegacyMode::with_response);
  }
  world.pass(50ms);
  EXPECT_EQ(world.outcomes.size(), 1u);  // Only who wants to hear nothing has an outcome.
  EXPECT_EQ(world.legacy->outstanding(), 5u);
}

TEST(LegacyPeer, a_queued_message_is_queued_when_its_receipt_is_there) {
  LegacyWorld world;
  world.send(1, Delivery::queued);
  world.send(2, Delivery::done);
  const Uuid first = world.take().metadata.message_id;
  const Uuid second = world.take().metadata.message_id;
  world.pass(20ms);
  EXPECT_EQ(world.outcome(1), "none");
  world.reply("ack_response", second, R"(,"response_type":"ack")", R"({"response_id":")" + second.text() + "\"" + ok_status);
  EXPECT_EQ(world.outcome(2), "ok:");
  EXPECT_EQ(world.outcome(1), "none");
  world.receipt(first, R"("Delivered")");
  EXPECT_EQ(world.outcome(1), "ok:");
}

TEST(LegacyPeer, every_reply_ends_its_send_in_both_ages) {
  struct Row {
    Delivery delivery;
    const char* handler;
    const char* control;
    const char* type;
    const char* payload;  // `@`: the id.
    const char* outcome;
  };
  const Row rows[] = {
      {Delivery::done, "ack_response", "", "ack", R"({"response_id":"@","status":"ok"})", "ok:"},
      {Delivery::response, "ack_response", "", "ack", R"({"response_id":"@","status":"ok"})", "ok:"},
      {Delivery::done, "error_response", "", "nack", R"({"response_id":"@","status":"error","message":"no"})", "handler_failed:no"},
      {Delivery::response, "error_response", R"(,"error_message":"never")", "nack", R"({"response_id":"@","status":"error","message":"no"})",
       "handler_failed:never"},
      {Delivery::response, "response_message", "", "response", "[1, 2]", "ok:[1, 2]"},
      {Delivery::receipt, "response_message", R"(,"envelope_format":true)", "response", R"({"Ok": {"Ok":1}})", R"(ok:{"Ok":1})"},
      {Delivery::response, "response_message", R"(,"envelope_format":true)", "response", R"({"Err":"away"})", "handler_failed:away"},
      {Delivery::response, "response_message", R"(,"envelope_format":true)", "response", R"({"Err":[1]})", "handler_failed:[1]"},
      // Without an envelope it is a value, whatever it looks like.
      {Delivery::response, "response_message", "", "response", R"({"Ok":1})", R"(ok:{"Ok":1})"},
      {Delivery::response, "response_message", "", "response", R"({"response_id":"@","status":"ok"})", R"(ok:{"response_id":"@","status":"ok"})"},
      {Delivery::response, "response_message", "", "response", "\xff raw", "ok:\xff raw"},
  };
  for (const bool older : {false, true}) {
    std::uint64_t tag = 0;
    LegacyWorld world;
    for (const Row& row : rows) {
      world.send(++tag, row.delivery);
      const Uuid id = world.take().metadata.message_id;
      const auto filled = [&](std::string text) {
        if (const auto at = text.find('@'); at != std::string::npos) text.replace(at, 1, id.text());
        return text;
      };
      const std::string type = older ? "" : R"(,"response_type":")" + std::string(row.type) + "\"";
      std::string json = R"({"message_id":")" + numbered(1).text() + R"(","handler_name":")" + row.handler +
                         R"(","sender_instance":")" + numbered(1000).text() + R"(","control":{"mode":"fire_and_forget","response_ctx":{"response_to":")" +
                         id.text() + "\"" + row.control + "}" + type + "}}";
      world.answer(json, filled(row.payload));
      EXPECT_EQ(world.outcome(tag), filled(row.outcome)) << "older " << older << " row " << tag;
    }
    EXPECT_EQ(world.legacy->outstanding(), 0u);
  }
}

TEST(LegacyPeer, a_bad_envelope_is_a_failure_and_no_value) {
  LegacyWorld world;
  world.send(1, Delivery::response);
  const Uuid id = world.take().metadata.message_id;
  const std::string control = R"({"message_id":")" + numbered(1).text() + R"(","handler_name":"response_message","sender_instance":")" +
                              numbered(1000).text() + R"(","control":{"response_type":"response","response_ctx":{"response_to":")" + id.text() +
                              R"(","envelope_format":true}}})";
  world.answer(control, R"({"Ok":1,"Err":"x"})");
  EXPECT_TRUE(world.outcome(1).starts_with("handler_failed:its response is no envelope")) << world.outcome(1);
  EXPECT_EQ(world.legacy->counters().replies_malformed, 1u);
}

TEST(LegacyPeer, receipts_are_verdicts) {
  const std::pair<const char*, const char*> statuses[] = {
      {R"("Delivered")", "ok:"},
      {R"("HandlerNotFound")", "handler_not_found:the peer has no such handler"},
      {R"({"ContractMismatch":"another type"})", "schema_mismatch:another type"},
      {R"({"InvalidMessage":"no JSON"})", "bad_payload:no JSON"},
      {R"("Perhaps")", "bad_payload:its receipt says: Perhaps"},
      {R"({})", "bad_payload:its receipt says neither yes nor no"},
  };
  LegacyWorld world;
  std::uint64_t tag = 0;
  for (const auto& [status, outcome] : statuses) {
    for (const Delivery delivery : {Delivery::queued, Delivery::accepted}) {
      world.send(++tag, delivery);
      world.receipt(world.take().metadata.control.receipt->receipt_id, status);
      EXPECT_EQ(world.outcome(tag), outcome);
    }
  }
  world.send(++tag, Delivery::receipt);
  const Uuid id = world.take().metadata.message_id;
  world.receipt(id, R"("Delivered")");
  EXPECT_EQ(world.receipts, std::vector{tag});
  EXPECT_EQ(world.outcome(tag), "none");
  world.reply("response_message", id, R"(,"response_type":"response")", "7");
  EXPECT_EQ(world.outcome(tag), "ok:7");
}

TEST(LegacyPeer, requests_are_answered_as_their_mode_wants) {
  struct Row {
    LegacyMode mode;
    bool succeeds;
    std::vector<std::string> answers;
  };
  const std::string nothing_response = R"({"Ok":[1]})";
  const Row rows[] = {
      {LegacyMode::fire_and_forget, true, {}},
      {LegacyMode::fire_and_forget, false, {}},
      {LegacyMode::confirmed, true, {"ack_response"}},
      {LegacyMode::confirmed, false, {"error_response"}},
      {LegacyMode::with_response, true, {"_accept", "response_message"}},
      {LegacyMode::with_response, false, {"_accept", "error_response"}},
      {LegacyMode::with_receipt_ack, true, {"_receipt_ack"}},
      {LegacyMode::with_receipt_ack, false, {"_receipt_ack"}},
      {LegacyMode::with_receipt_and_response, true, {"_receipt_ack", "response_message"}},
      {LegacyMode::with_receipt_and_response, false, {"_receipt_ack", "error_response"}},
  };
  for (const bool dials : {false, true}) {
    LegacyWorld world(dials);
    for (const Row& row : rows) {
      world.request(row.mode, "[1]");
      ASSERT_EQ(world.works.size(), 1u);
      EXPECT_EQ(text_of(world.works.front().payload), "[1]");
      EXPECT_EQ(world.works.front().format, 1);
      world.finish(row.succeeds ? Outcome(Reply{.format = 1, .payload = bytes_of("[1]")}) : Outcome(std::unexpected(Failure{.text = "boom"})));
      for (const std::string& answer : row.answers) {
        const Post post = world.take();
        const LegacyControl& control = post.metadata.control;
        EXPECT_EQ(post.metadata.handler_name, answer);
        EXPECT_EQ(control.mode, LegacyMode::fire_and_forget);
        EXPECT_TRUE(control.extras.contains("colour"));
        EXPECT_FALSE(control.extras.contains("_sw")) << "this side does not upgrade";
        if (answer == "_accept") { EXPECT_EQ(control.acceptance->accept_for, numbered(102)); }
        if (answer == "_receipt_ack") {
          EXPECT_EQ(post.payload, R"({"message_id":")" + numbered(103).text() + R"(","status":"Delivered","contract_info":null})");
        }
        if (answer == "ack_response") {
          EXPECT_EQ(control.response_type, LegacyResponseType::ack);
          EXPECT_EQ(post.payload, R"({"response_id":")" + numbered(101).text() + "\"" + ok_status);
        }
        if (answer == "error_response") {
          EXPECT_EQ(control.response_type, LegacyResponseType::nack);
          EXPECT_EQ(control.response_ctx->error_message, "boom");
          EXPECT_EQ(post.payload, R"({"response_id":")" + numbered(101).text() + R"(","status":"error","message":"boom"})");
        }
        if (answer == "response_message") {
          EXPECT_EQ(control.response_type, LegacyResponseType::response);
          EXPECT_TRUE(control.response_ctx->envelope_format);
          EXPECT_EQ(control.response_ctx->original_handler, "echo");
          EXPECT_EQ(post.payload, nothing_response);
        }
        if (control.response_ctx) { EXPECT_EQ(control.response_ctx->response_to, numbered(101)); }
      }
      EXPECT_TRUE(world.posts.empty());
    }
    world.pass(50ms);  // What came is acknowledged late.
    EXPECT_TRUE(world.legacy->is_quiet());
  }
}

TEST(LegacyPeer, a_request_that_is_refused_is_told_so) {
  LegacyWorld world;
  world.request(LegacyMode::with_receipt_and_response, "1", "nobody");
  EXPECT_EQ(world.take().payload, R"({"message_id":")" + numbered(103).text() + R"(","status":"HandlerNotFound","contract_info":null})");
  world.request(LegacyMode::confirmed, "1", "nobody");
  EXPECT_EQ(world.take().metadata.control.response_ctx->error_message, "handler_not_found: there is no such handler");
  world.request(LegacyMode::with_response, "1", "nobody");
  EXPECT_EQ(world.take().metadata.handler_name, "error_response");
  world.request(LegacyMode::fire_and_forget, "1", "nobody");
  EXPECT_EQ(world.legacy->counters().failures_untold, 1u);
  const std::pair<FailureCode, const char*> verdicts[] = {{FailureCode::schema_mismatch, R"({"ContractMismatch":"schema_mismatch: no"})"},
                                                          {FailureCode::bad_payload, R"({"InvalidMessage":"bad_payload: no"})"},
                                                          {FailureCode::overloaded, R"({"InvalidMessage":"overloaded: no"})"}};
  for (const auto& [code, status] : verdicts) {
    world.request(LegacyMode::with_receipt_ack, "1");
    world.finish(std::unexpected(Failure{.code = code, .text = "no"}), false);
    EXPECT_NE(world.take().payload.find(status), std::string::npos) << status;
  }
  EXPECT_TRUE(world.posts.empty());
}

TEST(LegacyPeer, a_receipt_judges_what_its_sender_expects) {
  LegacyWorld world;
  world.endpoint->set_handler({.name = "typed", .slot = 2, .response = 7}, world.now);
  world.exchange();
  const auto nothing = R"({"expected_handler_type":"ActiveMessage","expects_response":false,"expected_response_type":null})";
  const auto bytes = R"({"expected_handler_type":"UnaryBytes","expects_response":true,"expected_response_type":null})";
  const auto typed = R"({"expected_handler_type":{"UnaryTyped":{"response_type":"i32"}},"expects_response":true,"expected_response_type":"i32"})";
  for (const auto mode : {LegacyMode::with_receipt_ack, LegacyMode::with_receipt_and_response}) {
    world.request(mode, "1", "typed", 100, nothing);
    const Post refused = world.take();
    EXPECT_EQ(refused.metadata.handler_name, "_receipt_ack");
    EXPECT_NE(refused.payload.find(R"("status":{"ContractMismatch":"schema_mismatch: its sender expects no response)"), std::string::npos)
        << refused.payload;
    EXPECT_TRUE(world.works.empty());
  }
  EXPECT_EQ(world.legacy->counters().requests_refused, 2u);
  // `echo` may return anything; and what is no expectation is not judged.
  const std::pair<const char*, const char*> rows[] = {{"typed", bytes}, {"typed", typed}, {"typed", ""}, {"typed", R"({"response_type":"i32"})"},
                                                      {"echo", nothing}, {"echo", bytes}};
  std::uint64_t base = 200;
  for (const auto& [handler, expectation] : rows) {
    world.request(LegacyMode::with_receipt_and_response, "1", handler, base += 10, expectation);
    world.finish(Reply{.format = 1, .payload = bytes_of("1")});
    EXPECT_NE(world.take().payload.find(R"("status":"Delivered")"), std::string::npos) << handler << expectation;
    EXPECT_EQ(world.take().metadata.handler_name, "response_message");
  }
  EXPECT_TRUE(world.posts.empty());
}

TEST(LegacyPeer, what_comes_to_a_send_that_ended_is_dropped_and_counted) {
  LegacyWorld world;
  const Ticket ticket = world.send(1, Delivery::response);
  const Uuid id = world.take().metadata.message_id;
  world.endpoint->cancel(ticket, world.now);
  world.exchange();
  EXPECT_TRUE(world.outcome(1).starts_with("cancelled:")) << world.outcome(1);
  world.reply("response_message", id, R"(,"response_type":"response")", "7");
  EXPECT_EQ(world.legacy->counters().replies_late, 1u);
  world.send(2, Delivery::response);
  world.pass(11s);
  EXPECT_TRUE(world.outcome(2).starts_with("expired:"));
  world.reply("response_message", world.take().metadata.message_id, R"(,"response_type":"response")", "7");
  world.reply("response_message", numbered(5), R"(,"response_type":"response")", "7");
  EXPECT_EQ(world.legacy->counters().replies_late, 3u);
  EXPECT_EQ(world.legacy->outstanding(), 0u);
}

TEST(LegacyPeer, a_socket_that_takes_nothing_stops_the_sends) {
  LegacyWorld world(false, {.window = {4, 32u << 20}});
  world.socket_takes = false;
  for (std::uint64_t tag = 1; tag <= 10; ++tag) world.send(tag, Delivery::fire_and_forget);
  EXPECT_EQ(world.outcomes.size(), 4u);
  world.socket_takes = true;
  world.exchange();
  world.pass(10ms);
  EXPECT_EQ(world.outcomes.size(), 10u);
  EXPECT_EQ(world.posts.size(), 10u);
}

TEST(LegacyPeer, requests_beyond_the_credit_wait_and_beyond_that_are_refused) {
  LegacyWorld::credit = {4, 32u << 20};
  LegacyWorld world(false, {.waiting = {3, 1u << 20}});
  LegacyWorld::credit = {1024, 32u << 20};
  for (std::uint64_t base = 0; base != 8; ++base) world.request(LegacyMode::confirmed, "1", "echo", 1000 + 10 * base);
  EXPECT_EQ(world.works.size(), 4u);
  EXPECT_TRUE(world.legacy->is_full());
  EXPECT_EQ(world.posts.size(), 1u);
  EXPECT_EQ(world.take().metadata.control.response_ctx->error_message, "overloaded: as many requests wait as may");
  for (int i = 0; i != 7; ++i) {
    world.finish(Reply{});
    world.pass(5ms);
  }
  EXPECT_EQ(world.posts.size(), 7u);
  EXPECT_FALSE(world.legacy->is_full());
}

TEST(LegacyPeer, who_floods_and_does_not_read_holds_no_more_memory) {
  LegacyWorld world(false, {.waiting = {8, 1u << 20}});
  world.socket_takes = false;
  for (std::uint64_t base = 0; base != 8000; ++base) world.request(LegacyMode::confirmed, "1", "nobody", 10000 + 10 * base);
  world.socket_takes = true;
  world.exchange();
  EXPECT_LT(world.posts.size(), 5500u);  // EndpointOptions::unacknowledged, one window of credit and what waits.
  EXPECT_EQ(world.posts.size() + world.legacy->counters().failures_untold, 8000u);
}

TEST(LegacyPeer, a_response_larger_than_this_side_takes_is_a_failure) {
  LegacyWorld world;
  world.send(1, Delivery::response);
  const Uuid id = world.take().metadata.message_id;
  world.reply("response_message", id, R"(,"response_type":"response")", std::string((16u << 20) + 1, '1'));
  EXPECT_EQ(world.outcome(1), "handler_failed:the response is larger than this side takes");
  EXPECT_EQ(world.peer_state, PeerState::up);
}

TEST(LegacyPeer, a_broken_connection_changes_nothing_and_another_process_everything) {
  LegacyWorld world;
  world.send(1, Delivery::response);
  world.send(2, Delivery::queued);
  const Uuid id = world.take().metadata.message_id;
  const Uuid queued = world.take().metadata.message_id;
  world.disconnect();
  world.reply("response_message", id, R"(,"response_type":"response")", "7");
  EXPECT_EQ(world.outcome(1), "none");
  world.connect();
  world.pass(10ms);
  EXPECT_EQ(world.outcome(1), "ok:7");
  EXPECT_TRUE(world.posts.empty()) << "sent twice";
  world.receipt(queued, R"("Delivered")");
  EXPECT_EQ(world.outcome(2), "ok:");

  world.send(3, Delivery::response);
  world.disconnect();
  world.legacy->reset();
  world.connect();
  world.pass(10ms);
  EXPECT_TRUE(world.outcome(3).starts_with("peer_lost:")) << world.outcome(3);
  world.posts.clear();
  world.send(4, Delivery::done);
  world.reply("ack_response", world.take().metadata.message_id, R"(,"response_type":"ack")", "{}");
  EXPECT_EQ(world.outcome(4), "ok:");
}

TEST(LegacyPeer, a_drained_one_becomes_quiet) {
  LegacyWorld world;
  world.send(1, Delivery::response);
  world.request(LegacyMode::confirmed, "1");
  world.legacy->drain();
  world.exchange();
  EXPECT_EQ(world.peer_state, PeerState::draining);
  world.send(2, Delivery::response);
  ASSERT_EQ(world.posts.size(), 1u);
  world.reply("response_message", world.take().metadata.message_id, R"(,"response_type":"response")", "7");
  world.pass(10ms);
  EXPECT_FALSE(world.legacy->is_quiet());
  world.finish(Reply{});
  world.pass(10ms);
  EXPECT_TRUE(world.legacy->is_quiet());
  EXPECT_EQ(world.outcome(2), "none");
  world.disconnect();
  world.legacy->reset();
  world.posts.clear();
  world.connect();
  EXPECT_EQ(world.posts.size(), 1u) << "what waited goes out in the next session";
}

// Strategy: both sides send in all modes, answer in any order or not at all, connections break, the socket is full for a
// while. Invariants: each send has one outcome (LegacyWorld::settled), the value is its own; each request runs once and has
// the answers of its mode once.
TEST(LegacyPeer, whatever_happens_every_send_has_one_outcome) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto chance = [&](unsigned percent) { return random() % 100 < percent; };
    LegacyWorld world(false, {.window = {8, 32u << 20}});
    std::uint64_t tag = 0;
    std::uint64_t asked = 0;
    std::uint64_t answered = 0;
    std::vector<Post> open;
    const auto collect = [&] {
      while (!world.posts.empty()) {
        Post post = world.take();
        if (post.metadata.handler_name != "there") {
          const bool ends = post.metadata.handler_name != "_accept";
          answered += ends ? 1 : 0;
          continue;
        }
        open.push_back(std::move(post));
      }
    };
    bool up = true;
    for (int step = 0; step != 120; ++step) {
      if (chance(40)) {
        const auto delivery = static_cast<Delivery>(random() % 6);
        ++tag;
        world.send(tag, delivery, std::to_string(tag));
      }
      if (chance(20)) {
        const LegacyMode mode = chance(50) ? LegacyMode::confirmed : LegacyMode::with_response;
        world.request(mode, "1", "echo", 1000000 + 10 * ++asked);
      }
      if (chance(30) && !world.works.empty()) world.finish(Reply{.format = 1, .payload = bytes_of("1")});
      collect();
      if (chance(50) && !open.empty()) {
        const std::size_t index = random() % open.size();
        const Post post = open[index];
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(index));
        const LegacyMode mode = post.metadata.control.mode;
        if (mode == LegacyMode::with_receipt_ack) world.receipt(post.metadata.message_id, R"("Delivered")");
        if (mode == LegacyMode::confirmed) world.reply("ack_response", post.metadata.message_id, R"(,"response_type":"ack")", "{}");
        if (mode == LegacyMode::with_response || mode == LegacyMode::with_receipt_and_response) {
          world.reply("response_message", post.metadata.message_id, R"(,"response_type":"response")", post.payload);
          if (chance(20)) world.reply("response_message", post.metadata.message_id, R"(,"response_type":"response")", "0");
        }
      }
      if (chance(5)) {
        up ? world.disconnect() : world.connect();
        up = !up;
      }
      if (chance(10)) {
        world.socket_takes = !world.socket_takes;
        world.exchange();
      }
      world.pass(1ms);
    }
    if (!up) world.connect();
    world.socket_takes = true;
    world.pass(20s);
    while (!world.works.empty()) world.finish(Reply{.format = 1, .payload = bytes_of("1")});
    world.pass(1s);
    collect();
    EXPECT_EQ(world.outcomes.size(), tag);
    for (const auto& [number, outcome] : world.outcomes) {
      if (outcome && !outcome->payload.empty()) { EXPECT_EQ(text_of(outcome->payload), std::to_string(number)); }
    }
    EXPECT_EQ(answered, asked);
    EXPECT_EQ(world.legacy->outstanding(), 0u);
    EXPECT_TRUE(world.legacy->is_quiet());
  }
}

}  // namespace
}  // namespace structwire::messaging
