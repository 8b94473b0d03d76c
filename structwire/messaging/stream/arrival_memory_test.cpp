// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/stream/arrival_memory.hpp>

#include <algorithm>
#include <cstdio>
#include <random>
#include <thread>
#include <vector>

#include <unistd.h>

#include <gtest/gtest.h>

#include <tests/support/random.hpp>

namespace structwire::messaging {
namespace {

constexpr std::size_t mebibyte = 1u << 20;

struct Block {
  std::shared_ptr<std::byte[]> memory;
  std::size_t size = 0;
  std::byte value{};

  Block(std::size_t bytes, std::byte filled) : memory(ArrivalMemory::allocate(bytes)), size(bytes), value(filled) {
    std::fill_n(memory.get(), size, value);
  }
  bool is_whole() const {
    return std::all_of(memory.get(), memory.get() + size, [this](std::byte each) { return each == value; });
  }
};

TEST(ArrivalMemory, blocks_are_nobody_elses_and_all_is_accounted_for) {
  const std::size_t used = ArrivalMemory::figures().used_bytes;
  const std::uint64_t seed = test::random_seed();
  const auto play = [seed](std::uint64_t number) {
    test::Random random(seed + number);
    std::vector<Block> held;
    for (int step = 0; step < 3000; ++step) {
      // Up to what a region has no room for.
      const std::size_t most = random.once_in(200) ? 6 * mebibyte : random.once_in(10) ? mebibyte : 64u << 10;
      if (random.below(40) >= held.size()) {
        held.emplace_back(1 + random.below(most), static_cast<std::byte>(random.bits()));
      } else {
        std::swap(held[random.below(held.size())], held.back());
        ASSERT_TRUE(held.back().is_whole());
        held.pop_back();
      }
    }
    for (const Block& each : held) ASSERT_TRUE(each.is_whole());
  };
  std::vector<std::thread> threads;
  for (std::uint64_t number = 1; number < 4; ++number) threads.emplace_back(play, number);
  play(0);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ArrivalMemory::figures().used_bytes, used);
  EXPECT_LE(ArrivalMemory::figures().kept_bytes, ArrivalMemory::kept_bytes_max);
}

std::size_t resident() {
  unsigned long pages = 0;
  if (std::FILE* const file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// What the system says is resident, and not only what is counted here.
TEST(ArrivalMemory, what_one_thread_let_go_is_there_for_another_or_goes_back_to_the_system) {
  constexpr std::size_t all = 64 * mebibyte;
  constexpr std::size_t each = 50'000;
  const std::size_t before = resident();
  ASSERT_NE(before, 0u);
  const auto hold_all = [&] {
    std::vector<Block> held;
    for (std::size_t bytes = 0; bytes < all; bytes += each) held.emplace_back(each, std::byte{7});
    EXPECT_GE(ArrivalMemory::figures().used_bytes, all);
    EXPECT_LE(ArrivalMemory::figures().used_bytes, all + all / 16);
    const std::size_t most = resident();
    // In any order.
    std::ranges::shuffle(held, std::mt19937_64(test::random_seed()));
    return most;
  };
  for (int round = 0; round < 3; ++round) {
    std::size_t most = 0;
    std::thread([&] { most = hold_all(); }).join();
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // They have memory of their own for ours.
    EXPECT_LE(most, before + all + all / 8);
    EXPECT_LE(resident(), before + ArrivalMemory::kept_bytes_max + 2 * mebibyte);
#endif
    EXPECT_LE(ArrivalMemory::figures().kept_bytes, ArrivalMemory::kept_bytes_max);
  }
}

}  // namespace
}  // namespace structwire::messaging
