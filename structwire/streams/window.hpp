// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of an input that has come and is not used up: what Feed, StreamReader and the parallel
// readers stand on.
//
// It knows how values follow each other (Framing) and finds where each begins and, with the
// format's Scanner, where it ends. It decodes nothing. Memory: the value that is being read, never
// more than Limits::value_bytes of it, and what was fed behind it.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <structwire/core/buffer.hpp>
#include <structwire/core/config.hpp>
#include <structwire/core/error_detail.hpp>
#include <structwire/core/limits.hpp>
#include <structwire/core/scanner.hpp>
#include <structwire/streams/stream.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// What there is to be had next.
enum class Next : unsigned char {
  value,
  more_input,  ///< Nothing before more bytes have come.
  end,         ///< Nothing any more: the input has ended, and with it the last value.
};

/// The input of a Reader, which takes text or bytes.
template <class Reader>
auto reader_input(std::span<const std::byte> bytes) noexcept {
  if constexpr (std::is_constructible_v<Reader, std::string_view, const DecodeOptions&>) {
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  } else {
    return bytes;
  }
}

inline constexpr std::string_view blanks = "        ";

/// A value that is closed, and blanks. A reader that looks ahead where the value is broken takes it
/// for truncated when nothing follows; with these it says what is wrong, wherever the input was
/// cut, and also at its end.
STRUCTWIRE_COLD inline Buffer with_blanks(std::span<const std::byte> value) {
  Buffer out(value);
  out.append(std::as_bytes(std::span(blanks)));
  return out;
}

template <class Codec>
class Window {
 public:
  using Reader = typename Codec::Reader;
  using Scanner = typename Codec::Scanner;
  static_assert(ScannerOfBytes<Scanner>, "structwire: the format's Scanner: core/scanner.hpp");

  Window(Framing framing, const DecodeOptions& options)
      : framing_(framing), options_(options), endless_(options) {
    // Its items are not held, so an array may have any number.
    endless_.limits.container_items = static_cast<std::size_t>(-1);
  }

  // ---- the bytes ----

  /// Memory for bytes to come; `came` of them were put there. Pointers into bytes() end here.
  Result<std::span<std::byte>> room(std::size_t size) {
    try {
      // Moved to the front no more often than that many bytes were used up.
      if (begin_ != 0 && begin_ >= buffer_.size() - begin_) {
        const std::size_t rest = buffer_.size() - begin_;
        if (rest != 0) std::memmove(buffer_.data(), buffer_.data() + begin_, rest);
        buffer_.resize_uninitialized(rest);
        begin_ = 0;
      }
      buffer_.reserve(buffer_.size() + size);
    } catch (const std::bad_alloc&) {
      return std::unexpected(
          Error(ErrorCode::memory_exhausted, "No memory for the input of a stream"));
    }
    return std::span(buffer_.data() + buffer_.size(), size);
  }
  void came(std::size_t size) {
    STRUCTWIRE_ASSERT(!finished_);
    buffer_.resize_uninitialized(buffer_.size() + size);
  }
  void finish() noexcept { finished_ = true; }
  bool finished() const noexcept { return finished_; }

  /// From the first byte that is not used up.
  std::span<const std::byte> bytes() const noexcept { return buffer_.bytes().subspan(begin_); }
  /// How many bytes of the input stand in front of bytes().
  std::size_t offset() const noexcept { return offset_; }
  /// How many values stand in front of the one at bytes(), or the next one.
  std::size_t index() const noexcept { return index_; }
  const DecodeOptions& options() const noexcept { return options_; }

  // ---- the values ----

  /// Goes to the first byte of the next value. Until it is passed, that is where bytes() begin.
  Result<Next> begin() {
    if (in_value_) return Next::value;
    const Result<Next> begun = framing_ == Framing::array ? next_item() : next_value();
    if (begun && *begun == Next::value) {
      in_value_ = true;
      scanner_ = Scanner();
      end_.reset();
      scanned_ = 0;
    }
    return begun;
  }

  /// True when decoding the value comes to the same whatever follows.
  bool whole() { return closed() || finished_; }
  /// True when that is so because the value's own end is there.
  bool closed() {
    if (end_) return true;
    const std::span<const std::byte> news = bytes().subspan(scanned_);
    if (const auto end = scanner_.find_end(news)) {
      end_ = scanned_ + *end;
    } else {
      scanned_ += news.size();
    }
    return end_.has_value();
  }
  /// Was whole() asked, and said no?
  bool searched() const noexcept { return scanned_ != 0 && !end_; }
  /// Bytes of the value, at the least; all of them when whole() said yes.
  std::size_t size() const noexcept {
    if (end_) return *end_;
    if (finished_) return bytes().size();
    const std::size_t to_come = scanner_.least_to_come();
    return to_come > static_cast<std::size_t>(-1) - scanned_ ? static_cast<std::size_t>(-1)
                                                             : scanned_ + to_come;
  }
  bool too_large(std::size_t size) const noexcept { return size > options_.limits.value_bytes; }
  STRUCTWIRE_COLD Error size_error() const {
    Reader reader(reader_input<Reader>({}), options_);
    reader.fail(ErrorCode::size_limit,
                "A value of a stream takes more than " +
                    std::to_string(options_.limits.value_bytes) + " bytes",
                0);
    return error_of(reader);
  }

  /// The value takes `size` bytes; the next one is next.
  void pass(std::size_t size) noexcept {
    use_up(size);
    in_value_ = false;
    ++index_;
  }

  /// The level on which values stand.
  bool enter(Reader& reader) const { return framing_ == Framing::values || reader.enter(0); }

  /// The pending error of a reader over bytes(), as one of the whole input.
  Error error_of(Reader& reader) const {
    reader.in_item(index_);
    return moved(reader.take_error());
  }

 private:
  Error moved(Error error) const {
    if (ErrorDetail* const detail = error.detail()) move_offset(*detail, offset_);
    return error;
  }

  void use_up(std::size_t size) noexcept {
    begin_ += size;
    offset_ += size;
  }

  // True when something stands behind it.
  bool pass_space() {
    Reader reader(reader_input<Reader>(bytes()), options_);
    const bool more = reader.more();
    use_up(reader.offset());
    return more;
  }

  Result<Next> next_value() {
    if (pass_space()) return Next::value;
    return finished_ ? Next::end : Next::more_input;
  }

  Result<Next> next_item() {
    if (array_closed_) return behind_array();
    // What stands between items is looked at again only when something new came, so that endless
    // blanks cost little.
    const std::size_t seen = std::min(separator_seen_, bytes().size());
    if (!finished_ && !Reader(reader_input<Reader>(bytes().subspan(seen)), options_).more()) {
      separator_seen_ = bytes().size();
      return wait_for_item();
    }
    if (!opened_) pass_space();
    Reader reader(reader_input<Reader>(bytes()), endless_);
    typename Reader::ArrayScope scope = scope_;
    const bool open = opened_ || reader.open_array(scope);
    const bool more = open && reader.more_items(scope);
    if (reader.failed()) {
      separator_seen_ = bytes().size();
      // Something else than an array is looked at as a whole, as any value.
      const bool certain =
          finished_ || (open ? reader.error_code() != ErrorCode::unexpected_end : closed());
      if (!certain) return wait_for_item();
      return std::unexpected(moved(reader.take_error()));
    }
    opened_ = true;
    scope_ = scope;
    separator_seen_ = 0;
    use_up(reader.offset());
    if (more) return Next::value;
    array_closed_ = true;
    return behind_array();
  }
  Result<Next> wait_for_item() const {
    if (too_large(bytes().size())) return std::unexpected(size_error());
    return Next::more_input;
  }
  Result<Next> behind_array() {
    Reader reader(reader_input<Reader>(bytes()), options_);
    if (!reader.finish()) return std::unexpected(moved(reader.take_error()));
    use_up(bytes().size());
    return finished_ ? Next::end : Next::more_input;
  }

  Framing framing_;
  DecodeOptions options_;
  DecodeOptions endless_;

  Buffer buffer_;
  std::size_t begin_ = 0;   ///< Where bytes() begin in it,
  std::size_t offset_ = 0;  ///< and in the input.
  bool finished_ = false;

  std::size_t index_ = 0;
  bool in_value_ = false;
  Scanner scanner_;
  std::size_t scanned_ = 0;
  std::optional<std::size_t> end_;

  typename Reader::ArrayScope scope_;
  bool opened_ = false;
  bool array_closed_ = false;
  std::size_t separator_seen_ = 0;
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
