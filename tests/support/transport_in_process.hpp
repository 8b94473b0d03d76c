// SPDX-License-Identifier: Apache-2.0
#pragma once

// A transport between nodes of one process: frames go from queue to queue under one lock. For tests of what stands above
// transports.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <structwire/messaging/transport.hpp>

namespace structwire::testing {

class TransportInProcess;

/// Outlives its transports.
class InProcessNetwork {
 public:
  std::unique_ptr<messaging::Transport> transport();
  /// Breaks every link; those who dialled dial again at once.
  void cut();

 private:
  friend class TransportInProcess;
  struct Dial {
    TransportInProcess* from;
    messaging::DialId id;
    std::string address;
  };
  struct End {
    TransportInProcess* transport;
    messaging::LinkId link;
  };

  void connect(const Dial& dial);
  void break_link(messaging::LinkId link);

  std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::map<std::string, TransportInProcess*, std::less<>> listeners_;
  std::vector<Dial> dials_;
  std::map<messaging::LinkId, End> other_end_;
  std::map<messaging::LinkId, messaging::DialId> dial_of_;  // Of either end.
};

class TransportInProcess final : public messaging::Transport {
 public:
  explicit TransportInProcess(InProcessNetwork& network) : network_(network) {}
  ~TransportInProcess() override;

  Result<std::string> listen(std::string_view address) override;
  Result<messaging::DialId> dial(std::string_view address) override;
  void hang_up(messaging::DialId dial) override;
  void send(messaging::LinkId link, messaging::Frame frame) override;
  bool congested(messaging::LinkId) const override { return false; }
  void close(messaging::LinkId link) override;
  void poll(messaging::LinkEvents& events, messaging::Instant until) override;
  void wake() override;

 private:
  friend class InProcessNetwork;
  struct Event {
    enum { opened, received, closed } kind;
    messaging::LinkId link;
    messaging::LinkInfo info;
    messaging::Frame frame;
  };
  void tell(Event event);

  InProcessNetwork& network_;
  // Under the mutex of the network.
  std::deque<Event> events_;
  std::condition_variable happened_;
  bool woken_ = false;
};

}  // namespace structwire::testing
