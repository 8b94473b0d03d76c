// SPDX-License-Identifier: Apache-2.0
#pragma once

// The parser of patterns, for the compiler and, when patterns come as data, for run time: from text
// to the instructions of core/pattern_program.hpp in one pass and without recursion. The dialect:
// core/pattern.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>
#include <vector>

#include <structwire/core/config.hpp>
#include <structwire/core/pattern_assembler.hpp>
#include <structwire/core/pattern_classes.hpp>
#include <structwire/core/pattern_program.hpp>
#include <structwire/core/utf8.hpp>

namespace structwire::pattern_matching {

/// What of a pattern is outside the dialect, in a few words (compilers cut more than 32
/// characters), and at which byte of it.
struct Refusal {
  std::string_view what;
  std::size_t at = 0;
};

inline namespace STRUCTWIRE_INLINE {

class Parser {
 public:
  constexpr explicit Parser(std::string_view text) : text_(text) {}

  constexpr std::expected<OwnedProgram, Refusal> parse() {
    while (at_ < text_.size()) {
      const std::size_t start = at_;
      if (!step() || !fits(0, start)) return std::unexpected(refusal_);
    }
    if (!open_.empty()) return std::unexpected(Refusal{"( that is never closed", open_.back()});
    return std::move(out_).finish();
  }

 private:
  constexpr bool refuse(std::string_view what, std::size_t at) {
    refusal_ = {what, at};
    return false;
  }
  // One instruction more ends the program.
  constexpr bool fits(std::size_t more, std::size_t at) {
    return out_.size() + more < program_max || refuse("more than 4096 instructions", at);
  }
  constexpr bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  constexpr bool take(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }

  // One atom with its repeats, or one sign between atoms.
  constexpr bool step() {
    const std::size_t begin = out_.size();
    switch (text_[at_]) {
      case '(':
        return open_group();
      case ')':
        return close_group();
      case '|':
        ++at_;
        out_.next_alternative();
        return true;
      case '^':
        ++at_;
        out_.add(Operation::at_start);
        return place();
      case '$':
        ++at_;
        out_.add(Operation::at_end);
        return place();
      case ']':
        return refuse("] that closes nothing", at_);
      case '.':
        ++at_;
        out_.add_class(CodePointSet().add({'\n', '\n'}).complement());
        return repeats(begin);
      case '[':
        return read_class() && repeats(begin);
      case '\\':
        return escape(begin);
      default:
        break;
    }
    if (is_repeat()) return refuse("nothing to repeat", at_);
    return literal() && repeats(begin);
  }

  // Behind ^ and the like, which Python does not repeat either.
  constexpr bool place() { return !is_repeat() || refuse("nothing to repeat", at_); }

  constexpr bool literal() {
    std::uint32_t code = 0;
    if (!read_code_point(code)) return false;
    out_.add(Operation::character, static_cast<std::ptrdiff_t>(code));
    return true;
  }

  constexpr bool read_code_point(std::uint32_t& code) {
    const utf8::CodePoint point = utf8::code_point_at(text_, at_);
    if (!point.valid) return refuse("not UTF-8", at_);
    at_ += point.length;
    code = point.code;
    return true;
  }

  // ---- groups and alternatives ----

  constexpr bool open_group() {
    const std::size_t at = at_++;
    if (take('?') && !take(':')) return refuse(kind_of_group(), at);
    open_.push_back(at);
    out_.open_group();
    return true;
  }

  constexpr std::string_view kind_of_group() const {
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    const char second = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == '=' || c == '!' || (c == '<' && (second == '=' || second == '!'))) {
      return "look-around";
    }
    if (c == 'P' || c == '<' || c == '\'') return "named group";
    if (c == '-' || (c >= 'a' && c <= 'z')) return "inline flags";
    return "group other than ( ) and (?: )";
  }

  constexpr bool close_group() {
    if (open_.empty()) return refuse(") that closes nothing", at_);
    ++at_;
    open_.pop_back();
    return repeats(out_.close_group());
  }

  // ---- repeats ----

  constexpr bool is_repeat() const {
    if (at_ == text_.size()) return false;
    const char c = text_[at_];
    if (c != '{') return c == '*' || c == '+' || c == '?';
    std::size_t behind = at_;
    Repeat ignored;
    return bounds(behind, ignored);
  }

  // {n} {n,} {,m} {n,m} {,}; any other { is a character, as in Python. Numbers above the limit stay
  // above it.
  constexpr bool bounds(std::size_t& at, Repeat& repeat) const {
    const auto number = [&](std::size_t missing) {
      const std::size_t start = ++at;
      std::size_t value = 0;
      for (; at < text_.size() && text_[at] >= '0' && text_[at] <= '9'; ++at) {
        value = std::min(value * 10 + static_cast<std::size_t>(text_[at] - '0'), repeat_max + 1);
      }
      return at == start ? missing : value;
    };
    repeat.low = number(0);
    const bool comma = at < text_.size() && text_[at] == ',';
    if (!comma && text_[at - 1] == '{') return false;
    repeat.high = comma ? number(unbounded) : repeat.low;
    if (at >= text_.size() || text_[at] != '}') return false;
    ++at;
    return true;
  }

  // What follows the atom that began at `begin`.
  constexpr bool repeats(std::size_t begin) {
    if (!is_repeat()) return true;
    const std::size_t start = at_;
    Repeat repeat{text_[at_] == '+' ? std::size_t{1} : 0, text_[at_] == '?' ? 1 : unbounded};
    if (text_[at_] == '{') {
      bounds(at_, repeat);
    } else {
      ++at_;
    }
    if (repeat.low > repeat_max || (repeat.high != unbounded && repeat.high > repeat_max)) {
      return refuse("repeat above 1000", start);
    }
    if (repeat.low > repeat.high) return refuse("repeat with swapped bounds", start);
    if (next_is('+')) return refuse("possessive repeat", at_);
    take('?');  // Lazy: the shorter match is a match as well.
    if (is_repeat()) return refuse("repeat of a repeat, ungrouped", at_);
    if (!fits(out_.growth_of(begin, repeat), start)) return false;
    out_.repeat_from(begin, repeat);
    return true;
  }

  // ---- escapes and classes ----

  constexpr bool escape(std::size_t begin) {
    const std::size_t start = at_++;
    if (at_ == text_.size()) return refuse("backslash at the end", start);
    const char c = text_[at_];
    if (const Operation operation = place_of(c); operation != Operation::found) {
      ++at_;
      out_.add(operation);
      return place();
    }
    if (c >= '1' && c <= '9') return refuse("back reference", start);
    CodePointSet set;
    if (set.add_escape(c)) {
      ++at_;
      out_.add_class(set);
      return repeats(begin);
    }
    std::uint32_t code = 0;
    if (!escaped_code_point(start, code)) return false;
    out_.add(Operation::character, static_cast<std::ptrdiff_t>(code));
    return repeats(begin);
  }

  static constexpr Operation place_of(char c) {
    switch (c) {
      case 'A':
        return Operation::at_start;
      case 'Z':
        return Operation::at_very_end;
      case 'b':
        return Operation::at_word_edge;
      case 'B':
        return Operation::not_at_word_edge;
      default:
        return Operation::found;
    }
  }

  // Behind the backslash at `start`.
  constexpr bool escaped_code_point(std::size_t start, std::uint32_t& code) {
    const char c = text_[at_];
    switch (c) {
      case 'n':
        code = '\n';
        break;
      case 't':
        code = '\t';
        break;
      case 'r':
        code = '\r';
        break;
      case 'f':
        code = '\f';
        break;
      case 'v':
        code = '\v';
        break;
      case 'x':
        return hexadecimal(start, 2, code);
      case 'u':
        return hexadecimal(start, 4, code);
      default: {
        const bool letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return letter ? refuse("unknown escape", start) : read_code_point(code);
      }
    }
    ++at_;
    return true;
  }

  constexpr bool hexadecimal(std::size_t start, int digits, std::uint32_t& code) {
    ++at_;
    code = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      const char c = at_ < text_.size() ? text_[at_] : '\0';
      const char lower = static_cast<char>(c | 0x20);
      const bool digit = c >= '0' && c <= '9';
      if (!digit && (lower < 'a' || lower > 'f'))
        return refuse("too few hexadecimal digits", start);
      code = code * 16 + static_cast<std::uint32_t>(digit ? c - '0' : lower - 'a' + 10);
    }
    if (code >= 0xD800 && code <= 0xDFFF) return refuse("surrogate", start);
    return true;
  }

  // One member of a class: a code point, or a class escape, which has joined `set` and is no end of
  // a range.
  constexpr bool read_class_member(CodePointSet& set, std::uint32_t& code, bool& single) {
    single = true;
    if (text_[at_] != '\\') return read_code_point(code);
    const std::size_t start = at_++;
    if (at_ == text_.size()) return refuse("backslash at the end", start);
    if (set.add_escape(text_[at_])) {
      ++at_;
      single = false;
      return true;
    }
    if (take('b')) {
      code = '\b';
      return true;
    }
    return escaped_code_point(start, code);
  }

  constexpr bool read_class() {
    const std::size_t open = at_++;
    const bool negated = take('^');
    CodePointSet set;
    // A ] right at the start is a member.
    for (bool first = true; first || !next_is(']'); first = false) {
      if (at_ == text_.size()) return refuse("[ that is never closed", open);
      const std::size_t start = at_;
      Range range;
      bool single = false;
      if (!read_class_member(set, range.first, single)) return false;
      range.last = range.first;
      // A - that ends the class is a member.
      if (next_is('-') && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
        ++at_;
        bool single_end = false;
        if (!read_class_member(set, range.last, single_end)) return false;
        if (!single || !single_end) return refuse("class escape in a range", start);
        if (range.first > range.last) return refuse("range with swapped ends", start);
      }
      if (single) set.add(range);
    }
    ++at_;
    if (negated) set = set.complement();
    out_.add_class(set);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Assembler out_;
  std::vector<std::size_t> open_;  // The bytes of parentheses that are not closed yet.
  Refusal refusal_;
};

/// The program of a pattern, or what is wrong with it. Time: at most the bytes of the pattern times
/// the instructions of its program.
constexpr std::expected<OwnedProgram, Refusal> parse(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::pattern_matching
