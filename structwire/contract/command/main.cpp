// SPDX-License-Identifier: Apache-2.0
//
// The contract program: its table of contents.
#include <structwire/contract/main.hpp>

#include <algorithm>
#include <array>

#include <structwire/contract/command/arguments.hpp>
#include <structwire/contract/command/commands.hpp>
#include <structwire/contract/command/console.hpp>
#include <structwire/contract/generate.hpp>

namespace structwire::contract {
namespace {

struct Command {
  std::string_view name;
  std::string_view summary;
  int (*run)(const Arguments& arguments, std::span<const Contract> contracts);
};

constexpr std::array commands = {
    Command{"check", "Can these structs talk to the released ones? For CI", check_command},
    Command{"snapshot", "Keep these structs as the next released version", snapshot_command},
    Command{"diff", "What has changed since the last snapshot, judged or not", diff_command},
    Command{"show", "The contract itself: names, types, defaults, rules", show_command},
    Command{"generate", "Types for other languages: generate TARGET [TYPE...]", generate_command},
};

std::string help(std::string_view program) {
  std::string text = "Keeps the contracts of a program's structs, and checks that a change breaks no deployed peer.\n\nusage: " +
                     std::string(program) + " COMMAND [TYPE...] [OPTIONS]\n\n";
  for (const Command& each : commands) {
    std::string name(each.name);
    name.resize(10, ' ');
    text += "  " + name + std::string(each.summary) + "\n";
  }
  text += "\ngenerate TARGET\n";
  for (const Generator& each : generators()) {
    std::string name(each.name);
    name.resize(std::max<std::size_t>(name.size() + 1, 12), ' ');
    text += "  " + name + std::string(each.about) + "\n";
  }
  return text + R"(
Options
  --dir FOLDER        where the snapshots are (default: contracts)
  --level LEVEL       whom a change must not break (default: what the last snapshot says, else full)
                        backward  new programs read old data:  stores, queues, logs
                        forward   old programs read new data:  clients that stay behind
                        full      both:                        rolling upgrades, and back
  --transitive        against every version, not only the last one; --latest: only the last one
  --forms LIST        snapshot: the formats that are promised (default: json,msgpack)
  --allow RULE PATH   accept one difference, as the report names it; with
  --reason TEXT       why. Both are kept in the snapshot, where a review sees them
  --json              show: the schema as JSON
  --out FILE          generate: the file to replace (default: standard output)
  --quiet, -q         only what fails, and the sums

How to live with it
  1. At a release:     PROGRAM snapshot           and commit the folder contracts/
  2. In CI:            PROGRAM check              exit code 0: compatible, 1: breaks, 2: cannot tell
  3. When it breaks:   do what `help:` says; or, when every peer is known to be gone,
                       PROGRAM check --allow RULE PATH --reason "no v1 clients since May"
)";
}

int misused(std::string_view program, std::string_view what) {
  complain(std::string(program) + ": " + std::string(what) + "\n  " + std::string(program) + " --help tells how it is used\n");
  return exit_unusable;
}

/// The scope of the contracts' types decides where two have one name.
std::string twice(std::span<const Contract> contracts) {
  for (std::size_t i = 0; i < contracts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (file_stem(contracts[i].name) == file_stem(contracts[j].name)) return contracts[i].name;
    }
  }
  return {};
}

std::string unknown_word(const Arguments& arguments, std::span<const Contract> contracts) {
  if (arguments.command == "generate" && arguments.target.empty()) return "generate what? --help lists the targets";
  if (!arguments.target.empty() && find_generator(arguments.target) == nullptr) return "there is no target " + arguments.target;
  for (const std::string& type : arguments.types) {
    if (std::ranges::find(contracts, type, &Contract::name) == contracts.end()) return "there is no type " + type + " in this program";
  }
  return {};
}

}  // namespace

int run(int count, char** words, std::span<const Contract> contracts) {
  const auto arguments = parse_arguments(count, words);
  const std::string_view program = count > 0 ? words[0] : "contracts";
  if (!arguments) return misused(program, arguments.error().message());
  if (arguments->help || arguments->command == "help") return put(help(program)) ? exit_compatible : exit_unusable;
  if (const std::string name = twice(contracts); !name.empty()) {
    return misused(program, "two types are called " + name + ": give them names, contract_of<T>(\"first::" + name + "\"), and call run()");
  }
  const auto command = std::ranges::find(commands, arguments->command, &Command::name);
  if (command == commands.end()) {
    return misused(program, arguments->command.empty() ? "which command?" : "there is no command " + arguments->command);
  }
  if (const std::string wrong = unknown_word(*arguments, contracts); !wrong.empty()) return misused(program, wrong);
  return command->run(*arguments, contracts);
}

}  // namespace structwire::contract
