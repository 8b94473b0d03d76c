// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/legacy/legacy_line.hpp>

#include <algorithm>
#include <utility>

namespace structwire::messaging::legacy_detail {
namespace {

constexpr Duration link_pause = std::chrono::milliseconds(100);

Instant clock_now() { return std::chrono::steady_clock::now(); }

}  // namespace

Line::Line(zeromq_detail::Loop& loop, Hub& hub, std::string address, bool dialled, LegacyPeerOptions options)
    : Source(loop),
      hub_(hub),
      address_(std::move(address)),
      dialled_(dialled),
      peer_(options),
      instance_(options.instance),
      used_(clock_now()) {}

// ---- the socket

Result<void> Line::start(const zeromq_detail::Context& context) {
  loop_.attend(*this);
  if (address_.empty()) return {};
  auto socket = zeromq_detail::Socket::push(context, loop_.options(), address_);
  if (!socket) return std::unexpected(std::move(socket.error()));
  auto monitor = zeromq_detail::Monitor::of(context, *socket, true);
  if (!monitor) return std::unexpected(std::move(monitor.error()));
  if (auto done = socket->connect(address_); !done) return done;
  socket_ = std::move(*socket);
  monitor_ = std::move(*monitor);
  loop_.watch(*this, socket_.descriptor());
  loop_.watch(*this, monitor_.descriptor());
  return {};
}

void Line::hang_up() {
  if (std::exchange(ended_, true)) return;
  if (link_ != LinkId{}) loop_.forget_link(std::exchange(link_, LinkId{}));
  peer_.closed();
  if (binary_dial_ != DialId{}) hub_.hang_up_binary(std::exchange(binary_dial_, DialId{}));
  loop_.set_timer(*this, never);
  if (std::exchange(full_, false)) hub_.room_again();
  if (!socket_) return;
  loop_.unwatch(monitor_.descriptor());
  loop_.unwatch(socket_.descriptor());
  monitor_.stop();
  socket_.close();
}

void Line::read_monitor() {
  using Kind = zeromq_detail::MonitorEvent::Kind;
  while (const auto event = monitor_.next()) {
    if (event->kind == Kind::ready) connected_ = true;
    if (event->kind == Kind::closed || event->kind == Kind::handshake_failed) connected_ = false;
  }
}

void Line::write_messages() {
  if (!socket_) {
    while (peer_.next_message() != nullptr) peer_.written();  // Only failures that nobody wants to hear.
    return;
  }
  while (const LegacyMessage* const message = peer_.next_message()) {
    if (socket_.send_two(message->metadata, message->payload, loop_.options().zero_copy_from) == zeromq_detail::Sent::full) return;
    peer_.written();
  }
}

// ---- the link of the older protocol

void Line::link_up(LinkEvents& events) {
  link_ = loop_.new_link(*this);
  peer_.opened();
  LinkInfo info;
  info.dial = dialled_ ? dial() : DialId{};
  info.peer = address_.empty() ? "legacy peer " + instance_.text() : "legacy+" + address_;
  events.opened(link_, info);
}

void Line::link_down(LinkEvents& events, std::string_view reason) {
  peer_.closed();
  const LinkId link = std::exchange(link_, LinkId{});
  if (link == LinkId{}) return;
  loop_.forget_link(link);
  events.closed(link, reason);
}

void Line::send(LinkId link, Frame frame) {
  if (link != link_ || ended_) return;
  // An endpoint's own frames are whole; one that is not is passed over, and the session notices the gap.
  (void)peer_.received(frame);
  loop_.attend(*this);
}

void Line::close(LinkId link) {
  if (link != link_) return;
  loop_.forget_link(std::exchange(link_, LinkId{}));
  peer_.closed();
  link_after_ = later(clock_now(), link_pause);
  if (!dialled_) ended_ = true;
  loop_.attend(*this);
}

// Everything that one side has to say to the other.
void Line::carry(LinkEvents& events) {
  while (link_ != LinkId{}) {
    auto frame = peer_.next_frame();
    if (!frame) break;
    events.received(link_, std::move(*frame));
  }
  if (!ended_) write_messages();
  // What was written may be acknowledged now.
  while (link_ != LinkId{}) {
    auto frame = peer_.next_frame();
    if (!frame) break;
    events.received(link_, std::move(*frame));
  }
}

bool Line::serve(LinkEvents& events) {
  if (ended_) {
    if (!dialled_) hub_.remove(*this);
    return false;
  }
  const Instant now = clock_now();
  if (monitor_.descriptor() >= 0) read_monitor();
  if (std::exchange(renewed_, false)) {
    link_down(events, "another program answers there");
    peer_.reset();
  }
  if (speaks_older()) {
    // A peer that dialled is there as long as it sends: its answers wait for their connection.
    if (dialled_ && !connected_ && link_ != LinkId{}) link_down(events, "The connection ended");
    if ((connected_ || !dialled_) && link_ == LinkId{} && now >= link_after_) link_up(events);
  }
  carry(events);
  if (ended_) {
    if (!dialled_) hub_.remove(*this);
    return false;
  }
  step(events, now);
  if (ended_) return false;
  note_room(now);
  set_timers(now);
  return false;
}

void Line::timer(Instant) { loop_.attend(*this); }

void Line::set_timers(Instant now) {
  Instant next = step_until_;
  if (!dialled_) next = std::min(next, later(used_, hub_.options().idle));
  if (dialled_ && speaks_older() && connected_ && link_ == LinkId{}) next = std::min(next, link_after_);
  if (full_ && now < full_until_) next = std::min(next, full_until_);
  loop_.set_timer(*this, next);
}

// ---- what the peer says

void Line::note_room(Instant now) {
  const bool full = peer_.is_full();
  if (full && !full_) {
    full_until_ = later(now, hub_.options().stall);
    ++hub_.counted().reads_paused;
  }
  const bool was_blocking = full_;
  full_ = full;
  if (was_blocking && !blocks(now)) hub_.room_again();
}

void Line::request(LegacyMetadata metadata, Payload payload) {
  used_ = clock_now();
  peer_.request_came(std::move(metadata), std::move(payload));
  note_room(used_);
  loop_.attend(*this);
}

void Line::reply(const LegacyMetadata& metadata, LegacyKind kind, const Payload& payload) {
  used_ = clock_now();
  peer_.reply_came(metadata, kind, payload);
  loop_.attend(*this);
}

void Line::heard(const Uuid& instance, bool offers_binary) {
  const bool another = instance_ != Uuid{} && instance_ != instance;
  instance_ = instance;
  if (another) {
    ++hub_.counted().instances_changed;
    offer_after_ = {};
    if (speaks_older()) renewed_ = true;
  }
  // It went back to what it knew before.
  if (state_ == State::lost && (another || !offers_binary)) step_until_ = Instant::min();
  loop_.attend(*this);
}

void Line::offer(const std::string& address) {
  offered_ = address;
  loop_.attend(*this);
}

// ---- from the older protocol to the binary one

void Line::step(LinkEvents& events, Instant now) {
  const LegacyOptions& options = hub_.options();
  switch (state_) {
    case State::older: {
      if (!dialled_) {
        if (now - used_ < options.idle || !peer_.is_quiet()) return;
        link_down(events, "it was silent for too long");
        hub_.remove(*this);
        return;
      }
      if (offered_.empty() || now < offer_after_) return;
      auto dial = hub_.dial_binary(*this, std::exchange(offered_, {}));
      offer_after_ = later(now, options.offer_pause);
      if (!dial) {
        ++hub_.counted().upgrades_failed;
        return;
      }
      binary_dial_ = *dial;
      state_ = State::connecting;
      step_until_ = later(now, options.connect_patience);
      return;
    }
    case State::connecting:
      if (binary_link_ != LinkId{}) {
        state_ = State::draining;
        step_until_ = later(now, options.drain_patience);
        peer_.drain();
        loop_.attend(*this);
      } else if (now >= step_until_) {
        ++hub_.counted().upgrades_failed;
        give_up_binary(now);
      }
      return;
    case State::draining:
      if (binary_link_ == LinkId{}) {
        // A new session is what takes the endpoint's sends again.
        ++hub_.counted().upgrades_failed;
        give_up_binary(now);
        link_down(events, "the binary connection was lost while it was changed to");
        peer_.reset();
        loop_.attend(*this);
      } else if (link_ == LinkId{} || peer_.is_quiet() || now >= step_until_) {
        go_binary(events);
      }
      return;
    case State::binary: return;
    case State::lost:
      if (now < step_until_) return;
      ++hub_.counted().fallbacks;
      give_up_binary(now);
      loop_.attend(*this);
      return;
  }
}

void Line::give_up_binary(Instant now) {
  hub_.hang_up_binary(std::exchange(binary_dial_, DialId{}));
  binary_link_ = LinkId{};
  state_ = State::older;
  step_until_ = never;
  offer_after_ = later(now, hub_.options().offer_pause);
  offered_.clear();
}

void Line::go_binary(LinkEvents& events) {
  ++hub_.counted().upgrades;
  link_down(events, "it goes on in the binary protocol");
  peer_.reset();
  state_ = State::binary;
  step_until_ = never;
  events.opened(binary_link_, binary_info_);
}

void Line::binary_opened(LinkId link, LinkInfo info, LinkEvents& events) {
  binary_link_ = link;
  binary_info_ = std::move(info);
  binary_info_.dial = dial();
  if (state_ == State::lost) {
    state_ = State::binary;
    step_until_ = never;
    events.opened(link, binary_info_);
  }
  loop_.attend(*this);
}

// `events`: nullptr where the endpoint closed it.
void Line::binary_closed(LinkId link, std::string_view reason, LinkEvents* events) {
  if (link != binary_link_) return;
  binary_link_ = LinkId{};
  if (state_ == State::binary) {
    state_ = State::lost;
    step_until_ = later(clock_now(), hub_.options().fallback_after);
    if (events != nullptr) events->closed(link, reason);
  }
  loop_.attend(*this);
}

}  // namespace structwire::messaging::legacy_detail
