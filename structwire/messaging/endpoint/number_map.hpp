// SPDX-License-Identifier: Apache-2.0
#pragma once

// A map from numbers other than 0, for what comes and goes with every message: to add and to remove allocate nothing,
// once it has been as large before.
//
// Open addressing with linear probing, at most half full; what is erased is closed up by moving back what probed past
// it (Knuth, The Art of Computer Programming, vol. 3, section 6.4, algorithm R), so there are no marks of the dead. Who
// chooses the numbers may make them collide; how many there are at a time is bounded by credit.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace structwire::messaging {

template <class Value>
class NumberMap {
 public:
  /// nullptr where there is none. Valid until the next insert() or erase().
  Value* find(std::uint64_t number) noexcept {
    if (number == 0 || size_ == 0) return nullptr;
    Slot& slot = slots_[place_of(number)];
    return slot.number == number ? &slot.value : nullptr;
  }
  /// Replaces the value of a number that is there.
  void insert(std::uint64_t number, Value value) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    Slot& slot = slots_[place_of(number)];
    size_ += slot.number == number ? 0 : 1;
    slot = {number, std::move(value)};
  }
  void erase(std::uint64_t number) noexcept {
    if (number == 0 || size_ == 0) return;
    std::size_t hole = place_of(number);
    if (slots_[hole].number != number) return;
    --size_;
    for (std::size_t place = next(hole); slots_[place].number != 0; place = next(place)) {
      // It may move back unless its home lies behind the hole.
      const std::size_t home = home_of(slots_[place].number);
      if (((place - home) & mask()) < ((place - hole) & mask())) continue;
      slots_[hole] = std::move(slots_[place]);
      hole = place;
    }
    slots_[hole] = {};
  }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

 private:
  static constexpr std::size_t least = 16;
  struct Slot {
    std::uint64_t number = 0;
    Value value{};
  };

  std::size_t mask() const noexcept { return slots_.size() - 1; }
  std::size_t next(std::size_t place) const noexcept { return (place + 1) & mask(); }
  // Numbers that follow one another lie far apart (Fibonacci hashing, ibid. section 6.4): side by side they would be one
  // long run, through all of which an erase() has to go.
  std::size_t home_of(std::uint64_t number) const noexcept {
    return static_cast<std::size_t>(number * 0x9e3779b97f4a7c15u >> shift_);
  }
  // Of the number, or of the free slot for it.
  std::size_t place_of(std::uint64_t number) const noexcept {
    std::size_t place = home_of(number);
    while (slots_[place].number != number && slots_[place].number != 0) place = next(place);
    return place;
  }
  void grow() {
    std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(slots_.empty() ? least : 2 * slots_.size()));
    shift_ = 64 - std::countr_zero(slots_.size());
    for (Slot& slot : before)
      if (slot.number != 0) slots_[place_of(slot.number)] = std::move(slot);
  }

  std::vector<Slot> slots_;
  int shift_ = 63;
  std::size_t size_ = 0;
};

}  // namespace structwire::messaging
