// SPDX-License-Identifier: Apache-2.0
#pragma once

// Half: the bits of a float of 16 bits (IEEE 754 binary16), for arrays of them. It converts to
// float and back and computes nothing; C++23's std::float16_t is not in GCC 12.

#include <cstdint>

namespace structwire::ndarray {

struct Half {
  std::uint16_t bits = 0;

  Half() noexcept = default;
  /// The nearest, ties to even; infinite beyond 65519. NaN stays NaN.
  explicit Half(float value) noexcept;
  /// Exact.
  explicit operator float() const noexcept;
  static Half from_bits(std::uint16_t bits) noexcept {
    Half half;
    half.bits = bits;
    return half;
  }

  /// As floats compare: no NaN is equal, and -0 is 0.
  friend bool operator==(Half a, Half b) noexcept {
    return static_cast<float>(a) == static_cast<float>(b);
  }
};
static_assert(sizeof(Half) == 2);

}  // namespace structwire::ndarray
