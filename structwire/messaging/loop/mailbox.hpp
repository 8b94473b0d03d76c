// SPDX-License-Identifier: Apache-2.0
#pragma once

// How threads hand things to one other thread: many post, one takes all that there is.
//
// A stack that is taken as a whole and turned round (Treiber 1986): posting is one compare-and-swap, taking one swap,
// and neither ever waits for the other. Things posted by one thread are taken in the order in which it posted them.

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace structwire::messaging {

/// What a Mailbox<Item> holds: derives from Letter<Item>. Its owners hold it by Item::Pointer, a std::unique_ptr.
template <class Item>
class Letter {
 public:
  Letter() noexcept = default;
  Letter(const Letter&) = delete;
  Letter& operator=(const Letter&) = delete;

 protected:
  Item* next_ = nullptr;  // Also of other lists: it is in one at a time.

 private:
  template <class>
  friend class Mailbox;
};

/// The bound is its users': each counts what it may have posted.
template <class Item>
class Mailbox {
 public:
  using Pointer = typename Item::Pointer;

  enum class Posted : std::uint8_t {
    taken,
    taken_and_wake,  ///< The taker sleeps, and nobody wakes it but who was told this.
    closed,          ///< `item` is as before.
  };

  Mailbox() noexcept = default;
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;
  ~Mailbox() { close(); }

  /// From any thread.
  Posted post(Pointer& item) noexcept {
    Item* added = item.get();
    Item* before = last_.load(std::memory_order_relaxed);
    do {
      if (before == closed()) return Posted::closed;
      added->next_ = before;
    } while (!last_.compare_exchange_weak(before, added, std::memory_order_seq_cst, std::memory_order_relaxed));
    item.release();
    // Either the taker sees what was posted before it sleeps, or this sees that it sleeps.
    return must_be_woken() ? Posted::taken_and_wake : Posted::taken;
  }
  /// The taker sleeps, and nobody wakes it but who was told this: for who added to what is posted already.
  bool must_be_woken() noexcept { return asleep_.load(std::memory_order_seq_cst) && asleep_.exchange(false); }

  // ---- for the one thread that takes

  /// Calls take(Pointer) for each, oldest first.
  template <class Take>
  void take_all(Take&& take) {
    if (last_.load(std::memory_order_relaxed) == nullptr) return;
    for_each(last_.exchange(nullptr, std::memory_order_acquire), take);
  }
  /// True: nothing is there, and who posts next is told to wake this thread. Then awake() is due.
  bool may_sleep() noexcept {
    asleep_.store(true, std::memory_order_seq_cst);
    if (last_.load(std::memory_order_seq_cst) == nullptr) return true;
    awake();
    return false;
  }
  void awake() noexcept { asleep_.store(false, std::memory_order_relaxed); }
  /// Who was told to wake the taker did not: the next one is told again. From any thread.
  void asleep() noexcept { asleep_.store(true, std::memory_order_relaxed); }

  /// Takes nothing more; destroys what is there.
  void close() {
    Item* last = last_.exchange(closed(), std::memory_order_acquire);
    if (last != closed()) for_each(last, [](Pointer) {});
  }

 private:
  // An address that no item has.
  Item* closed() const noexcept { return reinterpret_cast<Item*>(const_cast<Mailbox*>(this)); }

  template <class Take>
  static void for_each(Item* last, Take&& take) {
    Item* first = nullptr;
    while (last != nullptr) {
      Item* before = std::exchange(last->next_, first);
      first = std::exchange(last, before);
    }
    while (first != nullptr) {
      Pointer item(first);
      first = std::exchange(item->next_, nullptr);
      take(std::move(item));
    }
  }

  std::atomic<Item*> last_ = nullptr;
  std::atomic<bool> asleep_ = false;
};

}  // namespace structwire::messaging
