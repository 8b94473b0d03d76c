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
#include <string_view>

#include <structwire/core/simd.hpp>
#include <structwire/core/text_kernel_loops.hpp>
#include <structwire/core/text_kernels.hpp>
#include <structwire/formats/json/skip.hpp>
#include <structwire/formats/json/skip_masks.hpp>

namespace structwire {
inline namespace STRUCTWIRE_SIMD_SPACE {
namespace skip_detail {

class Skipper {
 public:
  Skipper(const char* at, const char* end, const json::SkipLimits& limits) noexcept
      : at_(at),
        end_(end),
        levels_(limits.levels < levels_max ? limits.levels : levels_max),
        number_digits_(limits.number_digits) {}

  /// The value at the cursor; where it ends, or nullptr.
  const char* value() noexcept { return pass(Stop::value) ? at_ : nullptr; }

  /// A member from its key or its value on, and all members behind it that `known` does not hold.
  json::SkippedMembers members(const json::KeyFilter& known, std::size_t count_max,
                               bool from_key) noexcept {
    known_ = &known;
    count_max_ = count_max;
    member_ = at_;
    if (from_key && at_ == end_) return {at_, 0, false};
    Stop first = from_key ? Stop::key : Stop::value;
    if (from_key && *at_ == '"' && static_cast<unsigned char>(at_[-1]) <= ' ') {
      // A line without indentation.
      --at_;
      expected_ = Expected::item;
      first = lines();
      if (first == Stop::caller) [[likely]]
        return {at_, count_, true};
    }
    const bool passed = pass(first);
    return {passed ? at_ : member_, count_, passed};
  }

 private:
  static constexpr std::size_t levels_max = 512;

  /// What may stand where a line begins.
  enum class Expected { item, item_or_end, end };
  /// Where lines() has stopped: in front of what; `caller` where the run of members ends.
  enum class Stop { value, key, behind_value, line, caller };

  // From what the cursor stands in front of; false where something is wrong.
  STRUCTWIRE_NOINLINE bool pass(Stop next) noexcept {
    // One label for each thing that can follow; a state would be asked for at every token.
    goto resume;
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
    next = lines();
  resume:
    switch (next) {
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
  // wait. What a line may be is told by the place in the code, not by a state: each branch less
  // counts, and a line is some 35 instructions (AVX-512).
  Stop lines() noexcept {
    // One level is left, for an empty value.
    if (end_ - at_ <= needed || depth_ == levels_) return Stop::line;
    Lines lines(at_ + 1, end_ - needed);
    bool object = in_object();
    Next next = expected_ == Expected::end ? Next::bracket : Next::item;
    while (true) {
      switch (next) {
        case Next::item:
          if (!object)
            next = items<false, false>(lines, object);
          else if (depth_ == 0)
            next = items<true, true>(lines, object);
          else
            next = items<true, false>(lines, object);
          break;
        case Next::bracket:
          next = brackets(lines, object);
          break;
        case Next::nothing:
          return lines.stop;
      }
    }
  }

  enum class Next { item, bracket, nothing };
  struct Lines {
    Lines(const char* at, const char* blocks_end) noexcept
        : line(at), first(at), block(at), block_last(blocks_end), wanted(&all_letters) {
      // Else the compiler makes the letters itself.
      if (Block::size == Window::size) asm("" : "+r"(wanted));
      feeds = Line::feeds(block, *wanted);
    }
    // To the feed that ends the line; false where the input ends before long.
    STRUCTWIRE_ALWAYS_INLINE bool find_feed() noexcept {
      while (feeds == 0) [[unlikely]] {
        block += Window::size;
        if (block >= block_last) return false;
        __builtin_prefetch(block + 512);
        feeds = Line::feeds(block, *wanted);
        asm("" : "+r"(feeds));  // In no register of masks: the next line waits for it.
      }
      return true;
    }
    // Behind it, which was found.
    const char* take_feed() noexcept {
      const char* const feed = block + std::countr_zero(feeds);
      feeds &= feeds - 1;
      return feed + 1;
    }

    const char* line;
    const char* first;
    const char* block;
    const char* block_last;
    const Letters* wanted;
    std::uint64_t feeds = 0;
    Stop stop = Stop::line;
  };

  Next stop(Lines& lines, const char* at, Stop where) noexcept {
    at_ = at;
    lines.stop = where;
    return Next::nothing;
  }
  // In front of the line. What may stand there is told by what stands in front of it.
  Next stop_line(Lines& lines, bool is_end) noexcept {
    if (lines.line != lines.first) {
      expected_ = is_end                  ? Expected::end
                  : lines.line[-2] == ',' ? Expected::item
                                          : Expected::item_or_end;
    }
    return stop(lines, lines.line - 1, Stop::line);
  }

  // Lines with an item, up to one without a comma or with an opening bracket.
  template <bool Object, bool Outermost>
  STRUCTWIRE_ALWAYS_INLINE Next items(Lines& lines, bool& object) noexcept {
    const char* member = member_;
    std::size_t count = count_;
    const auto leave = [&](Next next) {
      if (Outermost) {
        member_ = member;
        count_ = count;
      }
      return next;
    };
    while (true) {
      const char* const line = lines.line;
      if (!lines.find_feed()) [[unlikely]]
        return leave(stop_line(lines, false));
      const Line masks(line, *lines.wanted);
      const char* const key = line + std::countr_one(masks.blanks());
      const char* value = key;
      std::uint64_t quotes = masks.quotes();
      quotes &= quotes - 1;
      // Up to there is nothing but ASCII without escapes.
      const auto other = static_cast<unsigned>(std::countr_zero(masks.others()));
      const auto key_end = static_cast<unsigned>(std::countr_zero(quotes));
      if (Object) {
        if (*key != '"') [[unlikely]]
          return leave(stop_line(lines, false));
        value = line + key_end + 3;
        asm("" : "+r"(value));  // Its distance is computed where it is asked, which is seldom.
        if (std::memcmp(value - 2, ": ", 2) != 0) [[unlikely]]
          return leave(stop(lines, key, Stop::key));
        if (Outermost) {
          if (key_end >= other || !is_token(*value) || count == count_max_) [[unlikely]]
            return leave(stop(lines, key, Stop::key));
          if (may_be_known(key + 1, value - 3)) [[unlikely]]
            return leave(stop(lines, key, Stop::caller));
          member = value;
          ++count;
        }
        quotes &= quotes - 1;
        quotes &= quotes - 1;
      }
      const char first = *value;
      const char* end = nullptr;  // Behind the value.
      if (first == '"') [[likely]] {
        const auto text_end = static_cast<unsigned>(std::countr_zero(quotes));
        end = line + text_end + 1;
        if (text_end >= other) [[unlikely]] {
          if (Object && key_end >= other) return leave(stop(lines, key, Stop::key));
          end = rest_of_text(value + 1);
          if (end == nullptr) [[unlikely]]
            return leave(stop(lines, value, Stop::value));
        }
      } else {
        if (Object && key_end >= other) [[unlikely]]
          return leave(stop(lines, key, Stop::key));
        const FixedValue& fixed = fixed_values[FixedValue::place_of(first)];
        if (fixed.stands_at(value)) [[likely]] {
          end = value + fixed.size;
        } else if (is_digit(first)) {
          const auto before = static_cast<unsigned>(value - line);
          if (before >= Window::size) return leave(stop(lines, value, Stop::value));
          const auto digits = static_cast<unsigned>(std::countr_one(masks.digits() >> before));
          end = value + digits;
          if ((first == '0' && digits != 1) || digits > number_digits_ ||
              (*end != ',' && *end != '\n'))
            return leave(stop(lines, value, Stop::value));
        } else if ((first == '{' || first == '[') && value[1] == '\n' && depth_ + 1 < levels_) {
          object = first == '{';
          push(object);
          lines.line = lines.take_feed();
          return leave(Next::item);
        } else if (Object) {
          return leave(Outermost ? stop(lines, value, Stop::value) : stop(lines, key, Stop::key));
        } else {
          return leave(stop_line(lines, false));
        }
      }
      lines.line = lines.take_feed();
      // No line feed stood in front of this one.
      if (std::memcmp(end, ",\n", 2) != 0) [[unlikely]]
        return leave(*end == '\n' ? Next::bracket : stop(lines, end, Stop::behind_value));
    }
  }

  // Lines with a closing bracket, up to one with a comma.
  Next brackets(Lines& lines, bool& object) noexcept {
    while (true) {
      if (!lines.find_feed()) [[unlikely]]
        return stop_line(lines, true);
      const char* const bracket =
          lines.line + std::countr_one(Line(lines.line, *lines.wanted).blanks());
      if (*bracket != (object ? '}' : ']')) return stop_line(lines, true);
      if (depth_ == 0) return stop(lines, bracket, Stop::caller);
      if (--depth_ == 0 && known_ == nullptr) return stop(lines, bracket + 1, Stop::behind_value);
      object = in_object();
      lines.line = lines.take_feed();
      if (std::memcmp(bracket + 1, ",\n", 2) == 0) return Next::item;
      if (bracket[1] != '\n') return stop(lines, bracket + 1, Stop::behind_value);
    }
  }

  // Behind the beginning of a block, whose lines may reach a window further, and are looked at up
  // to eleven behind that.
  static constexpr std::ptrdiff_t needed = 2 * Window::size + 16;
  // Neither white space nor beyond ASCII, where no value begins.
  static bool is_token(char c) noexcept { return static_cast<signed char>(c) > ' '; }

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

  // As hard_text(), a window at a time; where it ends, or nullptr. What is rare is left to that.
  STRUCTWIRE_NOINLINE const char* rest_of_text(const char* const first) noexcept {
    std::uint64_t highs = 0;
    std::uint64_t escaped = 0;  // The first byte, where a backslash stands in front of the window.
    for (const char* at = first; end_ - at >= static_cast<std::ptrdiff_t>(Window::size);
         at += Window::size) {
      const Line masks(at, all_letters);
      std::uint64_t stops = masks.text_stops();
      if ((stops | escaped) == 0) {
        highs |= masks.highs();
        continue;
      }
      const char* stop = at + std::countr_zero(stops);
      if (escaped != 0 || *stop == '\\') {
        const std::uint64_t backslashes = masks.backslashes();
        escaped |= backslashes << 1;
        const std::uint64_t wrong = (escaped & ~masks.short_escapes()) | (escaped & backslashes);
        stops &= ~(escaped | backslashes);
        if ((wrong & in_front_of(stops)) != 0) break;
        escaped = backslashes >> 63;
        if (stops == 0) {
          highs |= masks.highs();
          continue;
        }
        stop = at + std::countr_zero(stops);
      }
      highs |= masks.highs() & in_front_of(stops);
      const std::string_view text(first, static_cast<std::size_t>(stop - first));
      return *stop == '"' && (highs == 0 || text_kernels::is_utf8(text)) ? stop + 1 : nullptr;
    }
    at_ = first;
    return hard_text() ? at_ : nullptr;
  }

  // What lies in front of the first one; everything where there is none.
  static std::uint64_t in_front_of(std::uint64_t mask) noexcept { return ~mask & (mask - 1); }

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
