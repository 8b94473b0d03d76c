// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/endpoint/waiting_sends.hpp>

#include <algorithm>
#include <list>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/messaging/seeded_random.hpp>

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

// Many messages in one place have the turns that they would have one by one.
TEST(WaitingSends, many_together_leave_in_the_order_of_single_ones) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    Queue singles;
    WaitingSends together;
    std::list<WaitingSends::Place> places;
    std::uint64_t numbers = 0;
    for (int step = 0; step != 100; ++step) {
      if (random.chance(0.5)) {
        const std::uint64_t count = random.chance(0.5) ? 1 : random.between(2, 40);
        const auto priority = static_cast<std::uint8_t>(random.below(priority_max + 1));
        WaitingSends::Place& place = places.emplace_back();
        together.arrive(place, count);
        together.add(Ticket{numbers + 1}, priority, {count, 10 * count}, place);
        for (std::uint64_t each = 0; each != count; ++each) singles.add(++numbers, priority);
      } else if (!together.empty()) {
        // As the endpoint does: some of the first one's turns, or all.
        const auto first = std::ranges::find(places, together.first(), &WaitingSends::Place::ticket);
        const std::uint64_t turns = random.between(1, together.turns());
        const std::uint64_t from = first->arrival;
        together.advance(*first, {turns, 10 * turns});
        if (first->amount.messages == 0) {
          together.remove(*first);
          places.erase(first);
        }
        for (std::uint64_t each = 0; each != turns; ++each) ASSERT_EQ(singles.take(), from + each);
      }
      ASSERT_EQ(together.amount().messages, singles.waiting.amount().messages);
      ASSERT_EQ(together.amount().bytes, 10 * singles.waiting.amount().messages);
    }
  }
}

}  // namespace
}  // namespace structwire::messaging
