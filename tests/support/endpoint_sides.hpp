// SPDX-License-Identifier: Apache-2.0
#pragma once

// Of the endpoint's tests: two endpoints that talk over a link of the test's own, in a time of its own.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/messaging/endpoint/endpoint.hpp>
#include <tests/support/payload_text.hpp>

namespace structwire::messaging {

using namespace std::chrono_literals;

/// One side: what its endpoint asked for, and handlers that answer at the next round unless they are told to wait.
struct Side final : Port {
  Side(std::string side_name, EndpointOptions options, Instant now, bool many = false)
      : name(std::move(side_name)), takes_many(many) {
    options.name = name;
    options.formats = {1};
    static std::uint64_t seeds = 0;
    options.seed = ++seeds;
    options.instance.bytes[0] = std::byte{static_cast<unsigned char>(name.front())};
    options.now = now;
    endpoint = std::make_unique<Endpoint>(options, *this);
  }
  void transmit(LinkId, Frame frame) override { outgoing.push_back(std::move(frame)); }
  bool congested(LinkId) const override { return false; }
  void disconnect(LinkId link, std::string_view reason) override { closed[link] = reason; }
  void run(Work work) override { works.push_back(std::move(work)); }
  bool runs_many() const override { return takes_many; }
  void run_many(ManyWorks many) override { manies.push_back(std::move(many)); }
  void stop_one(WorkId many, std::uint64_t counter, FailureCode) override { stopped_ones.emplace_back(many, counter); }
  void stop(WorkId work, FailureCode why) override { stopped[work] = why; }
  void more_items(WorkId work, std::uint64_t total) override { wanted[work] = total; }
  void settled(std::uint64_t tag, Outcome outcome) override {
    EXPECT_FALSE(outcomes.contains(tag)) << "two outcomes of " << tag;
    outcomes.emplace(tag, std::move(outcome));
  }
  void receipt(std::uint64_t tag) override { receipts.push_back(tag); }
  void item(std::uint64_t tag, Reply reply) override { items[tag].push_back(text_of(reply.payload)); }
  void peer_changed(PeerId peer, PeerState state) override { states[peer] = state; }
  Duration stalled(Instant) const override { return is_stalled; }

  std::string name;
  bool takes_many;
  std::unique_ptr<Endpoint> endpoint;
  std::deque<Frame> outgoing;
  std::map<LinkId, std::string> closed;
  std::deque<Work> works;
  std::deque<ManyWorks> manies;
  std::vector<std::pair<WorkId, std::uint64_t>> stopped_ones;
  std::map<WorkId, FailureCode> stopped;
  std::map<WorkId, std::uint64_t> wanted;
  std::map<std::uint64_t, Outcome> outcomes;
  std::vector<std::uint64_t> receipts;
  std::map<std::uint64_t, std::vector<std::string>> items;
  std::map<PeerId, PeerState> states;
  Duration is_stalled{};
};

/// A client that dialled a server, and a network that loses nothing but what `loses` says.
class EndpointTest : public testing::Test {
 protected:
  EndpointTest() { start(EndpointOptions{}, EndpointOptions{}); }

  void start(EndpointOptions client_options, EndpointOptions server_options, bool takes_many = false) {
    client = std::make_unique<Side>("client", client_options, now);
    server = std::make_unique<Side>("server", server_options, now, takes_many);
    server->endpoint->set_handler({.name = "echo", .slot = 1, .request = 11, .response = 12}, now);
    server->endpoint->set_handler({.name = "again", .slot = 2, .idempotent = true}, now);
    peer = client->endpoint->dialled(DialId{1});
  }
  void connect(bool lossless = true) {
    ++link_number;
    client->endpoint->link_opened(link(), {.dial = DialId{1}, .lossless = lossless}, now);
    server->endpoint->link_opened(link(), {.lossless = lossless}, now);
    exchange();
  }
  void disconnect() {
    client->endpoint->link_closed(link(), now);
    server->endpoint->link_closed(link(), now);
    client->outgoing.clear();
    server->outgoing.clear();
  }
  LinkId link() const { return LinkId{link_number}; }

  // Carries frames until neither side has anything to say.
  void exchange() {
    do {
      client->endpoint->flush(now);
      server->endpoint->flush(now);
      carry(*client, *server);
      carry(*server, *client);
      client->endpoint->flush(now);
      server->endpoint->flush(now);
    } while (!client->outgoing.empty() || !server->outgoing.empty());
  }
  void carry(Side& from, Side& to) {
    while (!from.outgoing.empty()) {
      Frame frame = std::move(from.outgoing.front());
      from.outgoing.pop_front();
      if (loses && loses(from, frame)) continue;
      to.endpoint->received(link(), std::move(frame), now);
    }
  }
  void pass(Duration time) {
    exchange();
    for (const Instant end = now + time; now < end;) {
      now = std::min(end, std::max(now + 1ms, std::min(client->endpoint->next_deadline(), server->endpoint->next_deadline())));
      client->endpoint->tick(now);
      server->endpoint->tick(now);
      exchange();
    }
  }
  Ticket send(std::uint64_t tag, std::string_view handler, std::string_view text, SendOptions options = {}) {
    return client->endpoint->send(
        peer, {.handler = std::string(handler), .format = 1, .payload = bytes_of(text), .options = options}, tag, now);
  }
  Work next_work() {
    if (server->works.empty()) {
      ADD_FAILURE() << "no request came";
      return {};
    }
    Work work = std::move(server->works.front());
    server->works.pop_front();
    return work;
  }
  ManyWorks next_many() {
    if (server->manies.empty()) {
      ADD_FAILURE() << "no requests came together";
      return {};
    }
    ManyWorks many = std::move(server->manies.front());
    server->manies.pop_front();
    return many;
  }
  static std::vector<std::uint64_t> counters_of(const ManyWorks& many, std::size_t from = 0) {
    std::vector<std::uint64_t> counters;
    for (std::size_t i = from; i < many.works.size(); ++i) counters.push_back(many.works[i].counter);
    return counters;
  }
  /// The end of some of them, whose payloads are as large as the first one's. What the server says of it stays with it.
  void end(const ManyWorks& many, const std::vector<std::uint64_t>& done, const std::vector<ManyEnded::Failed>& failed = {}) {
    const std::uint64_t ended = done.size() + failed.size();
    const Amount released{ended, ended * many.works.front().payload.size()};
    server->endpoint->ended(many.id, {.ended = ended, .released = released, .done = done, .failed = failed}, now);
  }
  void finish(Work work, Outcome outcome) {
    const WorkId id = work.id;
    work.payload = {};
    server->endpoint->released(id);
    server->endpoint->finished(id, std::move(outcome), 0ns, now);
    exchange();
  }
  static Outcome reply(std::string_view text) { return Reply{.format = 1, .payload = bytes_of(text)}; }
  std::string outcome(std::uint64_t tag) {
    const auto found = client->outcomes.find(tag);
    if (found == client->outcomes.end()) return "none";
    return found->second ? "ok:" + text_of(found->second->payload) : std::string(name_of(found->second.error().code));
  }

  Instant now{1h};
  std::unique_ptr<Side> client;
  std::unique_ptr<Side> server;
  PeerId peer{};
  std::uint64_t link_number = 0;
  std::function<bool(const Side&, const Frame&)> loses;
};

}  // namespace structwire::messaging
