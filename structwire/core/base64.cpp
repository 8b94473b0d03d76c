// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/base64.hpp>

#include <algorithm>
#include <cstdint>

#include <structwire/core/base64_kernels.hpp>

namespace structwire::base64 {
namespace {

std::size_t encode_nothing(const std::byte*, std::size_t, char*) noexcept { return 0; }
std::size_t decode_nothing(const char*, std::size_t, std::byte*) noexcept { return 0; }

constinit const Kernels portable = {"portable", []() noexcept { return true; }, encode_nothing, decode_nothing};

// From the slowest to the fastest.
constexpr const Kernels* every[] = {
    &portable,
#if defined(__x86_64__)
    &avx2,
    &avx512,
#endif
};

const Kernels& fastest() noexcept {
  const Kernels* found = &portable;
  for (const Kernels* kernels : every) {
    if (kernels->runs_here()) found = kernels;
  }
  return *found;
}

// Chosen at the first call; threads that race for it choose the same.
const Kernels& chosen() noexcept {
  static const Kernels& kernels = fastest();
  return kernels;
}

std::uint32_t value_of(char c) noexcept { return values.of[static_cast<unsigned char>(c)]; }

std::size_t decoded_size(std::string_view text) noexcept {
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  return text.size() / 4 * 3 - padding;
}

bool decode_to(std::string_view text, std::byte* out, std::size_t size) noexcept {
  const std::size_t done = chosen().decode(text.data(), text.size(), out);
  for (std::size_t i = done, written = done / 4 * 3; i < text.size(); i += 4) {
    std::uint32_t bits = 0;
    std::uint32_t invalid = 0;
    const std::size_t bytes = std::min<std::size_t>(3, size - written);
    for (std::size_t j = 0; j < 4; ++j) {
      const std::uint32_t value = j <= bytes ? value_of(text[i + j]) : 0;
      invalid |= value;
      bits = bits << 6 | (value & 0x3F);
    }
    if (invalid > 0x3F) return false;
    for (std::size_t j = 0; j < bytes; ++j) out[written++] = static_cast<std::byte>(bits >> (16 - 8 * j));
  }
  return true;
}

}  // namespace

std::span<const Kernels* const> all_kernels() noexcept { return every; }

char* write(char* out, std::span<const std::byte> bytes) noexcept {
  std::size_t i = chosen().encode(bytes.data(), bytes.size(), out);
  out += i / 3 * 4;
  const auto at = [&](std::size_t index) { return std::to_integer<std::uint32_t>(bytes[index]); };
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t bits = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    for (int shift = 18; shift >= 0; shift -= 6) *out++ = alphabet[bits >> shift & 0x3F];
  }
  const std::size_t left = bytes.size() - i;
  if (left == 0) return out;
  const std::uint32_t bits = at(i) << 16 | (left == 2 ? at(i + 1) << 8 : 0);
  *out++ = alphabet[bits >> 18 & 0x3F];
  *out++ = alphabet[bits >> 12 & 0x3F];
  *out++ = left == 2 ? alphabet[bits >> 6 & 0x3F] : '=';
  *out++ = '=';
  return out;
}

std::string encode(std::span<const std::byte> bytes) {
  std::string text(encoded_size(bytes.size()), '\0');
  write(text.data(), bytes);
  return text;
}

std::size_t url_encoded_size(std::size_t bytes) noexcept { return bytes / 3 * 4 + (bytes % 3 == 0 ? 0 : bytes % 3 + 1); }

char* write_url(char* out, std::span<const std::byte> bytes) noexcept {
  // The padded text may be two characters longer; the end of it is written to a place of its own.
  const std::size_t whole = bytes.size() / 3 * 3;
  char* const start = out;
  out = write(out, bytes.first(whole));
  char rest[4];
  write(rest, bytes.subspan(whole));
  for (std::size_t i = 0; i < url_encoded_size(bytes.size() - whole); ++i) *out++ = rest[i];
  for (char* c = start; c != out; ++c) *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
  return out;
}

namespace {

// The standard spelling of URL base64; nothing where it holds a character of the standard alphabet only.
bool to_standard(std::string_view text, std::string& out) {
  if (text.find_first_of("+/") != text.npos) return false;
  out = text;
  for (char& c : out) c = c == '-' ? '+' : c == '_' ? '/' : c;
  if (out.find('=') == out.npos) out.append((4 - out.size() % 4) % 4, '=');
  return true;
}

}  // namespace

bool decode_url(std::string_view text, Bytes& bytes) {
  std::string standard;
  return to_standard(text, standard) && decode(standard, bytes);
}

bool decode_url(std::string_view text, Buffer& bytes) {
  std::string standard;
  return to_standard(text, standard) && decode(standard, bytes);
}

bool decode(std::string_view text, Bytes& bytes) {
  if (text.size() % 4 != 0) return false;
  bytes.resize(decoded_size(text));
  return decode_to(text, bytes.data(), bytes.size());
}

bool decode(std::string_view text, Buffer& bytes) {
  if (text.size() % 4 != 0) return false;
  bytes.resize_uninitialized(decoded_size(text));
  return decode_to(text, bytes.data(), bytes.size());
}

}  // namespace structwire::base64
