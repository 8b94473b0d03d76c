// SPDX-License-Identifier: Apache-2.0
#pragma once

// Frames over plain stream sockets: `unix://path` and `tcp://host:port`. The thread that calls poll() reads and writes the
// sockets itself, so a message wakes one thread at each end and no other: the shortest way between two processes of one
// machine. Nothing is encrypted, and over TCP nobody proves who they are: for other networks there is zeromq().
//
//   auto transport = stream_sockets({});
//   auto address = transport->listen("unix:///run/mine/socket");  // or unix://*, unix://@name, tcp://127.0.0.1:*
//
// Addresses: `unix://path`; `unix://@name` without a file (Linux's abstract names, open to everybody on this machine);
// `unix://*` for a new name in a folder that only this user may enter. `tcp://host:port`, where the host is numeric
// (`[::1]` with brackets), `localhost` (which is 127.0.0.1) or, to listen, `*`; names are not looked up: that could block
// everybody. A socket file that nobody listens at any more is replaced; at close it is removed.
//
// It does not speak ZeroMQ's protocol. Both sides begin with eight bytes that say so (docs/messages.md); whoever says
// anything else is cut off at the first byte that differs, and counted. A connection is one link; both sides learn of it
// by the preface of the other one, and of its end at once when the system closes it, or after `silence_max` without any
// sign of the other machine.
//
// Bounds: a frame may claim `part_bytes_max` for its head and for its body, and gets memory as its bytes arrive; a link
// that has much to say waits for others after each `round_bytes`. What does not fit into the system's buffers on the way
// out waits in the transport, bounded by who sends (Transport::send).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/transport.hpp>

namespace structwire::messaging {

struct StreamOptions {
  std::size_t part_bytes_max = 17u << 20;    ///< Of a frame's head or body, on receipt.
  std::size_t first_part_bytes_max = 5u << 20;  ///< The same of the first frame of who dialled: nobody knows yet who it is.
  std::size_t claimed_bytes_max = 2u << 20;  ///< Allocated because a length says so; more only as bytes arrive.
  std::size_t zero_copy_from = 8192;         ///< Larger parts are sent from where they are.
  std::size_t round_bytes = 256u << 10;      ///< Of one link each way, before the others have their turn.
  std::size_t flush_bytes = 256u << 10;      ///< So much of one link leaves before the round is over.

  std::size_t connections_max = 4096;  ///< That others dialled; beyond, they are closed at once.
  std::size_t handshakes_max = 256;    ///< Of them without a first frame yet; beyond, the oldest is closed.
  int socket_buffer_bytes = 0;         ///< Of the system, in each direction; 0: as it likes.

  /// Users (by number) that may dial over Unix sockets; empty: all whom the file's permissions let.
  std::vector<std::uint32_t> allowed_users{};
  unsigned socket_mode = 0;  ///< Permissions of socket files, such as 0600; 0: as the process makes files.

  Duration redial_first = std::chrono::milliseconds(20);  ///< Doubles from failure to failure; half of it is jitter.
  Duration redial_longest = std::chrono::seconds(2);
  Duration connect_timeout = std::chrono::seconds(5);    ///< For connecting and the other side's preface.
  Duration handshake_timeout = std::chrono::seconds(5);  ///< For the preface and the first frame of who dialled.
  Duration silence_max = std::chrono::seconds(30);       ///< TCP: without any sign of the other machine.
  Duration linger = std::chrono::milliseconds(500);      ///< For what is on its way when a link is closed on purpose.
  Duration accept_pause = std::chrono::milliseconds(50); ///< When there are no descriptors for new connections.
};

/// Counted since the beginning. Names are those of the metrics.
struct StreamCounters {
  std::uint64_t links_opened = 0;
  std::uint64_t links_closed = 0;  ///< Those that this side closed included.
  std::uint64_t frames_sent = 0;
  std::uint64_t frames_received = 0;
  std::uint64_t frames_waited = 0;   ///< Sent later, because the system's buffer was full.
  std::uint64_t frames_dropped = 0;  ///< For links that were closed, or broke before the frame was gone.
  std::uint64_t frames_refused = 0;  ///< Lengths that no frame has; each ended its link.
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t dials = 0;  ///< Connections tried.
  std::uint64_t dials_failed = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;  ///< Beyond `connections_max`.
  std::uint64_t strangers_refused = 0;    ///< Who said something else than the preface, on either side.
  std::uint64_t handshakes_failed = 0;    ///< Of who dialled: too slow, gone too early, or beyond `handshakes_max`.
  std::uint64_t users_refused = 0;        ///< Who dialled and was not on the list.
  std::uint64_t accepts_paused = 0;       ///< There were no descriptors.
  // Calls of the system, for who wants to know what a message costs.
  std::uint64_t sends = 0;
  std::uint64_t receives = 0;
  std::uint64_t waits = 0;
};

class StreamTransport : public Transport {
 public:
  /// On the thread that calls poll().
  virtual const StreamCounters& counters() const = 0;
};

/// No thread of its own; different threads may call it one after the other. LinkInfo::credentials is `uid:1000` for Unix
/// sockets: who dialled, or who listens there. Errors of listen() and dial(): invalid_text for what is no address,
/// unsupported for other protocols and for host names, io for what the system refuses.
/// The destructor closes all links without events and takes `linger` at most.
std::unique_ptr<StreamTransport> stream_sockets(StreamOptions options = {});

}  // namespace structwire::messaging
