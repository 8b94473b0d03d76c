// SPDX-License-Identifier: Apache-2.0
#include <tests/end_to_end/kill_history.hpp>

#include <structwire/json.hpp>

#include <algorithm>
#include <utility>

namespace structwire::end_to_end {
namespace {

constexpr std::size_t violations_kept = 20;

std::string text(const Raw& raw) {
  return std::string(reinterpret_cast<const char*>(raw.bytes().data()), raw.bytes().size());
}

}  // namespace

void KillHistory::next_round() {
  const std::lock_guard lock(mutex_);
  for (auto& [id, task] : tasks_)
    task.attempt_before = std::max(task.attempt_before, task.attempt_now);
  if (!fences_.empty()) fence_before_ = *fences_.rbegin();
}

void KillHistory::count(std::size_t& number) {
  const std::lock_guard lock(mutex_);
  ++number;
}

void KillHistory::violate(std::uint64_t id, const std::string& what) {
  if (violations_.size() < violations_kept) {
    violations_.push_back("task " + std::to_string(id) + ": " + what);
  }
}

void KillHistory::submitted(std::uint64_t id, const std::string& payload) {
  const std::lock_guard lock(mutex_);
  ++submits_;
  TaskHistory& task = tasks_[id];
  if (!task.payload.empty()) violate(id, "its id was given to two tasks");
  task.payload = payload;
}

void KillHistory::claimed(std::uint64_t id, std::uint64_t fence, std::int64_t attempt) {
  const std::lock_guard lock(mutex_);
  ++claims_;
  if (!fences_.insert(fence).second) violate(id, "fence " + std::to_string(fence) + " came twice");
  if (fence <= fence_before_) violate(id, "a fence went back over a restart");
  TaskHistory& task = tasks_[id];
  const auto [place, added] = task.attempts.emplace(fence, attempt);
  const bool after_less = place == task.attempts.begin() || std::prev(place)->second < attempt;
  const bool before_more =
      std::next(place) == task.attempts.end() || std::next(place)->second > attempt;
  if (!after_less || !before_more) violate(id, "a later claim has no later attempt");
  if (attempt <= task.attempt_before) violate(id, "a claim after a restart repeats an attempt");
  check_attempt(id, task, attempt);
}

void KillHistory::check_attempt(std::uint64_t id, TaskHistory& task, std::int64_t attempt) {
  if (attempt < task.attempt_before) {
    violate(id, "attempts went back from " + std::to_string(task.attempt_before) + " to " +
                    std::to_string(attempt));
  }
  task.attempt_now = std::max(task.attempt_now, attempt);
}

void KillHistory::completed(const HeldTask& held) {
  const std::lock_guard lock(mutex_);
  ++completes_;
  std::set<std::string>& results = tasks_[held.id].results;
  results.insert(held.result);
  if (results.size() > 1) violate(held.id, "two results were accepted");
}

void KillHistory::seen(const taskd::api::Task& task) {
  const std::lock_guard lock(mutex_);
  check_attempt(task.id, tasks_[task.id], task.attempt);
}

void KillHistory::unexpected(const std::string& answer) {
  const std::lock_guard lock(mutex_);
  violate(0, "unexpected answer " + answer);
}

void KillHistory::batch_unknown(std::vector<std::string> payloads) {
  const std::lock_guard lock(mutex_);
  unknown_batches_.push_back(std::move(payloads));
}

void KillHistory::check_all(const std::vector<taskd::api::Task>& tasks) {
  const std::lock_guard lock(mutex_);
  std::map<std::uint64_t, const taskd::api::Task*> found;
  std::set<std::string> payloads;
  for (const taskd::api::Task& task : tasks) {
    found[task.id] = &task;
    if (!payloads.insert(text(task.payload)).second) violate(task.id, "it was stored twice");
  }
  for (const auto& [id, history] : tasks_) {
    const auto place = found.find(id);
    if (place != found.end()) {
      check_final(history, *place->second);
    } else if (!history.payload.empty()) {
      violate(id, "it was acknowledged and is lost");
    }
  }
  check_batches(payloads);
}

void KillHistory::check_final(const TaskHistory& history, const taskd::api::Task& task) {
  if (!history.payload.empty() && text(task.payload) != history.payload) {
    violate(task.id, "it has another payload than was submitted: " + text(task.payload));
  }
  if (task.attempt < std::max(history.attempt_before, history.attempt_now)) {
    violate(task.id, "attempts went back");
  }
  const bool succeeded = task.state == taskd::api::TaskState::succeeded;
  for (const std::string& result : history.results) {
    if (!succeeded) violate(task.id, "its result was accepted, and it has not succeeded");
    if (succeeded && text(task.result) != result) violate(task.id, "it has another result");
  }
}

void KillHistory::check_batches(const std::set<std::string>& payloads) {
  for (const std::vector<std::string>& batch : unknown_batches_) {
    const auto there = std::ranges::count_if(
        batch, [&](const std::string& payload) { return payloads.contains(payload); });
    if (there != 0 && static_cast<std::size_t>(there) != batch.size()) {
      violate(0, "half of a batch is there: " + batch.front());
    }
  }
}

std::size_t KillHistory::acknowledgements() const {
  const std::lock_guard lock(mutex_);
  return acknowledgements_;
}

std::vector<std::string> KillHistory::violations() const {
  const std::lock_guard lock(mutex_);
  return violations_;
}

std::string KillHistory::summary() const {
  const std::lock_guard lock(mutex_);
  return std::to_string(acknowledgements_) +
         " answers that acknowledge a change: " + std::to_string(submits_) + " tasks submitted, " +
         std::to_string(claims_) + " claimed, " + std::to_string(completes_) + " completed; " +
         std::to_string(unknown_batches_.size()) + " submits cut off without an answer";
}

}  // namespace structwire::end_to_end
