// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What the command may show to whom: people at a terminal get colours, tables and progress;
/// pipes and files get data.
namespace structwire::cli {

[[nodiscard]] bool output_is_terminal();
[[nodiscard]] bool errors_are_terminal();
[[nodiscard]] bool input_is_terminal();

/// Columns of the terminal; 80 where that is not known.
[[nodiscard]] std::size_t terminal_width();

/// True when standard output is a terminal and neither NO_COLOR nor TERM=dumb forbids colours.
[[nodiscard]] bool colours_wanted();

enum class Colour { plain, green, red, yellow, blue, grey };
/// The text in a colour, or as it is where no colours are wanted.
[[nodiscard]] std::string coloured(std::string_view text, Colour colour);

/// One line on standard error that replaces itself. It shows nothing when that is no terminal.
/// The destructor takes the line away.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  [[nodiscard]] bool visible() const { return visible_; }
  void show(std::string_view text);
  void clear();

 private:
  bool visible_;
  bool shown_ = false;
};

/// `structwire: TEXT` on standard error.
void complain(std::string_view text);

/// Writes data to standard output. False when it cannot be written, which has been told then.
[[nodiscard]] bool put(std::string_view data);
[[nodiscard]] bool put_line(std::string_view line);

}  // namespace structwire::cli
