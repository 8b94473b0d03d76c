// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Writer: what a format supplies so that core can encode any struct into it.
//
// Encoding is two passes over the value. The first adds up an upper bound of the size from the format's
// static bounds; the second writes through a bare pointer without looking at the end again. Core owns both
// walks (core/encode.hpp).
//
//   static constexpr FormatTraits traits;
//   explicit Writer(std::byte* out, WriterState&)      std::byte* end()
//   bounds, all static: null_bound bool_bound some_bound item_bound; number_bound<T>; text_bound(text)
//     bytes_bound(n) array_bound(n) map_bound(n) entry_bound struct_bound<P>()
//     and ascii_bound(n): text of n characters that need no escapes
//   overrun, optional and static: bytes behind its output that it may write to and leave
//   by_value, optional and static: a Writer of two words that may be copied, with its cursor in registers
//   null() write(bool|integer|float|double) text(std::string_view) bytes(span)
//   none()  some()                                       an optional: nothing, or its value follows
//   close_some()                                         optional: after the value that some() announced
//   open_array(n) end_item() close_array(n)              end_item after each item
//   open_map(n) end_key() end_entry() close_map(n)       and, optional, open_entry() before each key
//   open_struct<P>(n) member_key<P, I>() end_member() close_struct<P>(n)     I may be P::tag_index
//   alternative<V>(i) with alternative_bound             formats that are not self-describing
//   write_member<P, I>(m)                                optional: the format writes key and value itself
//   write_enum(e)                                        optional
//   splice(bytes) with format()  or  write_raw(Raw)      formats that carry a Raw
//
// Members that a rule leaves out are left out only where the format has keys; without keys every member is
// written. A format that is not bytes (tokens, Value) has no bounds: its Writer derives from Unbounded, grows
// its own output, and is run by encode_whole in place of append_encoded.

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <structwire/core/buffer.hpp>
#include <structwire/core/config.hpp>
#include <structwire/core/encode_options.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/traits.hpp>
#include <structwire/core/value.hpp>

namespace structwire {

/// What the two passes of one encode share: the first error, and parts whose size is known only once they
/// are made (a Raw of another format), which the first pass makes and the second copies.
class WriterState {
 public:
  /// Levels that a value may be nested; protects the stack against structs that own themselves.
  static constexpr unsigned depth_max = 512;

  WriterState() noexcept = default;
  explicit WriterState(const EncodeOptions& chosen) noexcept : options(chosen) {}

  bool failed() const noexcept { return static_cast<bool>(error_); }
  Error take_error() noexcept { return std::move(error_); }
  STRUCTWIRE_COLD void fail(ErrorCode code, std::string_view text);

  bool enter() {
    if (depth_ < depth_limit) {
      ++depth_;
      return true;
    }
    too_deep();
    return false;
  }
  void leave() noexcept { --depth_; }

  /// Keeps the encoding of the object at `source` for the second walk; returns its size.
  std::size_t add_part(const void* source, Buffer part);
  Buffer take_part(const void* source);

  /// What cannot be written as it is, is an error. Otherwise it is written as near as can be: U+FFFD in text that is
  /// not UTF-8, the number of an enumerator without a name, Raw::nearest_in.
  bool strict = false;
  EncodeOptions options;
  unsigned depth_limit = depth_max;

 private:
  STRUCTWIRE_COLD void too_deep();

  Error error_;
  unsigned depth_ = 0;
  // A vector, because a deque allocates even when nothing is put into it, and most encodes put nothing.
  std::vector<std::pair<const void*, Buffer>> parts_;
  std::size_t next_part_ = 0;
};

/// The bounds of a Writer that grows its own output. The first walk then only checks the value: its depth,
/// and that a Raw can be carried over.
struct Unbounded {
  static constexpr std::size_t null_bound = 0;
  static constexpr std::size_t some_bound = 0;
  static constexpr std::size_t item_bound = 0;
  static constexpr std::size_t entry_bound = 0;
  static constexpr std::size_t scalar_bound = 0;
  template <class T>
    requires std::is_arithmetic_v<T>
  static constexpr std::size_t number_bound = 0;
  static constexpr std::size_t text_bound(std::string_view) noexcept { return 0; }
  static constexpr std::size_t ascii_bound(std::size_t) noexcept { return 0; }
  static constexpr std::size_t bytes_bound(std::size_t) noexcept { return 0; }
  static constexpr std::size_t ext_bound(const Ext&) noexcept { return 0; }
  static constexpr std::size_t array_bound(std::size_t) noexcept { return 0; }
  static constexpr std::size_t map_bound(std::size_t) noexcept { return 0; }
  template <class P>
  static constexpr std::size_t struct_bound() noexcept {
    return 0;
  }
};

}  // namespace structwire
