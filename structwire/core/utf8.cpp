// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/utf8.hpp>

namespace structwire::utf8 {
namespace {

struct Sequence {
  std::size_t length;  ///< Bytes of the sequence, or of the maximal ill-formed part.
  bool valid;
};

// Unicode 15, table 3-7: the second byte's range depends on the first; all later ones are 80..BF.
Sequence sequence_at(const unsigned char* text, std::size_t left) noexcept {
  const unsigned char lead = text[0];
  if (lead < 0x80) return {1, true};
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= left || text[i] < low || text[i] > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

}  // namespace

std::size_t valid_prefix(std::string_view text) noexcept {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t position = 0;
  while (position < text.size()) {
    if (text.size() - position >= 8 && is_ascii(text.data() + position, 8)) {
      position += 8;
      continue;
    }
    const Sequence sequence = sequence_at(bytes + position, text.size() - position);
    if (!sequence.valid) return position;
    position += sequence.length;
  }
  return position;
}

std::string replaced(std::string_view text) {
  std::string result;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t position = 0; position < text.size();) {
    const Sequence sequence = sequence_at(bytes + position, text.size() - position);
    result.append(sequence.valid ? text.substr(position, sequence.length) : "\xEF\xBF\xBD");
    position += sequence.length;
  }
  return result;
}

std::size_t code_points(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

}  // namespace structwire::utf8
