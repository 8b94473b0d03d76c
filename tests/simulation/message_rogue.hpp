// SPDX-License-Identifier: Apache-2.0
#pragma once

// A process that does not keep the protocol: it speaks frames, not endpoint. What it does to its victim is the victim's
// business to survive: the oracle counts what the victim holds, and everybody else's sends go on.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <structwire/messaging/endpoint/header.hpp>
#include <structwire/messaging/seeded_random.hpp>
#include <structwire/messaging/simulated.hpp>

namespace structwire::messaging::simulation {

enum class RogueManner : std::uint8_t {
  floods,   ///< Sends requests whatever its credit is.
  lies,     ///< Damaged headers, sizes that are not there, acknowledgements of what was never sent.
  silent,   ///< Never acknowledges, never grants credit, never answers.
  repeats,  ///< Keeps to the protocol, and sends requests again under the id that they had.
};

class Rogue final : public LinkEvents {
 public:
  Rogue(RogueManner manner, std::string victim, SimulatedNetwork& network, SeededRandom random);

  RogueManner manner() const { return manner_; }
  bool due() const { return transport_->ready() || next_ <= network_->now(); }
  Instant next_due() const { return next_; }
  void step();
  std::uint64_t frames() const { return frames_; }

  void opened(LinkId link, const LinkInfo& info) override;
  void received(LinkId link, Frame frame) override;
  void closed(LinkId link, std::string_view reason) override;

 private:
  void say_hello();
  void repeat();
  Payload request(std::uint64_t payload_size);
  Payload lie();

  RogueManner manner_;
  SimulatedNetwork* network_;
  SeededRandom random_;
  std::unique_ptr<SimulatedTransport> transport_;
  LinkId link_{};
  std::uint64_t session_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t counter_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t credit_ = 0;  ///< Messages, in all.
  std::vector<std::uint64_t> sent_;  ///< Counters of ids.
  Instant next_ = never;
};

}  // namespace structwire::messaging::simulation
