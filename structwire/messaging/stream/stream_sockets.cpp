// SPDX-License-Identifier: Apache-2.0
//
// The rounds of the stream transport: what waits goes out, then it sleeps, then it serves who is ready.
#include <structwire/messaging/stream_sockets.hpp>

#include <algorithm>
#include <random>

#include <structwire/messaging/stream/stream_transport.hpp>
#include <structwire/messaging/transport_figures.hpp>

namespace structwire::messaging {

namespace stream_detail {

namespace {

// A link that fills the system's buffers as fast as they are read stops after so many rounds' worth.
constexpr std::size_t pieces_at_once = 64;

StreamOptions completed(StreamOptions options) {
  options.part_bytes_max = std::min(options.part_bytes_max, part_bytes_limit);
  options.round_bytes = std::max<std::size_t>(options.round_bytes, 1);
  return options;
}

}  // namespace

Streams::Streams(StreamOptions options)
    : options_(completed(std::move(options))),
      random_(std::uint64_t{std::random_device{}()} << 32 | std::random_device{}()),
      chunk_(std::make_unique_for_overwrite<std::byte[]>(chunk_bytes)) {
  poller_.open();
}

Streams::~Streams() { send_rest(); }

TransportFigures Streams::figures() const { return figures_of(counters_); }

// ---- sending

void Streams::send(LinkId link, Frame frame) {
  Connection* const connection = connections_.find(link);
  const bool open = connection != nullptr && connection->stage == Stage::open && !connection->unsendable && connection->ended.empty();
  if (!open || frame.head.empty()) {
    ++counters_.frames_dropped;
    return;
  }
  if (std::max(frame.head.size(), frame.body.size()) > part_bytes_limit) {
    ++counters_.frames_dropped;
    end(*connection, "A frame that is too large to be sent");
    return;
  }
  connection->outgoing.add(std::move(frame));
  if (connection->blocked) {
    ++counters_.frames_waited;
    return;
  }
  flush_later(*connection);
  if (connection->outgoing.bytes() >= options_.flush_bytes) flush(*connection);
}

bool Streams::congested(LinkId link) const {
  const Connection* const connection = const_cast<Streams*>(this)->connections_.find(link);
  return connection != nullptr && connection->stage == Stage::open && connection->blocked;
}

void Streams::flush_later(Connection& connection) {
  if (!std::exchange(connection.flushes, true)) flushing_.push_back(connection.id);
}

// Until nothing is left, the system takes no more, or the others have their turn.
void Streams::flush(Connection& connection) {
  std::array<std::span<const std::byte>, pieces_at_once> pieces;
  std::size_t left = options_.round_bytes;
  Outgoing& outgoing = connection.outgoing;
  while (!outgoing.empty() && !connection.unsendable) {
    const std::size_t count = outgoing.pieces(pieces);
    std::size_t offered = 0;
    for (std::size_t i = 0; i < count; ++i) offered += pieces[i].size();
    ++counters_.sends;
    const Moved moved = stream_detail::send(connection.socket, std::span(pieces).first(count));
    if (moved.how == Moving::ended || moved.how == Moving::failed) {
      send_failed(connection, moved);
      return;
    }
    counters_.bytes_sent += moved.bytes;
    counters_.frames_sent += outgoing.sent(moved.bytes);
    if (moved.bytes < offered) {
      set_blocked(connection, true);
      return;
    }
    if (moved.bytes >= left && !outgoing.empty()) {
      flush_later(connection);
      return;
    }
    left -= std::min(left, moved.bytes);
  }
  room_ = room_ || (connection.blocked && connection.stage == Stage::open);
  set_blocked(connection, false);
  finish_if_sent(connection);
}

void Streams::set_blocked(Connection& connection, bool blocked) {
  if (std::exchange(connection.blocked, blocked) == blocked) return;
  blocked ? ++blocked_ : --blocked_;
  poller_.change(connection.socket, static_cast<std::uint64_t>(connection.id), {.read = true, .write = blocked});
}

// Who closed may have sent something before: reading it comes to the end, and tells.
void Streams::send_failed(Connection& connection, const Moved& moved) {
  counters_.frames_dropped += connection.outgoing.drop();
  connection.unsendable = true;
  set_blocked(connection, false);
  if (moved.how == Moving::failed) end(connection, error_text(moved.error));
}

void Streams::flush_all() {
  flushing_now_.clear();
  flushing_now_.swap(flushing_);
  for (const LinkId id : flushing_now_) {
    Connection* const connection = connections_.find(id);
    if (connection == nullptr) continue;
    connection->flushes = false;
    if (!connection->blocked && connection->stage != Stage::connecting && connection->ended.empty()) flush(*connection);
  }
}

bool Streams::flush() {
  flush_all();
  return blocked_ == 0 && flushing_.empty();
}

// ---- the rounds

Duration Streams::time_to_sleep(Instant until) const {
  if (told_ || room_ || !flushing_.empty() || !ended_.empty()) return {};
  if (!timers_.empty()) until = std::min(until, timers_.begin()->at);
  if (until == never) return std::chrono::hours(1);
  const Instant now = std::chrono::steady_clock::now();
  return until > now ? std::min<Duration>(until - now, std::chrono::hours(1)) : Duration{};
}

void Streams::poll(LinkEvents& events, Instant until) {
  told_ = room_ = false;
  if (!poller_.open()) {
    pause_thread(std::chrono::milliseconds(10));
    return;
  }
  for (;;) {
    run_timers();
    flush_all();
    tell_ended(events);
    ++counters_.waits;
    for (const Poller::Ready& ready : poller_.wait(time_to_sleep(until))) serve(ready, events);
    tell_ended(events);
    const bool woken = poller_.take_wake();
    if (woken || told_ || room_ || (until != never && std::chrono::steady_clock::now() >= until)) return;
  }
}

void Streams::serve(const Poller::Ready& ready, LinkEvents& events) {
  if (ready.tag <= listeners_.size()) {
    accept_all(ready.tag);
    return;
  }
  Connection* const connection = connections_.find(LinkId{ready.tag});
  if (connection == nullptr || !connection->ended.empty()) return;
  if (connection->stage == Stage::connecting) {
    connected(*connection);
    return;
  }
  // What came before anything ended is read first.
  if (ready.readable) read(*connection, events);
  if (ready.writable && connection->blocked && connection->ended.empty()) flush(*connection);
}

// ---- time

void Streams::set_timer(TimerKind kind, std::uint64_t number, Instant& at, Instant to) {
  if (at != never) timers_.erase({at, kind, number});
  at = to;
  if (at != never) timers_.insert({at, kind, number});
}

bool Streams::run_timers() {
  if (timers_.empty()) return false;
  const Instant now = std::chrono::steady_clock::now();
  bool ran = false;
  while (!timers_.empty() && timers_.begin()->at <= now) {
    const Timer due = *timers_.begin();
    timers_.erase(timers_.begin());
    ran = true;
    if (due.kind == TimerKind::connection) {
      Connection& connection = *connections_.find(LinkId{due.number});
      connection.timer_at = never;
      timed_out(connection);
    } else if (due.kind == TimerKind::dial) {
      Dial& dial = *dials_.find(DialId{due.number});
      dial.timer_at = never;
      if (!dial_again(dial)) {
        ++counters_.dials_failed;
        pause(dial, now);
      }
    } else {
      Listener& listener = listeners_[due.number - 1];
      listener.timer_at = never;
      poller_.change(listener.socket.socket(), due.number, {.read = true, .write = false});
    }
  }
  return ran;
}

// ---- the end

namespace {

/// Nobody is told of the last bytes.
class Nobody final : public LinkEvents {
 public:
  void opened(LinkId, const LinkInfo&) override {}
  void received(LinkId, Frame) override {}
  void closed(LinkId, std::string_view) override {}
};

}  // namespace

// As far as the other sides take it. What comes meanwhile is read: a connection that is closed with something unread
// takes back what is still on its way.
void Streams::send_rest() {
  Nobody nobody;
  const Instant end = later(std::chrono::steady_clock::now(), options_.linger);
  listeners_.clear();
  timers_.clear();
  for (const LinkId id : connections_.ids()) {
    Connection& connection = *connections_.find(id);
    connection.dial = {};
    if (connection.stage == Stage::open && connection.ended.empty()) {
      leave(connection);
    } else if (connection.stage != Stage::leaving) {
      remove(connection);
    }
  }
  const auto sends = [this](LinkId id) { return !connections_.find(id)->outgoing.empty(); };
  while (std::ranges::any_of(connections_.ids(), sends) && std::chrono::steady_clock::now() < end) {
    told_ = room_ = false;
    flush_all();
    tell_ended(nobody);
    for (const Poller::Ready& ready : poller_.wait(time_to_sleep(end))) serve(ready, nobody);
    tell_ended(nobody);
  }
  for (const LinkId id : connections_.ids()) {
    read(*connections_.find(id), nobody);
  }
}

}  // namespace stream_detail

std::unique_ptr<StreamTransport> stream_sockets(StreamOptions options) {
  return std::make_unique<stream_detail::Streams>(std::move(options));
}

}  // namespace structwire::messaging
