// SPDX-License-Identifier: Apache-2.0
#pragma once

// Timers: set and cleared in constant time, however many there are, since nearly all are cleared before they fire.
// A hierarchical timing wheel (Varghese and Lauck, SOSP 1987, scheme 7): a ring for the next 256 ms, a ring for the next
// 65 s whose slots are dealt out to the first when their time comes, and a list of what is later.

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>

#include <structwire/messaging/instant.hpp>

namespace structwire::messaging {

class TimerWheel;

/// One deadline of `Owner`, which tells what fired by `what`. Leaves its wheel when it is destroyed; the wheel must live
/// as long as a set timer.
class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { unlink(); }

  bool is_set() const noexcept { return next_ != nullptr; }
  Instant due() const noexcept { return is_set() ? due_ : never; }
  void clear() noexcept { unlink(); }

  std::uint8_t kind = 0;     ///< The owner's: what it is for.
  std::uint64_t owner = 0;   ///< The owner's: whose it is.

 private:
  friend class TimerWheel;
  void unlink() noexcept {
    if (next_ == nullptr) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = nullptr;
  }
  void link(Timer& list) noexcept {
    previous_ = list.previous_;
    next_ = &list;
    previous_->next_ = this;
    list.previous_ = this;
  }

  Timer* next_ = nullptr;
  Timer* previous_ = nullptr;
  Instant due_ = never;
};

class TimerWheel {
 public:
  /// Nothing will be due long before `now`.
  explicit TimerWheel(Instant now = {}) noexcept : tick_(tick_of(now)) {
    for (auto& ring : rings_)
      for (Timer& list : ring) list.next_ = list.previous_ = &list;
    distant_.next_ = distant_.previous_ = &distant_;
    firing_.next_ = firing_.previous_ = &firing_;
  }
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;
  /// Clears those that are still set.
  ~TimerWheel() {
    for (auto& ring : rings_)
      for (Timer& list : ring) empty(list);
    empty(distant_);
    empty(firing_);
  }

  /// Fires at `due` (rounded up to the tick), or at the next expire() where that has passed; `never` clears.
  void set(Timer& timer, Instant due) noexcept {
    timer.unlink();
    if (due == never) return;
    timer.due_ = due;
    place(timer);
    next_ = std::min(next_, due);
  }

  /// Calls `fire(timer)` for all that are due, the earlier tick first; each is cleared before. `fire` may set and clear
  /// any timers, and destroy them.
  template <class Fire>
  void expire(Instant now, Fire&& fire) {
    if (now < next_) return;
    const std::int64_t end = tick_of(now);
    while (tick_ <= end) {
      if ((tick_ & ring_mask) == 0) deal_out();
      Timer& list = rings_[0][static_cast<std::size_t>(tick_ & ring_mask)];
      // What is due later within this very tick stays; what is set while firing may land here again, in the past.
      splice(list, firing_);
      while (firing_.next_ != &firing_) {
        Timer& timer = *firing_.next_;
        timer.unlink();
        if (timer.due_ > now) {
          timer.link(list);
          continue;
        }
        fire(timer);
      }
      if (tick_ == end) break;
      // What was set meanwhile for a time that has passed must not stay behind.
      splice(list, rings_[0][static_cast<std::size_t>(end & ring_mask)]);
      const std::int64_t step = next_tick(end);
      tick_ = step;
    }
    find_next();
  }

  /// No timer is due before; it may be early by what was cleared meanwhile.
  Instant next() const noexcept { return next_; }

 private:
  static constexpr std::int64_t ring_size = 256;
  static constexpr std::int64_t ring_mask = ring_size - 1;
  static constexpr Duration tick_length = std::chrono::milliseconds(1);

  static std::int64_t tick_of(Instant time) noexcept { return time.time_since_epoch() / tick_length; }
  static bool is_empty(const Timer& list) noexcept { return list.next_ == &list; }
  static void empty(Timer& list) noexcept {
    while (!is_empty(list)) list.next_->unlink();
    list.next_ = list.previous_ = nullptr;
  }
  static void splice(Timer& from, Timer& to) noexcept {
    while (!is_empty(from)) {
      Timer& timer = *from.next_;
      timer.unlink();
      timer.link(to);
    }
  }

  void place(Timer& timer) noexcept {
    const std::int64_t tick = std::max(tick_of(timer.due_), tick_);
    const std::int64_t ahead = tick - tick_;
    if (ahead < ring_size) {
      timer.link(rings_[0][static_cast<std::size_t>(tick & ring_mask)]);
    } else if (tick / ring_size - tick_ / ring_size < ring_size) {
      timer.link(rings_[1][static_cast<std::size_t>(tick / ring_size & ring_mask)]);
    } else {
      timer.link(distant_);
    }
  }

  // The first ring came round: the next slot of the second one is dealt out, and with that one's round the distant ones.
  void deal_out() noexcept {
    if ((tick_ / ring_size & ring_mask) == 0) again(distant_);
    again(rings_[1][static_cast<std::size_t>(tick_ / ring_size & ring_mask)]);
  }
  void again(Timer& list) noexcept {
    Timer taken;
    taken.next_ = taken.previous_ = &taken;
    splice(list, taken);
    while (!is_empty(taken)) {
      Timer& timer = *taken.next_;
      timer.unlink();
      place(timer);
    }
    taken.next_ = taken.previous_ = nullptr;
  }

  // The next tick worth a look: one with timers, or one where the second ring is dealt out.
  std::int64_t next_tick(std::int64_t end) const noexcept {
    const bool few = later_are_empty();
    for (std::int64_t tick = tick_ + 1; tick < end; ++tick) {
      if (few && tick - tick_ == ring_size) return end;
      if ((!few && (tick & ring_mask) == 0) || !is_empty(rings_[0][static_cast<std::size_t>(tick & ring_mask)])) return tick;
    }
    return end;
  }

  void find_next() noexcept {
    next_ = never;
    for (std::int64_t ahead = 0; ahead != ring_size; ++ahead) {
      const std::int64_t tick = tick_ + ahead;
      // A round ends here, and what the second ring deals out then may come before what is behind.
      if (ahead != 0 && (tick & ring_mask) == 0 && !later_are_empty()) {
        next_ = Instant(tick * tick_length);
        return;
      }
      const Timer& list = rings_[0][static_cast<std::size_t>(tick & ring_mask)];
      if (is_empty(list)) continue;
      for (const Timer* each = list.next_; each != &list; each = each->next_) next_ = std::min(next_, each->due_);
      return;
    }
    if (!later_are_empty()) next_ = Instant((tick_ / ring_size + 1) * ring_size * tick_length);
  }
  bool later_are_empty() const noexcept {
    return is_empty(distant_) &&
           std::all_of(rings_[1].begin(), rings_[1].end(), [](const Timer& list) { return is_empty(list); });
  }

  std::array<std::array<Timer, ring_size>, 2> rings_;
  Timer distant_;
  Timer firing_;
  std::int64_t tick_;  ///< All before it have fired.
  Instant next_ = never;
};

}  // namespace structwire::messaging
