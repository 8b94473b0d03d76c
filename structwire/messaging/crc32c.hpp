// SPDX-License-Identifier: Apache-2.0
#pragma once

// CRC-32C (Castagnoli; RFC 3720, appendix B.4), the check of headers: against accidents, not against people.

#include <cstddef>
#include <cstdint>
#include <span>

namespace structwire::messaging {

/// The checksum of `bytes`; `before` continues that of what stood in front. The processor's own instruction where it
/// has one (64 bytes in about 10 ns), else a table.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0) noexcept;

/// The table form, which runs everywhere; the same result. For tests.
std::uint32_t crc32c_portable(std::span<const std::byte> bytes, std::uint32_t before = 0) noexcept;

}  // namespace structwire::messaging
