// SPDX-License-Identifier: Apache-2.0
#pragma once

// How times are spread, exact to 0.4 % from nanoseconds to minutes: 256 buckets for each doubling.

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace messages_bench {

class Histogram {
 public:
  void add(std::chrono::nanoseconds time) {
    const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
    ++buckets_[std::min(bucket_of(ns), buckets_.size() - 1)];
    ++count_;
    sum_ += static_cast<double>(ns);
    max_ = std::max(max_, ns);
  }

  std::uint64_t count() const { return count_; }
  double mean_us() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_) / 1000; }
  double max_us() const { return static_cast<double>(max_) / 1000; }

  /// The time that this share of all does not exceed, by the upper end of its bucket.
  double quantile_us(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > wanted) return static_cast<double>(std::min(end_of(i), max_)) / 1000;
    }
    return max_us();
  }

 private:
  static constexpr std::uint64_t parts = 256;

  static std::size_t bucket_of(std::uint64_t ns) {
    if (ns < parts) return static_cast<std::size_t>(ns);
    const auto shift = static_cast<std::size_t>(std::bit_width(ns)) - 9;
    return static_cast<std::size_t>(parts * shift + (ns >> shift));
  }
  static std::uint64_t end_of(std::size_t bucket) {
    if (bucket < 2 * parts) return bucket;
    const auto shift = bucket / parts - 1;
    return ((bucket - parts * shift + 1) << shift) - 1;
  }

  std::vector<std::uint64_t> buckets_ = std::vector<std::uint64_t>(parts * 32);  // To 18 minutes.
  std::uint64_t count_ = 0;
  double sum_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace messages_bench
