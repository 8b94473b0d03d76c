// SPDX-License-Identifier: Apache-2.0
//
// Nodes with each other, over a transport of queues: what programs write, and what becomes of it.
#include <structwire/messaging/node.hpp>

#include <atomic>
#include <chrono>
#include <latch>
#include <mutex>
#include <numeric>
#include <semaphore>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/json.hpp>
#include <tests/support/transport_in_process.hpp>

namespace structwire::messaging {
namespace {

using namespace std::chrono_literals;
using testing::InProcessNetwork;

struct Question {
  std::string text;
  int number = 0;
  using wire = Rules<member<&Question::number, between(0, 1000)>>;
};
struct Wide {  // Question's wire form without its rule.
  std::string text;
  int number = 0;
};
struct Reversed {
  std::string text;
  int number = 0;
};
struct Refusal {
  int code = 0;
};

// Generous: the machine may be busy with other things.
template <class Condition>
bool eventually(Condition condition) {
  for (const auto end = Loop::now() + 30s; Loop::now() < end;) {
    if (condition()) return true;
    std::this_thread::sleep_for(1ms);
  }
  return condition();
}

std::string reversed(const std::string& text) { return {text.rbegin(), text.rend()}; }

struct Pair {
  explicit Pair(NodeOptions of_server = {.name = "server", .threads = 2},
                NodeOptions of_client = {.name = "client", .threads = 2})
      : server(of_server, network.transport()), client(of_client, network.transport()), peer_(*client.connect("x")) {}

  /// Connects with the first call, so that the handlers of before are known from the beginning.
  const Peer& to_server() {
    if (!std::exchange(listening_, true)) {
      EXPECT_TRUE(server.listen("x"));
    }
    return peer_;
  }

  InProcessNetwork network;
  Node server;
  Node client;

 private:
  Peer peer_;
  bool listening_ = false;
};

TEST(Node, a_call_is_answered) {
  Pair pair;
  ASSERT_TRUE((pair.server.handle<Question, Reversed>("reverse", [](const Question& asked, Context& context) {
    EXPECT_EQ(context.handler(), "reverse");
    EXPECT_EQ(context.depth(), 0u);
    return Reversed{reversed(asked.text), -asked.number};
  })));
  const auto answer = pair.to_server().message<Reversed>("reverse", Question{"abc", 7}).deadline(20s).call();
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->text, "cba");
  EXPECT_EQ(answer->number, -7);
}

TEST(Node, what_goes_wrong_is_told_with_a_code) {
  Pair pair;
  pair.server.handle<Question, Reversed>("throws", [](const Question&) -> Reversed { throw std::runtime_error("on purpose"); });
  pair.server.handle<Question>("text", [](const Question&) -> std::expected<Reversed, std::string> { return std::unexpected("no"); });
  pair.server.handle<Question>("failure", [](const Question&) -> std::expected<void, Failure> {
    return failed(FailureCode::overloaded, "not now");
  });
  pair.server.handle<Question, Reversed>("lets_go", [](const Question&, Replier<Reversed>) {});
  const auto code = [&](std::string_view handler) {
    return pair.to_server().message<Reversed>(handler, Question{"a", 1}).deadline(20s).call().error();
  };
  EXPECT_EQ(code("nobody").code, FailureCode::handler_not_found);
  EXPECT_EQ(code("throws"), (Failure{FailureCode::handler_failed, false, 0, "on purpose"}));
  EXPECT_EQ(code("text"), (Failure{FailureCode::handler_failed, false, 0, "no"}));
  EXPECT_EQ(code("failure").text, "not now");
  EXPECT_EQ(code("lets_go").code, FailureCode::handler_failed);
  const auto bad = pair.to_server().message<Reversed>("throws", Wide{"a", 5000}).deadline(20s).call().error();
  EXPECT_EQ(bad.code, FailureCode::bad_payload);
  EXPECT_NE(bad.text.find("constraint_violated at `$.number`, byte "), std::string::npos) << bad.text;
  const auto other = pair.to_server().message<Reversed>("throws", Refusal{}).deadline(20s).call().error();
  EXPECT_EQ(other.code, FailureCode::schema_mismatch) << other.text;
}

TEST(Node, errors_of_the_programs_own_are_answers) {
  Pair pair;
  using Result = std::expected<Reversed, Refusal>;
  pair.server.handle<Question, Result>("own", [](const Question& asked) -> Result {
    if (asked.number == 0) return std::unexpected(Refusal{42});
    return Reversed{asked.text, asked.number};
  });
  const auto refused = pair.to_server().message<Result>("own", Question{"a", 0}).deadline(20s).call();
  ASSERT_TRUE(refused) << refused.error().text;
  ASSERT_FALSE(*refused);
  EXPECT_EQ(refused->error().code, 42);
  const auto taken = pair.to_server().message<Result>("own", Question{"a", 3}).deadline(20s).call();
  ASSERT_TRUE(taken && *taken);
  EXPECT_EQ((*taken)->number, 3);
  EXPECT_EQ(pair.server.counters().nacks_sent, Counters{}.nacks_sent);
}

TEST(Node, fire_and_forget_and_confirmed_messages_arrive) {
  Pair pair;
  std::atomic<int> sum = 0;
  pair.server.handle<Question>("add", [&](const Question& asked) { sum += asked.number; });
  ASSERT_TRUE(pair.to_server().message("add", Question{"", 1}).send());
  for (const auto level : {Delivery::queued, Delivery::accepted, Delivery::done}) {
    const auto done = pair.to_server().message("add", Question{"", 10}).confirm(level).deadline(20s).call();
    EXPECT_TRUE(done) << name_of(done.error().code);
  }
  EXPECT_TRUE(eventually([&] { return sum == 31; }));
}

TEST(Node, handlers_answer_later_and_callbacks_hear_it) {
  Pair pair;
  std::mutex mutex;
  std::vector<Replier<Reversed>> waiting;
  pair.server.handle<Question, Reversed>("later", [&](Question, Context&, Replier<Reversed> replier) {
    const std::lock_guard lock(mutex);
    waiting.push_back(std::move(replier));
  });
  std::latch answered(2);
  for (const auto where : {RunOn::pool, RunOn::loop}) {
    pair.to_server().message<Reversed>("later", Question{"a", 1}).deadline(20s).start().then(
        [&](Answer<Reversed> answer) {
          EXPECT_TRUE(answer);
          answered.count_down();
        },
        where);
  }
  ASSERT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return waiting.size() == 2;
  }));
  for (auto& replier : waiting) std::move(replier).answer({"late", 1});
  answered.wait();
}

TEST(Node, streams_come_as_they_are_asked_for) {
  Pair pair;
  std::atomic<int> made = 0;
  pair.server.handle<Question>("count", [&](const Question& asked) {
    return Stream<Refusal>([&made, next = 0, end = asked.number]() mutable -> std::optional<Refusal> {
      if (next == end) return std::nullopt;
      ++made;
      return Refusal{next++};
    });
  });
  auto items = pair.to_server().message<Refusal>("count", Question{"", 500}).deadline(30s).stream(8);
  ASSERT_TRUE(items.next());
  EXPECT_LE(made, 20);
  int expected = 1;
  while (const auto item = items.next()) EXPECT_EQ(item->code, expected++);
  EXPECT_TRUE(items.end()) << items.end().error().text;
  EXPECT_EQ(expected, 500);

  // One that nobody wants any more ends.
  { auto dropped = pair.to_server().message<Refusal>("count", Question{"", 900}).deadline(30s).stream(4); }
  EXPECT_TRUE(eventually([&] { return pair.server.status().requests_running == 0; }));
  EXPECT_LT(made, 1000);
  // And who did not ask for a stream is told.
  EXPECT_EQ(pair.to_server().message<Refusal>("count", Question{"", 1}).deadline(20s).call().error().code, FailureCode::handler_failed);
}

TEST(Node, a_stream_that_fails_says_why) {
  Pair pair;
  pair.server.handle<Question>("breaks", [](const Question&) {
    return Stream<Refusal>([n = 0]() mutable -> std::expected<std::optional<Refusal>, std::string> {
      if (n == 3) return std::unexpected("broken");
      return Refusal{n++};
    });
  });
  auto items = pair.to_server().message<Refusal>("breaks", Question{}).deadline(20s).stream();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(items.next());
  EXPECT_FALSE(items.next());
  ASSERT_FALSE(items.end());
  EXPECT_EQ(items.end().error().text, "broken");
}

TEST(Node, batches_gather_what_comes_together) {
  Pair pair;
  std::atomic<int> calls = 0;
  pair.server.handle<Question>(
      "batch",
      [&](std::span<const Question> asked) {
        ++calls;
        std::vector<std::expected<Reversed, std::string>> results;
        for (const Question& one : asked) {
          if (one.number == 7) {
            results.push_back(std::unexpected("seven"));
          } else {
            results.push_back(Reversed{one.text, one.number});
          }
        }
        return results;
      },
      {.batch_count = 50, .batch_wait = 200ms});
  std::vector<Call<Reversed>> started;
  for (int i = 0; i < 50; ++i) {
    started.push_back(pair.to_server().message<Reversed>("batch", Wide{"", i == 9 ? 2000 : i}).deadline(20s).start());
  }
  for (int i = 0; i < 50; ++i) {
    auto answer = std::move(started[static_cast<std::size_t>(i)]).wait();
    if (i == 7) {
      EXPECT_EQ(answer.error().text, "seven");
    } else if (i == 9) {
      EXPECT_EQ(answer.error().code, FailureCode::bad_payload);
    } else {
      ASSERT_TRUE(answer) << answer.error().text;
      EXPECT_EQ(answer->number, i);
    }
  }
  EXPECT_LT(calls, 25);
}

TEST(Node, ordered_handlers_keep_the_order_of_their_keys) {
  Pair pair({.name = "server", .threads = 4});
  std::mutex mutex;
  std::vector<std::vector<int>> seen(4);
  std::atomic<int> count = 0;
  pair.server.handle<Question>(
      "ordered",
      [&](const Question& asked, Context& context) {
        const std::lock_guard lock(mutex);
        seen[context.key()].push_back(asked.number);
        ++count;
      },
      {.ordering = Ordering::by_key});
  for (int i = 0; i < 800; ++i) {
    ASSERT_TRUE(pair.to_server().message("ordered", Question{"", i}).key(static_cast<std::uint64_t>(i % 4)).send());
  }
  ASSERT_TRUE(eventually([&] { return count == 800; }));
  for (const auto& numbers : seen) EXPECT_TRUE(std::ranges::is_sorted(numbers));
}

TEST(Node, a_handler_on_the_loop_that_is_too_slow_goes_on_in_the_pool) {
  Pair pair({.name = "server", .threads = 2, .inline_budget = 1ms, .inline_overruns = 3});
  std::atomic<int> pause_ms = 0;
  std::set<std::thread::id> threads;
  std::mutex mutex;
  pair.server.handle<Question, Reversed>(
      "inline",
      [&](const Question&) {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
        std::this_thread::sleep_for(pause_ms.load() * 1ms);
        return Reversed{};
      },
      {.execution = Execution::on_loop});
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
  pair.server.handle<Question, Reversed>("slow", [&](const Question&, Context& context) -> std::expected<Reversed, Failure> {
    ++started;
    const auto token = context.stop_token();
    eventually([&] { return token.stop_requested(); });
    stopped = true;
    return failed(FailureCode::cancelled);
  });
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
  pair.server.handle<Question, Reversed>("slow", [&](const Question&, Context& context) {
    EXPECT_LE(context.time_left(), 200ms);
    stopped = eventually([&] { return context.stop_requested(); });
    return Reversed{};
  });
  const Instant begun = Loop::now();
  EXPECT_EQ(pair.to_server().message<Reversed>("slow", Question{}).deadline(200ms).call().error().code, FailureCode::expired);
  EXPECT_GE(Loop::now() - begun, 200ms);
  EXPECT_TRUE(eventually([&] { return stopped.load(); }));
}

TEST(Node, sends_of_a_handler_inherit_deadline_depth_trace_and_cancelling) {
  InProcessNetwork network;
  Node last({.name = "last", .threads = 2}, network.transport());
  Node middle({.name = "middle", .threads = 2}, network.transport());
  Node first({.name = "first", .threads = 2}, network.transport());
  last.listen("last");
  middle.listen("middle");
  const Peer to_last = *middle.connect("last");
  const Peer to_middle = *first.connect("middle");
  std::array<std::byte, 26> trace{};
  trace[3] = std::byte{0xab};
  std::atomic<bool> waiting = false;
  std::atomic<bool> stopped = false;
  last.handle<Question, Reversed>("end", [&](const Question& asked, Context& context) -> std::expected<Reversed, Failure> {
    EXPECT_EQ(context.depth(), 1u);
    if (asked.number == 1) {
      waiting = true;
      stopped = eventually([&] { return context.stop_requested(); });
      return failed(FailureCode::cancelled);
    }
    return Reversed{"", static_cast<int>(context.time_left() / 1s)};
  });
  middle.handle<Question>("pass_on", [&](const Question& asked) {
    return to_last.message<Reversed>("end", asked).deadline(1h).call();
  });
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
  pair.server.handle<Question, Reversed>("a", [](const Question&) { return Reversed{}; });
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
  pair.server.handle<Question>("keep", [&](View view) {
    const std::lock_guard lock(mutex);
    kept.push_back(std::move(view));
  });
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
  pair.server.handle<Question, Reversed, Formats<msgpack::Codec, json::Codec>>("reverse", [](const Question& asked) {
    return Reversed{reversed(asked.text), asked.number};
  });
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
  const auto from_raw = pair.to_server().message<View>("reverse", encoded(*raw)).deadline(20s).call();
  ASSERT_TRUE(from_raw) << from_raw.error().text;
  EXPECT_EQ(from_raw->format, format_number<json::Codec>());
}

TEST(Node, large_values_of_the_loop_are_encoded_in_the_pool_and_keep_their_place) {
  Pair pair({.name = "server", .threads = 2}, {.name = "client", .threads = 2, .encode_off_loop_above = 1000});
  std::mutex mutex;
  std::vector<int> order;
  pair.server.handle<Question>(
      "order",
      [&](const Question& asked) {
        const std::lock_guard lock(mutex);
        order.push_back(asked.number);
      },
      {.ordering = Ordering::global});
  pair.server.handle<Question, Reversed>("go", [](const Question&) { return Reversed{}; });
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
  pair.server.handle<Question>("count", [&](const Question&) { ++count; });
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
  InProcessNetwork network;
  std::vector<Call<Reversed>> calls;
  std::atomic<int> told = 0;
  std::optional<Peer> kept;
  {
    Node client({.name = "client", .threads = 1}, network.transport());
    kept = *client.connect("nobody listens");
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
  pair.server.handle<Question, Reversed>("slow", [&](const Question&) {
    inside = true;
    open.acquire();
    return Reversed{"done", 1};
  });
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
  pair.server.handle<Question, Reversed>("reverse", [](const Question&) { return Reversed{}; });
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

TEST(Node, peers_that_connect_can_be_spoken_to) {
  Pair pair;
  pair.client.handle<Question, Reversed>("back", [](const Question&) { return Reversed{"from the client", 0}; });
  pair.server.handle<Question, Reversed>("there", [](const Question&, Context& context) {
    return context.peer().message<Reversed>("back", Question{}).call();
  });
  const auto answer = pair.to_server().message<Reversed>("there", Question{}).deadline(20s).call();
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->text, "from the client");
}

TEST(Node, many_threads_call_at_once_over_links_that_break) {
  Pair pair({.name = "server", .threads = 3}, {.name = "client", .threads = 2});
  pair.server.handle<Question, Reversed>("reverse", [](const Question& asked) { return Reversed{asked.text, asked.number}; });
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const auto answer = pair.to_server().message<Reversed>("reverse", Question{std::to_string(t), i}).deadline(30s).call();
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
}  // namespace structwire::messaging
