// SPDX-License-Identifier: Apache-2.0
#pragma once

// Scalars whose wire form is a text with a grammar of its own: datetimes, durations, UUIDs, decimals.
//
// A format that has a native form may use that instead (MessagePack has timestamps, and bytes for a UUID). What these
// types share is a specialization of TextScalar; core's loops ask for nothing else.

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

#include <structwire/core/kind.hpp>

namespace structwire {

/// How T is written as text and read back. There is none for other types. A specialization has
///
///     static constexpr Kind kind;                                    // for messages
///     static std::size_t text_bound(const T&);                       // most bytes that write() writes
///     static char* write(char* out, const T&);                       // returns the end; total, no NUL
///     static const char* parse(std::string_view text, T& out);       // nullptr, or the error's sentence
///
/// and, where they mean something,
///
///     // A number in place of the text: seconds of the epoch, seconds of a duration, a decimal.
///     static const char* from_number(std::int64_t, T&);
///     static const char* from_number(double, T&);
///     static const char* parse_number(std::string_view, T&);         // the same for a JSON number's own text
///     // Seconds of the epoch and nanoseconds.
///     static bool to_epoch(const T&, std::int64_t& seconds, std::uint32_t& nanoseconds);
///     static const char* from_epoch(std::int64_t seconds, std::uint32_t nanoseconds, T&);
///     // 16 bytes.
///     static std::byte* write_bytes(std::byte* out, const T&);
///     static const char* parse_bytes(std::span<const std::byte>, T&);
///
/// Seconds of an epoch count from 1970-01-01T00:00:00Z and are rounded down, nanoseconds are 0 to 999 999 999;
/// to_epoch() is false for a value without a time zone. Sentences are string literals. Where one is returned, `out`
/// holds what it held. write() needs text_bound() bytes and ends inside them; what the text promises to read back, it
/// says of the type.
template <class T>
struct TextScalar;

template <class T>
concept TextScalarType = requires {
  { TextScalar<T>::kind } -> std::convertible_to<Kind>;
};

/// The text of a value by itself, for logs and tests.
template <TextScalarType T>
std::string text_of(const T& value) {
  std::string text(TextScalar<T>::text_bound(value), '\0');
  text.resize(static_cast<std::size_t>(TextScalar<T>::write(text.data(), value) - text.data()));
  return text;
}

}  // namespace structwire
