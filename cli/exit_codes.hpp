// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the command's exit status means; the numbers above 64 are those of sysexits.h. Scripts
/// branch on them, so they are stable, and docs/command_line.md lists them.
namespace structwire::cli {

enum ExitCode : int {
  exit_ok = 0,
  exit_failed = 1,        ///< the daemon said no, or the task did not succeed
  exit_usage = 2,         ///< the command line itself is wrong
  exit_bad_data = 65,     ///< input that is not what it should be
  exit_no_input = 66,     ///< a file that cannot be read
  exit_unavailable = 69,  ///< no daemon answers
  exit_io = 74,           ///< output that cannot be written
  exit_temporary = 75,    ///< busy, or not in time: try again later
};

}  // namespace structwire::cli
