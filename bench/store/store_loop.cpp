// SPDX-License-Identifier: Apache-2.0
// Cycles through the committer and the store, without a network.
#include <taskd/store/clock_anchored.hpp>
#include <taskd/store/committer.hpp>
#include <taskd/store/store_sqlite.hpp>

#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <bench/store/measure.hpp>

namespace structwire::bench {
namespace {

/// One client of the committer; each has a queue of its own.
class Client {
 public:
  Client(taskd::Committer& committer, int batch, int number)
      : committer_(committer), batch_(batch), queue_("bench" + std::to_string(number)) {}

  void cycle() {
    // Payloads come from a door's buffer in reality, so each task gets its own.
    taskd::Submit submit;
    for (int i = 0; i < batch_; ++i) {
      submit.tasks.push_back(
          {.queue = queue_, .type = "type", .payload = Bytes(payload_size, std::byte{'p'})});
    }
    commands_.emplace_back(std::move(submit));
    post();

    commands_.emplace_back(taskd::Claim{.queue = queue_, .worker = "worker", .max = batch_});
    const std::vector<taskd::SharedTask> tasks = post().front().value();
    if (tasks.size() != static_cast<std::size_t>(batch_)) stop("the store lost tasks");

    for (const taskd::SharedTask& task : tasks) {
      commands_.emplace_back(taskd::Complete{
          .id = task->id, .fence = task->fence, .result = Bytes(result_size, std::byte{'r'})});
    }
    for (const taskd::Outcome& outcome : post()) {
      if (!outcome) stop(outcome.error().message);
    }
  }

 private:
  std::vector<taskd::Outcome> post() {
    std::promise<std::vector<taskd::Outcome>> promise;
    auto future = promise.get_future();
    const auto posted = committer_.post(std::exchange(commands_, {}), [&promise](auto outcomes) {
      promise.set_value(std::move(outcomes));
    });
    if (!posted) stop(posted.error().message);
    auto outcomes = future.get();
    if (!outcomes.front()) stop(outcomes.front().error().message);
    return outcomes;
  }

  taskd::Committer& committer_;
  int batch_;
  std::string queue_;
  std::vector<taskd::Command> commands_;
};

}  // namespace

double store_rate(const Options& options, int batch, int clients) {
  const Scratch scratch(options.data);
  auto store = taskd::open_store_sqlite({.directory = scratch.path() / "data"});
  if (!store) stop(store.error().message);
  const taskd::ClockAnchored clock;
  taskd::Committer committer(**store, clock);
  return rate_of_clients(options.milliseconds, batch, clients, [&](int number) {
    return [client = std::make_shared<Client>(committer, batch, number)] { client->cycle(); };
  });
}

}  // namespace structwire::bench
