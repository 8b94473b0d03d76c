// SPDX-License-Identifier: Apache-2.0
//
// This node's sends: from the thread that sends to the endpoint, and their outcomes back.
#include <structwire/messaging/loop/loop.hpp>

#include <algorithm>

namespace structwire::messaging {

// A send lives from here to Loop::settled(); the endpoint has its address as the tag.
Departure::~Departure() {
  if (inside_) Loop::settle(*this, FailureCode::stopped, {});
}

void Departure::run(JobPointer self) noexcept {
  self.release();
  loop_.depart(std::unique_ptr<Departure>(this));
}

bool Loop::sampled() noexcept {
  if (options_.sample_every == 0) return false;
  return sends_begun_.fetch_add(1, std::memory_order_relaxed) % options_.sample_every == 0;
}

std::expected<void, Failure> Loop::send(std::unique_ptr<Departure> departure, bool waits) {
  PeerGate& gate = *departure->gate;
  if (is_heavy(gate, departure->message)) {
    return send_later(std::move(departure), [](OutgoingMessage&) -> std::expected<void, Failure> { return {}; });
  }
  const Instant begun = departure->message.options.sampled ? now() : Instant{};
  compress_for(gate, departure->message);
  if (departure->message.options.sampled) departure->encode += now() - begun;
  const auto bytes = departure->message.payload.size();
  const bool here = on_loop();
  switch (departure->message.options.when_full) {
    case WhenFull::wait:
      if (here) {
        gate.push_in(bytes);
      } else if (!gate.wait(bytes, departure->deadline)) {
        return failed(FailureCode::expired, "There was no room to queue it in time");
      }
      break;
    case WhenFull::fail:
      if (!gate.enter(bytes)) return failed(FailureCode::queue_full, {}, true);
      break;
    case WhenFull::drop_oldest:
    case WhenFull::latest: gate.push_in(bytes); break;
  }
  departure->inside_ = true;
  departure->bytes_ = bytes;
  if (here) {
    depart_in_order(std::move(departure));
    return {};
  }
  JobPointer posted = std::move(departure);
  switch (mailbox_.post(posted)) {
    case Mailbox<Job>::Posted::taken:
      gate.end_joining();
      return {};
    case Mailbox<Job>::Posted::closed: {
      // Who sends is told of it here, and not by the outcome.
      Departure& refused = static_cast<Departure&>(*posted);
      refused.inside_ = false;
      gate.leave(bytes);
      return failed(FailureCode::stopped);
    }
    case Mailbox<Job>::Posted::taken_and_wake: break;
  }
  gate.end_joining();
  // Nobody leads? Then this thread does next, or somebody else has begun to since, and has seen what was posted.
  const bool leads_next = waits && !leadership_.led();
  if (!leads_next) wake();
  return {};
}

// ---- those that leave together

void Leaving::close() noexcept {
  gate_->with_joinable([this](std::atomic<Leaving*>& joinable) {
    if (joinable.load(std::memory_order_relaxed) == this) joinable.store(nullptr, std::memory_order_relaxed);
  });
}

// What has not left was never on its way.
Leaving::~Leaving() {
  close();
  if (waiting().messages == 0) return;
  gate_->leave(waiting());
  for (const auto& pending : pending_) {
    if (pending == nullptr) continue;
    pending->leaving_ = nullptr;
    pending->settled(messaging::failed(FailureCode::stopped));
  }
}

void Leaving::add(SmallMessage message, std::shared_ptr<Pending> pending) {
  if (is_confirmed()) {
    message.tag = pending_.size();
    if (pending != nullptr) {
      pending->leaving_ = this;
      pending->tag_ = message.tag;
    }
    pending_.push_back(std::move(pending));
  }
  ManyMessages::add(message);
}

void Leaving::run(JobPointer self) noexcept {
  close();
  self.release();
  std::unique_ptr<ManyMessages> all(this);
  if (loop_.quit_) return;
  loop_.sends_out_ += waiting().messages;
  loop_.endpoint_->send(peer_, std::move(all), Loop::now());
}

std::shared_ptr<Pending> Leaving::take(const Message& message) noexcept {
  auto pending = std::exchange(pending_[message.tag], nullptr);
  if (pending != nullptr) pending->leaving_ = nullptr;
  return pending;
}

void Leaving::done(const Message& message) {
  if (const auto pending = take(message)) pending->settled(Reply{});
}

// It stays within the gate.
std::uint64_t Leaving::parted(const Message& message, Ticket its_own) {
  auto departure = std::make_unique<Departure>(loop_);
  departure->peer = peer_;
  departure->gate = gate_;
  departure->pending = take(message);
  departure->inside_ = true;
  departure->bytes_ = message.size;
  departure->ticket_ = its_own;
  if (departure->pending != nullptr) departure->pending->departure_ = departure.get();
  return reinterpret_cast<std::uint64_t>(departure.release());
}

void Leaving::left(Amount amount) {
  loop_.sends_out_ -= amount.messages;
  gate_->leave(amount);
}

std::expected<void, Failure> Loop::send(PeerId peer, const std::shared_ptr<PeerGate>& gate, std::uint8_t priority,
                                        Delivery delivery, const SmallMessage& message, std::shared_ptr<Pending> pending) {
  if (!gate->wait(message.payload.size(), message.deadline)) {
    return failed(FailureCode::expired, "There was no room to queue it in time");
  }
  const bool somebody_waits = pending != nullptr;
  JobPointer posted;
  const auto result = gate->with_joinable([&](std::atomic<Leaving*>& joinable) {
    if (Leaving* const open = joinable.load(std::memory_order_relaxed); open != nullptr && open->takes(priority, delivery)) {
      open->add(message, std::move(pending));
      return mailbox_.must_be_woken() ? Mailbox<Job>::Posted::taken_and_wake : Mailbox<Job>::Posted::taken;
    }
    auto leaving = std::make_unique<Leaving>(*this, peer, gate, priority, delivery);
    leaving->add(message, std::move(pending));
    // Before it is posted: who posts something behind it sees it here, too.
    joinable.store(leaving.get(), std::memory_order_release);
    posted = std::move(leaving);
    const auto done = mailbox_.post(posted);
    if (done == Mailbox<Job>::Posted::closed) joinable.store(nullptr, std::memory_order_relaxed);
    return done;
  });
  if (result == Mailbox<Job>::Posted::taken_and_wake) wake();
  if (result != Mailbox<Job>::Posted::closed) return {};
  posted = nullptr;  // Who waits hears of it by that.
  if (somebody_waits) return {};
  return failed(FailureCode::stopped);
}

// ---- sends of the loop's own thread

std::expected<void, Failure> Loop::send_later(
    std::unique_ptr<Departure> departure, std::move_only_function<std::expected<void, Failure>(OutgoingMessage&)> encode) {
  // Its size is not known yet; until then it counts as a message.
  departure->gate->push_in(0);
  departure->inside_ = true;
  const LaneKey key(departure->peer, departure->message.options.priority);
  const auto late = std::make_shared<Late>(Late{.departure = std::move(departure), .ready = false, .failure = {}});
  lanes_[key].push_back(late);
  ++loop_counters_.encoded_off_loop;
  in_pool(make_job([this, self = shared_from_this(), key, late, encode = std::move(encode)]() mutable {
    Departure& leaving = *late->departure;
    if (auto done = encode(leaving.message)) {
      compress_for(*leaving.gate, leaving.message);
    } else {
      late->failure = std::move(done.error());
    }
    const auto ready = [this, key, late] {
      late->ready = true;
      Departure& encoded = *late->departure;
      encoded.bytes_ = encoded.message.payload.size();
      encoded.gate->grow(encoded.bytes_);
      depart_ready(key);
    };
    on_loop() ? ready() : static_cast<void>(post(ready));
  }));
  return {};
}

// Behind those of its lane that are being encoded.
void Loop::depart_in_order(std::unique_ptr<Departure> departure) {
  const auto lane = lanes_.find(LaneKey(departure->peer, departure->message.options.priority));
  if (lane == lanes_.end()) return depart(std::move(departure));
  lane->second.push_back(std::make_shared<Late>(Late{.departure = std::move(departure), .ready = true, .failure = {}}));
}

void Loop::depart_ready(LaneKey key) {
  const auto lane = lanes_.find(key);
  if (lane == lanes_.end()) return;
  while (!lane->second.empty() && lane->second.front()->ready) {
    const auto late = std::move(lane->second.front());
    lane->second.pop_front();
    if (late->failure) {
      settle(*late->departure, late->failure->code, std::move(late->failure->text));
    } else {
      depart(std::move(late->departure));
    }
  }
  if (lane->second.empty()) lanes_.erase(lane);
}

// ---- on the loop's thread

void Loop::settle(Departure& departure, FailureCode code, std::string text) {
  departure.inside_ = false;
  departure.gate->leave(departure.bytes_);
  if (departure.pending != nullptr) departure.pending->settled(failed(code, std::move(text)));
}

void Loop::depart(std::unique_ptr<Departure> departure) {
  const Instant time = now();
  OutgoingMessage& message = departure->message;
  if (departure->pending != nullptr && departure->pending->cancelled_) {
    return settle(*departure, FailureCode::cancelled, {});
  }
  if (quit_) return settle(*departure, FailureCode::stopped, {});
  if (departure->deadline <= time) return settle(*departure, FailureCode::expired, {});
  message.options.deadline = departure->deadline == never ? Duration::zero() : departure->deadline - time;
  departure->posted_ = time;
  if (message.options.sampled) departure->handler_ = message.handler;
  if (departure->pending != nullptr) departure->pending->departure_ = departure.get();
  // It may be settled in there, and is gone then.
  Departure* const sent = sending_ = departure.release();
  ++sends_out_;
  const Ticket ticket = endpoint_->send(sent->peer, std::move(message), reinterpret_cast<std::uint64_t>(sent), time);
  if (std::exchange(sending_, nullptr) == sent) sent->ticket_ = ticket;
}

void Loop::settled(std::uint64_t tag, Outcome outcome) {
  const std::unique_ptr<Departure> sent(departure_of(tag));
  --sends_out_;
  if (sending_ == sent.get()) sending_ = nullptr;
  sent->inside_ = false;
  sent->gate->leave(sent->bytes_);
  if (!sent->handler_.empty()) note_timings(*sent, outcome);
  if (sent->pending == nullptr) return;
  sent->pending->departure_ = nullptr;
  sent->pending->settled(std::move(outcome));
}

void Loop::receipt(std::uint64_t tag) {
  if (Pending* const pending = departure_of(tag)->pending.get()) pending->receipt();
}

void Loop::item(std::uint64_t tag, Reply reply) {
  if (Pending* const pending = departure_of(tag)->pending.get()) pending->item(std::move(reply));
}

// Always later: who calls may be within one of the endpoint's functions.
void Loop::cancel(std::shared_ptr<Pending> pending) {
  post([this, pending = std::move(pending)] {
    pending->cancelled_ = true;
    if (pending->departure_ != nullptr) endpoint_->cancel(pending->departure_->ticket_, now());
    if (Leaving* const leaving = pending->leaving_) endpoint_->cancel(leaving->ticket, pending->tag_, now());
  });
}

void Loop::consumed(std::shared_ptr<Pending> pending, std::uint64_t total) {
  post([this, pending = std::move(pending), total] {
    if (pending->departure_ != nullptr) endpoint_->consumed(pending->departure_->ticket_, total, now());
  });
}

void Loop::note_timings(const Departure& sent, const Outcome& outcome) {
  constexpr std::size_t names_max = 1024;
  if (!outcome || !outcome->timings) return;
  auto place = send_figures_.find(sent.handler_);
  if (place == send_figures_.end()) {
    if (send_figures_.size() == names_max) return;
    place = send_figures_.emplace(sent.handler_, SendFigures{}).first;
  }
  const Timings& there = *outcome->timings;
  const Duration remote =
      std::chrono::microseconds(std::uint64_t{there.queued} + there.decode + there.handler + there.encode);
  const Duration total = now() - sent.begun;
  const Duration queue = sent.posted_ - sent.begun - sent.encode;
  SendFigures& figures = place->second;
  figures.encode.add(sent.encode);
  figures.queue.add(queue);
  figures.remote.add(remote);
  figures.transit.add(std::max(Duration::zero(), total - sent.encode - queue - remote));
  figures.total.add(total);
}

}  // namespace structwire::messaging
