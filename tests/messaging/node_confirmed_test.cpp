// SPDX-License-Identifier: Apache-2.0
//
// Messages of which their sender wants to hear that they are done, many at once.
#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <tests/messaging/node_pair.hpp>

namespace structwire::messaging::node_tests {
namespace {

using namespace std::chrono_literals;

using Done = Call<void>;

Done confirmed(const Peer& peer, std::string_view handler, int number, Duration deadline = 30s) {
  return peer.message(handler, Wide{"", number}).confirm(Delivery::done).deadline(deadline).start();
}

// Known to each other, so that what follows goes at once.
void meet(Pair& pair) { EXPECT_TRUE(confirmed(pair.to_server(), "take", -1).wait()); }

// A handler that holds some of its messages until it is told to go on.
struct Held {
  std::atomic<bool> held = true;
  std::atomic<int> inside = 0;
  std::atomic<int> ran = 0;

  void operator()(const Wide& asked, int holds) {
    if (asked.number == holds) ++inside;
    while (asked.number == holds && held) std::this_thread::sleep_for(1ms);
    ++ran;
  }
};

// Two nodes, of which the server's handler holds the message 0. In the end it lets it go, also where a test fails.
struct HoldingPair {
  explicit HoldingPair(unsigned threads) : pair({.name = "server", .threads = threads}) {
    added(pair.server.handle<Wide>("take", [this](const Wide& asked) { take(asked, 0); }));
    meet(pair);
  }
  ~HoldingPair() { take.held = false; }
  /// The message that is held.
  Done hold() {
    Done call = confirmed(pair.to_server(), "take", 0);
    EXPECT_TRUE(eventually([&] { return take.inside == 1; }));
    return call;
  }

  Held take;
  Pair pair;
};

TEST(NodeConfirmed, each_has_the_end_of_its_own_handler) {
  Pair pair({.name = "server", .threads = 3});
  std::atomic<int> ran = 0;
  added(pair.server.handle<Wide>("take", [&](const Wide& asked) -> std::expected<void, Failure> {
    ++ran;
    if (asked.number % 7 == 3) return failed(FailureCode::handler_failed, "number " + std::to_string(asked.number));
    return {};
  }));
  const Peer& server = pair.to_server();
  EXPECT_TRUE(confirmed(server, "take", 0).wait());
  constexpr int all = 5000;
  std::vector<Done> calls;
  for (int number = 0; number != all; ++number) {
    calls.push_back(server.message("take", Wide{"", number}).without_circuit_breaker().confirm(Delivery::done).start());
  }
  for (int number = 0; number != all; ++number) {
    const auto answer = std::move(calls[static_cast<std::size_t>(number)]).wait();
    ASSERT_EQ(answer.has_value(), number % 7 != 3) << number;
    if (!answer) {
      ASSERT_EQ(answer.error().text, "number " + std::to_string(number));
    }
  }
  EXPECT_EQ(ran, all + 1);
  EXPECT_TRUE(eventually([&] { return pair.server.status().requests_running == 0; }));
  EXPECT_TRUE(eventually([&] { return pair.client.status().bytes_held == 0; }));
}

TEST(NodeConfirmed, a_slow_one_holds_up_none_of_those_that_came_with_it) {
  HoldingPair both(2);
  auto& [take, pair] = both;
  std::vector<Done> calls;
  for (int number = 0; number != 500; ++number) calls.push_back(confirmed(pair.to_server(), "take", number));
  for (std::size_t number = 1; number != calls.size(); ++number) {
    const auto answer = calls[number].wait_for(5s);
    ASSERT_TRUE(answer) << number;
    EXPECT_TRUE(*answer) << number;
  }
  EXPECT_FALSE(calls[0].ready());
  take.held = false;
  EXPECT_TRUE(std::move(calls[0]).wait());
}

TEST(NodeConfirmed, one_of_many_is_cancelled_before_it_begins) {
  HoldingPair both(1);
  auto& [take, pair] = both;
  std::vector<Done> calls;
  calls.push_back(both.hold());
  for (int number = 1; number != 100; ++number) calls.push_back(confirmed(pair.to_server(), "take", number));
  calls[50].cancel();
  const auto answer = calls[50].wait_for(5s);
  ASSERT_TRUE(answer);
  ASSERT_FALSE(*answer);
  EXPECT_EQ(answer->error().code, FailureCode::cancelled);
  take.held = false;
  for (std::size_t number = 0; number != calls.size(); ++number) {
    if (number == 50) continue;
    EXPECT_TRUE(std::move(calls[number]).wait()) << number;
  }
  EXPECT_EQ(take.ran, 100);  // With the one that they met by.
}

TEST(NodeConfirmed, each_ends_at_its_own_deadline) {
  HoldingPair both(1);
  auto& [take, pair] = both;
  std::vector<Done> calls;
  calls.push_back(both.hold());
  for (int number = 1; number != 100; ++number) {
    calls.push_back(confirmed(pair.to_server(), "take", number, number % 2 == 0 ? 1h : 100ms));
  }
  for (std::size_t number = 1; number < calls.size(); number += 2) {
    const auto answer = std::move(calls[number]).wait();
    ASSERT_FALSE(answer) << number;
    EXPECT_EQ(answer.error().code, FailureCode::expired);
  }
  // Where they wait they end a little later, and then don't run.
  EXPECT_TRUE(eventually([&] { return pair.server.status().handlers.front().failed == 50; }));
  take.held = false;
  for (std::size_t number = 0; number < calls.size(); number += 2) EXPECT_TRUE(std::move(calls[number]).wait()) << number;
  EXPECT_EQ(take.ran, 51);
}

TEST(NodeConfirmed, what_finds_no_room_is_tried_again) {
  NodeOptions options{.name = "server", .threads = 1};
  options.jobs_max = 8;
  Pair pair(options);
  std::atomic<int> ran = 0;
  added(pair.server.handle<Wide>("take", [&](const Wide&) { ++ran; }));
  meet(pair);
  std::vector<Done> calls;
  for (int number = 0; number != 200; ++number) calls.push_back(confirmed(pair.to_server(), "take", number));
  int done = 0;
  for (Done& call : calls) {
    const auto answer = std::move(call).wait();
    done += answer.has_value() ? 1 : 0;
    if (!answer) {
      // After ten of them in a row no more is sent.
      const FailureCode code = answer.error().code;
      EXPECT_TRUE(code == FailureCode::overloaded || code == FailureCode::circuit_open) << answer.error().text;
    }
  }
  EXPECT_GT(done, 0);
  EXPECT_EQ(ran, done + 1);  // No other ran, and none twice.
}

TEST(NodeConfirmed, a_peer_of_an_older_version_is_told_one_by_one) {
  NodeOptions older{.name = "client", .threads = 2};
  older.endpoint.features &= ~static_cast<std::uint64_t>(Feature::acks_of_many);
  Pair pair({.name = "server", .threads = 2}, older);
  added(pair.server.handle<Wide>("take", [](const Wide&) {}));
  meet(pair);
  std::vector<Done> calls;
  for (int number = 0; number != 500; ++number) calls.push_back(confirmed(pair.to_server(), "take", number));
  for (Done& call : calls) EXPECT_TRUE(std::move(call).wait());
}

TEST(NodeConfirmed, what_is_cancelled_before_it_is_sent_is_not_sent) {
  Pair pair({.name = "server", .threads = 2});
  std::atomic<int> ran = 0;
  std::atomic<int> told = 0;
  added(pair.server.handle<Wide>("take", [&](const Wide&) { ++ran; }));
  added(pair.client.handle<Wide>("asks", [&](const Wide&, Context& context) {
    while (!context.stop_requested()) std::this_thread::sleep_for(1ms);
    const auto answer = context.peer().message("take", Wide{}).confirm(Delivery::done).start().wait();
    told = answer ? 1 : static_cast<int>(answer.error().code);
  }));
  added(pair.server.handle<Wide, Wide>("go", [&](const Wide& asked, Context& context) {
    auto call = context.peer().message("asks", asked).confirm(Delivery::done).start();
    EXPECT_FALSE(call.wait_for(50ms));
    call.cancel();
    static_cast<void>(std::move(call).wait());  // Cancelled, or what it had come to before.
    return asked;
  }));
  meet(pair);
  EXPECT_TRUE(pair.to_server().message<Wide>("go", Wide{}).deadline(20s).call());
  EXPECT_TRUE(eventually([&] { return told != 0; }));
  // Its request's deadline may be over as well: either way nobody runs it.
  EXPECT_TRUE(told == static_cast<int>(FailureCode::cancelled) || told == static_cast<int>(FailureCode::expired)) << told;
  EXPECT_EQ(ran, 1);
}

TEST(NodeConfirmed, confirmed_by_nothing_it_ends_when_it_leaves) {
  Pair pair;
  added(pair.server.handle<Wide>("take", [](const Wide&) {}));
  meet(pair);
  EXPECT_TRUE(pair.to_server().message("take", Wide{}).confirm(Delivery::fire_and_forget).deadline(20s).call());
  EXPECT_TRUE(pair.to_server().message("take", Wide{}).confirm(Delivery::fire_and_forget).deadline(20s).start().wait());
}

TEST(NodeConfirmed, calls_that_are_dropped_while_the_node_stops) {
  for (int round = 0; round != 20; ++round) {
    Pair pair({.name = "server", .threads = 2});
    added(pair.server.handle<Wide>("take", [](const Wide&) {}));
    meet(pair);
    std::atomic<bool> over = false;
    std::thread sender([&] {
      while (!over) {
        const auto dropped = confirmed(pair.to_server(), "take", 1, 1s);
      }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(round % 5));
    pair.client.stop();
    over = true;
    sender.join();
  }
}

TEST(NodeConfirmed, who_goes_away_leaves_nobody_waiting) {
  for (int round = 0; round != 10; ++round) {
    Pair pair({.name = "server", .threads = 2});
    std::atomic<int> count = 0;
    added(pair.server.handle<Wide>("take", [&](const Wide&) {
      ++count;
      std::this_thread::yield();
    }));
    meet(pair);
    std::atomic<int> ended = 0;
    constexpr int all = 2000;
    for (int number = 0; number != all; ++number) {
      confirmed(pair.to_server(), "take", number, 500ms).then([&](const Answer<void>&) { ++ended; });
    }
    ASSERT_TRUE(eventually([&] { return count > round * 10; }));
    round % 2 == 0 ? pair.client.stop() : pair.server.stop();
    EXPECT_TRUE(eventually([&] { return ended == all; })) << ended;
  }
}

}  // namespace
}  // namespace structwire::messaging::node_tests
