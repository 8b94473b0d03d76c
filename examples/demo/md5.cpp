// SPDX-License-Identifier: Apache-2.0
#include <examples/demo/md5.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace demo {
namespace {

static_assert(std::endian::native == std::endian::little, "words are read as they stand");

// RFC 1321, 3.4: the integer part of 2^32 * |sin(i + 1)|.
std::array<std::uint32_t, 64> make_constants() {
  std::array<std::uint32_t, 64> constants{};
  for (std::size_t i = 0; i < constants.size(); ++i) {
    constants[i] = static_cast<std::uint32_t>(
        std::floor(std::fabs(std::sin(static_cast<double>(i + 1))) * 4294967296.0));
  }
  return constants;
}

const std::array<std::uint32_t, 64> constants = make_constants();

constexpr std::array<std::array<int, 4>, 4> shifts = {
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

template <std::size_t Round>
std::uint32_t choose(std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  if constexpr (Round == 0) return d ^ (b & (c ^ d));
  if constexpr (Round == 1) return c ^ (d & (b ^ c));
  if constexpr (Round == 2) return b ^ c ^ d;
  return c ^ (b | ~d);
}

// The word that each step of a round takes: 1 * i, 5 * i + 1, 3 * i + 5, 7 * i.
template <std::size_t Round>
constexpr std::size_t word_at(std::size_t i) {
  constexpr std::array<std::size_t, 4> factor = {1, 5, 3, 7};
  constexpr std::array<std::size_t, 4> first = {0, 1, 5, 0};
  return (factor[Round] * i + first[Round]) % 16;
}

template <std::size_t Round>
void run_round(std::array<std::uint32_t, 4>& s, const std::array<std::uint32_t, 16>& words) {
#pragma GCC unroll 16
  for (std::size_t i = 0; i < 16; ++i) {
    const std::uint32_t sum = s[0] + choose<Round>(s[1], s[2], s[3]) + constants[Round * 16 + i] +
                              words[word_at<Round>(i)];
    s = {s[3], s[1] + std::rotl(sum, shifts[Round][i % 4]), s[1], s[2]};
  }
}

}  // namespace

void Md5::mix(const std::byte* block) {
  std::array<std::uint32_t, 16> words;
  std::memcpy(words.data(), block, block_bytes);
  std::array<std::uint32_t, 4> s = state_;
  run_round<0>(s, words);
  run_round<1>(s, words);
  run_round<2>(s, words);
  run_round<3>(s, words);
  for (std::size_t i = 0; i < s.size(); ++i) state_[i] += s[i];
}

void Md5::add(std::span<const std::byte> bytes) {
  const std::size_t held = size_ % block_bytes;
  size_ += bytes.size();
  if (held > 0) {
    const auto head = bytes.first(std::min(bytes.size(), block_bytes - held));
    std::ranges::copy(head, partial_.begin() + static_cast<std::ptrdiff_t>(held));
    bytes = bytes.subspan(head.size());
    if (held + head.size() < block_bytes) return;
    mix(partial_.data());
  }
  for (; bytes.size() >= block_bytes; bytes = bytes.subspan(block_bytes)) mix(bytes.data());
  std::ranges::copy(bytes, partial_.begin());
}

std::string Md5::finish() {
  const std::uint64_t bits = size_ * 8;
  constexpr std::size_t length_at = block_bytes - sizeof bits;
  const std::array<std::byte, 1> one = {std::byte{0x80}};
  const std::array<std::byte, 1> zero = {std::byte{0}};
  add(one);
  while (size_ % block_bytes != length_at) add(zero);
  std::array<std::byte, sizeof bits> length;
  std::memcpy(length.data(), &bits, sizeof bits);
  add(length);

  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (const std::uint32_t word : state_) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      text += digits[(word >> (shift + 4)) & 15U];
      text += digits[(word >> shift) & 15U];
    }
  }
  return text;
}

}  // namespace demo
