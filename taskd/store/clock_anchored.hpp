// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/clock.hpp>

#include <cstdint>

namespace structwire::taskd {

/// The wall clock read once at construction, then carried on by the monotonic clock: somebody
/// setting the wall clock cannot make leases run out. A correction of the wall clock is taken over
/// at the next start.
class ClockAnchored final : public Clock {
 public:
  ClockAnchored();
  [[nodiscard]] std::int64_t now_us() const override;

 private:
  std::int64_t wall_minus_monotonic_us_;
};

}  // namespace structwire::taskd
