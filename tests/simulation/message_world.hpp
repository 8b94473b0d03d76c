// SPDX-License-Identifier: Apache-2.0
#pragma once

// One small world from one seed: a few processes that send to each other over a bad network, everything at random, and
// an oracle that watches. Each world draws first which kinds of trouble it has at all and how much of them: worlds with
// one kind of trouble find what worlds with all kinds hide.
//
//   trouble   for a virtual second or some: sends, cancels, changes, faults
//   calm      the network heals, who is down comes back, handlers end: everything has to settle, processes become idle
//   probes    each process asks each peer that it knows: every answer has to come

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/messaging/seeded_random.hpp>
#include <structwire/messaging/simulated.hpp>
#include <tests/simulation/message_oracle.hpp>
#include <tests/simulation/message_process.hpp>
#include <tests/simulation/message_rogue.hpp>

namespace structwire::messaging::simulation {

/// What a world does to its processes.
enum class Happening : std::uint8_t {
  cancel,
  handler_added,
  handler_removed,
  drain,
  stop,
  forget,
  crash,
  power_loss,
  restart,
  pause,
  link_cut,
  one_way_block,
  partition,
  slow_link,
  frame_lost,
  frame_doubled,
  frame_overtaken,
  frame_cut,
  half_open,
  congestion,
  rogue_floods,  // And the next three, in the order of RogueManner.
  rogue_lies,
  rogue_is_silent,
  rogue_repeats,
  count,
};
std::string_view name_of(Happening happening) noexcept;

struct WorldResult {
  std::vector<std::string> violations;
  std::array<std::uint64_t, static_cast<std::size_t>(Happening::count)> happenings{};
  std::map<int, std::uint64_t> outcomes;
  std::uint64_t sends = 0;
  std::uint64_t runs = 0;
  Counters counters;  ///< Of all endpoints; those of nacks, repeats and the like.
};

class World {
 public:
  World(std::uint64_t seed, bool verbose);
  WorldResult run();

 private:
  /// What this world has, as chances of each action.
  struct Weather {
    bool lossless = true;
    bool calm = false;      ///< No trouble at all: what can succeed, must.
    bool pressure = false;  ///< One slow peer and more sends than it can take.
    bool flood = false;     ///< More than a dedupe window between a message and its second try.
    double cancels = 0, handler_changes = 0, drains = 0, stops = 0, forgets = 0, crashes = 0, power_losses = 0,
           pauses = 0, cuts = 0, one_way_blocks = 0, partitions = 0, slow_links = 0, rogues = 0;
    std::array<double, kinds.size() + 1> kind_weights{};
    std::array<double, 4> when_full{};
    Duration deadline_least{}, deadline_most{};
    std::uint64_t payload_most = 0;
    std::uint64_t burst_most = 0;
    Duration pause_between{};
  };
  struct Place {
    std::unique_ptr<Process> process;
    std::uint32_t life = 0;
    ProcessOptions options;
    std::vector<std::uint32_t> dials;
    bool paused = false;
    std::uint32_t troubles = 0;
    std::uint32_t last_slot = 100;  ///< Of a handler that came later: a slot is never another handler's.
  };
  enum class ReversalKind : std::uint8_t { unblock, restart, resume, quicken };
  struct Reversal {
    ReversalKind kind{};
    std::uint32_t a = 0, b = 0;
  };

  void draw_weather();
  ProcessOptions draw_options();
  LinkQuality draw_quality();

  void start_process(std::uint32_t index);
  void end_process(std::uint32_t index, Happening how);
  void act();
  void trouble();
  void send_some();
  void send_one(Process& from, Peer& peer, std::size_t kind, std::optional<Delivery> alike = {});
  void probe();
  void pressure();
  void flood();
  void block(std::uint32_t from, std::uint32_t to, Duration how_long);
  void change_handlers(std::uint32_t index);
  void trouble_begins(std::uint32_t index);
  void trouble_ends(std::uint32_t index);
  void revert(const Reversal& reversal);
  void later_on(Duration after, Reversal reversal);

  void loop(Instant until, bool until_settled);
  bool settled();
  void tell_who_is_not_idle();
  void heal();
  void count(const Counters& counters);
  WorldResult report();

  std::uint32_t some_alive();
  void happened(Happening happening, std::uint64_t times = 1) {
    result_.happenings[static_cast<std::size_t>(happening)] += times;
  }
  void log(const std::string& text) const { oracle_.log({}, text); }

  SeededRandom random_;
  SimulatedNetwork network_;
  Oracle oracle_;
  Weather weather_;
  std::vector<Place> places_;
  std::unique_ptr<Rogue> rogue_;
  std::multimap<Instant, Reversal> reversals_;
  Instant next_action_ = never;
  bool healed_ = false;
  WorldResult result_;
};

}  // namespace structwire::messaging::simulation
