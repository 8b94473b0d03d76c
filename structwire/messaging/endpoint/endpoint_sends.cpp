// SPDX-License-Identifier: Apache-2.0
//
// Of the endpoint: this side's sends, from the call to their outcome.

#include <algorithm>
#include <bit>

#include <structwire/messaging/endpoint/endpoint_state.hpp>

namespace structwire::messaging {
namespace {

constexpr std::size_t trace_state_max = 512;

bool speaks_against_the_handler(FailureCode code) noexcept {
  switch (code) {
    case FailureCode::handler_failed:
    case FailureCode::overloaded:
    case FailureCode::expired:
    case FailureCode::peer_lost: return true;
    default: return false;
  }
}

}  // namespace

Ticket Endpoint::State::send(PeerId id, OutgoingMessage message, std::uint64_t tag, Instant now) {
  ++counters.sent;
  Send& send = sends_.emplace();
  const Ticket ticket = send.ticket;
  send.peer = id;
  send.tag = tag;
  send.message = std::move(message);
  const SendOptions& wanted = send.message.options;
  send.deadline = later(now, wanted.deadline.count() > 0 ? wanted.deadline : options.deadline);

  const auto refuse = [&](FailureCode code, std::string text) {
    fail(send, code, std::move(text), now);
    return ticket;
  };
  Peer* const peer = find(id);
  if (stopped_) return refuse(FailureCode::stopped, "this side is stopped");
  if (peer == nullptr) return refuse(FailureCode::no_peer, "no such peer");
  if (const auto refused = refuses(send.message.handler, wanted.depth)) return refuse(refused->code, refused->text);
  if (wanted.trace_state.size() > trace_state_max) send.message.options.trace_state.clear();
  send.message.options.priority = std::min(wanted.priority, priority_max);
  if (wanted.circuit_breaker && !peer->breakers.empty()) {
    if (const auto breaker = peer->breakers.find(send.message.handler); breaker != peer->breakers.end()) {
      const bool was_open = !breaker->second.allow(options.breaker.failures, now);
      if (was_open) return refuse(circuit_is_open.code, circuit_is_open.text);
      send.probes = breaker->second.is_probing();
    }
  }
  peer->budget.sent(options.retry.budget);
  peer->waiting.arrive(send.place);
  timers.set(send.timer, send.deadline);
  if (peer->waiting.empty() && transmit(*peer, send, now)) return ticket;
  enqueue(*peer, send, now);
  return ticket;
}

// Whatever the peer is.
std::optional<Endpoint::State::Refusal> Endpoint::State::refuses(std::string_view handler, std::uint32_t depth) const {
  if (handler.empty() || handler.size() > handler_name_max) {
    return Refusal{FailureCode::handler_not_found, "a handler's name has 1 to 255 bytes"};
  }
  if (depth > options.depth_max) return Refusal{FailureCode::overloaded, "handlers call each other too deep"};
  return std::nullopt;
}

// By what the peer told of itself. No entry: it has no such handler, or did not tell of all.
std::optional<Endpoint::State::Refusal> Endpoint::State::refuses(const Peer& peer, const HandlerEntry* entry, std::uint64_t schema) const {
  if (entry == nullptr && !peer.hello.more_handlers) return Refusal{FailureCode::handler_not_found, "the peer has no such handler"};
  if (entry != nullptr && !takes(*entry, schema)) return Refusal{FailureCode::schema_mismatch, "the peer's handler takes another type"};
  return std::nullopt;
}

const HandlerEntry* Endpoint::State::handler_at(const Peer& peer, std::string_view name) {
  const auto found = peer.handlers.find(name);
  return found == peer.handlers.end() ? nullptr : &found->second;
}

// Into the queue for credit, as its policy wants.
void Endpoint::State::enqueue(Peer& peer, Send& send, Instant now) {
  if (sends_.find(send.ticket) == nullptr) return;
  ++counters.credit_waits;
  const OutgoingMessage& message = send.message;
  switch (message.options.when_full) {
    case WhenFull::fail: return fail(send, FailureCode::queue_full, "the peer's credit is used up", now);
    case WhenFull::latest:
      if (Send* const former = sends_.find(peer.waiting.superseded_by(message))) {
        ++counters.dropped;
        fail(*former, FailureCode::superseded, "a newer message has its key", now);
      }
      break;
    case WhenFull::drop_oldest:
      while (!peer.waiting.has_room(message.payload.size(), options.pending)) {
        Send* const oldest = sends_.find(peer.waiting.oldest_to(message.handler));
        if (oldest == nullptr) break;
        ++counters.dropped;
        fail(*oldest, FailureCode::dropped, "newer messages wait for its handler", now);
      }
      break;
    case WhenFull::wait: break;
  }
  if (!peer.waiting.has_room(message.payload.size(), options.pending)) {
    return fail(send, FailureCode::queue_full, "as much as EndpointOptions::pending allows waits already", now);
  }
  send.state = Send::State::waiting;
  peer.waiting.add(send.ticket, message, send.place);
}

void Endpoint::State::pump(Peer& peer, Instant now) {
  while (!peer.waiting.empty()) {
    Send& send = *sends_.find(peer.waiting.first());
    if (send.many != nullptr) {
      if (!transmit_some(peer, send, peer.waiting.turns(), now)) return;
      continue;
    }
    const Ticket ticket = send.ticket;
    if (!transmit(peer, send, now)) return;
    // A refusal takes it out of the queue as well as its way does.
    if (Send* const still = sends_.find(ticket)) peer.waiting.remove(ticket, still->message, still->place);
  }
}

// True where the send is out of the queue: on its way, or ended.
bool Endpoint::State::transmit(Peer& peer, Send& send, Instant now) {
  if (!peer.greeted || peer.draining) return false;
  Session& session = *peer.session;
  const OutgoingMessage& message = send.message;
  const std::uint64_t size = plain_size_of(message);
  const auto refuse = [&](const Refusal& why) {
    fail(send, send.may_run ? FailureCode::peer_lost : why.code, why.text, now);
    return true;
  };
  if (size > peer.agreement.payload_bytes_max) return refuse(too_large_there);
  const HandlerEntry* const entry = handler_at(peer, message.handler);
  if (const auto refused = refuses(peer, entry, message.schema)) return refuse(*refused);
  if (session.sent.amount().messages >= options.unacknowledged.messages) return false;
  if (!session.to_send.take(size)) return false;

  // Tried again in its session it keeps its id, by which the peer knows it.
  if (send.id.incarnation != session.own) send.id = {session.own, ++session.counter};
  const bool ends_here = message.options.delivery == Delivery::fire_and_forget;
  if (!ends_here) session.sends.insert(send.id.counter, send.ticket);
  send.idempotent = entry != nullptr && entry->idempotent;
  send.sequence = session.sent.next();
  send.arrived = false;
  send.may_run = false;
  peer.waiting.remove(send.ticket, message, send.place);
  send.state = Send::State::sent;

  Header header{.kind = MessageKind::request,
                .delivery = message.options.delivery,
                .format = message.format,
                .compression = message.compression,
                .id = send.id,
                .schema = message.schema,
                .handler = entry != nullptr ? entry->slot : 0,
                .time_left_us = microseconds_until(send.deadline, now),
                .plain_size = message.plain_size};
  if (send.idempotent) header.set(Flag::idempotent);
  if (send.attempt != 0) header.set(Flag::retry);
  if (message.options.sampled) header.set(Flag::trace);
  ++send.attempt;
  extensions_.clear();
  if (entry == nullptr) extensions_.add(ExtensionType::handler_name, message.handler);
  if (message.options.trace_parent) extensions_.add(ExtensionType::trace_parent, *message.options.trace_parent);
  if (!message.options.trace_state.empty()) extensions_.add(ExtensionType::trace_state, message.options.trace_state);
  if (send.attempt > 1) extensions_.add_u32(ExtensionType::attempt, send.attempt);
  if (message.options.depth != 0) extensions_.add_u32(ExtensionType::depth, message.options.depth);
  if (message.options.key != 0) extensions_.add_u64(ExtensionType::key, message.options.key);
  if (message.options.stream_items != 0) extensions_.add_pair(ExtensionType::credit, message.options.stream_items, 0);

  append(peer, header, extensions_, message.payload,
         ends_here ? settled_owner : static_cast<std::uint64_t>(send.ticket), send.deadline, now);
  if (ends_here) settle(send, Reply{}, now);
  return true;
}

// The peer acknowledged a message.
void Endpoint::State::arrived(Peer& peer, const SentMessage& message, Instant now) {
  if (message.owner == 0 || message.owner == settled_owner) return;
  Send* const send = sends_.find(Ticket{message.owner});
  if (send == nullptr || send->peer != peer.id || send->many != nullptr) return;
  send->arrived = true;
  if (send->message.options.delivery == Delivery::queued) settle(*send, Reply{}, now);
}

// One of many has parted from them then.
Send* Endpoint::State::send_of(Peer& peer, const MessageId& id) {
  if (id.incarnation != peer.session->own) return nullptr;
  const Ticket* const found = peer.session->sends.find(id.counter);
  Send* const send = found == nullptr ? nullptr : sends_.find(*found);
  return send == nullptr || send->many == nullptr ? send : part_one(*send, id.counter);
}

// The one that it names, and others of whose handlers it tells the same.
void Endpoint::State::done_came(Peer& peer, const HeaderView& view, Instant now) {
  if (view.header.id.incarnation != peer.session->own) return;
  Ticket many{};
  Amount left;  // Of those.
  const auto end_those = [&] {
    if (Send* const those = sends_.find(std::exchange(many, Ticket{}))) were_done(*those, std::exchange(left, {}));
  };
  const auto is_done = [&](std::uint64_t counter) {
    const Ticket* const found = peer.session->sends.find(counter);
    Send* const send = found == nullptr ? nullptr : sends_.find(*found);
    if (send == nullptr) return;  // It has its outcome.
    if (send->many != nullptr) {
      if (send->ticket != many) end_those();
      many = send->ticket;
      done_of_many(peer, *send, counter, left);
    } else if (send->state == Send::State::sent) {
      send->arrived = true;
      settle(*send, Reply{}, now);
    }
  };
  const std::uint64_t first = view.header.id.counter;
  is_done(first);
  const auto others = view.extensions.find(ExtensionType::done_too);
  for (std::uint64_t bits = others ? others->u64().value_or(0) : 0; bits != 0; bits &= bits - 1) {
    is_done(first + 1 + static_cast<std::uint64_t>(std::countr_zero(bits)));
  }
  end_those();
}

void Endpoint::State::reply_came(Peer& peer, ReceivedMessage message, Instant now) {
  const Header& header = message.view.header;
  if (header.kind == MessageKind::ack) return done_came(peer, message.view, now);
  Send* const send = send_of(peer, header.id);
  if (send == nullptr || send->state != Send::State::sent) return;  // It has its outcome.
  send->arrived = true;
  const Delivery wanted = send->message.options.delivery;
  switch (header.kind) {
    case MessageKind::accept:
      if (wanted == Delivery::accepted) return settle(*send, Reply{}, now);
      if (wanted == Delivery::receipt) port.receipt(send->tag);
      return;
    case MessageKind::nack: return nack_came(peer, *send, message, now);
    default: break;
  }
  if (const char* const why = unreadable(peer, header)) return fail(*send, FailureCode::bad_payload, why, now);
  Reply reply{header.schema, header.format, header.compression, std::move(message.payload), {}, header.plain_size};
  if (const auto timing = message.view.extensions.find(ExtensionType::timing)) {
    reply.timings = Timings{timing->u32(0).value_or(0), timing->u32(4).value_or(0), timing->u32(8).value_or(0),
                            timing->u32(12).value_or(0)};
  }
  if (!header.has(Flag::last)) return port.item(send->tag, std::move(reply));
  settle(*send, std::move(reply), now);
}

void Endpoint::State::nack_came(Peer& peer, Send& send, const ReceivedMessage& message, Instant now) {
  Failure failure;
  if (const auto told = message.view.extensions.find(ExtensionType::failure)) {
    if (auto read = read_failure(*told)) failure = std::move(*read);
  }
  const bool another_try = failure.retryable && !send.cancelled && send.attempt < options.retry.attempts &&
                           (failure.code == FailureCode::overloaded || failure.code == FailureCode::draining) &&
                           peer.budget.take();
  if (!another_try) return settle(send, std::unexpected(std::move(failure)), now);
  Duration pause = options.retry.first * (std::int64_t{1} << std::min(send.attempt - 1, 20u));
  pause = std::min(pause, options.retry.longest);
  pause = std::max<Duration>(pause / 2 + jitter(pause / 2), std::chrono::milliseconds(failure.retry_after_ms));
  if (later(now, pause) >= send.deadline) return settle(send, std::unexpected(std::move(failure)), now);
  ++counters.retries;
  peer.session->sends.erase(send.id.counter);
  send.state = Send::State::pausing;
  timers.set(send.timer, later(now, pause));
}

void Endpoint::State::send_timer(Send& send, Instant now) {
  Peer& peer = *find(send.peer);
  if (send.many != nullptr) return end_expired(peer, send, now);
  if (now < send.deadline) {
    timers.set(send.timer, send.deadline);
    if (peer.waiting.empty() && transmit(peer, send, now)) return;
    if (send.message.options.when_full == WhenFull::fail) send.message.options.when_full = WhenFull::wait;
    return enqueue(peer, send, now);
  }
  if (send.state == Send::State::sent && !send.cancelled) {
    extensions_.clear();
    append(peer, {.kind = MessageKind::cancel, .id = send.id}, extensions_, {}, 0, never, now);
  }
  const bool never_met = peer.agreement.formats.empty();
  const Refusal& why = never_met ? nobody_answered : deadline_passed;
  fail(send, why.code, why.text, now);
}

void Endpoint::State::cancel(Ticket ticket, Instant now) {
  Send* const send = sends_.find(ticket);
  if (send == nullptr || send->many != nullptr || send->cancelled) return;
  if (send->may_run) return fail(*send, FailureCode::peer_lost, "its session ended, and it may have run", now);
  if (send->state != Send::State::sent) return fail(*send, FailureCode::cancelled, "it was cancelled before it was sent", now);
  send->cancelled = true;
  extensions_.clear();
  append(*find(send->peer), {.kind = MessageKind::cancel, .id = send->id}, extensions_, {}, 0, never, now);
}

void Endpoint::State::consumed(Ticket ticket, std::uint64_t total, Instant now) {
  Send* const send = sends_.find(ticket);
  if (send == nullptr || send->state != Send::State::sent) return;
  extensions_.clear();
  extensions_.add_pair(ExtensionType::credit, total + send->message.options.stream_items, 0);
  append(*find(send->peer), {.kind = MessageKind::credit, .id = send->id}, extensions_, {}, 0, never, now);
}

// The session ends: what was on its way is sent in the next one, or its fate is unknown.
void Endpoint::State::start_over(Peer& peer, std::uint64_t arrived_before, Instant now) {
  Session& session = *peer.session;
  session.sent.each([&](const SentMessage& message) {
    counters.abandoned += message.owner == 0 || message.owner == settled_owner ? message.count : 0;
    return true;
  });
  bool lost = false;
  for (const Ticket ticket : sends_.ids()) {
    Send* const send = sends_.find(ticket);
    if (send->many != nullptr && send->peer == peer.id) part_under_way(*send);
  }
  for (const Ticket ticket : sends_.ids()) {
    Send* const send = sends_.find(ticket);
    if (send == nullptr || send->peer != peer.id || send->state != Send::State::sent) continue;
    const bool did_not_arrive = !send->arrived && arrived_before != 0 && send->sequence >= arrived_before;
    const bool streams = send->message.options.stream_items != 0;
    // Without room, `queue_full` would say that it has not run.
    const bool has_room = peer.waiting.has_room(send->message.payload.size(), options.pending);
    if (!send->cancelled && (did_not_arrive || (send->idempotent && !streams && has_room))) {
      send->state = Send::State::waiting;
      send->may_run = !did_not_arrive;
      send->message.options.when_full = WhenFull::wait;
      enqueue(peer, *send, now);
    } else {
      lost = true;
      fail(*send, did_not_arrive ? FailureCode::cancelled : FailureCode::peer_lost,
           "the peer's process went away, and it may have run", now);
    }
  }
  counters.peers_lost += lost ? 1 : 0;
}

void Endpoint::State::fail(Send& send, const Refusal& why, Instant now) {
  send.many != nullptr ? fail_all(send, why, now) : fail(send, why.code, why.text, now);
}

void Endpoint::State::fail(Send& send, FailureCode code, std::string text, Instant now) {
  settle(send, std::unexpected(Failure{.code = code, .text = std::move(text)}), now);
}

// Only handlers that failed have a circuit breaker; one that succeeds loses it.
void Endpoint::State::judge_circuit(Peer& peer, const Send& send, const Outcome& outcome, Instant now) {
  const bool failed = !outcome && send.state == Send::State::sent && speaks_against_the_handler(outcome.error().code);
  if (peer.breakers.empty() && !(failed && options.breaker.failures != 0)) return;
  const auto found = peer.breakers.find(send.message.handler);
  if (failed) {
    if (options.breaker.failures == 0) return;
    CircuitBreaker& breaker = found == peer.breakers.end() ? peer.breakers[send.message.handler] : found->second;
    counters.circuits_opened += breaker.failed(options.breaker.failures, options.breaker.open, now) ? 1 : 0;
  } else if (found != peer.breakers.end()) {
    if (outcome && send.message.options.delivery != Delivery::fire_and_forget) {
      peer.breakers.erase(found);
    } else if (send.probes) {
      found->second.undecided();
    }
  }
}

void Endpoint::State::settle(Send& send, Outcome outcome, Instant now) {
  if (Peer* const peer = find(send.peer)) {
    peer->waiting.remove(send.ticket, send.message, send.place);
    if (peer->session && send.id.incarnation == peer->session->own) peer->session->sends.erase(send.id.counter);
    judge_circuit(*peer, send, outcome, now);
  }
  ++(outcome ? counters.succeeded : counters.failed);
  const std::uint64_t tag = send.tag;
  sends_.erase(send.ticket);
  port.settled(tag, std::move(outcome));
}

void Endpoint::State::stop(Instant now) {
  stopped_ = true;
  for (const Ticket ticket : sends_.ids()) {
    if (Send* const send = sends_.find(ticket)) fail(*send, {FailureCode::stopped, "this side is stopped"}, now);
  }
}

}  // namespace structwire::messaging
