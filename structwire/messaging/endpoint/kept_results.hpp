// SPDX-License-Identifier: Apache-2.0
#pragma once

// What requests came to, for a while: one that comes again is told the same once more and is not run again.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include <structwire/messaging/endpoint/number_map.hpp>

namespace structwire::messaging {

/// The newest results of one session by the counter of their request, bounded in number and bytes.
template <class Result>
class KeptResults {
 public:
  KeptResults(std::size_t results, std::size_t bytes) : results_max_(results), bytes_max_(bytes) {}

  /// Forgets the oldest for it; one larger than all the room is not kept. `counter` is not 0.
  void keep(std::uint64_t counter, Result result, std::size_t bytes) {
    if (bytes > bytes_max_ || results_max_ == 0 || kept_.find(counter) != nullptr) return;
    kept_.insert(counter, Kept{std::move(result), bytes});
    order_.push_back(counter);
    bytes_ += bytes;
    while (order_.size() > results_max_ || bytes_ > bytes_max_) {
      bytes_ -= kept_.find(order_.front())->bytes;
      kept_.erase(order_.front());
      order_.pop_front();
    }
  }
  const Result* find(std::uint64_t counter) {
    const Kept* const found = kept_.find(counter);
    return found == nullptr ? nullptr : &found->result;
  }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Kept {
    Result result{};
    std::size_t bytes = 0;
  };

  std::size_t results_max_;
  std::size_t bytes_max_;
  NumberMap<Kept> kept_;
  std::deque<std::uint64_t> order_;
  std::size_t bytes_ = 0;
};

}  // namespace structwire::messaging
