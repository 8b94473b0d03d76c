// SPDX-License-Identifier: Apache-2.0

// The questions of the user's documents, in C++; run.py puts the Python side beside them.
//
//   experiments NAME ROUNDS        the rows of one experiment, least times over so many rounds
//   experiments NAME allocations   what a call of each allocates, with count_allocations preloaded

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <bench/experiments/measure.hpp>

namespace {

struct Named {
  std::string_view name;
  void (*add)(experiments::Experiment&);
};
constexpr Named all[] = {{"state", experiments::add_state},
                         {"arrays", experiments::add_arrays},
                         {"payload", experiments::add_payload},
                         {"sizes", experiments::add_sizes},
                         {"reuse", experiments::add_reuse}};

}  // namespace

int main(int argc, char** argv) {
  for (const Named& each : all) {
    if (argc != 3 || each.name != argv[1]) continue;
    experiments::Experiment experiment{std::string(each.name)};
    each.add(experiment);
    if (std::string_view(argv[2]) == "allocations") {
      experiment.print_allocations();
    } else {
      experiment.measure_time(std::atoi(argv[2]));
      experiment.print_times();
    }
    return 0;
  }
  std::fputs("usage: experiments state|arrays|payload|sizes|reuse ROUNDS|allocations\n", stderr);
  return 2;
}
