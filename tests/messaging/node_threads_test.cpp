// SPDX-License-Identifier: Apache-2.0
//
// Which thread does what: calls that are waited for, requests that come alone, and those whom they must not hold up.
#include <tests/messaging/node_pair.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <semaphore>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace structwire::messaging::node_tests {
namespace {

using namespace std::chrono_literals;

/// The threads on which something ran.
class Threads {
 public:
  void note() {
    const std::lock_guard lock(mutex_);
    ids_.insert(std::this_thread::get_id());
  }
  bool has(std::thread::id id) const {
    const std::lock_guard lock(mutex_);
    return ids_.contains(id);
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::thread::id> ids_;
};

void handle_echo(Node& node, std::string_view name = "echo") {
  added(node.handle<Question, Reversed>(name, [](const Question& question) {
    return Reversed{.text = reversed(question.text), .number = question.number};
  }));
}

Answer<Reversed> echo(const Peer& peer, int number = 1) {
  return peer.message<Reversed>("echo", Question{.text = "ab", .number = number}).deadline(20s).call();
}

TEST(NodeThreads, a_thread_that_waits_for_its_call_does_the_loops_work) {
  Pair pair;
  handle_echo(pair.server);
  for (int i = 0; i < 300; ++i) {
    const auto answer = echo(pair.to_server(), i);
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->number, i);
  }
  EXPECT_GT(pair.client.status().loop.led_by_callers, 0u);
}

TEST(NodeThreads, a_request_that_comes_alone_is_run_by_who_received_it) {
  Pair pair;
  handle_echo(pair.server);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(echo(pair.to_server()));
  const NodeStatus status = pair.server.status();
  EXPECT_GT(status.loop.ran_at_once, 0u);
  EXPECT_EQ(status.handlers.at(0).requests, 100u);
}

TEST(NodeThreads, a_pool_of_one_runs_one_handler_at_a_time) {
  Pair pair({.name = "server", .threads = 1});
  std::atomic<int> running = 0;
  added(pair.server.handle<Question, Reversed>("echo", [&](const Question&) {
    EXPECT_EQ(running.fetch_add(1), 0);
    std::this_thread::sleep_for(1ms);
    running.fetch_sub(1);
    return Reversed{};
  }));
  const Peer server = pair.to_server();
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int n = 0; n < 20; ++n) EXPECT_TRUE(echo(server));
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(pair.server.status().loop.ran_at_once, 0u);
}

TEST(NodeThreads, a_slow_handler_holds_up_nobody) {
  Pair pair;
  handle_echo(pair.server);
  std::binary_semaphore may_end(0);
  std::atomic<bool> began = false;
  added(pair.server.handle<Question, Reversed>("slow", [&](const Question&) {
    began = true;
    may_end.acquire();
    return Reversed{};
  }));
  ASSERT_TRUE(echo(pair.to_server()));
  // It comes alone, so the thread that received it runs it.
  auto slow = pair.to_server().message<Reversed>("slow", Question{}).deadline(60s).start();
  ASSERT_TRUE(eventually([&] { return began.load(); }));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(echo(pair.to_server()));
  EXPECT_FALSE(slow.ready());
  may_end.release();
  EXPECT_TRUE(std::move(slow).wait());
  // Known to be slow, it goes to the pool, and the quick ones go on as before.
  may_end.release();
  EXPECT_TRUE(pair.to_server().message<Reversed>("slow", Question{}).deadline(60s).call());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(echo(pair.to_server()));
}

TEST(NodeThreads, a_handler_that_waits_for_a_call_to_its_caller_gets_its_answer) {
  Pair pair;
  handle_echo(pair.client);
  added(pair.server.handle<Question, Reversed>("relay", [](const Question& question, Context& context) -> Answer<Reversed> {
    return context.peer().message<Reversed>("echo", question).deadline(20s).call();
  }));
  for (int i = 0; i < 200; ++i) {
    const auto answer =
        pair.to_server().message<Reversed>("relay", Question{.text = "xyz", .number = i}).deadline(20s).call();
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->text, "zyx");
    EXPECT_EQ(answer->number, i);
  }
}

TEST(NodeThreads, what_a_handler_sends_before_it_goes_on_is_sent) {
  Pair pair;
  std::binary_semaphore may_end(0);
  std::atomic<bool> told = false;
  added(pair.client.handle<Question>("told", [&](const Question&) { told = true; }));
  added(pair.server.handle<Question, Reversed>("tell", [&](const Question& question, Context& context) {
    EXPECT_TRUE(context.peer().message("told", question).send());
    may_end.acquire();
    return Reversed{};
  }));
  auto call = pair.to_server().message<Reversed>("tell", Question{}).deadline(60s).start();
  EXPECT_TRUE(eventually([&] { return told.load(); }));
  EXPECT_FALSE(call.ready());
  may_end.release();
  EXPECT_TRUE(std::move(call).wait());
}

TEST(NodeThreads, a_thread_that_waits_long_serves_the_others) {
  Pair pair;
  handle_echo(pair.server);
  handle_echo(pair.client);
  std::binary_semaphore may_end(0);
  std::atomic<bool> began = false;
  added(pair.server.handle<Question, Reversed>("slow", [&](const Question&, Context& context) -> Answer<Reversed> {
    // The node whose thread waits answers requests meanwhile.
    for (int i = 0; i < 50; ++i) {
      if (auto answer = echo(context.peer()); !answer) return answer;
    }
    began = true;
    may_end.acquire();
    return Reversed{};
  }));
  ASSERT_TRUE(echo(pair.to_server()));
  std::thread waits([&] {
    EXPECT_TRUE(pair.to_server().message<Reversed>("slow", Question{}).deadline(60s).call());
  });
  EXPECT_TRUE(eventually([&] { return began.load(); }));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(echo(pair.to_server()));
  may_end.release();
  waits.join();
}

TEST(NodeThreads, user_code_never_runs_on_a_thread_that_waits) {
  Threads threads;  // Outlives the nodes: the last messages of one way may still come.
  Pair pair;
  handle_echo(pair.server);
  added(pair.client.handle<Question>("on_loop", [&](const Question&) { threads.note(); }, {.execution = Execution::on_loop}));
  added(pair.client.handle<Question>("in_pool", [&](const Question&) { threads.note(); }));
  added(pair.server.handle<Question, Reversed>("calls_back", [&](const Question& question, Context& context) {
    EXPECT_TRUE(context.peer().message("on_loop", question).send());
    EXPECT_TRUE(context.peer().message("in_pool", question).send());
    std::this_thread::sleep_for(500us);
    return Reversed{};
  }));
  std::atomic<int> called_back = 0;
  for (int i = 0; i < 100; ++i) {
    pair.to_server().message<Reversed>("echo", Question{}).deadline(20s).start().then(
        [&](Answer<Reversed> answer) {
          EXPECT_TRUE(answer);
          threads.note();
          ++called_back;
        },
        i % 2 == 0 ? RunOn::loop : RunOn::pool);
    ASSERT_TRUE(pair.to_server().message<Reversed>("calls_back", Question{}).deadline(20s).call());
  }
  EXPECT_TRUE(eventually([&] { return called_back == 100; }));
  EXPECT_FALSE(threads.has(std::this_thread::get_id()));
}

// Who waits for a call may hold locks of the program: what belongs to the program must not die there either.
TEST(NodeThreads, what_callbacks_hold_does_not_die_on_a_thread_that_waits_for_another_call) {
  struct Held {
    explicit Held(std::atomic<std::thread::id>& thread) : died_on(thread) {}
    ~Held() { died_on = std::this_thread::get_id(); }
    std::atomic<std::thread::id>& died_on;
  };
  Pair pair;
  handle_echo(pair.server);
  ASSERT_TRUE(echo(pair.to_server()));
  for (int i = 0; i < 100; ++i) {
    std::atomic<std::thread::id> died_on{};
    {
      // There is no such handler, so there is no receipt; and nobody waits for it.
      auto held = std::make_shared<Held>(died_on);
      const auto dropped =
          pair.to_server().message<Reversed>("none", Question{}).on_receipt([held = std::move(held)] {}).start();
    }
    ASSERT_TRUE(echo(pair.to_server()));
    ASSERT_TRUE(eventually([&] { return died_on.load() != std::thread::id{}; }));
    EXPECT_NE(died_on.load(), std::this_thread::get_id());
  }
}

TEST(NodeThreads, a_handler_may_ask_its_node) {
  Pair pair;
  added(pair.server.handle<Question, Reversed>("echo", [&](const Question& question) {
    EXPECT_EQ(pair.server.status().requests_running, 1u);
    return Reversed{.text = {}, .number = question.number};
  }));
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(echo(pair.to_server(), i));
}

TEST(NodeThreads, a_thread_that_leads_is_told_when_the_node_stops) {
  Pair pair;
  std::binary_semaphore may_end(0);
  handle_echo(pair.server);
  added(pair.server.handle<Question, Reversed>("slow", [&](const Question&) {
    may_end.acquire();
    return Reversed{};
  }));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(echo(pair.to_server()));
  std::atomic<bool> waits = false;
  std::thread caller([&] {
    waits = true;
    const auto answer = pair.to_server().message<Reversed>("slow", Question{}).deadline(60s).call();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, FailureCode::stopped);
  });
  ASSERT_TRUE(eventually([&] { return waits.load(); }));
  std::this_thread::sleep_for(5ms);
  pair.client.stop();
  caller.join();
  may_end.release();
}

TEST(NodeThreads, waiting_for_a_while_returns_in_time_and_the_call_goes_on) {
  Pair pair;
  std::binary_semaphore may_end(0);
  added(pair.server.handle<Question, Reversed>("slow", [&](const Question&) {
    may_end.acquire();
    return Reversed{};
  }));
  auto call = pair.to_server().message<Reversed>("slow", Question{}).deadline(60s).start();
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(call.wait_for(2ms));
  may_end.release();
  auto answer = call.wait_for(30s);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(*answer);
}

}  // namespace
}  // namespace structwire::messaging::node_tests
