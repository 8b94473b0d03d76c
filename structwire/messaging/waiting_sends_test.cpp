// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/waiting_sends.hpp>

#include <list>
#include <vector>

#include <gtest/gtest.h>

namespace structwire::messaging {
namespace {

struct Queued {
  Ticket ticket;
  OutgoingMessage message;
  WaitingSends::Place place;
};

class Queue {
 public:
  void add(std::uint64_t number, std::uint8_t priority) {
    Queued& one = all_.emplace_back(Queued{Ticket{number}, {.handler = "h", .options = {.priority = priority}}, {}});
    waiting.arrive(one.place);
    waiting.add(one.ticket, one.message, one.place);
  }
  std::uint64_t take() {
    const Ticket first = waiting.first();
    for (Queued& one : all_)
      if (one.ticket == first) waiting.remove(first, one.message, one.place);
    return static_cast<std::uint64_t>(first);
  }
  WaitingSends waiting;

 private:
  std::list<Queued> all_;
};

TEST(WaitingSends, priority_passes_and_starves_nobody) {
  Queue queue;
  queue.add(1, 0);
  // Two urgent ones come for each that goes: the humble one waits for a bounded number of them.
  int passed = 0;
  for (std::uint64_t number = 2;; number += 2, ++passed) {
    queue.add(number, priority_max);
    queue.add(number + 1, priority_max);
    if (queue.take() == 1) break;
    ASSERT_LT(passed, 1000);
  }
  EXPECT_GT(passed, 100);
}

TEST(WaitingSends, one_priority_is_a_queue) {
  Queue queue;
  for (std::uint64_t number = 1; number <= 20; ++number) queue.add(number, 3);
  for (std::uint64_t number = 1; number <= 20; ++number) EXPECT_EQ(queue.take(), number);
  EXPECT_TRUE(queue.waiting.empty());
  EXPECT_EQ(queue.waiting.amount(), Amount{});
}

}  // namespace
}  // namespace structwire::messaging
