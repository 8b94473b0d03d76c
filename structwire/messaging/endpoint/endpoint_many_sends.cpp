// SPDX-License-Identifier: Apache-2.0
//
// Of the endpoint: this side's messages that leave together. Many of them are one Send, with one turn after the other;
// they are written one behind the other from one header, and those that a frame has together are kept together. One that
// meets with anything but success parts from the others, and is a Send like any from then on.

#include <algorithm>
#include <cstring>

#include <structwire/messaging/endpoint/endpoint_state.hpp>

namespace structwire::messaging {
namespace {

// Who has so few left under way holds the memory of all: they part.
constexpr std::size_t held_per_message = 32;

}  // namespace

// What is being written of some of them.
struct Endpoint::State::Departing {
  const ManyMessages::Kind* kind = nullptr;
  std::optional<Refusal> refusal;  // Of the kind.
  bool alone = false;              // They go one by one: the handler has failed just now.
  std::uint32_t count = 0;         // Written, and not kept yet, ...
  std::size_t bytes = 0;           // ... at the end of the outbox.
};

void Endpoint::State::send(PeerId id, std::unique_ptr<ManyMessages> messages, Instant now) {
  const Amount amount = messages->waiting();
  if (amount.messages == 0) return;
  counters.sent += amount.messages;
  Send& send = sends_.emplace();
  send.peer = id;
  messages->ticket = send.ticket;
  send.many = std::move(messages);
  Peer* const peer = find(id);
  if (stopped_) return fail_all(send, {FailureCode::stopped, "this side is stopped"}, now);
  if (peer == nullptr) return fail_all(send, {FailureCode::no_peer, "no such peer"}, now);
  peer->budget.sent(options.retry.budget * static_cast<double>(amount.messages));
  peer->waiting.arrive(send.place, amount.messages);
  send.many->first_turn = send.place.arrival;
  timers.set(send.timer, send.many->earliest_deadline());
  const Ticket ticket = send.ticket;
  if (peer->waiting.empty()) transmit_some(*peer, send, amount.messages, now);
  if (sends_.find(ticket) != nullptr && send.many->waiting().messages != 0) enqueue_all(*peer, send, now);
}

// Into the queue for credit; those for which there is no room, the last ones, end here.
void Endpoint::State::enqueue_all(Peer& peer, Send& send, Instant now) {
  ManyMessages& messages = *send.many;
  counters.credit_waits += messages.waiting().messages;
  const Amount waits = peer.waiting.amount();
  Amount refused;
  while (messages.waiting().messages != 0 && (waits.messages + messages.waiting().messages > options.pending.messages ||
                                              waits.bytes + messages.waiting().bytes > options.pending.bytes)) {
    end(send, messages.back(), {FailureCode::queue_full, "as much as EndpointOptions::pending allows waits already"}, refused, now);
    messages.pop_back();
  }
  if (refused.messages != 0) messages.left(refused);
  if (messages.waiting().messages == 0) return look_after(send);
  peer.waiting.add(send.ticket, std::min(messages.priority(), priority_max), messages.waiting(), send.place);
}

// What goes for all messages of a kind: may they go there at all, and their header.
std::optional<Endpoint::State::Refusal> Endpoint::State::begin_kind(Peer& peer, const ManyMessages& messages, Departing& departing,
                                                                    Instant now) {
  const ManyMessages::Kind& kind = *departing.kind;
  if (auto refused = refuses(kind.handler, kind.depth)) return refused;
  const HandlerEntry* const entry = handler_at(peer, kind.handler);
  if (auto refused = refuses(peer, entry, kind.schema)) return refused;
  if (const auto breaker = peer.breakers.find(kind.handler); breaker != peer.breakers.end()) {
    departing.alone = messages.is_confirmed();
    if (departing.alone) return std::nullopt;
    if (!breaker->second.allow(options.breaker.failures, now)) return circuit_is_open;
    breaker->second.undecided();  // Nothing will be heard of them.
  }
  Header header{.kind = MessageKind::request,
                .delivery = messages.delivery(),
                .format = kind.format,
                .id = {peer.session->own, 0},
                .schema = kind.schema,
                .handler = entry != nullptr ? entry->slot : 0};
  if (entry != nullptr && entry->idempotent) header.set(Flag::idempotent);
  extensions_.clear();
  if (entry == nullptr) extensions_.add(ExtensionType::handler_name, kind.handler);
  if (kind.depth != 0) extensions_.add_u32(ExtensionType::depth, kind.depth);
  if (kind.key != 0) extensions_.add_u64(ExtensionType::key, kind.key);
  header_.clear();
  if (!append_header(header, extensions_, header_)) return Refusal{FailureCode::handler_not_found, "its header is too large"};
  return std::nullopt;
}

void Endpoint::State::write_next(Peer& peer, Send& send, Departing& departing, Instant now) {
  Session& session = *peer.session;
  ManyMessages& messages = *send.many;
  const ManyMessages::Message& message = messages.front();
  const std::size_t whole = header_.size() + message.size;
  const bool continues = departing.count != 0 && peer.outbox.continues(whole);
  if (!continues) keep_written(peer, send, departing, now);
  const auto passes_on = [&](Frame frame) { pass_on(peer, std::move(frame)); };
  const std::span<std::byte> room = peer.outbox.room(whole, passes_on);
  std::memcpy(room.data(), header_.data(), header_.size());
  const std::uint64_t sequence = session.sent.next() + departing.count;
  renumber_header(room.first(header_.size()), {.counter = ++session.counter,
                                               .sequence = sequence,
                                               .time_left_us = microseconds_until(message.deadline, now),
                                               .payload_size = message.size});
  const auto payload = messages.payload(message);
  if (!payload.empty()) std::memcpy(room.data() + header_.size(), payload.data(), payload.size());
  ++departing.count;
  departing.bytes = (departing.bytes + 7) / 8 * 8 + whole;
  if (messages.is_confirmed()) {
    session.sends.insert(session.counter, send.ticket);
    messages.leave(session.counter, sequence);
  } else {
    messages.sent(message);
    messages.pop_front();
  }
  const bool alone = !peer.agreement.has(Feature::batches);
  if (!alone && peer.outbox.size() < options.batch_bytes) return;
  keep_written(peer, send, departing, now);
  peer.outbox.flush(passes_on);
}

void Endpoint::State::keep_written(Peer& peer, const Send& send, Departing& departing, Instant now) {
  if (departing.count == 0) return;
  peer.session->sent.keep({.head = peer.outbox.last(departing.bytes),
                           .body = {},
                           .owner = send.many->is_confirmed() ? static_cast<std::uint64_t>(send.ticket) : settled_owner,
                           .sent = now,
                           .written = now,
                           .count = departing.count});
  departing.count = 0;
  departing.bytes = 0;
}

// True where its turn is over: at most so many have left or ended, or all. False: it can go no further now.
bool Endpoint::State::transmit_some(Peer& peer, Send& send, std::uint64_t most, Instant now) {
  if (!peer.greeted || peer.draining) return false;
  Session& session = *peer.session;
  ManyMessages& messages = *send.many;
  const Amount before = messages.waiting();
  Departing departing;
  Amount refused;
  std::uint64_t written = 0;
  Amount left;
  bool goes_on = true;
  for (; most != 0 && messages.waiting().messages != 0; --most) {
    const ManyMessages::Message& message = messages.front();
    if (const ManyMessages::Kind& kind = messages.kind(message); &kind != departing.kind) {
      departing.kind = &kind;
      departing.refusal = begin_kind(peer, messages, departing, now);
    }
    std::optional<Refusal> refusal = departing.refusal;
    if (message.deadline <= now) refusal = deadline_passed;
    if (message.size > peer.agreement.payload_bytes_max) refusal = too_large_there;
    if (refusal) {
      end(send, message, *refusal, refused, now);
      messages.pop_front();
      continue;
    }
    goes_on = session.sent.amount().messages + departing.count < options.unacknowledged.messages &&
              session.to_send.covers(message.size);
    if (!goes_on) break;
    if (departing.alone) {
      keep_written(peer, send, departing, now);
      departing = {};  // The next one asks anew.
      send_alone(peer, send, message, now);
      messages.pop_front();
      continue;
    }
    session.to_send.take(message.size);
    if (!messages.is_confirmed()) {
      ++left.messages;
      left.bytes += message.size;
    }
    ++written;
    write_next(peer, send, departing, now);
  }
  keep_written(peer, send, departing, now);
  const Amount gone{before.messages - messages.waiting().messages, before.bytes - messages.waiting().bytes};
  if (gone.messages == 0) return goes_on;
  counters.succeeded += left.messages;
  if (written != 0) {
    if (!peer.info.lossless && !peer.resend.is_set()) timers.set(peer.resend, later(now, peer.resend_after));
    touch(peer);
  }
  peer.waiting.advance(send.place, gone);
  left.messages += refused.messages;
  left.bytes += refused.bytes;
  if (left.messages != 0) messages.left(left);
  if (messages.waiting().messages != 0) return goes_on;
  peer.waiting.remove(send.place);
  look_after(send);
  return true;
}

// One that there is credit for, to a handler that has failed just now: by what it comes to the circuit opens or closes.
void Endpoint::State::send_alone(Peer& peer, const Send& many, const ManyMessages::Message& message, Instant now) {
  Send& send = part(many, message);
  CircuitBreaker& breaker = peer.breakers.at(send.message.handler);
  if (!breaker.allow(options.breaker.failures, now)) return fail(send, circuit_is_open, now);
  send.probes = breaker.is_probing();
  transmit(peer, send, now);
}

// ---- the end of one

// One that waits fails. What nobody waits for does so with the others: `refused` counts it.
void Endpoint::State::end(Send& many, const ManyMessages::Message& message, const Refusal& why, Amount& refused, Instant now) {
  if (many.many->is_confirmed()) return fail(part(many, message), why.code, why.text, now);
  ++counters.failed;
  ++refused.messages;
  refused.bytes += message.size;
  many.many->failed(message, why.code);
}

// A send of its own, for one that goes on or ends in another way than the others. Who calls takes it out of them.
Send& Endpoint::State::part(const Send& many, const ManyMessages::Message& message) {
  ManyMessages& messages = *many.many;
  const ManyMessages::Kind& kind = messages.kind(message);
  Send& send = sends_.emplace();
  send.peer = many.peer;
  send.deadline = message.deadline;
  send.message = {.handler = kind.handler,
                  .schema = kind.schema,
                  .format = kind.format,
                  .payload = Payload::copy(messages.payload(message)),
                  .options = {.delivery = messages.delivery(),
                              .priority = std::min(messages.priority(), priority_max),
                              .key = kind.key,
                              .depth = kind.depth}};
  send.place.arrival = messages.turn_of(message);
  if (message.counter != 0) {
    Peer& peer = *find(many.peer);
    const HandlerEntry* const entry = handler_at(peer, kind.handler);
    send.state = Send::State::sent;
    send.id = {peer.session->own, message.counter};
    send.sequence = message.sequence;
    send.arrived = message.sequence < peer.session->sent.first();
    send.idempotent = entry != nullptr && entry->idempotent;
    send.attempt = 1;
    peer.session->sends.insert(message.counter, send.ticket);
  }
  timers.set(send.timer, send.deadline);
  send.tag = messages.parted(message, send.ticket);
  return send;
}

// All that are under way; these are what is left of `many` then, and it may be gone.
std::vector<Ticket> Endpoint::State::part_under_way(Send& many) {
  std::vector<Ticket> parted;
  many.many->each_under_way([&](ManyMessages::Message& message) {
    parted.push_back(part(many, message).ticket);
    many.many->end(message);
  });
  erase_if_over(many);
  return parted;
}

bool Endpoint::State::erase_if_over(Send& many) {
  if (!many.many->is_over()) return false;
  sends_.erase(many.ticket);
  return true;
}

// After some have ended or parted. Of so few that are left under way each goes on alone.
void Endpoint::State::look_after(Send& many) {
  const ManyMessages& messages = *many.many;
  if (erase_if_over(many) || messages.waiting().messages != 0) return;
  if (messages.under_way() * held_per_message < messages.size()) part_under_way(many);
}

// The send of its own that one of many has become by now; nullptr: it has ended.
Send* Endpoint::State::part_one(Send& many, std::uint64_t counter) {
  ManyMessages::Message* const message = many.many->find(counter);
  if (message == nullptr) return nullptr;
  Send& send = part(many, *message);
  many.many->end(*message);
  look_after(many);
  return &send;
}

// One of many is done, if it had not ended; `left` counts them until all that are done with it are.
void Endpoint::State::done_of_many(Peer& peer, Send& many, std::uint64_t counter, Amount& left) {
  ManyMessages& messages = *many.many;
  ManyMessages::Message* const message = messages.find(counter);
  if (message == nullptr) return;
  peer.session->sends.erase(counter);
  if (!peer.breakers.empty()) peer.breakers.erase(messages.kind(*message).handler);
  ++counters.succeeded;
  ++left.messages;
  left.bytes += message->size;
  messages.end(*message);
  messages.done(*message);
}

void Endpoint::State::were_done(Send& many, Amount left) {
  if (left.messages != 0) many.many->left(left);
  look_after(many);
}

void Endpoint::State::fail_all(Send& send, Refusal why, Instant now) {
  ManyMessages& messages = *send.many;
  if (Peer* const peer = find(send.peer)) peer->waiting.remove(send.place);
  Amount refused;
  for (; messages.waiting().messages != 0; messages.pop_front()) end(send, messages.front(), why, refused, now);
  if (refused.messages != 0) messages.left(refused);
  for (const Ticket each : part_under_way(send)) fail(*sends_.find(each), why.code, why.text, now);
}

void Endpoint::State::end_expired(Peer& peer, Send& send, Instant now) {
  ManyMessages& messages = *send.many;
  const bool never_met = peer.agreement.formats.empty();
  const Refusal why = never_met ? nobody_answered : deadline_passed;
  const Amount before = messages.waiting();
  Amount refused;
  messages.remove_waiting([&](const ManyMessages::Message& message) {
    if (message.deadline > now) return false;
    end(send, message, why, refused, now);
    return true;
  });
  peer.waiting.advance(send.place, {before.messages - messages.waiting().messages, before.bytes - messages.waiting().bytes});
  if (refused.messages != 0) messages.left(refused);
  messages.each_under_way([&](ManyMessages::Message& message) {
    if (message.deadline > now) return;
    Send& expired = part(send, message);
    messages.end(message);
    send_timer(expired, now);
  });
  if (messages.waiting().messages == 0) peer.waiting.remove(send.place);
  messages.look_for_earliest();
  timers.set(send.timer, messages.earliest_deadline());
  look_after(send);
}

void Endpoint::State::cancel(Ticket ticket, std::uint64_t tag, Instant now) {
  Send* const send = sends_.find(ticket);
  if (send == nullptr || send->many == nullptr) return;
  ManyMessages& messages = *send->many;
  Ticket alone{};
  messages.each_under_way([&](ManyMessages::Message& message) {
    if (message.tag != tag) return;
    alone = part(*send, message).ticket;
    messages.end(message);
  });
  const Amount before = messages.waiting();
  messages.remove_waiting([&](const ManyMessages::Message& message) {
    if (message.tag != tag) return false;
    alone = part(*send, message).ticket;
    return true;
  });
  Peer* const peer = find(send->peer);
  peer->waiting.advance(send->place, {before.messages - messages.waiting().messages, before.bytes - messages.waiting().bytes});
  if (messages.waiting().messages == 0) peer->waiting.remove(send->place);
  look_after(*send);
  cancel(alone, now);
}

}  // namespace structwire::messaging
