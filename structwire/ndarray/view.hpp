// SPDX-License-Identifier: Apache-2.0
#pragma once

// View: an array in memory of somebody else: of a `.npy` file, of a message, of an Array. It
// borrows the bytes and never copies them; what it hands out as a copy says so. A View was checked
// when it was made: there are exactly the bytes that its layout asks for.

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <structwire/core/buffer.hpp>
#include <structwire/ndarray/elements.hpp>
#include <structwire/ndarray/layout.hpp>

namespace structwire::ndarray {

class View {
 public:
  /// An empty array of doubles.
  View() = default;
  /// Errors: invalid_length when the layout asks for another number of bytes.
  static Result<View> make(Layout layout, std::span<const std::byte> bytes);
  /// Elements of the program's own, in this machine's byte order. Errors: those of Layout,
  /// invalid_length.
  template <Element T>
  static Result<View> of(std::span<const T> elements, Extents shape,
                         ElementOrder order = ElementOrder::row_major) {
    auto layout = Layout::make(element_type_of<T>, std::move(shape), order);
    if (!layout) return std::unexpected(std::move(layout.error()));
    return make(std::move(*layout), std::as_bytes(elements));
  }

  const Layout& layout() const noexcept { return layout_; }
  const ElementType& type() const noexcept { return layout_.type(); }
  const Extents& shape() const noexcept { return layout_.shape(); }
  ElementOrder order() const noexcept { return layout_.order(); }
  std::size_t size() const noexcept { return layout_.count(); }
  std::span<const std::byte> bytes() const noexcept { return bytes_; }

  /// The elements where they lie. Errors: type_mismatch when they are of another type; unsupported
  /// when they cannot be used in place, because their byte order is the other one or their address
  /// does not fit T (MessagePack aligns nothing): to_vector() copies those. Constant cost, but for
  /// bool: its bytes are checked to be 0 or 1.
  template <Element T>
  Result<Elements<const T>> as() const {
    if (auto usable = check_in_place(element_type_of<T>, alignof(T)); !usable) {
      return std::unexpected(std::move(usable.error()));
    }
    return Elements<const T>(reinterpret_cast<const T*>(bytes_.data()), layout_);
  }

  /// A copy in row-major order and this machine's byte order. Errors: type_mismatch,
  /// memory_exhausted. Not for bool: std::vector<bool> has no elements to point to.
  template <Element T>
    requires(!std::same_as<T, bool>)
  Result<std::vector<T>> to_vector() const {
    if (auto same = check_type(element_type_of<T>); !same)
      return std::unexpected(std::move(same.error()));
    return guarded<std::vector<T>>([&] {
      std::vector<T> elements(size());
      copy_plain_to(std::as_writable_bytes(std::span(elements)));
      return elements;
    });
  }

  /// A copy of bytes or text, in row-major order, without the zeros that fill each up; text as
  /// UTF-8. Errors: type_mismatch; invalid_utf8 for text with a number that is no code point;
  /// memory_exhausted.
  Result<std::vector<std::string>> to_texts() const;

  /// Writes all elements to `out` (layout().size_bytes() of them) in row-major order and this
  /// machine's byte order.
  void copy_plain_to(std::span<std::byte> out) const noexcept;
  /// The same, in row-major order, and in the byte order that they have.
  void copy_row_major_to(std::span<std::byte> out) const noexcept;

  /// The same type, shape, order and bytes. Arrays that differ in order or byte order only are not
  /// equal, and a NaN is equal to itself.
  friend bool operator==(const View& a, const View& b) noexcept;

 private:
  friend class Array;

  template <class T, class Make>
  static Result<T> guarded(Make make) {
    try {
      return make();
    } catch (const std::bad_alloc&) {
      return std::unexpected(no_memory());
    } catch (const std::length_error&) {
      return std::unexpected(no_memory());
    }
  }
  static Error no_memory();
  Result<void> check_type(ElementType wanted) const;
  Result<void> check_in_place(ElementType wanted, std::size_t alignment) const;

  Layout layout_;
  std::span<const std::byte> bytes_;
};

}  // namespace structwire::ndarray
