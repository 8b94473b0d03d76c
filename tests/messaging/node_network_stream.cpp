// SPDX-License-Identifier: Apache-2.0
#include <tests/messaging/node_network.hpp>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <utility>

#include <structwire/messaging/stream_sockets.hpp>

namespace structwire::messaging::node_tests {

namespace {

/// Links that break: a transport over stream sockets that closes them all when it is told to.
class BreakingTransport final : public Transport, private LinkEvents {
 public:
  BreakingTransport(std::mutex& mutex, std::set<BreakingTransport*>& all) : mutex_(mutex), all_(all) {
    const std::lock_guard lock(mutex_);
    all_.insert(this);
  }
  ~BreakingTransport() override {
    const std::lock_guard lock(mutex_);
    all_.erase(this);
  }
  void break_links() {
    breaks_ = true;
    wake();
  }

  Result<std::string> listen(std::string_view address) override { return sockets_->listen(address); }
  Result<DialId> dial(std::string_view address) override { return sockets_->dial(address); }
  void hang_up(DialId dial) override { sockets_->hang_up(dial); }
  void send(LinkId link, Frame frame) override { sockets_->send(link, std::move(frame)); }
  bool congested(LinkId link) const override { return sockets_->congested(link); }
  void close(LinkId link) override {
    links_.erase(link);
    sockets_->close(link);
  }
  void poll(LinkEvents& events, Instant until) override {
    told_ = &events;
    sockets_->poll(*this, until);
    if (!breaks_.exchange(false)) return;
    for (const LinkId link : std::exchange(links_, {})) {
      sockets_->close(link);
      events.closed(link, "cut");
    }
  }
  bool flush() override { return sockets_->flush(); }
  void wake() override { sockets_->wake(); }

 private:
  void opened(LinkId link, const LinkInfo& info) override {
    links_.insert(link);
    told_->opened(link, info);
  }
  void received(LinkId link, Frame frame) override { told_->received(link, std::move(frame)); }
  void closed(LinkId link, std::string_view reason) override {
    links_.erase(link);
    told_->closed(link, reason);
  }

  std::mutex& mutex_;
  std::set<BreakingTransport*>& all_;
  std::unique_ptr<StreamTransport> sockets_ = stream_sockets({.redial_first = std::chrono::milliseconds(1)});
  std::set<LinkId> links_;
  LinkEvents* told_ = nullptr;
  std::atomic<bool> breaks_ = false;
};

}  // namespace

struct NodeNetwork::State {
  std::string folder = "/tmp/structwire_nodes_XXXXXX";
  std::mutex mutex;
  std::set<BreakingTransport*> all;
};

NodeNetwork::NodeNetwork() : state_(std::make_unique<State>()) {
  if (mkdtemp(state_->folder.data()) == nullptr) std::abort();
}
NodeNetwork::~NodeNetwork() { std::filesystem::remove_all(state_->folder); }

std::unique_ptr<Transport> NodeNetwork::transport() {
  return std::make_unique<BreakingTransport>(state_->mutex, state_->all);
}

std::string NodeNetwork::address(std::string_view name) const {
  return "unix://" + state_->folder + "/" + std::string(name);
}

void NodeNetwork::cut() {
  const std::lock_guard lock(state_->mutex);
  for (BreakingTransport* const each : state_->all) each->break_links();
}

}  // namespace structwire::messaging::node_tests
