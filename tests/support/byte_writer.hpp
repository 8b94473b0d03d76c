// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the writers of the numbered and the positional test format share: unchecked writing through
// a pointer.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <structwire/core/utf8.hpp>
#include <structwire/core/writer.hpp>
#include <tests/support/varint.hpp>

namespace structwire::testing {

class ByteWriter {
 public:
  ByteWriter(std::byte* out, WriterState& state) noexcept : cursor_(out), state_(&state) {}
  std::byte* end() noexcept { return cursor_; }
  WriterState& state() noexcept { return *state_; }

 protected:
  void put_varint(std::uint64_t value) noexcept { cursor_ = write_varint(cursor_, value); }
  template <class Integer>
  void put_integer(Integer value) noexcept {
    if constexpr (std::is_signed_v<Integer>) {
      put_varint(zigzag(value));
    } else {
      put_varint(value);
    }
  }
  template <class Number>
  void put_fixed(Number value) noexcept {
    std::memcpy(cursor_, &value, sizeof value);
    cursor_ += sizeof value;
  }
  void put_counted(std::span<const std::byte> bytes) noexcept {
    put_varint(bytes.size());
    if (bytes.empty()) return;
    std::memcpy(cursor_, bytes.data(), bytes.size());
    cursor_ += bytes.size();
  }
  void put_text(std::string_view text) {
    if (utf8::is_valid(text)) return put_counted(std::as_bytes(std::span(text)));
    if (state_->strict) return state_->fail(ErrorCode::invalid_utf8, "Text that is not UTF-8");
    const std::string replaced = utf8::replaced(text);
    put_counted(std::as_bytes(std::span(replaced)));
  }

  std::byte* cursor_;
  WriterState* state_;
};

}  // namespace structwire::testing
