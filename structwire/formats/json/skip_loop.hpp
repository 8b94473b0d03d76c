// SPDX-License-Identifier: Apache-2.0
#pragma once

// The loop of skip.hpp over one kind of Block: each skip_*.cpp chooses level and namespace
// (core/simd.hpp) before it includes this.
//
// A window is 64 bytes with one bit a byte for what the loop asks: the quotes, what makes a string
// more than a copy, and what is no white space. Finding the end of a string or of an indentation is
// a shift and a count then; pretty lines mostly fit one window.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

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
      const Block block = left >= i + Block::size
                              ? Block::load(at + i)
                              : Block::load_part(at + i, left > i ? left - i : 0);
      quotes_ |= Block::bits(block.equal('"')) << i;
      others_ |= Block::bits(block.equal('\\') | block.control_or_high()) << i;
      spaces |= Block::bits(block.spaces()) << i;
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

// The first 64 bytes of a line.
struct Line {
  std::uint64_t quotes = 0;
  std::uint64_t others = 0;  // Backslashes, control characters and what is beyond ASCII.
  std::uint64_t blanks = 0;

  explicit Line(const char* at) noexcept {
    for (std::size_t i = 0; i < Window::size; i += Block::size) {
      const Block block = Block::load(at + i);
      quotes |= Block::bits(block.equal('"')) << i;
      others |= Block::bits(block.equal('\\') | block.control_or_high()) << i;
      blanks |= Block::bits(block.equal(' ')) << i;
    }
  }

  static std::uint64_t feeds(const char* at) noexcept {
    std::uint64_t feeds = 0;
    for (std::size_t i = 0; i < Window::size; i += Block::size)
      feeds |= Block::bits(Block::load(at + i).equal('\n')) << i;
    return feeds;
  }
  static std::uint64_t digits(const char* at) noexcept {
    std::uint64_t digits = 0;
    for (std::size_t i = 0; i < Window::size; i += Block::size) {
      const Block block = Block::load(at + i);
      digits |= Block::bits(block.below('9' + 1) ^ block.below('0')) << i;
    }
    return digits;
  }
};

class Skipper {
 public:
  Skipper(const char* at, const char* end, const json::SkipLimits& limits) noexcept
      : at_(at),
        end_(end),
        levels_(limits.levels < levels_max ? limits.levels : levels_max),
        number_digits_(limits.number_digits) {}

  /// The value at the cursor; where it ends, or nullptr.
  const char* value() noexcept { return pass() ? at_ : nullptr; }

  /// A member from its key or its value on, and all members behind it that `known` does not hold.
  json::SkippedMembers members(const json::KeyFilter& known, std::size_t count_max,
                               bool from_key) noexcept {
    known_ = &known;
    count_max_ = count_max;
    member_ = at_;
    const bool passed = pass(from_key);
    return {passed ? at_ : member_, count_, passed};
  }

 private:
  static constexpr std::size_t levels_max = 512;

  /// What may stand where a line begins.
  enum class Expected { item, item_or_end, end };
  /// Where lines() has stopped: in front of what; `caller` where the run of members ends.
  enum class Stop { value, key, behind_value, line, caller };

  // False where something is wrong.
  bool pass(bool from_key = false) noexcept {
    // One label for each thing that can follow; a state would be asked for at every token.
    if (from_key) {
      if (at_ == end_ || *at_ != '"' || static_cast<unsigned char>(at_[-1]) > ' ') goto key;
      // A line without indentation.
      --at_;
      expected_ = Expected::item;
      goto line;
    }
  any_value:
    if (at_ == end_) return false;
    switch (*at_) {
      case '{':
      case '[':
        if (!push(*at_ == '{')) return false;
        ++at_;
        expected_ = Expected::item_or_end;
        if (at_ != end_ && *at_ == '\n') goto line;
        goto behind_bracket;
      case '"':
        if (!text()) return false;
        goto behind_value;
      case 't':
        if (!word("true", 4)) return false;
        goto behind_value;
      case 'f':
        if (!word("false", 5)) return false;
        goto behind_value;
      case 'n':
        if (!word("null", 4)) return false;
        goto behind_value;
      default:
        if (!number()) return false;
        goto behind_value;
    }
  behind_bracket:
    if (!space()) return false;
    if (*at_ == (in_object() ? '}' : ']')) goto closing;
    if (!in_object()) goto any_value;
  key:
    if (*at_ != '"') return false;
    {
      const char* const first = at_;
      if (!text()) return false;
      if (depth_ == 0) {
        if (count_ == count_max_) return false;
        // The caller knows what it is.
        if (hard_ || may_be_known(first + 1, at_ - 1)) {
          at_ = first;
          return true;
        }
      }
      if (!space() || *at_ != ':') return false;
      ++at_;
      if (!space()) return false;
      if (depth_ == 0) {
        member_ = at_;
        ++count_;
      }
    }
    goto any_value;
  behind_value:
    if (depth_ == 0 && known_ == nullptr) return true;
    if (at_ == end_) return false;
    if (*at_ == ',') {
      ++at_;
      expected_ = Expected::item;
      if (at_ != end_ && *at_ == '\n') goto line;
    behind_comma:
      if (!space()) return false;
      if (in_object()) goto key;
      goto any_value;
    }
    expected_ = Expected::end;
    if (*at_ == '\n') goto line;
  behind_last:
    if (!space()) return false;
    if (*at_ == ',') goto behind_value;
    if (depth_ == 0) return *at_ == '}';
  closing:
    if (*at_ != (in_object() ? '}' : ']')) return false;
    ++at_;
    --depth_;
    goto behind_value;
  line:
    switch (lines()) {
      case Stop::value:
        goto any_value;
      case Stop::key:
        goto key;
      case Stop::behind_value:
        goto behind_value;
      case Stop::line:
        break;
      case Stop::caller:
        return true;
    }
    switch (expected_) {
      case Expected::item:
        goto behind_comma;
      case Expected::item_or_end:
        goto behind_bracket;
      case Expected::end:
        break;
    }
    goto behind_last;
  }

  bool push(bool object) noexcept {
    if (depth_ == levels_) return false;
    std::uint64_t& word = objects_[depth_ / 64];
    const std::uint64_t bit = std::uint64_t{1} << depth_ % 64;
    word = object ? word | bit : word & ~bit;
    ++depth_;
    return true;
  }
  bool in_object() const noexcept {
    return depth_ == 0 || (objects_[(depth_ - 1) / 64] >> (depth_ - 1) % 64 & 1) != 0;
  }

  bool may_be_known(const char* first, const char* end) const noexcept {
    const auto size = static_cast<std::size_t>(end - first);
    return known_->may_hold({first, size});
  }

  // Text in which each item stands on a line of its own, indented by blanks, as pretty text does.
  // The cursor stands on the line feed; afterwards in front of what is not so simple, or on the
  // line feed in front of that.
  //
  // Where lines end is found from block to block: from the beginning of a line to the end of the
  // same one it is a load, a compare and a count, 22 cycles, for which all that comes behind would
  // wait. 6.0 ns a line became 3.9.
  Stop lines() noexcept {
    const char* line = at_ + 1;
    Expected expected = expected_;
    char closing = in_object() ? '}' : ']';
    const auto stop = [&](const char* at, Stop where) {
      at_ = at;
      expected_ = expected;
      return where;
    };
    const char* block = line;
    std::uint64_t feeds = 0;
    if (end_ - block > needed) feeds = Line::feeds(block);
    while (true) {
      while (feeds == 0) {
        block += Window::size;
        if (end_ - block <= needed) return stop(line - 1, Stop::line);
        feeds = Line::feeds(block);
      }
      const char* const feed = block + std::countr_zero(feeds);
      feeds &= feeds - 1;
      __builtin_prefetch(line + 512);
      const Line masks(line);
      const auto indent = static_cast<unsigned>(std::countr_one(masks.blanks));
      const char* value = line + indent;
      const char* end = value + 1;  // Behind it.
      if (is_closing(*value)) {
        if (expected == Expected::item || *value != closing) break;
        if (depth_ == 0) return stop(value, Stop::caller);
        if (--depth_ == 0 && known_ == nullptr) return stop(end, Stop::behind_value);
        closing = in_object() ? '}' : ']';
      } else {
        if (expected == Expected::end) break;
        // Up to there is nothing but ASCII without escapes.
        const auto other = static_cast<unsigned>(std::countr_zero(masks.others));
        unsigned text_end = 0;
        if (closing == '}') {
          const std::uint64_t quotes = masks.quotes & (masks.quotes - 1);
          const auto key_end = static_cast<unsigned>(std::countr_zero(quotes));
          if (*value != '"' || key_end >= other) break;
          const char* const key = value;
          value = line + key_end + 3;
          if (std::memcmp(value - 2, ": ", 2) != 0 || !is_token(*value))
            return stop(key, Stop::key);
          if (depth_ == 0) {
            if (count_ == count_max_) return stop(key, Stop::key);
            if (may_be_known(key + 1, value - 3)) return stop(key, Stop::caller);
            member_ = value;
            ++count_;
          }
          const std::uint64_t others = quotes & (quotes - 1);
          text_end = static_cast<unsigned>(std::countr_zero(others & (others - 1)));
        } else {
          if (!is_token(*value)) break;
          text_end = static_cast<unsigned>(std::countr_zero(masks.quotes & (masks.quotes - 1)));
        }
        switch (*value) {
          case '"': {
            end = line + text_end + 1;
            if (text_end >= other) {
              at_ = value + 1;
              if (!hard_text()) return stop(value, Stop::value);
              end = at_;
            }
            break;
          }
          case '{':
          case '[':
            if (value[1] == '\n') {
              if (!push(*value == '{')) return stop(value, Stop::value);
              closing = static_cast<char>(*value + 2);
              expected = Expected::item_or_end;
              line = feed + 1;
              continue;
            }
            if (value[1] != *value + 2 || depth_ == levels_) return stop(value, Stop::value);
            end = value + 2;
            break;
          case 't':
            if (std::memcmp(value, "true", 4) != 0) return stop(value, Stop::value);
            end = value + 4;
            break;
          case 'f':
            if (std::memcmp(value, "false", 5) != 0) return stop(value, Stop::value);
            end = value + 5;
            break;
          case 'n':
            if (std::memcmp(value, "null", 4) != 0) return stop(value, Stop::value);
            end = value + 4;
            break;
          default: {
            const auto first = static_cast<unsigned>(value - line);
            if (first >= Window::size || !is_digit(*value)) return stop(value, Stop::value);
            const auto digits = static_cast<unsigned>(std::countr_one(Line::digits(line) >> first));
            const bool plain = value[digits] == ',' || value[digits] == '\n';
            if (!plain || (*value == '0' && digits != 1) || digits > number_digits_)
              return stop(value, Stop::value);
            end = value + digits;
          }
        }
      }
      if (end == feed) {
        expected = Expected::end;
      } else if (end + 1 == feed && *end == ',') {
        expected = Expected::item;
      } else {
        return stop(end, Stop::behind_value);
      }
      line = feed + 1;
    }
    return stop(line - 1, Stop::line);
  }
  // Behind the beginning of a block, whose lines may reach a window further, and are looked at up
  // to four behind that.
  static constexpr std::ptrdiff_t needed = 2 * Window::size + 8;
  // Neither white space nor beyond ASCII, where no value begins.
  static bool is_token(char c) noexcept { return static_cast<signed char>(c) > ' '; }
  static bool is_closing(char c) noexcept { return (c | 0x20) == '}'; }

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
    hard_ = false;
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

  // What is left of a text that has an escape or something beyond ASCII, or is long. Escapes are
  // ASCII, so all of it is UTF-8 where what it stands for is, and is asked once.
  STRUCTWIRE_NOINLINE bool hard_text() noexcept {
    hard_ = true;
    const char* const first = at_;
    bool ascii = true;
    while (at_ < end_) {
      const auto left = static_cast<std::size_t>(end_ - at_);
      const Block block = left >= Block::size ? Block::load(at_) : Block::load_part(at_, left);
      const std::uint64_t high = Block::bits(block.high());
      std::size_t done = Block::size;
      // Bytes behind the end are zero: control characters.
      std::uint64_t stops = Block::bits(block.equal('"') | block.equal('\\') | block.below(0x20));
      while (stops != 0) {
        const auto stop = static_cast<unsigned>(std::countr_zero(stops));
        if (stop >= left) return false;
        const char* const at = at_ + stop;
        if (*at != '\\') {
          ascii = ascii && (high & ~(~std::uint64_t{0} << stop)) == 0;
          at_ = at + 1;
          return *at == '"' &&
                 (ascii || text_kernels::is_utf8({first, static_cast<std::size_t>(at - first)}));
        }
        if (left - stop < 2) return false;
        if (!is_short_escape(at[1])) {
          at_ = at;
          if (!long_escape()) return false;
          ascii = ascii && (high & ~(~std::uint64_t{0} << stop)) == 0;
          done = 0;
          break;
        }
        done = stop + 1 == Block::size ? Block::size + 1 : Block::size;
        stops &= ~(std::uint64_t{3} << stop);
      }
      if (done == 0) continue;
      ascii = ascii && high == 0;
      at_ += done;
    }
    return false;
  }
  static bool is_short_escape(char c) noexcept {
    constexpr std::uint64_t low = std::uint64_t{1} << '"' | std::uint64_t{1} << '/';
    constexpr std::uint64_t high = std::uint64_t{1} << ('\\' - 64) |
                                   std::uint64_t{1} << ('b' - 64) | std::uint64_t{1} << ('f' - 64) |
                                   std::uint64_t{1} << ('n' - 64) | std::uint64_t{1} << ('r' - 64) |
                                   std::uint64_t{1} << ('t' - 64);
    return static_cast<signed char>(c) >= 0 && ((c < 64 ? low : high) >> (c & 63) & 1) != 0;
  }

  // \uXXXX, the backslash and one more of which are there.
  bool long_escape() noexcept {
    if (at_[1] != 'u') return false;
    unsigned unit = 0;
    if (!code_unit(unit)) return false;
    if (unit < 0xD800 || unit > 0xDFFF) return true;
    // Surrogates stand in pairs, the high one first.
    unsigned low = 0;
    return unit < 0xDC00 && end_ - at_ >= 2 && at_[0] == '\\' && at_[1] == 'u' && code_unit(low) &&
           low >= 0xDC00 && low <= 0xDFFF;
  }

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
  Expected expected_ = Expected::item;
  // Of a run of members.
  const json::KeyFilter* known_ = nullptr;
  const char* member_ = nullptr;  // The value of the one that is passed over.
  std::size_t count_ = 0;
  std::size_t count_max_ = 0;
  bool hard_ = false;  // The last text had an escape, or something beyond ASCII.
  Window window_;
  std::array<std::uint64_t, levels_max / 64> objects_;
};

}  // namespace skip_detail

inline const char* skip_json_value(const char* at, const char* end,
                                   const json::SkipLimits& limits) noexcept {
  return skip_detail::Skipper(at, end, limits).value();
}
inline json::SkippedMembers skip_json_members(const char* at, const char* end,
                                              const json::SkipLimits& limits,
                                              const json::KeyFilter& known, std::size_t count_max,
                                              bool from_key) noexcept {
  return skip_detail::Skipper(at, end, limits).members(known, count_max, from_key);
}

}  // namespace STRUCTWIRE_SIMD_SPACE
}  // namespace structwire
