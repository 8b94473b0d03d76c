// SPDX-License-Identifier: Apache-2.0
//
// Messages that leave together, and those that part from them.
#include <algorithm>
#include <set>

#include <tests/support/endpoint_sides.hpp>

namespace structwire::messaging {
namespace {

// What their sender hears of them.
struct Heard {
  std::vector<std::uint64_t> sent;
  std::map<std::uint64_t, FailureCode> failed;
  std::vector<std::uint64_t> done;
  std::map<std::uint64_t, Ticket> parted;
  Amount left;
  bool gone = false;
};

class Together final : public ManyMessages {
 public:
  Together(Heard& heard, Delivery delivery, std::uint8_t priority) : ManyMessages(priority, delivery), heard_(heard) {}
  ~Together() override { heard_.gone = true; }
  void sent(const Message& message) override { heard_.sent.push_back(message.tag); }
  void failed(const Message& message, FailureCode why) override { heard_.failed[message.tag] = why; }
  void done(const Message& message) override { heard_.done.push_back(message.tag); }
  std::uint64_t parted(const Message& message, Ticket its_own) override {
    heard_.parted[message.tag] = its_own;
    return message.tag;
  }
  void left(Amount amount) override {
    heard_.left.messages += amount.messages;
    heard_.left.bytes += amount.bytes;
  }

 private:
  Heard& heard_;
};

struct Wanted {
  std::string_view handler = "echo";
  std::string_view other = handler;  // Of those with an even tag.
  Delivery delivery = Delivery::done;
  std::uint8_t priority = 3;
  std::function<Instant(std::uint64_t)> deadline = [](std::uint64_t) { return never; };
};

class EndpointManySendsTest : public EndpointTest {
 protected:
  EndpointManySendsTest() { start({}, {}, true); }
  ~EndpointManySendsTest() override { client = nullptr; }  // Before what it tells.

  /// With tags from 1 on.
  Ticket send_together(std::uint64_t count, Wanted wanted = {}) {
    auto many = std::make_unique<Together>(heard, wanted.delivery, wanted.priority);
    for (std::uint64_t tag = 1; tag <= count; ++tag) {
      const std::string_view handler = tag % 2 == 0 ? wanted.other : wanted.handler;
      many->add({.handler = handler, .format = 1, .payload = text, .deadline = wanted.deadline(tag), .tag = tag});
    }
    const ManyMessages& sent = *many;
    client->endpoint->send(peer, std::move(many), now);
    const Ticket ticket = heard.gone ? Ticket{} : sent.ticket;
    exchange();
    return ticket;
  }
  void end(const ManyWorks& many, const std::vector<std::uint64_t>& done, const std::vector<ManyEnded::Failed>& failed = {}) {
    EndpointTest::end(many, done, failed);
    exchange();
  }
  void start_with_credit(std::uint64_t messages) {
    EndpointOptions narrow;
    narrow.credit.messages = messages;
    narrow.credit_least.messages = messages;
    start({}, narrow, true);
    connect();
  }

  static constexpr std::array text{std::byte{'t'}, std::byte{'e'}, std::byte{'x'}, std::byte{'t'}};
  Heard heard;
};

TEST_F(EndpointManySendsTest, all_are_done) {
  connect();
  send_together(40);
  EXPECT_TRUE(heard.done.empty());
  EXPECT_EQ(heard.left.messages, 0u);
  const ManyWorks many = next_many();
  ASSERT_EQ(many.works.size(), 40u);
  end(many, counters_of(many));
  EXPECT_EQ(heard.done.size(), 40u);
  EXPECT_TRUE(std::ranges::is_sorted(heard.done));
  EXPECT_EQ(heard.left, (Amount{40, 160}));
  EXPECT_TRUE(heard.gone);
  EXPECT_TRUE(heard.parted.empty());
  EXPECT_EQ(client->endpoint->counters().succeeded, 40u);
  pass(1s);
  EXPECT_TRUE(client->endpoint->idle());
}

TEST_F(EndpointManySendsTest, one_way_ones_end_when_they_leave) {
  connect();
  send_together(10, {.delivery = Delivery::fire_and_forget});
  EXPECT_EQ(heard.sent.size(), 10u);
  EXPECT_EQ(heard.left, (Amount{10, 40}));
  EXPECT_TRUE(heard.gone);
}

TEST_F(EndpointManySendsTest, one_that_fails_parts_with_its_reason) {
  connect();
  send_together(10);
  const ManyWorks many = next_many();
  std::vector<std::uint64_t> done = counters_of(many, 1);
  end(many, done, {{many.works[0].counter, {.code = FailureCode::handler_failed, .text = "so it is"}}});
  EXPECT_EQ(heard.done.size(), 9u);
  EXPECT_EQ(heard.left.messages, 9u);
  EXPECT_EQ(outcome(1), "handler_failed");
  EXPECT_EQ(client->outcomes.at(1).error().text, "so it is");
  EXPECT_TRUE(heard.gone);
}

TEST_F(EndpointManySendsTest, one_that_found_no_room_comes_again_alone) {
  connect();
  send_together(3);
  const ManyWorks many = next_many();
  const auto counters = counters_of(many);
  end(many, {counters[0], counters[2]}, {{counters[1], {.code = FailureCode::overloaded, .retryable = true}}});
  pass(500ms);
  EXPECT_EQ(heard.done, (std::vector<std::uint64_t>{1, 3}));
  const Work again = next_work();
  EXPECT_EQ(again.message.counter, counters[1]);
  EXPECT_EQ(text_of(again.payload), "text");
  finish(again, Reply{});
  EXPECT_EQ(outcome(2), "ok:");
}

TEST_F(EndpointManySendsTest, refusals_have_their_codes_and_reasons) {
  connect();
  send_together(2, {.handler = "nobody"});
  EXPECT_EQ(outcome(1), "handler_not_found");
  EXPECT_EQ(client->outcomes.at(2).error().text, "the peer has no such handler");
  EXPECT_TRUE(heard.gone);
  heard = {};
  send_together(2, {.handler = "nobody", .delivery = Delivery::fire_and_forget});
  EXPECT_EQ(heard.failed.at(1), FailureCode::handler_not_found);
  EXPECT_EQ(client->endpoint->counters().failed, 4u);
}

TEST_F(EndpointManySendsTest, between_those_that_are_refused_each_has_its_end) {
  for (const bool first_goes : {true, false}) {
    heard = {};
    start({}, {}, true);
    connect();
    send_together(9, first_goes ? Wanted{.handler = "again", .other = "nobody"} : Wanted{.handler = "nobody", .other = "again"});
    const ManyWorks many = next_many();
    ASSERT_EQ(many.works.size(), first_goes ? 5u : 4u);
    for (const std::uint64_t counter : counters_of(many)) end(many, {counter});
    for (std::uint64_t tag = 1; tag <= 9; ++tag) {
      const bool goes = (tag % 2 == 1) == first_goes;
      EXPECT_EQ(std::ranges::count(heard.done, tag), goes ? 1 : 0) << tag;
      EXPECT_EQ(outcome(tag), goes ? "none" : "handler_not_found") << tag;
    }
    EXPECT_TRUE(heard.gone);
  }
}

TEST_F(EndpointManySendsTest, each_has_its_deadline_waiting_or_under_way) {
  start_with_credit(4);
  send_together(8, {.deadline = [&](std::uint64_t tag) { return tag % 2 == 0 ? now + 1s : now + 10s; }});
  const ManyWorks many = next_many();
  EXPECT_EQ(many.works.size(), 4u);
  pass(2s);
  for (const std::uint64_t tag : {2u, 4u, 6u, 8u}) EXPECT_EQ(outcome(tag), "expired") << tag;
  EXPECT_EQ(server->stopped_ones.size(), 2u);
  for (const auto& [id, counter] : server->stopped_ones) EXPECT_EQ(id, many.id) << counter;
  const auto counters = counters_of(many);
  end(many, {counters[0], counters[2]},
      {{counters[1], {.code = FailureCode::cancelled}}, {counters[3], {.code = FailureCode::cancelled}}});
  EXPECT_EQ(heard.done, (std::vector<std::uint64_t>{1, 3}));
  const ManyWorks rest = next_many();
  end(rest, counters_of(rest));
  EXPECT_EQ(heard.done, (std::vector<std::uint64_t>{1, 3, 5, 7}));
  EXPECT_TRUE(heard.gone);
}

TEST_F(EndpointManySendsTest, one_is_cancelled_waiting_or_under_way) {
  start_with_credit(2);
  const Ticket ticket = send_together(4);
  const ManyWorks many = next_many();
  ASSERT_EQ(many.works.size(), 2u);
  client->endpoint->cancel(ticket, 3, now);
  EXPECT_EQ(outcome(3), "cancelled");  // It was never sent.
  client->endpoint->cancel(ticket, 2, now);
  client->endpoint->cancel(ticket, 17, now);
  exchange();
  EXPECT_EQ(outcome(2), "none");
  EXPECT_EQ(server->stopped_ones.size(), 1u);
  const auto counters = counters_of(many);
  end(many, {counters[0]}, {{counters[1], {.code = FailureCode::cancelled}}});
  EXPECT_EQ(outcome(2), "cancelled");
  finish(next_work(), Reply{});  // The fourth came alone.
  EXPECT_EQ(heard.done, (std::vector<std::uint64_t>{1, 4}));
  EXPECT_TRUE(heard.gone);
}

TEST_F(EndpointManySendsTest, after_a_crash_only_what_may_run_twice_runs_again) {
  connect();
  send_together(3);
  server = std::make_unique<Side>("server", EndpointOptions{}, now, true);
  server->endpoint->set_handler({.name = "echo", .slot = 1}, now);
  client->endpoint->link_closed(link(), now);
  connect();
  for (std::uint64_t tag = 1; tag <= 3; ++tag) EXPECT_EQ(outcome(tag), "peer_lost");
  EXPECT_TRUE(heard.gone);

  heard = {};
  client->outcomes.clear();
  start({}, {}, true);
  connect();
  send_together(3, {.handler = "again"});
  server = std::make_unique<Side>("server", EndpointOptions{}, now, true);
  server->endpoint->set_handler({.name = "again", .slot = 1, .idempotent = true}, now);
  client->endpoint->link_closed(link(), now);
  connect();
  for (int each = 0; each != 3; ++each) finish(next_work(), Reply{});
  for (std::uint64_t tag = 1; tag <= 3; ++tag) EXPECT_EQ(outcome(tag), "ok:");
  EXPECT_EQ(heard.parted.size(), 3u);
}

TEST_F(EndpointManySendsTest, no_priority_is_above_the_highest) {
  connect();
  send_together(3, {.handler = "again", .priority = 255});
  disconnect();
  server = std::make_unique<Side>("server", EndpointOptions{}, now, true);
  server->endpoint->set_handler({.name = "again", .slot = 1, .idempotent = true}, now);
  connect();  // They part, and wait for the new session.
  for (int each = 0; each != 3; ++each) finish(next_work(), Reply{});
  for (std::uint64_t tag = 1; tag <= 3; ++tag) EXPECT_EQ(outcome(tag), "ok:");
}

TEST_F(EndpointManySendsTest, more_than_may_wait_is_refused_from_behind) {
  EndpointOptions narrow;
  narrow.pending.messages = 5;
  start(narrow, {}, true);
  send_together(8);  // There is no link yet.
  for (const std::uint64_t tag : {6u, 7u, 8u}) EXPECT_EQ(outcome(tag), "queue_full") << tag;
  connect();
  EXPECT_EQ(next_many().works.size(), 5u);
}

TEST_F(EndpointManySendsTest, the_last_few_do_not_keep_the_memory_of_all) {
  connect();
  send_together(64);
  const ManyWorks many = next_many();
  end(many, counters_of(many, 1));
  EXPECT_TRUE(heard.gone);
  EXPECT_EQ(heard.parted.size(), 1u);
  EXPECT_EQ(outcome(1), "none");
  end(many, {many.works[0].counter});
  EXPECT_EQ(outcome(1), "ok:");
}

TEST_F(EndpointManySendsTest, nor_do_the_last_few_where_all_others_fail) {
  connect();
  send_together(64);
  const ManyWorks many = next_many();
  std::vector<ManyEnded::Failed> failed;
  for (const std::uint64_t counter : counters_of(many, 1)) failed.push_back({counter, {.code = FailureCode::handler_failed}});
  end(many, {}, failed);
  EXPECT_TRUE(heard.gone);
  end(many, {many.works[0].counter});
  EXPECT_EQ(outcome(1), "ok:");
}

TEST_F(EndpointManySendsTest, to_a_handler_that_fails_they_go_one_by_one_until_its_circuit_opens) {
  connect();
  send_together(12);
  ManyWorks many = next_many();
  std::vector<ManyEnded::Failed> failed;
  for (const std::uint64_t counter : counters_of(many)) failed.push_back({counter, {.code = FailureCode::handler_failed}});
  end(many, {}, failed);
  EXPECT_EQ(client->endpoint->counters().circuits_opened, 1u);
  heard = {};
  client->outcomes.clear();
  send_together(5);
  for (std::uint64_t tag = 1; tag <= 5; ++tag) EXPECT_EQ(outcome(tag), "circuit_open");
  pass(3s);
  heard = {};
  client->outcomes.clear();
  send_together(5);  // One of them probes.
  for (std::uint64_t tag = 2; tag <= 5; ++tag) EXPECT_EQ(outcome(tag), "circuit_open");
  finish(next_work(), Reply{});
  EXPECT_EQ(outcome(1), "ok:");
  heard = {};
  client->outcomes.clear();
  send_together(5);
  many = next_many();
  end(many, counters_of(many));
  EXPECT_EQ(heard.done.size(), 5u);
}

TEST_F(EndpointManySendsTest, a_stop_or_the_peer_s_end_ends_all) {
  for (const bool stops : {true, false}) {
    heard = {};
    start({}, {}, true);
    connect();
    send_together(4);
    stops ? client->endpoint->stop(now) : client->endpoint->forget(peer, now);
    for (std::uint64_t tag = 1; tag <= 4; ++tag) EXPECT_EQ(outcome(tag), stops ? "stopped" : "no_peer");
    EXPECT_TRUE(heard.gone);
    heard = {};
    client->outcomes.clear();
    send_together(4);
    for (std::uint64_t tag = 1; tag <= 4; ++tag) EXPECT_EQ(outcome(tag), stops ? "stopped" : "no_peer");
    EXPECT_TRUE(heard.gone);
  }
}

}  // namespace
}  // namespace structwire::messaging
