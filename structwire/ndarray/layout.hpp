// SPDX-License-Identifier: Apache-2.0
#pragma once

// Layout: how the bytes of an array are to be read: element type, shape, order. A value that was
// checked when it was made: the number of elements and of bytes fits 63 bits, so nobody behind it
// multiplies in fear.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <structwire/ndarray/element_type.hpp>

namespace structwire::ndarray {

/// Elements along each dimension, the slowest first in row-major order; empty for a single element.
using Extents = std::vector<std::size_t>;

enum class ElementOrder : std::uint8_t {
  row_major,     ///< The last index runs fastest: C, numpy's default.
  column_major,  ///< The first index runs fastest: Fortran.
};

/// numpy's own limit, and the most that ArrayLimits can allow.
inline constexpr std::size_t dimensions_max = 64;

struct ArrayLimits {
  std::size_t dimensions = dimensions_max;
  std::size_t data_bytes =
      std::size_t{1} << 40;  ///< Of one array. Bytes that are not there are never allocated for.
  std::size_t header_bytes = 64u << 10;  ///< The header of a `.npy` file.
};

class Layout {
 public:
  /// An empty array of doubles, shape (0).
  Layout() : shape_{0} {}
  Layout(const Layout&) = default;
  Layout& operator=(const Layout&) = default;
  /// What was moved from counts no elements; it is there to be assigned to or destroyed.
  Layout(Layout&& other) noexcept
      : type_(other.type_),
        shape_(std::move(other.shape_)),
        order_(other.order_),
        count_(std::exchange(other.count_, 0)) {}
  Layout& operator=(Layout&& other) noexcept {
    type_ = other.type_;
    shape_ = std::move(other.shape_);
    order_ = other.order_;
    count_ = std::exchange(other.count_, 0);
    return *this;
  }
  /// Errors: size_limit for more dimensions or bytes than the limits allow, or than 63 bits can
  /// count (as in numpy, dimensions of length 0 do not excuse the others); unsupported for what is
  /// no element type. Shapes whose two orders are the same become row-major.
  static Result<Layout> make(ElementType type, Extents shape,
                             ElementOrder order = ElementOrder::row_major,
                             const ArrayLimits& limits = {});

  const ElementType& type() const noexcept { return type_; }
  const Extents& shape() const noexcept { return shape_; }
  ElementOrder order() const noexcept { return order_; }
  std::size_t rank() const noexcept { return shape_.size(); }
  /// Elements in all.
  std::size_t count() const noexcept { return count_; }
  std::size_t size_bytes() const noexcept { return count_ * type_.size; }
  /// Elements from one index to the next, per dimension.
  std::vector<std::size_t> strides() const;
  /// The same shape, in row-major order and this machine's byte order.
  Layout plain() const;

  friend bool operator==(const Layout&, const Layout&) = default;

 private:
  ElementType type_;
  Extents shape_;
  ElementOrder order_ = ElementOrder::row_major;
  std::size_t count_ = 0;
};

}  // namespace structwire::ndarray
