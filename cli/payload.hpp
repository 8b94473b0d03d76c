// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/error.hpp>
#include <structwire/core/format.hpp>
#include <structwire/core/raw.hpp>

#include <string>
#include <string_view>

/// Between text on pipes and payloads of tasks.
namespace structwire::cli {

/// A payload from bytes in `format`, checked.
[[nodiscard]] Result<Raw> payload_from(const Format& format, std::string_view bytes);

/// A payload that is this text. Text that is not UTF-8 becomes a bytes value.
[[nodiscard]] Raw payload_from_text(std::string_view text);

/// What a command wrote, as a result: a JSON value if it is one; nothing is null; other text
/// without its last line end; bytes that are no UTF-8 as bytes.
[[nodiscard]] Raw result_from_output(std::string_view output);

/// A payload as the text it is, if it is one.
[[nodiscard]] Result<std::string> text_of(const Raw& payload);

}  // namespace structwire::cli
