// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the files of glaze share.

#include <string>

#include <bench/codec/codec_row.hpp>

namespace codec_bench {

/// glaze's options with one set of choices per shape.
template <glz::opts Options, class T>
inline constexpr glz::opts glaze_options = [] {
  glz::opts options = Options;
  if (skips_unknown<T>) options.error_on_unknown_keys = false;
  return options;
}();

template <glz::opts Options, class T>
struct GlazeCodec {
  static constexpr bool reuses = true;
  static std::string prepare(std::string_view bytes) { return std::string(bytes); }

  bool decode(const std::string& bytes, T& value) { return !glz::read<glaze_options<Options, T>>(value, bytes); }
  std::optional<std::string_view> encode(const T& value) {
    if (glz::write<Options>(value, out)) return std::nullopt;
    return out;
  }

  std::string out;
};

inline std::string glaze_version() {
  return std::to_string(glz::version.major) + "." + std::to_string(glz::version.minor) + "." +
         std::to_string(glz::version.patch);
}

}  // namespace codec_bench
