// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which thread does a loop's work: one at a time, and not always the same (leader and followers: Schmidt, O'Ryan,
// Kircher, Pyarali and Buschmann, "Leader/Followers", PLoP 2000).
//
// A thread that would only wait for what the loop brings leads it meanwhile, and saves being woken by another one. What
// it costs: nobody leads between two such waits. So followers, threads of the loop's own that otherwise sleep, watch:
// where nobody led for `patience`, or at once where there is something to do, one of them takes over. They look so often
// only as long as the lead goes from hand to hand.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include <structwire/messaging/instant.hpp>

namespace structwire::messaging {

class Leadership {
 public:
  /// How long nobody may lead; it takes up to twice as long until that is seen. Each look of a follower costs the machine
  /// some microseconds, and a call of 1 MiB is over within one: with 0.5 ms it took a fifth longer than with this.
  static constexpr Duration patience = std::chrono::milliseconds(2);

  Leadership() noexcept = default;
  Leadership(const Leadership&) = delete;
  Leadership& operator=(const Leadership&) = delete;

  // ---- any thread. What one leader did, the next one sees.

  /// True: this thread leads, until leave(). Never waits.
  bool try_lead() noexcept {
    const std::lock_guard lock(mutex_);
    if (led_ || over_) return false;
    take();
    return true;
  }
  bool led() const noexcept {
    const std::lock_guard lock(mutex_);
    return led_ || over_;
  }
  /// Has a follower take over at once. False: somebody leads, who is to be woken by other means.
  bool call() noexcept;

  // ---- the leader

  /// `at_once()` is asked when nobody can lead any more who would not see what the answer depends on: is there something
  /// to do?
  template <class AtOnce>
  void leave(AtOnce&& at_once) noexcept {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      led_ = false;
      called_ = at_once();
      wake = called_ || !watched_;
    }
    if (wake) changed_.notify_one();
  }
  /// Nobody leads any more; followers end.
  void end() noexcept;

  // ---- followers

  /// Sleeps until this thread leads. False: it is over.
  bool follow() noexcept;

 private:
  void take() noexcept {
    led_ = true;
    called_ = false;
    ++turns_;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool led_ = false;
  bool called_ = true;    // A follower is on its way; the first leader is called, too.
  bool watched_ = false;  // A follower looks after `patience`.
  bool over_ = false;
  std::uint64_t turns_ = 0;
  std::uint64_t turns_watched_ = 0;  // When a follower looked last.
};

}  // namespace structwire::messaging
