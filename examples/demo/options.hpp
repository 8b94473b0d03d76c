// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace demo {

/// Which records are taken.
enum class Source {
  automatic,  ///< the packages, and the headers too when these are not enough
  packages,
  headers,
  both,
};

struct Options {
  Source source = Source::automatic;
  std::optional<std::size_t> records;  ///< at most so many of each source
  std::size_t workers = 4;
  std::string http;   ///< ADDRESS:PORT; empty: port 8080, or any when that is taken
  std::string data;   ///< kept; empty: a new directory, removed in the end
  bool exit = false;  ///< after the summary

  // A worker process is this program, started with these two.
  std::string worker_name;
  std::string server;
};

/// The options; nothing when they are wrong or `--help`, with the status to end with.
[[nodiscard]] std::optional<Options> parse_options(int argument_count, char** arguments,
                                                   int& exit_status);

}  // namespace demo
