// SPDX-License-Identifier: Apache-2.0
#pragma once

// How times are spread, in a few hundred bytes: four buckets for each doubling, so that a quantile is right to 20 %.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <structwire/messaging/instant.hpp>

namespace structwire::messaging {

/// Times in microseconds.
struct Latency {
  std::uint64_t count = 0;
  double mean_us = 0;
  double p50_us = 0;
  double p95_us = 0;
  double p99_us = 0;
  double max_us = 0;
  bool operator==(const Latency&) const = default;
};

/// Not for two threads at once.
class Histogram {
 public:
  void add(Duration time) noexcept {
    const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
    ++buckets_[bucket_of(ns)];
    ++count_;
    sum_ += static_cast<double>(ns);
    max_ = std::max(max_, ns);
  }
  std::uint64_t count() const noexcept { return count_; }
  /// The time below which this share of all lies; 0 where there are none.
  Duration quantile(double share) const noexcept {
    auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      if (buckets_[i] > wanted) return Duration(static_cast<std::int64_t>(std::min(max_, end_of(i))));
      wanted -= buckets_[i];
    }
    return Duration(static_cast<std::int64_t>(max_));
  }
  Latency summary() const noexcept {
    const auto us = [&](double share) { return static_cast<double>(quantile(share).count()) / 1000; };
    return {.count = count_,
            .mean_us = count_ == 0 ? 0 : sum_ / static_cast<double>(count_) / 1000,
            .p50_us = us(0.5),
            .p95_us = us(0.95),
            .p99_us = us(0.99),
            .max_us = static_cast<double>(max_) / 1000};
  }

 private:
  // Bucket i of a doubling holds numbers whose first three bits are 1xx, xx = i.
  static std::size_t bucket_of(std::uint64_t ns) noexcept {
    if (ns < 4) return static_cast<std::size_t>(ns);
    const auto doubling = static_cast<std::size_t>(std::bit_width(ns)) - 3;
    return std::min<std::size_t>(4 + doubling * 4 + (ns >> doubling & 3), bucket_count - 1);
  }
  static std::uint64_t end_of(std::size_t bucket) noexcept {
    if (bucket < 4) return bucket;
    const std::size_t doubling = (bucket - 4) / 4;
    return ((4 + (bucket - 4) % 4 + 1) << doubling) - 1;
  }

  static constexpr std::size_t bucket_count = 4 + 4 * 38;  // To nine minutes.
  std::array<std::uint32_t, bucket_count> buckets_{};
  std::uint64_t count_ = 0;
  double sum_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace structwire::messaging
