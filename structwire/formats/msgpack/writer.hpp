// SPDX-License-Identifier: Apache-2.0
#pragma once

// The MessagePack Writer (docs/formats/msgpack.md; the contract: core/writer.hpp). Every value in its shortest
// form, except that floats are always float64.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include <structwire/core/types.hpp>
#include <structwire/core/short_text.hpp>
#include <structwire/core/utf8.hpp>
#include <structwire/core/writer.hpp>
#include <structwire/formats/msgpack/constants.hpp>
#include <structwire/formats/msgpack/format.hpp>

namespace structwire::msgpack {
inline namespace STRUCTWIRE_INLINE {

class Writer {
 public:
  static constexpr FormatTraits traits = msgpack::traits;
  static const Format& format() noexcept { return msgpack::format(); }

  static constexpr std::string_view value_end{};
  static constexpr std::size_t null_bound = 1;
  static constexpr std::size_t some_bound = 0;
  static constexpr std::size_t item_bound = 0;
  static constexpr std::size_t entry_bound = 0;
  static constexpr std::size_t scalar_bound = 9;
  template <class T>
    requires std::is_arithmetic_v<T>
  static constexpr std::size_t number_bound =
      std::is_same_v<T, bool> ? 1 : std::is_floating_point_v<T> ? 9 : sizeof(T) + 1;
  // Text that is not UTF-8 triples at most: each bad byte becomes the three bytes of U+FFFD.
  // Only long text is looked at twice, in a function of its own: it would keep this one out of line.
  static constexpr std::size_t overrun = 64;
  static constexpr bool by_value = true;
  STRUCTWIRE_ALWAYS_INLINE static std::size_t text_bound(std::string_view text) noexcept {
    if (text.size() <= 1024) [[likely]] return 5 + 3 * text.size();
    return long_text_bound(text);
  }
  static constexpr std::size_t ascii_bound(std::size_t size) noexcept { return 5 + size; }
  static constexpr std::size_t bytes_bound(std::size_t size) noexcept { return 5 + size; }
  static std::size_t ext_bound(const Ext& ext) noexcept { return 6 + ext.data.size(); }
  static std::size_t ext_bound(const ExtensionPieces& pieces) noexcept {
    return 6 + pieces.head.size() + pieces.body.size();
  }
  static constexpr std::size_t array_bound(std::size_t) noexcept { return 5; }
  static constexpr std::size_t map_bound(std::size_t) noexcept { return 5; }
  template <class P>
  static constexpr std::size_t struct_bound() noexcept {
    std::size_t bound = 5;
    for (std::size_t i = 0; i < P::key_count; ++i) bound += 5 + P::key(i).size();
    return bound;
  }

  Writer(std::byte* out, WriterState& state) noexcept
      : cursor_(reinterpret_cast<std::uint8_t*>(out)), state_(&state) {}
  std::byte* end() noexcept { return reinterpret_cast<std::byte*>(cursor_); }
  WriterState& state() noexcept { return *state_; }

  void null() noexcept { *cursor_++ = nil; }
  void none() noexcept { null(); }
  void some() noexcept {}
  void write(bool value) noexcept { *cursor_++ = value ? boolean_true : boolean_false; }
  template <class Integer>
    requires std::is_integral_v<Integer>
  STRUCTWIRE_ALWAYS_INLINE void write(Integer value) noexcept {
    if constexpr (std::is_signed_v<Integer>) {
      if (value < 0) return write_negative(value);
    }
    write_unsigned(static_cast<std::uint64_t>(value));
  }
  void write(double value) noexcept {
    *cursor_++ = float64;
    cursor_ = store_big_endian(cursor_, std::bit_cast<std::uint64_t>(value));
  }
  void write(float value) noexcept { write(static_cast<double>(value)); }

  STRUCTWIRE_ALWAYS_INLINE void text(std::string_view text) {
    const std::size_t header = text.size() < 32 ? 1 : 2;
    if (text.size() <= short_text_max && copy_if_plain<false>(reinterpret_cast<char*>(cursor_) + header, text))
        [[likely]] {
      const std::size_t opcode = header == 1 ? fixstr | text.size() : std::size_t{str8};
      cursor_[0] = static_cast<std::uint8_t>(opcode);
      if (header == 2) cursor_[1] = static_cast<std::uint8_t>(text.size());
      cursor_ += header + text.size();
      return;
    }
    *this = with_other_text(*this, text);
  }

  void bytes(std::span<const std::byte> bytes) noexcept {
    put_header(bytes.size(), bin8, bin16, bin32);
    put(bytes.data(), bytes.size());
  }
  void ext(const Ext& ext) noexcept {
    ext_header(ext.code, ext.data.size());
    put(ext.data.data(), ext.data.size());
  }
  void ext(std::int8_t code, const ExtensionPieces& pieces) noexcept {
    ext_header(code, pieces.head.size() + pieces.body.size());
    put(pieces.head.data(), pieces.head.size());
    put(pieces.body.data(), pieces.body.size());
  }
  void splice(std::span<const std::byte> encoded) noexcept { put(encoded.data(), encoded.size()); }

  void open_array(std::size_t size) noexcept { put_count(size, fixarray, array16, array32); }
  void end_item() noexcept {}
  void close_array(std::size_t) noexcept {}
  void open_map(std::size_t size) noexcept { put_count(size, fixmap, map16, map32); }
  void end_key() noexcept {}
  void end_entry() noexcept {}
  void close_map(std::size_t) noexcept {}

  template <class P>
  void open_struct(std::size_t size) noexcept {
    open_map(size);
  }
  template <class P, std::size_t I>
  void member_key() noexcept {
    constexpr const auto& key = key_bytes<P, I>;
    std::memcpy(cursor_, key.data(), key.size());
    cursor_ += key.size();
  }
  void end_member() noexcept {}
  template <class P>
  void close_struct(std::size_t) noexcept {}

 private:
  void ext_header(std::int8_t code, std::size_t size) noexcept {
    if (size != 0 && size <= 16 && std::has_single_bit(size)) {
      *cursor_++ = static_cast<std::uint8_t>(fixext1 + std::countr_zero(size));
    } else {
      put_header(size, ext8, ext16, ext32);
    }
    *cursor_++ = static_cast<std::uint8_t>(code);
  }
  STRUCTWIRE_ALWAYS_INLINE void put(const void* bytes, std::size_t size) noexcept {
    if (size == 0) return;
    std::memcpy(cursor_, bytes, size);
    cursor_ += size;
  }

  STRUCTWIRE_ALWAYS_INLINE void write_unsigned(std::uint64_t value) noexcept {
    if (value < 0x80) {
      *cursor_++ = static_cast<std::uint8_t>(value);
    } else if (value < 0x100) {
      put_tagged(uint8, static_cast<std::uint8_t>(value));
    } else if (value < 0x10000) {
      put_tagged(uint16, static_cast<std::uint16_t>(value));
    } else if (value < 0x100000000) {
      put_tagged(uint32, static_cast<std::uint32_t>(value));
    } else {
      put_tagged(uint64, value);
    }
  }
  STRUCTWIRE_ALWAYS_INLINE void write_negative(std::int64_t value) noexcept {
    if (value >= -32) {
      *cursor_++ = static_cast<std::uint8_t>(value);
    } else if (value >= -0x80) {
      put_tagged(int8, static_cast<std::uint8_t>(value));
    } else if (value >= -0x8000) {
      put_tagged(int16, static_cast<std::uint16_t>(value));
    } else if (value >= -0x80000000ll) {
      put_tagged(int32, static_cast<std::uint32_t>(value));
    } else {
      put_tagged(int64, static_cast<std::uint64_t>(value));
    }
  }
  template <class Unsigned>
  STRUCTWIRE_ALWAYS_INLINE void put_tagged(std::uint8_t opcode, Unsigned value) noexcept {
    *cursor_++ = opcode;
    cursor_ = store_big_endian(cursor_, value);
  }

  // Cold, so that callers keep nothing in registers for it; its loop is not.
  STRUCTWIRE_COLD static std::size_t long_text_bound(std::string_view text) noexcept {
    return 5 + (is_long_ascii(text) ? text.size() : 3 * text.size());
  }
  STRUCTWIRE_NOINLINE static bool is_long_ascii(std::string_view text) noexcept {
    return utf8::is_ascii(text.data(), text.size());
  }

  // Long, or not ASCII. By value, as a writer in registers has no address.
  STRUCTWIRE_NOINLINE static Writer with_other_text(Writer writer, std::string_view text) {
    if (text_kernels::is_utf8(text)) [[likely]] {
      writer.put_text(text);
    } else if (writer.state_->strict) {
      writer.state_->fail(ErrorCode::invalid_utf8, "Text that is not UTF-8");
    } else {
      writer.put_text(utf8::replaced(text));
    }
    return writer;
  }
  STRUCTWIRE_ALWAYS_INLINE void put_text(std::string_view text) noexcept {
    if (text.size() < 32) {
      *cursor_++ = static_cast<std::uint8_t>(fixstr | text.size());
    } else {
      put_header(text.size(), str8, str16, str32);
    }
    put(text.data(), text.size());
  }
  STRUCTWIRE_ALWAYS_INLINE void put_header(std::size_t size, std::uint8_t one, std::uint8_t two, std::uint8_t four) noexcept {
    if (size < 0x100) {
      put_tagged(one, static_cast<std::uint8_t>(size));
    } else {
      *this = with_wide_count(*this, size, two, four);
    }
  }
  STRUCTWIRE_ALWAYS_INLINE void put_count(std::size_t size, std::uint8_t fixed, std::uint8_t two, std::uint8_t four) noexcept {
    if (size < 16) {
      *cursor_++ = static_cast<std::uint8_t>(fixed | size);
    } else {
      *this = with_wide_count(*this, size, two, four);
    }
  }
  STRUCTWIRE_NOINLINE static Writer with_wide_count(Writer writer, std::size_t size, std::uint8_t two,
                                                    std::uint8_t four) noexcept {
    if (size < 0x10000) {
      writer.put_tagged(two, static_cast<std::uint16_t>(size));
    } else {
      if (size > 0xffffffff) writer.state_->fail(ErrorCode::unsupported, "MessagePack counts at most 2^32 - 1");
      writer.put_tagged(four, static_cast<std::uint32_t>(size));
    }
    return writer;
  }

  std::uint8_t* cursor_;
  WriterState* state_;
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::msgpack
