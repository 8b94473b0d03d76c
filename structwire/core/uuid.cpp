// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/uuid.hpp>

#include <algorithm>

namespace structwire {
namespace {

constexpr char invalid_uuid[] = "Invalid UUID";

constexpr auto digit_values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(0xFF);
  for (unsigned i = 0; i < 10; ++i) table['0' + i] = static_cast<std::uint8_t>(i);
  for (unsigned i = 0; i < 6; ++i) {
    table['a' + i] = static_cast<std::uint8_t>(10 + i);
    table['A' + i] = static_cast<std::uint8_t>(10 + i);
  }
  return table;
}();

constexpr bool hyphen_before(std::size_t byte) noexcept {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

char* write_byte(char* out, std::byte byte) noexcept {
  constexpr char digits[] = "0123456789abcdef";
  const unsigned value = std::to_integer<unsigned>(byte);
  *out++ = digits[value >> 4];
  *out++ = digits[value & 0xF];
  return out;
}

}  // namespace

std::optional<Uuid> Uuid::from_text(std::string_view text) noexcept {
  Uuid uuid;
  if (TextScalar<Uuid>::parse(text, uuid)) return std::nullopt;
  return uuid;
}

std::string Uuid::text() const { return text_of(*this); }

char* write_hex(char* out, const Uuid& uuid) noexcept {
  for (const std::byte byte : uuid.bytes) out = write_byte(out, byte);
  return out;
}

char* TextScalar<Uuid>::write(char* out, const Uuid& uuid) noexcept {
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (hyphen_before(i)) *out++ = '-';
    out = write_byte(out, uuid.bytes[i]);
  }
  return out;
}

const char* TextScalar<Uuid>::parse(std::string_view text, Uuid& out) noexcept {
  const bool has_hyphens = text.size() == uuid_text_size;
  if (!has_hyphens && text.size() != uuid_hex_size) return invalid_uuid;
  Uuid uuid;
  unsigned seen = 0;
  const char* cursor = text.data();
  const auto next = [&] {
    const unsigned value = digit_values[static_cast<unsigned char>(*cursor++)];
    seen |= value;
    return value;
  };
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (has_hyphens && hyphen_before(i) && *cursor++ != '-') return invalid_uuid;
    const unsigned high = next();
    const unsigned low = next();
    uuid.bytes[i] = static_cast<std::byte>(high << 4 | low);
  }
  if (seen > 0xF) return invalid_uuid;
  out = uuid;
  return nullptr;
}

std::byte* TextScalar<Uuid>::write_bytes(std::byte* out, const Uuid& uuid) noexcept {
  return std::ranges::copy(uuid.bytes, out).out;
}

const char* TextScalar<Uuid>::parse_bytes(std::span<const std::byte> bytes, Uuid& out) noexcept {
  if (bytes.size() != out.bytes.size()) return "Invalid UUID bytes";
  std::ranges::copy(bytes, out.bytes.begin());
  return nullptr;
}

}  // namespace structwire
