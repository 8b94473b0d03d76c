// SPDX-License-Identifier: Apache-2.0
#include <taskd/store/clock_anchored.hpp>

#include <chrono>

namespace structwire::taskd {
namespace {

template <class Source>
std::int64_t read_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Source::now().time_since_epoch())
      .count();
}

}  // namespace

ClockAnchored::ClockAnchored()
    : wall_minus_monotonic_us_(read_us<std::chrono::system_clock>() -
                               read_us<std::chrono::steady_clock>()) {}

std::int64_t ClockAnchored::now_us() const {
  return wall_minus_monotonic_us_ + read_us<std::chrono::steady_clock>();
}

}  // namespace structwire::taskd
