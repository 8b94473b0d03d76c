// SPDX-License-Identifier: Apache-2.0
#include <taskd/store/store_memory.hpp>

#include <structwire/core/config.hpp>

#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <tuple>
#include <utility>

namespace structwire::taskd {
namespace {

/// All tasks, and the two orders in which they are asked for.
struct Tables {
  std::map<TaskId, SharedTask> tasks;
  std::map<std::string, std::set<std::pair<std::int32_t, TaskId>>, std::less<>> queued;
  std::set<std::pair<std::int64_t, TaskId>> due;
  std::set<TaskId> running;
  TaskId next_id = 1;
  Fence next_fence = 1;

  void put(TaskId id, SharedTask task) {
    auto& slot = tasks[id];
    if (slot) unindex(*slot);
    if (!task) {
      tasks.erase(id);
      return;
    }
    slot = std::move(task);
    index(*slot);
  }

 private:
  void index(const TaskRecord& task) {
    if (task.state == TaskState::queued) queued[task.queue].emplace(-task.priority, task.id);
    if (task.state == TaskState::running) running.insert(task.id);
    if (task.state <= TaskState::running && task.state != TaskState::queued) {
      due.emplace(task.due_us, task.id);
    }
  }

  void unindex(const TaskRecord& task) {
    running.erase(task.id);
    due.erase({task.due_us, task.id});
    const auto queue = queued.find(task.queue);
    if (queue == queued.end()) return;
    queue->second.erase({-task.priority, task.id});
    if (queue->second.empty()) queued.erase(queue);
  }
};

/// Writes at once, and remembers how to take it back.
class TransactionMemory final : public Transaction {
 public:
  explicit TransactionMemory(Tables& tables)
      : tables_(tables), next_id_before_(tables.next_id), next_fence_before_(tables.next_fence) {}

  SharedTask find(TaskId id) override {
    const auto found = tables_.tasks.find(id);
    return found == tables_.tasks.end() ? nullptr : found->second;
  }

  void insert(SharedTask task) override {
    STRUCTWIRE_ASSERT(!find(task->id) && task->id < tables_.next_id);
    put(task->id, nullptr, task);
  }

  void update(const TaskRecord& before, SharedTask after) override {
    SharedTask held = find(after->id);
    STRUCTWIRE_ASSERT(held && *held == before);
    put(before.id, std::move(held), std::move(after));
  }

  std::vector<SharedTask> claimable(std::string_view queue, std::size_t max,
                                    std::size_t bytes_max) override {
    std::vector<SharedTask> tasks;
    const auto ordered = tables_.queued.find(queue);
    if (ordered == tables_.queued.end()) return tasks;
    std::size_t bytes = 0;
    for (const auto& [priority, id] : ordered->second) {
      if (tasks.size() == max || bytes > bytes_max) break;
      tasks.push_back(find(id));
      bytes += tasks.back()->payload.size();
    }
    return tasks;
  }

  std::vector<SharedTask> due(std::int64_t now_us, std::size_t max) override {
    std::vector<SharedTask> tasks;
    for (const auto& [due_us, id] : tables_.due) {
      if (tasks.size() == max || due_us > now_us) break;
      tasks.push_back(find(id));
    }
    return tasks;
  }

  std::vector<SharedTask> running(TaskId after, std::size_t max) override {
    std::vector<SharedTask> tasks;
    for (auto id = tables_.running.upper_bound(after);
         id != tables_.running.end() && tasks.size() < max; ++id) {
      tasks.push_back(find(*id));
    }
    return tasks;
  }

  TaskId next_id() override { return tables_.next_id++; }
  Fence next_fence() override { return tables_.next_fence++; }

  void undo() {
    for (auto each = undo_.rbegin(); each != undo_.rend(); ++each) {
      tables_.put(each->first, std::move(each->second));
    }
    tables_.next_id = next_id_before_;
    tables_.next_fence = next_fence_before_;
  }

 private:
  void put(TaskId id, SharedTask before, SharedTask after) {
    undo_.emplace_back(id, std::move(before));
    tables_.put(id, std::move(after));
  }

  Tables& tables_;
  TaskId next_id_before_;
  Fence next_fence_before_;
  std::vector<std::pair<TaskId, SharedTask>> undo_;
};

class StoreMemory final : public Store {
 public:
  Attempt<void> commit(const std::function<void(Transaction&)>& work) override {
    const std::unique_lock lock(mutex_);
    TransactionMemory transaction(tables_);
    try {
      work(transaction);
    } catch (...) {
      transaction.undo();
      return std::unexpected(Refusal{api::Code::internal, "A transaction was abandoned", {}});
    }
    return {};
  }

  std::optional<std::int64_t> next_due_us() override {
    const std::shared_lock lock(mutex_);
    if (tables_.due.empty()) return std::nullopt;
    return tables_.due.begin()->first;
  }

  Attempt<SharedTask> find(TaskId id) const override {
    const std::shared_lock lock(mutex_);
    const auto found = tables_.tasks.find(id);
    if (found != tables_.tasks.end()) return found->second;
    return std::unexpected(
        Refusal{api::Code::not_found, "There is no task " + std::to_string(id), {}});
  }

  Attempt<ListPage> list(const ListQuery& query) const override {
    const std::shared_lock lock(mutex_);
    ListPage page;
    std::size_t bytes = 0;
    for (auto each = tables_.tasks.upper_bound(query.after); each != tables_.tasks.end(); ++each) {
      const TaskRecord& task = *each->second;
      if (query.queue && *query.queue != task.queue) continue;
      if (query.state && *query.state != task.state) continue;
      if (page.tasks.size() == query.limit || bytes > query.bytes_max) {
        page.next = page.tasks.back()->id;
        break;
      }
      page.tasks.push_back(each->second);
      bytes += task.payload.size() + task.result.size();
    }
    return page;
  }

  Attempt<void> health() const override { return {}; }

 private:
  mutable std::shared_mutex mutex_;
  Tables tables_;
};

}  // namespace

std::unique_ptr<Store> make_store_memory() { return std::make_unique<StoreMemory>(); }

}  // namespace structwire::taskd
