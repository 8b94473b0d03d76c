// SPDX-License-Identifier: Apache-2.0
#pragma once

// StreamReader: values out of a source of bytes, one at a time, in constant memory.
//
//   sw::StreamReader<sw::json::Codec> records(sw::read_from(file));
//   Record record;
//   while (true) {
//     auto more = records.next(record);     // Result<bool>: false at the end of the input
//     …
//   }
//
// Values, errors, paths and offsets are those that the whole input would give (Feed). Used by one
// thread at a time.

#include <cstddef>
#include <span>
#include <utility>

#include <structwire/streams/feed.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

template <class Codec, auto... Rule>
class StreamReader {
 public:
  explicit StreamReader(Source source, const StreamOptions& stream = {},
                        const DecodeOptions& options = {})
      : source_(std::move(source)),
        chunk_bytes_(stream.chunk_bytes),
        feed_(stream.framing, options) {
    STRUCTWIRE_ASSERT(chunk_bytes_ != 0);
  }

  /// The next value into an object whose memory is used again; false at the end. After an error of
  /// meaning (a kind, a rule, a missing field) the call after it goes on with the value behind;
  /// other errors stay.
  template <class T>
  Result<bool> next(T& out) {
    while (true) {
      const Result<Next> next = feed_.next(out);
      if (!next) return std::unexpected(next.error());
      if (*next != Next::more_input) return *next == Next::value;
      if (auto read = read_more(); !read) return std::unexpected(std::move(read.error()));
    }
  }

  /// Calls take(T&&) with one value after another, up to the end or the first error.
  template <class T, class Take>
  Result<void> for_each(Take&& take) {
    while (true) {
      T value{};
      const Result<bool> more = next(value);
      if (!more) return std::unexpected(more.error());
      if (!*more) return {};
      take(std::move(value));
    }
  }

  /// How many bytes of the input are used up, and how many values were read or refused.
  std::size_t offset() const noexcept { return feed_.offset(); }
  std::size_t index() const noexcept { return feed_.index(); }

 private:
  // An error of the source does not stay: the next call asks it again.
  Result<void> read_more() {
    auto room = feed_.room(chunk_bytes_);
    if (!room) return std::unexpected(std::move(room.error()));
    const Result<std::size_t> came = source_(*room);
    if (!came) return std::unexpected(came.error());
    STRUCTWIRE_ASSERT(*came <= room->size());
    if (*came == 0) {
      feed_.finish();
    } else {
      feed_.came(*came);
    }
    return {};
  }

  Source source_;
  std::size_t chunk_bytes_;
  Feed<Codec, Rule...> feed_;
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
