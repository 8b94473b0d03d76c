// SPDX-License-Identifier: Apache-2.0
#pragma once

// The MessagePack Reader (docs/formats/msgpack.md; the contract: core/reader.hpp).
//
// The short forms that nearly all values take are decoded inline; other forms and every error go to
// functions that are compiled once (reader.cpp). Non-shortest forms are accepted. Nothing is read beyond the
// input and no padding is asked for.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/match.hpp>
#include <structwire/core/raw.hpp>
#include <structwire/core/reader.hpp>
#include <structwire/core/short_text.hpp>
#include <structwire/core/utf8.hpp>
#include <structwire/core/value.hpp>
#include <structwire/formats/msgpack/constants.hpp>
#include <structwire/formats/msgpack/format.hpp>

namespace structwire::msgpack {

/// An integer of either sign: negative ones are `magnitude` as two's complement.
struct WideInteger {
  std::uint64_t bits = 0;
  bool negative = false;
};

// The state and everything that does not depend on the type being read.
class ReaderBase : public ReaderState {
 public:
  ReaderBase(std::span<const std::byte> input, const DecodeOptions& options) noexcept
      : ReaderState(options),
        begin_(reinterpret_cast<const std::uint8_t*>(input.data())),
        cursor_(begin_),
        end_(begin_ + input.size()) {}

  std::size_t offset() const noexcept { return static_cast<std::size_t>(cursor_ - begin_); }
  std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - cursor_); }
  bool finish() { return cursor_ == end_ || trailing(); }
  /// Does another value follow? Values stand behind each other.
  bool more() const noexcept { return cursor_ != end_; }

  struct Mark {
    const std::uint8_t* cursor;
    unsigned depth_left;
  };

  Kind peek() const noexcept;
  Kind kind() const noexcept { return peek(); }
  STRUCTWIRE_COLD bool refuse(KindSet expected);
  bool skip();
  bool read_scalar(Value& out);
  bool read_ext(Ext& out);
  /// The same, without a copy: `data` is borrowed from the input.
  bool borrow_ext(std::int8_t& code, std::span<const std::byte>& data);
  bool capture(Raw& out);
  bool capture(RawView& out);
  bool read_bytes(std::span<const std::byte>& out);

  Mark mark() const noexcept { return {cursor_, depth_left()}; }
  void rewind(const Mark& mark) noexcept {
    clear_error();
    cursor_ = mark.cursor;
    restore_depth(mark.depth_left);
  }
  void return_to(std::size_t offset) noexcept { cursor_ = begin_ + offset; }
  bool borrowed(std::string_view) const noexcept { return true; }
  bool read_bytes(Bytes& out);
  bool read_bytes(Buffer& out);

 protected:
  // Wide forms and mismatches.
  bool read_wide_integer(WideInteger& out);
  bool read_float_slow(double& out);
  /// `text`, which stands at the cursor and is not ASCII or not short.
  bool take_other_text(std::string_view text);
  bool read_text_slow(std::string_view& out);
  bool open_array_slow(std::uint32_t& count);
  bool open_map_slow(std::uint32_t& count);
  /// The key at the cursor, for look-up; false with no error recorded never happens.
  bool read_key(std::string_view& out);

  STRUCTWIRE_COLD bool out_of_range(bool above, std::int64_t low, std::uint64_t high, std::size_t start);
  STRUCTWIRE_COLD bool invalid_text(std::string_view text);
  STRUCTWIRE_COLD bool truncated_here() { return truncated(offset()); }
  STRUCTWIRE_COLD bool trailing();

  const std::uint8_t* begin_;
  const std::uint8_t* cursor_;
  const std::uint8_t* end_;

 private:
  bool take(std::size_t size, const std::uint8_t*& out);
  template <class Unsigned>
  bool take_number(std::uint64_t& out);
  bool take_length(unsigned width, std::size_t& out);
  bool payload_size(std::uint8_t opcode, std::size_t& size);
  bool skip_header_or_scalar();
  bool check_size(std::size_t size);
  bool check_count(std::size_t size, std::uint32_t& count);
};

inline namespace STRUCTWIRE_INLINE {

class Reader : public ReaderBase {
 public:
  static constexpr FormatTraits traits = msgpack::traits;
  static const Format& format() noexcept { return msgpack::format(); }

  using ReaderBase::ReaderBase;

  struct ArrayScope {
    std::uint32_t remaining = 0;
    std::uint32_t announced = 0;
    std::size_t hint = 0;
  };
  using MapScope = ArrayScope;
  struct StructScope {
    std::uint32_t remaining = 0;
  };

  bool read(bool& out) {
    if (cursor_ == end_) return truncated_here();
    if ((*cursor_ & 0xfe) != boolean_false) return refuse(Kind::boolean);
    out = *cursor_++ == boolean_true;
    return true;
  }

  template <class Integer>
    requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
  bool read(Integer& out) {
    if (cursor_ != end_ && *cursor_ < 0x80) {
      out = static_cast<Integer>(*cursor_++);
      return true;
    }
    WideInteger wide;
    const std::uint8_t* const start = cursor_;
    if (left() >= 9 && *cursor_ >= uint8 && *cursor_ <= int64) [[likely]] {
      const std::uint8_t opcode = *cursor_++;
      const auto take = [&]<class Number>(Number) {
        const auto value = static_cast<Number>(load_big_endian<std::make_unsigned_t<Number>>(cursor_));
        cursor_ += sizeof value;
        wide = {static_cast<std::uint64_t>(value), value < 0};
      };
      switch (opcode) {
        case uint8: take(std::uint8_t{}); break;
        case uint16: take(std::uint16_t{}); break;
        case uint32: take(std::uint32_t{}); break;
        case uint64: take(std::uint64_t{}); break;
        case int8: take(std::int8_t{}); break;
        case int16: take(std::int16_t{}); break;
        case int32: take(std::int32_t{}); break;
        default: take(std::int64_t{}); break;
      }
    } else if (!read_wide_integer(wide)) {
      return false;
    }
    using Range = std::numeric_limits<Integer>;
    const bool fits = wide.negative ? !std::cmp_less(static_cast<std::int64_t>(wide.bits), Range::min())
                                    : !std::cmp_greater(wide.bits, Range::max());
    if (!fits) [[unlikely]] {
      return out_of_range(!wide.negative, static_cast<std::int64_t>(Range::min()), Range::max(),
                          static_cast<std::size_t>(start - begin_));
    }
    out = static_cast<Integer>(wide.bits);
    return true;
  }

  bool read(double& out) {
    if (left() >= 9 && *cursor_ == float64) [[likely]] {
      out = std::bit_cast<double>(load_big_endian<std::uint64_t>(cursor_ + 1));
      cursor_ += 9;
      return true;
    }
    return read_float_slow(out);
  }
  template <class T>
    requires(fixed_size<T> != 0)
  bool holds_all(std::size_t count) const noexcept {
    return left() / fixed_size<T> >= count && depth_left() >= fixed_depth<T>;
  }
  template <class T>
    requires(fixed_size<T> != 0)
  bool read_all(T* out, std::size_t count) noexcept {
    if (!holds_all<T>(count)) return false;
    unsigned others = 0;
    for (std::size_t i = 0; i < count; ++i) others |= read_fixed(cursor_ + fixed_size<T> * i, out[i]);
    if (others != 0) return false;
    cursor_ += fixed_size<T> * count;
    return true;
  }
  bool read(float& out) {
    const std::size_t start = offset();
    double wide = 0;
    if (!read(wide)) return false;
    out = static_cast<float>(wide);
    // A finite double that overflows float is no value of this member.
    if (out - out != 0 && wide - wide == 0) {
      return fail(ErrorCode::number_out_of_range, "Number out of range", start);
    }
    return true;
  }

  // Whatever is called is called last, so that this takes no registers from its callers, which are many.
  STRUCTWIRE_ALWAYS_INLINE bool read_text(std::string_view& out) {
    std::size_t size;
    const std::uint8_t* text;
    if (cursor_ != end_ && (*cursor_ & 0xe0) == fixstr) {
      size = *cursor_ & 0x1f;
      text = cursor_ + 1;
    } else if (left() >= 2 && *cursor_ == str8) {
      size = cursor_[1];
      text = cursor_ + 2;
    } else {
      return read_text_slow(out);
    }
    if (static_cast<std::size_t>(end_ - text) < size) [[unlikely]] return truncated_here();
    out = {reinterpret_cast<const char*>(text), size};
    if (size > short_ascii_max || !is_short_ascii(out)) return take_other_text(out);
    cursor_ = text + size;
    return true;
  }

  bool read_some(bool& some) {
    some = cursor_ == end_ || *cursor_ != nil;
    cursor_ += !some;
    return true;
  }

  bool open_array(ArrayScope& scope) {
    if (cursor_ != end_ && (*cursor_ & 0xf0) == fixarray) {
      scope.remaining = *cursor_++ & 0x0f;
    } else if (!open_array_slow(scope.remaining)) {
      return false;
    }
    scope.announced = scope.remaining;
    scope.hint = std::min<std::size_t>(scope.remaining, left());
    return true;
  }
  bool more_items(ArrayScope& scope) noexcept {
    if (scope.remaining == 0) return false;
    --scope.remaining;
    return true;
  }

  bool open_map(MapScope& scope) {
    if (!open_entries(scope.remaining)) return false;
    scope.hint = std::min<std::size_t>(scope.remaining, left() / 2);
    return true;
  }
  bool more_entries(MapScope& scope) noexcept { return more_items(scope); }
  bool close_key(MapScope&) noexcept { return true; }

  template <class P>
  bool open_struct(StructScope& scope) {
    return open_entries(scope.remaining);
  }

  template <class P, std::size_t I>
  int next_member(StructScope& scope) {
    if (scope.remaining == 0) return member_end;
    --scope.remaining;
    if constexpr (I < P::key_count) {
      constexpr const auto& key = key_bytes<P, I>;
      if (left() >= key.size() && matches(cursor_, key)) [[likely]] {
        cursor_ += key.size();
        return static_cast<int>(I);
      }
    }
    return look_up_member<P>();
  }

 private:
  bool open_entries(std::uint32_t& count) {
    if (cursor_ != end_ && (*cursor_ & 0xf0) == fixmap) {
      count = *cursor_++ & 0x0f;
      return true;
    }
    return open_map_slow(count);
  }

  // Another key than predicted.
  template <class P>
  STRUCTWIRE_NOINLINE int look_up_member() {
    const std::size_t start = offset();
    std::string_view key;
    if (!read_key(key)) return member_error;
    const int index = P::find(key);
    if (index >= 0) return index;
    unknown_key(key, start);
    return member_unknown;
  }
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::msgpack
