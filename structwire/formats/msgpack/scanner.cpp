// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/msgpack/scanner.hpp>

#include <algorithm>
#include <limits>

#include <structwire/formats/msgpack/constants.hpp>

namespace structwire::msgpack {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

constexpr std::uint64_t sum(std::uint64_t a, std::uint64_t b) noexcept {
  return b > most - a ? most : a + b;
}

/// What the first byte of a value announces.
struct Announced {
  std::uint8_t length_bytes = 0;  ///< A length of so many bytes follows,
  std::uint8_t items = 0;         ///< and counts items, of so many values each; 0: bytes.
  std::uint8_t payload = 0;       ///< So many bytes follow beside those that the length counts.
  std::uint8_t values = 0;        ///< So many values follow.
};

constexpr std::array<Announced, 256> opcodes = [] {
  std::array<Announced, 256> all{};
  for (unsigned i = 0; i < 16; ++i) {
    all[fixmap + i].values = static_cast<std::uint8_t>(2 * i);
    all[fixarray + i].values = static_cast<std::uint8_t>(i);
  }
  for (unsigned i = 0; i < 32; ++i) all[fixstr + i].payload = static_cast<std::uint8_t>(i);
  for (unsigned i = 0; i < 3; ++i) {
    const auto width = static_cast<std::uint8_t>(1u << i);
    all[str8 + i] = {.length_bytes = width};
    all[bin8 + i] = {.length_bytes = width};
    all[ext8 + i] = {.length_bytes = width, .payload = 1};
  }
  for (unsigned i = 0; i < 2; ++i) {
    const auto width = static_cast<std::uint8_t>(2u << i);
    all[array16 + i] = {.length_bytes = width, .items = 1};
    all[map16 + i] = {.length_bytes = width, .items = 2};
  }
  for (unsigned i = 0; i < 4; ++i) {
    all[uint8 + i].payload = static_cast<std::uint8_t>(1u << i);
    all[int8 + i].payload = static_cast<std::uint8_t>(1u << i);
  }
  for (unsigned i = 0; i < 5; ++i)
    all[fixext1 + i].payload = static_cast<std::uint8_t>(1 + (1u << i));
  all[float32].payload = 4;
  all[float64].payload = 8;
  return all;
}();

}  // namespace

std::size_t Scanner::least_to_come() const noexcept {
  return static_cast<std::size_t>(sum(sum(values_, payload_), length_left_));
}

// False for a byte that begins no value.
bool Scanner::open(std::uint8_t opcode) noexcept {
  if (opcode == never_used) return false;
  const Announced& header = opcodes[opcode];
  --values_;
  values_ = sum(values_, header.values);
  payload_ = header.payload;
  length_left_ = header.length_bytes;
  length_ = 0;
  opcode_ = opcode;
  return true;
}

// Those whose length their first byte tells, which most are, in registers.
const std::uint8_t* Scanner::pass_short_values(const std::uint8_t* at,
                                               const std::uint8_t* end) noexcept {
  std::uint64_t values = values_;
  constexpr std::uint64_t far_from_most = most / 2;
  while (values != 0 && values < far_from_most && at != end) {
    const Announced header = opcodes[*at];
    const auto size = std::ptrdiff_t{1} + header.payload;
    if (header.length_bytes != 0 || *at == never_used || end - at < size) break;
    at += size;
    values += header.values;
    --values;
  }
  values_ = values;
  return at;
}

std::optional<std::size_t> Scanner::find_end(std::span<const std::byte> bytes) noexcept {
  const auto* const begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const auto* const end = begin + bytes.size();
  const auto* at = begin;
  while (true) {
    while (length_left_ != 0) {
      if (at == end) return std::nullopt;
      length_ = length_ << 8 | *at++;
      if (--length_left_ != 0) continue;
      const unsigned items = opcodes[opcode_].items;
      if (items == 0) {
        payload_ += length_;
      } else {
        values_ = sum(values_, items * length_);
      }
    }
    const auto passed = std::min<std::uint64_t>(payload_, static_cast<std::uint64_t>(end - at));
    at += passed;
    payload_ -= passed;
    if (payload_ != 0) return std::nullopt;
    at = pass_short_values(at, end);
    if (values_ == 0) return static_cast<std::size_t>(at - begin);
    if (at == end) return std::nullopt;
    if (!open(*at++)) return static_cast<std::size_t>(at - begin);
  }
}

}  // namespace structwire::msgpack
