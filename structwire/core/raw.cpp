// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/raw.hpp>

#include <limits>
#include <utility>

namespace structwire {

Result<Raw> Raw::checked(const Format& format, std::span<const std::byte> bytes,
                         const DecodeOptions& options) {
  if (auto valid = format.validate_syntax(bytes, options); !valid) {
    return std::unexpected(std::move(valid.error()));
  }
  return trusted(format, Buffer(bytes));
}

Raw Raw::trusted(const Format& format, Buffer bytes) noexcept {
  Raw raw;
  raw.format_ = &format;
  raw.bytes_ = std::move(bytes);
  return raw;
}

Result<Value> Raw::decode(const DecodeOptions& options) const {
  if (empty()) return Value();
  return format_->decode(bytes(), options);
}

Result<Raw> Raw::in(const Format& format) const {
  if (empty() || format_ == &format) return *this;
  auto value = decode();
  if (!value) return std::unexpected(std::move(value.error()));
  Buffer out;
  if (auto written = format.append(*value, out); !written) {
    return std::unexpected(std::move(written.error()));
  }
  return trusted(format, std::move(out));
}

Value Raw::nearest() const {
  // The bytes are here already, so only the depth, which the stack has to bear, stays limited.
  constexpr std::size_t any = std::numeric_limits<std::size_t>::max();
  DecodeOptions options;
  options.limits.string_bytes = any;
  options.limits.container_items = any;
  options.limits.decoded_bytes = any;
  options.limits.number_digits = any;
  options.nearest_numbers = true;
  auto value = decode(options);
  return value ? std::move(*value) : Value();
}

Raw Raw::nearest_in(const Format& format) const {
  if (empty() || format_ == &format) return *this;
  Buffer out;
  if (!format.append(nearest(), out) && !format.append(Value(), out)) return {};
  return trusted(format, std::move(out));
}

}  // namespace structwire
