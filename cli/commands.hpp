// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cli/command_line.hpp>

/// One function per subcommand, each in the file of its name: declares what the subcommand takes
/// and returns what it does.
namespace structwire::cli {

[[nodiscard]] Run encode_command(Arguments& arguments);
[[nodiscard]] Run decode_command(Arguments& arguments);
[[nodiscard]] Run convert_command(Arguments& arguments);
[[nodiscard]] Run inspect_command(Arguments& arguments);
[[nodiscard]] Run keys_command(Arguments& arguments);
[[nodiscard]] Run contract_command(Arguments& arguments);
[[nodiscard]] Run submit_command(Arguments& arguments);
[[nodiscard]] Run status_command(Arguments& arguments);
[[nodiscard]] Run tasks_command(Arguments& arguments);
[[nodiscard]] Run cancel_command(Arguments& arguments);
[[nodiscard]] Run work_command(Arguments& arguments);

}  // namespace structwire::cli
