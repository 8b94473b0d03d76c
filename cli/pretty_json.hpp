// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace structwire::cli {

/// JSON laid out for reading: one member or item per line, two blanks per level; empty arrays and
/// objects stay on their line. What is no JSON, or beyond the limits of decoding, stays as it is.
[[nodiscard]] std::string pretty_json(std::string_view text);

}  // namespace structwire::cli
