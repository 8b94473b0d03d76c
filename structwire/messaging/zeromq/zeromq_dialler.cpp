// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/zeromq/zeromq_dialler.hpp>

#include <algorithm>
#include <utility>

namespace structwire::messaging::zeromq_detail {

Dialler::Dialler(Loop& loop, const Context& context, DialId dial, std::string address)
    : Source(loop), context_(context), dial_(dial), address_(std::move(address)) {}

// ---- connecting

void Dialler::timer(Instant now) {
  if (hung_up_) return;
  if (socket_) {
    // Neither connected nor refused in all this time.
    if (link_ != LinkId{} || ready_) return;
    ++loop_.counters().dials_failed;
    drop_sockets(false);
    pause(now);
    return;
  }
  if (dial_again(now)) return;
  ++loop_.counters().dials_failed;
  drop_sockets(false);
  pause(now);
}

Result<void> Dialler::dial_again(Instant now) {
  ++loop_.counters().dials;
  broken_ = {};
  ready_ = false;
  auto socket = Socket::dealer(context_, loop_.options(), address_);
  if (!socket) return std::unexpected(socket.error());
  auto monitor = Monitor::of(context_, *socket, true);
  if (!monitor) return std::unexpected(monitor.error());
  if (auto done = socket->connect(address_); !done) return done;
  socket_ = std::move(*socket);
  monitor_ = std::move(*monitor);
  loop_.watch(*this, socket_.descriptor());
  loop_.watch(*this, monitor_.descriptor(), true);
  loop_.attend(*this);
  loop_.set_timer(*this, later(now, 2 * loop_.options().connect_timeout));
  return {};
}

void Dialler::pause(Instant now) {
  const ZeromqOptions& options = loop_.options();
  pause_ = pause_ == Duration{} ? options.redial_first
                                : std::min<Duration>(2 * pause_, options.redial_longest);
  const double share = 0.5 + 0.5 * loop_.random();
  const Duration jittered(static_cast<Duration::rep>(static_cast<double>(pause_.count()) * share));
  loop_.set_timer(*this, later(now, jittered));
}

void Dialler::drop_sockets(bool let_go) {
  if (!socket_) return;
  loop_.unwatch(monitor_.descriptor());
  loop_.unwatch(socket_.descriptor());
  monitor_.stop();
  if (!let_go) socket_.forget_sent();
  socket_.close();
  ready_ = false;
}

// ---- within poll()

bool Dialler::serve(LinkEvents& events) {
  if (!socket_) return false;
  if (std::exchange(has_connection_news, false)) read_monitor();
  if (ready_ && link_ == LinkId{}) link_up(events);
  if (link_ != LinkId{}) {
    send_waiting();
    if (receive_frames(events)) return true;
    if (!socket_) return false;
    send_waiting();
  } else {
    socket_.take_notice();
  }
  if (!broken_.empty()) link_down(events);
  return false;
}

void Dialler::read_monitor() {
  while (const auto event = monitor_.next()) {
    switch (event->kind) {
      case MonitorEvent::Kind::accepted:
        break;
      case MonitorEvent::Kind::ready:
        ready_ = true;
        break;
      case MonitorEvent::Kind::handshake_failed:
        broken_ = "The handshake failed";
        break;
      case MonitorEvent::Kind::closed:
        if (broken_.empty()) broken_ = "The connection ended";
        break;
    }
  }
}

void Dialler::link_up(LinkEvents& events) {
  link_ = loop_.new_link(*this);
  since_ = std::chrono::steady_clock::now();
  loop_.set_timer(*this, never);
  ++loop_.counters().links_opened;
  LinkInfo info;
  info.dial = dial_;
  info.peer = address_;
  info.on_this_machine = stays_here(address_);
  if (loop_.options().keys) {
    const auto& keys = loop_.options().server_keys;
    const auto own = keys.find(address_);
    info.credentials = own != keys.end() ? own->second : keys.find("")->second;
  }
  events.opened(link_, info);
}

// True: the bound of a round is reached. Each frame's receiver may close the link or hang up.
bool Dialler::receive_frames(LinkEvents& events) {
  const LinkId link = link_;
  for (std::size_t i = 0; i < loop_.options().round_frames; ++i) {
    if (!receive_frame(events)) return false;
    if (link_ != link) return false;
  }
  return true;
}

bool Dialler::receive_frame(LinkEvents& events) {
  Message part;
  if (!socket_.receive(part)) return false;
  const bool alone = !part.more();
  if (part.size() == 0) {
    broken_ = alone ? "The other side closed it" : "A message with an empty head";
    if (!alone) ++loop_.counters().messages_refused;
    link_down(events);
    return false;
  }
  Frame frame;
  frame.head = part.take();
  if (!alone) {
    Message body;
    if (!socket_.receive(body)) return false;
    if (body.more()) {
      ++loop_.counters().messages_refused;
      broken_ = "A message of more than two parts";
      link_down(events);
      return false;
    }
    frame.body = body.take();
  }
  ++loop_.counters().frames_received;
  events.received(link_, std::move(frame));
  return true;
}

void Dialler::link_down(LinkEvents& events) {
  const Instant now = std::chrono::steady_clock::now();
  const std::string_view why = broken_;
  const LinkId link = std::exchange(link_, LinkId{});
  drop_sockets(false);
  broken_ = {};
  loop_.counters().frames_dropped += waiting_.size();
  waiting_.clear();
  if (link == LinkId{}) {
    ++loop_.counters().dials_failed;
    pause(now);
    return;
  }
  // A link that lived counts as success; one that is closed again and again does not.
  if (now - since_ > loop_.options().redial_longest) pause_ = {};
  pause(now);
  loop_.forget_link(link);
  ++loop_.counters().links_closed;
  events.closed(link, why);
}

// ---- sending

void Dialler::send(LinkId link, Frame frame) {
  if (link != link_ || !broken_.empty()) {
    ++loop_.counters().frames_dropped;
    return;
  }
  loop_.attend(*this);
  if (waiting_.empty()) {
    switch (socket_.send({}, frame, loop_.options().zero_copy_from)) {
      case Sent::sent:
        ++loop_.counters().frames_sent;
        return;
      case Sent::full:
        break;
      case Sent::no_peer:
        broken_ = "The connection ended";
        return;
    }
  }
  ++loop_.counters().frames_waited;
  waiting_.push_back(std::move(frame));
}

void Dialler::send_waiting() {
  if (waiting_.empty()) return;
  while (!waiting_.empty() && broken_.empty()) {
    switch (socket_.send({}, waiting_.front(), loop_.options().zero_copy_from)) {
      case Sent::full:
        return;
      case Sent::sent:
        ++loop_.counters().frames_sent;
        break;
      case Sent::no_peer:
        broken_ = "The connection ended";
        return;
    }
    waiting_.pop_front();
  }
  if (waiting_.empty()) loop_.tell_room();
}

void Dialler::close(LinkId link) {
  if (link != link_) return;
  loop_.forget_link(link);
  link_ = LinkId{};
  loop_.counters().frames_dropped += waiting_.size();
  waiting_.clear();
  ++loop_.counters().links_closed;
  drop_sockets(true);
  pause(std::chrono::steady_clock::now());
}

void Dialler::hang_up() {
  if (hung_up_) return;
  if (link_ != LinkId{}) close(link_);
  hung_up_ = true;
  drop_sockets(false);
  loop_.set_timer(*this, never);
}

}  // namespace structwire::messaging::zeromq_detail
