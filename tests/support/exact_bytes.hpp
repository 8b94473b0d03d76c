// SPDX-License-Identifier: Apache-2.0
#pragma once

// A copy of some bytes in a heap block of exactly their size, so that AddressSanitizer sees a read
// beyond.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

namespace structwire::testing {

class ExactBytes {
 public:
  explicit ExactBytes(std::span<const std::byte> bytes)
      : bytes_(std::make_unique_for_overwrite<std::byte[]>(bytes.size())), size_(bytes.size()) {
    std::ranges::copy(bytes, bytes_.get());
  }
  std::span<const std::byte> bytes() const noexcept { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t size_;
};

}  // namespace structwire::testing
