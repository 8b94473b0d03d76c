// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cli/command_line.hpp>
#include <taskd/client/client.hpp>

#include <string>

/// What the subcommands that talk to the daemon share.
namespace structwire::cli {

/// `--server`, also from STRUCTWIRE_SERVER.
void declare_server(Arguments& arguments, std::string& server);

[[nodiscard]] taskd::ClientOptions client_options(const std::string& server);

/// The exit status that fits why a call failed.
[[nodiscard]] int exit_code_of(const taskd::CallError& error);

/// Tells what went wrong on standard error and returns the exit status.
int report(const taskd::CallError& error);

}  // namespace structwire::cli
