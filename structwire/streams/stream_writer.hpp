// SPDX-License-Identifier: Apache-2.0
#pragma once

// StreamWriter: values into a sink of bytes, one at a time, in constant memory: the largest one,
// and a chunk.
//
//   sw::StreamWriter<sw::json::Codec> out(sw::write_to(file), {.framing = sw::Framing::array});
//   for (…) if (auto written = out.write(record); !written) …
//   auto closed = out.close();            // without it the rest is not written, and an array has
//   no end
//
// A value is written as a whole or not at all. After an error of a value the stream goes on without
// it; an error of the sink stays. The bytes are those of the calls for values in memory:
// `encode_lines`, or `encode` of all as one array. Used by one thread at a time.

#include <cstddef>
#include <cstring>
#include <new>
#include <ranges>
#include <span>
#include <string>
#include <utility>

#include <structwire/core/lines.hpp>
#include <structwire/streams/stream.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// Appends what `write` has the writer write, for which `bound` bytes suffice.
template <class W, class Write>
Result<void> append_piece(Buffer& out, std::size_t bound, const EncodeOptions& options,
                          Write&& write) {
  const std::size_t before = out.size();
  WriterState state(options);
  state.strict = true;
  try {
    out.resize_uninitialized(before + bound + encode_detail::overrun<W>);
    W writer(out.data() + before, state);
    write(writer);
    out.resize_uninitialized(static_cast<std::size_t>(writer.end() - out.data()));
  } catch (const std::bad_alloc&) {
    state.fail(ErrorCode::memory_exhausted, "No memory for the encoded value");
  }
  if (!state.failed()) return {};
  out.resize_uninitialized(before);
  return std::unexpected(state.take_error());
}

/// Appends a value and what stands behind it in a stream; returns how many bytes of that the end of
/// an array would take back (a comma). After an error `out` is as before.
template <class W, class T>
Result<std::size_t> append_framed(const T& value, Framing framing, Buffer& out,
                                  const EncodeOptions& options) {
  if (framing == Framing::values) {
    if (auto appended = append_line<W>(value, out, options); !appended) {
      return std::unexpected(std::move(appended.error()));
    }
    return 0;
  }
  const std::size_t before = out.size();
  Result<void> appended = append_with<W>(value, out, options);
  const std::size_t end = out.size();
  if (appended)
    appended = append_piece<W>(out, W::item_bound, options, [](W& writer) { writer.end_item(); });
  if (appended) return out.size() - end;
  out.resize_uninitialized(before);
  return std::unexpected(std::move(appended.error()));
}

template <class Codec, auto... Rule>
class StreamWriter {
 public:
  using W = typename ChooseWriter<typename Codec::Writer, Rule...>::type;

  explicit StreamWriter(Sink sink, const StreamOptions& stream = {},
                        const EncodeOptions& options = {})
      : sink_(std::move(sink)), stream_(stream), options_(options) {}

  template <class T>
  Result<void> write(const T& value) {
    if (auto ready = make_ready(1); !ready) return ready;
    const Result<std::size_t> appended =
        append_framed<W>(value, stream_.framing, buffer_, options_);
    if (!appended) return std::unexpected(appended.error());
    return appended_items(1, *appended);
  }

  /// Each value of a range, of a generator too; up to the first error.
  template <std::ranges::input_range Values>
  Result<void> write_all(Values&& values) {
    for (const auto& value : values) {
      if (auto written = write(value); !written) return written;
    }
    return {};
  }

  /// So many values that append_framed() has encoded with the same framing and options; `tail` is
  /// what it returned for the last one.
  Result<void> write_encoded(std::span<const std::byte> bytes, std::size_t items,
                             std::size_t tail) {
    if (items == 0) return {};
    if (auto ready = make_ready(items); !ready) return ready;
    try {
      buffer_.append(bytes);
    } catch (const std::bad_alloc&) {
      return stop(Error(ErrorCode::memory_exhausted, "No memory for the encoded value"));
    }
    return appended_items(items, tail);
  }

  /// Gives all that is written to the sink, but for the comma behind the last item of an array.
  Result<void> flush() {
    if (broken_) return std::unexpected(broken_);
    const std::span<const std::byte> ready = buffer_.bytes().first(buffer_.size() - tail_);
    if (ready.empty()) return {};
    if (auto taken = sink_(ready); !taken) return stop(taken.error());
    if (tail_ != 0) std::memmove(buffer_.data(), buffer_.data() + ready.size(), tail_);
    buffer_.resize_uninitialized(tail_);
    return {};
  }

  /// Ends the array and gives the rest to the sink. Nothing is written after it.
  Result<void> close() {
    if (broken_) return std::unexpected(broken_);
    if (closed_) return {};
    if (stream_.framing == Framing::array) {
      if (stream_.items && *stream_.items != written_) return stop(count_error(written_));
      if (auto ready = make_ready(0); !ready) return ready;
      const auto end_array = [this](W& writer) { writer.close_array(written_); };
      if (auto ended = append_piece<W>(buffer_, W::array_bound(written_), options_, end_array);
          !ended) {
        return stop(ended.error());
      }
      tail_ = 0;
    }
    closed_ = true;
    return flush();
  }

  /// How many values were written.
  std::size_t written() const noexcept { return written_; }

 private:
  // In front of `items` more.
  Result<void> make_ready(std::size_t items) {
    if (broken_) return std::unexpected(broken_);
    STRUCTWIRE_ASSERT(!closed_);
    if (stream_.framing == Framing::values) return {};
    if (stream_.items && items > *stream_.items - written_)
      return std::unexpected(count_error(written_ + items));
    if (opened_) return {};
    if (W::traits.counts_first && !stream_.items) {
      return stop(Error(ErrorCode::unsupported,
                        "This format says how many items an array has in front of them"));
    }
    const std::size_t count = stream_.items.value_or(0);
    const auto begin_array = [count](W& writer) { writer.open_array(count); };
    if (auto begun = append_piece<W>(buffer_, W::array_bound(count), options_, begin_array);
        !begun) {
      return stop(begun.error());
    }
    opened_ = true;
    return {};
  }

  Result<void> appended_items(std::size_t items, std::size_t tail) {
    written_ += items;
    tail_ = tail;
    if (buffer_.size() - tail_ < stream_.chunk_bytes) return {};
    return flush();
  }

  STRUCTWIRE_COLD Error count_error(std::size_t written) const {
    return Error(ErrorCode::invalid_length, "The array is to have " +
                                                std::to_string(*stream_.items) + " items, not " +
                                                std::to_string(written));
  }
  STRUCTWIRE_COLD Result<void> stop(const Error& error) {
    broken_ = error;
    return std::unexpected(error);
  }

  Sink sink_;
  StreamOptions stream_;
  EncodeOptions options_;
  Buffer buffer_;
  std::size_t tail_ = 0;  ///< Of the buffer, what the end of the array would take back.
  std::size_t written_ = 0;
  bool opened_ = false;
  bool closed_ = false;
  Error broken_;
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
