// SPDX-License-Identifier: Apache-2.0
//
// The command `structwire`: its table of contents. One row per subcommand.
#include <cli/commands.hpp>

#include <array>
#include <csignal>

int main(int argument_count, char** arguments) {
  using structwire::cli::Command;
  constexpr std::array<Command, 11> commands = {{
      {"encode", "JSON text to MessagePack", structwire::cli::encode_command},
      {"decode", "MessagePack to readable JSON", structwire::cli::decode_command},
      {"convert", "Any format to any other", structwire::cli::convert_command},
      {"inspect", "Which format, and every byte of it", structwire::cli::inspect_command},
      {"contract", "Compare two snapshots of a contract", structwire::cli::contract_command},
      {"keys", "Make keys for messages between machines", structwire::cli::keys_command},
      {"submit", "Hand in a task, and maybe wait for its result", structwire::cli::submit_command},
      {"status", "Show one task", structwire::cli::status_command},
      {"tasks", "List tasks", structwire::cli::tasks_command},
      {"cancel", "Cancel tasks", structwire::cli::cancel_command},
      {"work", "Do the tasks of a queue with a command", structwire::cli::work_command},
  }};
  // A closed pipe is a failed write, told by its status, and not a sudden end.
  std::signal(SIGPIPE, SIG_IGN);
  return structwire::cli::run_command_line(argument_count, arguments, commands);
}
