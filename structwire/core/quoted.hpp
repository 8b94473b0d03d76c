// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text and bytes between quotes, for people: messages, paths, debug text. What is not printable stands escaped, so
// that foreign text cannot end a line or a quote early.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace structwire {

/// Appends `"text"`: quotes, backslashes and control characters escaped, what is no UTF-8 as \xNN; other text
/// stays readable.
void append_quoted(std::string& out, std::string_view text);
/// Appends `b"…"`: what is no printable ASCII as \xNN.
void append_quoted(std::string& out, std::span<const std::byte> bytes);

}  // namespace structwire
