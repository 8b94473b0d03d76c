// SPDX-License-Identifier: Apache-2.0
#pragma once

// UTF-8 by table look-up: J. Keiser and D. Lemire, "Validating UTF-8 in less than one instruction per byte" (2021).
// For vectors that have a byte look-up; a Lanes gives its operations.
//
// Every error but a missing third or fourth byte shows in two neighbouring bytes. Three tables, by the halves of
// the first byte and the upper half of the second, have a bit for each kind of error; it is one when all three say
// so.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <structwire/core/config.hpp>

namespace structwire {
inline namespace STRUCTWIRE_SIMD_SPACE {

namespace utf8_tables {

enum Fault : std::uint8_t {
  too_short = 1 << 0,       // a lead byte, then no continuation
  too_long = 1 << 1,        // ASCII, then a continuation
  overlong_3 = 1 << 2,      // E0 80..9F
  too_large = 1 << 3,       // F4 90..BF, F5..FF 90..BF
  surrogate = 1 << 4,       // ED A0..BF
  overlong_2 = 1 << 5,      // C0..C1
  too_large_1000 = 1 << 6,  // F5..FF 80..8F
  overlong_4 = 1 << 6,      // F0 80..8F
  two_continuations = 1 << 7,
};
constexpr std::uint8_t any_low = too_short | too_long | two_continuations;

alignas(16) inline constexpr std::uint8_t first_high[16] = {
    too_long,
    too_long,
    too_long,
    too_long,
    too_long,
    too_long,
    too_long,
    too_long,
    two_continuations,
    two_continuations,
    two_continuations,
    two_continuations,
    too_short | overlong_2,
    too_short,
    too_short | overlong_3 | surrogate,
    too_short | too_large | too_large_1000 | overlong_4,
};

alignas(16) inline constexpr std::uint8_t first_low[16] = {
    any_low | overlong_3 | overlong_2 | overlong_4,
    any_low | overlong_2,
    any_low,
    any_low,
    any_low | too_large,
    any_low | too_large | too_large_1000,
    any_low | too_large | too_large_1000,
    any_low | too_large | too_large_1000,
    any_low | too_large | too_large_1000,
    any_low | too_large | too_large_1000,
    any_low | too_large | too_large_1000,
    any_low | too_large | too_large_1000,
    any_low | too_large | too_large_1000,
    any_low | too_large | too_large_1000 | surrogate,
    any_low | too_large | too_large_1000,
    any_low | too_large | too_large_1000,
};

constexpr std::uint8_t any_continuation = too_long | overlong_2 | two_continuations;
alignas(16) inline constexpr std::uint8_t second_high[16] = {
    too_short,
    too_short,
    too_short,
    too_short,
    too_short,
    too_short,
    too_short,
    too_short,
    any_continuation | overlong_3 | too_large_1000 | overlong_4,
    any_continuation | overlong_3 | too_large,
    any_continuation | surrogate | too_large,
    any_continuation | surrogate | too_large,
    too_short,
    too_short,
    too_short,
    too_short,
};

}  // namespace utf8_tables

/// What is wrong, of blocks that stand one behind the other.
template <class Lanes>
class Utf8Faults {
 public:
  using V = typename Lanes::Vector;

  // Written out, because GCC compiles an implicit one for the processor of the build.
  Utf8Faults() noexcept : faults_(Lanes::zero()) {}

  /// `now` stands behind `before`. A pair of blocks that are ASCII need not be looked at.
  STRUCTWIRE_ALWAYS_INLINE void look_at(V before, V now) noexcept {
    look_at(now, Lanes::template shifted<1>(before, now), Lanes::template shifted<2>(before, now),
            Lanes::template shifted<3>(before, now));
  }
  /// The bytes of the others stand one, two and three places in front of those of `now`.
  STRUCTWIRE_ALWAYS_INLINE void look_at(V now, V previous, V second, V third) noexcept {
    const V pairs = Lanes::both(
        Lanes::both(Lanes::look_up(Lanes::table(utf8_tables::first_high), Lanes::upper_half(previous)),
                    Lanes::look_up(Lanes::table(utf8_tables::first_low), Lanes::lower_half(previous))),
        Lanes::look_up(Lanes::table(utf8_tables::second_high), Lanes::upper_half(now)));
    // Two continuations in a row are right where the second is a third or a fourth byte; there they must be.
    const V wanted = Lanes::both(Lanes::join(Lanes::above(second, 0xE0 - 0x80), Lanes::above(third, 0xF0 - 0x80)),
                                 Lanes::all(0x80));
    faults_ = Lanes::join(faults_, Lanes::differ(wanted, pairs));
  }
  bool any() const noexcept { return Lanes::any(faults_); }

 private:
  V faults_;
};

template <class Lanes>
inline bool is_utf8_by_lanes(const char* at, std::size_t size) noexcept {
  using V = typename Lanes::Vector;
  Utf8Faults<Lanes> faults;
  V before = Lanes::zero();
  // One block more than there is text: zeros behind it show what is incomplete.
  for (std::size_t done = 0; done <= size; done += Lanes::size, at += Lanes::size) {
    const std::size_t left = size - done;
    const V now = left >= Lanes::size ? Lanes::load(at) : Lanes::load_part(at, left);
    if (Lanes::any_high(Lanes::join(now, before))) faults.look_at(before, now);
    before = now;
  }
  return !faults.any();
}

/// The same for a loop that has blocks of its own, as large as the lanes (core/text_kernel_quote.hpp).
template <class Lanes>
class CheckByLanes {
 public:
  CheckByLanes(const char* at, std::size_t) noexcept : start_(at) {}
  STRUCTWIRE_ALWAYS_INLINE void look_at(const char* at, std::size_t left) noexcept {
    faults_.look_at(at == start_ ? Lanes::zero() : Lanes::load(at - Lanes::size),
                    left >= Lanes::size ? Lanes::load(at) : Lanes::load_part(at, left));
  }
  bool is_utf8() const noexcept { return !faults_.any(); }

 private:
  const char* start_;
  Utf8Faults<Lanes> faults_;
};

}  // namespace STRUCTWIRE_SIMD_SPACE
}  // namespace structwire
