// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

namespace structwire::taskd {

/// How long to wait before the next try while the daemon is away: 100 ms, doubled up to 5 s. Short
/// enough that a restart goes unnoticed, long enough that a crowd of workers does not stampede.
class Backoff {
 public:
  static constexpr std::chrono::milliseconds first{100};
  static constexpr std::chrono::milliseconds most{5000};

  /// The wait before the next try; longer each time.
  std::chrono::milliseconds next() {
    const std::chrono::milliseconds wait = wait_;
    wait_ = std::min(wait_ * 2, most);
    return wait;
  }

  /// Something worked: start over.
  void reset() { wait_ = first; }

 private:
  std::chrono::milliseconds wait_ = first;
};

}  // namespace structwire::taskd
