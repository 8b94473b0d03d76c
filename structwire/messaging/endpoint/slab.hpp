// SPDX-License-Identifier: Apache-2.0
#pragma once

// Objects under numbers that are never used again, found without hashing.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace structwire::messaging {

/// A number is the place of an object and how often the place was used before: an old number finds nothing instead of
/// somebody else's object. Objects do not move. `Id` is an enum of 64 bits.
template <class Id, class Object>
class Slab {
 public:
  /// Makes an object from its own number and the arguments.
  template <class... Arguments>
  Object& emplace(Arguments&&... arguments) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(places_.size()));
      places_.emplace_back();
    }
    const std::uint32_t index = free_.back();
    Place& place = places_[index];
    place.object.emplace(number(index, place.uses), std::forward<Arguments>(arguments)...);
    free_.pop_back();
    ++size_;
    return *place.object;
  }
  Object* find(Id id) noexcept {
    const std::uint64_t number = static_cast<std::uint64_t>(id);
    const std::uint64_t index = number & 0xffffffff;
    if (index >= places_.size() || places_[index].uses != number >> 32) return nullptr;
    return places_[index].object ? &*places_[index].object : nullptr;
  }
  void erase(Id id) noexcept {
    Place& place = places_[static_cast<std::uint64_t>(id) & 0xffffffff];
    place.object.reset();
    ++place.uses;
    free_.push_back(static_cast<std::uint32_t>(static_cast<std::uint64_t>(id)));
    --size_;
  }
  std::size_t size() const noexcept { return size_; }
  /// All of them, for one who may erase while walking.
  std::vector<Id> ids() const {
    std::vector<Id> all;
    for (std::uint32_t index = 0; index != places_.size(); ++index)
      if (places_[index].object) all.push_back(number(index, places_[index].uses));
    return all;
  }

 private:
  struct Place {
    std::optional<Object> object;  // In its place: the next one here costs no allocation.
    std::uint32_t uses = 1;
  };
  static Id number(std::uint32_t index, std::uint32_t uses) noexcept {
    return Id{std::uint64_t{uses} << 32 | index};
  }

  std::deque<Place> places_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace structwire::messaging
