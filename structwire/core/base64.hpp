// SPDX-License-Identifier: Apache-2.0
#pragma once

// Base64 with the standard alphabet and padding (RFC 4648, section 4): bytes in formats that have only text.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <structwire/core/buffer.hpp>

namespace structwire::base64 {

constexpr std::size_t encoded_size(std::size_t bytes) noexcept { return (bytes + 2) / 3 * 4; }

/// Writes encoded_size(bytes.size()) characters at `out` and returns the end.
char* write(char* out, std::span<const std::byte> bytes) noexcept;
std::string encode(std::span<const std::byte> bytes);

/// False when `text` is not base64: a length that is no multiple of 4, another character, padding that is
/// not at the end. As in msgspec, unused bits of the last character may hold anything.
bool decode(std::string_view text, Bytes& bytes);
bool decode(std::string_view text, Buffer& bytes);

/// The same with the alphabet for URLs and file names and without padding (RFC 4648, section 5).
std::size_t url_encoded_size(std::size_t bytes) noexcept;
char* write_url(char* out, std::span<const std::byte> bytes) noexcept;
/// Padding may be there when reading.
bool decode_url(std::string_view text, Bytes& bytes);
bool decode_url(std::string_view text, Buffer& bytes);

}  // namespace structwire::base64
