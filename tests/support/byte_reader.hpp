// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the readers of the numbered and the positional test format share: a cursor over bytes that
// takes varints, fixed numbers and checked text, and the range check of integers.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/reader.hpp>
#include <structwire/core/utf8.hpp>
#include <tests/support/varint.hpp>

namespace structwire::testing {

class ByteReader : public ReaderState {
 public:
  ByteReader(std::span<const std::byte> input, const DecodeOptions& options) noexcept
      : ReaderState(options), begin_(input.data()), cursor_(begin_), end_(begin_ + input.size()) {}

  std::size_t offset() const noexcept { return static_cast<std::size_t>(cursor_ - begin_); }
  bool finish() {
    return cursor_ == end_ || fail(ErrorCode::trailing_data, "Bytes after the value", offset());
  }

 protected:
  std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - cursor_); }
  bool malformed(std::string_view what) { return fail(ErrorCode::malformed, what, offset()); }

  bool take(std::size_t size, const std::byte*& out) {
    if (left() < size) return truncated(offset());
    out = cursor_;
    cursor_ += size;
    return true;
  }

  bool take_varint(std::uint64_t& out) {
    out = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (cursor_ == end_) return truncated(offset());
      const auto byte = static_cast<std::uint64_t>(*cursor_++);
      if (shift == 63 && byte > 1) break;
      out |= (byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return malformed("A varint of more than 64 bits");
  }

  template <class Integer>
  bool take_integer(Integer& out) {
    using Range = std::numeric_limits<Integer>;
    using Wide = std::conditional_t<std::is_signed_v<Integer>, std::int64_t, std::uint64_t>;
    const std::size_t start = offset();
    std::uint64_t bits = 0;
    if (!take_varint(bits)) return false;
    Wide value = 0;
    if constexpr (std::is_signed_v<Integer>) {
      value = unzigzag(bits);
    } else {
      value = bits;
    }
    if (value > Range::max()) return out_of_range("<=", std::to_string(Range::max()), start);
    if (value < Range::min()) return out_of_range(">=", std::to_string(Range::min()), start);
    out = static_cast<Integer>(value);
    return true;
  }

  /// Little-endian, as this machine has it.
  template <class Number>
  bool take_fixed(Number& out) {
    const std::byte* bytes = nullptr;
    if (!take(sizeof out, bytes)) return false;
    std::memcpy(&out, bytes, sizeof out);
    return true;
  }

  /// A length and that many bytes.
  bool take_counted(std::span<const std::byte>& out) {
    std::uint64_t size = 0;
    const std::byte* bytes = nullptr;
    if (!take_varint(size)) return false;
    if (size > limits().string_bytes)
      return fail(ErrorCode::size_limit, "Longer than the limit", offset());
    if (!take(size, bytes)) return false;
    out = {bytes, size};
    return true;
  }
  bool take_text(std::string_view& out) {
    std::span<const std::byte> bytes;
    if (!take_counted(bytes)) return false;
    out = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    return utf8::is_valid(out) || fail(ErrorCode::invalid_utf8, "Text that is not UTF-8", offset());
  }

  const std::byte* begin_;
  const std::byte* cursor_;
  const std::byte* end_;

 private:
  bool out_of_range(const char* comparison, const std::string& limit, std::size_t start) {
    return violated(ErrorCode::number_out_of_range,
                    std::string("`int` ") + comparison + " " + limit, start);
  }
};

}  // namespace structwire::testing
