// SPDX-License-Identifier: Apache-2.0
//
// The engine over every store against a deliberately naive model.
//
// Strategy: random commands at random times, several in one commit; ids, fences and results are
// picked from few values, so that stale and repeated ones are common; time sometimes stands still,
// sometimes leaps over all leases; the store is closed and opened again now and then. Invariants:
// each outcome and, at checkpoints, every task is what the model says; at most one result per task
// was ever accepted; attempts never go back; no fence comes twice.
#include <gtest/gtest.h>
#include <taskd/tasks/rules.hpp>
#include <tests/support/stores.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace structwire::taskd::test {
namespace {

struct ModelError {
  int attempt;
  std::int64_t at;
  std::string worker, message;
};

struct ModelTask {
  std::string state, queue, worker, payload, result;
  int priority = 0, attempt = 0, max_attempts = 0;
  std::int64_t lease_ms = 0, created = 0, due = 0;
  std::uint64_t fence = 0;
  std::vector<ModelError> errors;
};

/// What the model expects of one command: a code, or the ids it touched.
struct ModelOutcome {
  std::string code;
  std::vector<std::uint64_t> ids;
};

/// A map and if-statements; shares nothing with the engine but the jitter of the backoff.
class Model {
 public:
  std::map<std::uint64_t, ModelTask> tasks;

  ModelOutcome submit(const Submit& command, std::int64_t now) {
    for (const auto& task : command.tasks) {
      if (task.queue == "bad queue") return {"invalid_argument", {}};
    }
    ModelOutcome outcome;
    for (const auto& task : command.tasks) {
      ModelTask& made = tasks[++last_id_];
      const bool later = task.run_at_us && *task.run_at_us > now;
      made.state = later ? "scheduled" : "queued";
      made.queue = task.queue;
      made.payload = text(task.payload);
      made.priority = task.priority;
      made.max_attempts = task.max_attempts;
      made.lease_ms = task.lease_ms;
      made.created = now;
      made.due = later ? *task.run_at_us : now;
      outcome.ids.push_back(last_id_);
    }
    return outcome;
  }

  ModelOutcome claim(const Claim& command, std::int64_t now) {
    ModelOutcome outcome;
    while (std::cmp_less(outcome.ids.size(), command.max)) {
      std::uint64_t best = 0;
      for (const auto& [id, task] : tasks) {
        if (task.state != "queued" || task.queue != command.queue) continue;
        if (best == 0 || task.priority > tasks[best].priority) best = id;
      }
      if (best == 0) break;
      ModelTask& task = tasks[best];
      task.state = "running";
      task.attempt += 1;
      task.fence = ++last_fence_;
      task.worker = command.worker;
      task.due = now + 1000 * (command.lease_ms ? *command.lease_ms : task.lease_ms);
      outcome.ids.push_back(best);
    }
    return outcome;
  }

  ModelOutcome heartbeat(const Heartbeat& command, std::int64_t now) {
    if (!tasks.contains(command.id)) return {"not_found", {}};
    ModelTask& task = tasks[command.id];
    if (task.state != "running" || task.fence != command.fence) return {"lease_lost", {}};
    task.due = now + 1000 * (command.lease_ms ? *command.lease_ms : task.lease_ms);
    return {"", {command.id}};
  }

  ModelOutcome complete(const Complete& command, std::int64_t now) {
    if (!tasks.contains(command.id)) return {"not_found", {}};
    ModelTask& task = tasks[command.id];
    const std::string result = command.result.empty() ? "\xc0" : text(command.result);
    if (task.fence != command.fence) return {"lease_lost", {}};
    if (task.state == "succeeded" && task.result == result) return {"", {command.id}};
    if (task.state != "running") return {"lease_lost", {}};
    EXPECT_TRUE(task.result.empty()) << "a second result";
    task.state = "succeeded";
    task.result = result;
    task.due = now;
    return {"", {command.id}};
  }

  ModelOutcome fail(const Fail& command, std::int64_t now) {
    if (!tasks.contains(command.id)) return {"not_found", {}};
    ModelTask& task = tasks[command.id];
    if (task.state != "running" || task.fence != command.fence) return {"lease_lost", {}};
    give_up(command.id, command.error, command.retry, now);
    return {"", {command.id}};
  }

  ModelOutcome cancel(const Cancel& command, std::int64_t now) {
    if (!tasks.contains(command.id)) return {"not_found", {}};
    ModelTask& task = tasks[command.id];
    if (task.state == "succeeded" || task.state == "dead") return {"task_final", {}};
    if (task.state != "cancelled") task.due = now;
    task.state = "cancelled";
    return {"", {command.id}};
  }

  ModelOutcome tick(std::int64_t now) {
    std::vector<std::pair<std::int64_t, std::uint64_t>> due;
    for (const auto& [id, task] : tasks) {
      const bool waits = task.state == "scheduled" || task.state == "running";
      if (waits && task.due <= now) due.emplace_back(task.due, id);
    }
    std::sort(due.begin(), due.end());
    if (due.size() > tick_tasks_max) due.resize(tick_tasks_max);
    ModelOutcome outcome;
    for (const auto& [time, id] : due) {
      if (tasks[id].state == "scheduled") {
        tasks[id].state = "queued";
      } else {
        give_up(id, "lease expired", true, now);
      }
      outcome.ids.push_back(id);
    }
    return outcome;
  }

  ModelOutcome recover(std::int64_t now) {
    for (auto& [id, task] : tasks) {
      if (task.state != "running") continue;
      const std::int64_t grace = std::min<std::int64_t>(task.lease_ms * 1000, 10'000'000);
      task.due = std::max(task.due, now + grace);
    }
    return {};
  }

  static std::string text(const SharedBytes& bytes) {
    const auto view = bytes.view();
    return {reinterpret_cast<const char*>(view.data()), view.size()};
  }

 private:
  void give_up(std::uint64_t id, const std::string& message, bool retry, std::int64_t now) {
    ModelTask& task = tasks[id];
    task.errors.push_back({task.attempt, now, task.worker, message});
    if (task.errors.size() > 5) task.errors.erase(task.errors.begin());
    if (retry && task.attempt < task.max_attempts) {
      task.state = "scheduled";
      task.due = now + backoff_us(id, task.attempt);
    } else {
      task.state = "dead";
      task.due = now;
    }
  }

  std::uint64_t last_id_ = 0;
  std::uint64_t last_fence_ = 0;
};

struct ModelExecution {
  Model& model;
  std::int64_t now;

  ModelOutcome operator()(const Submit& command) { return model.submit(command, now); }
  ModelOutcome operator()(const Claim& command) { return model.claim(command, now); }
  ModelOutcome operator()(const Heartbeat& command) { return model.heartbeat(command, now); }
  ModelOutcome operator()(const Complete& command) { return model.complete(command, now); }
  ModelOutcome operator()(const Fail& command) { return model.fail(command, now); }
  ModelOutcome operator()(const Cancel& command) { return model.cancel(command, now); }
  ModelOutcome operator()(const Tick&) { return model.tick(now); }
  ModelOutcome operator()(const Recover&) { return model.recover(now); }
};

void expect_same(TaskId id, const TaskRecord& task, const ModelTask& model) {
  ASSERT_EQ(api::name(task.state), model.state) << "task " << id;
  EXPECT_EQ(task.queue, model.queue);
  EXPECT_EQ(task.worker, model.worker);
  EXPECT_EQ(Model::text(task.payload), model.payload);
  EXPECT_EQ(Model::text(task.result), model.result);
  EXPECT_EQ(task.priority, model.priority);
  EXPECT_EQ(task.attempt, model.attempt);
  EXPECT_EQ(task.max_attempts, model.max_attempts);
  EXPECT_EQ(task.lease_ms, model.lease_ms);
  EXPECT_EQ(task.created_at_us, model.created);
  EXPECT_EQ(task.due_us, model.due);
  EXPECT_EQ(task.fence, model.fence);
  ASSERT_EQ(task.errors.size(), model.errors.size());
  for (std::size_t i = 0; i < task.errors.size(); ++i) {
    EXPECT_EQ(task.errors[i], (AttemptError{model.errors[i].attempt, model.errors[i].at,
                                            model.errors[i].worker, model.errors[i].message}));
  }
}

class EngineModel : public ::testing::TestWithParam<StoreKind> {
 protected:
  void open() { store_ = GetParam().open(directory_.path()); }

  const std::string& pick(const std::vector<std::string>& from) {
    return from[random_.below(from.size())];
  }

  // Mostly a task that exists, and mostly with the fence it has; sometimes neither.
  std::pair<TaskId, Fence> pick_task() {
    const TaskId id = 1 + random_.below(model_.tasks.size() + 2);
    const Fence fence = model_.tasks.contains(id) ? model_.tasks[id].fence : 1;
    return {id, random_.once_in(6) ? fence - random_.below(2) : fence};
  }

  // A running one, where there is any near a random place.
  std::pair<TaskId, Fence> pick_running() {
    const auto start = model_.tasks.lower_bound(1 + random_.below(model_.tasks.size() + 1));
    int steps = 0;
    for (auto each = start; each != model_.tasks.end() && steps < 50; ++each, ++steps) {
      if (each->second.state == "running") return {each->first, each->second.fence};
    }
    return pick_task();
  }

  std::optional<std::int64_t> pick_lease() {
    if (random_.once_in(2)) return {};
    return random_.between(1, 60'000);
  }

  Command pick_submit() {
    Submit submit;
    for (auto count = random_.between(1, 6); count > 0; --count) {
      NewTask task{.queue = pick(queues_),
                   .type = "t",
                   .priority = static_cast<std::int32_t>(random_.between(-1, 1))};
      task.payload = Bytes(random_.once_in(50) ? 3000 : random_.below(40), std::byte{0x2a});
      if (random_.once_in(4)) task.run_at_us = now_us_ + random_.between(-5, 40) * 1'000'000;
      task.max_attempts = static_cast<std::int32_t>(random_.between(1, 7));
      task.lease_ms = random_.between(1, 30'000);
      if (random_.once_in(60)) task.queue = "bad queue";
      submit.tasks.push_back(std::move(task));
    }
    return submit;
  }

  Command pick_command() {
    const auto [id, fence] = random_.once_in(3) ? pick_task() : pick_running();
    switch (random_.below(13)) {
      case 0:
        return pick_submit();
      case 1:
      case 2:
      case 3:
      case 4:
        return Claim{.queue = pick(queues_),
                     .worker = pick({"", "w1", "w2"}),
                     .max = random_.between(1, 9),
                     .lease_ms = pick_lease()};
      case 5:
        return Heartbeat{.id = id, .fence = fence, .lease_ms = pick_lease()};
      case 6:
      case 7:
        return Complete{.id = id, .fence = fence, .result = bytes_of(pick({"", "\xc0", "\x01"}))};
      case 8:
      case 9:
        return Fail{
            .id = id, .fence = fence, .error = pick({"e", "f"}), .retry = !random_.once_in(8)};
      case 10:
        if (random_.once_in(2)) return Cancel{id};
        [[fallthrough]];
      default:
        return Tick{};
    }
  }

  void pass_time() {
    switch (random_.below(8)) {
      case 0:
        break;
      case 1:
        now_us_ += random_.between(0, 20'000'000);
        break;
      case 2:
        now_us_ += random_.once_in(20) ? 4'000'000'000 : 1;
        break;
      default:
        now_us_ += random_.between(0, 500'000);
        break;
    }
  }

  void expect_outcome(const Outcome& outcome, const ModelOutcome& expected) {
    ASSERT_EQ(outcome ? "" : std::string(api::name(outcome.error().code)), expected.code);
    if (!outcome) return;
    ASSERT_EQ(outcome->size(), expected.ids.size());
    for (std::size_t i = 0; i < outcome->size(); ++i) EXPECT_EQ((*outcome)[i]->id, expected.ids[i]);
  }

  // One commit of a few commands; the model takes the same ones.
  void step() {
    std::vector<Command> commands;
    std::vector<ModelOutcome> expected;
    for (auto count = random_.between(1, 5); count > 0; --count) {
      commands.push_back(pick_command());
      expected.push_back(std::visit(ModelExecution{model_, now_us_}, commands.back()));
    }
    std::vector<Outcome> outcomes;
    Effects effects;
    ASSERT_TRUE(store_->commit([&](Transaction& transaction) {
      outcomes = execute_all(commands, transaction, now_us_, effects);
    }));
    for (std::size_t i = 0; i < commands.size(); ++i) {
      if (outcomes[i] && !outcomes[i]->empty()) effective_[commands[i].index()] += 1;
      SCOPED_TRACE("command " + std::to_string(commands[i].index()));
      expect_outcome(outcomes[i], expected[i]);
      for (const auto& task : outcomes[i].value_or(std::vector<SharedTask>{})) {
        EXPECT_GE(task->attempt, attempts_[task->id]);
        attempts_[task->id] = task->attempt;
        if (std::holds_alternative<Claim>(commands[i])) {
          EXPECT_TRUE(fences_.insert(task->fence).second) << "fence " << task->fence << " again";
        }
      }
    }
    executed_ += commands.size();
  }

  void expect_everything_same() {
    const auto tasks = store_->list({.limit = 1'000'000, .bytes_max = 1U << 30}).value().tasks;
    ASSERT_EQ(tasks.size(), model_.tasks.size());
    std::optional<std::int64_t> next_due_us;
    for (const auto& task : tasks) {
      const ModelTask& model = model_.tasks[task->id];
      expect_same(task->id, *task, model);
      if (model.state != "scheduled" && model.state != "running") continue;
      next_due_us = std::min(next_due_us.value_or(model.due), model.due);
    }
    EXPECT_EQ(store_->next_due_us(), next_due_us);
  }

  TemporaryDirectory directory_;
  Random random_{random_seed()};
  std::unique_ptr<Store> store_;
  Model model_;
  std::int64_t now_us_ = 1'700'000'000'000'000;
  std::vector<std::string> queues_ = {"a", "b", "c"};
  std::map<TaskId, std::int32_t> attempts_;
  std::set<Fence> fences_;
  std::size_t executed_ = 0;
  std::array<std::size_t, std::variant_size_v<Command>> effective_{};
};

TEST_P(EngineModel, agrees_with_the_model_over_random_commands_and_times) {
  open();
  constexpr std::size_t commands = 20'000;
  for (int i = 0; executed_ < commands && !HasFailure(); ++i) {
    if (GetParam().durable && i % 700 == 699) {
      store_.reset();
      open();
      ASSERT_TRUE(test::run(*store_, Recover{}, now_us_));
      model_.recover(now_us_);
    }
    pass_time();
    step();
    if (i % 500 == 0) expect_everything_same();
  }
  expect_everything_same();
  // Every kind of command must have done something often, or the run proves little.
  for (std::size_t kind = 0; kind + 1 < effective_.size(); ++kind) {
    EXPECT_GT(effective_[kind], 50U) << "commands of kind " << kind;
  }
  std::printf("%zu commands, %zu tasks\n", executed_, model_.tasks.size());
}

INSTANTIATE_TEST_SUITE_P(Stores, EngineModel, ::testing::ValuesIn(store_kinds()), kind_name);

}  // namespace
}  // namespace structwire::taskd::test
