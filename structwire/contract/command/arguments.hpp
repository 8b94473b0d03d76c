// SPDX-License-Identifier: Apache-2.0
#pragma once

// The command line of the contract program.

#include <optional>
#include <string>
#include <vector>

#include <structwire/contract/command/snapshot.hpp>

namespace structwire::contract {

/// `--allow RULE PATH --reason TEXT`
struct Allowance {
  std::string rule;
  std::string path;
  std::string reason;
};

struct Arguments {
  std::string program;  ///< As it was called, for what it says about itself.
  std::string command;
  std::string target;  ///< Of `generate`: its first word.
  std::vector<std::string> types;
  std::string folder = "contracts";
  std::optional<Level> level;
  std::optional<bool> transitive;
  std::vector<WireForm> forms;
  std::vector<Allowance> allowances;
  std::string out;  ///< Empty: standard output.
  bool as_json = false;
  bool quiet = false;
  bool help = false;
};

/// Errors: a sentence that says what is wrong, and what would be right.
Result<Arguments> parse_arguments(int count, char** words);

}  // namespace structwire::contract
