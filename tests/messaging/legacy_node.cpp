// SPDX-License-Identifier: Apache-2.0
//
// An endpoint over the transport of both protocols, as a process that legacy_node_test.py drives by lines:
//
//    legacy_node NAME [--allow PATTERN]...
//
//    listen ADDRESS                               dial ADDRESS
//    send PEER DELIVERY TAG HANDLER PAYLOAD       counters
//
// It answers by lines of JSON: listening, dialled, state, outcome, receipt, request, counters. Its handlers: echo, fail, note (returns
// nothing) and slow (echoes after 300 ms).
#include <chrono>
#include <cstdio>
#include <deque>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

#include <structwire/json.hpp>
#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/legacy.hpp>

namespace {

using namespace std::chrono_literals;
using namespace structwire;
using namespace structwire::messaging;

constexpr Delivery deliveries[] = {Delivery::fire_and_forget, Delivery::queued, Delivery::accepted,
                                   Delivery::done, Delivery::response, Delivery::receipt};
constexpr std::string_view delivery_names[] = {"fire_and_forget", "queued", "accepted", "done", "response", "receipt"};
constexpr std::string_view handler_names[] = {"echo", "fail", "note", "slow"};

/// A line that it writes.
struct Event {
  std::string event;
  std::string address;
  std::optional<std::uint64_t> peer;
  std::string state;
  std::optional<std::uint64_t> tag;
  std::optional<bool> ok;
  std::string code;
  std::string text;
  std::string handler;
  std::string delivery;
  std::string payload;
  std::map<std::string, std::uint64_t> counters;
  using wire = Rules<all_defaulted, omit_defaults>;
};

void tell(const Event& event) {
  std::printf("%s\n", json::encode(event).c_str());
  std::fflush(stdout);
}

Instant clock_now() { return std::chrono::steady_clock::now(); }
std::string text_of(const Payload& payload) { return {reinterpret_cast<const char*>(payload.data()), payload.size()}; }

class Node final : public Port, public LinkEvents {
 public:
  Node(const std::string& name, LegacyOptions options) : transport_(legacy(std::move(options))) {
    EndpointOptions mine;
    std::random_device random;
    for (std::byte& byte : mine.instance.bytes) byte = static_cast<std::byte>(random());
    mine.incarnation = random();
    mine.name = name;
    mine.formats = {2, 1};
    mine.now = clock_now();
    endpoint_ = std::make_unique<Endpoint>(mine, *this);
    std::uint32_t slot = 0;
    for (const std::string_view handler : handler_names) endpoint_->set_handler({.name = std::string(handler), .slot = ++slot}, clock_now());
  }

  void run() {
    std::thread reader([this] { read_lines(); });
    while (!ended_) {
      Instant until = endpoint_->next_deadline();
      if (!later_.empty()) until = std::min(until, later_.begin()->first);
      transport_->poll(*this, until);
      obey_all();
      while (!later_.empty() && later_.begin()->first <= clock_now()) {
        Work work = std::move(later_.begin()->second);
        later_.erase(later_.begin());
        finish(std::move(work));
      }
      for (Work& work : std::exchange(works_, {})) start(std::move(work));
      endpoint_->tick(clock_now());
      endpoint_->flush(clock_now());
    }
    reader.join();
  }

  // ---- of the transport
  void opened(LinkId link, const LinkInfo& info) override { endpoint_->link_opened(link, info, clock_now()); }
  void received(LinkId link, Frame frame) override { endpoint_->received(link, std::move(frame), clock_now()); }
  void closed(LinkId link, std::string_view) override { endpoint_->link_closed(link, clock_now()); }

  // ---- of the endpoint
  void transmit(LinkId link, Frame frame) override { transport_->send(link, std::move(frame)); }
  bool congested(LinkId link) const override { return transport_->congested(link); }
  void disconnect(LinkId link, std::string_view reason) override {
    tell({.event = "disconnect", .text = std::string(reason)});
    transport_->close(link);
  }
  void run(Work work) override { works_.push_back(std::move(work)); }
  void stop(WorkId, FailureCode) override {}
  void more_items(WorkId, std::uint64_t) override {}
  void settled(std::uint64_t tag, Outcome outcome) override {
    if (outcome) return tell({.event = "outcome", .tag = tag, .ok = true, .payload = text_of(outcome->payload)});
    tell({.event = "outcome", .tag = tag, .ok = false, .code = std::string(name_of(outcome.error().code)), .text = outcome.error().text});
  }
  void receipt(std::uint64_t tag) override { tell({.event = "receipt", .tag = tag}); }
  void item(std::uint64_t, Reply) override {}
  void peer_changed(PeerId peer, PeerState state) override {
    tell({.event = "state", .peer = static_cast<std::uint64_t>(peer), .state = std::string(name_of(state))});
  }
  Duration stalled(Instant) const override { return {}; }

 private:
  void start(Work work) {
    const std::string_view handler = handler_names[work.handler - 1];
    tell({.event = "request",
          .peer = static_cast<std::uint64_t>(work.peer),
          .handler = std::string(handler),
          .delivery = std::string(delivery_names[static_cast<std::size_t>(work.delivery)]),
          .payload = text_of(work.payload)});
    endpoint_->accepted(work.id, clock_now());
    if (handler == "slow") {
      later_.emplace(clock_now() + 300ms, std::move(work));
    } else {
      finish(std::move(work));
    }
  }
  void finish(Work work) {
    const std::string_view handler = handler_names[work.handler - 1];
    Outcome outcome = Reply{};
    if (handler == "fail") outcome = std::unexpected(Failure{.text = "no room"});
    if (handler == "echo" || handler == "slow") outcome = Reply{.format = work.format, .payload = work.payload};
    const WorkId id = work.id;
    work.payload = {};
    endpoint_->finished(id, std::move(outcome), 0ns, clock_now());
    endpoint_->released(id);
  }

  void read_lines() {
    for (std::string line; std::getline(std::cin, line);) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(std::move(line));
      transport_->wake();
    }
    const std::lock_guard lock(mutex_);
    lines_.emplace_back("end");
    transport_->wake();
  }
  void obey_all() {
    std::deque<std::string> lines;
    {
      const std::lock_guard lock(mutex_);
      lines.swap(lines_);
    }
    for (const std::string& line : lines) obey(line);
  }
  void obey(const std::string& line) {
    std::istringstream words(line);
    std::string what;
    words >> what;
    if (what == "listen" || what == "dial") {
      std::string address;
      words >> address;
      if (what == "listen") {
        auto bound = transport_->listen(address);
        return tell({.event = "listening", .address = bound.value_or(""), .text = bound ? "" : bound.error().message()});
      }
      const auto dial = transport_->dial(address);
      if (!dial) return tell({.event = "dialled", .text = dial.error().message()});
      return tell({.event = "dialled", .peer = static_cast<std::uint64_t>(endpoint_->dialled(*dial))});
    }
    if (what == "send") {
      std::uint64_t peer = 0;
      std::uint64_t tag = 0;
      std::string delivery;
      std::string payload;
      OutgoingMessage message{.format = 1};
      words >> peer >> delivery >> tag >> message.handler >> std::ws;
      std::getline(words, payload);
      for (std::size_t i = 0; i != std::size(deliveries); ++i) {
        if (delivery_names[i] == delivery) message.options.delivery = deliveries[i];
      }
      message.payload = Payload(Buffer(std::string_view(payload)));
      message.options.deadline = 20s;
      endpoint_->send(PeerId{peer}, std::move(message), tag, clock_now());
      return;
    }
    if (what == "counters") return tell_counters();
    ended_ = what == "end";
  }
  void tell_counters() {
    const LegacyCounters counted = transport_->counters();
    tell({.event = "counters",
          .counters = {{"requests_sent", counted.peers.requests_sent},
                       {"requests_received", counted.peers.requests_received},
                       {"replies_late", counted.peers.replies_late},
                       {"messages_refused", counted.messages_refused},
                       {"endpoints_refused", counted.endpoints_refused},
                       {"replies_unknown", counted.replies_unknown},
                       {"instances_changed", counted.instances_changed},
                       {"upgrades", counted.upgrades},
                       {"upgrades_refused", counted.upgrades_refused},
                       {"upgrades_failed", counted.upgrades_failed},
                       {"fallbacks", counted.fallbacks}}});
  }

  std::unique_ptr<LegacyTransport> transport_;
  std::unique_ptr<Endpoint> endpoint_;
  std::deque<Work> works_;
  std::multimap<Instant, Work> later_;
  std::mutex mutex_;
  std::deque<std::string> lines_;
  bool ended_ = false;
};

}  // namespace

int main(int count, char** arguments) {
  LegacyOptions options;
  options.fallback_after = 300ms;
  options.offer_pause = 200ms;
  options.connect_patience = 1s;
  for (int i = 2; i + 1 < count; i += 2) options.allowed.emplace_back(arguments[i + 1]);
  Node(count > 1 ? arguments[1] : "node", std::move(options)).run();
}
