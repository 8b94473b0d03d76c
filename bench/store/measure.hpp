// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the rows of the store benchmark share: a directory of their own, and how a rate is taken.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

namespace structwire::bench {

inline constexpr std::size_t payload_size = 200;
inline constexpr std::size_t result_size = 16;

struct Options {
  int rounds = 7;
  int milliseconds = 400;
  std::filesystem::path data = std::filesystem::temp_directory_path();
  std::string json;
};

[[noreturn]] void stop(const std::string& reason);

/// A directory of its own for one row, removed afterwards.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& parent);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Units of work per second: `step` does `units` of them, again and again until the time is over.
double rate(int milliseconds, double units, const std::function<void()>& step);

/// The sum of what `clients` threads reach at once; each makes its own step.
double rate_of_clients(int milliseconds, double units, int clients,
                       const std::function<std::function<void()>(int number)>& make_step);

// The rows. Full cycles (submit, claim, complete) per second; the first one counts syncs.
double raw_sync_rate(const Options& options);
double bare_rate(const Options& options, int batch);
double store_rate(const Options& options, int batch, int clients);
double http_rate(const Options& options, int batch, int clients);

}  // namespace structwire::bench
