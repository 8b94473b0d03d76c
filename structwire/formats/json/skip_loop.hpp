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
      const Block block = left >= i + Block::size ? Block::load(at + i) : Block::load_part(at + i, left > i ? left - i : 0);
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

// A whole line, of which the first 64 bytes are looked at.
struct Line {
  std::uint64_t quotes = 0;
  std::uint64_t others = 0;  // Backslashes, control characters and what is beyond ASCII.
  std::uint64_t feeds = 0;
  std::uint64_t blanks = 0;

  explicit Line(const char* at) noexcept {
    for (std::size_t i = 0; i < Window::size; i += Block::size) {
      const Block block = Block::load(at + i);
      quotes |= Block::bits(block.equal('"')) << i;
      others |= Block::bits(block.equal('\\') | block.control_or_high()) << i;
      feeds |= Block::bits(block.equal('\n')) << i;
      blanks |= Block::bits(block.equal(' ')) << i;
    }
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
  json::SkippedMembers members(const json::KeyFilter& known, std::size_t count_max, bool from_key) noexcept {
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
  /// Where lines() has stopped: in front of what.
  enum class Stop { value, key, behind_value, line };

  // False where something is wrong.
  bool pass(bool from_key = false) noexcept {
    // One label for each thing that can follow; a state would be asked for at every token.
    Expected expected;
    if (from_key) goto key;
  any_value:
    if (at_ == end_) return false;
    switch (*at_) {
      case '{':
      case '[':
        if (!push(*at_ == '{')) return false;
        ++at_;
        expected = Expected::item_or_end;
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
      expected = Expected::item;
      if (at_ != end_ && *at_ == '\n') goto line;
    behind_comma:
      if (!space()) return false;
      if (in_object()) goto key;
      goto any_value;
    }
    expected = Expected::end;
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
    switch (lines(expected)) {
      case Stop::value: goto any_value;
      case Stop::key: goto key;
      case Stop::behind_value: goto behind_value;
      case Stop::line: break;
    }
    switch (expected) {
      case Expected::item: goto behind_comma;
      case Expected::item_or_end: goto behind_bracket;
      case Expected::end: break;
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
    return depth_ == 0 ||  (objects_[(depth_ - 1) / 64] >> (depth_ - 1) % 64 & 1) != 0;
  }

  bool may_be_known(const char* first, const char* end) const noexcept {
    const auto size = static_cast<std::size_t>(end - first);
    return known_->may_hold({first, size});
  }

  // Text in which each item stands on a line of its own, indented by blanks, as pretty text does. The cursor stands on
  // the line feed; afterwards in front of what is not so simple, or on the line feed in front of that. Where a line
  // begins depends on nothing but where the one before ends, so the processor works on several at a time.
  Stop lines(Expected& expected) noexcept {
    const char* line = at_ + 1;
    const auto stop = [this](const char* at, Stop where) {
      at_ = at;
      return where;
    };
    // Bytes are looked at up to four behind the window.
    while (end_ - line > static_cast<std::ptrdiff_t>(Window::size + 8)) {
      __builtin_prefetch(line + 512);
      const Line masks(line);
      const auto indent = static_cast<unsigned>(std::countr_one(masks.blanks));
      const auto size = static_cast<unsigned>(std::countr_zero(masks.feeds));
      if (indent >= size || !is_token(line[indent])) break;
      unsigned end = indent + 1;  // Behind the value.
      if (is_closing(line[indent])) {
        if (expected == Expected::item || depth_ == 0 || line[indent] != (in_object() ? '}' : ']')) break;
        if (--depth_ == 0 && known_ == nullptr) return stop(line + end, Stop::behind_value);
      } else {
        if (expected == Expected::end) break;
        unsigned first = indent;  // Of the value.
        std::uint64_t quotes = masks.quotes;
        if (in_object()) {
          const std::uint64_t behind_first = quotes & (quotes - 1);
          const auto key_end = static_cast<unsigned>(std::countr_zero(behind_first));
          if (line[indent] != '"' || key_end == Window::size || any_below(masks.others, key_end)) break;
          if (std::memcmp(line + key_end + 1, ": ", 2) != 0 || !is_token(line[key_end + 3])) return stop(line + indent, Stop::key);
          first = key_end + 3;
          if (depth_ == 0) {
            if (count_ == count_max_ || may_be_known(line + indent + 1, line + key_end)) return stop(line + indent, Stop::key);
            member_ = line + first;
            ++count_;
          }
          quotes = behind_first & (behind_first - 1);
        }
        const char* const value = line + first;
        switch (*value) {
          case '"': {
            const std::uint64_t behind_first = quotes & (quotes - 1);
            end = static_cast<unsigned>(std::countr_zero(behind_first));
            if (first >= size || end == Window::size || any_below(masks.others, end)) return stop(value, Stop::value);
            ++end;
            break;
          }
          case '{':
          case '[':
            if (first + 1 == size && value[1] == '\n') {
              if (!push(*value == '{')) return stop(value, Stop::value);
              expected = Expected::item_or_end;
              line += size + 1;
              continue;
            }
            if (value[1] != *value + 2 || depth_ == levels_) return stop(value, Stop::value);
            end = first + 2;
            break;
          case 't':
            if (std::memcmp(value, "true", 4) != 0) return stop(value, Stop::value);
            end = first + 4;
            break;
          case 'f':
            if (std::memcmp(value, "false", 5) != 0) return stop(value, Stop::value);
            end = first + 5;
            break;
          case 'n':
            if (std::memcmp(value, "null", 4) != 0) return stop(value, Stop::value);
            end = first + 4;
            break;
          default: {
            if (first >= size || !is_digit(*value)) return stop(value, Stop::value);
            const auto digits = static_cast<unsigned>(std::countr_one(Line::digits(line) >> first));
            const bool plain = value[digits] == ',' || value[digits] == '\n';
            if (!plain || (*value == '0' && digits != 1) || digits > number_digits_) return stop(value, Stop::value);
            end = first + digits;
          }
        }
      }
      if (size == Window::size) return stop(line + end, Stop::behind_value);
      if (end == size) {
        expected = Expected::end;
      } else if (end + 1 == size && line[end] == ',') {
        expected = Expected::item;
      } else {
        return stop(line + end, Stop::behind_value);
      }
      line += size + 1;
    }
    return stop(line - 1, Stop::line);
  }
  // Neither white space nor beyond ASCII, where no value begins.
  static bool is_token(char c) noexcept { return static_cast<signed char>(c) > ' '; }
  static bool is_closing(char c) noexcept { return (c | 0x20) == '}'; }
  static bool any_below(std::uint64_t mask, unsigned bit) noexcept { return static_cast<unsigned>(std::countr_zero(mask)) < bit; }

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

  // What is left of a text with an escape or with something beyond ASCII.
  [[gnu::noinline]] bool hard_text() noexcept {
    hard_ = true;
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

inline const char* skip_json_value(const char* at, const char* end, const json::SkipLimits& limits) noexcept {
  return skip_detail::Skipper(at, end, limits).value();
}
inline json::SkippedMembers skip_json_members(const char* at, const char* end, const json::SkipLimits& limits,
                                              const json::KeyFilter& known, std::size_t count_max,
                                              bool from_key) noexcept {
  return skip_detail::Skipper(at, end, limits).members(known, count_max, from_key);
}

}  // namespace STRUCTWIRE_SIMD_SPACE
}  // namespace structwire
