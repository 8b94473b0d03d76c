// SPDX-License-Identifier: Apache-2.0
#include <cli/table.hpp>

#include <algorithm>

namespace structwire::cli {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Characters, not bytes; wide ones are counted as one.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

std::string harmless(std::string_view text) {
  std::string result(text);
  std::ranges::replace_if(
      result, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  return result;
}

std::string first_characters(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  while (end < text.size() && (count > 0 || is_continuation(text[end]))) {
    if (!is_continuation(text[end])) --count;
    ++end;
    if (count == 0 && (end == text.size() || !is_continuation(text[end]))) break;
  }
  return std::string(text.substr(0, end));
}

std::vector<std::size_t> column_widths(const std::vector<std::vector<Cell>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i].text));
    }
  }
  return widths;
}

}  // namespace

std::string table_text(const std::vector<std::vector<Cell>>& rows, std::size_t width) {
  const std::vector<std::size_t> widths = column_widths(rows);
  std::string result;
  for (const auto& row : rows) {
    std::size_t left = width;
    std::size_t blanks = 0;  // before the next text; none is left at the end of a line
    for (std::size_t i = 0; i < row.size() && left > blanks; ++i) {
      const Cell& cell = row[i];
      const std::string text = first_characters(harmless(cell.text), left - blanks);
      const std::size_t padding = widths[i] - std::min(widths[i], width_of(text));
      if (cell.right) blanks += padding;
      left -= std::min(left, blanks + width_of(text));
      if (!text.empty()) {
        result.append(blanks, ' ');
        result += coloured(text, cell.colour);
        blanks = 0;
      }
      if (!cell.right) blanks += padding;
      blanks += 2;
    }
    result += '\n';
  }
  return result;
}

}  // namespace structwire::cli
