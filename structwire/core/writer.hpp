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
//   null() write(bool|integer|float|double) text(std::string_view) bytes(span)
//   some() none()                                        around the value of an optional
//   open_array(n) end_item() close_array(n)              end_item after each item
//   open_map(n) end_key() end_entry() close_map(n)
//   open_struct<P>(n) member_key<P, I>() end_member() close_struct<P>(n)
//   write_member<P, I>(m)                                optional: the format writes key and value itself
//   write_enum(e)                                        optional
//   splice(Raw) with format()                            self-describing formats
//
// A format without bounds (tokens, Value) sets `bounded = false` and grows its own output.

#include <deque>
#include <string>
#include <string_view>

#include <structwire/core/buffer.hpp>
#include <structwire/core/config.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/traits.hpp>

namespace structwire {

/// What the two passes of one encode share: the first error, and parts whose size is known only once they
/// are made (a Raw of another format), which the first pass makes and the second copies.
class WriterState {
 public:
  /// Levels that a value may be nested; protects the stack against structs that own themselves.
  static constexpr unsigned depth_max = 512;

  bool failed() const noexcept { return static_cast<bool>(error_); }
  Error take_error() noexcept { return std::move(error_); }
  STRUCTWIRE_COLD void fail(ErrorCode code, std::string_view text);

  bool enter() {
    if (depth_ < depth_max) {
      ++depth_;
      return true;
    }
    too_deep();
    return false;
  }
  void leave() noexcept { --depth_; }

  std::size_t add_part(Buffer part);
  Buffer take_part();

  /// Text that is not UTF-8 is an error; otherwise what is wrong becomes U+FFFD.
  bool strict_text = false;

 private:
  STRUCTWIRE_COLD void too_deep();

  Error error_;
  unsigned depth_ = 0;
  std::deque<Buffer> parts_;
};

}  // namespace structwire
