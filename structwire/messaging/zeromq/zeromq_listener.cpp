// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/zeromq/zeromq_listener.hpp>

#include <algorithm>
#include <utility>

namespace structwire::messaging::zeromq_detail {

namespace {

constexpr std::size_t shut_max = 1024;

}  // namespace

Listener::Listener(Loop& loop, Socket socket, Monitor monitor)
    : Source(loop), socket_(std::move(socket)), monitor_(std::move(monitor)) {}

void Listener::start() {
  loop_.watch(*this, socket_.descriptor());
  loop_.watch(*this, monitor_.descriptor(), true);
  loop_.attend(*this);
}

Listener::~Listener() {
  loop_.unwatch(monitor_.descriptor());
  loop_.unwatch(socket_.descriptor());
}

// ---- connections

void Listener::read_monitor() {
  while (const auto event = monitor_.next()) {
    switch (event->kind) {
      case MonitorEvent::Kind::ready:
        break;
      case MonitorEvent::Kind::accepted:
        connection_accepted(event->descriptor);
        break;
      case MonitorEvent::Kind::handshake_failed:
        ++loop_.counters().handshakes_failed;
        break;
      case MonitorEvent::Kind::closed:
        connection_closed(event->descriptor);
        break;
    }
  }
}

void Listener::connection_accepted(int descriptor) {
  Connection& connection = connections_[descriptor];
  // Its end was told before its beginning, by another of libzmq's threads.
  if (connection.claimed != nullptr) mark_gone(*connection.claimed);
  connection.standing = true;
  connection.claimed = nullptr;
}

void Listener::connection_closed(int descriptor) {
  const auto found = connections_.find(descriptor);
  if (found == connections_.end()) return;
  Connection& connection = found->second;
  if (!connection.standing) return;
  connection.standing = false;
  if (Peer* peer = std::exchange(connection.claimed, nullptr)) {
    peer->descriptor = -1;
    mark_gone(*peer);
    if (connection.ended == 0) connections_.erase(found);
    return;
  }
  ++connection.ended;
  ended_.push_back(descriptor);
}

void Listener::claim(Peer& peer, int descriptor) {
  const auto found = connections_.find(descriptor);
  if (found == connections_.end()) return;
  Connection& connection = found->second;
  const bool standing_free = connection.standing && connection.claimed == nullptr;
  if (standing_free && connection.ended == 0) {
    connection.claimed = &peer;
    peer.descriptor = descriptor;
  } else if (!standing_free && connection.ended == 1) {
    mark_gone(peer);
  }
}

void Listener::mark_gone(Peer& peer) {
  if (std::exchange(peer.gone, true)) return;
  gone_.push_back(&peer);
  loop_.attend(*this);
}

// Everything that was received before the ends in question has been told.
void Listener::tell_gone(LinkEvents& events) {
  for (const int descriptor : std::exchange(ended_, {})) {
    const auto found = connections_.find(descriptor);
    if (found == connections_.end()) continue;
    found->second.ended = 0;
    if (!found->second.standing) connections_.erase(found);
  }
  for (Peer* peer : std::exchange(gone_, {})) {
    const LinkId link = peer->link;
    remove(*peer);
    if (link == LinkId{}) continue;
    ++loop_.counters().links_closed;
    events.closed(link, "The connection ended");
  }
}

void Listener::remove(Peer& peer) {
  drop_waiting(peer);
  if (peer.link != LinkId{}) {
    loop_.forget_link(peer.link);
    links_.erase(peer.link);
  }
  if (peer.descriptor >= 0) connections_[peer.descriptor].claimed = nullptr;
  peers_.erase(peers_.find(peer.routing_id));
}

// ---- within poll()

bool Listener::serve(LinkEvents& events) {
  if (std::exchange(has_connection_news, false)) read_monitor();
  send_waiting();
  for (std::size_t i = 0; i < loop_.options().round_frames; ++i) {
    if (receive_message(events)) continue;
    tell_gone(events);
    send_waiting();
    return false;
  }
  return true;
}

bool Listener::receive_message(LinkEvents& events) {
  Message routing_id;
  if (!socket_.receive(routing_id)) return false;
  Message part;
  if (!routing_id.more() || !socket_.receive(part)) return true;
  Peer* peer = find_peer(routing_id, events);
  if (peer != nullptr && peer->link == LinkId{}) {
    ++loop_.counters().frames_ignored;
    skip_parts(part);
    return true;
  }
  Frame frame;
  bool good = part.size() != 0;
  const bool alone = !part.more();
  if (good && alone) {
    if (peer == nullptr) peer = new_peer(routing_id, part, events);
    frame.head = part.take();
  } else if (good) {
    Message body;
    socket_.receive(body);
    good = !body.more();
    if (good) {
      if (peer == nullptr) peer = new_peer(routing_id, part, events);
      frame.head = part.take();
      frame.body = body.take();
    }
    skip_parts(body);
  } else {
    skip_parts(part);
  }
  if (!good) {
    ++loop_.counters().messages_refused;
    if (peer != nullptr) protocol_broken(*peer, events);
    return true;
  }
  // Whoever was told of the link may have closed it.
  if (peer == nullptr) {
    ++loop_.counters().frames_ignored;
    return true;
  }
  ++loop_.counters().frames_received;
  events.received(peer->link, std::move(frame));
  return true;
}

void Listener::skip_parts(Message& part) {
  while (part.more() && socket_.receive(part)) {
  }
}

namespace {

bool is_drawn(std::string_view routing_id) { return routing_id.size() == 5 && routing_id[0] == 0; }

}  // namespace

Listener::Peer* Listener::find_peer(const Message& routing_id, LinkEvents& events) {
  const auto found = peers_.find(routing_id.text());
  if (found == peers_.end()) return nullptr;
  Peer& peer = *found->second;
  if (is_drawn(peer.routing_id) || peer.first.connection() == routing_id.connection()) return &peer;
  const LinkId link = peer.link;
  std::erase(gone_, &peer);
  remove(peer);
  if (link != LinkId{}) {
    ++loop_.counters().links_closed;
    events.closed(link, "The peer connected anew");
  }
  return nullptr;
}

Listener::Peer* Listener::new_peer(Message& routing_id, const Message& part, LinkEvents& events) {
  // The connection that this came by was accepted before: its event is there.
  read_monitor();
  auto owned = std::make_unique<Peer>();
  Peer& peer = *owned;
  peer.routing_id = routing_id.text();
  peer.first.take_from(routing_id);
  peers_.emplace(peer.routing_id, std::move(owned));
  peer.link = loop_.new_link(*this);
  const LinkId link = peer.link;
  links_.emplace(link, &peer);
  claim(peer, part.descriptor());
  ++loop_.counters().links_opened;
  LinkInfo info;
  info.peer = part.property("Peer-Address");
  info.on_this_machine = stays_here(info.peer);
  info.credentials = part.property("User-Id");
  events.opened(link, info);
  return links_.contains(link) ? &peer : nullptr;
}

void Listener::protocol_broken(Peer& peer, LinkEvents& events) {
  const LinkId link = peer.link;
  shut(peer);
  events.closed(link, "A message that is no frame");
}

// ---- sending

void Listener::send(LinkId link, Frame frame) {
  const auto found = links_.find(link);
  if (found == links_.end() || found->second->gone) {
    ++loop_.counters().frames_dropped;
    return;
  }
  Peer& peer = *found->second;
  loop_.attend(*this);
  if (peer.waiting.empty()) {
    switch (socket_.send(peer.routing_id, frame, loop_.options().zero_copy_from)) {
      case Sent::sent:
        ++loop_.counters().frames_sent;
        return;
      case Sent::full:
        break;
      case Sent::no_peer:
        ++loop_.counters().frames_dropped;
        mark_gone(peer);
        return;
    }
  }
  ++loop_.counters().frames_waited;
  peer.waiting.push_back(std::move(frame));
  if (!std::exchange(peer.waits, true)) waiting_.push_back(&peer);
}

bool Listener::congested(LinkId link) const {
  const auto found = links_.find(link);
  return found != links_.end() && !found->second->waiting.empty();
}

void Listener::send_waiting() {
  std::erase_if(waiting_, [this](Peer* peer) {
    peer->waits = !send_waiting_of(*peer);
    if (!peer->waits) loop_.tell_room();
    return !peer->waits;
  });
}

// True: nothing waits any more.
bool Listener::send_waiting_of(Peer& peer) {
  while (!peer.waiting.empty()) {
    switch (socket_.send(peer.routing_id, peer.waiting.front(), loop_.options().zero_copy_from)) {
      case Sent::full:
        return false;
      case Sent::sent:
        ++loop_.counters().frames_sent;
        break;
      case Sent::no_peer:
        loop_.counters().frames_dropped += peer.waiting.size();
        peer.waiting.clear();
        mark_gone(peer);
        return true;
    }
    peer.waiting.pop_front();
  }
  return true;
}

void Listener::drop_waiting(Peer& peer) {
  loop_.counters().frames_dropped += peer.waiting.size();
  peer.waiting.clear();
  if (std::exchange(peer.waits, false)) std::erase(waiting_, &peer);
}

void Listener::close(LinkId link) {
  const auto found = links_.find(link);
  if (found != links_.end()) shut(*found->second);
}

void Listener::shut(Peer& peer) {
  drop_waiting(peer);
  loop_.forget_link(peer.link);
  links_.erase(peer.link);
  peer.link = LinkId{};
  ++loop_.counters().links_closed;
  if (peer.gone) return;
  socket_.send_goodbye(peer.routing_id);
  loop_.attend(*this);
  if (peer.descriptor >= 0) return;
  // Nothing will tell of its end.
  shut_.push_back(peer.routing_id);
  if (shut_.size() <= shut_max) return;
  const auto oldest = peers_.find(shut_.front());
  shut_.pop_front();
  if (oldest != peers_.end() && oldest->second->link == LinkId{} && !oldest->second->gone)
    remove(*oldest->second);
}

}  // namespace structwire::messaging::zeromq_detail
