// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes and Buffer: the two ways that the library holds bytes.
//
// `Bytes` is what a struct declares for a binary member. `Buffer` is what encoders write into: it grows like
// a vector, but new bytes are left uninitialized, because encoders reserve an upper bound, write, and cut.
// Value semantics; not synchronized; growing throws std::bad_alloc like a standard container.

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace structwire {

using Bytes = std::vector<std::byte>;

class Buffer {
 public:
  Buffer() noexcept = default;
  explicit Buffer(std::span<const std::byte> bytes);
  explicit Buffer(std::string_view text) : Buffer(std::as_bytes(std::span(text))) {}
  Buffer(const Buffer& other) : Buffer(other.bytes()) {}
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(const Buffer& other);
  Buffer& operator=(Buffer&& other) noexcept;
  ~Buffer();

  std::byte* data() noexcept { return data_; }
  const std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  bool empty() const noexcept { return size_ == 0; }

  std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }
  std::string_view text() const noexcept { return {reinterpret_cast<const char*>(data_), size_}; }
  operator std::span<const std::byte>() const noexcept { return bytes(); }

  /// Forgets the content and keeps the memory.
  void clear() noexcept { size_ = 0; }
  /// Makes room for `capacity` bytes in all; keeps the content.
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) grow(capacity);
  }
  /// Sets the size; bytes beyond the old size hold anything until they are written.
  void resize_uninitialized(std::size_t size) {
    reserve(size);
    size_ = size;
  }
  void append(std::span<const std::byte> bytes);
  /// Gives memory back when more than half of it is unused.
  void shrink_to_half();

  friend bool operator==(const Buffer& a, const Buffer& b) noexcept { return a.text() == b.text(); }

 private:
  void grow(std::size_t capacity);
  void reallocate(std::size_t capacity);

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace structwire
