// SPDX-License-Identifier: Apache-2.0
#pragma once

// Elements: typed access to the elements of an array where they lie, without a copy.
// `Elements<const float>` reads, `Elements<float>` writes, too. Borrows: the array's memory has to
// outlive it. Any number of threads may read.

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <structwire/core/config.hpp>
#include <structwire/ndarray/layout.hpp>

namespace structwire::ndarray {

template <class T>
class Elements {
 public:
  /// `data` holds the elements as `layout` says; Array and View make these after they checked that.
  Elements(T* data, const Layout& layout)
      : data_(data),
        count_(layout.count()),
        order_(layout.order()),
        shape_(layout.shape()),
        strides_(layout.strides()) {}

  const Extents& shape() const noexcept { return shape_; }
  ElementOrder order() const noexcept { return order_; }
  std::size_t size() const noexcept { return count_; }
  /// All elements as they lie in memory: the way for loops that do not care about indices.
  std::span<T> span() const noexcept { return {data_, count_}; }

  /// One element, by as many indices as there are dimensions. An index beyond its dimension ends
  /// the program.
  template <std::integral... Index>
  T& operator()(Index... index) const noexcept {
    STRUCTWIRE_ASSERT(sizeof...(Index) == shape_.size());
    std::size_t at = 0;
    std::size_t dimension = 0;
    const auto step = [&](std::size_t i) {
      STRUCTWIRE_ASSERT(i < shape_[dimension]);
      at += i * strides_[dimension++];
    };
    (step(static_cast<std::size_t>(index)), ...);
    return data_[at];
  }

 private:
  T* data_;
  std::size_t count_;
  ElementOrder order_;
  Extents shape_;
  std::vector<std::size_t> strides_;
};

}  // namespace structwire::ndarray
