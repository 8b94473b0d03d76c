// SPDX-License-Identifier: Apache-2.0
#pragma once

// Within the endpoint: what it remembers. Only endpoint*.cpp include this.

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <structwire/messaging/compression.hpp>
#include <structwire/messaging/endpoint/circuit_breaker.hpp>
#include <structwire/messaging/endpoint/credit.hpp>
#include <structwire/messaging/endpoint/dedupe_window.hpp>
#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/endpoint/kept_results.hpp>
#include <structwire/messaging/endpoint/number_map.hpp>
#include <structwire/messaging/endpoint/outbox.hpp>
#include <structwire/messaging/endpoint/sequence.hpp>
#include <structwire/messaging/endpoint/slab.hpp>
#include <structwire/messaging/endpoint/timer_wheel.hpp>
#include <structwire/messaging/endpoint/waiting_sends.hpp>

namespace structwire::messaging {
// Names that programs see for other things: messaging::Peer is a node's handle on another one.
namespace endpoint_detail {

/// What the timers are for: Timer::kind. Timer::owner is the number of the send, request, peer or link.
enum class TimerKind : std::uint8_t {
  send,        ///< Its deadline, or the end of the pause before it is tried again.
  work,        ///< The deadline of a request.
  heartbeat,   ///< Of a peer with a link: ping, or give up.
  session,     ///< Of a peer without a link: forget.
  acknowledge, ///< What came from a peer.
  resend,      ///< What was lost on the way to a peer, or a hello.
  hello,       ///< Of a link that did not say who it is.
};

/// A send without an outcome.
struct Send {
  explicit Send(Ticket number) : ticket(number) {
    timer.kind = static_cast<std::uint8_t>(TimerKind::send);
    timer.owner = static_cast<std::uint64_t>(number);
  }
  enum class State : std::uint8_t { waiting, pausing, sent };

  Ticket ticket;
  PeerId peer{};
  std::uint64_t tag = 0;
  OutgoingMessage message;
  std::unique_ptr<ManyMessages> many;  ///< In place of the message.
  State state = State::waiting;
  WaitingSends::Place place;
  MessageId id;
  Instant deadline = never;
  std::uint32_t attempt = 0;
  std::uint64_t sequence = 0;
  bool arrived = false;     ///< Acknowledged.
  bool idempotent = false;  ///< As the peer's table says: may run twice.
  bool cancelled = false;   ///< The peer was told.
  bool may_run = false;     ///< Waits, and what a former session made of it is not known.
  bool probes = false;      ///< Its circuit waits for it.
  Timer timer;
};

/// A request that runs, or waits to.
struct Request {
  explicit Request(WorkId number) : work(number) {
    timer.kind = static_cast<std::uint8_t>(TimerKind::work);
    timer.owner = static_cast<std::uint64_t>(number);
  }
  WorkId work;
  PeerId peer{};
  std::uint64_t session = 0;  ///< The peer's, in which it came.
  MessageId id;
  std::uint32_t handler = 0;
  Delivery delivery = Delivery::fire_and_forget;
  std::uint64_t bytes = 0;
  bool counted = false;  ///< Among those of former sessions.
  bool keeps_result = false;
  bool accepted = false;  ///< And told so.
  bool stopped = false;
  bool finished = false;
  bool released = false;
  std::uint64_t running = 0;  ///< Of many: those that have not ended, ...
  Amount held;                ///< ... and those whose payload is held.
  bool is_many = false;
  Timer timer;
};

/// What a request came to, as it is told again.
using KeptOutcome = std::shared_ptr<const Outcome>;

/// Does a handler take a payload of this type?
inline bool takes(const HandlerEntry& entry, std::uint64_t schema) {
  return schema == 0 || entry.request == 0 || entry.request == schema || std::ranges::find(entry.accepts, schema) != entry.accepts.end();
}

/// Owner of a kept message whose send has its outcome already.
inline constexpr std::uint64_t settled_owner = ~std::uint64_t{0};
inline constexpr std::size_t handler_name_max = 255;

/// All of a session that ends with it.
struct Session {
  Session(std::uint64_t own_number, const EndpointOptions& options, Amount window)
      : own(own_number), to_grant(window), results(options.results, options.result_bytes) {}

  std::uint64_t own;       ///< Number of this side.
  std::uint64_t peer = 0;  ///< Of the other; 0: not yet known.
  SentMessages sent;
  ReceivedMessages received;
  CreditToSend to_send;
  CreditToGrant to_grant;
  DedupeWindow seen;                                   ///< Requests, by the counter of their id.
  NumberMap<WorkId> running;                           ///< Likewise.
  KeptResults<KeptOutcome> results;
  NumberMap<Ticket> sends;                             ///< This side's, by the counter of their id.
  std::uint64_t counter = 0;                           ///< Of the last id.
};

struct Peer {
  Peer(PeerId number, std::size_t frame_bytes) : id(number), outbox(frame_bytes) {
    const auto set = [number](Timer& timer, TimerKind kind) {
      timer.kind = static_cast<std::uint8_t>(kind);
      timer.owner = static_cast<std::uint64_t>(number);
    };
    set(heartbeat, TimerKind::heartbeat);
    set(expiry, TimerKind::session);
    set(acknowledge, TimerKind::acknowledge);
    set(resend, TimerKind::resend);
  }

  PeerId id;
  DialId dial{};              ///< 0: it dialled.
  std::uint64_t channel = 0;
  LinkId link{};              ///< 0: none.
  bool greeted = false;       ///< HELLO went both ways on this link.
  LinkInfo info;
  Hello hello;                ///< Its last one.
  Agreement agreement;
  std::map<std::string, HandlerEntry, std::less<>> handlers;
  PeerState state = PeerState::connecting;
  bool draining = false;
  bool wedged = false;

  std::optional<Session> session;
  WaitingSends waiting;
  Outbox outbox;
  Amount orphaned;            ///< Requests of former sessions that are still held.
  std::map<std::string, CircuitBreaker, std::less<>> breakers;
  RetryBudget budget;

  Amount unacknowledged;             ///< What came since the last acknowledgement.
  bool acknowledge_now = false;
  std::uint64_t table_told = 0;      ///< This side's table that was last told to it.
  bool tells_table = false;          ///< Its hello_ack to a changed table is awaited.
  bool touched = false;              ///< Has something to flush.
  Duration resend_after{};
  Instant heard{};                   ///< When anything came last.
  Duration round_trip{};
  std::uint32_t samples = 0;         ///< Of adaptive credit.
  Duration least_wait = Duration::max();
  Amount window;

  Timer heartbeat;
  Timer expiry;
  Timer acknowledge;
  Timer resend;
};

struct Link {
  LinkInfo info;
  PeerId peer{};                       ///< 0: nobody yet.
  Instant asked{};
  std::optional<Hello> waiting_hello;  ///< Of one who says to be somebody else who is here: that one is asked first.
  Timer timer;
};

/// As Header::time_left_us tells it: 0 without a deadline, 1 where it has passed.
inline std::uint32_t microseconds_until(Instant deadline, Instant now) noexcept {
  if (deadline == never) return 0;
  const auto left = (deadline - now) / std::chrono::microseconds(1);
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(left, 1, 0xffffffff));
}

/// Is the sender of a request told what it came to?
inline bool wants_reply(Delivery delivery) noexcept {
  return delivery != Delivery::fire_and_forget && delivery != Delivery::queued;
}

/// Is it kept until it is acknowledged, and taken in once and in order?
inline bool has_sequence(const Header& header) noexcept {
  switch (header.kind) {
    case MessageKind::ack: return header.id.counter != 0;  // Without an id it acknowledges sequences.
    case MessageKind::ping:
    case MessageKind::pong:
    case MessageKind::hello:
    case MessageKind::hello_ack: return false;
    default: return true;
  }
}

}  // namespace endpoint_detail
using namespace endpoint_detail;

class Endpoint::State {
 public:
  State(EndpointOptions endpoint_options, Port& endpoint_port);

  // endpoint.cpp: handlers, links, HELLO, sessions
  void set_handler(HandlerEntry entry, Instant now);
  void remove_handler(std::uint32_t slot, Instant now);
  PeerId dialled(DialId dial);
  void forget(PeerId peer, Instant now);
  void link_opened(LinkId link, const LinkInfo& info, Instant now);
  void link_closed(LinkId link, Instant now);

  // endpoint_receive.cpp
  void received(LinkId link, Frame frame, Instant now);

  // endpoint_sends.cpp: this side's
  Ticket send(PeerId peer, OutgoingMessage message, std::uint64_t tag, Instant now);
  void cancel(Ticket ticket, Instant now);
  void consumed(Ticket ticket, std::uint64_t total, Instant now);
  void stop(Instant now);

  // endpoint_many_sends.cpp: many of them
  void send(PeerId peer, std::unique_ptr<ManyMessages> messages, Instant now);
  void cancel(Ticket many, std::uint64_t tag, Instant now);

  // endpoint_requests.cpp: the peers'
  void accepted(WorkId work, Instant now);
  void item(WorkId work, Reply reply, Instant now);
  void finished(WorkId work, Outcome outcome, Duration waited, Instant now);
  void released(WorkId work);
  void drain(Instant now);

  // endpoint_many_requests.cpp
  void ended(WorkId many, const ManyEnded& ended, Instant now);

  // endpoint_time.cpp
  void tick(Instant now);
  void flush(Instant now);
  bool idle() const;
  std::uint64_t bytes_held() const;
  std::optional<PeerStatus> status(PeerId peer) const;

  EndpointOptions options;
  Port& port;
  TimerWheel timers;
  Counters counters;
  std::map<PeerId, std::unique_ptr<Peer>> peers;

 private:
  Peer* find(PeerId peer) {
    const auto found = peers.find(peer);
    return found == peers.end() ? nullptr : found->second.get();
  }
  std::uint64_t draw() { return random_(); }
  Duration jitter(Duration longest) {
    return longest.count() <= 0 ? Duration{} : Duration(static_cast<std::int64_t>(draw() % static_cast<std::uint64_t>(longest.count())));
  }

  // endpoint.cpp
  Hello hello_for(const Peer& peer) const;
  void greet(Peer& peer, MessageKind kind, Instant now);
  void hello_came(LinkId link, Link& state, Hello hello, Instant now);
  void admit(LinkId link, Link& state, Hello hello, Instant now);
  void hello_answered(Peer& peer, Hello hello, Instant now);
  void learn(Peer& peer, Hello hello, Instant now);
  void take_link(Peer& peer, LinkId link, const Link& state);
  void drop_link(Peer& peer, std::string_view reason, Instant now);
  void begin_session(Peer& peer, std::uint64_t own, std::uint64_t peer_session, std::uint64_t arrived_before, Instant now);
  void go_on(Peer& peer, std::uint64_t arrived_before, Instant now);
  void welcome(Peer& peer, std::optional<std::uint64_t> goes_on_from, Instant now);
  void tell_table(Instant now);
  void tell_table(Peer& peer, Instant now);
  void change(Peer& peer, PeerState state);
  void settle_state(Peer& peer);
  void remove(Peer& peer, FailureCode why, Instant now);
  Amount window_for(const Peer& peer) const;

  // endpoint_receive.cpp
  bool take_message(LinkId link, Link& state, ReceivedMessage message, Instant now);
  bool take_sequenced(Peer& peer, ReceivedMessage message, Instant now);
  void act_on(Peer& peer, ReceivedMessage message, Instant now);
  bool take_status(Peer& peer, const HeaderView& view, Instant now);
  void refuse_frame(LinkId link, std::string_view why, Instant now);
  const char* unreadable(const Peer& peer, const Header& header);

  /// Why something does not go to a peer.
  struct Refusal {
    FailureCode code{};
    const char* text = "";
  };
  static constexpr Refusal deadline_passed{FailureCode::expired, "its deadline passed"};
  static constexpr Refusal nobody_answered{FailureCode::no_peer, "nobody answered at its address before the deadline"};
  static constexpr Refusal circuit_is_open{FailureCode::circuit_open, "its handler failed too often just now"};
  static constexpr Refusal too_large_there{FailureCode::too_large, "the peer takes no payload so large"};

  // endpoint_sends.cpp
  void settle(Send& send, Outcome outcome, Instant now);
  void judge_circuit(Peer& peer, const Send& send, const Outcome& outcome, Instant now);
  void fail(Send& send, FailureCode code, std::string text, Instant now);
  void fail(Send& send, const Refusal& why, Instant now);
  void enqueue(Peer& peer, Send& send, Instant now);
  void pump(Peer& peer, Instant now);
  bool transmit(Peer& peer, Send& send, Instant now);
  void reply_came(Peer& peer, ReceivedMessage message, Instant now);
  void done_came(Peer& peer, const HeaderView& view, Instant now);
  void nack_came(Peer& peer, Send& send, const ReceivedMessage& message, Instant now);
  void send_timer(Send& send, Instant now);
  void start_over(Peer& peer, std::uint64_t arrived_before, Instant now);
  Send* send_of(Peer& peer, const MessageId& id);
  std::optional<Refusal> refuses(std::string_view handler, std::uint32_t depth) const;
  std::optional<Refusal> refuses(const Peer& peer, const HandlerEntry* entry, std::uint64_t schema) const;
  static const HandlerEntry* handler_at(const Peer& peer, std::string_view name);
  void arrived(Peer& peer, const SentMessage& message, Instant now);

  // endpoint_many_sends.cpp
  struct Departing;
  std::optional<Refusal> begin_kind(Peer& peer, const ManyMessages& messages, Departing& departing, Instant now);
  void write_next(Peer& peer, Send& send, Departing& departing, Instant now);
  void keep_written(Peer& peer, const Send& send, Departing& departing, Instant now);
  bool transmit_some(Peer& peer, Send& send, std::uint64_t most, Instant now);
  void enqueue_all(Peer& peer, Send& send, Instant now);
  void send_alone(Peer& peer, const Send& many, const ManyMessages::Message& message, Instant now);
  void end(Send& many, const ManyMessages::Message& message, const Refusal& why, Amount& refused, Instant now);
  Send& part(const Send& many, const ManyMessages::Message& message);
  Send* part_one(Send& many, std::uint64_t counter);
  std::vector<Ticket> part_under_way(Send& many);
  bool erase_if_over(Send& many);
  void look_after(Send& many);
  void done_of_many(Peer& peer, Send& many, std::uint64_t counter, Amount& left);
  void were_done(Send& many, Amount left);
  void fail_all(Send& send, Refusal why, Instant now);
  void end_expired(Peer& peer, Send& send, Instant now);

  // endpoint_many_requests.cpp
  std::size_t take_plain_requests(LinkId link, Link& state, const Frame& frame, std::size_t place, Instant now);
  bool collect(Peer& peer, const Header& header, const Frame& frame, std::span<const std::byte> payload, Instant now);
  void run_collected();
  void conclude(Peer& peer, const Request& request, const ManyEnded& ended, Instant now);
  void tell_done(Peer& peer, std::uint64_t incarnation, std::span<const std::uint64_t> numbers, Instant now);

  // endpoint_requests.cpp
  void request_came(Peer& peer, ReceivedMessage message, Instant now);
  void cancel_came(Peer& peer, const MessageId& id);
  void remember(Session& session, std::uint64_t counter, const Outcome& outcome, bool keeps_result);
  void tell(Peer& peer, const Request& request, const Outcome& outcome, Instant now);
  void nack(Peer& peer, const MessageId& id, Failure failure, Instant now);
  const HandlerEntry* handler_of(const HeaderView& view) const;
  void erase_if_over(Request& request);
  void adapt(Peer& peer, Duration waited, std::uint64_t requests = 1);
  void give_back(Peer& peer, std::uint64_t bytes);
  void grant_if_due(Peer& peer);
  void orphan_requests(Peer& peer);

  // endpoint_time.cpp
  void fire(Timer& timer, Instant now);
  void heartbeat(Peer& peer, Instant now);
  void resend(Peer& peer, Instant now);
  void resend_all(Peer& peer, Instant now);
  void append_again(Peer& peer, SentMessage& message, Instant now);
  void append(Peer& peer, Header header, const ExtensionWriter& extensions, Payload payload, std::uint64_t owner,
              Instant deadline, Instant now);
  bool acknowledgement_due(const Peer& peer, Instant now) const;
  void append_status(Peer& peer, MessageKind kind, const MessageId& id, Instant now);
  Payload carried(const Peer& peer, Header& header, Payload payload);
  void pass_on(Peer& peer, Frame frame);
  void touch(Peer& peer);

  std::map<std::uint32_t, HandlerEntry> handlers_;
  std::map<std::string, std::uint32_t, std::less<>> slots_;
  std::uint64_t table_ = 1;
  std::unordered_map<LinkId, Link> links_;
  std::map<std::pair<Uuid, std::uint64_t>, PeerId> dialled_in_;  ///< Who dialled, by instance and channel.
  std::map<DialId, PeerId> dialled_out_;
  Slab<Ticket, Send> sends_;
  Slab<WorkId, Request> requests_;
  const bool runs_many_;
  ManyWorks collected_;  ///< Of the frame that is being read, not yet run.
  std::vector<PeerId> touched_;
  std::uint64_t last_peer_ = 0;
  bool draining_ = false;
  bool stopped_ = false;
  ExtensionWriter extensions_;  ///< Of the message that is being written.
  Buffer header_;               ///< Of the many that are.
  std::mt19937_64 random_;
};

}  // namespace structwire::messaging
