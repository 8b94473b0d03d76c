// SPDX-License-Identifier: Apache-2.0
//
// A transposition jumps through one of its two sides. Blocks of 32 by 32 over the first and the
// last dimension keep the cache lines of both sides until they are used up.
#include <structwire/ndarray/reorder.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

#include <structwire/core/config.hpp>

namespace structwire::ndarray {
namespace {

constexpr std::size_t block = 32;

struct Plane {
  std::size_t rows;       // Along the first dimension, side by side in `from`.
  std::size_t columns;    // Along the last one, side by side in `to`.
  std::size_t from_step;  // From one column to the next, in elements.
  std::size_t to_step;    // From one row to the next.
};

// Size is the bytes of an element where they are known at compile time.
template <class Size>
void copy_plane(const Plane& plane, const std::byte* from, std::byte* to, Size size) noexcept {
  for (std::size_t row = 0; row < plane.rows; row += block) {
    const std::size_t row_end = std::min(row + block, plane.rows);
    for (std::size_t column = 0; column < plane.columns; column += block) {
      const std::size_t column_end = std::min(column + block, plane.columns);
      for (std::size_t i = row; i < row_end; ++i) {
        for (std::size_t j = column; j < column_end; ++j) {
          std::memcpy(to + (i * plane.to_step + j) * size, from + (i + j * plane.from_step) * size,
                      size);
        }
      }
    }
  }
}

// Every plane of the first and the last dimension, for each combination of the indices between.
template <class Size>
void copy_planes(const Layout& layout, const std::byte* from, std::byte* to, Size size) noexcept {
  const Extents& shape = layout.shape();
  const std::size_t last = shape.size() - 1;
  STRUCTWIRE_ASSERT(last >= 1);
  const std::size_t count = layout.count();
  const Plane plane{shape[0], shape[last], count / shape[last], count / shape[0]};
  std::array<std::size_t, dimensions_max> index{};
  std::array<std::size_t, dimensions_max> from_steps{};
  std::array<std::size_t, dimensions_max> to_steps{};
  STRUCTWIRE_ASSERT(last < dimensions_max);
  for (std::size_t i = 1, step = shape[0]; i < last; step *= shape[i++]) from_steps[i] = step;
  for (std::size_t i = last - 1, step = shape[last]; i >= 1; step *= shape[i--]) to_steps[i] = step;
  while (true) {
    copy_plane(plane, from, to, size);
    std::size_t i = 1;
    for (; i < last; ++i) {
      from += from_steps[i] * size;
      to += to_steps[i] * size;
      if (++index[i] < shape[i]) break;
      from -= shape[i] * from_steps[i] * size;
      to -= shape[i] * to_steps[i] * size;
      index[i] = 0;
    }
    if (i >= last) return;
  }
}

template <class Unit>
void swap_each(std::span<std::byte> bytes) noexcept {
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(Unit)) {
    Unit unit{};
    std::memcpy(&unit, bytes.data() + at, sizeof unit);
    unit = std::byteswap(unit);
    std::memcpy(bytes.data() + at, &unit, sizeof unit);
  }
}

}  // namespace

void to_row_major(const Layout& layout, const std::byte* from, std::byte* to) noexcept {
  const auto fixed = [&]<std::size_t size>(std::integral_constant<std::size_t, size> known) {
    copy_planes(layout, from, to, known);
  };
  switch (layout.type().size) {
    case 1:
      return fixed(std::integral_constant<std::size_t, 1>());
    case 2:
      return fixed(std::integral_constant<std::size_t, 2>());
    case 4:
      return fixed(std::integral_constant<std::size_t, 4>());
    case 8:
      return fixed(std::integral_constant<std::size_t, 8>());
    case 16:
      return fixed(std::integral_constant<std::size_t, 16>());
    default:
      return copy_planes(layout, from, to, std::size_t{layout.type().size});
  }
}

void swap_units(std::span<std::byte> bytes, std::uint32_t unit) noexcept {
  STRUCTWIRE_ASSERT(unit <= 1 || bytes.size() % unit == 0);
  switch (unit) {
    case 2:
      return swap_each<std::uint16_t>(bytes);
    case 4:
      return swap_each<std::uint32_t>(bytes);
    case 8:
      return swap_each<std::uint64_t>(bytes);
    default:
      return;
  }
}

}  // namespace structwire::ndarray
