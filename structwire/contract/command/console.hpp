// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the contract program shows, and where: colours for people at a terminal, plain text for pipes and files.

#include <string>
#include <string_view>

namespace structwire::contract {

enum class Paint { plain, error, silent, accepted, note, frame, good, strong, dim };

/// Text in colours, or not.
struct Style {
  bool colours = false;
  std::string operator()(Paint paint, std::string_view text) const;
};

/// Colours where standard output is a terminal, and neither NO_COLOR nor TERM=dumb forbids them.
Style style_of_output();

/// False when it cannot be written. Whoever closed the pipe does not want to hear about it.
bool put(std::string_view text);
bool complain(std::string_view text);

}  // namespace structwire::contract
