// SPDX-License-Identifier: Apache-2.0
#include <bench/experiments/measure.hpp>

#include <dlfcn.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace experiments {
namespace {

constexpr double batch_ns = 1e6;
constexpr std::size_t calls_min = 4;

double thread_cpu_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double time_batch(Row& row) {
  const double begin = thread_cpu_ns();
  row.repeat(row.times);
  return thread_cpu_ns() - begin;
}

void choose_times(Row& row) {
  for (;;) {
    const double ns = time_batch(row);
    if (ns > batch_ns * 0.7 && row.times >= calls_min) return;
    const double factor = ns <= 0 ? 10 : std::clamp(batch_ns / ns, 1.0, 10.0);
    row.times = static_cast<std::size_t>(static_cast<double>(row.times) * factor) + 1;
  }
}

void print_row(const std::string& experiment, const Row& row) {
  std::printf(
      R"({"experiment":"%s","subject":"%s","library":"structwire","how":"%s","op":"%s","bytes":%zu)",
      experiment.c_str(), row.subject.c_str(), row.how.c_str(), row.operation.c_str(), row.bytes);
}

}  // namespace

void stop(const std::string& sentence) {
  std::fprintf(stderr, "experiments: %s\n", sentence.c_str());
  std::exit(1);
}

// What ran just before leaves its traces in the caches and in the heap, so each round begins with another row.
void Experiment::measure_time(int rounds) {
  for (Row& row : rows_) choose_times(row);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      Row& row = rows_[(i + static_cast<std::size_t>(round)) % rows_.size()];
      row.repeat(1);  // What it works on comes into the caches untimed.
      row.best_ns = std::min(row.best_ns, time_batch(row) / static_cast<double>(row.times));
    }
  }
}

void Experiment::print_times() const {
  for (const Row& row : rows_) {
    print_row(name_, row);
    std::printf(",\"ns\":%.2f}\n", row.best_ns);
  }
}

void Experiment::print_allocations() {
  const auto count =
      reinterpret_cast<std::size_t (*)()>(::dlsym(RTLD_DEFAULT, "codec_bench_allocations"));
  const auto peak = reinterpret_cast<std::size_t (*)()>(::dlsym(RTLD_DEFAULT, "codec_bench_peak"));
  if (count == nullptr || peak == nullptr) stop("count_allocations is not preloaded");
  for (Row& row : rows_) {
    row.repeat(1);
    const std::size_t before = count();
    peak();
    row.repeat(1);
    const std::size_t most = peak();
    const std::size_t allocations = count() - before;
    print_row(name_, row);
    std::printf(",\"allocations\":%zu,\"peak_bytes\":%zu}\n", allocations, most);
  }
}

}  // namespace experiments
