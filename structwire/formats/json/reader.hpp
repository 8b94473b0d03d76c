// SPDX-License-Identifier: Apache-2.0
#pragma once

// The JSON Reader (docs/formats/json.md; the contract: core/reader.hpp).
//
// Strict RFC 8259: no comments, no trailing commas, no NaN, only the four white space characters, valid
// UTF-8. Whenever a read function is called, the cursor stands on the first byte of a value: white space is
// passed where structure is read. Errors and long forms are compiled once, in reader.cpp.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/match.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/raw.hpp>
#include <structwire/core/reader.hpp>
#include <structwire/core/simd.hpp>
#include <structwire/core/text_kernels.hpp>
#include <structwire/core/value.hpp>
#include <structwire/formats/json/format.hpp>
#include <structwire/formats/json/skip.hpp>

namespace structwire::json {

/// An integer as it stands in the text: up to 2^64 - 1 on either side of zero.
struct Integer {
  std::uint64_t magnitude = 0;
  bool negative = false;
};

/// An integer of up to 18 digits that ends there; `end` is nullptr where something else stands.
struct PlainInteger {
  const std::uint8_t* end;
  std::uint64_t magnitude;
};
PlainInteger read_plain_integer(const std::uint8_t* at, const std::uint8_t* end) noexcept;

/// The standard integer types, signed char to unsigned long long.
template <class I>
concept StandardInteger = std::is_integral_v<I> && !std::is_same_v<I, bool> &&
                          (std::is_same_v<I, std::make_signed_t<I>> || std::is_same_v<I, std::make_unsigned_t<I>>);

/// Integers of up to 15 digits with nothing but commas between them, at most `count`: how many. `at` is then behind the
/// last one. Stops before what is no such integer, does not fit, or stands too near the end to be read at once.
template <StandardInteger I>
std::size_t read_plain_integers(const std::uint8_t*& at, const std::uint8_t* end, I* out, std::size_t count) noexcept;

// The state and everything that does not depend on the type being read.
class ReaderBase : public ReaderState {
 public:
  ReaderBase(std::string_view input, const DecodeOptions& options) noexcept
      : ReaderState(options),
        begin_(reinterpret_cast<const std::uint8_t*>(input.data())),
        cursor_(begin_),
        end_(begin_ + input.size()) {
    skip_space();
  }

  struct ArrayScope {
    std::size_t count = 0;  // Items and entries that were begun.
    std::size_t hint = 0;
    // How much white space stands in front of an item, and in front of the closing bracket, as far as is known.
    unsigned width = 0;
    unsigned outer = 0;
  };
  using MapScope = ArrayScope;
  using StructScope = ArrayScope;
  struct Mark {
    const std::uint8_t* cursor;
    unsigned depth_left;
  };

  std::size_t offset() const noexcept { return static_cast<std::size_t>(cursor_ - begin_); }
  bool finish();
  /// Does another value follow? Values stand behind each other with white space between them.
  bool more() {
    skip_space();
    return cursor_ != end_;
  }

  bool read(bool& out);
  bool read(double& out);
  bool read(float& out);
  bool read_text(std::string_view& out);
  bool read_bytes(Bytes& out);
  bool read_bytes(Buffer& out);
  bool read_some(bool& some) {
    some = cursor_ == end_ || *cursor_ != 'n';
    return some || read_null();
  }

  /// Passes over one value and shows its pieces to the visitor (formats/json/walk.hpp).
  template <class Visitor>
  bool walk(Visitor&& visitor);

  bool open_array(ArrayScope&);
  bool more_items(ArrayScope& scope);
  bool open_map(MapScope&);
  /// Leaves the cursor on the key's first quote.
  bool more_entries(MapScope& scope);
  bool close_key(MapScope&);

  Kind peek() const noexcept;
  Kind kind() const noexcept;
  STRUCTWIRE_COLD bool refuse(KindSet expected);
  STRUCTWIRE_COLD bool refuse_tag(Kind wanted, std::size_t start);
  bool read_scalar(Value& out);
  bool read_number_text(std::string_view& out);
  bool read_ext(Ext& out);
  bool skip();
  bool capture(Raw& out);
  bool capture(RawView& out);

  Mark mark() const noexcept { return {cursor_, depth_left()}; }
  void rewind(const Mark& mark) noexcept {
    clear_error();
    cursor_ = mark.cursor;
    restore_depth(mark.depth_left);
  }
  void return_to(std::size_t offset) noexcept { cursor_ = begin_ + offset; }
  bool borrowed(std::string_view text) const noexcept {
    const auto* at = reinterpret_cast<const std::uint8_t*>(text.data());
    return at >= begin_ && at <= end_;
  }

 protected:
  void skip_space() noexcept {
    // 0x20 is the largest white space character, and compact JSON has none at all.
    if (cursor_ != end_ && *cursor_ <= ' ') [[unlikely]] skip_space_slow();
  }
  void skip_space_slow() noexcept;
  bool read_null();
  bool read_integer(Integer& out);

  enum class NextKey { predicted, other, none };
  /// From the key (which was counted) or the value of a member to the next key that may be known.
  NextKey pass_members(StructScope& scope, const KeyFilter& known, bool from_key);

  STRUCTWIRE_COLD bool out_of_range(bool above, std::int64_t low, std::uint64_t high, std::size_t start);

  const std::uint8_t* begin_;
  const std::uint8_t* cursor_;
  const std::uint8_t* end_;

  // The widest white space in front of an item so far, and its size: that of other lines is the same, or a part of it,
  // in text that a program wrote.
  const std::uint8_t* indent_ = nullptr;
  unsigned indent_size_ = 0;
  // The white space in front of the line that is read, and how much more the next level has.
  unsigned line_ = 0;
  unsigned step_ = 0;

 private:
  bool more_entries(MapScope& scope, const char* no_key);
  bool skip_scalar(Kind kind);
  bool skip_text();
  STRUCTWIRE_COLD bool too_many(const char* text);
  struct NumberText {
    std::string_view text;
    bool integer;
  };

  STRUCTWIRE_COLD bool malformed(const char* what, std::size_t at);
  STRUCTWIRE_COLD bool malformed_here(const char* what) { return malformed(what, offset()); }
  STRUCTWIRE_COLD bool mismatch_number(KindSet expected, const NumberText& number, std::size_t start);
  bool expect(std::string_view word, std::size_t read);
  bool expect(std::string_view word) { return expect(word, word.size()); }
  bool scan_number(NumberText& out);
  bool integer_of(std::string_view text, std::size_t start, Integer& out);
  template <class Float>
  bool read_floating(Float& out);
  bool integer_fits(std::string_view text, Integer& out);
  bool number_value(const NumberText& number, std::size_t start, Value& out);
  bool number_at_cursor(NumberText& out);
  bool read_escaped(const std::uint8_t* run, std::string_view& out);
  struct EscapeSentences;
  template <class AddRun, class AddCodePoint>
  bool scan_text(const EscapeSentences& sentences, AddRun add_run, AddCodePoint add_code_point);
  bool read_escape(const EscapeSentences& sentences, std::uint32_t& code);
  bool read_code_unit(std::uint32_t& unit);
  bool read_unicode_escape(const EscapeSentences& sentences, std::uint32_t& code);
  bool check_run(std::string_view text, bool ascii);
  text_kernels::Run run_from(const std::uint8_t* at) const noexcept;
  bool read_base64_text(std::string_view& out);

  std::string scratch_;  // Text with escapes, until the next read.
};

inline namespace STRUCTWIRE_INLINE {

/// The bytes `"name":` of a member.
template <class P, std::size_t I>
inline constexpr auto key_bytes = [] {
  constexpr std::string_view name = P::key(I);
  std::array<std::uint8_t, name.size() + 3> bytes{};
  bytes[0] = '"';
  for (std::size_t i = 0; i < name.size(); ++i) bytes[i + 1] = static_cast<std::uint8_t>(name[i]);
  bytes[name.size() + 1] = '"';
  bytes[name.size() + 2] = ':';
  return bytes;
}();

/// The names that a struct knows, aliases too.
template <class P>
inline constexpr KeyFilter known_keys = [] {
  KeyFilter known;
  for (const std::string_view name : P::key_names) known.add(name);
  for (const auto& member : P::members) {
    for (const std::string_view alias : member.aliases) known.add(alias);
  }
  return known;
}();

/// What stands most often is read here, inlined: short ASCII text, integers of up to 18 digits, commas without
/// white space. Everything else is ReaderBase's.
class Reader : public ReaderBase {
 public:
  static constexpr FormatTraits traits = json::traits;
  static const Format& format() noexcept { return json::format(); }

  using ReaderBase::read;
  using ReaderBase::ReaderBase;

  bool read_text(std::string_view& out) {
    const std::uint8_t* const run = cursor_ + 1;
    if (static_cast<std::size_t>(end_ - cursor_) > Block::size && *cursor_ == '"') [[likely]] {
      const Block block = Block::load(run);
      const Block::Mask stops = block.equal('"') | block.equal('\\') | block.below(0x20) | block.high();
      const unsigned size = Block::first(stops);
      if (stops != 0 && run[size] == '"') [[likely]] {
        out = {reinterpret_cast<const char*>(run), size};
        cursor_ = run + size + 1;
        return true;
      }
    }
    return ReaderBase::read_text(out);
  }

  bool open_array(ArrayScope& scope) {
    if (cursor_ == end_ || *cursor_ != '[') [[unlikely]] return ReaderBase::open_array(scope);
    ++cursor_;
    scope.outer = line_;
    return true;
  }
  bool more_items(ArrayScope& scope) {
    if (end_ - cursor_ > 1) [[likely]] {
      const std::uint8_t c = *cursor_;
      if (c == ']') {
        ++cursor_;
        return false;
      }
      const bool comma = c == ',';
      const std::uint8_t first = cursor_[comma];
      if (comma == (scope.count != 0) && first > ' ' && first != ']' && scope.count != limits().container_items)
          [[likely]] {
        ++scope.count;
        cursor_ += comma;
        return true;
      }
    }
    return more_spaced_items(scope);
  }
  bool open_map(MapScope& scope) {
    if (cursor_ == end_ || *cursor_ != '{') [[unlikely]] return ReaderBase::open_map(scope);
    ++cursor_;
    scope.outer = line_;
    return true;
  }
  bool more_entries(MapScope& scope) {
    if (end_ - cursor_ > 1) [[likely]] {
      const std::uint8_t c = *cursor_;
      if (c == '}') {
        ++cursor_;
        return false;
      }
      const bool comma = c == ',';
      if (cursor_[comma] == '"' && comma == (scope.count != 0) && scope.count != limits().container_items) [[likely]] {
        ++scope.count;
        cursor_ += comma;
        return true;
      }
    }
    return more_spaced_entries(scope);
  }
  bool close_key(MapScope& scope) {
    if (end_ - cursor_ > 2 && cursor_[0] == ':' && cursor_[1 + (cursor_[1] == ' ')] > ' ') [[likely]] {
      cursor_ += 1 + (cursor_[1] == ' ');
      return true;
    }
    return ReaderBase::close_key(scope);
  }

  bool read(double& out) {
    const auto* const text = reinterpret_cast<const char*>(cursor_);
    double value = 0;
    const char* const behind = read_number(text, reinterpret_cast<const char*>(end_), value);
    // x - x is 0 for every finite x.
    const bool good = behind != nullptr && value - value == 0 &&
                      static_cast<std::size_t>(behind - text) <= limits().number_digits;
    if (!good) [[unlikely]] return ReaderBase::read(out);
    out = value;
    cursor_ += behind - text;
    return true;
  }

  /// Numbers without white space between them, the first of which more_items has announced.
  std::size_t read_plain_items(ArrayScope& scope, double* items, std::size_t count) noexcept {
    if (limits().number_digits < plain_number_max) return 0;
    const auto* at = reinterpret_cast<const char*>(cursor_);
    const std::size_t count_max = limits().container_items - scope.count + 1;
    const std::size_t read =
        read_plain_numbers(at, reinterpret_cast<const char*>(end_), items, count < count_max ? count : count_max);
    if (read == 0) return 0;
    cursor_ = reinterpret_cast<const std::uint8_t*>(at);
    scope.count += read - 1;
    return read;
  }

  template <StandardInteger I>
  std::size_t read_plain_items(ArrayScope& scope, I* items, std::size_t count) noexcept {
    const std::size_t count_max = limits().container_items - scope.count + 1;
    const std::size_t read = read_plain_integers(cursor_, end_, items, count < count_max ? count : count_max);
    if (read != 0) scope.count += read - 1;
    return read;
  }

  /// As many arrays of `width` numbers each, the first of which more_items has announced.
  std::size_t read_plain_rows(ArrayScope& scope, double* items, std::size_t width, std::size_t rows) noexcept {
    if (limits().number_digits < plain_number_max || limits().container_items < width || depth_left() == 0) return 0;
    const auto* at = reinterpret_cast<const char*>(cursor_);
    const std::size_t rows_max = limits().container_items - scope.count + 1;
    const std::size_t read = structwire::read_plain_rows(at, reinterpret_cast<const char*>(end_), items, width,
                                                         rows < rows_max ? rows : rows_max);
    if (read == 0) return 0;
    cursor_ = reinterpret_cast<const std::uint8_t*>(at);
    scope.count += read - 1;
    return read;
  }

  template <class I>
    requires(std::is_integral_v<I> && !std::is_same_v<I, bool>)
  bool read(I& out) {
    const std::size_t start = offset();
    Integer integer;
    const PlainInteger plain = read_plain_integer(cursor_, end_);
    if (plain.end != nullptr) [[likely]] {
      integer = {plain.magnitude, *cursor_ == '-'};
      cursor_ = plain.end;
    } else if (!read_integer(integer)) {
      return false;
    }
    using Range = std::numeric_limits<I>;
    constexpr auto high = static_cast<std::uint64_t>(Range::max());
    constexpr auto low = static_cast<std::uint64_t>(0) - static_cast<std::uint64_t>(Range::min());
    if (integer.negative) {
      if (integer.magnitude > low) {
        return out_of_range(false, static_cast<std::int64_t>(Range::min()), high, start);
      }
      out = static_cast<I>(std::uint64_t{0} - integer.magnitude);
    } else {
      if (integer.magnitude > high) {
        return out_of_range(true, static_cast<std::int64_t>(Range::min()), high, start);
      }
      out = static_cast<I>(integer.magnitude);
    }
    return true;
  }

  template <class P>
  bool open_struct(StructScope& scope) {
    return open_map(scope);
  }

  template <class P, std::size_t I>
  int next_member(StructScope& scope) {
    if constexpr (I < P::key_count) {
      // One compare for text with and without white space. What is not so simple is next_spaced_key's.
      constexpr const auto& key = key_bytes<P, I>;
      constexpr bool comma = I != 0;
      const unsigned width = comma ? scope.width : 0;
      const std::uint8_t* at = cursor_ + comma + width;
      if (end_ - at > static_cast<std::ptrdiff_t>(key.size()) && (comma ? *cursor_ == ',' : scope.count == 0) &&
          matches(at, key)) [[likely]] {
        at += key.size();
        const bool spaced = width != 0;
        if (!spaced || (end_ - cursor_ > line_max<key.size()> && is_indent(cursor_ + 1, width))) [[likely]] {
          if (spaced) at += *at == ' ';
          if (*at > ' ' && scope.count != limits().container_items) [[likely]] {
            ++scope.count;
            cursor_ = at;
            return static_cast<int>(I);
          }
        }
      }
    }
    switch (next_spaced_key<P, I>(scope)) {
      case NextKey::predicted: return static_cast<int>(I);
      case NextKey::other:
        if constexpr (I < P::key_count) {
          return other_member<P>(scope, key_bytes<P, I>.data(), key_bytes<P, I>.size(), static_cast<int>(I));
        } else {
          return other_member<P>(scope, nullptr, 0, nothing_predicted);
        }
      case NextKey::none: break;
    }
    return failed() ? member_error : member_end;
  }

  template <class P>
  int skip_members(StructScope& scope) {
    if (pass_members(scope, known_keys<P>, false) == NextKey::other) return look_up_member<P>(scope);
    return failed() ? member_error : member_end;
  }

 private:
  // True where the `width` bytes at `at` are those of an earlier indentation, which is asked for in blocks, all of
  // which must be there. Pretty text is read as fast as its processor can go ahead: what follows does not wait for the
  // white space to be measured.
  static constexpr unsigned indent_max = Block::size > 32 ? Block::size : 32;
  // Bytes that such a compare may touch, from the comma to the blank behind the colon, and one more.
  template <std::size_t Key>
  static constexpr std::ptrdiff_t line_max = 1 + indent_max + Key + 2;
  // 0 < width <= indent_size_, as it is in scopes.
  bool is_indent(const std::uint8_t* at, unsigned width) const noexcept {
    for (unsigned i = 0; i < indent_max; i += Block::size) {
      const Block::Mask others = Block::load(at + i).equal(Block::load(indent_ + i)) ^ Block::all;
      if (others != 0 || i + Block::size >= indent_max) return i + Block::first(others) >= width;
    }
    return false;
  }
  // What stands behind the last item: the next one, or the closing bracket.
  struct Line {
    const std::uint8_t* at;  // nullptr where ReaderBase has to judge.
    std::size_t comma;       // 0 or 1. GCC 16 clears the padding of a bool through memory, and waits for it.
  };
  STRUCTWIRE_ALWAYS_INLINE Line next_line(ArrayScope& scope) noexcept {
    const std::uint8_t* at = cursor_;
    if (at == end_) return {nullptr, false};
    const bool first = scope.count == 0;
    bool comma = *at == ',';
    at += comma;
    const unsigned expected = comma ? scope.width : first ? line_ + step_ : scope.outer;
    if (expected - 1u < indent_size_ && end_ - at > line_max<0> && is_indent(at, expected) && at[expected] > ' ' && at[expected] != ',') [[likely]] {
      if (first) line_ = scope.width = expected;
      return {at + expected, comma};
    }
    const std::uint8_t* start = at;
    at = space_end(at, end_);
    if (!comma && at != end_ && *at == ',') {
      comma = true;
      start = ++at;
      at = space_end(at, end_);
    }
    if (at == end_) return {nullptr, comma};
    if (comma || first) learn_indent(scope, start, static_cast<std::size_t>(at - start));
    return {at, comma};
  }
  STRUCTWIRE_NOINLINE void learn_indent(ArrayScope& scope, const std::uint8_t* at, std::size_t width) noexcept {
    if (width > indent_max || static_cast<std::size_t>(end_ - at) < indent_max) width = 0;
    if (width > indent_size_) {
      indent_ = at;
      indent_size_ = static_cast<unsigned>(width);
    }
    scope.width = static_cast<unsigned>(width);
    if (scope.count != 0) return;
    line_ = scope.width;
    step_ = line_ > scope.outer ? line_ - scope.outer : 0;
  }
  bool begin_item(ArrayScope& scope, const Line& line) noexcept {
    if (line.comma == (scope.count == 0) || scope.count == limits().container_items) return false;
    ++scope.count;
    cursor_ = line.at;
    return true;
  }
  bool end_scope(const ArrayScope& scope, const Line& line) noexcept {
    if (line.comma) return false;
    cursor_ = line.at + 1;
    line_ = scope.outer;
    return true;
  }
  STRUCTWIRE_NOINLINE bool more_spaced_items(ArrayScope& scope) {
    const Line line = next_line(scope);
    if (line.at != nullptr) [[likely]] {
      if (*line.at == ']') {
        if (end_scope(scope, line)) return false;
      } else if (begin_item(scope, line)) {
        return true;
      }
    }
    return ReaderBase::more_items(scope);
  }
  STRUCTWIRE_NOINLINE bool more_spaced_entries(MapScope& scope) {
    const Line line = next_line(scope);
    if (line.at != nullptr) [[likely]] {
      if (*line.at == '}') {
        if (end_scope(scope, line)) return false;
      } else if (*line.at == '"' && begin_item(scope, line)) {
        return true;
      }
    }
    return ReaderBase::more_entries(scope);
  }

  template <class P, std::size_t I>
  NextKey next_spaced_key(StructScope& scope) {
    if constexpr (I < P::key_count) {
      return next_spaced_key(scope, key_bytes<P, I>.data(), key_bytes<P, I>.size());
    } else {
      return more_entries(scope) ? NextKey::other : NextKey::none;
    }
  }

  // Indented text, and what else the compare with `,"name":` does not meet. Once for all structs.
  STRUCTWIRE_NOINLINE NextKey next_spaced_key(StructScope& scope, const std::uint8_t* key, std::size_t size) {
    if (!more_spaced_entries(scope)) return NextKey::none;
    return take_key(key, size) ? NextKey::predicted : NextKey::other;
  }
  bool take_key(const std::uint8_t* key, std::size_t size) noexcept {
    if (static_cast<std::size_t>(end_ - cursor_) < size || std::memcmp(cursor_, key, size) != 0) return false;
    cursor_ = space_end(cursor_ + size, end_);
    return true;
  }

  static constexpr int nothing_predicted = -1;

  // Another key than predicted, which mostly stands behind the unknown ones.
  template <class P>
  STRUCTWIRE_NOINLINE int other_member(StructScope& scope, const std::uint8_t* key, std::size_t size, int index) {
    if (P::ignores_unknown_fields(options().unknown_fields)) {
      if (pass_members(scope, known_keys<P>, true) == NextKey::none) return failed() ? member_error : member_end;
      if (index != nothing_predicted && take_key(key, size)) return index;
    }
    return look_up_member<P>(scope);
  }
  template <class P>
  STRUCTWIRE_NOINLINE int look_up_member(StructScope& scope) {
    const std::size_t start = offset();
    std::string_view key;
    if (!read_text(key)) return member_error;
    const int index = P::find(key);
    if (!close_key(scope)) return member_error;
    if (index >= 0) return index;
    unknown_key(key, start);
    return member_unknown;
  }
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::json
