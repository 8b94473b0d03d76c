// SPDX-License-Identifier: Apache-2.0
//
// Handlers and calls: what programs write, over whatever a program of these tests links.
#include <tests/messaging/node_pair.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <expected>
#include <latch>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/json.hpp>

namespace structwire::messaging::node_tests {
namespace {

using namespace std::chrono_literals;

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

// Over sockets, and what lies: compression_test.cpp. Here for the threads.
TEST(Node, many_threads_send_payloads_that_are_compressed) {
  const CompressionOptions compressed{.to = CompressTo::everybody};
  Pair pair({.name = "server", .threads = 2, .compression = compressed}, {.name = "client", .threads = 2, .compression = compressed});
  added(pair.server.handle<Question>("echo", [](Question asked) { return asked; }));
  added(pair.server.handle<Question>("here", [](Question asked) { return asked; }, {.execution = Execution::on_loop}));
  const Peer& peer = pair.to_server();
  ASSERT_TRUE(peer.message<Question>("echo", Question{"hello", 1}).deadline(60s).call());
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&peer, thread] {
      for (int i = 0; i < 5; ++i) {
        const Question sent{std::string(100'000, static_cast<char>('a' + thread)), i};
        const auto answer = peer.message<Question>(i % 2 == 0 ? "echo" : "here", sent).deadline(60s).call();
        EXPECT_TRUE(answer && answer->text == sent.text && answer->number == i);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(pair.client.counters().compressed_sent, 20u);
  EXPECT_EQ(pair.client.counters().compressed_received, 20u);
}

TEST(Node, what_goes_wrong_is_told_with_a_code) {
  Pair pair;
  added(pair.server.handle<Question, Reversed>("throws", [](const Question&) -> Reversed { throw std::runtime_error("on purpose"); }));
  added(pair.server.handle<Question>("text", [](const Question&) -> std::expected<Reversed, std::string> { return std::unexpected("no"); }));
  added(pair.server.handle<Question>("failure", [](const Question&) -> std::expected<void, Failure> {
    return failed(FailureCode::overloaded, "not now");
  }));
  added(pair.server.handle<Question, Reversed>("lets_go", [](const Question&, Replier<Reversed>) {}));
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
  added(pair.server.handle<Question, Result>("own", [](const Question& asked) -> Result {
    if (asked.number == 0) return std::unexpected(Refusal{42});
    return Reversed{asked.text, asked.number};
  }));
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
  added(pair.server.handle<Question>("add", [&](const Question& asked) { sum += asked.number; }));
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
  added(pair.server.handle<Question, Reversed>("later", [&](Question, Context&, Replier<Reversed> replier) {
    const std::lock_guard lock(mutex);
    waiting.push_back(std::move(replier));
  }));
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
  added(pair.server.handle<Question>("count", [&](const Question& asked) {
    return Stream<Refusal>([&made, next = 0, end = asked.number]() mutable -> std::optional<Refusal> {
      if (next == end) return std::nullopt;
      ++made;
      return Refusal{next++};
    });
  }));
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
  added(pair.server.handle<Question>("breaks", [](const Question&) {
    return Stream<Refusal>([n = 0]() mutable -> std::expected<std::optional<Refusal>, std::string> {
      if (n == 3) return std::unexpected("broken");
      return Refusal{n++};
    });
  }));
  auto items = pair.to_server().message<Refusal>("breaks", Question{}).deadline(20s).stream();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(items.next());
  EXPECT_FALSE(items.next());
  ASSERT_FALSE(items.end());
  EXPECT_EQ(items.end().error().text, "broken");
}

TEST(Node, batches_gather_what_comes_together) {
  Pair pair;
  std::atomic<int> calls = 0;
  added(pair.server.handle<Question>(
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
      {.batch_count = 50, .batch_wait = 200ms}));
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
  added(pair.server.handle<Question>(
      "ordered",
      [&](const Question& asked, Context& context) {
        const std::lock_guard lock(mutex);
        seen[context.key()].push_back(asked.number);
        ++count;
      },
      {.ordering = Ordering::by_key}));
  for (int i = 0; i < 800; ++i) {
    ASSERT_TRUE(pair.to_server().message("ordered", Question{"", i}).key(static_cast<std::uint64_t>(i % 4)).send());
  }
  ASSERT_TRUE(eventually([&] { return count == 800; }));
  for (const auto& numbers : seen) EXPECT_TRUE(std::ranges::is_sorted(numbers));
}

TEST(Node, ordered_handlers_keep_the_order_of_each_sender) {
  Pair pair({.name = "server", .threads = 4});
  Node other({.name = "other", .threads = 2}, pair.network.transport());
  const Peer second = *other.connect(pair.network.address("x"));
  struct Sender {
    std::vector<int> numbers;
    std::atomic<int> running = 0;
  };
  std::array<Sender, 2> senders;
  std::atomic<int> count = 0;
  std::atomic<bool> overlap = false;
  added(pair.server.handle<Question>(
      "ordered",
      [&](const Question& asked) {
        Sender& sender = senders[asked.text == "other" ? 1 : 0];
        if (sender.running++ != 0) overlap = true;
        sender.numbers.push_back(asked.number);
        --sender.running;
        ++count;
      },
      {.ordering = Ordering::by_sender}));
  for (int i = 0; i < 400; ++i) {
    ASSERT_TRUE(pair.to_server().message("ordered", Question{"client", i}).send());
    ASSERT_TRUE(second.message("ordered", Question{"other", i}).send());
  }
  ASSERT_TRUE(eventually([&] { return count == 800; })) << count;
  EXPECT_FALSE(overlap);
  for (const Sender& sender : senders) {
    EXPECT_EQ(sender.numbers.size(), 400u);
    EXPECT_TRUE(std::ranges::is_sorted(sender.numbers));
  }
}

}  // namespace
}  // namespace structwire::messaging::node_tests
