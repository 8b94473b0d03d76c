// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network that happens in memory, in virtual time, from a seed: the same seed and the same calls give the same run,
// frame by frame. Its ends are Transports. What real networks do now and then, this one does as often as it is told to:
// frames get lost, doubled, late and out of order, ways are blocked in one direction or both, links break with frames on
// them, processes die with or without a word to the other side.
//
//   SimulatedNetwork network(42);
//   auto a = network.attach("a"), b = network.attach("b");
//   b->listen("sim://b");
//   a->dial("sim://b");                     a and b get `opened` in their next polls
//   network.block("a", "b");                one way: a's frames do not arrive, b's do
//
// Two ways to drive it. poll(events, until) of a transport moves the clock of all as far as its next event, for a test
// that has no clock of its own. A simulation of many processes moves it itself: advance() to next_event(), then poll()
// with now() where ready().
//
// One thread; wake() from any. A transport must not outlive its network.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/core/error.hpp>
#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/seeded_random.hpp>
#include <structwire/messaging/transport.hpp>

namespace structwire::messaging {

/// What a way from one host to another does to frames. A lossless way keeps them whole and in order, as TCP does: what
/// cannot arrive waits, and is lost only with its link.
struct LinkQuality {
  Duration delay = std::chrono::microseconds(100);
  Duration jitter{};                     ///< Up to so much later, each frame for itself.
  std::uint64_t bytes_per_second = 0;    ///< 0: no limit. Above it links are congested.
  std::uint64_t window = 256u << 10;     ///< Bytes sent and not read above which a link is congested.
  bool lossless = true;
  double loss = 0;         ///< Of the frames; this and the next three for ways that are not lossless only.
  double duplication = 0;
  double reordering = 0;   ///< Held back by up to `held_back`, while others pass.
  Duration held_back = std::chrono::milliseconds(5);
};

/// What happened so far.
struct NetworkCounters {
  std::uint64_t opened = 0;       ///< Links.
  std::uint64_t refused = 0;      ///< Dials that found nobody.
  std::uint64_t sent = 0;         ///< Frames.
  std::uint64_t delivered = 0;
  std::uint64_t lost = 0;         ///< By the quality of a way.
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;    ///< Held back.
  std::uint64_t blocked = 0;      ///< Dropped or kept because their way is blocked.
  std::uint64_t cut = 0;          ///< Frames that were on a link when it broke.
  std::uint64_t congested = 0;    ///< Frames sent over a link that still held others.
  std::uint64_t half_open = 0;    ///< Frames to a process that died without a word.
};

class SimulatedTransport;

class SimulatedNetwork {
 public:
  explicit SimulatedNetwork(std::uint64_t seed);
  ~SimulatedNetwork();
  SimulatedNetwork(const SimulatedNetwork&) = delete;
  SimulatedNetwork& operator=(const SimulatedNetwork&) = delete;

  // ---- time
  Instant now() const;
  /// When advance() has something to do next.
  Instant next_event() const;
  /// Moves the clock, and whatever arrives until then into the inboxes of the transports.
  void advance(Instant to);

  // ---- who there is
  /// A process on a host of this name. Its end is the destructor: the system closes its links, what it has sent still
  /// arrives. Several may be on one host.
  std::unique_ptr<SimulatedTransport> attach(std::string_view host);
  /// All links, as the ends of their diallers know them.
  std::vector<LinkId> links() const;

  // ---- what goes wrong
  /// For links that come to be from now on, where no set_quality() says otherwise.
  void set_default_quality(const LinkQuality& quality);
  /// Of one way between two hosts; links that stand change at once, but for `lossless`.
  void set_quality(std::string_view from, std::string_view to, const LinkQuality& quality);
  /// Nothing gets from one host to the other one, until unblock().
  void block(std::string_view from, std::string_view to);
  void unblock(std::string_view from, std::string_view to);
  void unblock_all();
  /// Breaks a link, either end's number names it: what is on the way is lost, both ends hear of it where they can.
  void cut(LinkId link);

  const NetworkCounters& counters() const;

 private:
  friend class SimulatedTransport;
  class State;
  std::unique_ptr<State> state_;
};

/// One process's end of it. Addresses are `sim://` and any name; listen() puts a number for `*`.
class SimulatedTransport final : public Transport {
 public:
  ~SimulatedTransport() override;

  Result<std::string> listen(std::string_view address) override;
  Result<DialId> dial(std::string_view address) override;
  void hang_up(DialId dial) override;
  void send(LinkId link, Frame frame) override;
  bool congested(LinkId link) const override;
  void close(LinkId link) override;
  /// Moves the network's clock. With nothing to come at all, it returns at once, also where `until` is never.
  void poll(LinkEvents& events, Instant until) override;
  void wake() override;

  /// Would poll() tell something without moving the clock?
  bool ready() const;
  /// The machine loses its power: nobody is told. Nothing can be done with it after that.
  void power_off();

 private:
  friend class SimulatedNetwork;
  SimulatedTransport(SimulatedNetwork::State& network, std::uint32_t process);

  SimulatedNetwork::State* network_;
  std::uint32_t process_;
  std::atomic<bool> woken_ = false;
};

}  // namespace structwire::messaging
