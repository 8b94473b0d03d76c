// SPDX-License-Identifier: Apache-2.0
//
// Requests that a frame has together, and what they come to.
#include <algorithm>

#include <tests/support/endpoint_sides.hpp>

namespace structwire::messaging {
namespace {

class EndpointManyRequestsTest : public EndpointTest {
 protected:
  EndpointManyRequestsTest() { start({}, {}, true); }

  /// Confirmed ones, with tags from 1 on; the frames that go back are counted.
  ManyWorks send_confirmed(std::uint64_t count, std::string_view handler = "echo") {
    for (std::uint64_t tag = 1; tag <= count; ++tag) send(tag, handler, "x", {.delivery = Delivery::done});
    exchange();
    EXPECT_EQ(server->manies.size(), 1u);
    EXPECT_TRUE(server->works.empty());
    ManyWorks many = next_many();
    EXPECT_EQ(many.works.size(), count);
    EXPECT_EQ(many.delivery, Delivery::done);
    return many;
  }
  std::vector<std::string> outcomes(std::uint64_t count) {
    std::vector<std::string> all;
    for (std::uint64_t tag = 1; tag <= count; ++tag) all.push_back(outcome(tag));
    return all;
  }
  /// Messages in the frames that the server has to send.
  std::size_t messages_of_server() {
    server->endpoint->flush(now);
    std::size_t count = 0;
    for (const Frame& frame : server->outgoing) {
      for (std::size_t place = 0; place < frame.head.size(); place = next_message(frame.head.bytes(), place)) ++count;
    }
    return count;
  }
};

TEST_F(EndpointManyRequestsTest, one_acknowledgement_confirms_all_that_are_done) {
  connect();
  const ManyWorks many = send_confirmed(40);
  end(many, counters_of(many));
  EXPECT_EQ(messages_of_server(), 1u);
  exchange();
  EXPECT_EQ(outcomes(40), std::vector<std::string>(40, "ok:"));
  pass(1s);
  EXPECT_TRUE(client->endpoint->idle());
  EXPECT_TRUE(server->endpoint->idle());
}

TEST_F(EndpointManyRequestsTest, who_does_not_know_it_is_confirmed_one_by_one) {
  EndpointOptions older;
  older.features &= ~static_cast<std::uint64_t>(Feature::acks_of_many);
  start(older, {}, true);
  connect();
  const ManyWorks many = send_confirmed(5);
  end(many, counters_of(many));
  EXPECT_EQ(messages_of_server(), 5u);
  exchange();
  EXPECT_EQ(outcomes(5), std::vector<std::string>(5, "ok:"));
}

TEST_F(EndpointManyRequestsTest, counters_in_any_order_and_far_apart_are_all_confirmed) {
  connect();
  const ManyWorks many = send_confirmed(64);
  const auto counters = counters_of(many);
  std::vector<std::uint64_t> done;
  for (std::size_t i = 0; i != counters.size(); ++i) done.push_back(counters[i * 37 % 64]);
  end(many, done);
  exchange();
  EXPECT_EQ(outcomes(64), std::vector<std::string>(64, "ok:"));
}

TEST_F(EndpointManyRequestsTest, each_ends_when_it_does_and_with_its_own_failure) {
  connect();
  const ManyWorks many = send_confirmed(4);
  const auto counters = counters_of(many);
  end(many, {counters[2]});
  exchange();
  EXPECT_EQ(outcomes(4), (std::vector<std::string>{"none", "none", "ok:", "none"}));
  end(many, {counters[3]}, {{counters[0], {.code = FailureCode::handler_failed, .text = "so it is"}}});
  exchange();
  EXPECT_EQ(outcomes(4), (std::vector<std::string>{"handler_failed", "none", "ok:", "ok:"}));
  EXPECT_EQ(client->outcomes.at(1).error().text, "so it is");
  end(many, {}, {{counters[1], {.code = FailureCode::expired}}});
  exchange();
  EXPECT_EQ(outcome(2), "expired");
}

TEST_F(EndpointManyRequestsTest, one_that_found_no_room_comes_again_alone) {
  connect();
  const ManyWorks many = send_confirmed(3);
  const auto counters = counters_of(many);
  end(many, {counters[0], counters[2]}, {{counters[1], {.code = FailureCode::overloaded, .retryable = true}}});
  pass(500ms);
  EXPECT_EQ(outcomes(3), (std::vector<std::string>{"ok:", "none", "ok:"}));
  const Work again = next_work();
  EXPECT_EQ(again.message.counter, counters[1]);
  finish(again, Reply{});
  EXPECT_EQ(outcome(2), "ok:");
}

TEST_F(EndpointManyRequestsTest, a_cancel_stops_one_of_them) {
  connect();
  send(1, "echo", "x", {.delivery = Delivery::done});
  const Ticket ticket = send(2, "echo", "x", {.delivery = Delivery::done});
  exchange();
  ASSERT_EQ(server->manies.size(), 1u);
  const ManyWorks many = server->manies.front();
  client->endpoint->cancel(ticket, now);
  exchange();
  EXPECT_EQ(server->stopped_ones, (std::vector<std::pair<WorkId, std::uint64_t>>{{many.id, many.works[1].counter}}));
  EXPECT_TRUE(server->stopped.empty());
  end(many, {many.works[0].counter}, {{many.works[1].counter, {.code = FailureCode::cancelled}}});
  exchange();
  EXPECT_EQ(outcomes(2), (std::vector<std::string>{"ok:", "cancelled"}));
}

TEST_F(EndpointManyRequestsTest, what_comes_again_over_a_new_link_runs_once_and_is_told_its_result) {
  connect();
  const ManyWorks many = send_confirmed(10);
  end(many, counters_of(many));
  server->endpoint->flush(now);
  disconnect();  // The acknowledgement is lost with the link.
  EXPECT_EQ(outcome(1), "none");
  connect();
  EXPECT_EQ(outcomes(10), std::vector<std::string>(10, "ok:"));
  EXPECT_TRUE(server->manies.empty());
  EXPECT_TRUE(server->works.empty());
}

TEST_F(EndpointManyRequestsTest, a_stranger_s_repeat_is_answered_with_what_it_came_to) {
  connect();
  const ManyWorks many = send_confirmed(2);
  end(many, counters_of(many));
  exchange();
  // Under its old id and a new sequence, as one who has lost his memory of the answer would.
  const std::uint64_t replayed = server->endpoint->counters().replayed;
  Header header{.kind = MessageKind::request,
                .delivery = Delivery::done,
                .format = 1,
                .id = {many.incarnation, many.works[0].counter},
                .sequence = 3,
                .handler = 1,
                .payload_size = 1};
  Buffer again;
  ASSERT_TRUE(append_header(header, {}, again));
  again.append(std::array{std::byte{'x'}});
  server->endpoint->received(link(), {Payload(std::move(again)), {}}, now);
  EXPECT_EQ(server->endpoint->counters().replayed, replayed + 1);
  EXPECT_TRUE(server->works.empty());
  EXPECT_EQ(messages_of_server(), 1u);
}

TEST_F(EndpointManyRequestsTest, the_peer_s_end_stops_all_that_run) {
  connect();
  const ManyWorks many = send_confirmed(3);
  disconnect();
  client = std::make_unique<Side>("client", EndpointOptions{}, now);
  peer = client->endpoint->dialled(DialId{1});
  connect();
  EXPECT_EQ(server->stopped.at(many.id), FailureCode::cancelled);
  end(many, counters_of(many));  // Nobody is told.
  exchange();
  EXPECT_EQ(server->endpoint->status(server->endpoint->peers().front())->held.messages, 0u);
}

}  // namespace
}  // namespace structwire::messaging
