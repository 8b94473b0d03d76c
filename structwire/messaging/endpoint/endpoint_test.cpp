// SPDX-License-Identifier: Apache-2.0
#include <tests/support/endpoint_sides.hpp>

namespace structwire::messaging {
namespace {

TEST_F(EndpointTest, a_call_is_answered) {
  connect();
  EXPECT_EQ(client->states[peer], PeerState::up);
  send(1, "echo", "hello");
  exchange();
  Work work = next_work();
  EXPECT_EQ(text_of(work.payload), "hello");
  EXPECT_EQ(work.handler, 1u);
  EXPECT_EQ(work.deadline, now + 30s);
  EXPECT_EQ(outcome(1), "none");
  finish(std::move(work), reply("world"));
  EXPECT_EQ(outcome(1), "ok:world");
  pass(1s);
  EXPECT_TRUE(client->endpoint->idle());
  EXPECT_TRUE(server->endpoint->idle());
}

TEST_F(EndpointTest, each_delivery_is_told_when_it_is_reached) {
  connect();
  send(1, "echo", "a", {.delivery = Delivery::fire_and_forget});
  EXPECT_EQ(outcome(1), "ok:");
  send(2, "echo", "b", {.delivery = Delivery::queued});
  EXPECT_EQ(outcome(2), "none");
  exchange();
  EXPECT_EQ(outcome(2), "ok:");
  send(3, "echo", "c", {.delivery = Delivery::accepted});
  send(4, "echo", "d", {.delivery = Delivery::done});
  send(5, "echo", "e", {.delivery = Delivery::receipt});
  exchange();
  ASSERT_EQ(server->works.size(), 5u);
  finish(next_work(), reply("-"));
  finish(next_work(), reply("-"));
  EXPECT_EQ(outcome(3), "none");
  server->endpoint->accepted(server->works[0].id, now);
  exchange();
  EXPECT_EQ(outcome(3), "ok:");
  server->endpoint->accepted(server->works[1].id, now);
  server->endpoint->accepted(server->works[2].id, now);
  exchange();
  EXPECT_EQ(client->receipts, std::vector<std::uint64_t>{5});
  EXPECT_EQ(outcome(4), "none");
  for (int i = 0; i != 3; ++i) finish(next_work(), reply("r"));
  EXPECT_EQ(outcome(4), "ok:");
  EXPECT_EQ(outcome(5), "ok:r");
}

TEST_F(EndpointTest, every_refusal_has_its_code) {
  connect();
  send(1, "nobody", "");
  client->endpoint->send(peer, {.handler = "echo", .schema = 99, .payload = bytes_of("x")}, 2, now);
  exchange();
  EXPECT_EQ(outcome(1), "handler_not_found");
  EXPECT_EQ(outcome(2), "schema_mismatch");
  send(3, "echo", "x");
  exchange();
  finish(next_work(), std::unexpected(Failure{.code = FailureCode::bad_payload, .text = "no"}));
  EXPECT_EQ(outcome(3), "bad_payload");
  EXPECT_EQ(client->outcomes.at(3).error().text, "no");
  client->endpoint->send(PeerId{99}, {.handler = "echo"}, 4, now);
  EXPECT_EQ(outcome(4), "no_peer");
  send(5, "echo", "x", {.depth = 17});
  EXPECT_EQ(outcome(5), "overloaded");
  // A handler that went away while its table was on its way is refused by the peer itself.
  server->endpoint->remove_handler(1, now);
  send(6, "echo", "x");
  exchange();
  EXPECT_EQ(outcome(6), "handler_not_found");
  EXPECT_EQ(server->endpoint->counters().nacks_sent[1], 1u);
}

TEST_F(EndpointTest, a_table_that_changes_before_the_answer_to_hello_is_told) {
  client->endpoint->link_opened(LinkId{++link_number}, {.dial = DialId{1}}, now);
  server->endpoint->link_opened(link(), {}, now);
  client->endpoint->set_handler({.name = "late", .slot = 9}, now);
  exchange();
  const auto known = server->endpoint->status(server->endpoint->peers().front());
  ASSERT_TRUE(known);
  ASSERT_EQ(known->handlers.size(), 1u);
  EXPECT_EQ(known->handlers.front().name, "late");
}

TEST_F(EndpointTest, a_deadline_ends_a_send_on_both_sides) {
  connect();
  send(1, "echo", "x", {.deadline = 100ms});
  exchange();
  pass(200ms);
  EXPECT_EQ(outcome(1), "expired");
  Work work = next_work();
  EXPECT_TRUE(server->stopped.contains(work.id));
  finish(std::move(work), reply("late"));
  EXPECT_EQ(outcome(1), "expired");
  // Nor does a peer that is not there keep anybody waiting.
  disconnect();
  send(2, "echo", "x", {.deadline = 100ms});
  pass(200ms);
  EXPECT_EQ(outcome(2), "expired");
}

TEST_F(EndpointTest, who_was_never_reached_is_no_peer) {
  send(1, "echo", "x", {.deadline = 100ms});
  pass(200ms);
  EXPECT_EQ(outcome(1), "no_peer");
}

TEST_F(EndpointTest, cancelling_is_answered) {
  connect();
  const Ticket ticket = send(1, "echo", "x");
  exchange();
  client->endpoint->cancel(ticket, now);
  exchange();
  Work work = next_work();
  EXPECT_EQ(server->stopped.at(work.id), FailureCode::cancelled);
  EXPECT_EQ(outcome(1), "none");
  finish(std::move(work), std::unexpected(Failure{.code = FailureCode::cancelled}));
  EXPECT_EQ(outcome(1), "cancelled");
}

TEST_F(EndpointTest, credit_bounds_what_is_on_its_way) {
  EndpointOptions few;
  few.credit = {4, 1 << 20};
  few.payload_bytes_max = 1 << 16;
  few.adaptive = false;
  start({}, few);
  connect();
  for (std::uint64_t tag = 1; tag <= 10; ++tag) send(tag, "echo", std::to_string(tag));
  send(11, "echo", "", {.when_full = WhenFull::fail});
  send(12, "echo", "urgent", {.priority = 7});
  exchange();
  EXPECT_EQ(outcome(11), "queue_full");
  EXPECT_EQ(server->works.size(), 4u);
  pass(10s);
  EXPECT_EQ(server->works.size(), 4u);
  // A view that is kept keeps its credit, though its handler is done.
  Work pinned = next_work();
  server->endpoint->finished(pinned.id, reply("1"), 0ns, now);
  exchange();
  EXPECT_EQ(outcome(1), "ok:1");
  EXPECT_EQ(server->works.size(), 3u);
  std::vector<std::string> order;
  while (!server->works.empty()) {
    Work work = next_work();
    order.push_back(text_of(work.payload));
    finish(std::move(work), reply("-"));
    pass(10ms);
  }
  EXPECT_EQ(order, (std::vector<std::string>{"2", "3", "4", "urgent", "5", "6", "7", "8", "9", "10"}));
}

TEST_F(EndpointTest, credit_follows_the_time_that_requests_wait) {
  EndpointOptions options;
  options.credit = {64, 1u << 20};
  options.credit_least = {4, 1u << 10};
  start(EndpointOptions{}, options);
  connect();
  const auto credit = [&] { return client->endpoint->status(peer)->credit_left.messages; };
  EXPECT_EQ(credit(), 64u);
  std::uint64_t tag = 0;
  const auto run = [&](int requests, Duration waited) {
    for (int i = 0; i < requests; ++i) {
      send(++tag, "again", "x", {.delivery = Delivery::done});
      exchange();
      const WorkId id = next_work().id;
      server->endpoint->released(id);
      server->endpoint->finished(id, Reply{}, waited, now);
      exchange();
    }
    pass(1s);
  };
  // One that began at once tells that the queue is not a standing one.
  for (int i = 0; i < 30; ++i) {
    run(63, 50ms);
    run(1, 0ms);
  }
  EXPECT_EQ(credit(), 64u);
  run(30 * 64, 50ms);
  EXPECT_EQ(credit(), 4u);
  run(8 * 64, 1ms);
  EXPECT_GT(credit(), 4u);
  run(60 * 64, 1ms);
  EXPECT_EQ(credit(), 64u);
}

TEST_F(EndpointTest, waiting_messages_give_way_as_they_are_told) {
  EndpointOptions options;
  options.pending = {3, 1 << 20};
  start(options, {});
  send(1, "state", "old", {.when_full = WhenFull::latest, .key = 5});
  send(2, "state", "new", {.when_full = WhenFull::latest, .key = 5});
  send(3, "log", "a", {.when_full = WhenFull::drop_oldest});
  send(4, "log", "b", {.when_full = WhenFull::drop_oldest});
  send(5, "log", "c", {.when_full = WhenFull::drop_oldest});
  send(6, "echo", "d");
  EXPECT_EQ(outcome(1), "superseded");
  EXPECT_EQ(outcome(3), "dropped");
  EXPECT_EQ(outcome(6), "queue_full");
  EXPECT_EQ(outcome(2), "none");
}

TEST_F(EndpointTest, a_session_goes_on_over_a_new_link) {
  connect();
  loses = [&](const Side& from, const Frame&) { return &from == server.get(); };
  send(1, "echo", "x");
  exchange();
  finish(next_work(), reply("kept"));
  EXPECT_EQ(outcome(1), "none");
  disconnect();
  loses = nullptr;
  EXPECT_EQ(client->states[peer], PeerState::down);
  send(2, "echo", "waits");
  connect();
  EXPECT_EQ(outcome(1), "ok:kept");
  EXPECT_EQ(server->works.size(), 1u);
  EXPECT_EQ(client->endpoint->counters().resumed, 1u);
  EXPECT_EQ(client->endpoint->counters().sessions, 1u);
}

TEST_F(EndpointTest, what_is_said_without_a_link_is_kept_as_it_was) {
  connect();
  for (std::uint64_t tag = 1; tag <= 5; ++tag) send(tag, "echo", "x");
  exchange();
  disconnect();
  for (int number = 1; number <= 5; ++number) finish(next_work(), reply("answer " + std::to_string(number)));
  connect();
  for (std::uint64_t tag = 1; tag <= 5; ++tag) EXPECT_EQ(outcome(tag), "ok:answer " + std::to_string(tag));
}

TEST_F(EndpointTest, after_a_crash_only_what_may_run_twice_runs_again) {
  connect();
  send(1, "echo", "x");
  send(2, "again", "y");
  exchange();
  EXPECT_EQ(server->works.size(), 2u);
  disconnect();
  send(3, "echo", "z");
  auto same = std::move(client);
  start({}, {});
  client = std::move(same);
  connect();
  EXPECT_EQ(outcome(1), "peer_lost");
  ASSERT_EQ(server->works.size(), 2u);
  EXPECT_EQ(text_of(next_work().payload), "y");
  EXPECT_EQ(text_of(next_work().payload), "z");
}

TEST_F(EndpointTest, what_is_lost_is_sent_again_and_runs_once) {
  connect(false);
  int count = 0;
  loses = [&](const Side&, const Frame&) { return ++count % 3 != 0; };
  for (std::uint64_t tag = 1; tag <= 50; ++tag) {
    send(tag, "echo", std::to_string(tag));
    pass(1ms);
  }
  int runs = 0;
  for (int round = 0; round != 200; ++round) {
    pass(100ms);
    while (!server->works.empty()) {
      ++runs;
      EXPECT_EQ(text_of(server->works.front().payload), std::to_string(runs));
      finish(next_work(), reply("-"));
    }
  }
  EXPECT_EQ(runs, 50);
  for (std::uint64_t tag = 1; tag <= 50; ++tag) EXPECT_EQ(outcome(tag), "ok:-") << tag;
  EXPECT_GT(client->endpoint->counters().resent, 0u);
}

TEST_F(EndpointTest, an_overloaded_handler_is_tried_again) {
  connect();
  send(1, "echo", "x");
  exchange();
  finish(next_work(), std::unexpected(Failure{.code = FailureCode::overloaded, .retryable = true}));
  EXPECT_EQ(outcome(1), "none");
  pass(100ms);
  finish(next_work(), reply("now"));
  EXPECT_EQ(outcome(1), "ok:now");
  EXPECT_EQ(client->endpoint->counters().retries, 1u);
}

TEST_F(EndpointTest, a_circuit_opens_and_closes) {
  connect();
  std::uint64_t tag = 0;
  for (int i = 0; i != 10; ++i) {
    send(++tag, "echo", "x");
    exchange();
    finish(next_work(), std::unexpected(Failure{.code = FailureCode::handler_failed}));
  }
  send(++tag, "echo", "x");
  EXPECT_EQ(outcome(tag), "circuit_open");
  pass(1100ms);
  send(++tag, "echo", "probe");
  send(++tag, "echo", "x");
  EXPECT_EQ(outcome(tag), "circuit_open");
  exchange();
  finish(next_work(), reply("good"));
  send(++tag, "echo", "x");
  exchange();
  EXPECT_EQ(outcome(tag), "none");
}

TEST_F(EndpointTest, a_stream_has_its_own_credit) {
  connect();
  const Ticket ticket = send(1, "echo", "list", {.stream_items = 2});
  exchange();
  Work work = next_work();
  EXPECT_EQ(work.stream_items, 2u);
  server->endpoint->item(work.id, *reply("a"), now);
  server->endpoint->item(work.id, *reply("b"), now);
  exchange();
  EXPECT_EQ(client->items[1], (std::vector<std::string>{"a", "b"}));
  client->endpoint->consumed(ticket, 2, now);
  exchange();
  EXPECT_EQ(server->wanted[work.id], 4u);
  finish(std::move(work), Reply{});
  EXPECT_EQ(outcome(1), "ok:");
}

TEST_F(EndpointTest, silence_and_wedged_handlers_are_noticed) {
  connect();
  server->is_stalled = 5s;
  pass(1100ms);
  EXPECT_EQ(client->states[peer], PeerState::wedged);
  server->is_stalled = 0s;
  pass(1100ms);
  EXPECT_EQ(client->states[peer], PeerState::up);
  loses = [&](const Side& from, const Frame&) { return &from == server.get(); };
  pass(4s);
  EXPECT_EQ(client->states[peer], PeerState::down);
  EXPECT_TRUE(client->closed.contains(link()));
}

TEST_F(EndpointTest, a_draining_peer_takes_nothing_new) {
  connect();
  send(1, "echo", "x");
  exchange();
  server->endpoint->drain(now);
  send(2, "echo", "crosses");
  exchange();
  EXPECT_EQ(client->states[peer], PeerState::draining);
  EXPECT_EQ(server->works.size(), 1u);
  finish(next_work(), reply("done"));
  EXPECT_EQ(outcome(1), "ok:done");
  pass(100ms);
  EXPECT_TRUE(server->endpoint->idle());
  client->endpoint->stop(now);
  EXPECT_EQ(outcome(2), "stopped");
}

TEST_F(EndpointTest, large_payloads_travel_as_they_are) {
  connect();
  const Payload large = bytes_of(std::string(100'000, 'x'));
  client->endpoint->send(peer, {.handler = "echo", .format = 1, .payload = large}, 1, now);
  exchange();
  Work work = next_work();
  EXPECT_EQ(work.payload.data(), large.data());
  finish(std::move(work), reply(std::string(20'000, 'y')));
  EXPECT_EQ(outcome(1), "ok:" + std::string(20'000, 'y'));
  client->endpoint->send(peer, {.handler = "echo", .payload = bytes_of(std::string(17u << 20, 'x'))}, 2, now);
  EXPECT_EQ(outcome(2), "too_large");
}

TEST_F(EndpointTest, small_messages_share_frames) {
  connect();
  const std::uint64_t before = client->endpoint->counters().frames_sent;
  for (std::uint64_t tag = 1; tag <= 100; ++tag) send(tag, "echo", "0123456789");
  exchange();
  EXPECT_EQ(client->endpoint->counters().frames_sent - before, 1u);
  EXPECT_EQ(server->works.size(), 100u);
}

TEST_F(EndpointTest, nobody_takes_the_name_of_one_who_is_here) {
  connect();
  Side second("client", {}, now);
  second.endpoint->dialled(DialId{1});
  const LinkId theirs{50};
  second.endpoint->link_opened(theirs, {.dial = DialId{1}}, now);
  server->endpoint->link_opened(theirs, {}, now);
  for (Frame& frame : second.outgoing) server->endpoint->received(theirs, std::move(frame), now);
  pass(1s);
  EXPECT_TRUE(server->closed.contains(theirs));
  EXPECT_EQ(client->states[peer], PeerState::up);
}

TEST_F(EndpointTest, nonsense_ends_the_link) {
  connect();
  server->endpoint->received(link(), {bytes_of("GET / HTTP/1.1\r\n\r\n"), {}}, now);
  EXPECT_TRUE(server->closed.contains(link()));
  EXPECT_EQ(server->endpoint->counters().frames_refused, 1u);
}

// ---- what the simulation found: tests/simulation/

TEST_F(EndpointTest, what_was_written_when_the_link_broke_is_sent_as_it_was) {
  connect();
  send(1, "echo", "first");  // Not flushed yet.
  client->endpoint->link_closed(link(), now);
  server->endpoint->link_closed(link(), now);
  connect();
  EXPECT_TRUE(server->closed.empty()) << server->closed.begin()->second;
  EXPECT_EQ(text_of(next_work().payload), "first");
}

TEST_F(EndpointTest, a_hello_may_be_larger_than_payloads_may_be) {
  EndpointOptions options;
  options.payload_bytes_max = 10;
  start(options, options);
  for (std::uint32_t slot = 3; slot < 100; ++slot) {
    server->endpoint->set_handler({.name = "handler " + std::to_string(slot), .slot = slot}, now);
  }
  connect();
  EXPECT_EQ(client->states[peer], PeerState::up);
  send(1, "echo", "more than 10 bytes");
  EXPECT_EQ(outcome(1), "too_large");
}

TEST_F(EndpointTest, a_dialler_that_let_a_session_expire_may_have_run_what_came_in_it) {
  EndpointOptions soon, late;
  soon.session_kept = 1s;
  late.session_kept = 100s;
  start(soon, late);
  client->endpoint->set_handler({.name = "once", .slot = 1}, now);
  connect();
  const PeerId back = server->endpoint->peers().front();
  server->endpoint->send(back, {.handler = "once", .format = 1, .payload = bytes_of("x")}, 1, now);
  exchange();
  ASSERT_EQ(client->works.size(), 1u);
  disconnect();
  pass(3s);
  connect();
  EXPECT_EQ(client->works.size(), 1u) << "it ran twice";
  ASSERT_TRUE(server->outcomes.contains(1));
  EXPECT_EQ(server->outcomes.at(1).error().code, FailureCode::peer_lost);
}

TEST_F(EndpointTest, credit_of_a_former_session_is_worth_nothing) {
  EndpointOptions narrow;
  narrow.credit.messages = narrow.credit_least.messages = 2;
  start(narrow, {});
  client->endpoint->set_handler({.name = "once", .slot = 1}, now);
  connect();
  const auto send_back = [&](std::uint64_t tag) {
    server->endpoint->send(server->endpoint->peers().front(), {.handler = "once", .format = 1, .payload = bytes_of("x")},
                           tag, now);
    exchange();
  };
  for (std::uint64_t tag = 1; tag <= 10; ++tag) {
    send_back(tag);
    ASSERT_FALSE(client->works.empty());
    const WorkId work = client->works.front().id;
    client->works.clear();
    client->endpoint->released(work);
    client->endpoint->finished(work, Reply{}, 0ns, now);
    exchange();
  }
  disconnect();
  server = std::make_unique<Side>("server", EndpointOptions{}, now);  // It comes back, and knows nothing.
  connect();
  for (std::uint64_t tag = 1; tag <= 5; ++tag) send_back(tag);
  EXPECT_TRUE(client->closed.empty()) << client->closed.begin()->second;
  EXPECT_EQ(client->works.size(), 2u);
}

TEST_F(EndpointTest, what_may_have_run_is_not_told_as_queue_full) {
  EndpointOptions narrow;
  narrow.pending.messages = 1;
  start(narrow, {});
  connect();
  send(1, "again", "x");
  exchange();
  disconnect();
  send(2, "again", "y");
  auto same = std::move(client);
  start({}, {});
  client = std::move(same);
  connect();
  EXPECT_EQ(outcome(1), "peer_lost");
  EXPECT_EQ(text_of(next_work().payload), "y");
}

TEST_F(EndpointTest, cancelled_says_that_nothing_starts_any_more) {
  EndpointOptions soon;
  soon.session_kept = 1s;
  start(soon, {});
  connect();
  const Ticket ticket = send(1, "again", "x");
  exchange();
  disconnect();
  pass(3s);  // A new session is to begin; the server has the request, and may still start it.
  client->endpoint->cancel(ticket, now);
  EXPECT_EQ(outcome(1), "peer_lost");
  connect();
  EXPECT_EQ(server->stopped.size(), 1u);
}

TEST_F(EndpointTest, new_sessions_give_no_new_room) {
  EndpointOptions narrow;
  narrow.credit.messages = 2;
  narrow.credit_least.messages = 1;
  start({}, narrow);
  for (int life = 0; life < 5; ++life) {
    connect();
    for (std::uint64_t tag = 1; tag <= 5; ++tag) send(tag, "echo", "x");
    exchange();
    disconnect();
    client = std::make_unique<Side>("client", EndpointOptions{}, now);
    peer = client->endpoint->dialled(DialId{1});
  }
  EXPECT_EQ(server->works.size(), 2u);
  connect();
  send(9, "echo", "y");
  for (int each = 0; each < 2; ++each) finish(next_work(), reply(""));
  EXPECT_EQ(text_of(next_work().payload), "y");
}

}  // namespace
}  // namespace structwire::messaging
