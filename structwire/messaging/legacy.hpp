// SPDX-License-Identifier: Apache-2.0
#pragma once

// A transport that speaks two protocols: the binary one, as zeromq() does, and with programs that know no other the older
// one of JSON metadata over PUSH and PULL (legacy_metadata.hpp). The endpoint above sees peers and notices no difference,
// but that the older ones know less (legacy_peer.hpp).
//
//   auto transport = legacy({.allowed = {"tcp://10.0.0.0/8:*"}});
//   transport->listen("legacy+tcp://10.0.0.1:7000");   // a PULL socket, for requests and for replies
//   transport->listen("tcp://10.0.0.1:7001");          // binary; legacy peers are told of it
//   transport->dial("legacy+tcp://10.0.0.2:7000");     // a PUSH socket; tcp:// would dial a binary peer
//
// Listen before dialling: the replies to what is sent come to the PULL socket, which each message names.
//
// A message may name an address for its answers. It is dialled only where `allowed` has it or this side dialled it
// anyway; else requests that want an answer are refused and counted, and those that want none are taken. Whoever may
// reach the PULL socket may send: the older protocol has no credentials.
//
// A program that speaks both tells so in its messages (legacy_upgrade_member). When one that was dialled does, and `allowed` has
// the address that it names, that is dialled; once the connection stands, the endpoint is asked to send nothing more, what is on
// its way ends, and the peer goes on in the binary protocol under the same PeerId. What has no answer after
// `drain_patience` ends as `peer_lost`. A binary connection that is lost for longer than `fallback_after`, or that is lost and
// its program speaks the older protocol again, is given up for the older one.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <structwire/messaging/legacy/legacy_metadata.hpp>
#include <structwire/messaging/legacy/legacy_peer.hpp>
#include <structwire/messaging/transport.hpp>
#include <structwire/messaging/zeromq.hpp>

namespace structwire::messaging {

struct LegacyOptions {
  ZeromqOptions zeromq;              ///< Of both protocols; keys are the binary one's alone.
  std::vector<std::string> allowed;  ///< Patterns of addresses: legacy_allow_list.hpp.
  LegacyLimits limits;
  std::size_t peers = 1024;          ///< That were not dialled; one more is refused.
  Amount waiting{256, 32u << 20};    ///< Of a peer's requests, for the endpoint's credit. With as many, nobody's are read ...
  Duration stall = std::chrono::milliseconds(500);  ///< ... for so long; then that peer's are refused as overloaded.
  Amount window{256, 32u << 20};     ///< Of the requests to a peer that its socket did not take yet.
  std::size_t outstanding = 4096;    ///< Requests to a peer that have no answer yet.
  Duration idle = std::chrono::minutes(10);  ///< Then a peer that was not dialled is forgotten.

  /// Told to peers in place of where this side listens, such as behind 0.0.0.0: where answers go to, one for each scheme.
  std::vector<std::string> announced;
  std::string announced_binary;
  bool upgrade = true;  ///< Offers the binary protocol and takes offers.
  Duration connect_patience = std::chrono::seconds(5);   ///< For the binary connection.
  Duration drain_patience = std::chrono::seconds(30);    ///< For answers in the older protocol.
  Duration fallback_after = std::chrono::seconds(5);     ///< Without a binary connection.
  Duration offer_pause = std::chrono::seconds(30);       ///< Before an offer that came to nothing is tried again.
};

/// Counted since the beginning. Names are those of the metrics.
struct LegacyCounters {
  LegacyPeerCounters peers;                ///< Of all peers together.
  std::uint64_t messages_received = 0;
  std::uint64_t messages_refused = 0;      ///< No metadata, or not two parts.
  std::uint64_t endpoints_refused = 0;     ///< Their sender may not be dialled, and wants an answer.
  std::uint64_t peers_refused = 0;         ///< More than LegacyOptions::peers.
  std::uint64_t replies_unknown = 0;       ///< To nothing that was sent.
  std::uint64_t reads_paused = 0;          ///< For want of room for one peer's requests.
  std::uint64_t instances_changed = 0;     ///< Another program answers at a dialled address.
  std::uint64_t upgrades = 0;
  std::uint64_t upgrades_refused = 0;      ///< To an address or version that is not allowed.
  std::uint64_t upgrades_failed = 0;
  std::uint64_t fallbacks = 0;
};

class LegacyTransport : public Transport {
 public:
  /// On the thread that calls poll().
  virtual LegacyCounters counters() const = 0;
};

/// Threads and the destructor: as zeromq(). Patterns that make no sense are an error of listen() and dial().
std::unique_ptr<LegacyTransport> legacy(LegacyOptions options);

}  // namespace structwire::messaging
