// SPDX-License-Identifier: Apache-2.0
#pragma once

// The loop of skip.hpp over one kind of Block: each skip_*.cpp chooses level and namespace (core/simd.hpp) before
// it includes this.
//
// A window is 64 bytes with one bit a byte for what the loop asks: the quotes, what makes a string more than a copy,
// and what is no white space. Finding the end of a string or of an indentation is a shift and a count then; pretty
// lines mostly fit one window.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <structwire/core/simd.hpp>
#include <structwire/core/text_kernel_loops.hpp>
#include <structwire/core/text_kernels.hpp>
#include <structwire/formats/json/skip.hpp>

namespace structwire {
inline namespace STRUCTWIRE_SIMD_SPACE {
namespace skip_detail {

class Window {
 public:
  static constexpr std::size_t size = 64;

  /// Bytes behind the end are zero.
  void move_to(const char* at, const char* end) noexcept {
    base_ = at;
    quotes_ = 0;
    others_ = 0;
    std::uint64_t spaces = 0;
    const auto left = static_cast<std::size_t>(end - at);
    for (std::size_t i = 0; i < size; i += Block::size) {
      const Block block = left >= i + Block::size ? Block::load(at + i) : Block::load_part(at + i, left > i ? left - i : 0);
      quotes_ |= Block::bits(block.equal('"')) << i;
      others_ |= Block::bits(block.equal('\\') | block.below(0x20) | block.high()) << i;
      spaces |= Block::bits(structwire::spaces(block)) << i;
    }
    texts_ = ~spaces;
  }
  const char* end() const noexcept { return base_ + size; }
  bool holds(const char* at) const noexcept { return static_cast<std::size_t>(at - base_) < size; }

  /// From `at` on, which it holds: the distance to the next one, 64 where there is none.
  unsigned to_quote(const char* at) const noexcept { return distance(quotes_, at); }
  unsigned to_other(const char* at) const noexcept { return distance(others_, at); }
  unsigned to_text(const char* at) const noexcept { return distance(texts_, at); }

 private:
  unsigned distance(std::uint64_t mask, const char* at) const noexcept {
    return static_cast<unsigned>(std::countr_zero(mask >> (at - base_)));
  }

  const char* base_ = nullptr;
  std::uint64_t quotes_ = 0;
  std::uint64_t others_ = 0;
  std::uint64_t texts_ = 0;
};

class Skipper {
 public:
  Skipper(const char* at, const char* end, const json::SkipLimits& limits) noexcept
      : at_(at),
        end_(end),
        levels_(limits.levels < levels_max ? limits.levels : levels_max),
        number_digits_(limits.number_digits) {}

  const char* value() noexcept {
    // One label for each thing that can follow; a state would be asked for at every token.
  any_value:
    if (at_ == end_) return nullptr;
    switch (*at_) {
      case '{':
        if (!open(true)) return nullptr;
        if (*at_ == '}') goto closing;
        goto key;
      case '[':
        if (!open(false)) return nullptr;
        if (*at_ == ']') goto closing;
        goto any_value;
      case '"':
        if (!text()) return nullptr;
        goto behind_value;
      case 't':
        if (!word("true", 4)) return nullptr;
        goto behind_value;
      case 'f':
        if (!word("false", 5)) return nullptr;
        goto behind_value;
      case 'n':
        if (!word("null", 4)) return nullptr;
        goto behind_value;
      default:
        if (!number()) return nullptr;
        goto behind_value;
    }
  key:
    if (*at_ != '"' || !text() || !space() || *at_ != ':') return nullptr;
    ++at_;
    if (!space()) return nullptr;
    goto any_value;
  behind_value:
    if (depth_ == 0) return at_;
    if (!space()) return nullptr;
    if (*at_ == ',') {
      ++at_;
      if (!space()) return nullptr;
      if (in_object()) goto key;
      goto any_value;
    }
  closing:
    if (*at_ != (in_object() ? '}' : ']')) return nullptr;
    ++at_;
    --depth_;
    goto behind_value;
  }

 private:
  static constexpr std::size_t levels_max = 512;

  bool open(bool object) noexcept {
    if (depth_ == levels_) return false;
    std::uint64_t& word = objects_[depth_ / 64];
    const std::uint64_t bit = std::uint64_t{1} << depth_ % 64;
    word = object ? word | bit : word & ~bit;
    ++depth_;
    ++at_;
    return space();
  }
  bool in_object() const noexcept { return (objects_[(depth_ - 1) / 64] >> (depth_ - 1) % 64 & 1) != 0; }

  void look() noexcept {
    if (!window_.holds(at_)) window_.move_to(at_, end_);
  }

  // To what is no white space; false at the end of the input.
  bool space() noexcept {
    if (at_ != end_ && static_cast<unsigned char>(*at_) > ' ') return true;
    while (at_ < end_) {
      look();
      const unsigned blank = window_.to_text(at_);
      if (blank != Window::size) {
        at_ += blank;
        return at_ < end_;
      }
      at_ = window_.end();
    }
    return false;
  }

  // From the first quote to behind the last one.
  bool text() noexcept {
    ++at_;
    while (at_ < end_) {
      look();
      const unsigned quote = window_.to_quote(at_);
      if (window_.to_other(at_) < quote) return hard_text();
      if (quote != Window::size) {
        at_ += quote + 1;
        return true;
      }
      at_ = window_.end();
    }
    return false;
  }

  // What is left of a text with an escape or with something beyond ASCII.
  [[gnu::noinline]] bool hard_text() noexcept {
    while (true) {
      const text_kernels::Run run = plain_run(at_, end_);
      if (!run.ascii && !text_kernels::is_utf8({at_, static_cast<std::size_t>(run.end - at_)})) return false;
      at_ = run.end;
      if (at_ == end_) return false;
      if (*at_ == '"') {
        ++at_;
        return true;
      }
      if (*at_ != '\\' || !escape()) return false;
    }
  }

  bool escape() noexcept {
    if (end_ - at_ < 2) return false;
    switch (at_[1]) {
      case '"':
      case '\\':
      case '/':
      case 'b':
      case 'f':
      case 'n':
      case 'r':
      case 't': at_ += 2; return true;
      case 'u': break;
      default: return false;
    }
    unsigned unit = 0;
    if (!code_unit(unit)) return false;
    if (unit < 0xD800 || unit > 0xDFFF) return true;
    // Surrogates stand in pairs, the high one first.
    unsigned low = 0;
    return unit < 0xDC00 && end_ - at_ >= 2 && at_[0] == '\\' && at_[1] == 'u' && code_unit(low) && low >= 0xDC00 &&
           low <= 0xDFFF;
  }

  // \uXXXX, the first two of which are there.
  bool code_unit(unsigned& unit) noexcept {
    if (end_ - at_ < 6) return false;
    unit = 0;
    for (int i = 2; i < 6; ++i) {
      const auto c = static_cast<unsigned char>(at_[i]);
      const unsigned letter = (c | 0x20u) - 'a';
      if (!is_digit(at_[i]) && letter > 5) return false;
      unit = unit << 4 | (is_digit(at_[i]) ? c - '0' : letter + 10);
    }
    at_ += 6;
    return true;
  }

  bool word(const char* letters, std::ptrdiff_t size) noexcept {
    if (end_ - at_ < size) return false;
    for (std::ptrdiff_t i = 0; i < size; ++i) {
      if (at_[i] != letters[i]) return false;
    }
    at_ += size;
    return true;
  }

  // RFC 8259, section 6.
  bool number() noexcept {
    const char* const start = at_;
    at_ += *at_ == '-';
    const char* const first = at_;
    if (!digits() || (*first == '0' && at_ - first > 1)) return false;
    if (at_ != end_ && *at_ == '.') {
      ++at_;
      if (!digits()) return false;
    }
    if (at_ != end_ && (*at_ | 0x20) == 'e') {
      ++at_;
      at_ += at_ != end_ && (*at_ == '+' || *at_ == '-');
      if (!digits()) return false;
    }
    return static_cast<std::size_t>(at_ - start) <= number_digits_;
  }
  bool digits() noexcept {
    const char* const first = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != first;
  }
  static bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

  const char* at_;
  const char* end_;
  std::size_t levels_;
  std::size_t number_digits_;
  std::size_t depth_ = 0;
  Window window_;
  std::array<std::uint64_t, levels_max / 64> objects_;
};

}  // namespace skip_detail

inline const char* skip_json_value(const char* at, const char* end, const json::SkipLimits& limits) noexcept {
  return skip_detail::Skipper(at, end, limits).value();
}

}  // namespace STRUCTWIRE_SIMD_SPACE
}  // namespace structwire
