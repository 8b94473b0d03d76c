// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/handlers.hpp>

#include <taskd/http/body.hpp>
#include <taskd/doors/convert.hpp>
#include <taskd/doors/render.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

/// The batch forms: one body, one posting, one durable unit; each entry is answered for itself.
namespace structwire::taskd::http {
namespace {

// The answer as far as it is known before the commit: entries with an error have no command.
struct Batch {
  Call call;
  api::BatchAnswer answer;
};

void fill_in(Batch& batch, const std::vector<Outcome>& outcomes) {
  std::size_t next = 0;
  for (api::BatchEntry& entry : batch.answer.tasks) {
    if (!entry.error) entry = doors::render_entry(entry.id, outcomes[next++]);
  }
}

void answer_batch(Batch& batch, const std::vector<Outcome>& outcomes) {
  if (const Refusal* refusal = doors::refusal_of_all(outcomes)) {
    return batch.call.refuse(problem_of(*refusal));
  }
  fill_in(batch, outcomes);
  batch.call.respond(answer(200, batch.answer, *batch.call.answer_type));
}

void post_batch(std::unique_ptr<Batch> batch, std::vector<Command> commands) {
  const Call call = batch->call;
  auto done = [batch = std::move(batch)](std::vector<Outcome> outcomes) mutable {
    Exchange& exchange = *batch->call.exchange;
    exchange.resume([batch = std::move(batch), outcomes = std::move(outcomes)] {
      answer_batch(*batch, outcomes);
    });
  };
  const Attempt<void> posted = call.service->post(std::move(commands), std::move(done));
  if (!posted) call.refuse(problem_of(posted.error()));
}

template <class Item>
void run_batch(Call call) {
  auto body = decode_body<api::Batch<Item>>(call.exchange->request().body, call.body_format());
  if (!body) return call.refuse(body.error());
  auto batch = std::make_unique<Batch>(Batch{.call = std::move(call), .answer = {}});
  std::vector<Command> commands;
  commands.reserve(body->tasks.size());
  for (std::size_t i = 0; i < body->tasks.size(); ++i) {
    api::BatchEntry entry{.id = body->tasks[i].id};
    Attempt<Command> command = doors::command_of(std::move(body->tasks[i]), "$.tasks[" + std::to_string(i) + "]");
    if (command) {
      commands.push_back(std::move(*command));
    } else {
      entry.error = doors::render_error(command.error());
    }
    batch->answer.tasks.push_back(std::move(entry));
  }
  post_batch(std::move(batch), std::move(commands));
}

}  // namespace

void heartbeat_batch(Call call) { run_batch<api::HeartbeatItem>(std::move(call)); }
void complete_batch(Call call) { run_batch<api::CompleteItem>(std::move(call)); }
void fail_batch(Call call) { run_batch<api::FailItem>(std::move(call)); }
void cancel_batch(Call call) { run_batch<api::CancelItem>(std::move(call)); }

}  // namespace structwire::taskd::http
