// SPDX-License-Identifier: Apache-2.0
#include <structwire/json.hpp>
#include <taskd/api/submit.hpp>
#include <taskd/api/work.hpp>
#include <tests/end_to_end/daemon_process.hpp>
#include <tests/end_to_end/http_client.hpp>
#include <tests/end_to_end/kill_history.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <random>
#include <thread>

/// The daemon is killed with SIGKILL again and again while 64 clients work.
///
/// Strategy: each round starts structwired on the same data, lets 64 threads send one request after
/// the other, and kills it at a random moment, now and then while it still starts. Workers submit
/// singly and in batches, claim with long and with very short leases, complete, complete again what
/// got no answer, and complete what they have lost. What is left open by a kill is tried in a later
/// round.
///
/// Invariants: `KillHistory`. In short: what was acknowledged is there, at most one result of a
/// task is accepted, attempts and fences never go back, a batch is there as a whole or not at all.
///
/// It can fail: the second test runs the same over a store that forgets, and must find losses. With
/// a committer that answers before it commits, the first one fails, too, within the first few
/// kills.
///
/// STRUCTWIRE_CHECK_SECONDS in the environment (`./dev check` sets it) makes it the long form of
/// 200 kills; STRUCTWIRE_SEED repeats the clients' choices, as far as threads allow.
namespace structwire::end_to_end {
namespace {

namespace api = taskd::api;
using namespace std::chrono_literals;

constexpr std::size_t clients = 64;
constexpr const char* queue_path = "/v1/queues/kill/claim";

struct Extent {
  std::size_t kills = 0;
  std::size_t acknowledgements = 0;
};

Extent extent() {
  return std::getenv("STRUCTWIRE_CHECK_SECONDS") ? Extent{200, 20'000} : Extent{20, 2'000};
}

std::uint64_t seed() {
  const char* text = std::getenv("STRUCTWIRE_SEED");
  return text ? std::strtoull(text, nullptr, 10) : std::random_device()();
}

std::string program() { return std::string(std::getenv("STRUCTWIRE_BIN")) + "/structwired"; }

/// Leases that nobody has ended, by any worker of any round.
class Stash {
 public:
  void put(HeldTask held) {
    const std::lock_guard lock(mutex_);
    held_.push_back(std::move(held));
  }
  std::optional<HeldTask> take(std::uint64_t random) {
    const std::lock_guard lock(mutex_);
    if (held_.empty()) return std::nullopt;
    std::swap(held_[random % held_.size()], held_.back());
    HeldTask taken = std::move(held_.back());
    held_.pop_back();
    return taken;
  }

 private:
  std::mutex mutex_;
  std::vector<HeldTask> held_;
};

/// One client of one round: works until the daemon does not answer any more.
class Client {
 public:
  Client(std::uint16_t port, std::uint64_t seed, std::string name, KillHistory& history,
         Stash& stash)
      : http_(port), random_(seed), name_(std::move(name)), history_(history), stash_(stash) {}

  void run(const std::atomic<bool>& ends) {
    while (!ends && step()) continue;
  }

 private:
  bool step() {
    switch (random_() % 8) {
      case 0:
      case 1:
      case 2:
        return submit(1);
      case 3:
        return submit(2 + random_() % 6);
      case 4:
      case 5:
        return work();
      case 6:
        return complete_old();
      default:
        return look();
    }
  }

  std::string unique(const char* what) {
    return std::string("\"") + what + "-" + name_ + "-" + std::to_string(++count_) + "\"";
  }

  bool submit(std::size_t count) {
    std::vector<std::string> payloads;
    std::string body;
    for (std::size_t i = 0; i < count; ++i) {
      payloads.push_back(unique("task"));
      body +=
          (body.empty() ? "" : ",") +
          (R"({"queue":"kill","type":"t","max_attempts":1000,"payload":)" + payloads.back() + "}");
    }
    const auto answer = http_.post("/v1/tasks", count == 1 ? body : R"({"tasks":[)" + body + "]}");
    if (!answer) {
      history_.batch_unknown(std::move(payloads));
      return false;
    }
    api::SubmittedBatch made;
    if (count == 1) {
      made.tasks.push_back(decode<api::Submitted>(*answer, 201));
    } else {
      made = decode<api::SubmittedBatch>(*answer, 201);
    }
    history_.acknowledged();
    if (made.tasks.size() != count) return false;
    for (std::size_t i = 0; i < count; ++i) history_.submitted(made.tasks[i].id, payloads[i]);
    return true;
  }

  // Claims; then completes, or lets go, or keeps for later.
  bool work() {
    const bool brief = random_() % 4 == 0;
    const std::string lease = brief ? "20" : "20000";
    const std::string max = std::to_string(1 + random_() % 4);
    const auto answer = http_.post(queue_path, R"({"worker":")" + name_ + R"(","max":)" + max +
                                                   R"(,"lease_ms":)" + lease + "}");
    if (!answer) return false;
    const auto claimed = decode<api::ClaimAnswer>(*answer, 200);
    if (!claimed.tasks.empty()) history_.acknowledged();
    for (const api::ClaimedTask& task : claimed.tasks) {
      history_.claimed(task.id, task.fence, task.attempt);
    }
    for (const api::ClaimedTask& task : claimed.tasks) {
      HeldTask held{task.id, task.fence, unique("result")};
      if (brief || random_() % 4 == 0) {
        stash_.put(std::move(held));
      } else if (!complete(std::move(held))) {
        return false;
      }
    }
    return true;
  }

  // Perhaps its lease is over, perhaps it was completed and the answer got lost.
  bool complete_old() {
    auto held = stash_.take(random_());
    return !held || complete(std::move(*held));
  }

  bool complete(HeldTask held) {
    const auto answer = http_.post(
        "/v1/tasks/" + std::to_string(held.id) + "/complete",
        R"({"fence":)" + std::to_string(held.fence) + R"(,"result":)" + held.result + "}");
    if (!answer) {
      stash_.put(std::move(held));
      return false;
    }
    if (answer->status == 409) return true;
    const auto task = decode<api::Task>(*answer, 200);
    history_.acknowledged();
    history_.completed(held);
    history_.seen(task);
    return true;
  }

  bool look() {
    const auto held = stash_.take(random_());
    if (!held) return true;
    stash_.put(*held);
    const auto answer = http_.get("/v1/tasks/" + std::to_string(held->id));
    if (!answer) return false;
    history_.seen(decode<api::Task>(*answer, 200));
    return true;
  }

  template <class T>
  T decode(const HttpClient::Answer& answer, int status) {
    auto decoded = json::decode<T>(answer.body);
    if (answer.status == status && decoded) return std::move(*decoded);
    history_.unexpected(std::to_string(answer.status) + " " + answer.body);
    return T();
  }

  HttpClient http_;
  std::mt19937_64 random_;
  const std::string name_;
  KillHistory& history_;
  Stash& stash_;
  std::size_t count_ = 0;
};

/// The rounds on one data directory.
class Rounds {
 public:
  explicit Rounds(std::string data, std::uint64_t seed) : data_(std::move(data)), random_(seed) {}

  void kill_once() {
    DaemonProcess daemon(program(), arguments());
    ++kills_;
    if (random_() % 10 == 0) {
      // While it starts, or recovers.
      std::this_thread::sleep_for(std::chrono::microseconds(random_() % 30'000));
      daemon.kill_9();
      return;
    }
    const auto port = daemon.wait_for_port();
    ASSERT_TRUE(port) << "structwired did not start after kill " << kills_ - 1;
    std::atomic<bool> ends{false};
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < clients; ++i) {
      threads.emplace_back([&, number = ++clients_started_, seed = random_()] {
        Client(*port, seed, std::to_string(number), history_, stash_).run(ends);
      });
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random_() % 400'000));
    daemon.kill_9();
    ends = true;
    threads.clear();
    history_.next_round();
  }

  void check_all() {
    DaemonProcess daemon(program(), arguments());
    const auto port = daemon.wait_for_port();
    ASSERT_TRUE(port);
    HttpClient http(*port);
    std::vector<api::Task> tasks;
    std::optional<std::uint64_t> after = 0;
    while (after) {
      const auto answer = http.get("/v1/tasks?limit=1000&after=" + std::to_string(*after));
      ASSERT_TRUE(answer);
      auto page = json::decode<api::TaskList>(answer->body);
      ASSERT_TRUE(page) << page.error().message();
      std::ranges::move(page->tasks, std::back_inserter(tasks));
      after = page->next;
    }
    history_.check_all(tasks);
    daemon.terminate();
    EXPECT_EQ(daemon.wait(), 0);
    std::printf("%zu kills; %s; %zu tasks in the end, %zu violations\n", kills_,
                history_.summary().c_str(), tasks.size(), history_.violations().size());
  }

  [[nodiscard]] std::size_t kills() const { return kills_; }
  [[nodiscard]] KillHistory& history() { return history_; }

 private:
  [[nodiscard]] std::vector<std::string> arguments() const {
    return {"--http", "127.0.0.1:0", "--data", data_, "--log-level", "error", "--drain-ms", "0"};
  }

  const std::string data_;
  std::mt19937_64 random_;
  KillHistory history_;
  Stash stash_;
  std::size_t kills_ = 0;
  std::size_t clients_started_ = 0;
};

TEST(KillTest, nothing_acknowledged_is_lost_and_nothing_goes_back) {
  const std::uint64_t start = seed();
  const Extent wanted = extent();
  std::printf("STRUCTWIRE_SEED=%llu\n", static_cast<unsigned long long>(start));
  std::string data = testing::TempDir() + "structwire-kill-XXXXXX";
  ASSERT_NE(mkdtemp(data.data()), nullptr);
  Rounds rounds(data, start);
  while (rounds.kills() < wanted.kills ||
         rounds.history().acknowledgements() < wanted.acknowledgements) {
    ASSERT_NO_FATAL_FAILURE(rounds.kill_once());
    for (const std::string& violation : rounds.history().violations()) ADD_FAILURE() << violation;
    if (HasFailure()) break;
  }
  ASSERT_NO_FATAL_FAILURE(rounds.check_all());
  for (const std::string& violation : rounds.history().violations()) ADD_FAILURE() << violation;
  if (!HasFailure()) std::filesystem::remove_all(data);
}

TEST(KillTest, notices_a_store_that_forgets) {
  Rounds rounds(":memory:", seed());
  while (rounds.history().acknowledgements() < 200) {
    ASSERT_NO_FATAL_FAILURE(rounds.kill_once());
  }
  ASSERT_NO_FATAL_FAILURE(rounds.check_all());
  EXPECT_FALSE(rounds.history().violations().empty());
}

}  // namespace
}  // namespace structwire::end_to_end
