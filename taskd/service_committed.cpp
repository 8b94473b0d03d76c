// SPDX-License-Identifier: Apache-2.0
#include <taskd/service_committed.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace structwire::taskd {
namespace {

constexpr std::size_t waiting_claims_max = 16'384;
constexpr std::size_t reader_threads = 2;
constexpr std::size_t reads_waiting_max = 4096;

// The committer moves each second; a group on a slow disk may take a few.
constexpr std::int64_t committer_silence_max_us = 15'000'000;

bool is_new_work(const Command& command) {
  return std::holds_alternative<Submit>(command) || std::holds_alternative<Claim>(command);
}

std::unexpected<Refusal> refused(api::Code code, const char* message) {
  return std::unexpected(Refusal{code, message, {}});
}

}  // namespace

ServiceCommitted::ServiceCommitted(Store& store, const Clock& clock)
    : store_(store),
      clock_(clock),
      waiting_([this](Claim claim,
                      ClaimDone done) { return post_claim(std::move(claim), std::move(done)); },
               waiting_claims_max),
      readers_(reader_threads, reads_waiting_max),
      committer_(store, clock, {.on_work = [this](const std::vector<std::string>& queues) {
                   waiting_.on_work(queues);
                 }}) {}

ServiceCommitted::~ServiceCommitted() { shut_down(); }

Attempt<void> ServiceCommitted::post(std::vector<Command> commands, Done done) {
  if (draining_ && std::ranges::any_of(commands, is_new_work)) {
    return refused(api::Code::draining, "The daemon is shutting down");
  }
  return committer_.post(std::move(commands), std::move(done));
}

Attempt<void> ServiceCommitted::post_claim(Claim claim, ClaimDone done) {
  std::vector<Command> commands;
  commands.emplace_back(std::move(claim));
  return post(std::move(commands), [done = std::move(done)](std::vector<Outcome> outcomes) mutable {
    done(std::move(outcomes.front()));
  });
}

Attempt<WaitId> ServiceCommitted::claim_waiting(Claim claim, ClaimDone done) {
  return waiting_.add(std::move(claim), std::move(done));
}

void ServiceCommitted::stop_waiting(WaitId id) { waiting_.stop(id); }

Attempt<void> ServiceCommitted::find(TaskId id, FindDone done) {
  if (readers_.post([this, id, done = std::move(done)]() mutable { done(store_.find(id)); })) {
    return {};
  }
  return refused(api::Code::overloaded, "Too many reads are waiting");
}

Attempt<void> ServiceCommitted::list(ListQuery query, ListDone done) {
  if (readers_.post([this, query = std::move(query), done = std::move(done)]() mutable {
        done(store_.list(query));
      })) {
    return {};
  }
  return refused(api::Code::overloaded, "Too many reads are waiting");
}

Attempt<void> ServiceCommitted::live() const {
  const std::int64_t silence_us = clock_.now_us() - committer_.counts().last_turn_us;
  if (silence_us <= committer_silence_max_us) return {};
  return refused(api::Code::store_failed, "The committer has not moved for some time");
}

Attempt<void> ServiceCommitted::ready() const {
  if (draining_) return refused(api::Code::draining, "The daemon is shutting down");
  if (Attempt<void> alive = live(); !alive) return alive;
  return store_.health();
}

void ServiceCommitted::drain() {
  draining_ = true;
  waiting_.stop_all();
}

void ServiceCommitted::shut_down() {
  drain();
  committer_.shut_down();
  readers_.shut_down();
}

}  // namespace structwire::taskd
