// SPDX-License-Identifier: Apache-2.0
#pragma once

// What carries frames between processes. The endpoint knows links only: who is at the other end, what a message is,
// what gets lost and is sent again, is its business; opening, closing and moving bytes is the transport's.
//
// One thread at a time, the loop's, calls everything but wake(). A transport opens again what it dialled and what broke
// (with its own pauses); each connection that comes to be is a new link with a new number, even to the same address. The
// dialling side speaks first: a listener may learn of a link by its first frame. No frame has an empty head.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <structwire/core/error.hpp>
#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/payload.hpp>

namespace structwire::messaging {

/// One connection, from its opening to its end. Never used twice in the life of a loop.
enum class LinkId : std::uint64_t {};
/// One address that was dialled; every link that it comes to carries it. 0: the other side dialled.
enum class DialId : std::uint64_t {};

/// What a transport tells of a link.
struct LinkInfo {
  DialId dial{};            ///< 0 where the other side dialled.
  bool lossless = true;     ///< In order and whole, until it breaks: nothing is sent again while it stands.
  std::string peer;         ///< Address for people and logs; may be empty.
  bool on_this_machine = false;  ///< The other end is here, too.
  std::string credentials;  ///< Who the transport proved it to be, such as a CURVE key in Z85; empty: nobody.
};

/// Who is told. Called within poll() only, on its thread. It may call the transport again from within.
class LinkEvents {
 public:
  virtual void opened(LinkId link, const LinkInfo& info) = 0;
  virtual void received(LinkId link, Frame frame) = 0;
  /// The last that is heard of a link. `reason` is a sentence for people.
  virtual void closed(LinkId link, std::string_view reason) = 0;

 protected:
  ~LinkEvents() = default;
};

using TransportFigures = std::map<std::string, std::uint64_t>;

class Transport {
 public:
  virtual ~Transport() = default;

  /// Waits for others there; returns the address to dial, in which the system has put a free port or name for 0 or `*`.
  virtual Result<std::string> listen(std::string_view address) = 0;
  /// Keeps a link to an address open, from now on; links come as events. An error only for an address that makes no
  /// sense: one where nobody answers is tried again and again.
  virtual Result<DialId> dial(std::string_view address) = 0;
  /// No link to it any more.
  virtual void hang_up(DialId dial) = 0;

  /// Sends a frame, or keeps it until the link takes it; one to a link that is closed is dropped. How much it may have
  /// to keep, the endpoint bounds: by the credit of the other side and the limits for replies.
  virtual void send(LinkId link, Frame frame) = 0;
  /// Does the link hold frames that it could not send yet? Then what can wait should.
  virtual bool congested(LinkId link) const = 0;
  /// Closes one link; its `closed` event comes in a later poll(), or not at all. What was dialled is dialled again.
  virtual void close(LinkId link) = 0;

  /// Waits until something happened, a congested link has room again, wake() was called or it is `until`; tells all that
  /// happened.
  virtual void poll(LinkEvents& events, Instant until) = 0;
  /// Sends what send() may have kept until the next poll(), for who will not call that soon. False: not all of it could
  /// go, and the rest needs a poll().
  virtual bool flush() { return true; }
  /// Ends the poll() that runs, or else the next one, at once. From any thread.
  virtual void wake() = 0;

  /// What it has counted since the beginning, by name; for people.
  virtual TransportFigures figures() const { return {}; }
};

}  // namespace structwire::messaging
