// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

/// The command line as the subcommands see it; `command_line.cpp` alone knows the library that
/// parses it.
namespace structwire::cli {

/// One argument or option that was declared, for what is said about it further.
class Declared {
 public:
  explicit Declared(CLI::Option* option) : option_(option) {}

  Declared& required();
  /// Taken from the environment where the command line does not say it.
  Declared& environment(const std::string& name);
  Declared& one_of(const std::vector<std::string>& words);
  /// What the help calls the value.
  Declared& shown_as(const std::string& what);
  /// Not together with the other one.
  Declared& excludes(const Declared& other);

 private:
  CLI::Option* option_;
};

/// What a subcommand takes. Names: `"--queue,-q"` is an option, `"QUEUE"` a positional argument, in
/// the order of the declarations. The variables are set when the command line was parsed, and must
/// live until the subcommand has run.
class Arguments {
 public:
  explicit Arguments(CLI::App& app) : app_(app) {}

  Declared text(const std::string& names, std::string& value, const std::string& help);
  Declared text(const std::string& names, std::optional<std::string>& value,
                const std::string& help);
  /// Several words: all that are left, or all behind `--`.
  Declared words(const std::string& name, std::vector<std::string>& value, const std::string& help);
  Declared flag(const std::string& names, bool& value, const std::string& help);

  struct Range {
    std::int64_t low;
    std::int64_t high;
  };
  Declared number(const std::string& names, std::int64_t& value, Range range,
                  const std::string& help);
  Declared number(const std::string& names, std::optional<std::int64_t>& value, Range range,
                  const std::string& help);
  /// Task ids.
  Declared id(const std::string& name, std::uint64_t& value, const std::string& help);
  Declared ids(const std::string& name, std::vector<std::uint64_t>& value, const std::string& help);
  Declared seconds(const std::string& names, std::optional<double>& value, const std::string& help);

  /// What `--help` shows below the options: the examples.
  void manual(const std::string& text);

 private:
  CLI::App& app_;
};

/// Does the subcommand's work and returns the exit status.
using Run = std::function<int()>;

/// A row of the table in main.cpp.
struct Command {
  std::string_view name;
  std::string_view summary;
  Run (*declare)(Arguments&);
};

/// Parses, runs the chosen subcommand and returns the exit status. A wrong command line is told on
/// standard error with status `exit_usage`.
int run_command_line(int argument_count, char** arguments, std::span<const Command> commands);

}  // namespace structwire::cli
