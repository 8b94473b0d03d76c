// SPDX-License-Identifier: Apache-2.0
//
// What becomes of calls when handlers are slow, links break and nodes stop.
#include <tests/messaging/node_pair.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <expected>
#include <mutex>
#include <optional>
#include <semaphore>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/json.hpp>

namespace structwire::messaging::node_tests {
namespace {

using namespace std::chrono_literals;

TEST(Node, a_handler_on_the_loop_that_is_too_slow_goes_on_in_the_pool) {
  Pair pair({.name = "server", .threads = 2, .inline_budget = 1ms, .inline_overruns = 3});
  std::atomic<int> pause_ms = 0;
  std::set<std::thread::id> threads;
  std::mutex mutex;
  added(pair.server.handle<Question, Reversed>(
      "inline",
      [&](const Question&) {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
        std::this_thread::sleep_for(pause_ms.load() * 1ms);
        return Reversed{};
      },
      {.execution = Execution::on_loop}));
  const auto call = [&] { ASSERT_TRUE(pair.to_server().message<Reversed>("inline", Question{}).deadline(20s).call()); };
  for (int i = 0; i < 3; ++i) call();
  EXPECT_EQ(threads.size(), 1u);
  pause_ms = 3;
  for (int i = 0; i < 10; ++i) call();
  const NodeStatus status = pair.server.status();
  EXPECT_TRUE(status.handlers.at(0).demoted);
  EXPECT_GE(status.handlers.at(0).overruns, 3u);
  EXPECT_EQ(status.loop.demoted, 1u);
  EXPECT_GT(threads.size(), 1u);
}

TEST(Node, a_cancelled_request_stops_and_one_that_waits_never_starts) {
  Pair pair({.name = "server", .threads = 1});
  std::atomic<int> started = 0;
  std::atomic<bool> stopped = false;
  added(pair.server.handle<Question, Reversed>("slow", [&](const Question&, Context& context) -> std::expected<Reversed, Failure> {
    ++started;
    const auto token = context.stop_token();
    eventually([&] { return token.stop_requested(); });
    stopped = true;
    return failed(FailureCode::cancelled);
  }));
  auto first = pair.to_server().message<Reversed>("slow", Question{}).deadline(60s).start();
  ASSERT_TRUE(eventually([&] { return started == 1; }));
  auto second = pair.to_server().message<Reversed>("slow", Question{}).deadline(60s).start();
  ASSERT_TRUE(eventually([&] { return pair.server.status().jobs_queued == 1; }));
  second.cancel();
  EXPECT_EQ(std::move(second).wait().error().code, FailureCode::cancelled);
  first.cancel();
  EXPECT_EQ(std::move(first).wait().error().code, FailureCode::cancelled);
  EXPECT_TRUE(eventually([&] { return stopped.load(); }));
  EXPECT_TRUE(eventually([&] { return pair.server.status().requests_running == 0; }));
  EXPECT_EQ(started, 1);
}

TEST(Node, a_deadline_ends_a_call_and_tells_its_handler) {
  Pair pair;
  std::atomic<bool> stopped = false;
  std::atomic<bool> over = false;
  added(pair.server.handle<Question, Reversed>("slow", [&](const Question&, Context& context) {
    EXPECT_LE(context.time_left(), 200ms);
    stopped = eventually([&] { return context.stop_requested(); });
    eventually([&] { return over.load(); });  // A reply could be in time still where the caller's thread is late.
    return Reversed{};
  }));
  const Instant begun = Loop::now();
  const auto answer = pair.to_server().message<Reversed>("slow", Question{}).deadline(200ms).call();
  over = true;
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, FailureCode::expired);
  EXPECT_GE(Loop::now() - begun, 200ms);
  EXPECT_TRUE(eventually([&] { return stopped.load(); }));
}

TEST(Node, sends_of_a_handler_inherit_deadline_depth_trace_and_cancelling) {
  NodeNetwork network;
  Node last({.name = "last", .threads = 2}, network.transport());
  Node middle({.name = "middle", .threads = 2}, network.transport());
  Node first({.name = "first", .threads = 2}, network.transport());
  const Peer to_last = *middle.connect(network.address("last"));
  const Peer to_middle = *first.connect(network.address("middle"));
  std::array<std::byte, 26> trace{};
  trace[3] = std::byte{0xab};
  std::atomic<bool> waiting = false;
  std::atomic<bool> stopped = false;
  added(last.handle<Question, Reversed>("end", [&](const Question& asked, Context& context) -> std::expected<Reversed, Failure> {
    EXPECT_EQ(context.depth(), 1u);
    if (asked.number == 0) {
      EXPECT_EQ(context.trace_parent(), trace);
      EXPECT_EQ(context.trace_state(), "vendor=1");
    }
    if (asked.number == 1) {
      waiting = true;
      stopped = eventually([&] { return context.stop_requested(); });
      return failed(FailureCode::cancelled);
    }
    return Reversed{"", static_cast<int>(context.time_left() / 1s)};
  }));
  added(middle.handle<Question>("pass_on", [&](const Question& asked) {
    return to_last.message<Reversed>("end", asked).deadline(1h).call();
  }));
  added(last.listen(network.address("last")));
  added(middle.listen(network.address("middle")));
  const auto answer = to_middle.message<Reversed>("pass_on", Question{"", 0}).deadline(40s).trace(trace, "vendor=1").call();
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_LE(answer->number, 40);

  auto call = to_middle.message<Reversed>("pass_on", Question{"", 1}).deadline(60s).start();
  ASSERT_TRUE(eventually([&] { return waiting.load(); }));
  call.cancel();
  EXPECT_TRUE(eventually([&] { return stopped.load(); }));
  EXPECT_EQ(std::move(call).wait().error().code, FailureCode::cancelled);
}

TEST(Node, waiting_on_the_loop_is_refused) {
  Pair pair;
  added(pair.server.handle<Question, Reversed>("a", [](const Question&) { return Reversed{}; }));
  std::binary_semaphore told(0);
  FailureCode code{};
  pair.to_server().message<Reversed>("a", Question{}).deadline(20s).start().then(
      [&](Answer<Reversed>) {
        code = pair.to_server().message<Reversed>("a", Question{}).call().error().code;
        told.release();
      },
      RunOn::loop);
  told.acquire();
  EXPECT_EQ(code, FailureCode::would_block);
}

TEST(Node, a_view_that_is_kept_keeps_its_credit) {
  EndpointOptions few;
  few.credit = {4, 1 << 20};
  few.adaptive = false;
  Pair pair({.name = "server", .threads = 2, .endpoint = few});
  std::mutex mutex;
  std::vector<View> kept;
  added(pair.server.handle<Question>("keep", [&](View view) {
    const std::lock_guard lock(mutex);
    kept.push_back(std::move(view));
  }));
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(pair.to_server().message("keep", Question{std::string(100, 'x'), i}).send());
  const auto size = [&] {
    const std::lock_guard lock(mutex);
    return kept.size();
  };
  ASSERT_TRUE(eventually([&] { return size() == 4; }));
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(size(), 4u);
  EXPECT_LT(kept[2].decode<Question>()->number, 4);
  for (int round = 0; round < 2; ++round) {
    std::vector<View> dropped;
    {
      const std::lock_guard lock(mutex);
      dropped.swap(kept);
    }
    dropped.clear();
    EXPECT_TRUE(eventually([&] { return size() == 4; })) << size();
  }
}

TEST(Node, what_is_encoded_already_is_sent_as_it_is) {
  Pair pair;
  added(pair.server.handle<Question, Reversed, Formats<msgpack::Codec, json::Codec>>("reverse", [](const Question& asked) {
    return Reversed{reversed(asked.text), asked.number};
  }));
  const auto once = encoded(Question{"abc", 1});
  ASSERT_TRUE(once);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(pair.to_server().message<Reversed>("reverse", *once).deadline(20s).call()->text, "cba");
  }
  const auto in_json = pair.to_server().message<Reversed>("reverse", Question{"xyz", 1}).in<json::Codec>().deadline(20s).call();
  ASSERT_TRUE(in_json) << in_json.error().text;
  EXPECT_EQ(in_json->text, "zyx");
  auto raw = Raw::checked(json::format(), std::as_bytes(std::span(std::string_view(R"({"text":"raw","number":2})"))));
  ASSERT_TRUE(raw);
  const auto from_raw = pair.to_server().message<View>("reverse", *raw).deadline(20s).call();
  ASSERT_TRUE(from_raw) << from_raw.error().text;
  EXPECT_EQ(from_raw->format, format_number<json::Codec>());
  EXPECT_EQ(pair.to_server().message<Reversed>("reverse", Raw{}).deadline(20s).call().error().code, FailureCode::bad_payload)
      << "null is no Question";
}

TEST(Node, large_values_of_the_loop_are_encoded_in_the_pool_and_keep_their_place) {
  Pair pair({.name = "server", .threads = 2}, {.name = "client", .threads = 2, .encode_off_loop_above = 1000});
  std::mutex mutex;
  std::vector<int> order;
  added(pair.server.handle<Question>(
      "order",
      [&](const Question& asked) {
        const std::lock_guard lock(mutex);
        order.push_back(asked.number);
      },
      {.ordering = Ordering::global}));
  added(pair.server.handle<Question, Reversed>("go", [](const Question&) { return Reversed{}; }));
  pair.to_server().message<Reversed>("go", Question{}).deadline(20s).start().then(
      [&](Answer<Reversed>) {
        for (int i = 0; i < 40; ++i) {
          EXPECT_TRUE(pair.to_server().message("order", Question{std::string(i % 3 == 0 ? 200'000 : 10, 'x'), i}).send());
        }
      },
      RunOn::loop);
  ASSERT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return order.size() == 40;
  }));
  EXPECT_TRUE(std::ranges::is_sorted(order));
  EXPECT_EQ(pair.client.status().loop.encoded_off_loop, 14u);
}

TEST(Node, a_sender_waits_for_room_and_nothing_is_lost) {
  EndpointOptions few;
  few.credit = {8, 1 << 20};
  few.pending = {16, 1 << 20};
  Pair pair({.name = "server", .threads = 2, .endpoint = few}, {.name = "client", .threads = 2, .endpoint = few});
  std::atomic<int> count = 0;
  added(pair.server.handle<Question>("count", [&](const Question&) { ++count; }));
  for (int i = 0; i < 2000; ++i) {
    ASSERT_TRUE(pair.to_server().message("count", Question{"", i % 1000}).deadline(30s).send());
  }
  EXPECT_TRUE(eventually([&] { return count == 2000; })) << count;
  const auto full = [&] {
    for (int i = 0; i < 100'000; ++i) {
      const auto queued = pair.to_server().message("count", Question{}).when_full(WhenFull::fail).send();
      if (!queued) return queued.error().code == FailureCode::queue_full;
    }
    return false;
  };
  EXPECT_TRUE(full());
}

TEST(Node, every_send_ends_when_its_node_stops) {
  NodeNetwork network;
  std::vector<Call<Reversed>> calls;
  std::atomic<int> told = 0;
  std::optional<Peer> kept;
  {
    Node client({.name = "client", .threads = 1}, network.transport());
    kept = *client.connect(network.address("nobody listens"));
    for (int i = 0; i < 10; ++i) {
      calls.push_back(kept->message<Reversed>("a", Question{}).start());
      kept->message<Reversed>("a", Question{}).start().then([&](Answer<Reversed> answer) {
        EXPECT_EQ(answer.error().code, FailureCode::stopped);
        ++told;
      });
    }
  }
  for (auto& call : calls) EXPECT_EQ(std::move(call).wait().error().code, FailureCode::stopped);
  EXPECT_EQ(told, 10);
  EXPECT_EQ(kept->message("a", Question{}).send().error().code, FailureCode::stopped);
  EXPECT_EQ(kept->message<Reversed>("a", Question{}).call().error().code, FailureCode::stopped);
  EXPECT_FALSE(kept->status());
}

TEST(Node, draining_finishes_what_runs_and_takes_nothing_new) {
  Pair pair;
  std::binary_semaphore open(0);
  std::atomic<bool> inside = false;
  added(pair.server.handle<Question, Reversed>("slow", [&](const Question&) {
    inside = true;
    open.acquire();
    return Reversed{"done", 1};
  }));
  auto call = pair.to_server().message<Reversed>("slow", Question{}).deadline(60s).start();
  ASSERT_TRUE(eventually([&] { return inside.load(); }));
  EXPECT_FALSE(pair.server.drain(20ms));
  // Kept back where the peer is known to drain, refused where it was not yet.
  EXPECT_FALSE(pair.to_server().message<Reversed>("slow", Question{}).deadline(300ms).call());
  EXPECT_EQ(pair.to_server().status()->state, PeerState::draining);
  open.release();
  EXPECT_EQ(std::move(call).wait()->text, "done");
  EXPECT_TRUE(pair.server.drain(30s));
}

TEST(Node, tells_its_status_as_json) {
  Pair pair({.name = "server", .threads = 2}, {.name = "client", .threads = 2, .sample_every = 1});
  added(pair.server.handle<Question, Reversed>("reverse", [](const Question&) { return Reversed{}; }));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(pair.to_server().message<Reversed>("reverse", Question{}).deadline(20s).call());
  const NodeStatus server = pair.server.status();
  ASSERT_EQ(server.handlers.size(), 1u);
  EXPECT_EQ(server.handlers[0].requests, 20u);
  EXPECT_EQ(server.handlers[0].handler.count, 20u);
  const NodeStatus client = pair.client.status();
  ASSERT_EQ(client.sends.size(), 1u);
  EXPECT_EQ(client.sends[0].total.count, 20u);
  EXPECT_EQ(client.counters.succeeded, 20u);
  ASSERT_EQ(client.peers.size(), 1u);
  EXPECT_EQ(client.peers[0].name, "server");
  EXPECT_EQ(client.peers[0].handlers, std::vector<std::string>{"reverse"});
  for (const NodeStatus& status : {server, client}) {
    const std::string text = json::encode(status);
    const auto back = json::decode<NodeStatus>(text);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(*back, status);
  }
}

TEST(Node, tells_how_long_handlers_of_every_sort_took) {
  Pair pair({.name = "server", .threads = 2}, {.name = "client", .threads = 2, .sample_every = 1});
  constexpr auto work = 20ms;
  added(pair.server.handle<Question, Reversed>("returns", [&](const Question&) {
    std::this_thread::sleep_for(work);
    return Reversed{};
  }));
  std::mutex mutex;
  std::optional<Replier<Reversed>> kept;
  added(pair.server.handle<Question, Reversed>("later", [&](Question, Context&, Replier<Reversed> replier) {
    const std::lock_guard lock(mutex);
    kept.emplace(std::move(replier));
  }));
  added(pair.server.handle<Question>("many", [&](std::span<const Question> asked) {
    std::this_thread::sleep_for(work);
    return std::vector<Reversed>(asked.size());
  }));
  added(pair.server.handle<Question>("items", [&](const Question&) {
    return Stream<Reversed>([&, made = 0]() mutable -> std::optional<Reversed> {
      std::this_thread::sleep_for(work);
      return made++ == 0 ? std::optional(Reversed{}) : std::nullopt;
    });
  }));
  for (const char* const handler : {"returns", "many"}) {
    ASSERT_TRUE(pair.to_server().message<Reversed>(handler, Question{}).deadline(20s).call()) << handler;
  }
  auto call = pair.to_server().message<Reversed>("later", Question{}).deadline(20s).start();
  ASSERT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return kept.has_value();
  }));
  std::this_thread::sleep_for(work);
  std::move(*kept).answer(Reversed{});
  ASSERT_TRUE(std::move(call).wait());
  auto items = pair.to_server().message<Reversed>("items", Question{}).deadline(20s).stream();
  while (items.next()) {
  }
  ASSERT_TRUE(items.end());
  const NodeStatus server = pair.server.status();
  ASSERT_EQ(server.handlers.size(), 4u);
  for (const HandlerStatus& one : server.handlers) {
    EXPECT_EQ(one.handler.count, 1u) << one.name;
    EXPECT_GE(one.handler.max_us, 19'000) << one.name;
  }
  for (const SendStatus& one : pair.client.status().sends) EXPECT_GE(one.remote.max_us, 19'000) << one.handler;
}

TEST(Node, peers_that_connect_can_be_spoken_to) {
  Pair pair;
  added(pair.client.handle<Question, Reversed>("back", [](const Question&) { return Reversed{"from the client", 0}; }));
  added(pair.server.handle<Question, Reversed>("there", [](const Question&, Context& context) {
    return context.peer().message<Reversed>("back", Question{}).call();
  }));
  const auto answer = pair.to_server().message<Reversed>("there", Question{}).deadline(20s).call();
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->text, "from the client");
}

TEST(Node, many_threads_call_at_once_over_links_that_break) {
  Pair pair({.name = "server", .threads = 3}, {.name = "client", .threads = 2});
  added(pair.server.handle<Question, Reversed>("reverse", [](const Question& asked) { return Reversed{asked.text, asked.number}; }));
  const Peer peer = pair.to_server();
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const auto answer = peer.message<Reversed>("reverse", Question{std::to_string(t), i}).deadline(30s).call();
        if (answer && answer->text == std::to_string(t) && answer->number == i) ++right;
      }
    });
  }
  for (int i = 0; i < 5; ++i) {
    std::this_thread::sleep_for(5ms);
    pair.network.cut();
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 800);
}

}  // namespace
}  // namespace structwire::messaging::node_tests
