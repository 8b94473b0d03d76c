// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/mailbox.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace structwire::messaging {
namespace {

struct Note : Letter<Note> {
  using Pointer = std::unique_ptr<Note>;
  explicit Note(int from = 0, int count = 0) : sender(from), number(count) {}
  int sender;
  int number;
};
using Box = Mailbox<Note>;

Box::Posted post(Box& box, int sender, int number) {
  auto note = std::make_unique<Note>(sender, number);
  return box.post(note);
}

TEST(Mailbox, items_are_taken_oldest_first) {
  Box box;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(post(box, 0, i), Box::Posted::taken);
  std::vector<int> taken;
  box.take_all([&](std::unique_ptr<Note> note) { taken.push_back(note->number); });
  EXPECT_EQ(taken, (std::vector<int>{0, 1, 2, 3, 4}));
  box.take_all([](std::unique_ptr<Note>) { FAIL(); });
}

TEST(Mailbox, of_a_burst_only_the_first_is_told_to_wake) {
  Box box;
  ASSERT_TRUE(box.may_sleep());
  EXPECT_EQ(post(box, 0, 1), Box::Posted::taken_and_wake);
  EXPECT_EQ(post(box, 0, 2), Box::Posted::taken);
  EXPECT_FALSE(box.may_sleep());
  EXPECT_EQ(post(box, 0, 3), Box::Posted::taken);
}

TEST(Mailbox, who_did_not_wake_leaves_it_to_the_next) {
  Box box;
  EXPECT_FALSE(box.must_be_woken());
  ASSERT_TRUE(box.may_sleep());
  EXPECT_EQ(post(box, 0, 1), Box::Posted::taken_and_wake);
  EXPECT_FALSE(box.must_be_woken());
  box.asleep();
  EXPECT_TRUE(box.must_be_woken());
  EXPECT_FALSE(box.must_be_woken());
}

TEST(Mailbox, a_closed_one_gives_back_what_it_is_given) {
  Box box;
  EXPECT_EQ(post(box, 0, 1), Box::Posted::taken);
  box.close();
  auto note = std::make_unique<Note>();
  EXPECT_EQ(box.post(note), Box::Posted::closed);
  EXPECT_NE(note, nullptr);
}

// Strategy: senders post as fast as they can, the taker sleeps on a condition whenever it may. Invariants: nothing is
// lost, each sender's order is kept, and no sleep is for ever.
TEST(Mailbox, no_wake_is_missed) {
  constexpr int senders = 3;
  constexpr int each = 20'000;
  Box box;
  std::mutex mutex;
  std::condition_variable woken;
  bool wake = false;
  std::vector<std::thread> threads;
  for (int sender = 0; sender < senders; ++sender) {
    threads.emplace_back([&, sender] {
      for (int i = 0; i < each; ++i) {
        if (post(box, sender, i) == Box::Posted::taken_and_wake) {
          const std::lock_guard lock(mutex);
          wake = true;
          woken.notify_one();
        }
      }
    });
  }
  std::vector<int> expected(senders, 0);
  for (int taken = 0; taken < senders * each;) {
    if (box.may_sleep()) {
      std::unique_lock lock(mutex);
      ASSERT_TRUE(woken.wait_for(lock, std::chrono::seconds(30), [&] { return wake; }));
      wake = false;
    }
    box.awake();
    box.take_all([&](std::unique_ptr<Note> note) {
      ASSERT_EQ(note->number, expected[static_cast<std::size_t>(note->sender)]++);
      ++taken;
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace structwire::messaging
