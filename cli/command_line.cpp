// SPDX-License-Identifier: Apache-2.0
//
// The adapter to CLI11.
#include <cli/command_line.hpp>

#include <cli/exit_codes.hpp>
#include <cli/version.hpp>

#include <CLI/CLI.hpp>

#include <iostream>
#include <limits>

namespace structwire::cli {
namespace {

constexpr const char* about =
    "structwire: reads and writes data in several formats, and submits, watches and works the\n"
    "tasks of structwired, the task daemon.";

constexpr const char* overview = R"(Start here:
  echo '{"n": 1}' | structwire encode > n.msgpack      JSON text into MessagePack
  structwire decode n.msgpack                          and back, for reading
  structwired &                                        the daemon
  structwire submit shell count '"to be or not"'       a task for the queue "shell"
  structwire work --queue shell -- wc -c               any program can be the worker
  structwire tasks                                     what became of it

structwire COMMAND --help explains one command, with examples.
Exit status: 0 done, 1 refused or failed, 2 wrong usage, 65 bad data, 66 cannot read a file,
69 no daemon answers, 74 cannot write, 75 try again later.)";

// The layout of the help.
class HelpText : public CLI::Formatter {
 public:
  HelpText() { column_width(28); }

  // "TEXT", "INT" and the like say nothing that the help does not.
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0) return {};
    std::string text;
    if (option->get_positional()) return option->get_expected_max() > 1 ? " ..." : "";
    const std::string& name = option->get_type_name();
    if (!name.empty()) text += " " + name;
    return text;
  }
};

void configure(CLI::App& app) {
  app.get_formatter()->label("OPTIONS", "OPTION...");
  app.set_help_flag("--help,-h", "This help");
  app.option_defaults()->always_capture_default(false);
}

std::string type_name(const std::string& name) { return name.starts_with('-') ? "" : name; }

// Ranges and choices are told where somebody misses them; in the help they are noise.
CLI::Validator silent(CLI::Validator check) { return check.description(""); }

CLI::Option* named(CLI::Option* option, const std::string& name, const char* type) {
  option->type_name(name.starts_with('-') ? type : type_name(name));
  return option;
}

int wrong_usage(const CLI::App& app, const std::string& what) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  std::string command = "structwire";
  if (at != &app) command += " " + at->get_name();
  std::cerr << "structwire: " << what << "\nTry: " << command << " --help\n";
  return exit_usage;
}

}  // namespace

Declared& Declared::required() {
  option_->required();
  return *this;
}

Declared& Declared::environment(const std::string& name) {
  option_->envname(name);
  return *this;
}

Declared& Declared::one_of(const std::vector<std::string>& words) {
  std::string shown;
  for (const std::string& word : words) shown += (shown.empty() ? "" : "|") + word;
  option_->check(silent(CLI::IsMember(words)));
  option_->type_name(shown);
  return *this;
}

Declared& Declared::shown_as(const std::string& what) {
  option_->type_name(what);
  return *this;
}

Declared& Declared::excludes(const Declared& other) {
  option_->excludes(other.option_);
  return *this;
}

Declared Arguments::text(const std::string& names, std::string& value, const std::string& help) {
  return Declared(named(app_.add_option(names, value, help), names, "TEXT"));
}

Declared Arguments::text(const std::string& names, std::optional<std::string>& value,
                         const std::string& help) {
  return Declared(named(app_.add_option(names, value, help), names, "TEXT"));
}

Declared Arguments::words(const std::string& name, std::vector<std::string>& value,
                          const std::string& help) {
  return Declared(named(app_.add_option(name, value, help), name, "TEXT"));
}

Declared Arguments::flag(const std::string& names, bool& value, const std::string& help) {
  return Declared(app_.add_flag(names, value, help));
}

Declared Arguments::number(const std::string& names, std::int64_t& value, Range range,
                           const std::string& help) {
  CLI::Option* option = named(app_.add_option(names, value, help), names, "N");
  option->check(silent(CLI::Range(range.low, range.high)));
  return Declared(option);
}

Declared Arguments::number(const std::string& names, std::optional<std::int64_t>& value,
                           Range range, const std::string& help) {
  CLI::Option* option = named(app_.add_option(names, value, help), names, "N");
  option->check(silent(CLI::Range(range.low, range.high)));
  return Declared(option);
}

Declared Arguments::id(const std::string& name, std::uint64_t& value, const std::string& help) {
  return Declared(named(app_.add_option(name, value, help), name, "ID"));
}

Declared Arguments::ids(const std::string& name, std::vector<std::uint64_t>& value,
                        const std::string& help) {
  return Declared(named(app_.add_option(name, value, help), name, "ID"));
}

Declared Arguments::seconds(const std::string& names, std::optional<double>& value,
                            const std::string& help) {
  CLI::Option* option = named(app_.add_option(names, value, help), names, "SECONDS");
  option->check(silent(CLI::Range(0.0, 1e9)));
  return Declared(option);
}

void Arguments::manual(const std::string& text) { app_.footer(text); }

int run_command_line(int argument_count, char** arguments, std::span<const Command> commands) {
  CLI::App app(about, "structwire");
  app.formatter(std::make_shared<HelpText>());
  configure(app);
  app.set_version_flag("--version", std::string("structwire ") + version, "The version");
  app.require_subcommand(1);
  app.footer(overview);
  int status = exit_ok;
  for (const Command& command : commands) {
    CLI::App* own = app.add_subcommand(std::string(command.name), std::string(command.summary));
    configure(*own);
    Arguments declared(*own);
    own->callback([&status, run = command.declare(declared)] { status = run(); });
  }
  if (argument_count <= 1) {
    std::cerr << app.help();
    return exit_usage;
  }
  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    return wrong_usage(app, error.what());
  }
  return status;
}

}  // namespace structwire::cli
