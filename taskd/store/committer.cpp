// SPDX-License-Identifier: Apache-2.0
#include <taskd/store/committer.hpp>

#include <structwire/core/config.hpp>
#include <taskd/tasks/engine.hpp>

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

namespace structwire::taskd {
namespace {

// A wait is cut into pieces, so that a simulated or stepped clock is looked at again.
constexpr std::int64_t wait_max_us = 1'000'000;

// After a failed commit nothing is tried for this long unless somebody asks.
constexpr std::int64_t pause_after_failure_us = 100'000;

std::size_t commands_in(const Command& command) {
  const auto* submit = std::get_if<Submit>(&command);
  return submit ? submit->tasks.size() : 1;
}

// How many records a command may touch: what a group is measured by.
std::size_t records_in(const Command& command) {
  const auto* claim = std::get_if<Claim>(&command);
  return claim ? static_cast<std::size_t>(std::max<std::int64_t>(claim->max, 1))
               : commands_in(command);
}

std::size_t bytes_in(const Command& command) {
  if (const auto* complete = std::get_if<Complete>(&command)) return complete->result.size();
  if (const auto* fail = std::get_if<Fail>(&command)) return fail->error.size();
  std::size_t bytes = 0;
  if (const auto* submit = std::get_if<Submit>(&command)) {
    for (const NewTask& task : submit->tasks) bytes += task.payload.size();
  }
  return bytes;
}

// New work may be shed; what ends or keeps work already begun has a reserve of its own.
bool is_new_work(const Command& command) {
  return std::holds_alternative<Submit>(command) || std::holds_alternative<Claim>(command);
}

Refusal overloaded() {
  return {api::Code::overloaded, "Too many commands are waiting for the disk", {}};
}

Refusal draining() { return {api::Code::draining, "The daemon is shutting down", {}}; }

}  // namespace

struct Committer::Group {
  std::vector<Posting> postings;
  std::vector<std::vector<Outcome>> outcomes;
  std::size_t count = 0;
};

Committer::Committer(Store& store, const Clock& clock, CommitterOptions options)
    : store_(store), clock_(clock), options_(std::move(options)) {
  counts_.last_turn_us = clock_.now_us();
  thread_ = std::thread([this] { run(); });
}

Committer::~Committer() { shut_down(); }

Attempt<void> Committer::post(std::vector<Command> commands, Done done) {
  Posting posting{.commands = std::move(commands), .done = std::move(done)};
  for (const Command& command : posting.commands) {
    posting.count += commands_in(command);
    posting.records += records_in(command);
    posting.bytes += bytes_in(command);
    posting.new_work |= is_new_work(command);
  }
  std::unique_lock lock(mutex_);
  if (stopping_) return std::unexpected(draining());
  if (!has_room(posting)) {
    counts_.overloaded += 1;
    return std::unexpected(overloaded());
  }
  counts_.waiting += posting.count;
  waiting_bytes_ += posting.bytes;
  queue_.push_back(std::move(posting));
  const bool may_sleep = queue_.size() == 1;
  lock.unlock();
  if (may_sleep) wake_.notify_one();
  return {};
}

bool Committer::has_room(const Posting& posting) const {
  if (queue_.empty()) return true;
  const std::size_t shares = posting.new_work ? 1 : 2;
  return counts_.waiting + posting.count <= options_.queue_commands_max * shares &&
         waiting_bytes_ + posting.bytes <= options_.queue_bytes_max * shares;
}

Outcome Committer::call(Command command) {
  std::promise<Outcome> promise;
  std::future<Outcome> future = promise.get_future();
  std::vector<Command> commands;
  commands.push_back(std::move(command));
  const Attempt<void> posted = post(std::move(commands), [&promise](std::vector<Outcome> outcomes) {
    promise.set_value(std::move(outcomes.front()));
  });
  if (!posted) return std::unexpected(posted.error());
  return future.get();
}

void Committer::shut_down() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  const std::lock_guard lock(join_mutex_);
  if (thread_.joinable()) thread_.join();
}

CommitterCounts Committer::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void Committer::run() {
  while (true) {
    Group group = gather();
    if (group.postings.empty() && is_drained()) return;
    commit_group(group);
    answer(group);
  }
}

// Waits for a posting, for the next due time or for the end; takes what one group may hold.
Committer::Group Committer::gather() {
  const std::int64_t pause_us = pause_us_before_tick();
  std::unique_lock lock(mutex_);
  counts_.last_turn_us = clock_.now_us();
  if (queue_.empty() && !stopping_ && pause_us > 0) {
    wake_.wait_for(lock, std::chrono::microseconds(pause_us));
  }
  Group group;
  std::size_t records = 0;
  std::size_t bytes = 0;
  while (!queue_.empty()) {
    Posting& next = queue_.front();
    const bool fits = records + next.records <= options_.group_commands_max &&
                      bytes + next.bytes <= options_.group_bytes_max;
    if (!group.postings.empty() && !fits) break;
    records += next.records;
    bytes += next.bytes;
    group.count += next.count;
    waiting_bytes_ -= next.bytes;
    counts_.waiting -= next.count;
    group.postings.push_back(std::move(next));
    queue_.pop_front();
  }
  return group;
}

// How long to sleep when nobody asks for anything.
std::int64_t Committer::pause_us_before_tick() {
  if (last_failed_) return pause_after_failure_us;
  const std::optional<std::int64_t> due_us = store_.next_due_us();
  if (!due_us) return wait_max_us;
  return std::clamp<std::int64_t>(*due_us - clock_.now_us(), 0, wait_max_us);
}

void Committer::commit_group(Group& group) {
  const std::int64_t now_us = clock_.now_us();
  const std::optional<std::int64_t> due_us = store_.next_due_us();
  const bool tick = due_us && *due_us <= now_us;
  if (group.postings.empty() && !tick && recovered_) return;

  Effects effects;
  const Attempt<void> committed = store_.commit([&](Transaction& transaction) {
    // Nothing may be decided before the leases of the last run have got their grace.
    if (!recovered_) std::ignore = execute(Recover{}, transaction, now_us, effects);
    if (tick) std::ignore = execute(Tick{}, transaction, now_us, effects);
    for (const Posting& posting : group.postings) {
      group.outcomes.push_back(execute_all(posting.commands, transaction, now_us, effects));
    }
  });
  last_failed_ = !committed;
  if (!committed) {
    refuse_all(group, committed.error());
    return;
  }
  recovered_ = true;
  effects.merge_repeated();
  if (options_.on_work && !effects.queues_with_work.empty()) {
    options_.on_work(effects.queues_with_work);
  }
}

void Committer::refuse_all(Group& group, const Refusal& refusal) {
  group.outcomes.clear();
  for (const Posting& posting : group.postings) {
    group.outcomes.emplace_back(posting.commands.size(), std::unexpected(refusal));
  }
}

void Committer::answer(Group& group) {
  {
    const std::lock_guard lock(mutex_);
    counts_.last_turn_us = clock_.now_us();
    if (last_failed_) {
      counts_.failed_groups += 1;
    } else if (!group.postings.empty()) {
      counts_.groups += 1;
      counts_.commands += group.count;
    }
  }
  for (std::size_t i = 0; i < group.postings.size(); ++i) {
    STRUCTWIRE_ASSERT(group.outcomes[i].size() == group.postings[i].commands.size());
    group.postings[i].done(std::move(group.outcomes[i]));
  }
}

bool Committer::is_drained() const {
  const std::lock_guard lock(mutex_);
  return stopping_ && queue_.empty();
}

}  // namespace structwire::taskd
