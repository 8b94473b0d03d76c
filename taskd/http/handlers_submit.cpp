// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/handlers.hpp>

#include <taskd/http/body.hpp>
#include <taskd/doors/convert.hpp>
#include <taskd/http/post.hpp>
#include <taskd/doors/render.hpp>

#include <string>
#include <utility>
#include <vector>

namespace structwire::taskd::http {
namespace {

std::expected<Submit, Problem> or_problem(Attempt<Submit> submit) {
  if (!submit) return std::unexpected(problem_of(submit.error()));
  return std::move(*submit);
}

// A body without `tasks` is one task, and is decoded as that, so that messages name its own paths.
std::expected<Submit, Problem> decode_submit(const Call& call) {
  const std::string& body = call.exchange->request().body;
  const WireFormat format = call.body_format();
  auto batch = decode_body<api::SubmitBatch>(body, format);
  if (!batch) return std::unexpected(std::move(batch).error());
  if (batch->tasks) return or_problem(doors::submit_of(std::move(*batch->tasks)));
  auto task = decode_body<api::SubmitTask>(body, format);
  if (!task) return std::unexpected(std::move(task).error());
  return or_problem(doors::submit_of(std::move(*task)));
}

void answer_one(const Call& call, const std::vector<SharedTask>& tasks) {
  const api::Submitted body = doors::render_submitted(*tasks.front());
  Response response = answer(201, body, *call.answer_type);
  response.fields.push_back({"Location", "/v1/tasks/" + std::to_string(body.id)});
  call.respond(std::move(response));
}

void answer_batch(const Call& call, const std::vector<SharedTask>& tasks) {
  api::SubmittedBatch body;
  body.tasks.reserve(tasks.size());
  for (const SharedTask& task : tasks) body.tasks.push_back(doors::render_submitted(*task));
  call.respond(answer(201, body, *call.answer_type));
}

void answer_legacy(const Call& call, const std::vector<SharedTask>& tasks) {
  call.respond(answer(200, api::QueueAnswer{tasks.front()->id}, *call.answer_type));
}

}  // namespace

void submit(Call call) {
  auto submit = decode_submit(call);
  if (!submit) return call.refuse(submit.error());
  const bool batch = submit->batch;
  post_one(std::move(call), std::move(*submit), batch ? answer_batch : answer_one);
}

void submit_legacy(Call call) {
  auto request = decode_body<api::QueueRequest>(call.exchange->request().body, call.body_format());
  if (!request) return call.refuse(request.error());
  auto payload = doors::canonical_bytes(request->task_data, "$.task_data");
  if (!payload) return call.refuse(problem_of(payload.error()));
  Submit submit{.batch = false};
  submit.tasks.push_back({.queue = std::string(api::queue_default),
                          .type = std::move(request->task_type),
                          .payload = std::move(*payload)});
  post_one(std::move(call), std::move(submit), answer_legacy);
}

}  // namespace structwire::taskd::http
