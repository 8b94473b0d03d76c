// SPDX-License-Identifier: Apache-2.0
#include <structwire/ndarray/array.hpp>

#include <algorithm>
#include <cstring>
#include <limits>

#include <structwire/core/utf8.hpp>
#include <structwire/ndarray/npy.hpp>

namespace structwire::ndarray {

Result<Array> Array::make(Layout layout, Bytes bytes, std::size_t offset) {
  STRUCTWIRE_ASSERT(offset <= bytes.size());
  const auto elements = std::span<const std::byte>(bytes).subspan(offset);
  auto checked = View::make(std::move(layout), elements);
  if (!checked) return std::unexpected(std::move(checked.error()));
  Array array;
  array.layout_ = std::move(checked->layout_);
  array.storage_ = std::move(bytes);
  array.offset_ = offset;
  return array;
}

Result<Array> Array::zeros(Layout layout) {
  return View::guarded<Array>([&] {
    Array array;
    array.storage_.resize(layout.size_bytes());
    array.layout_ = std::move(layout);
    return array;
  });
}

Result<Array> Array::copy_of(const View& view) {
  return View::guarded<Array>([&] {
    Array array;
    array.layout_ = view.layout();
    array.storage_.assign(view.bytes().begin(), view.bytes().end());
    return array;
  });
}

Result<Array> Array::plain_copy_of(const View& view) {
  return View::guarded<Array>([&] {
    Array array;
    array.layout_ = view.layout().plain();
    array.storage_.resize(view.layout().size_bytes());
    view.copy_plain_to(array.storage_);
    return array;
  });
}

Result<Array> Array::of_texts(std::span<const std::string_view> texts, Extents shape) {
  std::size_t longest = 1;
  for (const std::string_view text : texts) {
    if (!utf8::is_valid(text))
      return std::unexpected(Error(ErrorCode::invalid_utf8, "Text that is not UTF-8"));
    longest = std::max(longest, utf8::code_points(text));
  }
  if (longest > std::numeric_limits<std::int32_t>::max() / 4) {
    return std::unexpected(Error(ErrorCode::size_limit, "Text longer than the limit"));
  }
  const ElementType type{ElementKind::text, static_cast<std::uint32_t>(4 * longest),
                         std::endian::native};
  auto layout = Layout::make(type, std::move(shape));
  if (!layout) return std::unexpected(std::move(layout.error()));
  if (layout->count() != texts.size()) {
    return std::unexpected(
        Error(ErrorCode::invalid_length, "Expected " + std::to_string(layout->count()) +
                                             " texts, got " + std::to_string(texts.size())));
  }
  auto array = zeros(std::move(*layout));
  if (!array) return array;
  std::byte* element = array->storage_.data();
  for (const std::string_view text : texts) {
    std::byte* to = element;
    for (std::size_t at = 0; at < text.size(); to += 4) {
      const utf8::CodePoint point = utf8::code_point_at(text, at);
      std::memcpy(to, &point.code, 4);
      at += point.length;
    }
    element += type.size;
  }
  return array;
}

}  // namespace structwire::ndarray

namespace structwire {

Bytes extension_for<ndarray::Array>::to_bytes(const ndarray::Array& array) {
  return ndarray::to_npy(array.view());
}

ExtensionPieces extension_for<ndarray::Array>::to_pieces(const ndarray::Array& array) {
  return {ndarray::npy_header_of(array.layout()), array.bytes()};
}

Result<ndarray::Array> extension_for<ndarray::Array>::from_bytes(std::span<const std::byte> bytes) {
  auto view = ndarray::read_npy(bytes);
  if (!view) return std::unexpected(std::move(view.error()));
  return ndarray::Array::copy_of(*view);
}

}  // namespace structwire
