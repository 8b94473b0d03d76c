// SPDX-License-Identifier: Apache-2.0
#pragma once

// The JSON Writer (docs/formats/json.md; the contract: core/writer.hpp). Compact output; pretty printing is
// a reformatter's job. Text and numbers are compiled once, in writer.cpp.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <structwire/core/base64.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/short_text.hpp>
#include <structwire/core/text_kernels.hpp>
#include <structwire/core/value.hpp>
#include <structwire/core/writer.hpp>
#include <structwire/formats/json/format.hpp>
#include <structwire/formats/json/reader.hpp>

namespace structwire::json {

// What does not depend on the type being written.
class WriterBase {
 public:
  static constexpr FormatTraits traits = json::traits;
  static const Format& format() noexcept { return json::format(); }

  static constexpr std::string_view value_end = "\n";  ///< JSON Lines.
  static constexpr std::size_t null_bound = 4;
  static constexpr std::size_t some_bound = 0;
  static constexpr std::size_t item_bound = 1;
  static constexpr std::size_t entry_bound = 2;
  static constexpr std::size_t scalar_bound = double_text_max;
  template <class T>
    requires std::is_arithmetic_v<T>
  static constexpr std::size_t number_bound = std::is_same_v<T, bool>           ? 5
                                              : std::is_floating_point_v<T> ? double_text_max
                                                                            : std::numeric_limits<T>::digits10 + 2;
  static constexpr std::size_t overrun = 64;
  static constexpr bool by_value = true;
  // Short text is not looked at twice; long text is, because six times its size would be too much memory.
  static std::size_t text_bound(std::string_view text) noexcept {
    return text.size() <= 4096 ? 6 * text.size() + 2 : long_text_bound(text);
  }
  static constexpr std::size_t ascii_bound(std::size_t size) noexcept { return size + 2; }
  static constexpr std::size_t bytes_bound(std::size_t size) noexcept { return base64::encoded_size(size) + 2; }
  static std::size_t ext_bound(const Ext& ext) noexcept { return bytes_bound(ext.data.size()) + 32; }
  static constexpr std::size_t array_bound(std::size_t) noexcept { return 2; }
  static constexpr std::size_t map_bound(std::size_t) noexcept { return 2; }
  template <class P>
  static constexpr std::size_t struct_bound() noexcept {
    std::size_t bound = 2;
    for (std::size_t i = 0; i < P::key_count; ++i) bound += 4 + P::key(i).size();
    return bound;
  }
  static std::size_t value_key_bound(const Value& key, WriterState& state);

  WriterBase(std::byte* out, WriterState& state) noexcept : cursor_(reinterpret_cast<char*>(out)), state_(&state) {}
  std::byte* end() noexcept { return reinterpret_cast<std::byte*>(cursor_); }
  WriterState& state() noexcept { return *state_; }

  void null() noexcept { put("null"); }
  void none() noexcept { null(); }
  void some() noexcept {}
  void write(bool value) noexcept {
    std::memcpy(cursor_, value ? "true\0\0\0" : "false\0\0", 8);
    cursor_ += value ? 4 : 5;
  }
  void write(double value) noexcept { write_finite(value); }
  void write(float value) noexcept { write_finite(value); }
  void bytes(std::span<const std::byte> bytes) noexcept { cursor_ = put_bytes(cursor_, bytes); }
  void ext(const Ext& ext) noexcept;
  // Every item is followed by a comma; closing turns the last one into the bracket.
  void open_array(std::size_t) noexcept { *cursor_++ = '['; }
  void end_item() noexcept { *cursor_++ = ','; }
  void close_array(std::size_t size) noexcept { close(size, ']'); }
  void open_map(std::size_t) noexcept { *cursor_++ = '{'; }
  void end_key() noexcept { *cursor_++ = ':'; }
  void end_entry() noexcept { *cursor_++ = ','; }
  void close_map(std::size_t size) noexcept { close(size, '}'); }
  void end_member() noexcept { *cursor_++ = ','; }

 protected:
  void put(std::string_view text) noexcept {
    if (text.empty()) return;
    std::memcpy(cursor_, text.data(), text.size());
    cursor_ += text.size();
  }
  void close(std::size_t size, char bracket) noexcept {
    cursor_ += size == 0;
    cursor_[-1] = bracket;
  }
  // NaN and the infinities are null.
  template <class Float>
  void write_finite(Float value) noexcept {
    if (value - value == 0) [[likely]] {
      cursor_ = write_number(cursor_, value);
    } else {
      null();
    }
  }
  // These write at `out` and return the end; a writer in registers has no address.
  static char* put_bytes(char* out, std::span<const std::byte> bytes) noexcept;
  STRUCTWIRE_COLD static char* put_bad_text(char* out, std::string_view text, WriterState& state);
  static std::string key_of(const Value& key);
  static std::size_t long_text_bound(std::string_view text) noexcept;

  char* cursor_;
  WriterState* state_;
};

inline namespace STRUCTWIRE_INLINE {

class Writer : public WriterBase {
 public:
  using WriterBase::write;
  using WriterBase::WriterBase;

  void text(std::string_view text) { cursor_ = put_any_text(cursor_, text, *state_); }
  void value_key(const Value& key) { text(key_of(key)); }

  template <class I>
    requires std::is_integral_v<I>
  void write(I value) noexcept {
    if constexpr (std::is_signed_v<I>) {
      cursor_ = write_number(cursor_, static_cast<std::int64_t>(value));
    } else {
      cursor_ = write_number(cursor_, static_cast<std::uint64_t>(value));
    }
  }

  void splice(std::span<const std::byte> encoded) noexcept {
    const char* const from = reinterpret_cast<const char*>(encoded.data());
    if (Block::size == short_text_max && encoded.size() <= short_text_max) {
      Block::load_part(from, encoded.size()).store(cursor_);
    } else {
      copy_short(cursor_, from, encoded.size());
    }
    cursor_ += encoded.size();
  }

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
  template <class P>
  void close_struct(std::size_t size) noexcept {
    close_map(size);
  }

 private:
  STRUCTWIRE_NOINLINE static char* put_any_text(char* out, std::string_view text, WriterState& state) {
    if (text.size() > short_text_max || !copy_if_plain<true>(out + 1, text)) {
      char* const end = text_kernels::quote(text, out);
      return end != nullptr ? end : put_bad_text(out, text, state);
    }
    out[0] = '"';
    out[text.size() + 1] = '"';
    return out + text.size() + 2;
  }
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::json
