// SPDX-License-Identifier: Apache-2.0
#pragma once

// Array: an n-dimensional array that owns its elements, of a type that is known at run time;
// ArrayOf<T, Rank>: of one that is known when it is compiled. Both are wire types. In MessagePack
// an array is extension type 4, whose bytes are those of a `.npy` file; JSON shows extensions as
// {"$ext": 4, "data": base64}. As the struct {data, shape, dtype}: ndarray/state.hpp.
//
// Values: copying copies the elements, moving leaves an object to be assigned to or destroyed. Not
// synchronized.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <structwire/core/buffer.hpp>
#include <structwire/core/codec.hpp>
#include <structwire/core/extension.hpp>
#include <structwire/ndarray/view.hpp>

namespace structwire::ndarray {

class Array {
 public:
  /// An empty array of doubles, shape (0).
  Array() = default;
  /// Takes over bytes that are as `layout` says. Errors: invalid_length.
  static Result<Array> make(Layout layout, Bytes bytes) {
    return make(std::move(layout), std::move(bytes), 0);
  }
  /// The same, where the elements begin behind `offset` bytes of something else (a header), which
  /// are kept.
  static Result<Array> make(Layout layout, Bytes bytes, std::size_t offset);
  /// All zeros. Errors: memory_exhausted.
  static Result<Array> zeros(Layout layout);
  /// A copy of the program's own elements. Errors: those of Layout, invalid_length,
  /// memory_exhausted.
  template <Element T>
  static Result<Array> of(std::span<const T> elements, Extents shape,
                          ElementOrder order = ElementOrder::row_major) {
    auto view = View::of(elements, std::move(shape), order);
    if (!view) return std::unexpected(std::move(view.error()));
    return copy_of(*view);
  }
  /// Text (`U`, UTF-32), each filled up with zeros to the longest. Errors: those of Layout,
  /// invalid_length, invalid_utf8, memory_exhausted.
  static Result<Array> of_texts(std::span<const std::string_view> texts, Extents shape);
  /// A copy as it is. Errors: memory_exhausted.
  static Result<Array> copy_of(const View& view);
  /// A copy in row-major order and this machine's byte order, whose elements can be used in place.
  static Result<Array> plain_copy_of(const View& view);

  const Layout& layout() const noexcept { return layout_; }
  const ElementType& type() const noexcept { return layout_.type(); }
  const Extents& shape() const noexcept { return layout_.shape(); }
  ElementOrder order() const noexcept { return layout_.order(); }
  std::size_t size() const noexcept { return layout_.count(); }
  std::span<const std::byte> bytes() const noexcept { return std::span(storage_).subspan(offset_); }

  /// Valid until the array changes or dies.
  View view() const noexcept {
    View view;
    view.layout_ = layout_;
    view.bytes_ = bytes();
    return view;
  }

  /// The elements in place, to read and to write. Errors: type_mismatch, unsupported, as View::as.
  template <Element T>
  Result<Elements<T>> as() {
    if (auto usable = view().check_in_place(element_type_of<T>, alignof(T)); !usable) {
      return std::unexpected(std::move(usable.error()));
    }
    return Elements<T>(reinterpret_cast<T*>(storage_.data() + offset_), layout_);
  }
  template <Element T>
  Result<Elements<const T>> as() const {
    return view().as<T>();
  }

  /// As View compares.
  friend bool operator==(const Array& a, const Array& b) noexcept { return a.view() == b.view(); }

 private:
  Layout layout_;
  Bytes storage_;
  std::size_t offset_ = 0;
};

/// An array whose element type and number of dimensions are part of its type: row-major, this
/// machine's byte order, aligned. Decoding refuses other types and ranks, and reorders what comes
/// otherwise.
///
///   struct Frame { sw::ndarray::ArrayOf<float, 3> pixels; };
template <Element T, std::size_t Rank>
class ArrayOf {
 public:
  using value_type = T;

  /// Empty: every dimension is 0.
  ArrayOf() : ArrayOf(std::array<std::size_t, Rank>{}) {}
  /// All zeros. A shape beyond the limits of Layout or of memory ends the program: sizes from
  /// outside go through Array::zeros and from_array.
  explicit ArrayOf(const std::array<std::size_t, Rank>& shape) {
    auto layout = Layout::make(element_type_of<T>, Extents(shape.begin(), shape.end()));
    STRUCTWIRE_ASSERT(layout.has_value());
    auto array = Array::zeros(std::move(*layout));
    STRUCTWIRE_ASSERT(array.has_value());
    take(std::move(*array));
  }
  /// Errors: type_mismatch, invalid_length for another number of dimensions, constraint_violated
  /// for a bool that is neither 0 nor 1, memory_exhausted. Copies only what is not laid out as it
  /// should be.
  static Result<ArrayOf> from_array(Array array) {
    if (array.shape().size() != Rank) {
      return std::unexpected(Error(ErrorCode::invalid_length,
                                   "Expected " + std::to_string(Rank) + " dimensions, got " +
                                       std::to_string(array.shape().size())));
    }
    constexpr ElementType wanted = element_type_of<T>;
    const bool same_type = array.type().kind == wanted.kind && array.type().size == wanted.size;
    if (same_type && (array.order() != ElementOrder::row_major || !array.type().is_native() ||
                      !is_aligned(array))) {
      auto plain = Array::plain_copy_of(array.view());
      if (!plain) return std::unexpected(std::move(plain.error()));
      array = std::move(*plain);
    }
    if (auto usable = array.template as<T>(); !usable)
      return std::unexpected(std::move(usable.error()));
    ArrayOf result{Empty()};
    result.take(std::move(array));
    return result;
  }

  const std::array<std::size_t, Rank>& shape() const noexcept { return shape_; }
  std::size_t size() const noexcept { return array_.size(); }
  /// All elements, row by row.
  std::span<T> span() noexcept { return {at_first(), size()}; }
  std::span<const T> span() const noexcept { return {at_first(), size()}; }

  /// One element. An index beyond its dimension ends the program.
  template <std::integral... Index>
    requires(sizeof...(Index) == Rank)
  T& operator()(Index... index) noexcept {
    return at_first()[position({static_cast<std::size_t>(index)...})];
  }
  template <std::integral... Index>
    requires(sizeof...(Index) == Rank)
  const T& operator()(Index... index) const noexcept {
    return at_first()[position({static_cast<std::size_t>(index)...})];
  }

  const Array& array() const noexcept { return array_; }
  View view() const noexcept { return array_.view(); }

  friend bool operator==(const ArrayOf& a, const ArrayOf& b) noexcept {
    return a.array_ == b.array_;
  }

 private:
  struct Empty {};
  explicit ArrayOf(Empty) noexcept {}

  static bool is_aligned(const Array& array) noexcept {
    return reinterpret_cast<std::uintptr_t>(array.bytes().data()) % alignof(T) == 0;
  }
  void take(Array&& array) noexcept {
    for (std::size_t i = 0; i < Rank; ++i) shape_[i] = array.shape()[i];
    array_ = std::move(array);
  }
  T* at_first() const noexcept {
    return reinterpret_cast<T*>(const_cast<std::byte*>(array_.bytes().data()));
  }
  std::size_t position(const std::array<std::size_t, Rank>& index) const noexcept {
    std::size_t at = 0;
    for (std::size_t i = 0; i < Rank; ++i) {
      STRUCTWIRE_ASSERT(index[i] < shape_[i]);
      at = at * shape_[i] + index[i];
    }
    return at;
  }

  std::array<std::size_t, Rank> shape_{};
  Array array_;
};

}  // namespace structwire::ndarray

namespace structwire {

template <>
struct extension_for<ndarray::Array> {
  static constexpr std::int8_t code = array_extension;
  static Bytes to_bytes(const ndarray::Array& array);
  static ExtensionPieces to_pieces(const ndarray::Array& array);
  static Result<ndarray::Array> from_bytes(std::span<const std::byte> bytes);
};
template <>
struct extension_code<array_extension> {
  using type = ndarray::Array;
};

template <class T, std::size_t Rank>
struct codec_for<ndarray::ArrayOf<T, Rank>> {
  using wire_type = ndarray::Array;
  static const wire_type& to_wire(const ndarray::ArrayOf<T, Rank>& array) noexcept {
    return array.array();
  }
  static Result<ndarray::ArrayOf<T, Rank>> from_wire(wire_type array) {
    return ndarray::ArrayOf<T, Rank>::from_array(std::move(array));
  }
};

}  // namespace structwire
