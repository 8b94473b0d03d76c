// SPDX-License-Identifier: Apache-2.0
#include <tests/simulation/message_oracle.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace structwire::messaging::simulation {
namespace {

constexpr std::size_t violations_max = 8;
constexpr int success = 0;

std::string number(std::uint64_t value) { return std::to_string(value); }

}  // namespace

std::string text_of(Instant at) {
  if (at == never) return "never";
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%06lld", static_cast<long long>(us / 1'000'000),
                static_cast<long long>(us % 1'000'000));
  return text;
}
std::string text_of(Life life) {
  return life.process == nobody ? "world" : "p" + number(life.process) + "." + number(life.number);
}

void Oracle::log(Life life, const std::string& text) const {
  if (verbose_) std::printf("%s  %-6s %s\n", text_of(now).c_str(), text_of(life).c_str(), text.c_str());
}

void Oracle::violation(std::string_view rule, const std::string& text) {
  if (violations_.size() < violations_max) {
    violations_.push_back(std::string(rule) + ": " + text + ", at " + text_of(now));
  }
  log({}, "VIOLATION " + std::string(rule) + ": " + text);
}

std::string Oracle::told(const Send& send) const {
  static constexpr std::string_view deliveries[] = {"fire_and_forget", "queued",   "accepted",
                                                    "done",            "response", "receipt"};
  return "send " + number(send.id) + " (" + text_of(send.from) + " to p" +
         (send.to == nobody ? std::string("?") : number(send.to)) + " " + std::string(name_of_kind(send.kind)) +
         ", " + std::string(deliveries[static_cast<std::size_t>(send.delivery)]) + ", sent " + text_of(send.sent) +
         ", deadline " + text_of(send.deadline) + ")";
}

// ---- sends

Send& Oracle::sending(Send send) {
  send.id = sends_.size() + 1;
  send.sent = now;
  open_.emplace(send.deadline, send.id);
  sends_.push_back(std::move(send));
  if (verbose_) log(sends_.back().from, told(sends_.back()));
  return sends_.back();
}

void Oracle::cancelling(Send& send) {
  send.cancel_asked = true;
  if (verbose_) log(send.from, "cancels send " + number(send.id));
}

void Oracle::forgetting(Life life, PeerId peer) {
  for (const auto& [deadline, id] : open_) {
    Send& send = sends_[id - 1];
    if (send.from == life && send.peer == peer) send.forgotten = true;
  }
}

void Oracle::peer_up(Life life, PeerId peer) {
  for (const auto& [deadline, id] : open_) {
    Send& send = sends_[id - 1];
    if (send.from == life && send.peer == peer) send.peer_was_up = true;
  }
}

void Oracle::life_ended(Life life) {
  std::erase_if(open_, [&](const auto& each) { return sends_[each.second - 1].from == life; });
  std::erase_if(held_, [&](const auto& each) { return each.first.first == life; });
}

Send* Oracle::some_open(Life life, std::uint64_t which) {
  std::vector<Send*> own;
  for (const auto& [deadline, id] : open_) {
    if (sends_[id - 1].from == life) own.push_back(&sends_[id - 1]);
  }
  return own.empty() ? nullptr : own[which % own.size()];
}

void Oracle::settled(Life at, std::uint64_t tag, const Outcome& outcome) {
  Send* const send = find(tag);
  if (send == nullptr || send->from != at) {
    return violation("one outcome", "p" + number(at.process) + " is told the end of a send that it did not begin");
  }
  if (++send->outcomes > 1) {
    return violation("one outcome", told(*send) + " has outcome number " + number(send->outcomes));
  }
  open_.erase({send->deadline, send->id});
  send->settled = now;
  send->succeeded = outcome.has_value();
  if (outcome) {
    ++outcomes[success];
    log(at, "send " + number(tag) + " succeeded");
    check_success(*send, *outcome);
  } else {
    send->code = outcome.error().code;
    ++outcomes[static_cast<int>(send->code)];
    if (verbose_) {
      log(at, "send " + number(tag) + " failed: " + std::string(name_of(send->code)) + ", " + outcome.error().text);
    }
    check_failure(*send, outcome.error());
  }
}

void Oracle::check_success(Send& send, const Reply& reply) {
  const auto some_run = [&](auto&& holds) {
    return std::ranges::any_of(send.runs, [&](std::uint64_t id) { return holds(run_at(id)); });
  };
  switch (send.delivery) {
    case Delivery::fire_and_forget:
    case Delivery::queued: return;
    case Delivery::accepted:
      if (!some_run([](const Run& run) { return run.accepted != unset_time; })) {
        violation("true success", told(send) + " is told accepted, and no run of it was");
      }
      return;
    case Delivery::done:
      if (!some_run([](const Run& run) { return run.finished != unset_time && run.succeeded; })) {
        violation("true success", told(send) + " is told done, and no run of it has finished well");
      }
      return;
    case Delivery::response:
    case Delivery::receipt: break;
  }
  const auto content = read_payload(reply.payload.bytes());
  const Run* const run = content ? run_of(content->run) : nullptr;
  if (run == nullptr || content->send != send.id || run->send != send.id) {
    return violation("true success", told(send) + " got a reply that is not its own");
  }
  if (run->finished == unset_time || !run->succeeded || reply.payload.size() != run->reply_bytes ||
      content->item != run->items) {
    return violation("true success", told(send) + " got what run " + number(run->id) + " did not return");
  }
  if (reply.schema != reply_schema(send.kind) || reply.format != common_format) {
    violation("true success", told(send) + " got its reply under another schema or format");
  }
  if (send.stream_items != 0 && send.items != run->items) {
    violation("streams", told(send) + " ended well after " + number(send.items) + " items of " + number(run->items));
  }
  if (send.delivery == Delivery::receipt && run->accepted == unset_time) {
    violation("true success", told(send) + " has a response of a run that was not accepted");
  }
}

bool Oracle::excused(const Send& send, const Run& run) const {
  if (run.started == unset_time) return true;
  if (run.finished != unset_time && !run.succeeded && run.retryable) return true;
  const bool idempotent = send.kind < kinds.size() && kinds[send.kind].idempotent;
  const ProcessFacts& facts = processes[run.at.process];
  if (!idempotent) return false;
  return facts.life != run.at || !facts.alive ||
         processes[send.from.process].sessions + facts.sessions != run.sessions;
}

void Oracle::check_failure(const Send& send, const Failure& failure) {
  const ProcessFacts* const target = send.to == nobody ? nullptr : &processes[send.to];
  const std::string reason = reason_against(send, failure.code, processes[send.from.process], target, now);
  if (!reason.empty()) {
    violation("true failure", told(send) + " failed as " + std::string(name_of(failure.code)) + ", but " + reason);
  }
  const auto some_run_ended_as = [&](FailureCode code) {
    return std::ranges::any_of(send.runs, [&](std::uint64_t id) {
      return run_at(id).finished != unset_time && !run_at(id).succeeded && run_at(id).code == code;
    });
  };
  if (failure.code == FailureCode::handler_failed && !some_run_ended_as(failure.code)) {
    const bool too_large_a_reply = send.kind < kinds.size() && kinds[send.kind].behaviour == Behaviour::large &&
                                   processes[send.from.process].payload_bytes_max < large_reply_most;
    if (!too_large_a_reply) violation("true failure", told(send) + " failed as handler_failed, and no run of it has");
  }
  if (failure.code == FailureCode::overloaded && !some_run_ended_as(failure.code) && !send.too_deep) {
    violation("true failure", told(send) + " failed as overloaded, and nobody refused it");
  }
  if (send.must_succeed) {
    violation("calm", told(send) + " failed as " + std::string(name_of(failure.code)) + " with nothing in its way");
  }
  check_prompt(send);
  check_not_run(send);
}

// With nothing between two processes, what cannot be is told within a round trip and not at the deadline.
void Oracle::check_prompt(const Send& send) {
  if (send.to == nobody || !is_calm) return;
  const bool cannot_be = send.kind >= kinds.size() || !send.right_schema ||
                         send.bytes > processes[send.to].payload_bytes_max;
  if (send.code == FailureCode::expired && cannot_be && send.deadline - send.sent > prompt) {
    violation("prompt", told(send) + " cannot be, and waited for its deadline");
  }
}

void Oracle::check_not_run(const Send& send) {
  if (!says_not_run(send, send.code)) return;
  for (const std::uint64_t id : send.runs) {
    if (excused(send, run_at(id))) continue;
    violation("did not run", told(send) + " failed as " + std::string(name_of(send.code)) + ", and run " + number(id) +
                                 " had started");
  }
}

void Oracle::receipt(Life at, std::uint64_t tag) {
  Send* const send = find(tag);
  if (send == nullptr || send->from != at || send->delivery != Delivery::receipt) {
    return violation("receipt", text_of(at) + " got a receipt that it did not ask for");
  }
  log(at, "send " + number(tag) + " has its receipt");
  if (send->outcomes != 0) violation("receipt", told(*send) + " got its receipt after its outcome");
  if (++send->receipts > 1 + send->runs.size()) violation("receipt", told(*send) + " got one too many");
  if (!std::ranges::any_of(send->runs, [&](std::uint64_t id) { return run_at(id).accepted != unset_time; })) {
    violation("receipt", told(*send) + " got its receipt, and no run of it was accepted");
  }
}

void Oracle::item(Life at, std::uint64_t tag, const Reply& reply) {
  Send* const send = find(tag);
  if (send == nullptr || send->from != at || send->stream_items == 0) {
    return violation("streams", text_of(at) + " got an item of no stream of its own");
  }
  if (send->outcomes != 0) return violation("streams", told(*send) + " got an item after its outcome");
  const auto content = read_payload(reply.payload.bytes());
  if (!content || content->send != tag || content->item != send->items) {
    violation("streams", told(*send) + " got another item than number " + number(send->items));
  }
  if (++send->items > send->consumed + send->stream_items) {
    violation("streams", told(*send) + " got more items than its window");
  }
}

// ---- requests

Run& Oracle::admitted(Life at, const Work& work, Instant deadline) {
  Run& run = runs_.emplace_back();
  run.id = runs_.size();
  run.at = at;
  run.peer = work.peer;
  run.message = work.message;
  run.bytes = work.payload.size();
  run.deadline = deadline;
  run.admitted = now;
  const auto content = read_payload(work.payload.bytes());
  Send* const send = content ? find(content->send) : nullptr;
  if (send != nullptr) {
    run.send = send->id;
    if (verbose_) {
      log(at, "run " + number(run.id) + " of send " + number(send->id) + " (" + std::string(name_of_kind(send->kind)) +
                  ") may start; message " + number(work.message.counter));
    }
    if (send->to != at.process) violation("routing", told(*send) + " arrived at " + text_of(at));
    if (work.payload.size() != send->bytes) violation("routing", told(*send) + " arrived with another size");
    if (work.delivery != send->delivery || work.depth > 100) {
      violation("routing", told(*send) + " arrived with other options");
    }
    if (deadline + std::chrono::microseconds(2) < send->deadline) {
      violation("receiver's time", told(*send) + " has less time at the receiver, until " + text_of(deadline));
    }
    if (deadline != never && deadline - now > send->deadline - send->sent + std::chrono::microseconds(2)) {
      violation("receiver's time", told(*send) + " has more time at the receiver than at first");
    }
    // One that a draining receiver sent back has lost its turn.
    const bool was_sent_back = later(processes[at.process].drained, news_travel) >= send->sent;
    if (send->runs.empty() && (processes[at.process].drained == unset_time || !was_sent_back)) check_order(*send, at);
    send->runs.push_back(run.id);
  } else if (content && content->send != 0) {
    violation("routing", text_of(at) + " got a request that nobody sent");
  }
  if (deadline <= now) violation("receiver's time", "run " + number(run.id) + " is past its deadline when it comes");
  check_held(run);
  return run;
}

void Oracle::check_order(const Send& send, Life at) {
  std::uint64_t& newest = newest_[{send.from, send.peer, at, send.priority}];
  if (newest > send.id) {
    violation("order", told(send) + " arrived after send " + number(newest) + " of the same priority");
  }
  newest = std::max(newest, send.id);
  for (const auto& [deadline, id] : open_) {
    Send& other = sends_[id - 1];
    if (id >= send.id || other.from != send.from || other.peer != send.peer) continue;
    if (other.priority >= send.priority || !other.runs.empty()) continue;
    if (++other.passed == passes_max + 1) {
      violation("no starvation", told(other) + " was passed by more than " + number(passes_max));
    }
  }
}

void Oracle::check_held(const Run& run) {
  Amount& held = held_[{run.at, run.peer}];
  ++held.messages;
  held.bytes += run.bytes;
  const Amount credit = processes[run.at.process].credit;
  if (held.messages > credit.messages || held.bytes > credit.bytes) {
    violation("held", text_of(run.at) + " holds " + number(held.messages) + " requests, " + number(held.bytes) +
                          " bytes, of a peer with credit for " + number(credit.messages) + " and " +
                          number(credit.bytes));
  }
}

void Oracle::accepted(Run& run) { run.accepted = now; }

void Oracle::started(Run& run) {
  Send* const send = find(run.send);
  run.started = now;
  if (verbose_) log(run.at, "run " + number(run.id) + " starts");
  if (send == nullptr) return check_stranger(run);
  const ProcessFacts& facts = processes[run.at.process];
  run.sessions = processes[send->from.process].sessions + facts.sessions;
  if (send->outcomes != 0 && !send->succeeded) {
    if (send->code == FailureCode::cancelled) {
      violation("no late start", told(*send) + " starts after its cancel was acknowledged");
    }
    check_not_run(*send);
  }
  const bool waits_for_its_end = send->delivery >= Delivery::done;
  if (send->outcomes != 0 && send->succeeded && waits_for_its_end) {
    violation("no late start", told(*send) + " starts after it was done");
  }
  const bool idempotent = send->kind < kinds.size() && kinds[send->kind].idempotent;
  for (const std::uint64_t id : send->runs) {
    const Run& before = run_at(id);
    if (id == run.id || before.started == unset_time) continue;
    if (before.finished != unset_time && !before.succeeded && before.retryable) continue;
    if (idempotent && (before.at != run.at || before.sessions != run.sessions)) continue;
    violation("no double effect", told(*send) + " starts as run " + number(run.id) + " at " + text_of(run.at) +
                                      " after run " + number(id) + " at " + text_of(before.at));
  }
}

void Oracle::check_stranger(const Run& run) {
  const auto [before, is_first] = strangers_.try_emplace({run.at, run.message}, run.id);
  if (is_first) return;
  const Run& former = run_at(std::exchange(before->second, run.id));
  if (former.finished != unset_time && !former.succeeded && former.retryable) return;
  violation("no double effect", "a stranger's request " + number(run.message.counter) + " starts again as run " +
                                    number(run.id) + " after run " + number(former.id) + " at " + text_of(run.at));
}

void Oracle::finished(Run& run, const Outcome& outcome) {
  run.finished = now;
  run.succeeded = outcome.has_value();
  if (outcome) {
    run.reply_bytes = outcome->payload.size();
  } else {
    run.code = outcome.error().code;
    run.retryable = outcome.error().retryable;
  }
  if (verbose_) {
    log(run.at, "run " + number(run.id) + " ends: " + (outcome ? "well" : std::string(name_of(run.code))));
  }
}

void Oracle::released(Run& run) {
  if (std::exchange(run.released, true)) return;
  if (const auto held = held_.find({run.at, run.peer}); held != held_.end()) {
    --held->second.messages;
    held->second.bytes -= run.bytes;
  }
}

// ---- at all times, and at the end

void Oracle::check_deadlines() {
  for (auto each = open_.begin(); each != open_.end() && later(each->first, tick_slack) < now;) {
    const Send& send = sends_[each->second - 1];
    if (processes[send.from.process].paused) {
      ++each;
      continue;
    }
    violation("one outcome", told(send) + " waits past its deadline");
    each = open_.erase(each);
  }
}

void Oracle::check_end() {
  for (const Send& send : sends_) {
    if (send.delivery != Delivery::queued || !send.succeeded || !send.runs.empty()) continue;
    // It had arrived, and did not come to run: because it was too late, had no handler, was cancelled or went with its
    // process. In a world where none of that happens there is no excuse.
    const ProcessFacts& target = processes[send.to];
    const bool has_handler = send.kind < kinds.size() && target.absent[send.kind] == unset_time;
    const bool undisturbed = target.life_changed == unset_time && target.drained == unset_time &&
                             target.stopped == unset_time && processes[send.from.process].out_of_touch == unset_time &&
                             target.out_of_touch == unset_time && !target.paused;
    const bool in_time = send.settled + std::chrono::milliseconds(50) < send.deadline;
    if (has_handler && undisturbed && in_time && send.right_schema && !send.cancel_asked) {
      violation("true success", told(send) + " is told queued, and never came to run");
    }
  }
  for (const auto& [deadline, id] : open_) violation("one outcome", told(sends_[id - 1]) + " has none at the end");
}

}  // namespace structwire::messaging::simulation
