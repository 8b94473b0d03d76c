// SPDX-License-Identifier: Apache-2.0
//
// Handlers that are coroutines: they wait for other nodes without a thread, and end once, whatever happens meanwhile.
#include <tests/messaging/node_pair.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <structwire/messaging/generator.hpp>
#include <structwire/messaging/task.hpp>

namespace structwire::messaging::node_tests {
namespace {

using namespace std::chrono_literals;

/// client -> middle -> back. Handlers are added before the first call.
struct Chain {
  Chain() : to_back(*middle.connect(network.address("back"))), to_middle_(*client.connect(network.address("middle"))) {}

  const Peer& to_middle() {
    if (!std::exchange(listening_, true)) {
      EXPECT_TRUE(back.listen(network.address("back")));
      EXPECT_TRUE(middle.listen(network.address("middle")));
    }
    return to_middle_;
  }

  NodeNetwork network;
  Node back{{.name = "back", .threads = 2}, network.transport()};
  Node middle{{.name = "middle", .threads = 2}, network.transport()};
  Node client{{.name = "client", .threads = 2}, network.transport()};
  Peer to_back;

 private:
  Peer to_middle_;
  bool listening_ = false;
};

/// Requests that wait until the test lets them go.
class Gate {
 public:
  void operator()(const Question&, Context& context, Replier<Reversed> replier) {
    const std::lock_guard lock(mutex_);
    tokens_.push_back(context.stop_token());
    waiting_.push_back(std::move(replier));
  }
  std::size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }
  std::size_t stopped() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(tokens_.begin(), tokens_.end(), [](const auto& token) { return token.stop_requested(); }));
  }
  void open() {
    std::vector<Replier<Reversed>> waiting;
    {
      const std::lock_guard lock(mutex_);
      waiting.swap(waiting_);
    }
    for (auto& replier : waiting) {
      if (replier.context().stop_requested()) {
        std::move(replier).fail(Failure{.code = FailureCode::cancelled, .text = {}});
      } else {
        std::move(replier).answer(Reversed{"open", 1});
      }
    }
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Replier<Reversed>> waiting_;
  std::vector<std::stop_token> tokens_;
};
template <class Name>
void add_gate(Node& node, Name name, Gate& gate) {
  added(node.handle<Question, Reversed>(name, [&gate](const Question& asked, Context& context, Replier<Reversed> replier) {
    gate(asked, context, std::move(replier));
  }));
}

/// Counts those of it that live: frames that were left behind show.
struct Counted {
  explicit Counted(std::atomic<int>& count) : alive(&count) { ++*alive; }
  Counted(const Counted& other) : alive(other.alive) { ++*alive; }
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --*alive; }
  std::atomic<int>* alive;
};

void add_reverse(Node& node) {
  added(node.handle<Question>("reverse", [](const Question& asked) {
    return Reversed{reversed(asked.text), -asked.number};
  }));
}

TEST(NodeCoroutine, waits_for_an_answer_and_answers) {
  Chain chain;
  add_reverse(chain.back);
  // Its capture is on the heap, and so are the texts: what died too early would show.
  const std::string suffix(100, '.');
  added(chain.middle.handle<Question, Reversed>("twice", [peer = chain.to_back, suffix](Question asked) -> Task<Reversed> {
    auto once = co_await peer.message<Reversed>("reverse", asked).deadline(20s);
    if (!once) throw std::runtime_error(once.error().text);
    const Question again{once->text, 3};
    auto call = peer.message<Reversed>("reverse", again).deadline(20s).start();
    auto twice = co_await std::move(call);
    co_return Reversed{twice.value().text + once->text + suffix, asked.number};
  }));
  const std::string text = "a text that does not fit into a small string";
  for (int i = 0; i < 20; ++i) {
    const auto answer = chain.to_middle().message<Reversed>("twice", Question{text, i}).deadline(60s).call();
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->text, text + reversed(text) + suffix);
    EXPECT_EQ(answer->number, i);
  }
}

Task<Reversed> plain_function(Question asked, Context context) {
  co_return Reversed{context.handler(), asked.number};
}

TEST(NodeCoroutine, answers_what_any_handler_may_return) {
  Pair pair;
  std::atomic<int> ran = 0;
  added(pair.server.handle<Question>("nothing", [&ran](Question) -> Task<> {
    ++ran;
    co_return;
  }));
  added(pair.server.handle<Question>("own_error", [](Question asked) -> Task<std::expected<Reversed, Refusal>> {
    if (asked.number == 0) co_return std::unexpected(Refusal{7});
    co_return Reversed{asked.text, 1};
  }));
  added(pair.server.handle<Question>("failure", [](Question) -> Task<std::expected<Reversed, Failure>> {
    co_return failed(FailureCode::overloaded, "later");
  }));
  added(pair.server.handle<Question>("throws", [](Question asked) -> Task<Reversed> {
    if (asked.number == 0) throw std::runtime_error("no disk");
    throw 1;
  }));
  added(pair.server.handle<Question>("items", [](Question asked) -> Task<Stream<Reversed>> {
    co_return Stream<Reversed>([left = asked.number]() mutable -> std::optional<Reversed> {
      if (left == 0) return std::nullopt;
      return Reversed{"", left--};
    });
  }));
  added(pair.server.handle<Question>("function", plain_function));
  added(pair.server.handle<Question>(
      "here", [](Question asked) -> Task<Reversed> { co_return Reversed{asked.text, 0}; },
      {.execution = Execution::on_loop}));
  added(pair.server.handle<View, Reversed>("view", [](View view) -> Task<Reversed> {
    auto asked = view.decode<Question>();
    co_return Reversed{asked.value().text, 0};
  }));

  const Peer& peer = pair.to_server();
  const Question zero{"zero", 0};
  const Question one{"one", 1};
  EXPECT_TRUE(peer.message("nothing", one).deadline(60s).call());
  EXPECT_EQ(ran, 1);
  using Either = std::expected<Reversed, Refusal>;
  EXPECT_EQ(peer.message<Either>("own_error", zero).deadline(60s).call().value().error().code, 7);
  EXPECT_EQ(peer.message<Either>("own_error", one).deadline(60s).call().value().value().text, "one");
  const auto failure = peer.message<Reversed>("failure", one).deadline(60s).call();
  ASSERT_FALSE(failure);
  EXPECT_EQ(failure.error().code, FailureCode::overloaded);
  for (const Question& asked : {zero, one}) {
    const auto thrown = peer.message<Reversed>("throws", asked).deadline(60s).call();
    ASSERT_FALSE(thrown);
    EXPECT_EQ(thrown.error().code, FailureCode::handler_failed);
    EXPECT_EQ(thrown.error().text, asked.number == 0 ? "no disk" : "The handler threw something");
  }
  auto items = peer.message<Reversed>("items", Question{"", 3}).deadline(60s).stream();
  for (int left = 3; left > 0; --left) {
    const auto item = items.next();
    ASSERT_TRUE(item) << (items.end() ? "the end" : items.end().error().text);
    EXPECT_EQ(item->number, left);
  }
  EXPECT_FALSE(items.next());
  EXPECT_TRUE(items.end());
  EXPECT_EQ(peer.message<Reversed>("function", one).deadline(60s).call().value().text, "function");
  EXPECT_EQ(peer.message<Reversed>("here", one).deadline(60s).call().value().text, "one");
  EXPECT_EQ(peer.message<Reversed>("view", one).deadline(60s).call().value().text, "one");
}

TEST(NodeCoroutine, a_throw_behind_a_wait_is_the_outcome) {
  Chain chain;
  add_reverse(chain.back);
  std::atomic<int> alive = 0;
  added(chain.middle.handle<Question>("throws", [&alive, peer = chain.to_back](Question asked) -> Task<Reversed> {
    const Counted counted(alive);
    auto answer = co_await peer.message<Reversed>("reverse", asked).deadline(60s);
    throw std::runtime_error(answer.value().text);
  }));
  const auto answer = chain.to_middle().message<Reversed>("throws", Question{"abc", 1}).deadline(60s).call();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, FailureCode::handler_failed);
  EXPECT_EQ(answer.error().text, "cba");
  EXPECT_EQ(alive, 0);  // Its variables are gone before the outcome is told.
}

TEST(NodeCoroutine, one_that_nobody_resumes_fails_its_request) {
  Pair pair;
  std::atomic<int> alive = 0;
  added(pair.server.handle<Question>("lost", [&alive](Question) -> Task<Reversed> {
    const Counted counted(alive);
    // A call that was never sent: nobody will settle it, and it dies as soon as it is awaited.
    Call<Reversed> call(std::make_shared<CallState>(RunningRequest::current()->loop()));
    auto answer = co_await std::move(call);
    co_return answer.value();
  }));
  const auto answer = pair.to_server().message<Reversed>("lost", Question{"abc", 1}).deadline(60s).call();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, FailureCode::handler_failed);
  EXPECT_EQ(alive, 0);
}

TEST(NodeCoroutine, a_cancel_reaches_what_it_waits_for) {
  Chain chain;
  Gate gate;
  add_gate(chain.back, "gate", gate);
  std::atomic<int> alive = 0;
  std::atomic<int> cancelled = 0;
  using Result = Answer<Reversed>;
  added(chain.middle.handle<Question>("wait", [&, peer = chain.to_back](Question asked, Context context) -> Task<Result> {
    const Counted counted(alive);
    auto answer = co_await peer.message<Reversed>("gate", asked).deadline(1h);
    if (!answer && answer.error().code == FailureCode::cancelled && context.stop_token().stop_requested()) ++cancelled;
    co_return answer;
  }));
  auto call = chain.to_middle().message<Reversed>("wait", Question{"abc", 1}).deadline(1h).start();
  ASSERT_TRUE(eventually([&] { return gate.waiting() == 1; }));
  EXPECT_EQ(alive, 1);
  call.cancel();
  ASSERT_TRUE(eventually([&] { return gate.stopped() == 1; }));
  gate.open();
  const auto answer = std::move(call).wait();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, FailureCode::cancelled);
  EXPECT_TRUE(eventually([&] { return cancelled == 1 && alive == 0; }));
}

TEST(NodeCoroutine, what_waits_ends_when_its_node_stops) {
  Chain chain;
  Gate gate;
  add_gate(chain.back, "gate", gate);
  std::atomic<int> alive = 0;
  std::atomic<int> stopped = 0;
  added(chain.middle.handle<Question>("wait", [&, peer = chain.to_back](Question asked) -> Task<Reversed> {
    const Counted counted(alive);
    auto answer = co_await peer.message<Reversed>("gate", asked).deadline(1h);
    auto late = co_await peer.message<Reversed>("gate", asked).deadline(1h);  // Comes back at once.
    if (!answer && !late) ++stopped;
    co_return Reversed{};
  }));
  constexpr int count = 50;
  std::atomic<int> outcomes = 0;
  for (int i = 0; i < count; ++i) {
    chain.to_middle().message<Reversed>("wait", Question{"abc", i}).deadline(1h).start().then([&](Answer<Reversed> answer) {
      EXPECT_FALSE(answer);
      ++outcomes;
    });
  }
  ASSERT_TRUE(eventually([&] { return gate.waiting() == count; }));
  EXPECT_EQ(alive, count);
  chain.middle.stop();
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(stopped, count);
  chain.client.stop();
  EXPECT_EQ(outcomes, count);
  gate.open();
}

// At whatever moment: before, within and after each of the waits.
TEST(NodeCoroutine, stops_at_any_moment_leave_nothing_behind) {
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> alive = 0;
    std::atomic<int> outcomes = 0;
    constexpr int count = 200;
    {
      Chain chain;
      add_reverse(chain.back);
      added(chain.middle.handle<Question>("work", [&, peer = chain.to_back](Question asked) -> Task<Reversed> {
        const Counted counted(alive);
        for (int i = 0; i < 3; ++i) {
          auto answer = co_await peer.message<Reversed>("reverse", asked).deadline(60s);
          if (!answer) throw std::runtime_error(answer.error().text);
          asked.text = answer->text;
        }
        co_return Reversed{asked.text, 1};
      }));
      for (int i = 0; i < count; ++i) {
        chain.to_middle().message<Reversed>("work", Question{"abc", i}).deadline(60s).start().then(
            [&](Answer<Reversed>) { ++outcomes; });
      }
      std::this_thread::sleep_for(round * 500us);
      chain.middle.stop();
      EXPECT_EQ(alive, 0);
    }
    EXPECT_EQ(outcomes, count);
  }
}

TEST(NodeCoroutine, a_thousand_wait_and_hold_no_thread) {
  Chain chain;
  Gate gate;
  add_gate(chain.back, "gate", gate);
  added(chain.middle.handle<Question>("wait", [peer = chain.to_back](Question asked) -> Task<Reversed> {
    auto answer = co_await peer.message<Reversed>("gate", asked).deadline(120s);
    co_return Reversed{answer.value().text, asked.number};
  }));
  constexpr int count = 1000;
  std::vector<Call<Reversed>> calls;
  for (int i = 0; i < count; ++i) {
    calls.push_back(chain.to_middle().message<Reversed>("wait", Question{"abc", i}).deadline(120s).start());
  }
  ASSERT_TRUE(eventually([&] { return gate.waiting() == count; })) << gate.waiting();
  gate.open();
  for (int i = 0; i < count; ++i) {
    const auto answer = std::move(calls[static_cast<std::size_t>(i)]).wait();
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->number, i);
  }
}

TEST(NodeCoroutine, what_it_sends_after_a_wait_inherits) {
  Chain chain;
  struct Seen {
    std::uint32_t depth;
    Duration left;
    std::optional<std::array<std::byte, 26>> trace;
  };
  std::mutex mutex;
  std::vector<Seen> seen;
  added(chain.back.handle<Question, Reversed>("look", [&](const Question& asked, Context& context) {
    const std::lock_guard lock(mutex);
    seen.push_back({context.depth(), context.time_left(), context.trace_parent()});
    return Reversed{asked.text, 0};
  }));
  added(chain.middle.handle<Question>("look_on", [peer = chain.to_back](Question asked) -> Task<Reversed> {
    Reversed last{"", 0};
    for (int i = 0; i < asked.number; ++i) {
      auto answer = co_await peer.message<Reversed>("look", asked).deadline(1h);
      if (!answer) throw std::runtime_error(answer.error().text);
      last = std::move(*answer);
    }
    co_return last;
  }));
  std::array<std::byte, 26> trace{};
  trace[3] = std::byte{42};
  const auto answer =
      chain.to_middle().message<Reversed>("look_on", Question{"abc", 5}).deadline(60s).trace(trace).call();
  ASSERT_TRUE(answer) << answer.error().text;
  ASSERT_EQ(seen.size(), 5u);
  for (const Seen& one : seen) {
    EXPECT_EQ(one.depth, 1u);
    EXPECT_LE(one.left, 60s);
    ASSERT_TRUE(one.trace);
    EXPECT_EQ((*one.trace)[3], std::byte{42});
  }
  EXPECT_FALSE(RunningRequest::current());
}

TEST(NodeCoroutine, coroutines_call_coroutines_until_the_depth_ends_it) {
  Pair pair;
  added(pair.server.handle<Question>("down", [](Question asked, Context context) -> Task<std::expected<Reversed, Failure>> {
    if (asked.number == 0) co_return Reversed{asked.text, static_cast<int>(context.depth())};
    const Question next{asked.text + ".", asked.number - 1};
    auto answer = co_await context.peer().message<Reversed>("down", next).deadline(60s);
    co_return answer;
  }));
  added(pair.client.handle<Question>("down", [](Question asked, Context context) -> Task<std::expected<Reversed, Failure>> {
    if (asked.number == 0) co_return Reversed{asked.text, static_cast<int>(context.depth())};
    const Question next{asked.text + ",", asked.number - 1};
    auto answer = co_await context.peer().message<Reversed>("down", next).deadline(60s);
    co_return answer;
  }));
  const auto answer = pair.to_server().message<Reversed>("down", Question{"", 10}).deadline(60s).call();
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->text, ".,.,.,.,.,");
  EXPECT_EQ(answer->number, 10);
  const auto circle = pair.to_server().message<Reversed>("down", Question{"", 1000}).deadline(60s).call();
  ASSERT_FALSE(circle);
  EXPECT_EQ(circle.error().code, FailureCode::overloaded);
}

TEST(NodeCoroutine, the_strand_waits_for_the_first_suspension_only) {
  Chain chain;
  Gate gate;
  add_gate(chain.back, "gate", gate);
  std::mutex mutex;
  std::vector<int> begun;
  added(chain.middle.handle<Question>(
      "ordered",
      [&, peer = chain.to_back](Question asked) -> Task<Reversed> {
        {
          const std::lock_guard lock(mutex);
          begun.push_back(asked.number);
        }
        auto answer = co_await peer.message<Reversed>("gate", asked).deadline(60s);
        co_return answer.value();
      },
      {.ordering = Ordering::global}));
  constexpr int count = 100;
  std::vector<Call<Reversed>> calls;
  for (int i = 0; i < count; ++i) {
    calls.push_back(chain.to_middle().message<Reversed>("ordered", Question{"abc", i}).deadline(60s).start());
  }
  // All of them wait at once, though they are ordered ...
  ASSERT_TRUE(eventually([&] { return gate.waiting() == count; }));
  gate.open();
  for (auto& call : calls) EXPECT_TRUE(std::move(call).wait());
  // ... and began in their order.
  ASSERT_EQ(begun.size(), static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) EXPECT_EQ(begun[static_cast<std::size_t>(i)], i);
}

TEST(NodeCoroutine, a_generator_yields_as_its_receiver_has_room) {
  Pair pair;
  std::atomic<int> yielded = 0;
  std::atomic<int> alive = 0;
  added(pair.server.handle<Question>("count", [&](Question asked) -> Generator<Reversed> {
    const Counted counted(alive);
    for (int i = 0; i < asked.number; ++i) {
      Reversed item{asked.text + " and a text that does not fit into a small string", i};
      ++yielded;
      co_yield item;
    }
  }));
  auto items = pair.to_server().message<Reversed>("count", Question{"abc", 1000}).deadline(60s).stream(8);
  ASSERT_TRUE(eventually([&] { return yielded >= 8; }));
  for (int i = 0; i < 1000; ++i) {
    if (i % 100 == 0) {
      std::this_thread::sleep_for(2ms);
      EXPECT_LE(yielded, i + 32) << "more than there is room for";
    }
    const auto item = items.next();
    ASSERT_TRUE(item);
    EXPECT_EQ(item->number, i);
  }
  EXPECT_FALSE(items.next());
  EXPECT_TRUE(items.end());
  EXPECT_TRUE(eventually([&] { return alive == 0; }));
}

TEST(NodeCoroutine, a_generator_that_is_cancelled_is_destroyed_where_it_stands) {
  Pair pair;
  std::atomic<int> alive = 0;
  added(pair.server.handle<Question>("forever", [&](Question) -> Generator<Question> {
    const Counted counted(alive);
    for (int i = 0;; i = (i + 1) % 1000) {
      const Question item{"again", i};
      co_yield item;
    }
  }));
  {
    auto items = pair.to_server().message<Question>("forever", Question{"abc", 1}).deadline(1h).stream(4);
    EXPECT_TRUE(items.next());
    EXPECT_EQ(alive, 1);
  }
  EXPECT_TRUE(eventually([&] { return alive == 0; }));
  {
    auto items = pair.to_server().message<Question>("forever", Question{"abc", 1}).deadline(1h).stream(4);
    EXPECT_TRUE(items.next());
    pair.server.stop();
    EXPECT_EQ(alive, 0);
  }
}

TEST(NodeCoroutine, a_generator_ends_by_what_it_throws_or_fails_with) {
  Pair pair;
  added(pair.server.handle<Question>("ends", [](Question asked) -> Generator<Question> {
    co_yield asked;
    if (asked.number == 0) throw std::runtime_error("no disk");
    if (asked.number == 1) co_yield failed(FailureCode::overloaded, "later");
  }));
  for (int number = 0; number < 3; ++number) {
    auto items = pair.to_server().message<Question>("ends", Question{"abc", number}).deadline(60s).stream();
    EXPECT_TRUE(items.next());
    EXPECT_FALSE(items.next());
    if (number == 2) {
      EXPECT_TRUE(items.end());
      continue;
    }
    ASSERT_FALSE(items.end());
    EXPECT_EQ(items.end().error().code, number == 0 ? FailureCode::handler_failed : FailureCode::overloaded);
    EXPECT_EQ(items.end().error().text, number == 0 ? "no disk" : "later");
  }
  const auto one = pair.to_server().message<Question>("ends", Question{"abc", 2}).deadline(60s).call();
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().code, FailureCode::handler_failed);
}

}  // namespace
}  // namespace structwire::messaging::node_tests
