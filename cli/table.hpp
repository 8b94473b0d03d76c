// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cli/terminal.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace structwire::cli {

/// One field of a table.
struct Cell {
  std::string text;
  Colour colour = Colour::plain;
  bool right = false;  ///< numbers stand at the right
};

/// Columns as wide as their widest field, two blanks between; each line is cut to `width`.
/// Control characters are shown as `?`, so that no content can write to the terminal.
[[nodiscard]] std::string table_text(const std::vector<std::vector<Cell>>& rows, std::size_t width);

}  // namespace structwire::cli
