// SPDX-License-Identifier: Apache-2.0
#include <cli/commands.hpp>
#include <cli/exit_codes.hpp>
#include <cli/server.hpp>
#include <cli/terminal.hpp>

#include <algorithm>
#include <memory>
#include <span>

namespace structwire::cli {
namespace {

struct CancelOptions {
  std::string server;
  std::vector<std::uint64_t> ids;
};

// Tells what became of each; true when all are cancelled.
bool tell(const taskd::api::BatchAnswer& answer) {
  bool all = true;
  for (const taskd::api::BatchEntry& entry : answer.tasks) {
    if (entry.error) {
      complain(entry.error->message);
      all = false;
    } else if (!put_line(std::to_string(entry.id) + " cancelled")) {
      all = false;
    }
  }
  return all;
}

int cancel(const CancelOptions& options) {
  taskd::Client client(client_options(options.server));
  std::span<const std::uint64_t> left = options.ids;
  bool all = true;
  while (!left.empty()) {
    const auto some = left.first(std::min<std::size_t>(left.size(), taskd::api::batch_tasks_max));
    left = left.subspan(some.size());
    taskd::api::CancelBatch batch;
    for (const std::uint64_t id : some) batch.tasks.push_back({id});
    const auto answer = client.cancel_many(batch);
    if (!answer) return report(answer.error());
    all = tell(*answer) && all;
  }
  return all ? exit_ok : exit_failed;
}

}  // namespace

Run cancel_command(Arguments& arguments) {
  auto options = std::make_shared<CancelOptions>();
  arguments.ids("ID", options->ids, "The tasks' ids").required();
  declare_server(arguments, options->server);
  arguments.manual(R"(Examples:
  structwire cancel 7 8 9
  structwire tasks --queue mail --state queued --all | jq .id | xargs structwire cancel

A task under way is cancelled too: its worker learns of it at the next heartbeat and drops the work.
To cancel what is cancelled already is fine; what has succeeded or died stays so, with status 1.)");
  return [options] { return cancel(*options); };
}

}  // namespace structwire::cli
