// SPDX-License-Identifier: Apache-2.0
#include <cli/server.hpp>

#include <cli/exit_codes.hpp>
#include <cli/terminal.hpp>

namespace structwire::cli {
namespace {

int exit_code_of_refusal(const taskd::CallError& error) {
  using taskd::api::Code;
  if (error.may_pass()) return exit_temporary;
  switch (taskd::api::code_named(error.code).value_or(Code::internal)) {
    case Code::malformed:
    case Code::invalid_argument:
    case Code::invalid_parameter:
    case Code::too_large:
      return exit_bad_data;
    default:
      return exit_failed;
  }
}

}  // namespace

void declare_server(Arguments& arguments, std::string& server) {
  server = taskd::server_default;
  arguments.text("--server", server, "Where structwired is (default: " + server + ")")
      .shown_as("URL")
      .environment("STRUCTWIRE_SERVER");
}

taskd::ClientOptions client_options(const std::string& server) {
  taskd::ClientOptions options;
  options.server = server;
  return options;
}

int exit_code_of(const taskd::CallError& error) {
  using Kind = taskd::CallError::Kind;
  switch (error.kind) {
    case Kind::refused:
      return exit_code_of_refusal(error);
    case Kind::unreachable:
    case Kind::timeout:
    case Kind::bad_answer:
      return exit_unavailable;
    case Kind::bad_request:
      return exit_usage;
  }
  return exit_failed;
}

int report(const taskd::CallError& error) {
  std::string text = error.message;
  if (error.kind == taskd::CallError::Kind::unreachable) {
    text += "\nIs structwired running? --server or STRUCTWIRE_SERVER tell where.";
  }
  complain(text);
  return exit_code_of(error);
}

}  // namespace structwire::cli
