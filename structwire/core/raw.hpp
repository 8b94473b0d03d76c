// SPDX-License-Identifier: Apache-2.0
#pragma once

// Raw: one complete value, kept as the bytes it came in.
//
// As a member it captures whatever stands there, undecoded but checked. A Raw knows its format: written into
// the same format its bytes are spliced unchanged; written into another one it is transcoded. It owns its
// bytes. An empty Raw{} stands for "nothing" and is written as null unless the member is omitted.

#include <algorithm>
#include <span>

#include <structwire/core/buffer.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/format.hpp>

namespace structwire {

/// A Raw that borrows: the bytes stand in the input, which must outlive it.
struct RawView {
  const Format* format = nullptr;
  std::span<const std::byte> bytes;

  bool empty() const noexcept { return format == nullptr; }
  friend bool operator==(const RawView& a, const RawView& b) noexcept {
    return a.format == b.format && std::ranges::equal(a.bytes, b.bytes);
  }
};

class Raw {
 public:
  Raw() noexcept = default;
  /// A copy that owns.
  explicit Raw(const RawView& view) : format_(view.format), bytes_(view.bytes) {}
  RawView view() const noexcept { return {format_, bytes()}; }

  /// Checks that `bytes` are one complete value of `format` and keeps a copy.
  static Result<Raw> checked(const Format& format, std::span<const std::byte> bytes,
                             const DecodeOptions& options = {});
  /// Keeps bytes that are already known to be one complete value of `format`.
  static Raw trusted(const Format& format, Buffer bytes) noexcept;

  bool empty() const noexcept { return format_ == nullptr; }
  /// nullptr when empty.
  const Format* format() const noexcept { return format_; }
  std::span<const std::byte> bytes() const noexcept { return bytes_.bytes(); }

  /// The value itself; null for an empty Raw.
  Result<Value> decode(const DecodeOptions& options = {}) const;
  /// The same value in another format. An empty Raw stays empty.
  Result<Raw> in(const Format& format) const;

  /// The same without errors, for what has to be shown whatever it is: of a number that the other format cannot hold
  /// the nearest double, and null for bytes that are no value of their format or one deeper than 512.
  Value nearest() const;
  Raw nearest_in(const Format& format) const;

  /// Same format and same bytes.
  friend bool operator==(const Raw& a, const Raw& b) noexcept = default;

 private:
  const Format* format_ = nullptr;
  Buffer bytes_;
};

}  // namespace structwire
