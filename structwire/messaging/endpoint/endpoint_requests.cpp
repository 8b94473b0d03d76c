// SPDX-License-Identifier: Apache-2.0
//
// Of the endpoint: the peers' requests, from their arrival to the one reply.

#include <algorithm>
#include <array>

#include <structwire/messaging/endpoint/endpoint_state.hpp>
#include <structwire/messaging/little_endian.hpp>

namespace structwire::messaging {
namespace {

constexpr std::uint32_t samples_of_a_step = 64;

// Nearly all that end without a reply end alike.
KeptOutcome to_keep(const Outcome& outcome) {
  static const KeptOutcome nothing_to_tell = std::make_shared<const Outcome>(Reply{});
  const bool tells = !outcome || !outcome->payload.empty() || outcome->timings || outcome->schema != 0 || outcome->format != 0;
  return tells ? std::make_shared<const Outcome>(outcome) : nothing_to_tell;
}

// Did the request certainly not run, so that it may come again under its id?
bool did_not_run(const Failure& failure) noexcept {
  return failure.code == FailureCode::overloaded || failure.code == FailureCode::draining;
}

}  // namespace

const HandlerEntry* Endpoint::State::handler_of(const HeaderView& view) const {
  std::uint32_t slot = view.header.handler;
  if (slot == 0) {
    const auto name = view.extensions.find(ExtensionType::handler_name);
    const auto found = name ? slots_.find(name->text()) : slots_.end();
    if (found == slots_.end()) return nullptr;
    slot = found->second;
  }
  const auto found = handlers_.find(slot);
  return found == handlers_.end() ? nullptr : &found->second;
}

void Endpoint::State::request_came(Peer& peer, ReceivedMessage message, Instant now) {
  Session& session = *peer.session;
  const Header& header = message.view.header;
  const ExtensionList& extensions = message.view.extensions;
  // What cannot be read takes no more than it is.
  const char* const bad_payload = unreadable(peer, header);
  const std::uint64_t bytes = bad_payload == nullptr ? header.size_in_memory() : message.payload.size();
  if (!session.to_grant.receive(bytes)) {
    ++counters.credit_violations;
    return refuse_frame(peer.link, "it sends more than it was granted", now);
  }
  const auto refuse = [&](FailureCode code, std::string_view text, bool retryable = false) {
    message.payload = {};
    give_back(peer, bytes);
    nack(peer, header.id, {.code = code, .retryable = retryable, .text = std::string(text)}, now);
  };
  if (header.id.incarnation != session.peer || header.id.counter == 0) {
    return refuse_frame(peer.link, "a request under an id of another session", now);
  }
  // A repeat first: what it came to was told before this side began to drain, or lost its handler.
  const std::uint64_t counter = header.id.counter;
  if (const WorkId* const running = session.running.find(counter)) {
    ++counters.repeats;
    Request& request = *requests_.find(*running);
    if (std::exchange(request.accepted, false)) accepted(request.work, now);
    return give_back(peer, bytes);
  }
  if (const KeptOutcome* const kept = session.results.find(counter)) {
    ++counters.repeats;
    ++counters.replayed;
    Request again(WorkId{});
    again.peer = peer.id;
    again.session = session.peer;
    again.id = header.id;
    again.delivery = header.delivery;
    tell(peer, again, **kept, now);
    return give_back(peer, bytes);
  }
  if (draining_ || stopped_) return refuse(FailureCode::draining, "this side takes no new requests", true);
  const HandlerEntry* const entry = handler_of(message.view);
  if (entry == nullptr) return refuse(FailureCode::handler_not_found, "there is no such handler");
  if (header.schema != 0 && entry->request != 0 && header.schema != entry->request &&
      std::ranges::find(entry->accepts, header.schema) == entry->accepts.end()) {
    return refuse(FailureCode::schema_mismatch, "the handler takes another type");
  }
  const auto depth = extensions.find(ExtensionType::depth);
  const std::uint32_t depth_number = depth ? depth->u32().value_or(0) : 0;
  if (depth_number > options.depth_max) return refuse(FailureCode::overloaded, "handlers call each other too deep");
  if (bad_payload != nullptr) return refuse(FailureCode::bad_payload, bad_payload);
  if (session.seen.admit(counter) != DedupeWindow::Verdict::fresh) {
    ++counters.repeats;
    return refuse(FailureCode::too_old, "it came before, and what it came to is not kept any more");
  }

  ++counters.requests;
  Request& request = requests_.emplace();
  request.timer.kind = static_cast<std::uint8_t>(TimerKind::work);
  request.peer = peer.id;
  request.session = session.peer;
  request.id = header.id;
  request.handler = entry->slot;
  request.delivery = header.delivery;
  request.bytes = bytes;
  request.keeps_result = !entry->idempotent && header.delivery != Delivery::fire_and_forget;
  session.running.insert(counter, request.work);

  Work work{.id = request.work,
            .peer = peer.id,
            .handler = entry->slot,
            .message = header.id,
            .delivery = header.delivery,
            .schema = header.schema,
            .format = header.format,
            .compression = header.compression,
            .plain_size = header.plain_size,
            .payload = std::move(message.payload),
            .depth = depth_number,
            .sampled = header.has(Flag::trace),
            .received = now};
  if (header.time_left_us != 0) {
    work.deadline = later(now, std::chrono::microseconds(header.time_left_us));
    timers.set(request.timer, work.deadline);
  }
  if (const auto key = extensions.find(ExtensionType::key)) work.key = key->u64().value_or(0);
  if (const auto items = extensions.find(ExtensionType::credit)) {
    work.stream_items = static_cast<std::uint32_t>(std::min<std::uint64_t>(items->u64().value_or(0), 0xffffffff));
  }
  if (const auto trace = extensions.find(ExtensionType::trace_parent); trace && trace->bytes.size() == 26) {
    work.trace_parent.emplace();
    std::ranges::copy(trace->bytes, work.trace_parent->begin());
  }
  if (const auto state = extensions.find(ExtensionType::trace_state)) work.trace_state = state->text();
  port.run(std::move(work));
}

void Endpoint::State::cancel_came(Peer& peer, const MessageId& id) {
  if (id.incarnation != peer.session->peer) return;
  const WorkId* const found = peer.session->running.find(id.counter);
  if (found == nullptr) return;  // It has ended, and its end was told.
  Request& request = *requests_.find(*found);
  if (request.is_many) return port.stop_one(request.work, id.counter, FailureCode::cancelled);
  if (!std::exchange(request.stopped, true)) port.stop(request.work, FailureCode::cancelled);
}

void Endpoint::State::accepted(WorkId work, Instant now) {
  Request* const request = requests_.find(work);
  if (request == nullptr || request->finished || request->accepted) return;
  request->accepted = true;
  Peer* const peer = find(request->peer);
  if (peer == nullptr || !peer->session || peer->session->peer != request->session) return;
  if (request->delivery != Delivery::accepted && request->delivery != Delivery::receipt) return;
  extensions_.clear();
  append(*peer, {.kind = MessageKind::accept, .delivery = request->delivery, .id = request->id}, extensions_, {}, 0, never, now);
}

void Endpoint::State::item(WorkId work, Reply reply, Instant now) {
  const Request* const request = requests_.find(work);
  if (request == nullptr || request->finished) return;
  Peer* const peer = find(request->peer);
  if (peer == nullptr || !peer->session || peer->session->peer != request->session) return;
  extensions_.clear();
  append(*peer,
         {.kind = MessageKind::response,
          .delivery = request->delivery,
          .format = reply.format,
          .compression = reply.compression,
          .id = request->id,
          .schema = reply.schema,
          .plain_size = reply.plain_size},
         extensions_, std::move(reply.payload), 0, never, now);
}

// What a request came to, for when it comes again.
void Endpoint::State::remember(Session& session, std::uint64_t counter, const Outcome& outcome, bool keeps_result) {
  session.running.erase(counter);
  if (!outcome && did_not_run(outcome.error())) {
    session.seen.forget(counter);
  } else if (keeps_result) {
    const std::size_t size = outcome ? outcome->payload.size() : outcome.error().text.size();
    session.results.keep(counter, to_keep(outcome), size + sizeof(Outcome));
  }
}

void Endpoint::State::finished(WorkId work, Outcome outcome, Duration waited, Instant now) {
  Request* const request = requests_.find(work);
  if (request == nullptr || request->finished) return;
  request->finished = true;
  request->timer.clear();
  Peer* const peer = find(request->peer);
  if (peer != nullptr && peer->session && peer->session->peer == request->session) {
    remember(*peer->session, request->id.counter, outcome, request->keeps_result);
    adapt(*peer, waited);
    if (!(request->delivery == Delivery::accepted && request->accepted)) tell(*peer, *request, outcome, now);
  } else {
    ++counters.abandoned;
  }
  erase_if_over(*request);
}

void Endpoint::State::released(WorkId work) {
  Request* const request = requests_.find(work);
  if (request == nullptr) return;
  request->released = true;
  erase_if_over(*request);
}

// A request counts against the credit of its peer until its handler is done and its bytes are let go.
void Endpoint::State::erase_if_over(Request& request) {
  if (!request.finished || !request.released) return;
  if (Peer* const peer = find(request.peer)) {
    if (request.counted) {
      --peer->orphaned.messages;
      peer->orphaned.bytes -= request.bytes;
      peer->window = window_for(*peer);
      if (peer->session) {
        peer->session->to_grant.resize(peer->window);
        grant_if_due(*peer);
      }
    } else {
      give_back(*peer, request.bytes);
    }
  }
  requests_.erase(request.work);
}

void Endpoint::State::give_back(Peer& peer, std::uint64_t bytes) {
  peer.session->to_grant.release(bytes);
  grant_if_due(peer);
}

void Endpoint::State::grant_if_due(Peer& peer) {
  if (!peer.session->to_grant.grant_due()) return;
  peer.acknowledge_now = true;
  touch(peer);
}

void Endpoint::State::tell(Peer& peer, const Request& request, const Outcome& outcome, Instant now) {
  if (!wants_reply(request.delivery)) return;
  if (!outcome) return nack(peer, request.id, outcome.error(), now);
  Header header{.kind = MessageKind::ack, .delivery = request.delivery, .id = request.id};
  extensions_.clear();
  Payload payload;
  if (request.delivery == Delivery::accepted) header.kind = MessageKind::accept;
  if (request.delivery == Delivery::response || request.delivery == Delivery::receipt) {
    if (plain_size_of(*outcome) > peer.agreement.payload_bytes_max) {
      return nack(peer, request.id, {.text = "the reply is larger than its receiver takes"}, now);
    }
    header.kind = MessageKind::response;
    header.format = outcome->format;
    header.compression = outcome->compression;
    header.plain_size = outcome->plain_size;
    header.schema = outcome->schema;
    header.set(Flag::last);
    payload = outcome->payload;
    if (outcome->timings) {
      std::array<std::byte, 16> bytes;
      store_little(bytes.data(), outcome->timings->queued);
      store_little(bytes.data() + 4, outcome->timings->decode);
      store_little(bytes.data() + 8, outcome->timings->handler);
      store_little(bytes.data() + 12, outcome->timings->encode);
      extensions_.add(ExtensionType::timing, bytes);
    }
  }
  append(peer, header, extensions_, std::move(payload), 0, never, now);
}

void Endpoint::State::nack(Peer& peer, const MessageId& id, Failure failure, Instant now) {
  if (static_cast<std::uint16_t>(failure.code) > failure_code_on_wire_max) failure.code = FailureCode::handler_failed;
  ++counters.nacks_sent[std::min<std::size_t>(static_cast<std::size_t>(failure.code), counters.nacks_sent.size() - 1)];
  extensions_.clear();
  add_failure(extensions_, failure);
  append(peer, {.kind = MessageKind::nack, .id = id}, extensions_, {}, 0, never, now);
}

// The window follows the queue: when even the luckiest of many requests waited too long, the peer gets less ahead, and
// more when none of them did (the idea of CoDel, RFC 8289: the minimum over a while tells a standing queue from a burst).
void Endpoint::State::adapt(Peer& peer, Duration waited, std::uint64_t requests) {
  if (!options.adaptive) return;
  peer.least_wait = std::min(peer.least_wait, waited);
  peer.samples += static_cast<std::uint32_t>(requests);
  if (peer.samples < samples_of_a_step) return;
  const bool standing = peer.least_wait > options.queue_target;
  peer.samples = 0;
  peer.least_wait = Duration::max();
  const Amount most = window_for(peer);
  const auto step = [&](std::uint64_t now_is, std::uint64_t least, std::uint64_t most_is) {
    const std::uint64_t change = std::max<std::uint64_t>(now_is / 8, 1);
    return std::clamp(standing ? now_is - std::min(change, now_is) : now_is + change, std::min(least, most_is), most_is);
  };
  peer.window = {step(peer.window.messages, options.credit_least.messages, most.messages),
                 step(peer.window.bytes, options.credit_least.bytes, most.bytes)};
  peer.session->to_grant.resize(peer.window);
}

// The session of these requests ends: nobody waits for their replies, and what they hold counts still.
void Endpoint::State::orphan_requests(Peer& peer) {
  for (const WorkId work : requests_.ids()) {
    Request& request = *requests_.find(work);
    if (request.peer != peer.id || request.counted) continue;
    request.counted = true;
    const Amount held = request.is_many ? request.held : Amount{1, request.bytes};
    peer.orphaned.messages += held.messages;
    peer.orphaned.bytes += held.bytes;
    if (!request.finished && !std::exchange(request.stopped, true)) port.stop(work, FailureCode::cancelled);
  }
}

void Endpoint::State::drain(Instant now) {
  if (std::exchange(draining_, true)) return;
  for (auto& [id, peer] : peers) {
    if (!peer->greeted) continue;
    extensions_.clear();
    append(*peer, {.kind = MessageKind::drain}, extensions_, {}, 0, never, now);
  }
}

}  // namespace structwire::messaging
