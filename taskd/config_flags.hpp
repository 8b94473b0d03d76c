// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/config.hpp>

#include <string>

namespace structwire::taskd {

/// What the command line says; the one adapter for CLI11.
struct CommandLine {
  std::vector<SettingText> texts;
  std::string config_file;  ///< from `--config` or STRUCTWIRE_CONFIG; may be empty
  /// Set where the program has nothing to do but to print and to end: --help, --version, an error.
  bool ends = false;
  int exit_code = 0;  ///< 2 for a wrong command line
  std::string output;
};

[[nodiscard]] CommandLine read_command_line(int argc, const char* const* argv);

}  // namespace structwire::taskd
