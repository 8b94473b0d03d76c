// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/block_store.hpp>

#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace structwire::messaging {
namespace {

struct Thing {
  explicit Thing(int number_) : number(number_) {}
  int number;
  char more[200] = {};
};

TEST(BlockStore, a_block_that_came_back_is_used_again) {
  const auto store = std::make_shared<BlockStore>();
  std::set<const void*> places;
  for (int i = 0; i < 100; ++i) places.insert(std::allocate_shared<Thing>(BlockAllocator<Thing>(store), i).get());
  EXPECT_EQ(places.size(), 1u);
}

TEST(BlockStore, other_threads_give_back_and_nothing_is_given_out_twice) {
  const auto store = std::make_shared<BlockStore>();
  std::vector<std::shared_ptr<Thing>> held;
  for (int round = 0; round < 200; ++round) {
    std::set<const void*> places;
    for (int i = 0; i < 50; ++i) {
      held.push_back(std::allocate_shared<Thing>(BlockAllocator<Thing>(store), i));
      EXPECT_TRUE(places.insert(held.back().get()).second);
    }
    std::vector<std::jthread> threads;
    for (std::size_t part = 0; part < 2; ++part) {
      std::vector<std::shared_ptr<Thing>> mine;
      for (std::size_t i = part; i < held.size(); i += 2) mine.push_back(std::move(held[i]));
      threads.emplace_back([mine = std::move(mine)]() mutable { mine.clear(); });
    }
    held.clear();
  }
}

TEST(BlockStore, objects_may_outlive_who_made_them) {
  std::shared_ptr<Thing> thing;
  {
    const auto store = std::make_shared<BlockStore>();
    thing = std::allocate_shared<Thing>(BlockAllocator<Thing>(store), 7);
  }
  EXPECT_EQ(thing->number, 7);
}

}  // namespace
}  // namespace structwire::messaging
