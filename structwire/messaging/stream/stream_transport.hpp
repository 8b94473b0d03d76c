// SPDX-License-Identifier: Apache-2.0
#pragma once

// The stream transport itself. stream_sockets.cpp: its rounds, and sending; stream_connections.cpp: connections from
// their first byte to their last; stream_dials.cpp: who listens, who is dialled, and when again.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <structwire/messaging/endpoint/slab.hpp>
#include <structwire/messaging/seeded_random.hpp>
#include <structwire/messaging/stream/stream_address.hpp>
#include <structwire/messaging/stream/stream_outgoing.hpp>
#include <structwire/messaging/stream/stream_system.hpp>
#include <structwire/messaging/stream/stream_wire.hpp>
#include <structwire/messaging/stream_sockets.hpp>

namespace structwire::messaging::stream_detail {

/// When something is due; its holder knows it by its place in the transport's list.
enum class TimerKind : std::uint8_t { connection, dial, listener };

struct Connection {
  enum class Stage : std::uint8_t {
    connecting,  ///< The system is at it.
    greeting,    ///< Until the other side's preface is here.
    open,        ///< A link.
    leaving,     ///< Closed by this side: what was sent goes out, what comes is thrown away.
  };

  Connection(LinkId link, Descriptor connected, DialId from, const StreamOptions& options)
      : id(link),
        socket(std::move(connected)),
        dial(from),
        accepted(from == DialId{}),
        preface(accepted ? Role::dials : Role::listens),
        reader(accepted ? std::min(options.first_part_bytes_max, options.part_bytes_max) : options.part_bytes_max,
               options.claimed_bytes_max),
        outgoing(options.zero_copy_from) {}

  LinkId id;
  Descriptor socket;
  Stage stage = Stage::connecting;
  DialId dial;                  ///< 0: the other side dialled, or nobody waits for it any more.
  bool accepted;                ///< The other side dialled.
  std::uint64_t greeting = 0;   ///< Its place among those that dialled and have not said who they are: no frame came yet.
  LinkInfo info{};
  PrefaceReader preface;
  FrameReader reader;
  Outgoing outgoing;
  bool flushes = false;     ///< Is in the list of those that have something to send.
  bool blocked = false;     ///< The system takes no more; it will say when.
  bool unsendable = false;  ///< The other side takes no more. What it sent before is still read.
  bool met = false;         ///< It dialled, and its first frame came.
  bool stranger = false;    ///< It said something that is no preface, or no frame.
  bool finished = false;    ///< It was told that nothing more comes.
  std::string ended{};      ///< Why; then it is in the list of those that ended.
  Instant since{};
  Instant timer_at = never;
};

struct Dial {
  Dial(DialId number, StreamAddress to) : id(number), address(std::move(to)) {}
  DialId id;
  StreamAddress address;
  LinkId current{};  ///< 0 in a pause.
  Duration pause{};
  Instant timer_at = never;
};

struct Listener {
  explicit Listener(ListeningSocket opened) : socket(std::move(opened)) {}
  ListeningSocket socket;
  Instant timer_at = never;
};

class Streams final : public StreamTransport {
 public:
  explicit Streams(StreamOptions options);
  ~Streams() override;

  Result<std::string> listen(std::string_view address) override;
  Result<DialId> dial(std::string_view address) override;
  void hang_up(DialId dial) override;
  void send(LinkId link, Frame frame) override;
  bool congested(LinkId link) const override;
  void close(LinkId link) override;
  void poll(LinkEvents& events, Instant until) override;
  bool flush() override;
  void wake() override { poller_.wake(); }
  const StreamCounters& counters() const override { return counters_; }
  TransportFigures figures() const override;

 private:
  using Stage = Connection::Stage;
  static constexpr std::size_t chunk_bytes = 64u << 10;
  static constexpr std::size_t small_chunk_bytes = 4u << 10;

  // ---- stream_sockets.cpp
  void flush(Connection& connection);
  void flush_later(Connection& connection);
  void flush_all();
  void set_blocked(Connection& connection, bool blocked);
  void send_failed(Connection& connection, const Moved& moved);
  Duration time_to_sleep(Instant until) const;
  void serve(const Poller::Ready& ready, LinkEvents& events);
  bool run_timers();
  void set_timer(TimerKind kind, std::uint64_t number, Instant& at, Instant to);
  void send_rest();

  // ---- stream_connections.cpp
  Connection* add_connection(Descriptor socket, DialId dial, bool connected);
  void connected(Connection& connection);
  void read(Connection& connection, LinkEvents& events);
  void digest(Connection& connection, std::span<const std::byte> bytes, LinkEvents& events);
  void open_link(Connection& connection, LinkEvents& events);
  void end(Connection& connection, std::string reason);
  void tell_ended(LinkEvents& events);
  void leave(Connection& connection);
  void finish_if_sent(Connection& connection);
  void timed_out(Connection& connection);
  void remove(Connection& connection);
  void accept_all(std::uint64_t number);
  bool may_enter(const Other& other);
  void add_accepted(Descriptor socket);
  void greets(Connection& connection);
  void greeted(Connection& connection);

  // ---- stream_dials.cpp
  Result<void> dial_again(Dial& dial);
  void pause(Dial& dial, Instant now);
  void dial_ended(Connection& connection);

  const StreamOptions options_;
  StreamCounters counters_;
  SeededRandom random_;
  Poller poller_;
  std::unique_ptr<std::byte[]> chunk_;  ///< Where bytes are read to whose place is not known yet.

  // Their numbers are 2^32 and more: beyond the tags of listeners, which begin with 1.
  Slab<LinkId, Connection> connections_;
  Slab<DialId, Dial> dials_;
  std::vector<Listener> listeners_;
  std::size_t accepted_ = 0;  ///< Of the connections: those that others dialled.
  std::map<std::uint64_t, LinkId> greeting_;  ///< Of these: those without a first frame, the oldest first.
  std::uint64_t greetings_ = 0;

  struct Timer {
    Instant at;
    TimerKind kind;
    std::uint64_t number;
    auto operator<=>(const Timer&) const = default;
  };
  std::set<Timer> timers_;
  std::size_t blocked_ = 0;  ///< Of the connections.
  std::vector<LinkId> flushing_;
  std::vector<LinkId> flushing_now_;
  std::vector<LinkId> ended_;
  bool told_ = false;  ///< Something, in this poll(); that ends it.
  bool room_ = false;  ///< So does a link that has room again.
};

}  // namespace structwire::messaging::stream_detail
