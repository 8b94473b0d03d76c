// SPDX-License-Identifier: Apache-2.0
#include "tests/messaging/transport_suite.hpp"

#include <atomic>
#include <thread>

namespace structwire::messaging::testing {

using namespace std::chrono_literals;

void TransportSuite::connect(TransportNode& dialler, TransportNode& listener) {
  const auto address = listener.transport->listen(world_->any_address());
  ASSERT_TRUE(address) << address.error().message();
  const auto dial = dialler.transport->dial(*address);
  ASSERT_TRUE(dial) << dial.error().message();
  const std::size_t frames = listener.frames() + 1;
  ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return listener.frames() == frames; }));
}

namespace {

// ---- opening

TEST_P(TransportSuite, both_ends_learn_of_a_link_and_who_dialled) {
  TransportNode listener = node();
  TransportNode dialler = node();
  const auto address = listener.transport->listen(world_->any_address());
  ASSERT_TRUE(address) << address.error().message();
  const auto dial = dialler.transport->dial(*address);
  ASSERT_TRUE(dial);
  ASSERT_NE(*dial, DialId{});
  ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return listener.frames() == 1; }));
  EXPECT_EQ(dialler.last().info.dial, *dial);
  EXPECT_EQ(listener.last().info.dial, DialId{});
  EXPECT_EQ(text_of(listener.last().frames.at(0)), "hello");
  EXPECT_EQ(dialler.links.size(), 1u);
  EXPECT_EQ(listener.links.size(), 1u);
}

TEST_P(TransportSuite, an_address_that_makes_no_sense_is_an_error) {
  TransportNode here = node();
  for (const std::string_view address : {"", "nonsense", "carrier-pigeon://there"}) {
    EXPECT_FALSE(here.transport->listen(address)) << address;
    EXPECT_FALSE(here.transport->dial(address)) << address;
  }
}

TEST_P(TransportSuite, what_is_dialled_before_anybody_listens_is_connected_then) {
  TransportNode dialler = node();
  const std::string address = world_->fixed_address();
  ASSERT_TRUE(dialler.transport->dial(address));
  pump_for(*world_, {&dialler}, 100ms);
  EXPECT_EQ(dialler.links.size(), 0u);
  TransportNode listener = node();
  ASSERT_TRUE(listener.transport->listen(address));
  EXPECT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return listener.frames() == 1; }));
}

TEST_P(TransportSuite, a_node_listens_at_several_addresses_and_dials_several) {
  TransportNode middle = node();
  TransportNode one = node();
  TransportNode two = node();
  TransportNode dialler = node();
  const auto first = middle.transport->listen(world_->any_address());
  const auto second = middle.transport->listen(world_->any_address());
  const auto other = one.transport->listen(world_->any_address());
  ASSERT_TRUE(first && second && other);
  EXPECT_NE(*first, *second);
  ASSERT_TRUE(two.transport->dial(*first));
  ASSERT_TRUE(dialler.transport->dial(*second));
  ASSERT_TRUE(dialler.transport->dial(*other));
  ASSERT_TRUE(pump(*world_, {&middle, &one, &two, &dialler},
                   [&] { return middle.frames() == 2 && one.frames() == 1; }));
  EXPECT_EQ(dialler.links.size(), 2u);
  EXPECT_NE(dialler.links[0]->info.dial, dialler.links[1]->info.dial);
}

// ---- frames

TEST_P(TransportSuite, frames_of_every_size_arrive_whole_both_ways) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  listener.answers = true;
  std::vector<Frame> sent;
  unsigned seed = 1;
  for (const std::size_t size : {64u, 8191u, 8192u, 8193u, 1u << 20, 10u << 20}) {
    sent.push_back(frame_of(size, 0, ++seed));
    sent.push_back(frame_of(64, size, ++seed));
  }
  sent.push_back(frame_of(1, 0, ++seed));
  sent.push_back(frame_of(8192, 8192, ++seed));
  const LinkId link = dialler.last().id;
  for (const Frame& frame : sent) dialler.transport->send(link, frame);
  ASSERT_TRUE(
      pump(*world_, {&dialler, &listener}, [&] { return dialler.frames() == sent.size(); }));
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const Frame& there = listener.last().frames.at(i + 1);
    EXPECT_TRUE(same_frame(there, sent[i])) << i;
    EXPECT_TRUE(same_frame(dialler.last().frames.at(i), sent[i])) << i;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(there.head.data()) % 8, 0u) << i;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(there.body.data()) % 8, 0u) << i;
  }
}

TEST_P(TransportSuite, frames_of_a_link_arrive_in_order) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  listener.answers = true;
  constexpr unsigned count = 3000;
  std::vector<std::size_t> sizes;
  for (unsigned i = 0; i < count; ++i) {
    sizes.push_back(8 + i * 7919 % (i % 50 == 0 ? 20000 : 300));
    dialler.transport->send(dialler.last().id,
                            frame_of(sizes.back(), i % 3 == 0 ? sizes.back() : 0, i));
    if (i % 100 == 0) dialler.transport->poll(dialler, world_->now());
  }
  ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return dialler.frames() == count; }));
  for (unsigned i = 0; i < count; ++i) {
    const Frame expected = frame_of(sizes[i], i % 3 == 0 ? sizes[i] : 0, i);
    ASSERT_TRUE(same_frame(dialler.last().frames[i], expected)) << i;
  }
}

TEST_P(TransportSuite, nothing_is_lost_to_a_reader_who_stands_still) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  const LinkId link = dialler.last().id;
  constexpr unsigned count = 15000;
  bool congested = false;
  for (unsigned i = 0; i < count; ++i) {
    dialler.transport->send(link, frame_of(1024, 0, i));
    if (i % 64 == 0) dialler.transport->poll(dialler, world_->now());
    congested = congested || dialler.transport->congested(link);
  }
  EXPECT_TRUE(congested) << "15 MB went to a reader who does not read";
  ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return listener.frames() == count + 1; }));
  EXPECT_FALSE(dialler.transport->congested(link));
  for (unsigned i = 0; i < count; i += 97)
    ASSERT_TRUE(same_frame(listener.last().frames.at(i + 1), frame_of(1024, 0, i))) << i;
}

TEST_P(TransportSuite, nothing_is_lost_to_a_dialler_who_stands_still) {
  TransportNode listener = node();
  TransportNode dialler = node();
  TransportNode other = node();
  connect(dialler, listener);
  const LinkId link = listener.last().id;
  connect(other, listener);
  constexpr unsigned count = 15000;
  bool congested = false;
  for (unsigned i = 0; i < count; ++i) {
    listener.transport->send(link, frame_of(1024, 0, i));
    if (i % 64 == 0) listener.transport->poll(listener, world_->now());
    congested = congested || listener.transport->congested(link);
  }
  EXPECT_TRUE(congested);
  // Somebody else is served meanwhile.
  EXPECT_FALSE(listener.transport->congested(listener.last().id));
  listener.transport->send(listener.last().id, frame_of(64, 0, 5));
  EXPECT_TRUE(pump(*world_, {&listener, &other}, [&] { return other.frames() == 1; }));
  ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return dialler.frames() == count; }));
  EXPECT_FALSE(listener.transport->congested(link));
  for (unsigned i = 0; i < count; i += 97)
    ASSERT_TRUE(same_frame(dialler.last().frames.at(i), frame_of(1024, 0, i))) << i;
}

TEST_P(TransportSuite, a_poll_ends_when_there_is_room_again) {
  if (!GetParam().threads) GTEST_SKIP() << "its time stands still";
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  listener.keeps = dialler.keeps = false;
  for (TransportNode* sender : {&dialler, &listener}) {
    TransportNode* reader = sender == &dialler ? &listener : &dialler;
    const LinkId to = sender->last().id;
    const Frame frame = frame_of(4096, 0, 1);
    while (!sender->transport->congested(to)) sender->transport->send(to, frame);
    std::atomic<bool> done{false};
    std::thread other([&] {
      while (!done) reader->transport->poll(*reader, later(world_->now(), 10ms));
    });
    const Instant before = world_->now();
    while (sender->transport->congested(to))
      sender->transport->poll(*sender, later(world_->now(), 20s));
    EXPECT_LT(world_->now() - before, 10s);
    done = true;
    other.join();
  }
}

TEST_P(TransportSuite, many_links_keep_apart) {
  TransportNode listener = node();
  listener.answers = true;
  const auto address = listener.transport->listen(world_->any_address());
  ASSERT_TRUE(address);
  TransportNode dialler = node();
  dialler.greets = false;
  constexpr std::size_t links = 60;
  constexpr std::size_t frames = 20;
  for (std::size_t i = 0; i < links; ++i) ASSERT_TRUE(dialler.transport->dial(*address));
  ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return dialler.links.size() == links; }));
  for (unsigned i = 0; i < frames; ++i) {
    for (unsigned link = 0; link < links; ++link)
      dialler.transport->send(dialler.links[link]->id, frame_of(100 + link, 0, i * 1000 + link));
  }
  ASSERT_TRUE(
      pump(*world_, {&dialler, &listener}, [&] { return dialler.frames() == links * frames; }));
  EXPECT_EQ(listener.links.size(), links);
  for (unsigned link = 0; link < links; ++link) {
    ASSERT_EQ(dialler.links[link]->frames.size(), frames);
    for (unsigned i = 0; i < frames; ++i) {
      EXPECT_TRUE(
          same_frame(dialler.links[link]->frames[i], frame_of(100 + link, 0, i * 1000 + link)));
    }
  }
}

TEST_P(TransportSuite, a_flood_of_one_link_does_not_starve_another) {
  TransportNode listener = node();
  listener.keeps = false;
  const auto address = listener.transport->listen(world_->any_address());
  ASSERT_TRUE(address);
  TransportNode flood = node();
  TransportNode modest = node();
  ASSERT_TRUE(flood.transport->dial(*address));
  ASSERT_TRUE(modest.transport->dial(*address));
  ASSERT_TRUE(pump(*world_, {&flood, &modest, &listener}, [&] { return listener.frames() == 2; }));
  constexpr unsigned count = 10000;
  for (unsigned i = 0; i < count; ++i) flood.transport->send(flood.last().id, frame_of(1024, 0, i));
  modest.transport->send(modest.last().id, frame_of(77, 0, 1));
  std::size_t before = 0;
  bool came = false;
  listener.on_frame = [&](LinkId, const Frame& frame) {
    came = came || frame.size() == 77;
    if (!came) ++before;
  };
  ASSERT_TRUE(pump(*world_, {&modest, &flood, &listener}, [&] { return came; }));
  EXPECT_LT(before, count);
  ASSERT_TRUE(pump(*world_, {&flood, &listener}, [&] { return listener.frames() == count + 3; }));
}

// ---- closing

TEST_P(TransportSuite, closing_at_the_dialling_end_ends_it_at_both_and_dials_anew) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  const LinkId first = dialler.last().id;
  const LinkId first_there = listener.last().id;
  dialler.transport->close(first);
  ASSERT_TRUE(pump(*world_, {&dialler, &listener},
                   [&] { return listener.link(first_there).closed && listener.frames() == 2; }));
  EXPECT_NE(dialler.last().id, first);
  EXPECT_NE(listener.last().id, first_there);
  EXPECT_EQ(listener.open_links(), 1u);
}

TEST_P(TransportSuite, closing_at_the_listening_end_ends_it_at_both_and_is_dialled_anew) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  const LinkId first = dialler.last().id;
  const LinkId first_there = listener.last().id;
  listener.transport->close(first_there);
  ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return listener.frames() == 2; }));
  EXPECT_TRUE(dialler.link(first).closed);
  EXPECT_NE(dialler.last().id, first);
  EXPECT_NE(listener.last().id, first_there);
}

TEST_P(TransportSuite, what_was_sent_before_a_close_arrives_before_its_end) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  const LinkId there = listener.last().id;
  for (unsigned i = 0; i < 50; ++i)
    dialler.transport->send(dialler.last().id, frame_of(500, i % 2 * 20000, i));
  dialler.transport->close(dialler.last().id);
  ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return listener.link(there).closed; }));
  EXPECT_EQ(listener.link(there).frames.size(), 51u);
}

TEST_P(TransportSuite, who_hung_up_does_not_come_back) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  dialler.transport->hang_up(dialler.last().info.dial);
  ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return listener.last().closed; }));
  pump_for(*world_, {&dialler, &listener}, 100ms);
  EXPECT_EQ(listener.links.size(), 1u);
  EXPECT_EQ(dialler.links.size(), 1u);
  dialler.transport->hang_up(dialler.last().info.dial);
  dialler.transport->hang_up(DialId{12345});
}

TEST_P(TransportSuite, frames_for_a_link_that_ended_are_dropped) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  const LinkId ended = listener.last().id;
  dialler.transport->hang_up(dialler.last().info.dial);
  dialler.transport->send(dialler.last().id, frame_of(64, 0, 1));
  ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return listener.last().closed; }));
  listener.transport->send(ended, frame_of(64, 0, 1));
  listener.transport->send(LinkId{999999}, frame_of(64, 0, 1));
  EXPECT_FALSE(listener.transport->congested(ended));
  listener.transport->close(ended);
  pump_for(*world_, {&dialler, &listener}, 20ms);
  EXPECT_EQ(listener.frames(), 1u);
}

TEST_P(TransportSuite, who_is_told_may_send_close_and_hang_up_from_within) {
  TransportNode listener = node();
  TransportNode dialler = node();
  const auto address = listener.transport->listen(world_->any_address());
  ASSERT_TRUE(address);
  int opened = 0;
  DialId dial{};
  dialler.on_open = [&](LinkId link) {
    if (++opened == 1) dialler.transport->close(link);
    if (opened == 3) dialler.transport->hang_up(dial);
  };
  listener.on_frame = [&](LinkId link, const Frame&) { listener.transport->close(link); };
  listener.on_close = [&](LinkId link) { listener.transport->close(link); };
  dialler.on_close = [&](LinkId link) { dialler.transport->send(link, frame_of(8, 0, 1)); };
  dial = *dialler.transport->dial(*address);
  ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return opened == 3; }));
  pump_for(*world_, {&dialler, &listener}, 100ms);
  EXPECT_EQ(opened, 3);
}

TEST_P(TransportSuite, a_listener_that_starts_again_is_found_again) {
  const std::string address = world_->fixed_address();
  TransportNode dialler = node();
  dialler.transport->dial(address).value();
  LinkId before{};
  for (int round = 0; round < 3; ++round) {
    TransportNode listener = node();
    const auto listens = listener.transport->listen(address);
    ASSERT_TRUE(listens) << listens.error().message();
    ASSERT_TRUE(pump(*world_, {&dialler, &listener}, [&] { return listener.frames() > 0; }));
    EXPECT_NE(dialler.last().id, before);
    EXPECT_EQ(text_of(listener.last().frames.at(0)), "hello");
    EXPECT_EQ(dialler.open_links(), 1u);
    before = dialler.last().id;
    listener.transport.reset();
    ASSERT_TRUE(pump(*world_, {&dialler}, [&] { return dialler.link(before).closed; }));
  }
}

TEST_P(TransportSuite, frames_of_a_broken_link_never_turn_up_on_the_next_one) {
  const std::string address = world_->fixed_address();
  TransportNode dialler = node();
  dialler.transport->dial(address).value();
  auto listener = std::make_unique<TransportNode>(node());
  ASSERT_TRUE(listener->transport->listen(address));
  ASSERT_TRUE(pump(*world_, {&dialler, listener.get()}, [&] { return listener->frames() == 1; }));
  listener.reset();
  for (unsigned i = 0; i < 500; ++i)
    dialler.transport->send(dialler.last().id, frame_of(4096, 0, i));
  listener = std::make_unique<TransportNode>(node());
  ASSERT_TRUE(listener->transport->listen(address));
  ASSERT_TRUE(pump(*world_, {&dialler, listener.get()}, [&] { return listener->frames() >= 1; }));
  pump_for(*world_, {&dialler, listener.get()}, 50ms);
  for (const auto& link : listener->links) {
    ASSERT_EQ(link->frames.size(), 1u);
    EXPECT_EQ(text_of(link->frames[0]), "hello");
  }
}

// ---- waking

TEST_P(TransportSuite, wake_ends_the_next_poll_at_once) {
  TransportNode here = node();
  here.transport->wake();
  here.transport->wake();
  const Instant before = world_->now();
  here.transport->poll(here, later(before, 20s));
  EXPECT_LT(world_->now() - before, 10s);
}

TEST_P(TransportSuite, poll_waits_until_its_time) {
  TransportNode here = node();
  ASSERT_TRUE(here.transport->listen(world_->any_address()));
  here.transport->poll(here, world_->now());
  const Instant before = world_->now();
  here.transport->poll(here, later(before, 30ms));
  EXPECT_GE(world_->now() - before, 30ms);
}

TEST_P(TransportSuite, wake_from_another_thread_ends_the_poll_that_runs) {
  if (!GetParam().threads) GTEST_SKIP() << "its time stands still";
  TransportNode here = node();
  ASSERT_TRUE(here.transport->listen(world_->any_address()));
  std::atomic<int> rounds{0};
  std::atomic<bool> done{false};
  std::thread other([&] {
    for (int round = 0; round < 200; ++round) {
      here.transport->wake();
      while (rounds.load() <= round) std::this_thread::yield();
    }
    done = true;
    here.transport->wake();
  });
  const Instant before = world_->now();
  while (!done) {
    here.transport->poll(here, later(world_->now(), 20s));
    ++rounds;
  }
  other.join();
  EXPECT_LT(world_->now() - before, 15s) << "one of the calls was missed";
}

}  // namespace

}  // namespace structwire::messaging::testing
