// SPDX-License-Identifier: Apache-2.0
//
// submit: reads payloads, hands them in, and waits for their results if asked to.
#include <cli/bad_data.hpp>
#include <cli/commands.hpp>
#include <cli/exit_codes.hpp>
#include <cli/files.hpp>
#include <cli/formats.hpp>
#include <cli/payload.hpp>
#include <cli/server.hpp>
#include <cli/show_task.hpp>
#include <cli/terminal.hpp>
#include <cli/value_stream.hpp>
#include <cli/wait_for.hpp>
#include <structwire/json.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <utility>

namespace structwire::cli {
namespace {

using taskd::api::SubmitTask;

// Submitted together; as large as keeps one commit short.
constexpr std::size_t batch_tasks = 256;

struct SubmitOptions {
  std::string server;
  SubmitTask task;
  std::optional<std::string> payload;
  std::optional<std::string> file;
  std::optional<std::string> format;
  bool text = false;
  bool lines = false;
  bool wait = false;
  std::optional<double> delay;
  std::optional<double> timeout;
};

bool input_is_piped() {
  struct stat info{};
  return ::fstat(STDIN_FILENO, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISREG(info.st_mode));
}

class Submission {
 public:
  explicit Submission(const SubmitOptions& options)
      : options_(options), client_(client_options(options.server)) {}

  int run() {
    if (const int status = options_.lines ? submit_lines() : submit_one(); status != exit_ok) {
      return status;
    }
    if (!options_.wait) return exit_ok;
    return wait_for(client_, ids_, options_.timeout);
  }

 private:
  // Where the payload comes from; nothing where there is none.
  [[nodiscard]] std::optional<std::string> source() const {
    if (options_.file) return options_.file;
    if (options_.payload == "-") return "-";
    if (!options_.payload && input_is_piped()) return "-";
    return std::nullopt;
  }

  [[nodiscard]] const Format& format() const {
    if (options_.format) return *format_named(*options_.format);
    const Format* by_name = options_.file ? format_of_file(*options_.file) : nullptr;
    return by_name != nullptr ? *by_name : json::format();
  }

  int submit_one() {
    std::string text = options_.payload.value_or("");
    std::string name = "PAYLOAD";
    if (const auto from = source()) {
      name = shown_name(*from);
      const Result<File> file = open_input(*from);
      if (!file) return told(file.error().message(), exit_no_input);
      Result<std::string> content = read_all(file->get(), *from);
      if (!content) return told(content.error().message(), exit_no_input);
      text = std::move(*content);
    } else if (!options_.payload) {
      return send({Raw()});
    }
    if (text.empty() && !options_.text && !options_.payload) return send({Raw()});
    Result<Raw> payload = payload_of(text);
    if (!payload) {
      return told(name + ": " + describe(payload.error(), format(), std::as_bytes(std::span(text))),
                  exit_bad_data);
    }
    return send({std::move(*payload)});
  }

  int submit_lines() {
    const std::string name = source().value_or("-");
    const Result<File> file = open_input(name);
    if (!file) return told(file.error().message(), exit_no_input);
    ValueStream values(file->get(), options_.text ? json::format() : format());
    std::vector<Raw> payloads;
    while (true) {
      const auto next = values.next();
      if (!next) return told(next.error().message(), exit_no_input);
      if (!*next) break;
      std::string_view text(reinterpret_cast<const char*>((*next)->data()), (*next)->size());
      if (options_.text && text.ends_with('\n')) text.remove_suffix(1);
      Result<Raw> payload = payload_of(text);
      if (!payload) {
        return told(
            shown_name(name) + ": " + describe(payload.error(), format(), **next, values.offset()),
            exit_bad_data);
      }
      payloads.push_back(std::move(*payload));
      if (payloads.size() < batch_tasks) continue;
      if (const int status = send(std::exchange(payloads, {})); status != exit_ok) return status;
    }
    return payloads.empty() ? static_cast<int>(exit_ok) : send(std::move(payloads));
  }

  [[nodiscard]] Result<Raw> payload_of(std::string_view text) const {
    if (options_.text) return payload_from_text(text);
    return payload_from(format(), text);
  }

  int send(std::vector<Raw> payloads) {
    std::vector<SubmitTask> tasks;
    for (Raw& payload : payloads) {
      SubmitTask& task = tasks.emplace_back(options_.task);
      task.payload = std::move(payload);
      if (options_.delay) {
        task.run_at_us = now_us() + static_cast<std::int64_t>(*options_.delay * 1e6);
      }
    }
    // A lone task goes alone, so that a refusal names `$.queue` and not `$.tasks[0].queue`.
    return tasks.size() == 1 && !options_.lines ? took(client_.submit(tasks.front()))
                                                : took(client_.submit_many(std::move(tasks)));
  }

  int took(const taskd::Answer<taskd::api::Submitted>& answer) {
    if (!answer) return report(answer.error());
    return took_id(answer->id);
  }

  int took(const taskd::Answer<taskd::api::SubmittedBatch>& answer) {
    if (!answer) return report(answer.error());
    for (const taskd::api::Submitted& each : answer->tasks) {
      if (const int status = took_id(each.id); status != exit_ok) return status;
    }
    return exit_ok;
  }

  // With --wait, standard output is for the results.
  int took_id(std::uint64_t id) {
    ids_.push_back(id);
    return options_.wait || put_line(std::to_string(id)) ? exit_ok : exit_io;
  }

  static int told(const std::string& text, int status) {
    complain(text);
    return status;
  }

  const SubmitOptions& options_;
  taskd::Client client_;
  std::vector<std::uint64_t> ids_;
};

}  // namespace

Run submit_command(Arguments& arguments) {
  namespace api = taskd::api;
  auto options = std::make_shared<SubmitOptions>();
  SubmitTask& task = options->task;
  arguments.text("QUEUE", task.queue, "Who does it: the workers of this queue").required();
  arguments.text("TYPE", task.type, "What kind of task it is").required();
  const Declared payload =
      arguments.text("PAYLOAD", options->payload, "JSON text; - reads standard input");
  arguments.text("--file,-f", options->file, "Payload from this file")
      .shown_as("FILE")
      .excludes(payload);
  const Declared format = arguments.text(
      "--format", options->format, "The payload's format (default: json, or by the file's name)");
  Declared(format).one_of(format_names());
  arguments.flag("--text", options->text, "The payload is text as it is, not JSON")
      .excludes(format);
  arguments.flag("--lines,-l", options->lines, "One task per line of the input");
  arguments.flag("--wait,-w", options->wait, "Wait, and print the result");
  arguments.seconds("--timeout", options->timeout, "With --wait: no longer than this");
  arguments.seconds("--delay", options->delay, "Not to be started before so many seconds");
  arguments.number("--priority", task.priority, {api::priority_min, api::priority_max},
                   "Higher goes first (default: 0)");
  arguments.number("--max-attempts", task.max_attempts, {1, api::max_attempts_max},
                   "Starts before it is given up (default: 10)");
  arguments.number("--lease-ms", task.lease_ms, {api::lease_ms_min, api::lease_ms_max},
                   "Lease of workers that name none (default: 30000)");
  declare_server(arguments, options->server);
  arguments.manual(R"(Examples:
  structwire submit mail send '{"to": "ann"}'              prints the task's id
  structwire submit shell count --text 'to be or not'      text without JSON's quotes
  structwire submit mail send --file letter.json --wait    prints the result
  structwire submit mail send --lines < letters.jsonl      one task per line, 256 in a batch
  structwire submit mail send '{}' --delay 3600            in an hour

Without PAYLOAD a pipe or file on standard input is read; else the payload is null.
With --wait: status 0 and the result when it succeeded, 1 and the error when it did not, 75 when
it took too long (it goes on by itself then). Many tasks: one result per line, in order.)");
  return [options] { return Submission(*options).run(); };
}

}  // namespace structwire::cli
