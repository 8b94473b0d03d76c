// SPDX-License-Identifier: Apache-2.0
#pragma once

// The commands of the contract program. Each prints, and returns the exit code.

#include <span>

#include <structwire/contract/command/arguments.hpp>
#include <structwire/contract/command/check.hpp>

namespace structwire::contract {

enum ExitCode : int {
  exit_compatible = 0,
  exit_breaks = 1,
  exit_unusable = 2,  ///< A command line, folder or file that cannot be understood.
};

int check_command(const Arguments& arguments, std::span<const Contract> contracts);
int snapshot_command(const Arguments& arguments, std::span<const Contract> contracts);
int diff_command(const Arguments& arguments, std::span<const Contract> contracts);
int show_command(const Arguments& arguments, std::span<const Contract> contracts);
int generate_command(const Arguments& arguments, std::span<const Contract> contracts);

/// Those that the command line names; all when it names none.
std::vector<const Contract*> chosen(const Arguments& arguments, std::span<const Contract> contracts);

/// An error on standard error; returns exit_unusable.
int unusable(const Error& error);

/// One type against its snapshots.
struct Examination {
  std::vector<Snapshot> history;
  Policy policy;
  /// One for each snapshot that counts, oldest first; then one for each pair of snapshots that was taken over a break.
  std::vector<Report> reports;

  bool fails() const noexcept;
};

/// Loads and checks; marks and keeps the allowances that concern the type. `used` counts how often each allowance
/// fitted, in the order of the arguments.
Result<Examination> examine(const Arguments& arguments, const Contract& contract, std::vector<std::size_t>& used);

}  // namespace structwire::contract
