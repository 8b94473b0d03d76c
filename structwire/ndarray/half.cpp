// SPDX-License-Identifier: Apache-2.0
#include <structwire/ndarray/half.hpp>

#include <bit>
#include <cmath>

namespace structwire::ndarray {

// binary16: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction; binary32: 1, 8 (bias 127), 23.
Half::Half(float value) noexcept {
  const auto wide = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(wide >> 16 & 0x8000u);
  const std::uint32_t magnitude = wide & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) {
    // A NaN keeps the upper bits of its payload, and one bit at least.
    const std::uint32_t payload = magnitude >> 13 & 0x3FFu;
    bits = static_cast<std::uint16_t>(sign | 0x7C00u | (payload == 0 ? 0x200u : payload));
  } else if (magnitude >= 0x477FF000u) {
    bits = static_cast<std::uint16_t>(sign | 0x7C00u);  // 65520 and more round to infinity.
  } else if (magnitude < 0x38800000u) {
    // Below 2^-14: a multiple of 2^-24, which the addition of 2^-1 (whose last bit is 2^-24) rounds
    // to.
    const float sum = std::bit_cast<float>(magnitude) + 0.5f;
    bits = static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(sum) - 0x3F000000u));
  } else {
    const std::uint32_t odd = magnitude >> 13 & 1u;
    const std::uint32_t rounded = magnitude - (112u << 23) + 0xFFFu + odd;
    bits = static_cast<std::uint16_t>(sign | rounded >> 13);
  }
}

Half::operator float() const noexcept {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
  const std::uint32_t magnitude = bits & 0x7FFFu;
  if (magnitude >= 0x7C00u)
    return std::bit_cast<float>(sign | 0x7F800000u | (magnitude & 0x3FFu) << 13);
  if (magnitude >= 0x0400u) return std::bit_cast<float>(sign | ((magnitude << 13) + (112u << 23)));
  const float tiny = static_cast<float>(magnitude) * 0x1p-24f;
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(tiny));
}

}  // namespace structwire::ndarray
