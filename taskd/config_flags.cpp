// SPDX-License-Identifier: Apache-2.0
#include <taskd/config_flags.hpp>

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <deque>

namespace structwire::taskd {
namespace {

constexpr const char* about =
    "structwired keeps tasks and hands them to workers: submit them, claim them, complete them.\n"
    "A task that was acknowledged is on the disk; a worker that dies loses its lease, and the "
    "task\n"
    "goes to another one.";

constexpr const char* after_options = R"(
The same can stand in the environment (STRUCTWIRE_HTTP, STRUCTWIRE_DATA, STRUCTWIRE_LOG_LEVEL, ...)
and in a TOML file (http = "127.0.0.1:8080", log_level = "info", threads = 2). A flag beats the
environment, the environment beats the file.

Try it:
  structwired --data /tmp/tasks &
  curl -d '{"task_type":"greet","task_data":{"name":"you"}}' -H 'Content-Type: application/json' \
       http://127.0.0.1:8080/queue
  curl http://127.0.0.1:8080/v1/tasks

Active messages for workers on other machines (keys prove who they are):
  structwire keys server; structwire keys worker-7
  mkdir allowed && cp worker-7/public.key allowed/worker-7.key
  structwired --messages 10.0.0.5:9090 --messages-key server/secret.key --messages-allowed allowed

SIGTERM and Ctrl-C end it cleanly, a second one at once. After a crash it recovers by itself.)";

}  // namespace

CommandLine read_command_line(int argc, const char* const* argv) {
  CommandLine result;
  CLI::App app(about, "structwired");
  app.set_version_flag("--version", "structwired " STRUCTWIRE_VERSION);
  app.footer(after_options);
  app.add_option("--config", result.config_file, "A TOML file with settings")
      ->envname("STRUCTWIRE_CONFIG")
      ->type_name("FILE");

  std::deque<std::string> values;  // a deque, because CLI11 keeps references
  std::vector<CLI::Option*> options;
  for (const Setting& setting : settings()) {
    std::string help(setting.help);
    if (const std::string text = default_text(setting); !text.empty()) help += " [" + text + "]";
    CLI::Option* option = app.add_option(flag_name(setting.key), values.emplace_back(), help)
                              ->type_name(std::string(setting.placeholder));
    if (!setting.is_shown) option->group("");
    options.push_back(option);
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream complaint;
    const int code = app.exit(error, out, complaint);
    result.ends = true;
    result.exit_code = code == 0 ? 0 : 2;
    result.output = out.str() + complaint.str();
    return result;
  }
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (options[i]->count() == 0) continue;
    const std::string_view key = settings()[i].key;
    result.texts.push_back({std::string(key), values[i], flag_name(key)});
  }
  return result;
}

}  // namespace structwire::taskd
