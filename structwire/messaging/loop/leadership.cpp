// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/leadership.hpp>

namespace structwire::messaging {

bool Leadership::call() noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (led_ || over_) return false;
    if (called_) return true;
    called_ = true;
  }
  changed_.notify_one();
  return true;
}

void Leadership::end() noexcept {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    led_ = false;
  }
  changed_.notify_all();
}

bool Leadership::follow() noexcept {
  std::unique_lock lock(mutex_);
  const auto called = [&] { return over_ || (called_ && !led_); };
  for (;;) {
    if (!called()) {
      if (watched_ || (led_ && turns_ == turns_watched_)) {
        // Somebody watches, or nothing changes hands: until the leader leaves.
        changed_.wait(lock);
        continue;
      }
      watched_ = true;
      turns_watched_ = turns_;
      changed_.wait_for(lock, patience, called);
      watched_ = false;
    }
    if (over_) return false;
    if (led_ || !(called_ || turns_ == turns_watched_)) continue;
    take();
    return true;
  }
}

}  // namespace structwire::messaging
