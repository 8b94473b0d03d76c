// SPDX-License-Identifier: Apache-2.0
//
// Messages that nobody waits for: many of them go together, and each is one of its own all the same.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/messaging/node.hpp>
#include <tests/messaging/node_pair.hpp>

namespace structwire::messaging::node_tests {
namespace {

using namespace std::chrono_literals;

TEST(NodeOneWay, one_thread_s_messages_keep_their_order_with_and_without_an_outcome) {
  Pair pair({.name = "server", .threads = 3});
  constexpr int threads = 3;
  constexpr int each = 2000;
  std::mutex mutex;
  std::vector<std::vector<int>> seen(threads);
  std::atomic<int> count = 0;
  added(pair.server.handle<Wide>(
      "ordered",
      [&](const Wide& asked, Context& context) {
        const std::lock_guard lock(mutex);
        seen[context.key()].push_back(asked.number);
        ++count;
      },
      {.ordering = Ordering::global}));
  const Peer& server = pair.to_server();
  std::vector<std::thread> senders;
  for (int thread = 0; thread != threads; ++thread) {
    senders.emplace_back([&, thread] {
      for (int number = 0; number != each; ++number) {
        const auto message = [&] {
          return server.message("ordered", Wide{"", number}).key(static_cast<std::uint64_t>(thread));
        };
        if (number % 7 == 3) {
          ASSERT_TRUE(message().confirm(Delivery::queued).send());
        } else if (number % 50 == 9) {
          ASSERT_TRUE(message().without_circuit_breaker().send());
        } else {
          ASSERT_TRUE(message().send());
        }
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  ASSERT_TRUE(eventually([&] { return count == threads * each; }));
  for (const auto& numbers : seen) EXPECT_TRUE(std::ranges::is_sorted(numbers));
  const auto status = pair.client.status();
  EXPECT_EQ(status.counters.sent, static_cast<std::uint64_t>(threads * each));
  EXPECT_TRUE(eventually([&] { return pair.client.status().counters.succeeded == threads * each; }));
}

TEST(NodeOneWay, a_slow_message_holds_up_none_of_those_that_came_with_it) {
  Pair pair({.name = "server", .threads = 2});
  std::atomic<int> count = 0;
  std::atomic<bool> held = true;
  added(pair.server.handle<Wide>("take", [&](const Wide& asked) {
    while (asked.number == 0 && held) std::this_thread::sleep_for(1ms);
    ++count;
  }));
  // More than the credit that there is: what has ended must give its own back.
  constexpr int all = 3000;
  for (int number = 0; number != all; ++number) ASSERT_TRUE(pair.to_server().message("take", Wide{"", number}).send());
  EXPECT_TRUE(eventually([&] { return count == all - 1; }));
  held = false;
  EXPECT_TRUE(eventually([&] { return count == all; }));
}

TEST(NodeOneWay, a_message_of_a_message_goes_deeper_and_ends_no_later) {
  Pair pair;
  std::atomic<std::uint32_t> depth = 0;
  std::atomic<bool> in_time = false;
  added(pair.server.handle<Wide>("first", [&](const Wide& asked, Context& context) {
    EXPECT_TRUE(context.peer().message("second", asked).send());
  }));
  added(pair.client.handle<Wide>("second", [&](const Wide&, Context& context) {
    in_time = context.time_left() <= 5s;
    depth = context.depth();
  }));
  EXPECT_TRUE(pair.to_server().message("first", Wide{}).deadline(5s).send());
  EXPECT_TRUE(eventually([&] { return depth == 1; }));
  EXPECT_TRUE(in_time);
}

TEST(NodeOneWay, what_nobody_takes_fails_and_is_counted) {
  Pair pair;
  added(pair.server.handle<Wide>("take", [](const Wide&) {}));
  EXPECT_TRUE(pair.to_server().message("take", Wide{}).confirm(Delivery::done).call());
  for (int each = 0; each != 10; ++each) {
    EXPECT_TRUE(pair.to_server().message("nobody", Wide{}).send());
    EXPECT_TRUE(pair.to_server().message("take", Refusal{}).send());
    EXPECT_TRUE(pair.to_server().message("take", Wide{}).send());
  }
  EXPECT_TRUE(eventually([&] { return pair.client.status().counters.failed == 20; }));
  EXPECT_TRUE(eventually([&] { return pair.client.status().counters.succeeded == 11; }));
}

TEST(NodeOneWay, to_nobody_they_wait_until_their_deadline_and_end_there) {
  Pair pair;
  const auto nobody = pair.client.connect(pair.network.address("not there"));
  ASSERT_TRUE(nobody);
  for (int each = 0; each != 100; ++each) {
    EXPECT_TRUE(nobody->message("take", Wide{}).deadline(each % 2 == 0 ? 50ms : 1h).send());
  }
  EXPECT_TRUE(eventually([&] { return pair.client.status().counters.failed == 50; }));
  nobody->disconnect();
  EXPECT_TRUE(eventually([&] { return pair.client.status().counters.failed == 100; }));
}

TEST(NodeOneWay, what_waits_for_a_thread_past_its_deadline_never_runs) {
  Pair pair({.name = "server", .threads = 1});
  std::atomic<int> ran = 0;
  std::atomic<int> inside = 0;
  std::atomic<bool> held = true;
  added(pair.server.handle<Wide>("hold", [&](const Wide&) {
    ++inside;
    while (held) std::this_thread::sleep_for(1ms);
  }));
  added(pair.server.handle<Wide>("take", [&](const Wide&) { ++ran; }));
  EXPECT_TRUE(pair.to_server().message("take", Wide{}).confirm(Delivery::done).call());
  EXPECT_TRUE(pair.to_server().message("hold", Wide{}).send());
  ASSERT_TRUE(eventually([&] { return inside == 1; }));
  ran = 0;
  for (int each = 0; each != 100; ++each) {
    EXPECT_TRUE(pair.to_server().message("take", Wide{}).deadline(each % 2 == 0 ? 100ms : 1h).send());
  }
  // They end where they wait, and are counted.
  const auto failed = [&] {
    std::uint64_t sum = 0;
    for (const auto& handler : pair.server.status().handlers) sum += handler.failed;
    return sum;
  };
  EXPECT_TRUE(eventually([&] { return failed() == 50; }));
  EXPECT_EQ(ran, 0);
  held = false;
  EXPECT_TRUE(eventually([&] { return ran == 50; }));
  EXPECT_TRUE(eventually([&] { return pair.server.status().requests_running == 0; }));
}

TEST(NodeOneWay, a_view_that_is_kept_keeps_the_credit_of_its_message_alone) {
  NodeOptions options{.name = "server", .threads = 2};
  options.endpoint.credit.messages = 20;
  options.endpoint.adaptive = false;
  Pair pair(options);
  std::mutex mutex;
  std::vector<View> kept;
  std::atomic<int> came = 0;
  added(pair.server.handle<Wide>("take", [&](View view) {
    const std::lock_guard lock(mutex);
    if (++came % 10 == 1) kept.push_back(std::move(view));
  }));
  for (int each = 0; each != 1000; ++each) {
    EXPECT_TRUE(pair.to_server().message("take", Wide{std::to_string(each), each}).send());
  }
  // Nine of ten give theirs back: it goes on until all that there is is kept, and no further.
  EXPECT_TRUE(eventually([&] { return came >= 100; }));
  const auto size = [&] {
    const std::lock_guard lock(mutex);
    return kept.size();
  };
  for (; came < 1000; std::this_thread::sleep_for(1ms)) {
    EXPECT_LE(size(), 20u);
    const std::lock_guard lock(mutex);
    if (kept.size() < 5) continue;
    for (const View& view : kept) EXPECT_TRUE(view.decode<Wide>());
    kept.clear();
  }
  kept.clear();
  EXPECT_TRUE(eventually([&] { return pair.server.status().bytes_held == 0; }));
}

TEST(NodeOneWay, answers_of_later_are_those_of_their_own_message) {
  Pair pair({.name = "server", .threads = 2});
  std::mutex mutex;
  std::vector<Replier<Wide>> later;
  std::atomic<int> came = 0;
  added(pair.server.handle<Wide, Wide>("later", [&](const Wide&, Replier<Wide> replier) {
    const std::lock_guard lock(mutex);
    later.push_back(std::move(replier));
    ++came;
  }));
  std::vector<Context> contexts;
  added(pair.server.handle<Wide>("keep", [&](const Wide&, Context& context) {
    const std::lock_guard lock(mutex);
    contexts.push_back(context);
    ++came;
  }));
  constexpr int all = 300;
  for (int each = 0; each != all; ++each) {
    EXPECT_TRUE(pair.to_server().message(each % 3 == 0 ? "keep" : "later", Wide{"", each}).send());
  }
  ASSERT_TRUE(eventually([&] { return came == all; }));
  EXPECT_TRUE(eventually([&] { return pair.server.status().requests_running == all - all / 3; }));
  std::vector<std::uint64_t> numbers;
  for (Replier<Wide>& replier : later) {
    numbers.push_back(replier.context().message_id().counter);
    std::move(replier).answer(Wide{});
  }
  for (const Context& context : contexts) numbers.push_back(context.message_id().counter);
  std::ranges::sort(numbers);
  EXPECT_EQ(std::ranges::adjacent_find(numbers), numbers.end());
  later.clear();
  EXPECT_TRUE(eventually([&] { return pair.server.status().requests_running == 0; }));
  EXPECT_TRUE(eventually([&] { return pair.server.status().bytes_held == 0; }));
}

TEST(NodeOneWay, a_node_stops_in_the_midst_of_them) {
  for (int round = 0; round != 20; ++round) {
    Pair pair({.name = "server", .threads = 2});
    std::atomic<int> count = 0;
    added(pair.server.handle<Wide>("take", [&](const Wide&) {
      ++count;
      std::this_thread::yield();
    }));
    for (int number = 0; number != 2000; ++number) ASSERT_TRUE(pair.to_server().message("take", Wide{"", number}).send());
    ASSERT_TRUE(eventually([&] { return count > round * 10; }));
    round % 2 == 0 ? pair.server.stop() : pair.client.stop();
  }
}

}  // namespace
}  // namespace structwire::messaging::node_tests
