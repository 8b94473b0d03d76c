// SPDX-License-Identifier: Apache-2.0
//
// Of the endpoint: its handler table, links, who is at their other end, and sessions.

#include <algorithm>

#include <structwire/messaging/endpoint/endpoint_state.hpp>

namespace structwire::messaging {
namespace {

// How long somebody who has a link is waited for when another one says to be the same.
constexpr Duration challenge = std::chrono::milliseconds(500);

}  // namespace

void Endpoint::State::set_handler(HandlerEntry entry, Instant now) {
  remove_handler(entry.slot, now);
  slots_[entry.name] = entry.slot;
  handlers_[entry.slot] = std::move(entry);
  ++table_;
  tell_table(now);
}

void Endpoint::State::remove_handler(std::uint32_t slot, Instant now) {
  const auto found = handlers_.find(slot);
  if (found == handlers_.end()) return;
  slots_.erase(found->second.name);
  handlers_.erase(found);
  ++table_;
  tell_table(now);
}

void Endpoint::State::tell_table(Instant now) {
  for (auto& [id, peer] : peers) {
    if (peer->greeted) tell_table(*peer, now);
  }
}

void Endpoint::State::tell_table(Peer& peer, Instant now) {
  peer.tells_table = true;
  greet(peer, MessageKind::hello, now);
}

PeerId Endpoint::State::dialled(DialId dial) {
  const PeerId id{++last_peer_};
  auto peer = std::make_unique<Peer>(id, options.batch_bytes);
  peer->dial = dial;
  peer->channel = static_cast<std::uint64_t>(id);
  peer->resend_after = options.resend;
  peers.emplace(id, std::move(peer));
  dialled_out_[dial] = id;
  return id;
}

void Endpoint::State::forget(PeerId id, Instant now) {
  if (Peer* const peer = find(id)) remove(*peer, FailureCode::no_peer, now);
}

void Endpoint::State::link_opened(LinkId link, const LinkInfo& info, Instant now) {
  if (links_.size() >= options.peers * 2 + dialled_out_.size()) {
    ++counters.peers_refused;
    port.disconnect(link, "more links than EndpointOptions::peers allows");
    return;
  }
  Link& state = links_.try_emplace(link).first->second;
  state.info = info;
  if (info.dial == DialId{}) {
    state.timer.kind = static_cast<std::uint8_t>(TimerKind::hello);
    state.timer.owner = static_cast<std::uint64_t>(link);
    timers.set(state.timer, later(now, options.heartbeat * options.heartbeats_missed));
    return;
  }
  const auto found = dialled_out_.find(info.dial);
  Peer* const peer = found == dialled_out_.end() ? nullptr : find(found->second);
  if (peer == nullptr) {
    links_.erase(link);
    port.disconnect(link, "nobody wants it any more");
    return;
  }
  if (peer->link != LinkId{}) drop_link(*peer, "another one was opened", now);
  state.peer = peer->id;
  take_link(*peer, link, state);
  if (!peer->session) begin_session(*peer, 0, 0, 0, now);
  peer->heard = now;
  timers.set(peer->heartbeat, later(now, options.heartbeat));
  if (!info.lossless) timers.set(peer->resend, later(now, options.resend));
  greet(*peer, MessageKind::hello, now);
}

void Endpoint::State::link_closed(LinkId link, Instant now) {
  const auto found = links_.find(link);
  if (found == links_.end()) return;
  Peer* const peer = find(found->second.peer);
  if (peer != nullptr && peer->link == link) {
    drop_link(*peer, {}, now);
  } else {
    links_.erase(found);
  }
}

void Endpoint::State::take_link(Peer& peer, LinkId link, const Link& state) {
  peer.link = link;
  peer.info = state.info;
  peer.greeted = false;
  peer.wedged = false;
  peer.outbox.discard();
  peer.resend_after = options.resend;
  peer.expiry.clear();
}

// An empty reason: the link is closed already.
void Endpoint::State::drop_link(Peer& peer, std::string_view reason, Instant now) {
  const LinkId link = peer.link;
  if (link == LinkId{}) return;
  peer.link = LinkId{};
  peer.greeted = false;
  peer.outbox.discard();
  peer.heartbeat.clear();
  peer.acknowledge.clear();
  peer.resend.clear();
  links_.erase(link);
  if (!reason.empty()) port.disconnect(link, reason);
  timers.set(peer.expiry, later(now, options.session_kept));
  settle_state(peer);
}

// ---- HELLO

Hello Endpoint::State::hello_for(const Peer& peer) const {
  Hello hello;
  hello.instance = options.instance;
  hello.incarnation = options.incarnation;
  hello.name = options.name;
  hello.minor_max = protocol_minor;
  hello.features = options.features;
  hello.formats = options.formats;
  hello.payload_bytes_max = options.payload_bytes_max;
  hello.heartbeat_ms = static_cast<std::uint32_t>(
      std::max<std::int64_t>(options.heartbeat / std::chrono::milliseconds(1), 1));
  hello.channel = peer.channel;
  hello.session = peer.session->own;
  hello.peer_session = peer.session->peer;
  hello.received = peer.session->received.expected();
  hello.credit_messages = peer.session->to_grant.granted().messages;
  hello.credit_bytes = peer.session->to_grant.granted().bytes;
  hello.table = table_;
  for (const auto& [slot, entry] : handlers_) hello.handlers.push_back(entry);
  return hello;
}

void Endpoint::State::greet(Peer& peer, MessageKind kind, Instant now) {
  peer.table_told = table_;
  Header header;
  header.kind = kind;
  header.format = options.formats.empty() ? 0 : options.formats.front();
  extensions_.clear();
  append(peer, header, extensions_, Payload(encode_hello(hello_for(peer))), 0, never, now);
}

void Endpoint::State::hello_came(LinkId link, Link& state, Hello hello, Instant now) {
  if (Peer* const peer = find(state.peer)) {
    // Known on this link: its table changed, or its hello came twice.
    if (!peer->session || hello.session != peer->session->peer) return refuse_frame(link, "a hello of another session", now);
    if (hello.table > peer->hello.table) learn(*peer, std::move(hello), now);
    if (peer->link == link) greet(*peer, MessageKind::hello_ack, now);
    return;
  }
  if (state.info.dial != DialId{} || state.waiting_hello) return refuse_frame(link, "a hello out of place", now);
  const auto found = dialled_in_.find({hello.instance, hello.channel});
  Peer* const known = found == dialled_in_.end() ? nullptr : find(found->second);
  if (known == nullptr) {
    if (dialled_in_.size() >= options.peers) {
      ++counters.peers_refused;
      links_.erase(link);
      return port.disconnect(link, "more peers than EndpointOptions::peers");
    }
  } else if (known->info.credentials != state.info.credentials) {
    ++counters.peers_refused;
    return refuse_frame(link, "this instance belongs to other credentials", now);
  } else if (known->link != LinkId{} && state.info.credentials.empty() &&
             hello.session != (known->session ? known->session->peer : 0)) {
    // Either a program that came back before its old connection was noticed to be dead, or one that takes another's
    // name. Who is there is asked; silence gives the name away.
    state.waiting_hello = std::move(hello);
    state.asked = now;
    timers.set(state.timer, later(now, std::min(options.heartbeat, challenge)));
    append_status(*known, MessageKind::ping, {0, static_cast<std::uint64_t>(now.time_since_epoch().count())}, now);
    return;
  }
  admit(link, state, std::move(hello), now);
}

void Endpoint::State::admit(LinkId link, Link& state, Hello hello, Instant now) {
  auto [place, is_new] = dialled_in_.try_emplace({hello.instance, hello.channel}, PeerId{});
  if (is_new) {
    const PeerId id{++last_peer_};
    place->second = id;
    auto made = std::make_unique<Peer>(id, options.batch_bytes);
    made->channel = hello.channel;
    made->hello.instance = hello.instance;
    peers.emplace(id, std::move(made));
  }
  Peer& peer = *find(place->second);
  if (peer.link != LinkId{}) drop_link(peer, "its peer has a newer one", now);
  state.timer.clear();
  state.peer = peer.id;
  take_link(peer, link, state);
  peer.heard = now;

  const bool goes_on = peer.session && hello.session == peer.session->peer && hello.peer_session == peer.session->own &&
                       hello.incarnation == peer.hello.incarnation;
  if (!goes_on) {
    // A dialler that asks again for its session, and does not know this side's, never had an answer: nothing of it
    // arrived there. One that asks for another session may have let this one expire.
    const bool had_nothing = peer.session && hello.session == peer.session->peer && hello.peer_session == 0 &&
                             hello.incarnation == peer.hello.incarnation;
    begin_session(peer, 0, hello.session, had_nothing ? 1 : 0, now);
  }
  const std::uint64_t expected = hello.received;
  learn(peer, std::move(hello), now);
  if (peer.link != link) return;
  greet(peer, MessageKind::hello_ack, now);
  timers.set(peer.heartbeat, later(now, options.heartbeat));
  welcome(peer, goes_on ? std::optional(expected) : std::nullopt, now);
}

void Endpoint::State::hello_answered(Peer& peer, Hello hello, Instant now) {
  if (hello.peer_session != peer.session->own) return drop_link(peer, "a hello_ack of another session", now);
  if (peer.greeted) {
    if (hello.session != peer.session->peer) return;  // Late, on a link that loses things.
    peer.tells_table = false;
    if (hello.table > peer.hello.table) learn(peer, std::move(hello), now);
    return;
  }
  const bool goes_on = peer.session->peer != 0 && hello.session == peer.session->peer &&
                       hello.incarnation == peer.hello.incarnation;
  if (peer.session->peer == 0) {
    peer.session->peer = hello.session;
  } else if (!goes_on) {
    // Its number was told in the hello that this answers.
    begin_session(peer, peer.session->own, hello.session, 0, now);
    peer.acknowledge_now = true;  // Tells the credit of this session: that hello told another's.
    touch(peer);
  }
  const std::uint64_t expected = hello.received;
  const LinkId link = peer.link;
  learn(peer, std::move(hello), now);
  if (peer.link != link) return;
  welcome(peer, goes_on ? std::optional(expected) : std::nullopt, now);
}

void Endpoint::State::learn(Peer& peer, Hello hello, Instant now) {
  Hello mine = hello_for(peer);
  auto both = agree(mine, hello);
  if (!both) {
    drop_link(peer, both.error().message(), now);
    return;
  }
  peer.agreement = std::move(*both);
  port.agreed(peer.id, peer.agreement, peer.info);
  peer.handlers.clear();
  for (const HandlerEntry& entry : hello.handlers) peer.handlers.insert_or_assign(entry.name, entry);
  // Who offers to go on with a session that is not known here any more tells that one's credit, and counts anew, too.
  if (hello.peer_session == 0 || hello.peer_session == peer.session->own) {
    peer.session->to_send.grant({hello.credit_messages, hello.credit_bytes});
  }
  peer.hello = std::move(hello);
}

// ---- sessions

// What is held of former sessions counts: who begins one session after the other gets no more room by that.
Amount Endpoint::State::window_for(const Peer& peer) const {
  const auto less = [](std::uint64_t whole, std::uint64_t part) { return whole > part ? whole - part : 0; };
  return {less(options.credit.messages, peer.orphaned.messages), less(options.credit.bytes, peer.orphaned.bytes)};
}

// `own`: this side's number of it; 0: a new one. `arrived_before`: of what was sent in the session that ends, nothing from this sequence on arrived; 0: not known.
void Endpoint::State::begin_session(Peer& peer, std::uint64_t own, std::uint64_t peer_session,
                                    std::uint64_t arrived_before, Instant now) {
  const std::uint64_t counter = peer.session ? peer.session->counter : 0;
  while (own == 0) own = draw();
  if (peer.session) {
    orphan_requests(peer);
    start_over(peer, arrived_before, now);
  }
  peer.window = window_for(peer);
  peer.session.emplace(own, options, peer.window);
  peer.session->peer = peer_session;
  peer.session->counter = counter;
  peer.draining = false;
  peer.unacknowledged = {};
  peer.acknowledge_now = false;
  peer.least_wait = Duration::max();
  peer.samples = 0;
  ++counters.sessions;
}

// Both have said who they are: `goes_on_from` is what the peer expects next in a session that goes on.
void Endpoint::State::welcome(Peer& peer, std::optional<std::uint64_t> goes_on_from, Instant now) {
  peer.greeted = true;
  if (goes_on_from) go_on(peer, *goes_on_from, now);
  if (!peer.greeted) return;
  settle_state(peer);
  // It changed while the answer to this side's hello was on its way.
  if (peer.table_told != table_) tell_table(peer, now);
  if (draining_) {
    extensions_.clear();
    append(peer, {.kind = MessageKind::drain}, extensions_, {}, 0, never, now);
  }
  pump(peer, now);
}

void Endpoint::State::go_on(Peer& peer, std::uint64_t arrived_before, Instant now) {
  ++counters.resumed;
  const auto told = [&](const SentMessage& message) { arrived(peer, message, now); };
  if (!peer.session->sent.acknowledge(arrived_before, 0, told)) {
    return drop_link(peer, "it says to have what was never sent", now);
  }
  resend_all(peer, now);
}

void Endpoint::State::change(Peer& peer, PeerState state) {
  if (peer.state == state) return;
  peer.state = state;
  port.peer_changed(peer.id, state);
}

void Endpoint::State::settle_state(Peer& peer) {
  if (peer.link == LinkId{} || !peer.greeted) {
    const bool was_up = peer.state != PeerState::connecting;
    return change(peer, was_up ? PeerState::down : PeerState::connecting);
  }
  change(peer, peer.draining ? PeerState::draining : peer.wedged ? PeerState::wedged : PeerState::up);
}

void Endpoint::State::remove(Peer& peer, FailureCode why, Instant now) {
  drop_link(peer, "its peer is forgotten", now);
  for (const Ticket ticket : sends_.ids()) {
    Send* const send = sends_.find(ticket);
    if (send != nullptr && send->peer == peer.id) fail(*send, {why, "the peer is gone"}, now);
  }
  if (peer.session) orphan_requests(peer);
  change(peer, PeerState::gone);
  if (peer.dial != DialId{}) {
    dialled_out_.erase(peer.dial);
  } else {
    dialled_in_.erase({peer.hello.instance, peer.channel});
  }
  peers.erase(peer.id);
}

}  // namespace structwire::messaging
