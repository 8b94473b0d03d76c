// SPDX-License-Identifier: Apache-2.0
//
// The bodies of the task API, as anybody's client writes and reads them: exact texts, in JSON and
// in MessagePack. A changed text here is a changed protocol.
#include <gtest/gtest.h>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <taskd/api/submit.hpp>
#include <taskd/api/task.hpp>
#include <taskd/api/work.hpp>

#include <string>
#include <vector>

namespace structwire::taskd {
namespace {

Raw canonical_of(std::string_view json) {
  const auto value = json::decode<Raw>(json);
  EXPECT_TRUE(value) << json;
  return msgpack::canonical(*value).value();
}

template <class T>
std::string refusal(std::string_view json) {
  const auto decoded = json::decode<T>(json);
  return decoded ? "" : decoded.error().message();
}

TEST(TaskApi, a_submit_needs_queue_and_type_and_has_the_documented_defaults) {
  const auto task = json::decode<api::SubmitTask>(R"({"queue":"q","type":"t","more":[1]})");
  ASSERT_TRUE(task) << task.error().message();
  EXPECT_TRUE(task->payload.empty());
  EXPECT_EQ(task->priority, 0);
  EXPECT_EQ(task->run_at_us, std::nullopt);
  EXPECT_EQ(task->max_attempts, 10);
  EXPECT_EQ(task->lease_ms, 30'000);
}

TEST(TaskApi, what_the_schema_refuses_is_said_with_its_path) {
  using api::SubmitTask;
  EXPECT_EQ(refusal<SubmitTask>(R"({"queue":"q","type":"t","priority":"high"})"),
            "Expected `int`, got `str` - at `$.priority`");
  EXPECT_EQ(refusal<SubmitTask>(R"({"queue":"q","type":"t","priority":1001})"),
            "Expected `int` <= 1000 - at `$.priority`");
  EXPECT_EQ(refusal<SubmitTask>(R"({"type":"t"})"), "Object missing required field `queue`");
  EXPECT_EQ(refusal<SubmitTask>(R"({"queue":"","type":"t"})"),
            "Expected `str` of length >= 1 - at `$.queue`");
  EXPECT_EQ(refusal<SubmitTask>(R"({"queue":"q","type":"t","max_attempts":0})"),
            "Expected `int` >= 1 - at `$.max_attempts`");
  EXPECT_EQ(refusal<api::SubmitBatch>(R"({"tasks":[{"queue":"q","type":"t"},{"queue":"q"}]})"),
            "Object missing required field `type` - at `$.tasks[1]`");
  EXPECT_EQ(refusal<api::ClaimRequest>(R"({"worker":"w","max":0})"),
            "Expected `int` >= 1 - at `$.max`");
  EXPECT_EQ(refusal<api::CompleteBatch>(R"({"tasks":[{"id":-1,"fence":1}]})").substr(0, 14),
            "Expected `int`");
}

TEST(TaskApi, one_task_and_a_batch_are_told_apart_by_the_member_tasks) {
  EXPECT_FALSE(json::decode<api::SubmitBatch>(R"({"queue":"q","type":"t"})")->tasks);
  const auto batch = json::decode<api::SubmitBatch>(R"({"tasks":[]})");
  ASSERT_TRUE(batch->tasks);
  EXPECT_TRUE(batch->tasks->empty());
}

TEST(TaskApi, worker_bodies_have_the_documented_defaults) {
  const auto claim = json::decode<api::ClaimRequest>(R"({"worker":"w"})").value();
  EXPECT_EQ(claim.max, 1);
  EXPECT_EQ(claim.wait_ms, 0);
  EXPECT_FALSE(claim.lease_ms);
  const auto fail = json::decode<api::FailRequest>(R"({"fence":7})").value();
  EXPECT_TRUE(fail.retry);
  EXPECT_TRUE(json::decode<api::CompleteRequest>(R"({"fence":7})")->result.empty());
  EXPECT_EQ(json::decode<api::HeartbeatRequest>(R"({"fence":7,"lease_ms":5})")->lease_ms, 5);
  EXPECT_EQ(json::decode<api::QueueRequest>(R"({"task_type":"t","task_data":1})")->task_type, "t");
}

api::Task finished() {
  return {.id = 1,
          .queue = "q",
          .type = "t",
          .state = api::TaskState::succeeded,
          .attempt = 2,
          .max_attempts = 10,
          .lease_ms = 30'000,
          .created_at_us = 100,
          .finished_at_us = 200,
          .worker = "w",
          .payload = canonical_of(R"({"b":1,"a":[1.5,"x"]})"),
          .result = canonical_of("null"),
          .errors = {{.attempt = 1, .at_us = 150, .worker = "w", .message = "no"}}};
}

TEST(TaskApi, a_finished_task_is_shown_with_payload_result_and_errors) {
  EXPECT_EQ(json::encode(finished()),
            R"({"id":1,"queue":"q","type":"t","state":"succeeded","attempt":2,"max_attempts":10,)"
            R"("priority":0,"lease_ms":30000,"created_at_us":100,"finished_at_us":200,)"
            R"("worker":"w","payload":{"a":[1.5,"x"],"b":1},"result":null,)"
            R"("errors":[{"attempt":1,"at_us":150,"worker":"w","message":"no"}]})");
}

TEST(TaskApi, what_a_task_does_not_have_is_left_out) {
  const api::Task task{.id = 1, .queue = "q", .type = "t", .created_at_us = 100};
  EXPECT_EQ(json::encode(task),
            R"({"id":1,"queue":"q","type":"t","state":"queued","attempt":0,"max_attempts":0,)"
            R"("priority":0,"lease_ms":0,"created_at_us":100,"payload":null,"errors":[]})");
}

TEST(TaskApi, a_claimed_task_carries_the_fence) {
  const api::ClaimedTask task{.id = 1,
                              .queue = "q",
                              .type = "t",
                              .fence = 7,
                              .attempt = 2,
                              .max_attempts = 10,
                              .lease_until_us = 200,
                              .payload = canonical_of("[1]")};
  EXPECT_EQ(json::encode(api::ClaimAnswer{{task}}),
            R"({"tasks":[{"id":1,"queue":"q","type":"t","fence":7,"attempt":2,"max_attempts":10,)"
            R"("lease_until_us":200,"payload":[1]}]})");
}

TEST(TaskApi, batch_entries_hold_a_state_or_an_error) {
  const api::BatchEntry running{.id = 1, .state = api::TaskState::running, .lease_until_us = 200};
  const api::BatchEntry refused{.id = 2,
                                .error = api::ErrorBody{.code = "lease_lost", .message = "over"}};
  EXPECT_EQ(json::encode(api::BatchAnswer{{running, refused}}),
            R"({"tasks":[{"id":1,"state":"running","lease_until_us":200},)"
            R"({"id":2,"error":{"code":"lease_lost","message":"over"}}]})");
}

TEST(TaskApi, an_error_names_the_member_or_the_byte) {
  EXPECT_EQ(json::encode(api::ErrorBody{.code = "c", .message = "no", .path = "$.queue"}),
            R"({"code":"c","message":"no","path":"$.queue"})");
  EXPECT_EQ(json::encode(api::ErrorBody{.code = "malformed", .message = "no", .offset = 3}),
            R"({"code":"malformed","message":"no","offset":3})");
}

TEST(TaskApi, the_last_page_says_so_with_null) {
  EXPECT_EQ(json::encode(api::TaskList{}), R"({"tasks":[],"next":null})");
  EXPECT_EQ(json::encode(api::TaskList{.next = 9}), R"({"tasks":[],"next":9})");
}

TEST(TaskApi, a_client_reads_in_messagepack_what_the_daemon_wrote) {
  const api::Task task = finished();
  const auto back = msgpack::decode<api::Task>(msgpack::encode(task));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(back->state, api::TaskState::succeeded);
  EXPECT_EQ(back->payload, task.payload);
  EXPECT_EQ(back->result.bytes().size(), 1U);
  EXPECT_EQ(back->errors.front().message, "no");
}

TEST(TaskApi, the_same_payload_in_both_formats_has_the_same_canonical_bytes) {
  const Raw from_json = canonical_of(R"({"b":[1,2.5,"x",null],"a":true})");
  const auto message = msgpack::decode<Raw>(msgpack::encode(from_json));
  ASSERT_TRUE(message);
  EXPECT_EQ(msgpack::canonical(*message).value(), from_json);
}

}  // namespace
}  // namespace structwire::taskd
