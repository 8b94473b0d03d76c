// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/record.hpp>
#include <taskd/tasks/refusal.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The contract between the task engine and whatever keeps tasks. Implementations: `store_memory`,
/// `store_sqlite`; one suite (`store/store_suite_test.cpp`) runs over all of them.
///
/// A store decides nothing about tasks: which record may follow which is said by `rules.hpp` alone.
namespace structwire::taskd {

/// The view of a store inside one `Store::commit`. It sees its own writes at once; nobody else sees
/// them before the commit has succeeded.
///
/// **Failure is sticky, not returned**: when the disk fails, reads come back empty, writes are
/// ignored, and `Store::commit` reports the first failure and undoes everything. So code in a
/// transaction needs no error path, and must not let anything out before `commit` has returned.
class Transaction {
 public:
  virtual ~Transaction() = default;

  /// The task, or null where there is none.
  [[nodiscard]] virtual SharedTask find(TaskId id) = 0;

  /// Adds a task whose id came from `next_id()` of this transaction.
  virtual void insert(SharedTask task) = 0;

  /// Replaces `before`, which must be what the store holds now, by `after` of the same id. Stores
  /// write only what differs; queue, type, payload, priority and creation time never do.
  virtual void update(const TaskRecord& before, SharedTask after) = 0;

  /// At most `max` queued tasks of one queue, by priority descending, then id ascending; stops
  /// early (after at least one) once their payloads exceed `bytes_max`.
  [[nodiscard]] virtual std::vector<SharedTask> claimable(std::string_view queue, std::size_t max,
                                                          std::size_t bytes_max) = 0;

  /// At most `max` scheduled or running tasks with `due_us <= now_us`, by due time, then id.
  [[nodiscard]] virtual std::vector<SharedTask> due(std::int64_t now_us, std::size_t max) = 0;

  /// At most `max` running tasks with an id above `after`, ascending by id.
  [[nodiscard]] virtual std::vector<SharedTask> running(TaskId after, std::size_t max) = 0;

  /// The next id / fence. Strictly ascending over all transactions and restarts; one handed out in
  /// a transaction that failed was never seen by anybody and may come again.
  [[nodiscard]] virtual TaskId next_id() = 0;
  [[nodiscard]] virtual Fence next_fence() = 0;
};

/// Which tasks to list; empty members do not restrict.
struct ListQuery {
  std::optional<std::string> queue;
  std::optional<TaskState> state;
  TaskId after = 0;
  std::size_t limit = 100;
  std::size_t bytes_max = api::answer_bytes_max;  ///< a page ends early beyond this, never empty
};

/// Ascending by id. `next` is set when there may be more: pass it as `after`.
struct ListPage {
  std::vector<SharedTask> tasks;
  std::optional<TaskId> next;
};

/// Keeps tasks.
///
/// Threads: `commit` and `next_due_us` by one thread at a time (the committer); `find`, `list` and
/// `health` by any thread at any time, without ever blocking a commit. They show committed state
/// only, and everything whose `commit` returned before they were called.
class Store {
 public:
  virtual ~Store() = default;

  /// Runs `work` once and makes everything it wrote durable as one atomic unit; returns only when
  /// it would survive a power cut (as far as the implementation says so of itself).
  ///
  /// On failure nothing of it happened, and the codes are `disk_full` (later commits are tried
  /// again) or `store_failed`. After a failed sync nobody can know what the disk holds, so from the
  /// first `store_failed` on the store refuses every commit until it is opened anew. (One open
  /// question remains the caller's: a unit whose *sync* failed may still be found after a restart.
  /// It was not acknowledged, so either is right.)
  [[nodiscard]] virtual Attempt<void> commit(const std::function<void(Transaction&)>& work) = 0;

  /// The earliest `due_us` of all scheduled and running tasks. Cheap: kept, or one index step.
  [[nodiscard]] virtual std::optional<std::int64_t> next_due_us() = 0;

  /// The committed task; `not_found` where there is none.
  [[nodiscard]] virtual Attempt<SharedTask> find(TaskId id) const = 0;

  [[nodiscard]] virtual Attempt<ListPage> list(const ListQuery& query) const = 0;

  /// Whether the next commit has a chance; for `/readyz`.
  [[nodiscard]] virtual Attempt<void> health() const = 0;
};

}  // namespace structwire::taskd
