// SPDX-License-Identifier: Apache-2.0
#include <cli/commands.hpp>
#include <cli/exit_codes.hpp>
#include <cli/pretty_json.hpp>
#include <cli/server.hpp>
#include <cli/show_task.hpp>
#include <cli/terminal.hpp>

#include <memory>

namespace structwire::cli {
namespace {

struct StatusOptions {
  std::string server;
  std::uint64_t id = 0;
};

int show_status(const StatusOptions& options) {
  taskd::Client client(client_options(options.server));
  const auto task = client.get(options.id);
  if (!task) return report(task.error());
  const std::string text = task_json(*task);
  return put_line(output_is_terminal() ? pretty_json(text) : text) ? exit_ok : exit_io;
}

}  // namespace

Run status_command(Arguments& arguments) {
  auto options = std::make_shared<StatusOptions>();
  arguments.id("ID", options->id, "The task's id, as submit printed it").required();
  declare_server(arguments, options->server);
  arguments.manual(R"(Examples:
  structwire status 7                                laid out on a terminal
  structwire status 7 | jq .result                   one line of JSON in a pipe

Times are microseconds since 1970, durations milliseconds. No such task: status 1.)");
  return [options] { return show_status(*options); };
}

}  // namespace structwire::cli
