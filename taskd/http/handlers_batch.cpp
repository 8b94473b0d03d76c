// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/handlers.hpp>

#include <taskd/http/body.hpp>
#include <taskd/http/convert.hpp>
#include <taskd/http/render.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

/// The batch forms: one body, one posting, one durable unit; each entry is answered for itself.
namespace structwire::taskd::http {
namespace {

using Made = std::expected<Command, Problem>;

Made command_of(api::HeartbeatItem&& item, const std::string&) {
  return Heartbeat{item.id, item.fence, item.lease_ms};
}

Made command_of(api::CompleteItem&& item, const std::string& path) {
  auto result = canonical_bytes(item.result, path + ".result");
  if (!result) return std::unexpected(std::move(result).error());
  return Complete{item.id, item.fence, std::move(*result)};
}

Made command_of(api::FailItem&& item, const std::string&) {
  return Fail{item.id, item.fence, std::move(item.error), item.retry};
}

Made command_of(api::CancelItem&& item, const std::string&) { return Cancel{item.id}; }

// The answer as far as it is known before the commit: entries with an error have no command.
struct Batch {
  Call call;
  api::BatchAnswer answer;
};

void fill_in(Batch& batch, const std::vector<Outcome>& outcomes) {
  std::size_t next = 0;
  for (api::BatchEntry& entry : batch.answer.tasks) {
    if (!entry.error) entry = render_entry(entry.id, outcomes[next++]);
  }
}

// When the unit as a whole was not stored, all entries carry the same refusal of the store: that is
// the answer's own status, so that clients see it without looking inside.
const Refusal* refusal_of_all(const std::vector<Outcome>& outcomes) {
  if (outcomes.empty() || outcomes.front()) return nullptr;
  const Refusal& refusal = outcomes.front().error();
  const bool of_store =
      refusal.code == api::Code::store_failed || refusal.code == api::Code::disk_full;
  return of_store ? &refusal : nullptr;
}

void answer_batch(Batch& batch, const std::vector<Outcome>& outcomes) {
  if (const Refusal* refusal = refusal_of_all(outcomes)) {
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
    Made command = command_of(std::move(body->tasks[i]), "$.tasks[" + std::to_string(i) + "]");
    if (command) {
      commands.push_back(std::move(*command));
    } else {
      entry.error = std::move(command).error().body;
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
