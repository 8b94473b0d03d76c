// SPDX-License-Identifier: Apache-2.0
#include <taskd/waiting_claims.hpp>

#include <functional>
#include <optional>
#include <utility>

namespace structwire::taskd {

std::uint64_t& WaitingClaims::generation(std::string_view queue) {
  return generations_[std::hash<std::string_view>()(queue) % generations_.size()];
}

Attempt<WaitId> WaitingClaims::add(Claim claim, Done done) {
  WaitId id = 0;
  {
    const std::lock_guard lock(mutex_);
    if (closed_)
      return std::unexpected(Refusal{api::Code::draining, "The daemon is shutting down", {}});
    if (waiters_.size() >= waiting_max_) {
      return std::unexpected(Refusal{api::Code::overloaded, "Too many claims are waiting", {}});
    }
    id = ++last_id_;
    waiters_.emplace(
        id, Waiter{.claim = claim, .done = std::move(done), .generation = generation(claim.queue)});
  }
  if (Attempt<void> posted = execute(id, std::move(claim)); !posted) {
    const std::lock_guard lock(mutex_);
    waiters_.erase(id);
    return std::unexpected(std::move(posted).error());
  }
  return id;
}

Attempt<void> WaitingClaims::execute(WaitId id, Claim claim) {
  return post_(std::move(claim),
               [this, id](Outcome outcome) { on_claimed(id, std::move(outcome)); });
}

void WaitingClaims::on_claimed(WaitId id, Outcome outcome) {
  const bool found = outcome && !outcome->empty();
  std::optional<Claim> again;
  std::string queue;
  {
    const std::lock_guard lock(mutex_);
    Waiter& waiter = waiters_.at(id);
    queue = waiter.claim.queue;
    if (outcome && !found && !waiter.stopped) {
      const std::uint64_t now = generation(queue);
      if (now == waiter.generation) {
        waiter.claiming = false;
        idle_[queue].insert(id);
        return;
      }
      waiter.generation = now;
      again = waiter.claim;
    }
  }
  if (again) {
    if (Attempt<void> posted = execute(id, std::move(*again)); !posted) {
      finish(id, std::unexpected(std::move(posted).error()));
    }
    return;
  }
  const bool failed = !outcome;
  finish(id, std::move(outcome));
  if (found) wake(queue, 2);
  // Its turn was used up without a result, and the work may still be there.
  if (failed) wake(queue, 1);
}

void WaitingClaims::finish(WaitId id, Outcome outcome) {
  Done done;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiters_.find(id);
    done = std::move(found->second.done);
    waiters_.erase(found);
  }
  done(std::move(outcome));
}

// A claim that cannot be executed is told so, and the next one gets its turn: nobody else would
// wake it before there is more work.
void WaitingClaims::wake(const std::string& queue, std::size_t count) {
  while (count > 0) {
    std::optional<std::pair<WaitId, Claim>> oldest = take_oldest(queue);
    if (!oldest) return;
    if (Attempt<void> posted = execute(oldest->first, std::move(oldest->second)); posted) {
      --count;
    } else {
      finish(oldest->first, std::unexpected(std::move(posted).error()));
    }
  }
}

std::optional<std::pair<WaitId, Claim>> WaitingClaims::take_oldest(const std::string& queue) {
  const std::lock_guard lock(mutex_);
  const auto found = idle_.find(queue);
  if (found == idle_.end()) return std::nullopt;
  const WaitId id = *found->second.begin();
  found->second.erase(found->second.begin());
  if (found->second.empty()) idle_.erase(found);
  Waiter& waiter = waiters_.at(id);
  waiter.claiming = true;
  waiter.generation = generation(queue);
  return std::pair(id, waiter.claim);
}

void WaitingClaims::on_work(const std::vector<std::string>& queues) {
  {
    const std::lock_guard lock(mutex_);
    for (const std::string& queue : queues) ++generation(queue);
    if (idle_.empty()) return;
  }
  for (const std::string& queue : queues) wake(queue, 1);
}

void WaitingClaims::stop(WaitId id) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiters_.find(id);
    if (found == waiters_.end() || found->second.stopped) return;
    found->second.stopped = true;
    if (found->second.claiming) return;  // answered when its claim comes back
    const auto queue = idle_.find(found->second.claim.queue);
    queue->second.erase(id);
    if (queue->second.empty()) idle_.erase(queue);
  }
  finish(id, std::vector<SharedTask>());
}

void WaitingClaims::stop_all() {
  std::vector<WaitId> all;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& [id, waiter] : waiters_) all.push_back(id);
  }
  for (const WaitId id : all) stop(id);
}

std::size_t WaitingClaims::size() const {
  const std::lock_guard lock(mutex_);
  return waiters_.size();
}

}  // namespace structwire::taskd
