// SPDX-License-Identifier: Apache-2.0
//
// The rules, as a table: every state meets every command, with the right and with a wrong fence.
#include <gtest/gtest.h>
#include <taskd/tasks/rules.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

namespace structwire::taskd {
namespace {

using enum TaskState;
using api::Code;

constexpr std::int64_t now = 5'000'000'000;
constexpr Fence held = 7;

TaskRecord task_in(TaskState state) {
  TaskRecord task;
  task.id = 42;
  task.state = state;
  task.attempt = state == queued ? 0 : 1;
  task.max_attempts = 3;
  task.fence = state == queued ? 0 : held;
  task.due_us = now + 1000;
  task.worker = state == queued ? "" : "worker";
  task.queue = "q";
  task.type = "t";
  if (state == succeeded) task.result = Bytes{std::byte{0x01}};
  return task;
}

/// What a command makes of a task: a state, or a refusal.
struct Expected {
  std::optional<TaskState> state;
  std::optional<Code> code;
};
Expected becomes(TaskState state) { return {state, {}}; }
Expected refuses(Code code) { return {{}, code}; }

struct Row {
  std::string name;
  Attempt<TaskRecord> (*apply)(const TaskRecord&);
  std::array<Expected, 6> expected;  // by state: scheduled queued running succeeded dead cancelled
};

const Expected lost = refuses(Code::lease_lost);
const Expected over = refuses(Code::task_final);

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {"heartbeat",
       [](const TaskRecord& t) { return extended(t, {.fence = held}, now); },
       {lost, lost, becomes(running), lost, lost, lost}},
      {"heartbeat_wrong_fence",
       [](const TaskRecord& t) { return extended(t, {.fence = 6}, now); },
       {lost, lost, lost, lost, lost, lost}},
      {"complete",
       [](const TaskRecord& t) {
         return completed(t, {.fence = held, .result = Bytes{std::byte{0x01}}}, now);
       },
       {lost, lost, becomes(succeeded), becomes(succeeded), lost, lost}},
      {"complete_other_result",
       [](const TaskRecord& t) {
         return completed(t, {.fence = held, .result = Bytes{std::byte{0x02}}}, now);
       },
       {lost, lost, becomes(succeeded), lost, lost, lost}},
      {"complete_wrong_fence",
       [](const TaskRecord& t) {
         return completed(t, {.fence = 6, .result = Bytes{std::byte{0x01}}}, now);
       },
       {lost, lost, lost, lost, lost, lost}},
      {"fail",
       [](const TaskRecord& t) { return failed(t, {.fence = held, .error = "e"}, now); },
       {lost, lost, becomes(scheduled), lost, lost, lost}},
      {"fail_for_good",
       [](const TaskRecord& t) {
         return failed(t, {.fence = held, .error = "e", .retry = false}, now);
       },
       {lost, lost, becomes(dead), lost, lost, lost}},
      {"fail_wrong_fence",
       [](const TaskRecord& t) { return failed(t, {.fence = 6}, now); },
       {lost, lost, lost, lost, lost, lost}},
      {"cancel",
       [](const TaskRecord& t) { return taskd::cancelled(t, now); },
       {becomes(cancelled), becomes(cancelled), becomes(cancelled), over, over,
        becomes(cancelled)}},
  };
  return table;
}

class RulesTable : public ::testing::TestWithParam<Row> {};

TEST_P(RulesTable, every_state_answers_the_command_as_the_table_says) {
  for (const TaskState state : api::task_states) {
    const TaskRecord before = task_in(state);
    const Expected& expected = GetParam().expected[static_cast<std::size_t>(state)];
    const Attempt<TaskRecord> after = GetParam().apply(before);
    SCOPED_TRACE(api::name(state));
    ASSERT_EQ(after.has_value(), expected.state.has_value());
    if (after) {
      EXPECT_EQ(after->state, *expected.state);
      EXPECT_GE(after->attempt, before.attempt);
      EXPECT_GE(after->fence, before.fence);
      if (api::is_final(state)) {
        EXPECT_EQ(*after, before) << "a final state never changes";
      }
    } else {
      EXPECT_EQ(after.error().code, *expected.code);
      EXPECT_NE(after.error().message, "");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Commands, RulesTable, ::testing::ValuesIn(rows()),
                         [](const auto& row) { return row.param.name; });

TEST(Rules, a_new_task_is_queued_or_waits_for_its_time) {
  const auto state = [](std::optional<std::int64_t> run_at_us) {
    return created({.queue = "q", .type = "t", .run_at_us = run_at_us}, 1, now).state;
  };
  EXPECT_EQ(state({}), queued);
  EXPECT_EQ(state(now), queued);
  EXPECT_EQ(state(0), queued);
  EXPECT_EQ(state(now + 1), scheduled);
  EXPECT_EQ(created({.run_at_us = now + 1}, 1, now).due_us, now + 1);
}

TEST(Rules, a_claim_counts_the_attempt_and_takes_the_lease_asked_for_or_its_own) {
  TaskRecord task = task_in(queued);
  task.lease_ms = 2000;
  const TaskRecord own = claimed(task, {.worker = "w"}, 9, now);
  EXPECT_EQ(own.state, running);
  EXPECT_EQ(own.attempt, 1);
  EXPECT_EQ(own.fence, 9U);
  EXPECT_EQ(own.worker, "w");
  EXPECT_EQ(own.due_us, now + 2'000'000);
  EXPECT_EQ(claimed(task, {.lease_ms = 5}, 9, now).due_us, now + 5000);
}

TEST(Rules, a_heartbeat_sets_the_lease_anew_also_after_it_ran_out) {
  TaskRecord task = task_in(running);
  task.due_us = now - 1;
  EXPECT_EQ(extended(task, {.fence = held}, now)->due_us, now + 30'000'000);
  EXPECT_EQ(extended(task, {.fence = held, .lease_ms = 1}, now)->due_us, now + 1000);
  EXPECT_EQ(extended(task, {.fence = held, .lease_ms = 0}, now).error().code,
            Code::invalid_argument);
}

TEST(Rules, a_complete_without_a_result_is_the_complete_with_null) {
  const TaskRecord done = completed(task_in(running), {.fence = held}, now).value();
  EXPECT_EQ(done.result, SharedBytes(Bytes{std::byte{0xC0}}));
  EXPECT_TRUE(completed(done, {.fence = held}, now + 5));
  EXPECT_TRUE(completed(done, {.fence = held, .result = Bytes{std::byte{0xC0}}}, now));
}

TEST(Rules, a_result_over_the_limit_is_too_large_and_the_lease_stays) {
  const Complete command{.fence = held, .result = Bytes(api::payload_bytes_max + 1)};
  const auto refused = completed(task_in(running), command, now);
  EXPECT_EQ(refused.error().code, Code::too_large);
  EXPECT_EQ(refused.error().path, "$.result");
}

TEST(Rules, the_last_attempt_that_fails_is_the_end) {
  TaskRecord task = task_in(running);
  task.attempt = task.max_attempts;
  const TaskRecord after = failed(task, {.fence = held, .error = "e"}, now).value();
  EXPECT_EQ(after.state, dead);
  EXPECT_EQ(after.due_us, now);
  EXPECT_EQ(elapsed(
                [&] {
                  task.due_us = now;
                  return task;
                }(),
                now)
                .state,
            dead);
}

TEST(Rules, the_last_five_errors_are_kept_oldest_first) {
  TaskRecord task = task_in(running);
  task.max_attempts = 100;
  for (int i = 1; i <= 7; ++i) {
    task.state = running;
    task.attempt = i;
    task = failed(task, {.fence = held, .error = std::to_string(i)}, now).value();
  }
  ASSERT_EQ(task.errors.size(), 5U);
  EXPECT_EQ(task.errors.front(),
            (AttemptError{.attempt = 3, .at_us = now, .worker = "worker", .message = "3"}));
  EXPECT_EQ(task.errors.back().message, "7");
}

TEST(Rules, a_long_error_text_is_cut_at_a_character) {
  const std::string text =
      std::string(api::error_text_bytes_max - 1, 'a').append("\xc3\xa9\xc3\xa9");
  const auto after = failed(task_in(running), {.fence = held, .error = text}, now).value();
  EXPECT_EQ(after.errors[0].message, std::string(api::error_text_bytes_max - 1, 'a'));
}

TEST(Rules, a_lease_that_runs_out_is_a_failed_attempt) {
  TaskRecord task = task_in(running);
  task.due_us = now;
  EXPECT_TRUE(is_due(task, now));
  EXPECT_FALSE(is_due(task, now - 1));
  const TaskRecord after = elapsed(task, now);
  EXPECT_EQ(after.state, scheduled);
  EXPECT_EQ(after.errors[0].message, "lease expired");
  EXPECT_EQ(after.due_us, now + backoff_us(task.id, task.attempt));
}

TEST(Rules, a_scheduled_task_is_queued_when_its_time_comes) {
  TaskRecord task = task_in(scheduled);
  task.due_us = now;
  EXPECT_EQ(elapsed(task, now).state, queued);
  for (const TaskState state : {queued, succeeded, dead, cancelled}) {
    task.state = state;
    EXPECT_FALSE(is_due(task, now));
  }
}

TEST(Rules, backoff_doubles_within_its_jitter_up_to_its_limit) {
  std::set<std::int64_t> different;
  for (TaskId id = 1; id <= 200; ++id) {
    for (std::int32_t attempt = 1; attempt <= 1000; attempt += 3) {
      const double doubled = static_cast<double>(backoff_first_us) * std::pow(2.0, attempt - 1);
      const auto full =
          static_cast<std::int64_t>(std::min(doubled, static_cast<double>(backoff_max_us)));
      ASSERT_GE(backoff_us(id, attempt), full / 2);
      ASSERT_LE(backoff_us(id, attempt), full);
    }
    different.insert(backoff_us(id, 4));
  }
  EXPECT_GT(different.size(), 190U) << "tasks that failed together must not come back together";
  EXPECT_EQ(backoff_us(3, 2), backoff_us(3, 2));
}

TEST(Rules, after_a_restart_leases_have_their_grace_and_no_more_than_the_longest) {
  TaskRecord task = task_in(running);
  task.due_us = now - 1;
  EXPECT_EQ(recovered(task, now).due_us, now + recovery_grace_us);
  task.lease_ms = 100;
  EXPECT_EQ(recovered(task, now).due_us, now + 100'000);
  task.due_us = now + 60'000'000;
  EXPECT_EQ(recovered(task, now).due_us, task.due_us);
  task.due_us = now + 1000 * api::lease_ms_max + 1;  // the wall clock was set back
  EXPECT_EQ(recovered(task, now).due_us, now + 1000 * api::lease_ms_max);
}

TEST(Rules, names_and_limits_are_checked_with_the_path_of_the_member) {
  const NewTask good{.queue = "q.a-b_1", .type = "ns::name/v2"};
  const auto path = [&](auto change) {
    NewTask task = good;
    change(task);
    const auto checked = check(task, "$.tasks[3]");
    return checked ? "" : checked.error().path;
  };
  EXPECT_EQ(path([](NewTask&) {}), "");
  EXPECT_EQ(path([](NewTask& t) { t.queue = ""; }), "$.tasks[3].queue");
  EXPECT_EQ(path([](NewTask& t) { t.queue = "a/b"; }), "$.tasks[3].queue");
  EXPECT_EQ(path([](NewTask& t) { t.queue = ".."; }), "$.tasks[3].queue");
  EXPECT_EQ(path([](NewTask& t) { t.queue = std::string(129, 'q'); }), "$.tasks[3].queue");
  EXPECT_EQ(path([](NewTask& t) { t.type = "a b"; }), "$.tasks[3].type");
  EXPECT_EQ(path([](NewTask& t) { t.type = std::string("a\0", 2); }), "$.tasks[3].type");
  EXPECT_EQ(path([](NewTask& t) { t.priority = 1001; }), "$.tasks[3].priority");
  EXPECT_EQ(path([](NewTask& t) { t.max_attempts = 0; }), "$.tasks[3].max_attempts");
  EXPECT_EQ(path([](NewTask& t) { t.run_at_us = -1; }), "$.tasks[3].run_at_us");
  EXPECT_EQ(path([](NewTask& t) { t.lease_ms = 0; }), "$.tasks[3].lease_ms");
  EXPECT_EQ(path([](NewTask& t) { t.payload = Bytes(api::payload_bytes_max + 1); }),
            "$.tasks[3].payload");
  NewTask task = good;
  task.priority = -1001;
  EXPECT_EQ(check(task, "$").error().message, "Expected `int` >= -1000 - at `$.priority`");
}

TEST(Rules, a_claim_is_checked_too) {
  EXPECT_TRUE(check(Claim{.queue = "q", .max = 4096}));
  EXPECT_EQ(check(Claim{.queue = "q", .max = 0}).error().path, "$.max");
  EXPECT_EQ(check(Claim{.queue = "q", .max = 4097}).error().path, "$.max");
  EXPECT_EQ(check(Claim{.queue = "q", .lease_ms = 0}).error().path, "$.lease_ms");
  EXPECT_EQ(check(Claim{.queue = "q", .worker = std::string(257, 'w')}).error().path, "$.worker");
  EXPECT_EQ(check(Claim{.queue = "/"}).error().path, "$.queue");
}

}  // namespace
}  // namespace structwire::taskd
