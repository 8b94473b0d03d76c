// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the sockets of the ZeroMQ transport have in common, and what they ask of the transport.

#include <cstdint>
#include <memory>

#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/transport.hpp>
#include <structwire/messaging/zeromq.hpp>

namespace structwire::messaging::zeromq_detail {

class Context;
class Source;

/// The transport, as its sockets see it.
class Loop {
 public:
  virtual const ZeromqOptions& options() const = 0;
  virtual ZeromqCounters& counters() = 0;
  virtual LinkId new_link(Source& source) = 0;
  virtual void forget_link(LinkId link) = 0;
  /// serve() is called when the descriptor is readable; for a monitor's, with Source::has_connection_news.
  virtual void watch(Source& source, int descriptor, bool monitor = false) = 0;
  virtual void unwatch(int descriptor) = 0;
  /// timer() is called then, once; a later call replaces an earlier one.
  virtual void set_timer(Source& source, Instant at) = 0;
  /// serve() is called before the loop sleeps again: libzmq may have taken the news off the descriptor.
  virtual void attend(Source& source) = 0;
  /// Ends a poll(): a link has room again.
  virtual void tell_room() = 0;
  /// Between 0 and 1.
  virtual double random() = 0;
  /// A socket of another kind, in this loop until release(), which its own functions may call.
  virtual Source& adopt(std::unique_ptr<Source> source) = 0;
  virtual void release(Source& source) = 0;
  /// For its sockets; starts libzmq at the first call.
  virtual Result<const Context*> context() = 0;

 protected:
  ~Loop() = default;
};

/// A socket and its links.
class Source {
 public:
  explicit Source(Loop& loop) : loop_(loop) {}
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  /// Tells what came, up to the bound of a round. True: there is more.
  virtual bool serve(LinkEvents& events) = 0;
  virtual void timer(Instant) {}

  virtual void send(LinkId, Frame) {}
  virtual bool congested(LinkId) const { return false; }
  virtual void close(LinkId) {}
  /// Is there a frame that waits for room in libzmq's queue?
  virtual bool has_waiting() const { return false; }

  std::uint64_t number = 0;  ///< Of this source in its loop.
  bool has_connection_news = false;
  bool attended = false;     ///< Is in the loop's list.
  bool retried = false;      ///< Is in the loop's list of those with waiting frames.
  Instant timer_at = never;  ///< In the loop's timers.

 protected:
  Loop& loop_;
};

/// The loop of what zeromq() made.
Loop& loop_of(ZeromqTransport& transport);

}  // namespace structwire::messaging::zeromq_detail
