// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/format.hpp>

#include <string>
#include <string_view>
#include <vector>

/// The formats the command knows, from the run-time table. A new one is a row in formats.cpp.
namespace structwire::cli {

[[nodiscard]] const std::vector<const Format*>& formats();
/// Their names, for `--from` and `--to`.
[[nodiscard]] std::vector<std::string> format_names();
[[nodiscard]] const Format* format_named(std::string_view name);
/// By the ending of a file's name; nullptr where that tells nothing.
[[nodiscard]] const Format* format_of_file(std::string_view file);

}  // namespace structwire::cli
