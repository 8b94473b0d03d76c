// SPDX-License-Identifier: Apache-2.0
//
// Of the endpoint: this side's messages that nobody waits for. Many of them are one Send, with one turn after the other;
// they are written one behind the other from one header, and those that a frame has together are kept together.

#include <algorithm>
#include <cstring>

#include <structwire/messaging/endpoint/endpoint_state.hpp>

namespace structwire::messaging {

// What is being written of some of them.
struct Endpoint::State::Departing {
  const OneWays::Kind* kind = nullptr;
  std::optional<FailureCode> refusal;  // Of the kind.
  std::uint32_t count = 0;             // Written, and not kept yet, ...
  std::size_t bytes = 0;               // ... at the end of the outbox.
};

void Endpoint::State::send(PeerId id, std::unique_ptr<OneWays> messages, Instant now) {
  if (messages->empty()) return;
  const Amount amount = messages->amount();
  counters.sent += amount.messages;
  Send& send = sends_.emplace();
  send.peer = id;
  send.one_ways = std::move(messages);
  Peer* const peer = find(id);
  if (stopped_) return fail_all(send, FailureCode::stopped);
  if (peer == nullptr) return fail_all(send, FailureCode::no_peer);
  peer->budget.sent(options.retry.budget * static_cast<double>(amount.messages));
  peer->waiting.arrive(send.place, amount.messages);
  timers.set(send.timer, send.one_ways->earliest_deadline());
  const Ticket ticket = send.ticket;
  if (peer->waiting.empty()) transmit_some(*peer, send, amount.messages, now);
  if (sends_.find(ticket) != nullptr) enqueue_all(*peer, send);
}

// Into the queue for credit; those for which there is no room, the last ones, end here.
void Endpoint::State::enqueue_all(Peer& peer, Send& send) {
  OneWays& messages = *send.one_ways;
  counters.credit_waits += messages.amount().messages;
  const Amount waits = peer.waiting.amount();
  Amount refused;
  while (!messages.empty() && (waits.messages + messages.amount().messages > options.pending.messages ||
                               waits.bytes + messages.amount().bytes > options.pending.bytes)) {
    ++refused.messages;
    refused.bytes += messages.back().size;
    messages.failed(messages.back(), FailureCode::queue_full);
    messages.pop_back();
  }
  counters.failed += refused.messages;
  if (refused.messages != 0) messages.left(refused);
  if (messages.empty()) return sends_.erase(send.ticket);
  peer.waiting.add(send.ticket, std::min(messages.priority(), priority_max), messages.amount(), send.place);
}

// What goes for all messages of a kind: may they go there at all, and their header.
std::optional<FailureCode> Endpoint::State::begin_kind(Peer& peer, const OneWays::Kind& kind, Instant now) {
  if (kind.handler.empty() || kind.handler.size() > handler_name_max) return FailureCode::handler_not_found;
  if (kind.depth > options.depth_max) return FailureCode::overloaded;
  const auto found = peer.handlers.find(kind.handler);
  const HandlerEntry* const entry = found == peer.handlers.end() ? nullptr : &found->second;
  if (entry == nullptr && !peer.hello.more_handlers) return FailureCode::handler_not_found;
  if (entry != nullptr && !takes(*entry, kind.schema)) return FailureCode::schema_mismatch;
  if (const auto breaker = peer.breakers.find(kind.handler); breaker != peer.breakers.end()) {
    if (!breaker->second.allow(options.breaker.failures, now)) return FailureCode::circuit_open;
    breaker->second.undecided();  // Nothing will be heard of them.
  }
  Header header{.kind = MessageKind::request,
                .delivery = Delivery::fire_and_forget,
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
  if (!append_header(header, extensions_, header_)) return FailureCode::handler_not_found;
  return std::nullopt;
}

void Endpoint::State::write_one_way(Peer& peer, const OneWays& messages, Departing& departing, Instant now) {
  Session& session = *peer.session;
  const OneWays::Message& message = messages.front();
  const std::size_t whole = header_.size() + message.size;
  const bool continues = departing.count != 0 && peer.outbox.continues(whole);
  if (!continues) keep_written(peer, departing, now);
  const auto passes_on = [&](Frame frame) { pass_on(peer, std::move(frame)); };
  const std::span<std::byte> room = peer.outbox.room(whole, passes_on);
  std::memcpy(room.data(), header_.data(), header_.size());
  renumber_header(room.first(header_.size()), {.counter = ++session.counter,
                                               .sequence = session.sent.next() + departing.count,
                                               .time_left_us = microseconds_until(message.deadline, now),
                                               .payload_size = message.size});
  const auto payload = messages.payload(message);
  if (!payload.empty()) std::memcpy(room.data() + header_.size(), payload.data(), payload.size());
  ++departing.count;
  departing.bytes = (departing.bytes + 7) / 8 * 8 + whole;
  const bool alone = !peer.agreement.has(Feature::batches);
  if (!alone && peer.outbox.size() < options.batch_bytes) return;
  keep_written(peer, departing, now);
  peer.outbox.flush(passes_on);
}

void Endpoint::State::keep_written(Peer& peer, Departing& departing, Instant now) {
  if (departing.count == 0) return;
  peer.session->sent.keep({.head = peer.outbox.last(departing.bytes),
                           .body = {},
                           .owner = settled_owner,
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
  OneWays& messages = *send.one_ways;
  const Amount before = messages.amount();
  Departing departing;
  std::uint64_t failures = 0;
  bool goes_on = true;
  for (; most != 0 && !messages.empty(); --most) {
    const OneWays::Message& message = messages.front();
    if (const OneWays::Kind& kind = messages.kind(message); &kind != departing.kind) {
      departing.kind = &kind;
      departing.refusal = begin_kind(peer, kind, now);
    }
    std::optional<FailureCode> refusal = departing.refusal;
    if (message.deadline <= now) refusal = FailureCode::expired;
    if (message.size > peer.agreement.payload_bytes_max) refusal = FailureCode::too_large;
    if (refusal) {
      ++failures;
      messages.failed(message, *refusal);
      messages.pop_front();
      continue;
    }
    goes_on = session.sent.amount().messages + departing.count < options.unacknowledged.messages &&
              session.to_send.take(message.size);
    if (!goes_on) break;
    write_one_way(peer, messages, departing, now);
    messages.sent(message);
    messages.pop_front();
  }
  keep_written(peer, departing, now);
  const Amount left{before.messages - messages.amount().messages, before.bytes - messages.amount().bytes};
  if (left.messages == 0) return goes_on;
  counters.failed += failures;
  counters.succeeded += left.messages - failures;
  if (left.messages != failures) {
    if (!peer.info.lossless && !peer.resend.is_set()) timers.set(peer.resend, later(now, peer.resend_after));
    touch(peer);
  }
  peer.waiting.advance(send.place, left);
  messages.left(left);
  if (!messages.empty()) return goes_on;
  peer.waiting.remove(send.place);
  sends_.erase(send.ticket);
  return true;
}

void Endpoint::State::fail_all(Send& send, FailureCode why) {
  OneWays& messages = *send.one_ways;
  const Amount amount = messages.amount();
  if (Peer* const peer = find(send.peer)) peer->waiting.remove(send.place);
  counters.failed += amount.messages;
  for (; !messages.empty(); messages.pop_front()) messages.failed(messages.front(), why);
  messages.left(amount);
  sends_.erase(send.ticket);
}

void Endpoint::State::end_expired(Peer& peer, Send& send, Instant now) {
  OneWays& messages = *send.one_ways;
  const bool never_met = peer.agreement.formats.empty();
  Amount ended;
  messages.expire(now, [&](const OneWays::Message& message) {
    ++ended.messages;
    ended.bytes += message.size;
    messages.failed(message, never_met ? FailureCode::no_peer : FailureCode::expired);
  });
  counters.failed += ended.messages;
  peer.waiting.advance(send.place, ended);
  if (ended.messages != 0) messages.left(ended);
  if (!messages.empty()) return timers.set(send.timer, messages.earliest_deadline());
  peer.waiting.remove(send.place);
  sends_.erase(send.ticket);
}

}  // namespace structwire::messaging
