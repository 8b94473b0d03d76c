// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sequences of values in one input: JSON Lines, MessagePack values one after another. Same for every format whose
// Reader can tell whether another value follows (`bool more()`, which passes over what stands between values) and
// whose Writer names what goes behind each (`value_end`).

#include <ranges>
#include <string_view>
#include <utility>
#include <vector>

#include <structwire/core/decoder.hpp>
#include <structwire/core/encoder.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// Appends each value of the range with what ends a value; after an error `out` is as before.
template <class W, std::ranges::input_range Values>
Result<void> append_lines(Values&& values, Buffer& out, const EncodeOptions& options) {
  const std::size_t before = out.size();
  for (const auto& value : values) {
    if (auto encoded = append_with<W>(value, out, options); !encoded) {
      out.resize_uninitialized(before);
      return encoded;
    }
    out.append(std::as_bytes(std::span(W::value_end)));
  }
  return {};
}

/// Calls take(T&&) with one value after another; stops at the first error, whose path begins with the value's
/// number, `$[3]`. Holds one value at a time.
template <class R, class T, class Input, class Take>
Result<void> decode_each(Input input, const DecodeOptions& options, Take&& take) {
  R reader(input, options);
  try {
    for (std::size_t index = 0; reader.more(); ++index) {
      T value{};
      if (!decode_value(reader, value)) {
        reader.in_item(index);
        return std::unexpected(reader.take_error());
      }
      take(std::move(value));
    }
    return {};
  } catch (const std::bad_alloc&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  } catch (const std::length_error&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  }
}

template <class R, class T, class Input>
Result<std::vector<T>> decode_lines(Input input, const DecodeOptions& options) {
  std::vector<T> values;
  auto decoded = decode_each<R, T>(input, options, [&](T&& value) { values.push_back(std::move(value)); });
  if (!decoded) return std::unexpected(std::move(decoded.error()));
  return values;
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
