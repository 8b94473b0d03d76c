// SPDX-License-Identifier: Apache-2.0
#pragma once

// Elements into another order, and bytes into the other byte order. What copies of arrays are made
// with.

#include <cstddef>
#include <cstdint>
#include <span>

#include <structwire/ndarray/layout.hpp>

namespace structwire::ndarray {

/// Copies the elements of a column-major array to `to`, in row-major order. One pass; the two do
/// not overlap.
void to_row_major(const Layout& layout, const std::byte* from, std::byte* to) noexcept;

/// Reverses the bytes of each unit of 1, 2, 4 or 8 bytes.
void swap_units(std::span<std::byte> bytes, std::uint32_t unit) noexcept;

}  // namespace structwire::ndarray
