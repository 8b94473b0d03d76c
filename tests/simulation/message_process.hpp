// SPDX-License-Identifier: Apache-2.0
#pragma once

// One life of a simulated process: an endpoint between a transport of the simulated network and the executor. Its clock
// is its own: moments of two processes have nothing to do with each other.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/simulated.hpp>
#include <tests/simulation/message_executor.hpp>
#include <tests/simulation/message_oracle.hpp>

namespace structwire::messaging::simulation {

struct ProcessOptions {
  EndpointOptions endpoint;
  ExecutorOptions executor;
  Duration clock{};  ///< Of this process, ahead of the network's.
  std::vector<std::uint32_t> slots;  ///< Of each kind; 0: it is not in the table.
};

/// Somebody that this process can send to.
struct Peer {
  PeerId id{};
  std::uint32_t process = nobody;
  DialId dial{};  ///< 0: it dialled.
  std::string address;
  PeerState state = PeerState::connecting;
  bool forgotten = false;
};

class Process final : public Port, public LinkEvents {
 public:
  Process(Life life, ProcessOptions options, SimulatedNetwork& network, Oracle& oracle, SeededRandom random);
  ~Process();

  // ---- the world's hand
  void dial(std::string_view address, std::uint32_t process);
  /// Sends what the oracle has noted.
  void send(Send& send, OutgoingMessage message);
  void cancel(Send& send);
  void forget(Peer& peer);
  void set_handler(std::size_t kind, std::uint32_t slot);
  void remove_handler(std::size_t kind);
  void drain();
  /// endpoint.stop(): every send has to be settled in it.
  void stop();
  void power_off() { transport_->power_off(); }
  void come_to_an_end() { executor_.come_to_an_end(); }

  // ---- the loop
  /// One round, at the network's time.
  void step();
  /// Has it something to do at this time?
  bool due() const;
  /// When it has, if nothing comes.
  Instant next_due() const;
  bool idle() const { return executor_.idle() && endpoint_->idle(); }
  std::string describe() const;
  /// Limits, and that its clock goes on.
  void check();

  Life life() const { return life_; }
  std::vector<Peer>& peers() { return peers_; }
  const std::vector<std::uint32_t>& slots() const { return slots_; }
  /// The endpoint counts what was seen from outside.
  void check_counters();
  const Counters& counters() const { return endpoint_->counters(); }
  Endpoint& endpoint() { return *endpoint_; }
  Instant local() const { return network_->now() + clock_; }
  std::uint64_t steps() const { return steps_; }
  bool draining() const { return draining_; }

  // ---- Port
  void transmit(LinkId link, Frame frame) override;
  bool congested(LinkId link) const override { return transport_->congested(link); }
  void disconnect(LinkId link, std::string_view reason) override;
  void run(Work work) override;
  bool runs_many() const override { return takes_many_; }
  void run_many(ManyWorks many) override;
  Instant expire_many(WorkId many, Instant now) override { return executor_.expire_many(many, now); }
  void stop(WorkId work, FailureCode why) override;
  void stop_one(WorkId many, std::uint64_t counter, FailureCode why) override { executor_.stop_one(many, counter, why); }
  void more_items(WorkId work, std::uint64_t total) override { executor_.more_items(work, total); }
  void settled(std::uint64_t tag, Outcome outcome) override;
  void receipt(std::uint64_t tag) override { oracle_->receipt(life_, tag); }
  void item(std::uint64_t tag, Reply reply) override;
  void peer_changed(PeerId peer, PeerState state) override;
  Duration stalled(Instant now) const override { return executor_.stalled(now); }

  // ---- LinkEvents
  void opened(LinkId link, const LinkInfo& info) override { endpoint_->link_opened(link, info, local()); }
  void received(LinkId link, Frame frame) override;
  void closed(LinkId link, std::string_view reason) override;

 private:
  struct Consumption {
    Instant at;
    std::uint64_t send = 0;
  };

  class LeavingTogether;
  bool leaves_with_others(const Send& send, const OutgoingMessage& message);
  /// What was to leave together does, before what comes behind it.
  void hand_over();

  Instant global(Instant local) const { return local == never ? never : local - clock_; }
  void consume();
  void note_peers();
  void log_frame(std::string_view verb, LinkId link, const Frame& frame) const;
  void log(const std::string& text) const { oracle_->log(life_, text); }

  Life life_;
  Duration clock_;
  SimulatedNetwork* network_;
  Oracle* oracle_;
  SeededRandom random_;
  EndpointOptions options_;
  bool takes_many_;
  std::vector<std::uint32_t> slots_;
  std::unique_ptr<SimulatedTransport> transport_;
  Executor executor_;
  std::map<std::uint64_t, LeavingTogether*> together_;  // By the send; confirmed ones that have not parted.
  std::unique_ptr<LeavingTogether> leaving_;
  PeerId leaving_to_{};
  std::unique_ptr<Endpoint> endpoint_;
  std::vector<Peer> peers_;
  std::vector<std::pair<PeerId, PeerState>> changes_;
  std::vector<LinkId> dropped_links_;
  std::vector<Consumption> consumption_;
  bool draining_ = false;
  std::uint64_t sends_ = 0;
  std::uint64_t successes_ = 0;
  std::uint64_t failures_ = 0;
  bool touched_ = true;
  std::uint64_t steps_ = 0;
  Instant last_step_ = unset_time;
  std::uint32_t steps_at_once_ = 0;
};

/// The name of a process's host, and where it listens.
std::string host_name(std::uint32_t process);
std::string address_of(std::uint32_t process);
Uuid instance_of(std::uint32_t process);

}  // namespace structwire::messaging::simulation
