// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes as base64 in glaze's JSON: its own two functions, behind the customization that it documents.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <glaze/base64/base64.hpp>
#include <glaze/json.hpp>

namespace glz {

template <>
struct from<JSON, std::vector<std::byte>> {
  template <auto Options>
  static void op(auto& value, is_context auto&& context, auto&& at, auto&& end) {
    std::string_view text;
    parse<JSON>::op<Options>(text, context, at, end);
    if (bool(context.error)) return;
    const std::string bytes = read_base64(text);
    const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
    value.assign(begin, begin + bytes.size());
  }
};

template <>
struct to<JSON, std::vector<std::byte>> {
  template <auto Options>
  static void op(auto&& value, is_context auto&& context, auto&& out, auto&& at) {
    if (!ensure_space(context, out, at + 1 + write_padding_bytes)) return;
    dump('"', out, at);
    write_base64_to(context, reinterpret_cast<const std::uint8_t*>(value.data()), value.size(), out, at);
    if (!ensure_space(context, out, at + 1 + write_padding_bytes)) return;
    dump('"', out, at);
  }
};

}  // namespace glz
