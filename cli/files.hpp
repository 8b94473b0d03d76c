// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/error.hpp>

#include <cstdio>
#include <memory>
#include <string>

/// Files as the command line names them: `-` is standard input or output.
namespace structwire::cli {

struct FileCloser {
  void operator()(std::FILE* file) const;
};
/// Closes what it opened; leaves the standard streams alone.
using File = std::unique_ptr<std::FILE, FileCloser>;

[[nodiscard]] Result<File> open_input(const std::string& name);
[[nodiscard]] Result<File> open_output(const std::string& name);
[[nodiscard]] Result<std::string> read_all(std::FILE* file, const std::string& name);

/// `standard input` for `-`, else the name, for messages.
[[nodiscard]] std::string shown_name(const std::string& name);

}  // namespace structwire::cli
