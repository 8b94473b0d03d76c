// SPDX-License-Identifier: Apache-2.0
#pragma once

// Format: one row of the run-time table of self-describing formats, for whoever learns only at run time
// which format bytes are in: the command line, the doors, Raw. Typed code calls `json::decode<T>` instead,
// which costs no table. A Format lives as long as the program and is compared by address.

#include <cstddef>
#include <span>
#include <string_view>

#include <structwire/core/buffer.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/limits.hpp>
#include <structwire/core/value.hpp>

namespace structwire {

struct Format {
  /// `json`, `msgpack`: for people and configuration.
  std::string_view name;
  /// The first one is sent; all are understood. Lower case.
  std::span<const std::string_view> media_types;
  /// File name endings, without the dot.
  std::span<const std::string_view> endings;
  /// Decodes one complete value; anything after it is an error.
  Result<Value> (*decode)(std::span<const std::byte> bytes, const DecodeOptions& options);
  /// Appends the encoding of `value`. What the format has no form for is shown as docs/formats say
  /// (JSON: bytes as base64, an ext as an object, NaN as null).
  Result<void> (*append)(const Value& value, Buffer& out);
  /// Checks that `bytes` are one complete value, without building it.
  Result<void> (*validate_syntax)(std::span<const std::byte> bytes, const DecodeOptions& options);
};

/// The format of `formats` with this name, media type or file name ending; nullptr when there is none.
/// Media types are compared without regard to case and parameters.
const Format* find_format(std::span<const Format* const> formats, std::string_view name_or_type) noexcept;

/// Checks that `bytes` are one complete value of `format`, without building it.
inline Result<void> validate_syntax(std::span<const std::byte> bytes, const Format& format,
                                    const DecodeOptions& options = {}) {
  return format.validate_syntax(bytes, options);
}

}  // namespace structwire
