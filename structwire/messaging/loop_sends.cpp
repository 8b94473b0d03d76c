// SPDX-License-Identifier: Apache-2.0
//
// This node's sends: from the thread that sends to the endpoint, and their outcomes back.
#include <structwire/messaging/loop.hpp>

#include <algorithm>

namespace structwire::messaging {

/// A send that another thread posted. One that dies un-run has ended as `stopped`.
class Loop::SendCommand final : public Command {
 public:
  SendCommand(Loop& loop, Departure departure) : loop_(loop), departure_(std::move(departure)) {}
  ~SendCommand() override {
    if (!left_) settle(departure_, FailureCode::stopped, {});
  }

  void run() noexcept override {
    left_ = true;
    loop_.depart(std::move(departure_));
  }
  /// For who is told of the refusal in another way.
  Departure take_back() {
    left_ = true;
    return std::move(departure_);
  }

 private:
  Loop& loop_;
  Departure departure_;
  bool left_ = false;
};

bool Loop::sampled() noexcept {
  if (options_.sample_every == 0) return false;
  return sends_begun_.fetch_add(1, std::memory_order_relaxed) % options_.sample_every == 0;
}

std::expected<void, Failure> Loop::send(Departure departure) {
  PeerGate& gate = *departure.gate;
  if (is_heavy(gate, departure.message)) {
    return send_later(std::move(departure), [](OutgoingMessage&) -> std::expected<void, Failure> { return {}; });
  }
  const Instant begun = departure.message.options.sampled ? now() : Instant{};
  compress_for(gate, departure.message);
  if (departure.message.options.sampled) departure.encode += now() - begun;
  const auto bytes = departure.bytes = departure.message.payload.size();
  const bool here = on_loop();
  switch (departure.message.options.when_full) {
    case WhenFull::wait:
      if (here) {
        gate.push_in(bytes);
      } else if (!gate.wait(bytes, departure.deadline)) {
        return failed(FailureCode::expired, "There was no room to queue it in time");
      }
      break;
    case WhenFull::fail:
      if (!gate.enter(bytes)) return failed(FailureCode::queue_full, {}, true);
      break;
    case WhenFull::drop_oldest:
    case WhenFull::latest: gate.push_in(bytes); break;
  }
  if (here) {
    depart_in_order(std::move(departure));
    return {};
  }
  auto* command = new SendCommand(*this, std::move(departure));
  std::unique_ptr<Command> posted(command);
  switch (mailbox_.post(posted)) {
    case Mailbox<Command>::Posted::taken: return {};
    case Mailbox<Command>::Posted::closed:
      command->take_back().gate->leave(bytes);
      return failed(FailureCode::stopped);
    case Mailbox<Command>::Posted::taken_and_wake: break;
  }
  wake();
  return {};
}

// ---- sends of the loop's own thread

std::expected<void, Failure> Loop::send_later(
    Departure departure, std::move_only_function<std::expected<void, Failure>(OutgoingMessage&)> encode) {
  // Its size is not known yet; until then it counts as a message.
  departure.gate->push_in(0);
  const LaneKey key(departure.peer, departure.message.options.priority);
  const auto late = std::make_shared<Late>(Late{.departure = std::move(departure), .ready = false, .failure = {}});
  lanes_[key].push_back(late);
  ++loop_counters_.encoded_off_loop;
  in_pool(make_job([this, self = shared_from_this(), key, late, encode = std::move(encode)]() mutable {
    Departure& leaving = late->departure;
    if (auto done = encode(leaving.message)) {
      compress_for(*leaving.gate, leaving.message);
    } else {
      late->failure = std::move(done.error());
    }
    const auto ready = [this, key, late] {
      late->ready = true;
      late->departure.bytes = late->departure.message.payload.size();
      late->departure.gate->grow(late->departure.bytes);
      depart_ready(key);
    };
    on_loop() ? ready() : static_cast<void>(post(ready));
  }));
  return {};
}

// Behind those of its lane that are being encoded.
void Loop::depart_in_order(Departure departure) {
  const auto lane = lanes_.find(LaneKey(departure.peer, departure.message.options.priority));
  if (lane == lanes_.end()) return depart(std::move(departure));
  lane->second.push_back(std::make_shared<Late>(Late{.departure = std::move(departure), .ready = true, .failure = {}}));
}

void Loop::depart_ready(LaneKey key) {
  const auto lane = lanes_.find(key);
  if (lane == lanes_.end()) return;
  while (!lane->second.empty() && lane->second.front()->ready) {
    const auto late = std::move(lane->second.front());
    lane->second.pop_front();
    Departure& departure = late->departure;
    if (late->failure) {
      settle(departure, late->failure->code, std::move(late->failure->text));
    } else {
      depart(std::move(departure));
    }
  }
  if (lane->second.empty()) lanes_.erase(lane);
}

// ---- on the loop's thread

void Loop::settle(const Departure& departure, FailureCode code, std::string text) {
  departure.gate->leave(departure.bytes);
  if (departure.pending == nullptr) return;
  departure.pending->settled(failed(code, std::move(text)));
}

void Loop::depart(Departure departure) {
  const Instant time = now();
  OutgoingMessage& message = departure.message;
  if (departure.pending != nullptr && departure.pending->cancelled_) {
    return settle(departure, FailureCode::cancelled, {});
  }
  if (quit_) return settle(departure, FailureCode::stopped, {});
  if (departure.deadline <= time) return settle(departure, FailureCode::expired, {});
  message.options.deadline = departure.deadline == never ? Duration::zero() : departure.deadline - time;
  const std::uint64_t tag = next_tag_++;
  Sent sent{.pending = departure.pending,
            .gate = std::move(departure.gate),
            .bytes = departure.bytes,
            .ticket = {},
            .timed = message.options.sampled,
            .handler = message.options.sampled ? message.handler : std::string(),
            .begun = departure.begun,
            .posted = time,
            .encode = departure.encode};
  if (departure.pending != nullptr) departure.pending->tag_ = tag;
  sends_.emplace(tag, std::move(sent));
  const Ticket ticket = endpoint_->send(departure.peer, std::move(message), tag, time);
  if (const auto place = sends_.find(tag); place != sends_.end()) place->second.ticket = ticket;
}

void Loop::settled(std::uint64_t tag, Outcome outcome) {
  auto found = sends_.extract(tag);
  if (found.empty()) return;
  const Sent& sent = found.mapped();
  sent.gate->leave(sent.bytes);
  if (sent.timed) note_timings(sent, outcome);
  if (sent.pending != nullptr) sent.pending->settled(std::move(outcome));
}

void Loop::receipt(std::uint64_t tag) {
  const auto place = sends_.find(tag);
  if (place != sends_.end() && place->second.pending != nullptr) place->second.pending->receipt();
}

void Loop::item(std::uint64_t tag, Reply reply) {
  const auto place = sends_.find(tag);
  if (place != sends_.end() && place->second.pending != nullptr) place->second.pending->item(std::move(reply));
}

// Always later: who calls may be within one of the endpoint's functions.
void Loop::cancel(std::shared_ptr<Pending> pending) {
  post([this, pending = std::move(pending)] {
    pending->cancelled_ = true;
    const auto place = sends_.find(pending->tag_);
    if (place != sends_.end()) endpoint_->cancel(place->second.ticket, now());
  });
}

void Loop::consumed(std::shared_ptr<Pending> pending, std::uint64_t total) {
  post([this, pending = std::move(pending), total] {
    const auto place = sends_.find(pending->tag_);
    if (place != sends_.end()) endpoint_->consumed(place->second.ticket, total, now());
  });
}

void Loop::note_timings(const Sent& sent, const Outcome& outcome) {
  constexpr std::size_t names_max = 1024;
  if (!outcome || !outcome->timings) return;
  auto place = send_figures_.find(sent.handler);
  if (place == send_figures_.end()) {
    if (send_figures_.size() == names_max) return;
    place = send_figures_.emplace(sent.handler, SendFigures{}).first;
  }
  const Timings& there = *outcome->timings;
  const Duration remote =
      std::chrono::microseconds(std::uint64_t{there.queued} + there.decode + there.handler + there.encode);
  const Duration total = now() - sent.begun;
  const Duration queue = sent.posted - sent.begun - sent.encode;
  SendFigures& figures = place->second;
  figures.encode.add(sent.encode);
  figures.queue.add(queue);
  figures.remote.add(remote);
  figures.transit.add(std::max(Duration::zero(), total - sent.encode - queue - remote));
  figures.total.add(total);
}

}  // namespace structwire::messaging
