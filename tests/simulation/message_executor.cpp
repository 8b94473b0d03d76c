// SPDX-License-Identifier: Apache-2.0
#include <tests/simulation/message_executor.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace structwire::messaging::simulation {
namespace {

constexpr Duration soon = std::chrono::microseconds(50);

Failure failure(FailureCode code, bool retryable = false, std::uint32_t retry_after_ms = 0) {
  return {.code = code, .retryable = retryable, .retry_after_ms = retry_after_ms, .text = "simulated"};
}

}  // namespace

// ---- from the Port

void Executor::run(Work work, std::size_t kind, Instant deadline) {
  Job job;
  job.run = &oracle_->admitted(life_, work, deadline);
  job.kind = kind;
  job.arrived = oracle_->now;
  job.allowed = work.stream_items;
  const WorkId id = work.id;
  job.work = std::move(work);
  if (!jobs_.emplace(id, std::move(job)).second) oracle_->violation("port", "run() with a number that is in use");
  stirred_ = true;
}

void Executor::run(Work work, std::size_t kind, Instant deadline, WorkId many) {
  constexpr std::uint64_t of_no_endpoint = std::uint64_t{1} << 63;
  work.id = WorkId{of_no_endpoint | ++numbers_};
  const WorkId id = work.id;
  run(std::move(work), kind, deadline);
  jobs_.at(id).many = many;
}

Instant Executor::expire_many(WorkId many, Instant local) {
  Instant next = never;
  for (auto& [id, job] : jobs_) {
    if (job.many != many || job.state == State::over || job.stopped) continue;
    if (job.work.deadline > local) {
      next = std::min(next, job.work.deadline);
    } else {
      stop(id, FailureCode::expired);
    }
  }
  return next;
}

void Executor::stop(WorkId work, FailureCode why) {
  for (auto& [id, job] : jobs_) {
    if (job.many == work && job.state != State::over && !job.stopped) stop(id, why);
  }
  const auto found = jobs_.find(work);
  if (found == jobs_.end() || found->second.state == State::over) return;
  found->second.stopped = true;
  found->second.why = why;
  stirred_ = true;
}

void Executor::stop_one(WorkId many, std::uint64_t counter, FailureCode why) {
  for (auto& [id, job] : jobs_) {
    if (job.many == many && job.work.message.counter == counter && job.state != State::over && !job.stopped) stop(id, why);
  }
}

void Executor::more_items(WorkId work, std::uint64_t total) {
  const auto found = jobs_.find(work);
  if (found == jobs_.end()) return;
  if (total < found->second.allowed) oracle_->violation("streams", "more_items() takes back what it gave");
  found->second.allowed = std::max(found->second.allowed, total);
  stirred_ = true;
}

Duration Executor::stalled(Instant now) const { return waiting_ == 0 ? Duration::zero() : now - progress_; }

std::string Executor::describe() const {
  static constexpr std::string_view states[] = {"arrived", "waiting", "running", "over"};
  if (jobs_.empty()) return "its executor is idle";
  const Job& job = jobs_.begin()->second;
  return "its executor has " + std::to_string(jobs_.size()) + " requests, the first is run " + std::to_string(job.run->id) +
         " of " + std::string(kinds[job.kind].name) + ", " + std::string(states[static_cast<std::size_t>(job.state)]) +
         (job.released ? "" : ", not released");
}

// ---- the loop

bool Executor::may_start(const Job& job) const {
  if (running_ >= options_.threads) return false;
  const Ordering ordering = kinds[job.kind].ordering;
  if (ordering == Ordering::none) return true;
  return std::ranges::none_of(jobs_, [&](const auto& each) {
    const Job& other = each.second;
    return other.state == State::running && other.kind == job.kind &&
           (ordering == Ordering::global || other.work.key == job.work.key);
  });
}

void Executor::start(Endpoint& endpoint, Job& job, Instant now, Instant local) {
  const Behaviour behaviour = kinds[job.kind].behaviour;
  --waiting_;
  progress_ = local;
  if (behaviour == Behaviour::refusing) {
    return finish(endpoint, job, std::unexpected(failure(FailureCode::bad_payload)), now, local);
  }
  if (job.run->accepted == unset_time) {
    oracle_->accepted(*job.run);
    endpoint.accepted(job.work.id, local);
  }
  job.state = State::running;
  ++running_;
  oracle_->started(*job.run);
  if (!job.released && random_.chance(0.1)) at(now, job.work.id, TimerKind::release);  // Has read all of it.
  Duration takes = random_.between(soon, soon * 20);
  switch (behaviour) {
    case Behaviour::slow: takes = random_.between(soon, options_.slow); break;
    case Behaviour::never:
      if (!ending_) return;
      break;
    case Behaviour::streaming:
      if (job.work.stream_items == 0) break;
      job.wanted = random_.below(12);
      job.item_due = true;
      at(now + takes, job.work.id, TimerKind::item);
      return;
    default: break;
  }
  at(now + takes, job.work.id, TimerKind::finish);
}

Outcome Executor::result(Job& job) {
  switch (kinds[job.kind].behaviour) {
    case Behaviour::failing: return std::unexpected(failure(FailureCode::handler_failed));
    case Behaviour::flaky:
      if (random_.chance(0.6)) {
        const std::uint64_t after = random_.chance(0.5) ? 0 : random_.below(600);
        return std::unexpected(failure(FailureCode::handler_failed, true, static_cast<std::uint32_t>(after)));
      }
      break;
    default: break;
  }
  const std::uint64_t size =
      kinds[job.kind].behaviour == Behaviour::large ? options_.large : random_.below(300);
  Reply reply;
  reply.schema = reply_schema(job.kind);
  reply.format = common_format;
  reply.payload = make_payload({job.run->send, job.run->id, job.run->items}, size);
  return reply;
}

void Executor::finish(Endpoint& endpoint, Job& job, Outcome outcome, Instant now, Instant local) {
  if (job.state == State::running) --running_;
  job.state = State::over;
  progress_ = local;
  oracle_->finished(*job.run, outcome);
  tell_finished(endpoint, job, std::move(outcome), local);
  if (job.released) return;
  const bool pinned = !ending_ && random_.chance(0.2);
  at(pinned ? now + random_.between(Duration::zero(), options_.pinned) : now, job.work.id, TimerKind::release);
}

void Executor::tell_finished(Endpoint& endpoint, const Job& job, Outcome outcome, Instant local) {
  const Duration waited = (job.run->started == unset_time ? oracle_->now : job.run->started) - job.arrived;
  if (job.many == WorkId{}) return endpoint.finished(job.work.id, std::move(outcome), waited, local);
  Ended& ended = ended_[job.many];
  ended.told.ended += 1;
  ended.told.waited = ended.told.ended == 1 ? waited : std::min(ended.told.waited, waited);
  if (!outcome) {
    ended.failed.push_back({job.work.message.counter, std::move(outcome.error())});
  } else if (job.work.delivery != Delivery::fire_and_forget) {
    ended.done.push_back(job.work.message.counter);
  }
}

// At once, or with those of the next steps: as a loop hears of what its threads have done.
void Executor::tell_of_many(Endpoint& endpoint, Instant now, Instant local) {
  for (auto each = ended_.begin(); each != ended_.end();) {
    auto& [many, ended] = *each;
    if (!ending_ && random_.chance(0.5)) {
      at(now + soon, WorkId{}, TimerKind::finish);  // Of no request: only that there is a next step.
      ++each;
      continue;
    }
    ended.told.done = ended.done;
    ended.told.failed = ended.failed;
    endpoint.ended(many, ended.told, local);
    each = ended_.erase(each);
  }
}

void Executor::tell_released(Endpoint& endpoint, const Job& job) {
  if (job.many == WorkId{}) return endpoint.released(job.work.id);
  Amount& released = ended_[job.many].told.released;
  ++released.messages;
  released.bytes += job.run->bytes;
}

void Executor::next_item(Job& job, Instant now) {
  if (job.item_due || (job.run->items < job.wanted && job.run->items >= job.allowed)) return;
  job.item_due = true;
  if (job.run->items >= job.wanted) return at(now + soon, job.work.id, TimerKind::finish);
  at(now + random_.between(Duration::zero(), soon * 10), job.work.id, TimerKind::item);
}

void Executor::fire(Endpoint& endpoint, const Timer& timer, Instant now, Instant local) {
  const auto found = jobs_.find(timer.work);
  if (found == jobs_.end()) return;
  Job& job = found->second;
  switch (timer.kind) {
    case TimerKind::finish:
      if (job.state != State::running) return;
      if (job.stop_told && options_.listens) {
        return finish(endpoint, job, std::unexpected(failure(job.why)), now, local);
      }
      return finish(endpoint, job, result(job), now, local);
    case TimerKind::item: {
      job.item_due = false;
      if (job.state != State::running) return;
      if (job.run->items < job.wanted && job.run->items < job.allowed) {
        Reply reply;
        reply.schema = reply_schema(job.kind);
        reply.format = common_format;
        reply.payload = make_payload({job.run->send, job.run->id, job.run->items++}, random_.below(200));
        endpoint.item(job.work.id, std::move(reply), local);
      }
      return next_item(job, now);
    }
    case TimerKind::release:
      if (std::exchange(job.released, true)) break;
      job.work.payload = {};
      oracle_->released(*job.run);
      tell_released(endpoint, job);
      break;
  }
  if (job.released && job.state == State::over) jobs_.erase(found);
}

void Executor::step(Endpoint& endpoint, Instant now, Instant local) {
  stirred_ = false;
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const Timer timer = timers_.begin()->second;
    timers_.erase(timers_.begin());
    fire(endpoint, timer, now, local);
    const auto found = jobs_.find(timer.work);
    if (found != jobs_.end() && found->second.released && found->second.state == State::over) jobs_.erase(found);
  }
  for (auto& [id, job] : jobs_) {
    if (job.state == State::arrived) {
      job.state = State::waiting;
      if (waiting_++ == 0) progress_ = local;
      if ((waiting_ > options_.queue_max && !ending_) || kinds[job.kind].behaviour == Behaviour::busy) {
        --waiting_;
        finish(endpoint, job, std::unexpected(failure(FailureCode::overloaded, true, 20)), now, local);
        continue;
      }
      if (options_.accepts_early && kinds[job.kind].behaviour != Behaviour::refusing && !job.stopped) {
        oracle_->accepted(*job.run);
        endpoint.accepted(job.work.id, local);
      }
    }
    if (job.stopped && job.state == State::waiting) {
      --waiting_;
      finish(endpoint, job, std::unexpected(failure(job.why)), now, local);
    } else if (job.stopped && job.state == State::running && !std::exchange(job.stop_told, true)) {
      const bool ends = options_.listens || kinds[job.kind].behaviour == Behaviour::never ||
                        kinds[job.kind].behaviour == Behaviour::streaming;
      if (ends) {
        if (kinds[job.kind].behaviour == Behaviour::streaming) job.wanted = job.run->items;
        at(now + random_.between(soon, soon * 100), id, TimerKind::finish);
      }
    } else if (job.state == State::running && job.work.stream_items != 0 &&
               kinds[job.kind].behaviour == Behaviour::streaming && !job.stop_told) {
      next_item(job, now);
    } else if (ending_ && job.state == State::running && kinds[job.kind].behaviour == Behaviour::never &&
               !std::exchange(job.item_due, true)) {
      at(now + soon, id, TimerKind::finish);
    }
  }
  for (auto& [id, job] : jobs_) {
    if (job.state == State::waiting && may_start(job)) start(endpoint, job, now, local);
  }
  tell_of_many(endpoint, now, local);
}

}  // namespace structwire::messaging::simulation
