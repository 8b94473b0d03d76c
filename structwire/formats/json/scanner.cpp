// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/json/scanner.hpp>

#include <algorithm>
#include <bit>

#include <structwire/core/simd.hpp>

namespace structwire::json {
namespace {

// 64 bytes, one bit each.
struct Window {
  static constexpr std::size_t size = 64;

  explicit Window(const char* at) noexcept {
    for (std::size_t i = 0; i < size; i += Block::size) {
      const Block block = Block::load(at + i);
      quotes |= Block::bits(block.equal('"')) << i;
      backslashes |= Block::bits(block.equal('\\')) << i;
      opening |= Block::bits(block.equal('{') | block.equal('[')) << i;
      closing |= Block::bits(block.equal('}') | block.equal(']')) << i;
    }
  }

  std::uint64_t quotes = 0;
  std::uint64_t backslashes = 0;
  std::uint64_t opening = 0;
  std::uint64_t closing = 0;
};

// The bytes behind a backslash that is not itself behind one (Langdale and Lemire, Parsing
// Gigabytes of JSON per Second, section 3.1.1). A run of backslashes escapes every second byte; an
// addition finds where a run ends, and whether it began at an odd place tells which bytes those
// are. `carry`: the byte behind the window is escaped.
std::uint64_t escaped_bytes(std::uint64_t backslashes, bool& carry) noexcept {
  constexpr std::uint64_t even = 0x5555555555555555u;
  backslashes &= ~std::uint64_t{carry};
  const std::uint64_t behind = backslashes << 1 | std::uint64_t{carry};
  const std::uint64_t odd_starts = backslashes & ~even & ~behind;
  const std::uint64_t ends = odd_starts + backslashes;
  carry = ends < backslashes;
  return (even ^ (ends << 1)) & behind;
}

// Each bit: how many of it and those below it are set, modulo two. Between an opening and a closing
// quote that is one.
std::uint64_t parity(std::uint64_t bits) noexcept {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<std::size_t> Scanner::find_end(std::span<const std::byte> bytes) noexcept {
  if (bytes.empty()) return std::nullopt;
  const char* const begin_at = reinterpret_cast<const char*>(bytes.data());
  const char* const end = begin_at + bytes.size();
  const char* at = begin_at;
  if (shape_ == Shape::unknown && begin(*at++)) return 1;
  const char* found = nullptr;
  switch (shape_) {
    case Shape::nested:
      found = nested_end(at, end);
      break;
    case Shape::text:
      found = text_end(at, end);
      break;
    case Shape::word:
      found = word_end(at, end);
      break;
    default:
      found = number_end(at, end);
      break;
  }
  if (found == nullptr) return std::nullopt;
  return static_cast<std::size_t>(found - begin_at);
}

// True for a byte that begins no value; it is all there is to be said.
bool Scanner::begin(char first) noexcept {
  if (first == '{' || first == '[') {
    shape_ = Shape::nested;
    depth_ = 1;
  } else if (first == '"') {
    shape_ = Shape::text;
    in_text_ = true;
  } else if (first == 't' || first == 'f' || first == 'n') {
    shape_ = Shape::word;
    word_left_ = first == 'f' ? 4 : 3;
  } else {
    shape_ = Shape::number;
    return first != '-' && !is_digit(first);
  }
  return false;
}

// One byte of an array or object. True for the one that ends it.
bool Scanner::step(char c) noexcept {
  if (escaped_) {
    escaped_ = false;
  } else if (c == '\\') {
    escaped_ = true;
    return false;
  } else if (c == '"') {
    in_text_ = !in_text_;
    return false;
  }
  if (in_text_) return false;
  if (c == '{' || c == '[') ++depth_;
  return (c == '}' || c == ']') && --depth_ == 0;
}

const char* Scanner::nested_end(const char* at, const char* end) noexcept {
  while (static_cast<std::size_t>(end - at) >= Window::size) {
    const Window window(at);
    bool escaped = escaped_;
    std::uint64_t quotes = window.quotes;
    if ((window.backslashes | std::uint64_t{escaped}) != 0)
      quotes &= ~escaped_bytes(window.backslashes, escaped);
    const std::uint64_t text = parity(quotes) ^ (std::uint64_t{0} - std::uint64_t{in_text_});
    const auto closing = static_cast<std::size_t>(std::popcount(window.closing & ~text));
    if (closing < depth_) {
      depth_ += static_cast<std::size_t>(std::popcount(window.opening & ~text));
      depth_ -= closing;
    } else {
      // The end may be among them.
      for (std::uint64_t brackets = (window.opening | window.closing) & ~text; brackets != 0;
           brackets &= brackets - 1) {
        const bool opens = (window.opening & brackets & (std::uint64_t{0} - brackets)) != 0;
        depth_ = opens ? depth_ + 1 : depth_ - 1;
        if (depth_ == 0) return at + std::countr_zero(brackets) + 1;
      }
    }
    escaped_ = escaped;
    in_text_ = text >> 63 != 0;
    at += Window::size;
  }
  while (at != end) {
    if (step(*at++)) return at;
  }
  return nullptr;
}

const char* Scanner::text_end(const char* at, const char* end) noexcept {
  for (; at != end; ++at) {
    if (escaped_) {
      escaped_ = false;
    } else if (*at == '\\') {
      escaped_ = true;
    } else if (*at == '"') {
      return at + 1;
    }
  }
  return nullptr;
}

// Whatever the letters are: a word that is misspelled is complained about once it is long enough.
const char* Scanner::word_end(const char* at, const char* end) noexcept {
  const auto passed = std::min(word_left_, static_cast<std::size_t>(end - at));
  word_left_ -= passed;
  return word_left_ == 0 ? at + passed : nullptr;
}

const char* Scanner::number_end(const char* at, const char* end) noexcept {
  for (; at != end; ++at) {
    const char c = *at;
    if (is_digit(c)) {
      if (digits_ == Digits::exponent_mark) digits_ = Digits::exponent;
    } else if (c == '.' && digits_ == Digits::integer) {
      digits_ = Digits::fraction;
    } else if ((c == 'e' || c == 'E') && digits_ < Digits::exponent_mark) {
      digits_ = Digits::exponent_mark;
    } else if ((c == '+' || c == '-') && digits_ == Digits::exponent_mark) {
      digits_ = Digits::exponent;
    } else {
      return at;
    }
  }
  return nullptr;
}

}  // namespace structwire::json
