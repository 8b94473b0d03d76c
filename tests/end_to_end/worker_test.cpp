// SPDX-License-Identifier: Apache-2.0
//
// The typed client and worker against the real daemon.
#include <taskd/client/worker.hpp>

#include <tests/end_to_end/daemon_process.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

namespace structwire::end_to_end {
namespace {

using namespace structwire::taskd;
using api::TaskState;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Division {
  std::int64_t dividend = 0;
  std::int64_t divisor = 1;
};

struct Quotient {
  std::int64_t quotient = 0;
  std::optional<std::int64_t> remainder;
};

std::expected<Quotient, Failure> divide(const Division& division) {
  if (division.divisor == 0) return std::unexpected(Failure{"division by zero", false});
  const std::int64_t rest = division.dividend % division.divisor;
  return Quotient{division.dividend / division.divisor,
                  rest == 0 ? std::nullopt : std::optional(rest)};
}

bool wait_until(const std::function<bool()>& reached, milliseconds patience = seconds(20)) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!reached()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return true;
}

/// A worker on a thread of its own; stopped in the end.
class RunningWorker {
 public:
  explicit RunningWorker(Worker& worker)
      : worker_(worker), thread_([this] { ended_ = worker_.run(); }) {}
  ~RunningWorker() { (void)stop(); }

  WorkerCounts stop() {
    worker_.stop();
    if (thread_.joinable()) thread_.join();
    return ended_.value_or(WorkerCounts{});
  }

 private:
  Worker& worker_;
  Answer<WorkerCounts> ended_;
  std::thread thread_;
};

class WorkerSuite : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/structwire-worker-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    data_ = name;
    start(0);
  }

  void TearDown() override {
    daemon_.reset();
    std::filesystem::remove_all(data_);
  }

  void start(int port) {
    const char* folder = std::getenv("STRUCTWIRE_BIN");
    ASSERT_NE(folder, nullptr);
    daemon_ = std::make_unique<DaemonProcess>(
        std::string(folder) + "/structwired",
        std::vector<std::string>{"--http", "127.0.0.1:" + std::to_string(port), "--data", data_,
                                 "--log-level", "warning"});
    const auto got = daemon_->wait_for_port();
    ASSERT_TRUE(got);
    port_ = *got;
    client_.emplace(ClientOptions{.server = server()});
  }

  std::string server() const { return "http://127.0.0.1:" + std::to_string(port_); }

  WorkerOptions options(std::int64_t batch = 1, std::int64_t lease_ms = 30'000) const {
    return {.client = {.server = server()},
            .queue = "q",
            .name = "test",
            .batch = batch,
            .lease_ms = lease_ms,
            .wait_ms = 100};
  }

  template <class Payload>
  std::uint64_t submit(const std::string& type, const Payload& payload) {
    const auto submitted = client_->submit("q", type, payload);
    EXPECT_TRUE(submitted) << submitted.error().message;
    return submitted ? submitted->id : 0;
  }

  api::Task task(std::uint64_t id) {
    const auto task = client_->get(id);
    EXPECT_TRUE(task) << task.error().message;
    return task.value_or(api::Task{});
  }

  bool wait_for(std::uint64_t id, TaskState state) {
    return wait_until([&] { return task(id).state == state; });
  }

  std::string data_;
  std::unique_ptr<DaemonProcess> daemon_;
  int port_ = 0;
  std::optional<Client> client_;
};

TEST_F(WorkerSuite, a_typed_task_comes_back_as_a_typed_result) {
  Worker worker(options());
  worker.handle<Division, Quotient>("divide", divide);
  const RunningWorker running(worker);
  const std::uint64_t id = submit("divide", Division{.dividend = 17, .divisor = 5});
  ASSERT_TRUE(wait_for(id, TaskState::succeeded));
  const auto result = from_raw<Quotient>(task(id).result);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->quotient, 3);
  EXPECT_EQ(result->remainder, 2);
}

TEST_F(WorkerSuite, failures_are_told_and_final_where_the_handler_or_the_type_says_so) {
  Worker worker(options(16));
  worker.handle<Division, Quotient>("divide", divide);
  worker.handle<Division, Quotient>(
      "throw", [](const Division&) -> Result<Quotient> { throw std::runtime_error("no mood"); });
  const std::uint64_t zero = submit("divide", Division{.dividend = 1, .divisor = 0});
  const std::uint64_t wrong = submit("divide", std::string("one by two"));
  const std::uint64_t thrown = submit("throw", Division{});
  const std::uint64_t unknown = submit("multiply", Division{});
  RunningWorker running(worker);
  ASSERT_TRUE(wait_for(zero, TaskState::dead));
  ASSERT_TRUE(wait_for(wrong, TaskState::dead));
  ASSERT_TRUE(wait_until([&] { return !task(thrown).errors.empty(); }));
  ASSERT_TRUE(wait_until([&] { return !task(unknown).errors.empty(); }));
  running.stop();
  EXPECT_EQ(task(zero).errors.at(0).message, "division by zero");
  EXPECT_EQ(task(wrong).errors.at(0).message, "Expected `object`, got `str`");
  EXPECT_EQ(task(thrown).errors.at(0).message, "the handler threw: no mood");
  EXPECT_EQ(task(unknown).errors.at(0).message,
            "this worker has no handler for the type `multiply`");
  EXPECT_FALSE(api::is_final(task(unknown).state));
}

TEST_F(WorkerSuite, work_that_outlasts_its_lease_keeps_it) {
  Worker worker(options(1, 300));
  worker.handle<Division, Quotient>("slow", [](const Division& division) {
    std::this_thread::sleep_for(milliseconds(1500));
    return divide(division);
  });
  RunningWorker running(worker);
  const std::uint64_t id = submit("slow", Division{});
  ASSERT_TRUE(wait_for(id, TaskState::succeeded));
  EXPECT_EQ(task(id).attempt, 1);
}

TEST_F(WorkerSuite, a_cancelled_task_is_dropped) {
  Worker worker(options(1, 300));
  std::atomic<bool> noticed = false;
  worker.handle<Division, Quotient>("endless",
                                    [&](const Division& division, const TaskContext& context) {
                                      noticed = wait_until([&] { return context.lost(); });
                                      return divide(division);
                                    });
  RunningWorker running(worker);
  const std::uint64_t id = submit("endless", Division{});
  ASSERT_TRUE(wait_for(id, TaskState::running));
  ASSERT_TRUE(client_->cancel(id));
  EXPECT_TRUE(wait_until([&] { return noticed.load(); }));
  EXPECT_EQ(running.stop().lost, 1U);
  EXPECT_EQ(task(id).state, TaskState::cancelled);
}

TEST_F(WorkerSuite, a_stopped_worker_hands_back_what_it_has_not_begun) {
  Worker worker(options(4));
  std::atomic<int> begun = 0;
  worker.handle<Division, Quotient>("divide", [&](const Division& division) {
    ++begun;
    worker.stop();
    return divide(division);
  });
  std::vector<std::uint64_t> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(submit("divide", Division{}));
  // Its last attempt: handed back it would be dead, so it is finished.
  const auto last = client_->submit("q", "divide", Division{}, {.priority = -1, .max_attempts = 1});
  ASSERT_TRUE(last);
  const auto ended = worker.run();
  ASSERT_TRUE(ended);
  EXPECT_EQ(begun, 2);
  EXPECT_EQ(ended->completed, 2U);
  EXPECT_EQ(ended->handed_back, 2U);
  EXPECT_EQ(task(ids[0]).state, TaskState::succeeded);
  EXPECT_EQ(task(last->id).state, TaskState::succeeded);
  EXPECT_EQ(task(ids[1]).state, TaskState::scheduled);
  EXPECT_EQ(task(ids[1]).errors.at(0).message, "handed back: the worker stopped before it began");
}

TEST_F(WorkerSuite, an_outage_of_the_daemon_is_sat_out_with_the_result_in_hand) {
  WorkerOptions with_outage = options();
  std::atomic<int> outages = 0;
  with_outage.on_outage = [&](const CallError&) { ++outages; };
  Worker worker(with_outage);
  std::atomic<bool> begun = false;
  std::atomic<bool> may_end = false;
  std::atomic<int> runs = 0;
  worker.handle<Division, Quotient>("divide", [&](const Division& division) {
    ++runs;
    begun = true;
    wait_until([&] { return may_end.load(); });
    return divide(division);
  });
  RunningWorker running(worker);
  const std::uint64_t id = submit("divide", Division{.dividend = 8, .divisor = 2});
  ASSERT_TRUE(wait_until([&] { return begun.load(); }));
  daemon_->kill_9();
  daemon_->wait();
  may_end = true;
  ASSERT_TRUE(wait_until([&] { return outages > 0; }));
  start(port_);
  ASSERT_TRUE(wait_for(id, TaskState::succeeded));
  EXPECT_EQ(task(id).attempt, 1);
  EXPECT_EQ(runs, 1);
  const std::uint64_t next = submit("divide", Division{});
  EXPECT_TRUE(wait_for(next, TaskState::succeeded));
}

TEST_F(WorkerSuite, a_refusal_that_makes_going_on_pointless_ends_the_worker) {
  WorkerOptions wrong = options();
  wrong.queue = "no such name!";
  Worker worker(wrong);
  const auto ended = worker.run();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, CallError::Kind::refused);
}

TEST_F(WorkerSuite, batches_keep_their_order_and_each_entry_its_own_answer) {
  std::vector<Division> divisions(300);
  for (std::size_t i = 0; i < divisions.size(); ++i) {
    divisions[i].dividend = static_cast<std::int64_t>(i);
  }
  const auto submitted = client_->submit_many<Division>("q", "divide", divisions);
  ASSERT_TRUE(submitted) << submitted.error().message;
  ASSERT_EQ(submitted->tasks.size(), 300U);
  const auto claimed = client_->claim("q", {.worker = "w", .max = 300});
  ASSERT_TRUE(claimed);
  ASSERT_EQ(claimed->tasks.size(), 300U);
  api::CompleteBatch batch;
  for (const api::ClaimedTask& each : claimed->tasks) {
    batch.tasks.push_back({.id = each.id, .fence = each.fence, .result = to_raw(each.id)});
  }
  batch.tasks[7].fence += 1'000'000;
  const auto answer = client_->complete_many(batch);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->tasks.size(), 300U);
  EXPECT_EQ(answer->tasks[6].state, TaskState::succeeded);
  ASSERT_TRUE(answer->tasks[7].error);
  EXPECT_EQ(answer->tasks[7].error->code, "lease_lost");
  const auto page = client_->list({.queue = "q", .state = TaskState::running});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->tasks.size(), 1U);
}

}  // namespace
}  // namespace structwire::end_to_end
