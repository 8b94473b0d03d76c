// SPDX-License-Identifier: Apache-2.0
#include <taskd/tasks/engine.hpp>

#include <taskd/tasks/rules.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace structwire::taskd {
namespace {

// Leases read per step of Recover, which handles all of them.
constexpr std::size_t recover_step = 1024;

SharedTask share(TaskRecord&& record) {
  return std::make_shared<const TaskRecord>(std::move(record));
}

std::unexpected<Refusal> not_found(TaskId id) {
  return std::unexpected(
      Refusal{api::Code::not_found, "There is no task " + std::to_string(id), {}});
}

// Writes what the rules say a task becomes; nothing where it stays as it is.
SharedTask replace(Transaction& transaction, const SharedTask& before, TaskRecord&& after) {
  if (after == *before) return before;
  SharedTask next = share(std::move(after));
  transaction.update(*before, next);
  return next;
}

// Finds the task, asks `rule` for its next record, writes that.
template <class Rule>
Outcome change(Transaction& transaction, TaskId id, Rule&& rule) {
  const SharedTask before = transaction.find(id);
  if (!before) return not_found(id);
  Attempt<TaskRecord> after = rule(*before);
  if (!after) return std::unexpected(std::move(after).error());
  return std::vector<SharedTask>{replace(transaction, before, std::move(*after))};
}

Attempt<void> check_all(const Submit& submit) {
  if (submit.tasks.size() > static_cast<std::size_t>(api::batch_tasks_max)) {
    return std::unexpected(Refusal{api::Code::too_large, "More than 4096 tasks in one submit", {}});
  }
  for (std::size_t i = 0; i < submit.tasks.size(); ++i) {
    // The path is made again, with its number, only where it is needed.
    if (check(submit.tasks[i], "$")) continue;
    return check(submit.tasks[i],
                 submit.batch ? "$.tasks[" + std::to_string(i) + "]" : std::string("$"));
  }
  return {};
}

/// One overload per command; std::visit picks.
struct Execution {
  Transaction& transaction;
  std::int64_t now_us;
  Effects& effects;

  Outcome operator()(const Submit& submit) {
    if (auto ok = check_all(submit); !ok) return std::unexpected(std::move(ok).error());
    std::vector<SharedTask> tasks;
    tasks.reserve(submit.tasks.size());
    for (const NewTask& task : submit.tasks) {
      tasks.push_back(share(created(task, transaction.next_id(), now_us)));
      transaction.insert(tasks.back());
      if (tasks.back()->state == TaskState::queued) effects.add_queue(task.queue);
    }
    return tasks;
  }

  Outcome operator()(const Claim& claim) {
    if (auto ok = check(claim); !ok) return std::unexpected(std::move(ok).error());
    std::vector<SharedTask> tasks = transaction.claimable(
        claim.queue, static_cast<std::size_t>(claim.max), api::answer_bytes_max);
    for (SharedTask& task : tasks) {
      const Fence fence = transaction.next_fence();
      task = replace(transaction, task, claimed(*task, claim, fence, now_us));
    }
    return tasks;
  }

  Outcome operator()(const Heartbeat& command) {
    return change(transaction, command.id,
                  [&](const TaskRecord& task) { return extended(task, command, now_us); });
  }

  Outcome operator()(const Complete& command) {
    return change(transaction, command.id,
                  [&](const TaskRecord& task) { return completed(task, command, now_us); });
  }

  Outcome operator()(const Fail& command) {
    return change(transaction, command.id,
                  [&](const TaskRecord& task) { return failed(task, command, now_us); });
  }

  Outcome operator()(const Cancel& command) {
    return change(transaction, command.id,
                  [&](const TaskRecord& task) { return cancelled(task, now_us); });
  }

  Outcome operator()(const Tick&) {
    std::vector<SharedTask> tasks = transaction.due(now_us, tick_tasks_max);
    for (SharedTask& task : tasks) {
      task = replace(transaction, task, elapsed(*task, now_us));
      if (task->state == TaskState::queued) effects.add_queue(task->queue);
    }
    return tasks;
  }

  Outcome operator()(const Recover&) {
    TaskId after = 0;
    while (true) {
      const std::vector<SharedTask> tasks = transaction.running(after, recover_step);
      for (const SharedTask& task : tasks) replace(transaction, task, recovered(*task, now_us));
      if (tasks.size() < recover_step) return {};
      after = tasks.back()->id;
    }
  }
};

}  // namespace

void Effects::add_queue(const std::string& queue) {
  if (queues_with_work.empty() || queues_with_work.back() != queue) {
    queues_with_work.push_back(queue);
  }
}

void Effects::merge_repeated() {
  std::ranges::sort(queues_with_work);
  const auto repeated = std::ranges::unique(queues_with_work);
  queues_with_work.erase(repeated.begin(), repeated.end());
}

Outcome execute(const Command& command, Transaction& transaction, std::int64_t now_us,
                Effects& effects) {
  return std::visit(Execution{transaction, now_us, effects}, command);
}

std::vector<Outcome> execute_all(const std::vector<Command>& commands, Transaction& transaction,
                                 std::int64_t now_us, Effects& effects) {
  std::vector<Outcome> outcomes;
  outcomes.reserve(commands.size());
  for (const Command& command : commands) {
    outcomes.push_back(execute(command, transaction, now_us, effects));
  }
  return outcomes;
}

}  // namespace structwire::taskd
