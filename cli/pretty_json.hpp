// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace structwire::cli {

/// Valid compact JSON laid out for reading: one member or item per line, two blanks per level;
/// empty arrays and objects stay on their line. Text inside strings is untouched.
[[nodiscard]] std::string pretty_json(std::string_view compact);

}  // namespace structwire::cli
