// SPDX-License-Identifier: Apache-2.0
#include <cli/commands.hpp>
#include <cli/exit_codes.hpp>
#include <cli/terminal.hpp>
#include <structwire/contract/command/excerpt.hpp>
#include <structwire/contract/command/files.hpp>
#include <structwire/contract/command/report.hpp>

#include <algorithm>
#include <memory>

namespace structwire::cli {
namespace {

struct ContractOptions {
  std::string action;
  std::string before;
  std::string after;
  std::string level = "full";
  bool quiet = false;
};

contract::Level level_named(const std::string& name) {
  constexpr const auto& table = enum_table<contract::Level>;
  const auto found = std::ranges::find(table.names, name);
  return table.values[static_cast<std::size_t>(found - table.names.begin())];
}

/// `contracts/Order.v1.golden.json` beside `contracts/Order.v1.json`.
std::string golden_path(const std::string& path) {
  constexpr std::string_view ending = ".json";
  return path.ends_with(ending) ? path.substr(0, path.size() - ending.size()) + ".golden.json" : path + ".golden.json";
}

int cannot_read(const Error& error) {
  complain(contract::printable(error.message()));
  return error.code() == ErrorCode::io ? exit_no_input : exit_bad_data;
}

int diff(const ContractOptions& options) {
  const auto before = contract::load_snapshot(options.before);
  if (!before) return cannot_read(before.error());
  const auto after = contract::load_snapshot(options.after);
  if (!after) return cannot_read(after.error());
  const auto goldens = contract::load_goldens(golden_path(options.before));
  if (!goldens) return cannot_read(goldens.error());
  const auto report =
      contract::check(*after, *before, *goldens, std::span(&*before, 1), level_named(options.level));
  if (!report) return cannot_read(report.error());
  const contract::Style style{colours_wanted()};
  if (!put(contract::to_text(*report, {style, !options.quiet}))) return exit_io;
  if (!put_line(contract::printable(before->type) + " " + contract::summary(*report, style))) return exit_io;
  return report->fails() ? exit_failed : exit_ok;
}

}  // namespace

Run contract_command(Arguments& arguments) {
  auto options = std::make_shared<ContractOptions>();
  arguments.text("ACTION", options->action, "diff").required().one_of({"diff"});
  arguments.text("OLD", options->before, "The snapshot of the older version").required();
  arguments.text("NEW", options->after, "The snapshot of the newer version").required();
  arguments
      .text("--level,-l", options->level, "What has to hold: backward, forward or full (default: full)")
      .one_of({"backward", "forward", "full"});
  arguments.flag("--quiet,-q", options->quiet, "Only what fails, and the sum");
  arguments.manual(R"(Examples:
  structwire contract diff contracts/Order.v1.json contracts/Order.v2.json
  git show v1.4:contracts/Order.v3.json > old.json; structwire contract diff old.json contracts/Order.v4.json

Compares two snapshots that contract programs wrote, without the program: what each change does to peers and to stored
data, for each format and direction, and what to do instead. Golden messages beside the older snapshot are run through
the newer one. backward: new programs read old data; forward: old programs read new data.
Status 1: something breaks at this level, and the older snapshot does not accept it.)");
  return [options] { return diff(*options); };
}

}  // namespace structwire::cli
