// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

#include <structwire/messaging/endpoint/credit.hpp>
#include <structwire/messaging/endpoint/dedupe_window.hpp>

namespace structwire::messaging {
namespace {

using Verdict = DedupeWindow::Verdict;

TEST(DedupeWindow, tells_repeats_from_what_is_new_in_any_order) {
  DedupeWindow window;
  EXPECT_EQ(window.admit(5), Verdict::fresh);
  EXPECT_EQ(window.admit(5), Verdict::repeat);
  EXPECT_EQ(window.admit(0), Verdict::fresh);
  EXPECT_EQ(window.admit(4), Verdict::fresh);
  EXPECT_EQ(window.admit(4), Verdict::repeat);
  EXPECT_EQ(window.admit(5000), Verdict::fresh);
  EXPECT_EQ(window.admit(5000 - 1023), Verdict::fresh);
  EXPECT_EQ(window.admit(5000 - 1024), Verdict::too_old);
  EXPECT_EQ(window.admit(UINT64_MAX - 1), Verdict::fresh);
  EXPECT_EQ(window.admit(5000), Verdict::too_old);
}

TEST(DedupeWindow, agrees_with_a_set_that_forgets_nothing) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  DedupeWindow window;
  std::set<std::uint64_t> seen;
  std::uint64_t highest = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t around = highest + random() % 64;
    const std::uint64_t counter = around - std::min<std::uint64_t>(around, random() % 2048);
    const bool known = seen.contains(counter);
    const Verdict verdict = window.admit(counter);
    highest = std::max(highest, counter);
    if (highest - counter >= DedupeWindow::size) {
      ASSERT_EQ(verdict, Verdict::too_old) << counter;
    } else {
      ASSERT_EQ(verdict, known ? Verdict::repeat : Verdict::fresh) << counter;
      seen.insert(counter);
    }
  }
}

TEST(Credit, a_sender_never_has_more_on_its_way_than_was_granted_whatever_grants_are_lost) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  constexpr Amount window{.messages = 16, .bytes = 4096};
  CreditToSend sender;
  CreditToGrant receiver(window);
  sender.grant(receiver.granted());
  std::vector<std::uint64_t> held;
  std::vector<Amount> late;
  std::size_t sent = 0;
  for (int i = 0; i < 50'000; ++i) {
    const std::uint64_t bytes = random() % 1024;
    if (random() % 2 == 0 && sender.take(bytes)) {
      ++sent;
      ASSERT_TRUE(receiver.receive(bytes));
      held.push_back(bytes);
    }
    ASSERT_LE(receiver.held().messages, window.messages);
    ASSERT_LE(receiver.held().bytes, window.bytes);
    if (!held.empty() && random() % 2 == 0) {
      receiver.release(held.back());
      held.pop_back();
    }
    if (receiver.grant_due()) {
      const Amount total = receiver.grant();
      if (random() % 4 != 0) sender.grant(total);  // Else it is lost, or comes much later.
      late.push_back(total);
    }
    if (!late.empty() && random() % 8 == 0) sender.grant(late[random() % late.size()]);
  }
  EXPECT_GT(sent, 1000u);
}

TEST(Credit, a_sender_that_sends_more_is_found_out) {
  CreditToGrant receiver({.messages = 2, .bytes = 100});
  EXPECT_TRUE(receiver.receive(60));
  EXPECT_FALSE(receiver.receive(60)) << "bytes";
  EXPECT_EQ(receiver.held(), (Amount{1, 60})) << "what is refused is not held";
  CreditToGrant counting({.messages = 1, .bytes = 100});
  EXPECT_TRUE(counting.receive(0));
  EXPECT_FALSE(counting.receive(0)) << "messages";
}

TEST(Credit, a_smaller_window_comes_into_force_as_messages_are_released) {
  CreditToGrant receiver({.messages = 4, .bytes = 400});
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(receiver.receive(100));
  receiver.resize({.messages = 1, .bytes = 100});
  for (int i = 0; i < 3; ++i) receiver.release(100);
  EXPECT_FALSE(receiver.grant_due());
  receiver.release(100);
  EXPECT_TRUE(receiver.grant_due());
  EXPECT_EQ(receiver.grant(), (Amount{.messages = 5, .bytes = 500}));
}

}  // namespace
}  // namespace structwire::messaging
