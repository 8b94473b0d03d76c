// SPDX-License-Identifier: Apache-2.0
#include <cli/commands.hpp>
#include <cli/exit_codes.hpp>
#include <cli/server.hpp>
#include <cli/show_task.hpp>
#include <cli/table.hpp>
#include <cli/terminal.hpp>

#include <algorithm>
#include <memory>

namespace structwire::cli {
namespace {

using taskd::api::Task;
using taskd::api::TaskState;

struct TasksOptions {
  std::string server;
  std::optional<std::string> queue;
  std::optional<std::string> state;
  std::int64_t limit = 100;
  std::optional<std::int64_t> after;
  bool all = false;
  bool json = false;
};

std::optional<TaskState> state_named(const std::string& name) {
  const auto found = std::ranges::find(taskd::api::task_states, name,
                                       [](TaskState state) { return taskd::api::name(state); });
  if (found == taskd::api::task_states.end()) return std::nullopt;
  return *found;
}

std::vector<std::string> state_names() {
  std::vector<std::string> names;
  for (const TaskState state : taskd::api::task_states) names.emplace_back(taskd::api::name(state));
  return names;
}

// What a person wants to know first: the result, or the last error.
std::string outcome(const Task& task) {
  if (task.state == TaskState::succeeded) return raw_json(task.result);
  if (!task.errors.empty()) return task.errors.back().message;
  return task.state == TaskState::running ? task.worker : "";
}

std::vector<Cell> row_of(const Task& task, std::int64_t now) {
  return {{std::to_string(task.id), Colour::plain, true},
          {task.queue},
          {task.type},
          {std::string(taskd::api::name(task.state)), colour_of(task.state)},
          {std::to_string(task.attempt) + "/" + std::to_string(task.max_attempts)},
          {age_text(task.created_at_us, now)},
          {outcome(task)}};
}

bool put_table(const std::vector<Task>& tasks) {
  std::vector<std::vector<Cell>> rows = {{{"ID", Colour::grey, true},
                                          {"QUEUE", Colour::grey},
                                          {"TYPE", Colour::grey},
                                          {"STATE", Colour::grey},
                                          {"ATTEMPT", Colour::grey},
                                          {"AGE", Colour::grey},
                                          {"RESULT OR ERROR", Colour::grey}}};
  const std::int64_t now = now_us();
  for (const Task& task : tasks) rows.push_back(row_of(task, now));
  return put(table_text(rows, terminal_width()));
}

bool put_lines(const std::vector<Task>& tasks) {
  std::string text;
  for (const Task& task : tasks) text += task_json(task) + "\n";
  return put(text);
}

int show_tasks(const TasksOptions& options) {
  taskd::Client client(client_options(options.server));
  taskd::ListQuery query{.queue = options.queue, .limit = options.limit};
  if (options.state) query.state = state_named(*options.state);
  if (options.after) query.after = static_cast<std::uint64_t>(*options.after);
  if (options.all) query.limit = taskd::api::list_tasks_max;
  const bool table = output_is_terminal() && !options.json;
  do {
    const auto page = client.list(query);
    if (!page) return report(page.error());
    if (page->tasks.empty() && table) complain("no such tasks");
    if (!page->tasks.empty() && !(table ? put_table(page->tasks) : put_lines(page->tasks))) {
      return exit_io;
    }
    query.after = page->next;
  } while (options.all && query.after);
  if (query.after && table) {
    complain("there are more: --all, or --after " + std::to_string(*query.after));
  }
  return exit_ok;
}

}  // namespace

Run tasks_command(Arguments& arguments) {
  auto options = std::make_shared<TasksOptions>();
  arguments.text("--queue,-q", options->queue, "Only of this queue").shown_as("QUEUE");
  arguments.text("--state,-s", options->state, "Only in this state").one_of(state_names());
  const Declared limit =
      arguments.number("--limit,-n", options->limit, {1, taskd::api::list_tasks_max},
                       "At most so many (default: 100)");
  arguments
      .number("--after", options->after, {0, taskd::api::json_integer_max},
              "Only ids above this one")
      .shown_as("ID");
  arguments.flag("--all,-a", options->all, "All of them, page by page").excludes(limit);
  arguments.flag("--json", options->json, "JSON lines also on a terminal");
  declare_server(arguments, options->server);
  arguments.manual(R"(Examples:
  structwire tasks                                   the first 100, as a table
  structwire tasks --queue mail --state dead         what went wrong
  structwire tasks --all | jq -r .state | sort | uniq -c
  watch structwire tasks --state running

On a terminal it is a table, in a pipe one task per line as JSON, ascending by id.)");
  return [options] { return show_tasks(*options); };
}

}  // namespace structwire::cli
