// SPDX-License-Identifier: Apache-2.0
#pragma once

// One peer of the older protocol, as this side's endpoint sees it: a binary peer that says hello, acknowledges, grants
// credit and answers pings. Towards the peer itself it speaks JSON (legacy_metadata.hpp). No sockets, threads or clocks:
// frames of the endpoint and messages of the peer go in, the same come out.
//
//    this side's request    goes out as        its end
//    fire_and_forget        fire_and_forget    when the socket took it
//    queued, accepted       with_receipt_ack   the receipt
//    done                   confirmed          ack_response, or error_response
//    response               with_response      response_message, or error_response
//    receipt                with_receipt_and_response
//
// What the older protocol lacks: deadlines and cancelling are not told (what comes to a send that ended before is dropped
// and counted), there are no streams, and payloads are JSON. All the ids that an answer may name are the message's own.
//
// The peer's requests become requests of a session that is its own, as the endpoint grants credit; until then they wait
// here, within a bound. An unknown member of their `control` is written back with every answer.
//
// A receipt judges what its sender expects: a handler that returns values of a type is none for who expects no response.
// (Of others it is not known whether they return bytes or nothing, and names of types are those of another language.)
// What this side expects is said likewise: no response with a receipt alone, bytes with a receipt and a response.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>

#include <structwire/core/uuid.hpp>
#include <structwire/messaging/endpoint/credit.hpp>
#include <structwire/messaging/endpoint/header.hpp>
#include <structwire/messaging/endpoint/hello.hpp>
#include <structwire/messaging/endpoint/sequence.hpp>
#include <structwire/messaging/legacy/legacy_metadata.hpp>
#include <structwire/messaging/payload.hpp>

namespace structwire::messaging {

struct LegacyPeerOptions {
  Uuid instance;       ///< The peer's; zero where it is not known.
  Uuid own_instance;   ///< This side's, until the endpoint says so.
  bool dials = false;  ///< It says hello; else the endpoint does.
  std::uint64_t channel = 0;  ///< Then: which of its instance's, if it has several addresses.
  std::string name;    ///< For people.
  std::string reply_address;  ///< This side's, for answers; empty: none is told.
  std::optional<LegacyUpgrade> upgrade;  ///< That this side offers.
  LegacyLimits limits;
  Amount waiting{256, 32u << 20};  ///< Of its requests, for the endpoint's credit.
  Amount window{256, 32u << 20};   ///< Of this side's requests, that its socket did not take yet.
  std::size_t outstanding = 4096;  ///< Requests of this side that have no answer yet.
  std::uint64_t seed = 0;          ///< Of session numbers; 0: drawn at random.
};

/// Counted since the beginning.
struct LegacyPeerCounters {
  std::uint64_t requests_sent = 0;
  std::uint64_t replies_received = 0;
  std::uint64_t replies_late = 0;        ///< To a send that had ended, or was never made.
  std::uint64_t replies_malformed = 0;
  std::uint64_t requests_received = 0;
  std::uint64_t requests_refused = 0;    ///< Too large, or more than may wait.
  std::uint64_t replies_sent = 0;
  std::uint64_t failures_untold = 0;     ///< Of requests whose sender wants to hear nothing, or does not read.
  std::uint64_t items_dropped = 0;       ///< Of streams, which the peer cannot have asked for.
};

/// A message to the peer.
struct LegacyMessage {
  Payload metadata;
  Payload payload;
  std::uint64_t sequence = 0;  ///< Of what the endpoint sent; 0: nothing of its.
  bool request = false;
  bool awaits_receipt = false;  ///< Which acknowledges it.
};

class LegacyPeer {
 public:
  explicit LegacyPeer(LegacyPeerOptions options);

  /// From now on: LegacyPeerOptions::reply_address and upgrade.
  void announce(std::string reply_address, std::optional<LegacyUpgrade> upgrade) {
    options_.reply_address = std::move(reply_address);
    options_.upgrade = std::move(upgrade);
  }

  // ---- towards the endpoint
  /// A link stands.
  void opened();
  /// It does not any more; what was on its way stays so.
  void closed();
  /// From the endpoint. Errors: those of read_header() and decode_hello(), which an endpoint does not cause.
  Result<void> received(const Frame& frame);
  /// For the endpoint, while a link stands.
  std::optional<Frame> next_frame();

  // ---- towards the peer
  /// The next message to it; nullptr where there is none. Stays until written() or the next reset().
  const LegacyMessage* next_message() const noexcept { return outbox_.empty() ? nullptr : &outbox_.front(); }
  /// The socket took it.
  void written();
  /// A request of the peer. False: as many wait as may; the peer was told, where it wants to hear of it.
  bool request_came(LegacyMetadata request, Payload payload);
  /// A reply of the peer; `kind` is what kind_of() said.
  void reply_came(const LegacyMetadata& reply, LegacyKind kind, const Payload& payload);
  /// Would one more request have to be refused?
  bool is_full() const noexcept;
  /// Which of this side's messages a reply answers. Errors: malformed where it does not tell.
  static Result<MessageId> answered_by(const LegacyMetadata& reply, LegacyKind kind, const Payload& payload,
                                       const LegacyLimits& limits);
  /// Is it a message that went to this peer?
  bool owns(const MessageId& id) const noexcept { return id.incarnation != 0 && id.incarnation == endpoint_session_; }

  // ---- the end of a session
  /// Asks the endpoint for no more requests.
  void drain();
  bool is_draining() const noexcept { return draining_; }
  /// Nothing is on its way, either way, and the endpoint knows it.
  bool is_quiet() const noexcept;
  /// The peer is another process now, or this side wants a new session: all that was on its way is forgotten. For when no
  /// link stands.
  void reset();

  const LegacyPeerCounters& counters() const noexcept { return counters_; }
  std::size_t outstanding() const noexcept { return outstanding_.size(); }
  /// This side's program, as its endpoint said.
  const Uuid& own_instance() const noexcept { return own_instance_; }

 private:
  struct Outstanding {
    Delivery delivery = Delivery::response;
    std::uint64_t sequence = 0;  ///< Of a request that is acknowledged with its receipt; else 0.
  };
  /// A request of the peer that runs.
  struct Running {
    LegacyMode mode = LegacyMode::fire_and_forget;
    std::string handler;
    Uuid answer_id;
    Uuid receipt_id;
    std::optional<Uuid> accept_id;
    std::map<std::string, Raw> extras;
    std::optional<bool> expects_response = std::nullopt;  ///< Where it wants to hear whether its handler gives one.
    bool accepted = false;
  };
  struct Waiting {
    Running running;
    Payload payload;
  };

  // legacy_peer.cpp: the binary side
  Result<void> message_from_endpoint(const HeaderView& view, const Payload& payload);
  void hello_from_endpoint(Hello hello, bool is_answer);
  Hello own_hello() const;
  void say_hello(MessageKind kind);
  void status_from_endpoint(const HeaderView& view);
  void say(Header header, const ExtensionWriter& extensions, Payload payload);
  Frame status_frame(MessageKind kind, const MessageId& id);
  void nack(const MessageId& id, FailureCode code, std::string text);
  void arrived(std::uint64_t sequence);
  std::uint64_t expected() const noexcept { return held_.empty() ? next_in_ : *held_.begin(); }

  // legacy_requests.cpp: both sides' requests and their ends
  void request_from_endpoint(const HeaderView& view, const Payload& payload);
  void cancel_from_endpoint(const MessageId& id);
  void reply_from_endpoint(const HeaderView& view, Payload payload);
  void receipt_came(const MessageId& id, const Outstanding& send, const Payload& payload);
  void end(const MessageId& id);
  void post(LegacyMetadata metadata, LegacyMessage message);
  void answer_acceptance(const Running& running, std::uint64_t sequence);
  void answer_receipt(const Running& running, const Failure* failure, std::uint64_t sequence);
  void answer_status(const Running& running, const Failure* failure, std::uint64_t sequence);
  void answer_response(const Running& running, const Header& header, Payload payload, std::uint64_t sequence);
  void answer_failure(const Running& running, const Failure& failure, std::uint64_t sequence);
  void pump();
  std::optional<Failure> verdict_on(const Running& running, std::uint64_t size) const;
  LegacyMetadata reply_to(const Running& running, std::string_view handler) const;

  LegacyPeerOptions options_;
  LegacyPeerCounters counters_;
  std::mt19937_64 random_;

  // The session with the endpoint.
  std::uint64_t session_ = 0;
  std::uint64_t endpoint_session_ = 0;
  std::uint64_t messages_ = 0;     ///< Made ids.
  Uuid own_instance_;
  std::uint64_t endpoint_payload_max_ = 0;
  SentMessages sent_;              ///< To the endpoint.
  std::uint64_t next_in_ = 1;      ///< Sequence of the endpoint's next message.
  std::set<std::uint64_t> held_;   ///< Of those before it, not yet to be acknowledged.
  std::set<std::string, std::less<>> answering_;  ///< Handlers of the endpoint that return values of a type.
  CreditToSend credit_;
  Amount released_;                ///< Of the endpoint's requests.
  bool linked_ = false;
  bool greeted_ = false;
  bool acknowledge_ = false;
  bool draining_ = false;
  std::deque<Frame> to_endpoint_;

  std::deque<LegacyMessage> outbox_;
  std::unordered_map<std::uint64_t, Outstanding> outstanding_;  ///< This side's requests, by the counter of their id.
  std::unordered_map<std::uint64_t, Running> running_;          ///< The peer's.
  std::deque<Waiting> waiting_;
  Amount waiting_amount_;
};

}  // namespace structwire::messaging
