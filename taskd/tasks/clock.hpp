// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace structwire::taskd {

/// The daemon's only source of time; tests own a simulated one.
///
/// Microseconds since the Unix epoch that never go back while the process lives. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::int64_t now_us() const = 0;
};

}  // namespace structwire::taskd
