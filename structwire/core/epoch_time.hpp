// SPDX-License-Identifier: Apache-2.0
#pragma once

// A point in time as MessagePack's timestamp extension (code -1) holds it: whole seconds since the Unix epoch and
// nanoseconds on top. (MessagePack specification, "Timestamp extension type".)

#include <cstddef>
#include <cstdint>
#include <span>

#include <structwire/core/buffer.hpp>
#include <structwire/core/value.hpp>

namespace structwire {

struct EpochTime {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;  ///< 0..999'999'999, added to the seconds also before 1970.
};

/// From the extension's 4, 8 or 12 bytes. nullptr, or the sentence of the error.
const char* parse_timestamp(std::span<const std::byte> bytes, EpochTime& out) noexcept;

/// The shortest of the three forms.
Bytes timestamp_bytes(const EpochTime& time);

inline constexpr std::size_t timestamp_text_max = 40;
/// The extension as RFC 3339 text in UTC; returns the end. nullptr, and nothing is written, for what is no timestamp
/// of the years 1 to 9999.
char* write_timestamp_text(char* out, const Ext& ext) noexcept;

}  // namespace structwire
