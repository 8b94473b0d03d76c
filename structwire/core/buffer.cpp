// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/buffer.hpp>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace structwire {

Buffer::Buffer(std::span<const std::byte> bytes) { append(bytes); }

Buffer::Buffer(Buffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Buffer& Buffer::operator=(const Buffer& other) {
  if (this != &other) {
    clear();
    append(other.bytes());
  }
  return *this;
}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}

Buffer::~Buffer() { ::operator delete(data_); }

void Buffer::append(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  const std::size_t old_size = size_;
  resize_uninitialized(old_size + bytes.size());
  std::memcpy(data_ + old_size, bytes.data(), bytes.size());
}

void Buffer::shrink_to_half() {
  if (capacity_ > 2 * size_) reallocate(size_);
}

void Buffer::grow(std::size_t capacity) { reallocate(std::max(capacity, capacity_ + capacity_ / 2)); }

void Buffer::reallocate(std::size_t capacity) {
  std::byte* fresh = capacity == 0 ? nullptr : static_cast<std::byte*>(::operator new(capacity));
  if (size_ != 0) std::memcpy(fresh, data_, size_);
  ::operator delete(data_);
  data_ = fresh;
  capacity_ = capacity;
}

}  // namespace structwire
