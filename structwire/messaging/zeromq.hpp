// SPDX-License-Identifier: Apache-2.0
#pragma once

// Frames over ZeroMQ: `tcp://host:port` and `ipc://path`, in the clear or with CURVE.
//
//   auto transport = zeromq({});
//   auto address = transport->listen("tcp://127.0.0.1:*");   // tcp://127.0.0.1:39211
//
// Listening is a ROUTER, dialling a DEALER; a frame is a message of one part (head) or two (head, body). Every
// connection gets a socket of its own at the dialling side: nothing that was meant for a broken connection ever turns
// up on its successor, and the listener sees a new peer each time. A listener learns of a link with its first frame, so
// the dialling side speaks first. It learns of the end of one at once when the system closes the connection, and
// otherwise (half-open connections) after `heartbeat_timeout`, or when it wants to send.
//
// A message of one empty part says that the other side has closed the link: a ROUTER cannot drop one connection. What
// still comes over it is ignored and counted. Messages of any other shape end their link.
//
// Bounds: libzmq holds at most `queue_frames` in each direction of a link, what exceeds them on the way out waits in the
// transport, bounded by who sends (Transport::send). Parts longer than `part_bytes_max` end their connection before
// anything is allocated for them. What libzmq cannot bound is the number of parts of one message; only who passed the
// handshake can send any, so with CURVE: only allowed keys.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <structwire/core/error.hpp>
#include <structwire/messaging/transport.hpp>

namespace structwire::messaging {

/// A long-term key pair of CURVE, in Z85: 40 characters each.
struct CurveKeys {
  std::string public_key;
  std::string secret_key;
};

/// A new pair. Errors: unsupported where libzmq was built without CURVE.
Result<CurveKeys> curve_keypair();

struct ZeromqOptions {
  /// With them every link is encrypted, and both ends have proved their keys before a frame passes.
  std::optional<CurveKeys> keys;
  /// Public keys that may dial. Others get nothing; with `keys` and an empty list nobody gets anything.
  std::vector<std::string> allowed_keys;
  /// The public key of who listens, by the address that is dialled; "" stands for all other addresses.
  std::map<std::string, std::string> server_keys;

  std::size_t part_bytes_max = 17u << 20;  ///< Of a frame's head or body, on receipt.
  std::size_t zero_copy_from = 8192;       ///< Larger parts are sent from where they are.
  int queue_frames = 256;                  ///< In each direction of a link, inside libzmq.
  std::size_t round_frames = 256;          ///< Of one socket, before the others have their turn.
  int io_threads = 1;                      ///< Of libzmq.
  int sockets_max =
      16384;  ///< Of libzmq: three for each dialled address, three for each listened at.

  Duration redial_first =
      std::chrono::milliseconds(20);  ///< Doubles from failure to failure; half of it is jitter.
  Duration redial_longest = std::chrono::seconds(2);
  Duration connect_timeout =
      std::chrono::seconds(5);  ///< For connecting, and again for the handshake.
  Duration heartbeat =
      std::chrono::seconds(5);  ///< Of libzmq; the endpoint has its own, which are quicker.
  Duration heartbeat_timeout =
      std::chrono::seconds(30);  ///< Above the time that the largest part may take.
  Duration linger =
      std::chrono::milliseconds(500);  ///< For what is on its way when a link is closed on purpose.
};

/// Counted since the beginning. Names are those of the metrics.
struct ZeromqCounters {
  std::uint64_t links_opened = 0;
  std::uint64_t links_closed = 0;  ///< Those that this side closed included.
  std::uint64_t frames_sent = 0;
  std::uint64_t frames_received = 0;
  std::uint64_t frames_waited = 0;  ///< Sent later, because libzmq's queue was full.
  std::uint64_t frames_dropped =
      0;  ///< For links that were closed, or broke before the frame was gone.
  std::uint64_t frames_ignored = 0;    ///< Received from peers whose link this side had closed.
  std::uint64_t messages_refused = 0;  ///< Of a shape that no frame has.
  std::uint64_t dials = 0;             ///< Connections tried.
  std::uint64_t dials_failed = 0;
  std::uint64_t handshakes_failed =
      0;  ///< Of who dialled: not ZeroMQ, too slow, or of another security.
  std::uint64_t keys_refused = 0;  ///< Who dialled and was not on the list.
};

class ZeromqTransport : public Transport {
 public:
  /// On the thread that calls poll().
  virtual const ZeromqCounters& counters() const = 0;
};

/// Threads: libzmq's own, `io_threads` + 1. Wrong options and the lack of descriptors are errors of listen() and dial().
/// The destructor closes all links without events and takes `linger` at most.
std::unique_ptr<ZeromqTransport> zeromq(ZeromqOptions options);

}  // namespace structwire::messaging
