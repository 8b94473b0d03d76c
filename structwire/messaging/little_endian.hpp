// SPDX-License-Identifier: Apache-2.0
#pragma once

// Integers as the message layer has them on the wire: little-endian, at any address.

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>

namespace structwire::messaging {

template <std::unsigned_integral Number>
Number load_little(const std::byte* at) noexcept {
  Number number;
  std::memcpy(&number, at, sizeof number);
  if constexpr (std::endian::native == std::endian::big) number = std::byteswap(number);
  return number;
}

template <std::unsigned_integral Number>
void store_little(std::byte* at, Number number) noexcept {
  if constexpr (std::endian::native == std::endian::big) number = std::byteswap(number);
  std::memcpy(at, &number, sizeof number);
}

}  // namespace structwire::messaging
