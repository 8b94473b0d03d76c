// SPDX-License-Identifier: Apache-2.0
#include <examples/demo/options.hpp>

#include <charconv>
#include <cstdio>
#include <string_view>

namespace demo {
namespace {

constexpr const char* usage = R"(usage: demo [OPTION...]

Checks the files of this machine's packages with 100,000 tasks and more; see examples/demo/README.md.

  --exit             End after the summary: status 0 when it is right, else 1
  --records N        At most N records of each source
  --source WHICH     packages, headers or both (default: packages, and headers if those are few)
  --workers N        Worker processes (default: 4)
  --http ADDR:PORT   Where the daemon listens (default: 127.0.0.1:8080)
  --data DIR         Where it keeps its data (default: a new directory, removed in the end)
)";

bool parse_number(std::string_view text, std::size_t& number) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && number > 0;
}

bool parse_source(std::string_view text, Source& source) {
  if (text == "packages")
    source = Source::packages;
  else if (text == "headers")
    source = Source::headers;
  else if (text == "both")
    source = Source::both;
  else
    return false;
  return true;
}

bool set_option(Options& options, std::string_view name, const std::string& value) {
  if (name == "--records") return parse_number(value, options.records.emplace());
  if (name == "--workers") return parse_number(value, options.workers) && options.workers <= 64;
  if (name == "--source") return parse_source(value, options.source);
  if (name == "--http")
    options.http = value;
  else if (name == "--data")
    options.data = value;
  else if (name == "--as-worker")
    options.worker_name = value;
  else if (name == "--server")
    options.server = value;
  else
    return false;
  return true;
}

}  // namespace

std::optional<Options> parse_options(int argument_count, char** arguments, int& exit_status) {
  Options options;
  for (int i = 1; i < argument_count; ++i) {
    const std::string_view name = arguments[i];
    if (name == "--exit") {
      options.exit = true;
      continue;
    }
    const bool wants_help = name == "--help" || name == "-h";
    if (wants_help || i + 1 == argument_count || !set_option(options, name, arguments[i + 1])) {
      std::fputs(usage, wants_help ? stdout : stderr);
      exit_status = wants_help ? 0 : 2;
      return std::nullopt;
    }
    ++i;
  }
  return options;
}

}  // namespace demo
