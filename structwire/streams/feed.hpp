// SPDX-License-Identifier: Apache-2.0
#pragma once

// Feed: values out of bytes that come when they come, a value at a time. For programs that are told
// when bytes have arrived (an event loop); where they can be waited for, StreamReader is simpler.
//
//   sw::Feed<sw::json::Codec> feed;
//   feed.feed(bytes);                                   // as often as bytes come; at the end:
//   feed.finish() while (true) {
//     auto next = feed.next(message);                   // Result<sw::Next>
//     if (!next || *next != sw::Next::value) break;
//     …
//   }
//
// A value is decoded whole, once its end has come, and by the same code as in memory: values,
// errors, paths and offsets are those that the whole input would give. How the bytes were cut never
// matters. Memory: at most Limits::value_bytes of the value that is being read, and what was fed
// behind it. Used by one thread at a time. What a value borrows from its input is valid until the
// next call.

#include <cstring>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include <structwire/core/decoder.hpp>
#include <structwire/streams/window.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

template <class Codec, auto... Rule>
class Feed {
 public:
  using Reader = typename ChooseReader<typename Codec::Reader, Rule...>::type;

  explicit Feed(Framing framing = Framing::values, const DecodeOptions& options = {})
      : window_(framing, options) {}

  /// Bytes of the input, behind those before. They are copied. Not after finish().
  Result<void> feed(std::span<const std::byte> bytes) {
    auto room = window_.room(bytes.size());
    if (!room) return std::unexpected(std::move(room.error()));
    if (!bytes.empty()) std::memcpy(room->data(), bytes.data(), bytes.size());
    window_.came(bytes.size());
    return {};
  }
  /// The same without a copy: memory to put up to `size` bytes into, and how many were.
  Result<std::span<std::byte>> room(std::size_t size) { return window_.room(size); }
  void came(std::size_t size) { window_.came(size); }
  /// No more bytes will come.
  void finish() noexcept { window_.finish(); }

  /// The next value into an object whose memory is used again. Without a value it may hold parts of
  /// one. After an error of meaning (a kind, a rule, a missing field) the call after it goes on
  /// with the value behind; other errors stay.
  template <class T>
  Result<Next> next(T& out) {
    refuse_unset<T>();
    if (broken_) return std::unexpected(broken_);
    const Result<Next> begun = window_.begin();
    if (!begun) return stop(begun.error());
    if (*begun != Next::value) return begun;
    try {
      return decode(out);
    } catch (const std::bad_alloc&) {
      return stop(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
    } catch (const std::length_error&) {
      return stop(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
    }
  }

  /// How many bytes of the input are used up, and how many values were read or refused.
  std::size_t offset() const noexcept { return window_.offset(); }
  std::size_t index() const noexcept { return window_.index(); }

 private:
  // Most values are there as a whole, so they are decoded without looking for their end first. That
  // is done for those that are not, and decoding is tried once more at the most.
  template <class T>
  Result<Next> decode(T& out) {
    if (window_.searched() && !window_.whole()) return wait();
    Reader reader(reader_input<Reader>(window_.bytes()), window_.options());
    if (window_.enter(reader) && decode_value(reader, out)) {
      constexpr bool may_go_on =
          Reader::traits.numbers_are_open_ended || Reader::traits.prefix_can_be_valid;
      const std::size_t size = reader.offset();
      if (may_go_on && size == window_.bytes().size() && !window_.whole()) return wait();
      if (window_.too_large(size)) return stop(window_.size_error());
      window_.pass(size);
      return Next::value;
    }
    if (!window_.whole()) return wait();
    if (window_.too_large(window_.size())) return stop(window_.size_error());
    Error error = reader.error_code() == ErrorCode::unexpected_end && window_.closed()
                      ? closed_error(out)
                      : window_.error_of(reader);
    pass_over();
    return std::unexpected(std::move(error));
  }

  template <class T>
  STRUCTWIRE_COLD Error closed_error(T& out) {
    const Buffer value = with_blanks(window_.bytes().first(window_.size()));
    Reader reader(reader_input<Reader>(value.bytes()), window_.options());
    static_cast<void>(window_.enter(reader) && decode_value(reader, out));
    return window_.error_of(reader);
  }

  Result<Next> wait() {
    if (window_.too_large(window_.size())) return stop(window_.size_error());
    return Next::more_input;
  }

  // Behind a value that was refused.
  STRUCTWIRE_COLD void pass_over() {
    Reader reader(reader_input<Reader>(window_.bytes()), window_.options());
    if (window_.enter(reader) && reader.skip()) {
      window_.pass(reader.offset());
    } else {
      broken_ = window_.error_of(reader);
    }
  }

  STRUCTWIRE_COLD Result<Next> stop(const Error& error) {
    broken_ = error;
    return std::unexpected(error);
  }

  Window<Codec> window_;
  Error broken_;
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
