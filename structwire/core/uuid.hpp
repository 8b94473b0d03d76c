// SPDX-License-Identifier: Apache-2.0
#pragma once

// UUIDs (RFC 9562): 16 bytes, and 36 characters as text.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <structwire/core/text_scalar.hpp>

namespace structwire {

/// A UUID of any version. Ordered by its bytes, which is also the order of the texts.
struct Uuid {
  /// In the order in which the text shows them.
  std::array<std::byte, 16> bytes{};

  /// Reads 8-4-4-4-12 or 32 hexadecimal digits, in either case; braces and `urn:uuid:` are refused.
  static std::optional<Uuid> from_text(std::string_view text) noexcept;
  /// `c4524ac0-e81e-4aa8-a595-0aec605a659a`, in lower case.
  std::string text() const;

  friend constexpr bool operator==(const Uuid&, const Uuid&) noexcept = default;
  friend constexpr auto operator<=>(const Uuid&, const Uuid&) noexcept = default;
};

inline constexpr std::size_t uuid_text_size = 36;
inline constexpr std::size_t uuid_hex_size = 32;

/// Writes uuid_hex_size lower-case digits without hyphens at `out` and returns the end. parse()
/// reads them.
char* write_hex(char* out, const Uuid& uuid) noexcept;

template <>
struct TextScalar<Uuid> {
  static constexpr Kind kind = Kind::uuid;
  static constexpr std::size_t text_bound(const Uuid&) noexcept { return uuid_text_size; }
  static char* write(char* out, const Uuid& uuid) noexcept;
  static const char* parse(std::string_view text, Uuid& out) noexcept;
  static std::byte* write_bytes(std::byte* out, const Uuid& uuid) noexcept;
  /// Refuses anything but 16 bytes.
  static const char* parse_bytes(std::span<const std::byte> bytes, Uuid& out) noexcept;
};

}  // namespace structwire

template <>
struct std::hash<structwire::Uuid> {
  std::size_t operator()(const structwire::Uuid& uuid) const noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, uuid.bytes.data(), sizeof halves);
    // Time-ordered UUIDs differ in a few bits only: multiplying spreads them.
    const std::uint64_t mixed =
        (halves[0] ^ (halves[1] >> 32 | halves[1] << 32)) * 0x9E3779B97F4A7C15u;
    return static_cast<std::size_t>(mixed ^ mixed >> 32);
  }
};
