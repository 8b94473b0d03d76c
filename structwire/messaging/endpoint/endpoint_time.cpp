// SPDX-License-Identifier: Apache-2.0
//
// Of the endpoint: what goes out, when, and once more.

#include <algorithm>
#include <cstring>

#include <structwire/messaging/endpoint/endpoint_state.hpp>
#include <structwire/messaging/little_endian.hpp>

namespace structwire::messaging {
namespace {

constexpr std::size_t resent_at_once = 64;
constexpr Duration resend_longest = std::chrono::seconds(4);
constexpr std::size_t header_size_at = 6;

Instant deadline_of(std::span<const std::byte> header, Instant written) noexcept {
  const std::uint32_t left = time_left_of(header);
  return left == 0 ? never : later(written, std::chrono::microseconds(left));
}

bool is_hello(MessageKind kind) noexcept { return kind == MessageKind::hello || kind == MessageKind::hello_ack; }

}  // namespace

void Endpoint::State::touch(Peer& peer) {
  if (std::exchange(peer.touched, true)) return;
  touched_.push_back(peer.id);
}

void Endpoint::State::pass_on(Peer& peer, Frame frame) {
  ++counters.frames_sent;
  counters.bytes_sent += frame.size();
  port.transmit(peer.link, std::move(frame));
}

// What of a message goes over the link. A payload that was compressed for somebody who could read that, and now has to go
// to one who cannot, is made plain: rare, and the only place where the loop's thread decompresses.
Payload Endpoint::State::carried(const Peer& peer, Header& header, Payload payload) {
  if (header.compression == 0) return payload;
  if (peer.agreement.has(Feature::compression_zstd)) {
    ++counters.compressed_sent;
    counters.compressed_sent_bytes += payload.size();
    counters.compressed_sent_plain_bytes += header.plain_size;
    return payload;
  }
  auto plain = decompressed(payload, header.compression, header.plain_size);
  if (!plain) return payload;  // For want of memory; refused there.
  header.compression = 0;
  header.plain_size = 0;
  return std::move(*plain);
}

// Writes a message to the peer; one with a sequence is kept, and so reaches it also when there is no link now.
void Endpoint::State::append(Peer& peer, Header header, const ExtensionWriter& extensions, Payload payload,
                             std::uint64_t owner, Instant deadline, Instant now) {
  const bool sequenced = has_sequence(header);
  const bool goes_out = peer.link != LinkId{} && (peer.greeted || is_hello(header.kind));
  if (!goes_out && !sequenced) return;
  payload = carried(peer, header, std::move(payload));
  header.payload_size = payload.size();
  if (sequenced) header.sequence = peer.session->sent.next();
  const bool is_small = payload.size() <= options.copied_below;
  const std::size_t header_bytes = size_of_header(header, extensions);
  const std::size_t whole = header_bytes + (is_small ? payload.size() : 0);
  const auto passes_on = [&](Frame frame) { pass_on(peer, std::move(frame)); };
  const std::span<std::byte> room = peer.outbox.room(whole, passes_on);
  write_header(header, extensions, room.first(header_bytes));
  if (is_small && !payload.empty()) std::memcpy(room.data() + header_bytes, payload.data(), payload.size());
  if (sequenced) {
    peer.session->sent.keep({.head = peer.outbox.last(whole),
                             .body = is_small ? Payload() : payload,
                             .owner = owner,
                             .sent = now,
                             .deadline = deadline});
    if (goes_out && !peer.info.lossless && !peer.resend.is_set()) timers.set(peer.resend, later(now, peer.resend_after));
  }
  if (!goes_out) return peer.outbox.discard();
  if (!is_small) return pass_on(peer, peer.outbox.take(std::move(payload)));
  const bool alone = is_hello(header.kind) || !peer.agreement.has(Feature::batches);
  if (alone || peer.outbox.size() >= options.batch_bytes) return peer.outbox.flush(passes_on);
  touch(peer);
}

// What arrived and what is granted: an acknowledgement, a ping or a pong.
void Endpoint::State::append_status(Peer& peer, MessageKind kind, const MessageId& id, Instant now) {
  if (!peer.session || !peer.greeted) return;
  Session& session = *peer.session;
  peer.unacknowledged = {};
  peer.acknowledge_now = false;
  peer.acknowledge.clear();
  // Who does not take replies gets no room for more requests: their replies are what would pile up here.
  const Amount replies = session.sent.replies();
  const bool takes_replies =
      replies.messages < options.unacknowledged.messages && replies.bytes < options.unacknowledged.bytes;
  if (takes_replies && (session.to_grant.grant_due() || kind != MessageKind::ack)) session.to_grant.grant();
  const Amount granted = session.to_grant.granted();
  extensions_.clear();
  extensions_.add_pair(ExtensionType::acknowledged, session.received.expected(), session.received.behind());
  extensions_.add_pair(ExtensionType::credit, granted.messages, granted.bytes);
  if (kind == MessageKind::pong) {
    const auto stalled = port.stalled(now) / std::chrono::milliseconds(1);
    extensions_.add_u32(ExtensionType::progress, static_cast<std::uint32_t>(std::clamp<std::int64_t>(stalled, 0, 0xffffffff)));
  }
  append(peer, {.kind = kind, .id = id}, extensions_, {}, 0, never, now);
}

void Endpoint::State::append_again(Peer& peer, SentMessage& message, Instant now) {
  counters.resent += message.count;
  message.sent = now;
  const auto passes_on = [&](Frame frame) { pass_on(peer, std::move(frame)); };
  const std::span<std::byte> room = peer.outbox.room(message.head.size(), passes_on);
  std::memcpy(room.data(), message.head.data(), room.size());
  for (std::size_t place = 0; place != room.size(); place = next_message(room, place)) {
    const auto header = room.subspan(place, load_little<std::uint16_t>(room.data() + place + header_size_at));
    const Instant deadline = message.written == never ? message.deadline : deadline_of(header, message.written);
    renew_header(header, microseconds_until(deadline, now), Flag::retry);
    if (message.count == 1) break;
  }
  if (!message.body.empty()) return pass_on(peer, peer.outbox.take(message.body));
  if (peer.outbox.size() >= options.batch_bytes || !peer.agreement.has(Feature::batches)) return peer.outbox.flush(passes_on);
  touch(peer);
}

// Over a new link: all that the peer does not have.
void Endpoint::State::resend_all(Peer& peer, Instant now) {
  peer.session->sent.each([&](SentMessage& message) {
    append_again(peer, message, now);
    return true;
  });
  if (!peer.info.lossless && !peer.session->sent.empty()) timers.set(peer.resend, later(now, peer.resend_after));
}

void Endpoint::State::resend(Peer& peer, Instant now) {
  if (peer.link == LinkId{} || !peer.session) return;
  if (!peer.greeted && peer.dial != DialId{}) greet(peer, MessageKind::hello, now);
  if (peer.greeted && peer.tells_table) greet(peer, MessageKind::hello, now);
  std::size_t count = 0;
  if (peer.greeted) {
    peer.session->sent.each([&](SentMessage& message) {
      if (later(message.sent, peer.resend_after) > now) return true;
      append_again(peer, message, now);
      return (count += message.count) < resent_at_once;
    });
  }
  if (count != 0 || !peer.greeted) peer.resend_after = std::min(peer.resend_after * 2, resend_longest);
  const bool something = !peer.greeted || peer.tells_table || !peer.session->sent.empty();
  if (something && !peer.info.lossless) timers.set(peer.resend, later(now, peer.resend_after));
}

void Endpoint::State::heartbeat(Peer& peer, Instant now) {
  if (peer.link == LinkId{}) return;
  const Duration period = peer.greeted ? Duration(std::chrono::milliseconds(peer.agreement.heartbeat_ms)) : options.heartbeat;
  if (now - peer.heard >= period * options.heartbeats_missed) return drop_link(peer, "it was silent for too long", now);
  if (!port.congested(peer.link)) {
    append_status(peer, MessageKind::ping, {0, static_cast<std::uint64_t>(now.time_since_epoch().count())}, now);
  }
  timers.set(peer.heartbeat, later(now, period));
}

void Endpoint::State::fire(Timer& timer, Instant now) {
  const std::uint64_t owner = timer.owner;
  switch (static_cast<TimerKind>(timer.kind)) {
    case TimerKind::send: return send_timer(*sends_.find(Ticket{owner}), now);
    case TimerKind::work: {
      Request& request = *requests_.find(WorkId{owner});
      if (request.is_many) return timers.set(request.timer, port.expire_many(request.work, now));
      if (!std::exchange(request.stopped, true)) port.stop(request.work, FailureCode::expired);
      return;
    }
    case TimerKind::heartbeat: return heartbeat(*find(PeerId{owner}), now);
    case TimerKind::session: {
      Peer& peer = *find(PeerId{owner});
      if (peer.dial == DialId{}) return remove(peer, FailureCode::peer_lost, now);
      if (peer.session) begin_session(peer, 0, 0, 0, now);
      return;
    }
    case TimerKind::acknowledge: {
      Peer& peer = *find(PeerId{owner});
      peer.acknowledge_now = true;
      return touch(peer);
    }
    case TimerKind::resend: return resend(*find(PeerId{owner}), now);
    case TimerKind::hello: {
      const LinkId link{owner};
      const auto found = links_.find(link);
      if (found == links_.end()) return;
      Link& state = found->second;
      if (!state.waiting_hello) {
        links_.erase(found);
        return port.disconnect(link, "no HELLO came");
      }
      Hello hello = std::move(*state.waiting_hello);
      state.waiting_hello.reset();
      const auto known = dialled_in_.find({hello.instance, hello.channel});
      const Peer* const peer = known == dialled_in_.end() ? nullptr : find(known->second);
      if (peer != nullptr && peer->link != LinkId{} && peer->heard >= state.asked) {
        ++counters.peers_refused;
        return refuse_frame(link, "this instance is here already", now);
      }
      return admit(link, state, std::move(hello), now);
    }
  }
}

void Endpoint::State::tick(Instant now) {
  timers.expire(now, [&](Timer& timer) { fire(timer, now); });
}

// With a frame that leaves anyway it costs no system call, so it goes somewhat early there.
bool Endpoint::State::acknowledgement_due(const Peer& peer, Instant now) const {
  if (peer.acknowledge_now) return true;
  const Amount& came = peer.unacknowledged;
  if (came.messages >= options.ack_every.messages || came.bytes >= options.ack_every.bytes) return true;
  return came.messages != 0 && !peer.outbox.empty() && peer.acknowledge.due() <= later(now, options.ack_delay / 2);
}

void Endpoint::State::flush(Instant now) {
  // What is appended here touches again only who is being flushed.
  for (std::size_t index = 0; index != touched_.size(); ++index) {
    Peer* const peer = find(touched_[index]);
    if (peer == nullptr) continue;
    if (peer->greeted) {
      if (acknowledgement_due(*peer, now) && !port.congested(peer->link)) append_status(*peer, MessageKind::ack, {}, now);
      peer->outbox.flush([&](Frame frame) { pass_on(*peer, std::move(frame)); });
    }
    peer->touched = false;
  }
  touched_.clear();
}

bool Endpoint::State::idle() const {
  return sends_.size() == 0 && requests_.size() == 0 &&
         std::ranges::all_of(peers, [](const auto& each) { return !each.second->session || each.second->session->sent.empty(); });
}

std::uint64_t Endpoint::State::bytes_held() const {
  std::uint64_t bytes = 0;
  for (const auto& [id, peer] : peers) {
    bytes += peer->waiting.amount().bytes + peer->orphaned.bytes;
    if (!peer->session) continue;
    bytes += peer->session->sent.amount().bytes + peer->session->received.held_bytes() +
             peer->session->to_grant.held().bytes + peer->session->results.bytes();
  }
  return bytes;
}

std::optional<PeerStatus> Endpoint::State::status(PeerId id) const {
  const auto found = peers.find(id);
  if (found == peers.end()) return std::nullopt;
  const Peer& peer = *found->second;
  PeerStatus status{.id = id,
                    .state = peer.state,
                    .instance = peer.hello.instance,
                    .incarnation = peer.hello.incarnation,
                    .name = peer.hello.name,
                    .address = peer.info.peer,
                    .credentials = peer.info.credentials,
                    .handlers = peer.hello.handlers,
                    .agreement = peer.agreement,
                    .waiting = peer.waiting.amount(),
                    .held = peer.orphaned,
                    .round_trip = peer.round_trip};
  if (peer.session) {
    status.credit_left = peer.session->to_send.left();
    const Amount held = peer.session->to_grant.held();
    status.held.messages += held.messages;
    status.held.bytes += held.bytes;
    status.unacknowledged = peer.session->sent.amount().messages;
  }
  return status;
}

}  // namespace structwire::messaging
