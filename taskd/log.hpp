// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace structwire::taskd {

enum class LogLevel { debug, info, warning, error };

inline constexpr std::array<std::string_view, 4> log_level_names = {"debug", "info", "warning",
                                                                    "error"};

/// What is less important than this is left out. To be set once, before threads start.
void set_log_level(LogLevel level);
[[nodiscard]] bool logs(LogLevel level);

/// One line to standard error: time, level, text. Any thread; lines never mix.
void log(LogLevel level, std::string_view text);

}  // namespace structwire::taskd
