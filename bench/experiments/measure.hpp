// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an experiment's rows are measured with: least time of a call over rounds of batches, the rows of one subject one
// after the other; or, with counted allocations, what one call takes of memory. One line of JSON for each row.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace experiments {

struct Row {
  std::string subject;    ///< What is encoded: rows of one subject are compared with each other.
  std::string how;        ///< In which way.
  std::string operation;  ///< encode, decode, …
  std::size_t bytes = 0;  ///< Of the encoding.
  std::function<void(std::size_t)> repeat;
  std::size_t times = 1;
  double best_ns = std::numeric_limits<double>::infinity();
};

class Experiment {
 public:
  explicit Experiment(std::string name) : name_(std::move(name)) {}

  /// `call` is what is measured. What it returns is kept from being optimized away.
  template <class Call>
  void add(std::string subject, std::string how, std::string operation, std::size_t bytes,
           Call call) {
    call();
    rows_.push_back({std::move(subject), std::move(how), std::move(operation), bytes,
                     [call = std::move(call)](std::size_t times) mutable {
                       for (std::size_t i = 0; i < times; ++i) {
                         auto result = call();
                         benchmark::DoNotOptimize(result);
                         benchmark::ClobberMemory();
                       }
                     }});
  }

  void measure_time(int rounds);
  /// Prints the rows: times; or what count_allocations.cpp counts, where it is preloaded.
  void print_times() const;
  void print_allocations();

 private:
  std::string name_;
  std::vector<Row> rows_;
};

void stop(const std::string& sentence);

/// The value of a Result; ends the program where there is none.
template <class Result>
auto must(Result&& result) {
  if (!result) stop(result.error().message());
  if constexpr (!std::is_void_v<typename std::remove_cvref_t<Result>::value_type>)
    return std::move(*result);
}

// One for each experiment.
void add_state(Experiment& experiment);
void add_arrays(Experiment& experiment);
void add_payload(Experiment& experiment);
void add_sizes(Experiment& experiment);
void add_reuse(Experiment& experiment);

}  // namespace experiments
