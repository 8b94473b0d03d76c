// SPDX-License-Identifier: Apache-2.0
#include <structwire/ndarray/layout.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace structwire::ndarray {
namespace {

// With at most one dimension longer than 1, or nothing in it, there is one order only.
bool has_one_order(const Extents& shape) noexcept {
  if (std::ranges::find(shape, 0u) != shape.end()) return true;
  return std::ranges::count_if(shape, [](std::size_t length) { return length > 1; }) <= 1;
}

}  // namespace

Result<Layout> Layout::make(ElementType type, Extents shape, ElementOrder order,
                            const ArrayLimits& limits) {
  const auto too_large = [](std::string sentence) {
    return std::unexpected(Error(ErrorCode::size_limit, std::move(sentence)));
  };
  if (!type.is_supported())
    return std::unexpected(Error(ErrorCode::unsupported, "Unsupported type of elements"));
  const std::size_t rank_max = std::min(limits.dimensions, dimensions_max);
  if (shape.size() > rank_max) {
    return too_large("An array of more than " + std::to_string(rank_max) + " dimensions");
  }
  const std::size_t bytes_max = std::min(
      limits.data_bytes, static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max()));
  std::size_t bytes = type.size;
  bool is_empty = false;
  if (bytes > bytes_max) return too_large("An array larger than the limit");
  for (const std::size_t length : shape) {
    is_empty = is_empty || length == 0;
    if (length > 1 && bytes > bytes_max / length)
      return too_large("An array larger than the limit");
    bytes *= std::max<std::size_t>(length, 1);
  }
  Layout layout;
  layout.type_ = type;
  layout.order_ = has_one_order(shape) ? ElementOrder::row_major : order;
  layout.shape_ = std::move(shape);
  layout.count_ = is_empty ? 0 : bytes / type.size;
  return layout;
}

std::vector<std::size_t> Layout::strides() const {
  std::vector<std::size_t> steps(rank());
  std::size_t step = 1;
  for (std::size_t i = 0; i < rank(); ++i) {
    const std::size_t dimension = order_ == ElementOrder::row_major ? rank() - 1 - i : i;
    steps[dimension] = step;
    step *= shape_[dimension];
  }
  return steps;
}

Layout Layout::plain() const {
  Layout result = *this;
  result.order_ = ElementOrder::row_major;
  result.type_ = type_.native();
  return result;
}

}  // namespace structwire::ndarray
