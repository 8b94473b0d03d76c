// SPDX-License-Identifier: Apache-2.0
#pragma once

// The calls that encode, the same for every format: a door (json.hpp, msgpack.hpp, …) names its Writer and has
// them all. EncoderFor is the reusable object: options chosen once, struct rules overridden, memory kept.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <limits>
#include <new>
#include <span>
#include <string_view>
#include <utility>

#include <structwire/core/encode.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// W with struct rules that win over those of every struct.
template <class W, auto... Rule>
class WriterWith : public W {
 public:
  using Overrides = FlatRules<Rules<Rule...>>;
  using W::W;
};
template <class W, auto... Rule>
struct ChooseWriter {
  using type = WriterWith<W, Rule...>;
};
template <class W>
struct ChooseWriter<W> {
  using type = W;
};

/// Appends; after an error `out` is as before.
template <class W, class T>
Result<void> append_with(const T& value, Buffer& out, const EncodeOptions& options) {
  WriterState state(options);
  state.strict = true;
  return append_encoded<W>(value, out, state);
}

/// Appends whatever the data is. What append_with refuses is written as near as can be: text that is not UTF-8 with
/// U+FFFD; an enumerator that a by-name list does not have as its number; in a Raw of another format a number that
/// this one cannot hold as the nearest double, and null for bytes that are no value. Faults of the program end it:
/// structs nested deeper than 512, a codec that throws, no memory.
template <class W, class T>
void append_total(const T& value, Buffer& out, const EncodeOptions& options) {
  WriterState state(options);
  const Result<void> encoded = append_encoded<W>(value, out, state);
  STRUCTWIRE_ASSERT(encoded.has_value());
}

/// Writes at `offset`: what stands before it stays, what stood behind it is gone. Bytes between the old end and an
/// offset beyond it are zero. After an error `out` is as before.
template <class W, class T>
Result<void> encode_at(const T& value, Buffer& out, std::size_t offset, const EncodeOptions& options) {
  Buffer encoded;
  if (offset == out.size()) return append_with<W>(value, out, options);
  if (auto done = append_with<W>(value, encoded, options); !done) return done;
  const std::size_t before = out.size();
  const auto no_memory = [] {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the encoded value"));
  };
  if (offset > std::numeric_limits<std::size_t>::max() - encoded.size()) return no_memory();
  try {
    out.resize_uninitialized(offset + encoded.size());
  } catch (const std::bad_alloc&) {
    return no_memory();
  }
  if (offset > before) std::memset(out.data() + before, 0, offset - before);
  std::ranges::copy(encoded.bytes(), out.data() + offset);
  return {};
}

/// Writes at the start of `out` and returns the size. A span that the encoding does not fit is an error
/// (buffer_too_small) and stays as it was; after other errors it may hold a part of the encoding.
template <class W, class T>
Result<std::size_t> encode_to(const T& value, std::span<std::byte> out, const EncodeOptions& options) {
  refuse_unset<T>();
  WriterState state(options);
  state.strict = true;
  const auto too_small = [](std::size_t size) {
    return std::unexpected(Error(ErrorCode::buffer_too_small,
                                 "The encoding takes " + std::to_string(size) + " bytes, more than there is room for"));
  };
  // Where the bound fits, nothing is allocated; where only the encoding does, it goes through a buffer.
  try {
    Buffer scratch;
    const std::size_t bound = bound_of<W>(value, state);
    if (!state.failed() && bound + encode_detail::overrun<W> <= out.size()) {
      W writer(out.data(), state);
      write_value(writer, value);
      if (!state.failed()) return static_cast<std::size_t>(writer.end() - out.data());
    }
    if (state.failed()) return std::unexpected(state.take_error());
    if (auto encoded = append_with<W>(value, scratch, options); !encoded) {
      return std::unexpected(std::move(encoded.error()));
    }
    if (scratch.size() > out.size()) return too_small(scratch.size());
    std::ranges::copy(scratch.bytes(), out.begin());
    return scratch.size();
  } catch (const std::bad_alloc&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the encoded value"));
  }
}

/// An encoder that is made once and used many times, by one thread at a time: its options and its memory stay.
///   sw::json::Encoder<sw::array_like, sw::omit_defaults> encoder({.order = sw::Order::sorted});
///   auto bytes = encoder.encode(message);       // Result<std::span<const std::byte>>, valid until the next call
/// The rules are struct rules that win over those of every struct that it meets.
template <class Writer, auto... Rule>
class EncoderFor {
 public:
  using W = typename ChooseWriter<Writer, Rule...>::type;

  EncoderFor() noexcept = default;
  explicit EncoderFor(const EncodeOptions& options) noexcept : options_(options) {}

  template <class T>
  Result<std::span<const std::byte>> encode(const T& value) {
    buffer_.clear();
    if (auto encoded = append_to(value, buffer_); !encoded) return std::unexpected(std::move(encoded.error()));
    return buffer_.bytes();
  }
  template <class T>
  Result<void> append_to(const T& value, Buffer& out) {
    return append_with<W>(value, out, options_);
  }

 private:
  EncodeOptions options_;
  Buffer buffer_;
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
