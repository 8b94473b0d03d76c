// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/handlers.hpp>

#include <taskd/http/body.hpp>
#include <taskd/doors/convert.hpp>
#include <taskd/http/parameters.hpp>
#include <taskd/http/post.hpp>
#include <taskd/doors/render.hpp>

#include <chrono>
#include <utility>
#include <vector>

/// The calls of a worker on one task. Their batch forms are in `handlers_batch.cpp`.
namespace structwire::taskd::http {
namespace {

void answer_claim(const Call& call, const std::vector<SharedTask>& tasks) {
  api::ClaimAnswer body;
  body.tasks.reserve(tasks.size());
  for (const SharedTask& task : tasks) body.tasks.push_back(doors::render_claimed(*task));
  call.respond(answer(200, body, *call.answer_type));
}

void answer_heartbeat(const Call& call, const std::vector<SharedTask>& tasks) {
  call.respond(answer(200, api::HeartbeatAnswer{tasks.front()->due_us}, *call.answer_type));
}

// Held back by the service; the exchange tells it when nobody waits any more.
void claim_and_wait(Call call, Claim claim, std::chrono::milliseconds time) {
  auto done = [call](Outcome outcome) mutable {
    Exchange& exchange = *call.exchange;
    exchange.resume([call = std::move(call), outcome = std::move(outcome)] {
      answer_outcome(call, outcome, answer_claim);
    });
  };
  const auto waiting = call.service->claim_waiting(std::move(claim), std::move(done));
  if (!waiting) return call.refuse(problem_of(waiting.error()));
  call.exchange->wait(time, [service = call.service, id = *waiting] { service->stop_waiting(id); });
}

// Decodes the body of a call on the task in the path, and passes both on.
template <class Body, class Post>
void with_task(Call call, Post post) {
  const auto id = task_id_parameter(call.path.values[0]);
  if (!id) return call.refuse(id.error());
  auto body = decode_body<Body>(call.exchange->request().body, call.body_format());
  if (!body) return call.refuse(body.error());
  post(std::move(call), *id, std::move(*body));
}

struct CancelRequest {};

}  // namespace

void claim(Call call) {
  auto queue = queue_parameter(call.path.values[0]);
  if (!queue) return call.refuse(queue.error());
  auto body = decode_body<api::ClaimRequest>(call.exchange->request().body, call.body_format());
  if (!body) return call.refuse(body.error());
  Claim claim{.queue = std::move(*queue),
              .worker = std::move(body->worker),
              .max = body->max,
              .lease_ms = body->lease_ms};
  if (body->wait_ms > 0) {
    return claim_and_wait(std::move(call), std::move(claim),
                          std::chrono::milliseconds(body->wait_ms));
  }
  post_one(std::move(call), std::move(claim), answer_claim);
}

void heartbeat(Call call) {
  with_task<api::HeartbeatRequest>(
      std::move(call), [](Call&& passed, TaskId id, api::HeartbeatRequest&& body) {
        post_one(std::move(passed), Heartbeat{id, body.fence, body.lease_ms}, answer_heartbeat);
      });
}

void complete(Call call) {
  with_task<api::CompleteRequest>(
      std::move(call), [](Call&& passed, TaskId id, api::CompleteRequest&& body) {
        auto result = doors::canonical_bytes(body.result, "$.result");
        if (!result) return passed.refuse(problem_of(result.error()));
        post_one(std::move(passed), Complete{id, body.fence, std::move(*result)}, answer_task);
      });
}

void fail(Call call) {
  with_task<api::FailRequest>(
      std::move(call), [](Call&& passed, TaskId id, api::FailRequest&& body) {
        post_one(std::move(passed), Fail{id, body.fence, std::move(body.error), body.retry},
                 answer_task);
      });
}

void cancel(Call call) {
  // There is nothing to say, so nothing need be said.
  if (!call.exchange->request().has_body) {
    const auto id = task_id_parameter(call.path.values[0]);
    if (!id) return call.refuse(id.error());
    return post_one(std::move(call), Cancel{*id}, answer_task);
  }
  with_task<CancelRequest>(std::move(call), [](Call&& passed, TaskId id, CancelRequest&&) {
    post_one(std::move(passed), Cancel{id}, answer_task);
  });
}

}  // namespace structwire::taskd::http
