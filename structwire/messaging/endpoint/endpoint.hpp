// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rules of active messages, as one state machine without threads, clocks or sockets: events and the time go in,
// calls of a Port come out. The loop of a real process drives it with a transport and an executor, the simulation with
// a virtual clock and a bad network; both run the same code.
//
//   a send     waits for credit (by priority) -> is on its way (sequence, kept until acknowledged) -> arrived
//              -> exactly one Outcome, at its deadline at the latest
//   a request  arrives in order of sequence -> judged (known handler, schema, deadline, repeat?) -> runs -> one reply
//
// Reliable delivery is that of a session: two endpoints, each in one life. Whatever carries a sequence is kept by its
// sender until the other side has acknowledged it, and sent again over the session's next link, or after a time where
// the link loses things; it is taken in once, in order. When the peer comes back as a new process, what had certainly
// not run, or may run twice, starts over in the new session; what may have run ends as `peer_lost`.
//
// Above that, a message id names a request for its receiver: a request that comes again under the same id is not run a
// second time; its result, if it is kept still, is told again.
//
// Memory: what a peer makes this side hold is bounded by the credit granted to it; replies that it does not acknowledge
// stop the granting of more. What this side's own senders queue is bounded by EndpointOptions::pending.

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/core/error.hpp>
#include <structwire/core/uuid.hpp>
#include <structwire/messaging/endpoint/credit.hpp>
#include <structwire/messaging/endpoint/header.hpp>
#include <structwire/messaging/endpoint/hello.hpp>
#include <structwire/messaging/endpoint/many_messages.hpp>
#include <structwire/messaging/failure.hpp>
#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/payload.hpp>
#include <structwire/messaging/transport.hpp>

namespace structwire::messaging {

/// Who is at the other end of what was dialled, or who dialled: stays over reconnects.
enum class PeerId : std::uint64_t {};
/// A send that has no outcome yet. Numbers are not used again.
enum class Ticket : std::uint64_t {};
/// A request that is not finished yet. Numbers are not used again.
enum class WorkId : std::uint64_t {};

/// What a send does when the peer's credit is used up.
enum class WhenFull : std::uint8_t {
  wait,         ///< Its turn, as long as its deadline allows and EndpointOptions::pending has room.
  fail,         ///< queue_full, at once.
  drop_oldest,  ///< Waits; for want of room the oldest waiting message to this handler is `dropped`.
  latest,       ///< Waits; a waiting one of the same handler and key is `superseded`.
};

inline constexpr std::uint8_t priority_max = 7;

struct SendOptions {
  Delivery delivery = Delivery::response;
  Duration deadline{};        ///< From now on; 0: EndpointOptions::deadline.
  std::uint8_t priority = 3;  ///< 0 to 7: higher ones pass lower ones that wait, and are never passed for ever.
  WhenFull when_full = WhenFull::wait;
  std::uint64_t key = 0;      ///< For handlers ordered by key, and for WhenFull::latest.
  bool circuit_breaker = true;
  std::uint32_t depth = 0;    ///< How many handlers stand behind this send.
  std::uint32_t stream_items = 0;  ///< Not 0: a stream of replies is wanted, so many ahead of what was consumed.
  bool sampled = false;            ///< The reply shall carry its timings.
  std::optional<std::array<std::byte, 26>> trace_parent;  ///< W3C Trace Context.
  std::string trace_state;
};

/// A message to a peer's handler.
struct OutgoingMessage {
  std::string handler;
  std::uint64_t schema = 0;  ///< Wire fingerprint of the payload's type; 0: bytes of unknown type.
  std::uint8_t format = 0;   ///< Number of the payload's format.
  std::uint8_t compression = 0;
  std::uint64_t plain_size = 0;  ///< Of a compressed payload, without.
  Payload payload;
  SendOptions options;
};

/// Where the time of a request went at the handler's side, microseconds.
struct Timings {
  std::uint32_t queued = 0;
  std::uint32_t decode = 0;
  std::uint32_t handler = 0;
  std::uint32_t encode = 0;
  friend bool operator==(const Timings&, const Timings&) = default;
};

struct Reply {
  std::uint64_t schema = 0;
  std::uint8_t format = 0;
  std::uint8_t compression = 0;
  Payload payload;
  std::optional<Timings> timings;
  std::uint64_t plain_size = 0;  ///< Of a compressed payload, without.
};

/// How a send or a request ended. An empty Reply: confirmed, with nothing to tell.
using Outcome = std::expected<Reply, Failure>;

/// A request to run.
struct Work {
  WorkId id{};
  PeerId peer{};
  std::uint32_t handler = 0;  ///< Slot in this side's table.
  MessageId message;
  Delivery delivery = Delivery::fire_and_forget;
  std::uint64_t schema = 0;
  std::uint8_t format = 0;
  std::uint8_t compression = 0;
  std::uint64_t plain_size = 0;  ///< Of a compressed payload, without: no more than EndpointOptions::payload_bytes_max.
  Payload payload;           ///< Its release is told by released().
  std::uint64_t key = 0;
  std::uint32_t depth = 0;
  bool sampled = false;
  std::uint32_t stream_items = 0;  ///< Replies that may be sent ahead; 0: one reply.
  Instant received;
  Instant deadline = never;
  std::optional<std::array<std::byte, 26>> trace_parent;
  std::string trace_state;
};

/// Requests of one peer to one handler that came together, without keys, depth or trace. Nobody wants to hear more of them
/// than that they are done.
struct ManyWorks {
  static constexpr std::size_t most = 64;
  struct One {
    std::uint64_t counter = 0;  ///< Of its message id.
    std::span<const std::byte> payload;
    Instant deadline = never;
  };
  WorkId id{};  ///< Of all of them.
  PeerId peer{};
  std::uint32_t handler = 0;  ///< Slot in this side's table.
  Delivery delivery = Delivery::fire_and_forget;  ///< Or done.
  std::uint64_t incarnation = 0;  ///< Of their message ids.
  std::uint64_t schema = 0;
  std::uint8_t format = 0;
  Payload frame;  ///< Keeps the payloads.
  Instant received;
  std::vector<One> works;  ///< In the order of their arrival; at most so many as `most`.
};
/// What has become of some of them since it was told last.
struct ManyEnded {
  struct Failed {
    std::uint64_t counter = 0;
    Failure why;
  };
  std::uint64_t ended = 0;  ///< Handlers that are done, or will not run.
  Amount released;          ///< Payloads that nobody holds any more.
  Duration waited{};        ///< As finished() is told it.
  /// Of those that ended, the counters: whose success is waited for, ...
  std::span<const std::uint64_t> done{};
  /// ... and whose failure is, or that found no room.
  std::span<const Failed> failed{};
};

enum class PeerState : std::uint8_t {
  connecting,  ///< Dialled; no HELLO yet.
  up,
  draining,  ///< Takes no new requests.
  wedged,    ///< Its process answers, its handlers have made no progress for three heartbeats.
  down,      ///< No link; its session is kept for a while.
  gone,      ///< Nothing is kept.
};
std::string_view name_of(PeerState state) noexcept;

struct PeerStatus {
  PeerId id{};
  PeerState state = PeerState::connecting;
  Uuid instance;
  std::uint64_t incarnation = 0;
  std::string name;
  std::string address;
  std::string credentials;
  std::vector<HandlerEntry> handlers;
  Agreement agreement;
  Amount credit_left;      ///< To send.
  Amount waiting;          ///< For credit.
  Amount held;             ///< Of the peer's requests, here.
  std::size_t unacknowledged = 0;
  Duration round_trip{};   ///< Of the last heartbeat.
};

/// What the endpoint wants done. Called from within its functions; must not call it back.
class Port {
 public:
  virtual void transmit(LinkId link, Frame frame) = 0;
  virtual bool congested(LinkId link) const = 0;
  virtual void disconnect(LinkId link, std::string_view reason) = 0;
  /// Runs a request's handler, now or later; then finished() is due, and released() when nobody holds its payload.
  virtual void run(Work work) = 0;
  /// May requests be given to run_many()? Asked once, at the beginning.
  virtual bool runs_many() const { return false; }
  /// Runs their handlers, each on its own; then ended() is due, at once or bit by bit.
  virtual void run_many(ManyWorks) {}
  /// Those of them whose deadline has passed are not wanted any more. Returns the next deadline.
  virtual Instant expire_many(WorkId, Instant) { return never; }
  /// As stop(), of the one of them that has this counter.
  virtual void stop_one(WorkId, std::uint64_t, FailureCode) {}
  /// A running or waiting request is not wanted any more, or many. finished() is still due; a handler that did not start need
  /// not, and then must not.
  virtual void stop(WorkId work, FailureCode why) = 0;
  /// So many stream items in all may have been sent by now.
  virtual void more_items(WorkId work, std::uint64_t total) = 0;
  /// The end of a send: once for each. `tag` is what send() was given.
  virtual void settled(std::uint64_t tag, Outcome outcome) = 0;
  /// Delivery::receipt: the contract's verdict was good, the handler will run.
  virtual void receipt(std::uint64_t tag) = 0;
  /// An item of a stream of replies.
  virtual void item(std::uint64_t tag, Reply reply) = 0;
  virtual void peer_changed(PeerId peer, PeerState state) = 0;
  /// What this side and a peer do together from now on, over a new link or with a new table. Before peer_changed().
  virtual void agreed(PeerId, const Agreement&, const LinkInfo&) {}
  /// For how long queued work has waited without any being done: what a pong tells.
  virtual Duration stalled(Instant now) const = 0;

 protected:
  ~Port() = default;
};

struct RetryOptions {
  std::uint32_t attempts = 4;                      ///< In all, of one send that a nack called retryable.
  Duration first = std::chrono::milliseconds(50);  ///< Doubles from one to the next; half of it is jitter.
  Duration longest = std::chrono::seconds(5);
  double budget = 0.1;  ///< Retries per send in the long run, beyond a burst of 10 for each peer.
};

struct BreakerOptions {
  std::uint32_t failures = 10;                         ///< In a row, of one handler at one peer; 0: never opens.
  Duration open = std::chrono::seconds(1);             ///< Then one send probes.
};

struct EndpointOptions {
  Uuid instance;                  ///< Of this program; stays over its starts.
  std::uint64_t incarnation = 0;  ///< Of this start; drawn at random.
  std::string name;
  std::vector<std::uint8_t> formats;  ///< That this side reads, best first.
  /// That this side understands. Who does not want compressed payloads leaves out Feature::compression_zstd.
  std::uint64_t features = static_cast<std::uint64_t>(Feature::batches) |
                           static_cast<std::uint64_t>(Feature::selective_acks) |
                           static_cast<std::uint64_t>(Feature::compression_zstd) |
                           static_cast<std::uint64_t>(Feature::acks_of_many);

  Amount credit{1024, 32u << 20};  ///< That each peer gets, at most; and with `adaptive` at first.
  Amount credit_least{16, 1u << 20};
  bool adaptive = true;  ///< The window follows the time that requests wait for their handler.
  Duration queue_target = std::chrono::milliseconds(20);
  std::uint64_t payload_bytes_max = 16u << 20;  ///< Of one message to this side, not compressed; at most the credit's bytes.

  Amount pending{65536, 256u << 20};  ///< That may wait for one peer's credit.
  Amount unacknowledged{4096, 64u << 20};  ///< Of one session; replies beyond it stop the granting of credit.
  std::size_t peers = 4096;           ///< That dialled; one more is turned away.
  std::size_t results = 256;          ///< Kept for each peer, to be told again.
  std::size_t result_bytes = 1u << 20;

  std::size_t copied_below = 8192;  ///< Larger payloads go as the body of a frame of their own.
  std::size_t batch_bytes = 16384;  ///< Small messages to one peer share frames up to this size.

  Duration deadline = std::chrono::seconds(30);
  Duration heartbeat = std::chrono::seconds(1);
  std::uint32_t heartbeats_missed = 3;
  Duration session_kept = std::chrono::seconds(60);  ///< Without a link.
  /// What came is acknowledged this late, or with the next frame that leaves when half of it has passed. A shorter one
  /// costs: to sleep until a time so near programs the processor's timer (2 us a sleep, measured on a virtual machine).
  Duration ack_delay = std::chrono::milliseconds(20);
  Amount ack_every{256, 4u << 20};  ///< Or as soon as so much came.
  Duration resend = std::chrono::milliseconds(200);  ///< At first, on links that lose things.
  RetryOptions retry;
  BreakerOptions breaker;
  std::uint32_t depth_max = 16;  ///< Handlers that call handlers that call ...: deeper sends fail as `overloaded`.
  std::uint64_t seed = 0;        ///< Of jitter and session numbers; 0: drawn at random.
  Instant now{};                 ///< At the beginning.
};

/// Counted since the beginning. Names are those of the metrics.
struct Counters {
  std::uint64_t sent = 0;                ///< Sends begun.
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;              ///< With a Failure of any code.
  std::array<std::uint64_t, 10> nacks_sent{};  ///< By FailureCode.
  std::uint64_t requests = 0;            ///< Received, repeats not counted.
  std::uint64_t repeats = 0;             ///< Requests that came again under their id.
  std::uint64_t replayed = 0;            ///< Results told again.
  std::uint64_t duplicates = 0;          ///< Messages whose sequence was taken in before.
  std::uint64_t reordered = 0;           ///< Messages held until an earlier one came.
  std::uint64_t resent = 0;              ///< Messages sent again.
  std::uint64_t retries = 0;             ///< Sends tried again after a nack.
  std::uint64_t frames_sent = 0;
  std::uint64_t frames_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t compressed_sent = 0;     ///< Messages with a compressed payload, ...
  std::uint64_t compressed_sent_bytes = 0;        ///< ... the bytes of these payloads, ...
  std::uint64_t compressed_sent_plain_bytes = 0;  ///< ... and what they are without.
  std::uint64_t compressed_received = 0;          ///< Likewise.
  std::uint64_t compressed_received_bytes = 0;
  std::uint64_t compressed_received_plain_bytes = 0;
  std::uint64_t frames_refused = 0;      ///< Not understood, or against the protocol.
  std::uint64_t credit_waits = 0;        ///< Sends that had to wait for credit.
  std::uint64_t credit_violations = 0;
  std::uint64_t dropped = 0;             ///< By WhenFull.
  std::uint64_t circuits_opened = 0;
  std::uint64_t sessions = 0;            ///< Begun.
  std::uint64_t resumed = 0;             ///< Gone on with over a new link.
  std::uint64_t abandoned = 0;           ///< Fire-and-forget messages and replies that ended with their session.
  std::uint64_t peers_lost = 0;
  std::uint64_t peers_refused = 0;
};

/// Not for two threads at once. Every function takes the time, which must not go back.
class Endpoint {
 public:
  /// `port` outlives it.
  Endpoint(EndpointOptions options, Port& port);
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // ---- what this side offers
  /// Connected peers are told. An entry of the same slot is replaced; the slot of a handler is not given to another one
  /// while this side lives, since requests on their way name it.
  void set_handler(HandlerEntry entry, Instant now);
  void remove_handler(std::uint32_t slot, Instant now);

  // ---- the transport's events
  /// The peer that a dialled address stands for; sends to it wait for its HELLO.
  PeerId dialled(DialId dial);
  /// Everything to it fails as `no_peer`; its id is gone.
  void forget(PeerId peer, Instant now);
  void link_opened(LinkId link, const LinkInfo& info, Instant now);
  void received(LinkId link, Frame frame, Instant now);
  void link_closed(LinkId link, Instant now);

  // ---- this side's sends
  /// Never fails: what is wrong is the send's outcome, which may be told before this returns. `tag` is the caller's.
  Ticket send(PeerId peer, OutgoingMessage message, std::uint64_t tag, Instant now);
  /// Messages that leave together: each ends by a call of theirs, or as a send that parted from them. Whether the circuit of
  /// their handler is open is asked when they leave.
  void send(PeerId peer, std::unique_ptr<ManyMessages> messages, Instant now);
  /// Tells the peer; the outcome is `cancelled`, or what it had made already. Nothing for a send that has ended.
  void cancel(Ticket ticket, Instant now);
  /// The same of one of many, which parts from them.
  void cancel(Ticket many, std::uint64_t tag, Instant now);
  /// So many items in all of a stream of replies were used up.
  void consumed(Ticket ticket, std::uint64_t total, Instant now);

  // ---- what the executor tells of the peers' requests
  /// Its payload was decoded and its handler will run: what Delivery::accepted and receipt wait for.
  void accepted(WorkId work, Instant now);
  void item(WorkId work, Reply reply, Instant now);
  /// `waited`: from its arrival to the start of its handler, which is what adaptive credit steers by.
  void finished(WorkId work, Outcome outcome, Duration waited, Instant now);
  /// Nobody holds the payload of a request any more: its credit goes back to the peer. Once for each run().
  void released(WorkId work);

  /// Of many, for both.
  void ended(WorkId many, const ManyEnded& ended, Instant now);

  // ---- the clock
  /// Does what is due.
  void tick(Instant now);
  /// When tick() has something to do next.
  Instant next_deadline() const;
  /// Sends what the calls since the last flush have to say. For the end of each round of a loop.
  void flush(Instant now);

  /// New requests are refused as `draining`, peers are told so; what runs goes on.
  void drain(Instant now);
  /// Nothing runs, nothing is on its way.
  bool idle() const;
  /// Every send ends as `stopped`.
  void stop(Instant now);

  const Counters& counters() const;
  std::optional<PeerStatus> status(PeerId peer) const;
  std::vector<PeerId> peers() const;
  /// Bytes that it holds for sends, replies and requests: what the limits bound.
  std::uint64_t bytes_held() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace structwire::messaging
