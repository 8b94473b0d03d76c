// SPDX-License-Identifier: Apache-2.0
//
// What the simulated network does wrong when it is told to. What it does right: tests/messaging/transport_suite.cpp.
#include <structwire/messaging/simulated.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace structwire::messaging {
namespace {

using namespace std::chrono_literals;

struct Listener final : LinkEvents {
  void opened(LinkId link, const LinkInfo&) override { links.push_back(link); }
  void received(LinkId, Frame frame) override {
    texts.emplace_back(reinterpret_cast<const char*>(frame.head.data()), frame.head.size());
  }
  void closed(LinkId, std::string_view why) override { reasons.emplace_back(why); }

  std::vector<LinkId> links;
  std::vector<std::string> texts;
  std::vector<std::string> reasons;
};

// Two processes and a link.
struct Pair {
  explicit Pair(std::uint64_t seed, const LinkQuality& quality = {}) : network(seed) {
    network.set_default_quality(quality);
    a = network.attach("a");
    b = network.attach("b");
    EXPECT_TRUE(b->listen("sim://b"));
    EXPECT_TRUE(a->dial("sim://b"));
    pass(2s);
    EXPECT_EQ(at_a.links.size(), 1u);
    EXPECT_EQ(at_b.links.size(), 1u);
  }
  void pass(Duration time) {
    for (const Instant end = network.now() + time; network.now() < end;) {
      network.advance(std::min(end, network.next_event()));
      if (a) a->poll(at_a, network.now());
      if (b) b->poll(at_b, network.now());
    }
  }
  void send(const std::string& text) { a->send(at_a.links.back(), {Payload(Buffer(text)), {}}); }
  void send_back(const std::string& text) { b->send(at_b.links.back(), {Payload(Buffer(text)), {}}); }

  SimulatedNetwork network;
  std::unique_ptr<SimulatedTransport> a, b;
  Listener at_a, at_b;
};

std::vector<std::string> many_over_a_bad_network(std::uint64_t seed) {
  Pair pair(seed, {.jitter = 1ms, .lossless = false, .loss = 0.2, .duplication = 0.2, .reordering = 0.2});
  for (int each = 0; each < 500; ++each) pair.send(std::to_string(each));
  pair.pass(1s);
  const NetworkCounters& counters = pair.network.counters();
  EXPECT_GT(counters.lost, 50u);
  EXPECT_GT(counters.duplicated, 50u);
  EXPECT_GT(counters.reordered, 50u);
  EXPECT_EQ(pair.at_b.texts.size(), 500 - counters.lost + counters.duplicated);
  EXPECT_FALSE(std::ranges::is_sorted(pair.at_b.texts));
  return pair.at_b.texts;
}

TEST(SimulatedNetwork, loses_doubles_and_reorders_from_its_seed) {
  const auto first = many_over_a_bad_network(1);
  EXPECT_EQ(many_over_a_bad_network(1), first);
  EXPECT_NE(many_over_a_bad_network(2), first);
}

TEST(SimulatedNetwork, blocks_one_way_and_keeps_what_is_lossless) {
  Pair pair(1);
  pair.network.block("a", "b");
  pair.send("held");
  pair.send_back("free");
  pair.pass(1s);
  EXPECT_EQ(pair.at_a.texts, std::vector<std::string>{"free"});
  EXPECT_TRUE(pair.at_b.texts.empty());
  EXPECT_TRUE(pair.a->congested(pair.at_a.links.back()));
  pair.network.unblock("a", "b");
  pair.send("behind");
  pair.pass(1s);
  EXPECT_EQ(pair.at_b.texts, (std::vector<std::string>{"held", "behind"}));
  EXPECT_FALSE(pair.a->congested(pair.at_a.links.back()));
}

TEST(SimulatedNetwork, a_cut_loses_what_is_on_the_way_and_both_ends_hear_of_it) {
  Pair pair(1);
  pair.send("lost");
  pair.network.cut(pair.at_a.links.back());
  pair.pass(1s);
  EXPECT_TRUE(pair.at_b.texts.empty());
  EXPECT_EQ(pair.at_a.reasons.size(), 1u);
  EXPECT_EQ(pair.at_b.reasons.size(), 1u);
  ASSERT_EQ(pair.at_b.links.size(), 2u) << "it was dialled again";
  pair.send("arrives");
  pair.pass(1s);
  EXPECT_EQ(pair.at_b.texts, std::vector<std::string>{"arrives"});
}

TEST(SimulatedNetwork, a_machine_without_power_says_nothing_until_it_is_back) {
  Pair pair(1);
  pair.b->power_off();
  pair.send("to nobody");
  pair.pass(5s);
  EXPECT_TRUE(pair.at_a.reasons.empty());
  EXPECT_EQ(pair.network.counters().half_open, 1u);
  pair.b = pair.network.attach("b");
  ASSERT_TRUE(pair.b->listen("sim://b"));
  pair.send("to a stranger");
  pair.pass(5s);
  EXPECT_EQ(pair.at_a.reasons, std::vector<std::string>{"reset by peer"});
  EXPECT_EQ(pair.at_b.links.size(), 2u);
  EXPECT_TRUE(pair.at_b.texts.empty());
}

TEST(SimulatedNetwork, a_process_that_ends_is_told_and_what_it_sent_arrives) {
  Pair pair(1);
  pair.send("last words");
  pair.a.reset();
  pair.pass(1s);
  EXPECT_EQ(pair.at_b.texts, std::vector<std::string>{"last words"});
  EXPECT_EQ(pair.at_b.reasons.size(), 1u);
}

TEST(SimulatedNetwork, a_slow_way_is_congested_while_it_sends) {
  Pair pair(1, {.bytes_per_second = 1000});
  pair.send(std::string(2000, 'x'));
  EXPECT_TRUE(pair.a->congested(pair.at_a.links.back()));
  pair.pass(1s);
  EXPECT_TRUE(pair.at_b.texts.empty());
  pair.pass(2s);
  EXPECT_EQ(pair.at_b.texts.size(), 1u);
  EXPECT_FALSE(pair.a->congested(pair.at_a.links.back()));
}

}  // namespace
}  // namespace structwire::messaging
