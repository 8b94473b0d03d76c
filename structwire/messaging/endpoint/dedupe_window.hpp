// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which messages of one sender were seen: a window of counters that moves with the highest. A bitmap in place of a set
// of ids costs 128 bytes a sender and one bit test a message (the idea of IPsec's anti-replay window, RFC 4303 3.4.3).

#include <array>
#include <cstdint>

namespace structwire::messaging {

class DedupeWindow {
 public:
  static constexpr std::uint64_t size = 1024;

  enum class Verdict {
    fresh,    ///< Not seen before; it is now.
    repeat,   ///< Seen.
    too_old,  ///< Behind the window: nobody knows.
  };

  /// Judges a message of this incarnation by its counter, and remembers it.
  Verdict admit(std::uint64_t counter) noexcept {
    if (counter >= next_) {
      advance(counter);
      set(counter);
      return Verdict::fresh;
    }
    if (next_ - counter > size) return Verdict::too_old;
    if (test(counter)) return Verdict::repeat;
    set(counter);
    return Verdict::fresh;
  }

  /// The message was not run after all: it may come again.
  void forget(std::uint64_t counter) noexcept {
    if (counter < next_ && next_ - counter <= size) {
      words_[counter % size / bits] &= ~(std::uint64_t{1} << counter % bits);
    }
  }

 private:
  static constexpr std::uint64_t bits = 64;

  bool test(std::uint64_t counter) const noexcept {
    return (word(counter) >> counter % bits & 1) != 0;
  }
  void set(std::uint64_t counter) noexcept {
    words_[counter % size / bits] |= std::uint64_t{1} << counter % bits;
  }
  std::uint64_t word(std::uint64_t counter) const noexcept { return words_[counter % size / bits]; }

  // The window ends behind `counter`: what leaves it is forgotten.
  void advance(std::uint64_t counter) noexcept {
    if (counter - next_ >= size) {
      words_ = {};
    } else {
      for (std::uint64_t each = next_; each <= counter; ++each) {
        words_[each % size / bits] &= ~(std::uint64_t{1} << each % bits);
      }
    }
    next_ = counter + 1;
  }

  std::array<std::uint64_t, size / bits> words_{};
  std::uint64_t next_ = 0;  ///< One above the highest that was seen.
};

}  // namespace structwire::messaging
