// SPDX-License-Identifier: Apache-2.0
//
// The program: takes a range of seeds, gives each its world, tells which failed and what all of them went through.
// Seeds are shared out over processes, so that a crash or an endless loop of one is a failed seed like others.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <tests/simulation/message_world.hpp>

namespace structwire::messaging::simulation {
namespace {

constexpr std::string_view help = R"(message_simulation: small worlds of messaging endpoints, each from one seed, watched by an oracle

  message_simulation [--seeds A:B] [--jobs N] [--quick]   worlds A to B, both included; default 1:10000
  message_simulation --seed N [--verbose]                 one world; with all that happens in it
  message_simulation --until-found [--seeds A:B]          stops at the first seed that fails: for planted bugs
  message_simulation --help

Each world has two to five processes with endpoints (the code that is tested), handlers of many manners and executors,
over a network in virtual time that loses, doubles and delays frames, breaks links, blocks ways, and kills, pauses and
restarts processes. What must hold is listed on top of tests/simulation/message_oracle.hpp, and a failure is reported by
the name of its rule. The same seed is the same world, event by event, on every machine.

The end of the output: how often each outcome and each fault occurred (a zero over the default range fails the run;
--quick does not look), then `N passed, N failed`. Status 0 where none failed, 1 else, 2 for wrong arguments.

To find a fault: take the smallest failing seed, `--seed N --verbose`, search for VIOLATION, and read upwards for the
number of the send. A line is: time, process.life, what happened.
)";

constexpr unsigned seconds_for_a_world = 60;
constexpr std::size_t failures_max = 200;
constexpr std::size_t text_max = 500;
constexpr std::size_t codes = 512;

struct Failed {
  std::uint64_t seed;
  char text[text_max];
};

// What one worker tells, in memory that it shares with the parent.
struct Slate {
  std::uint64_t seed;  // That it is at.
  std::uint64_t passed, failed, sends, runs;
  std::uint64_t outcomes[codes];
  std::uint64_t happenings[static_cast<std::size_t>(Happening::count)];
  std::uint64_t nacks[10];
  std::uint64_t counters[12];
  Failed failures[failures_max];
  bool found;  // By any of them: --until-found.
};
constexpr std::array<std::string_view, 12> counter_names{
    "repeats",        "replayed results", "duplicates",        "held for order",    "resent",   "retries",
    "frames refused", "waits for credit", "credit violations", "circuits opened", "sessions", "sessions resumed"};

void note_failure(Slate& slate, std::uint64_t seed, const std::string& text) {
  if (slate.failed < failures_max) {
    Failed& failed = slate.failures[slate.failed];
    failed.seed = seed;
    std::snprintf(failed.text, text_max, "%s", text.c_str());
  }
  ++slate.failed;
}

void note(Slate& slate, std::uint64_t seed, const WorldResult& result) {
  slate.sends += result.sends;
  slate.runs += result.runs;
  for (const auto& [code, times] : result.outcomes) slate.outcomes[static_cast<std::size_t>(code)] += times;
  for (std::size_t at = 0; at < result.happenings.size(); ++at) slate.happenings[at] += result.happenings[at];
  const Counters& from = result.counters;
  for (std::size_t code = 0; code < from.nacks_sent.size(); ++code) slate.nacks[code] += from.nacks_sent[code];
  const std::array<std::uint64_t, 12> values{from.repeats,        from.replayed,     from.duplicates,
                                             from.reordered,      from.resent,       from.retries,
                                             from.frames_refused, from.credit_waits, from.credit_violations,
                                             from.circuits_opened, from.sessions,    from.resumed};
  for (std::size_t at = 0; at < values.size(); ++at) slate.counters[at] += values[at];
  if (result.violations.empty()) {
    ++slate.passed;
  } else {
    note_failure(slate, seed, result.violations.front());
  }
}

struct Arguments {
  std::uint64_t first = 1, last = 10'000;
  std::optional<std::uint64_t> seed;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
  bool verbose = false;
  bool quick = false;
  bool until_found = false;
};

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// Nothing where they are wrong.
std::optional<Arguments> read_arguments(const std::vector<std::string_view>& words) {
  Arguments arguments;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string_view word = words[at];
    const std::string_view value = at + 1 < words.size() ? words[at + 1] : "";
    std::uint64_t number = 0;
    if (word == "--verbose") {
      arguments.verbose = true;
    } else if (word == "--quick") {
      arguments.quick = true;
    } else if (word == "--until-found") {
      arguments.until_found = arguments.quick = true;
    } else if (word == "--seed" && read_number(value, number)) {
      arguments.seed = number;
      ++at;
    } else if (word == "--jobs" && read_number(value, number) && number > 0 && number <= 256) {
      arguments.jobs = static_cast<unsigned>(number);
      ++at;
    } else if (word == "--seeds") {
      const std::size_t colon = value.find(':');
      if (colon == value.npos || !read_number(value.substr(0, colon), arguments.first) ||
          !read_number(value.substr(colon + 1), arguments.last) || arguments.last < arguments.first) {
        return std::nullopt;
      }
      arguments.quick = arguments.quick || arguments.first > 1 || arguments.last < 10'000;
      ++at;
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

int run_one(std::uint64_t seed, bool verbose) {
  const WorldResult result = World(seed, verbose).run();
  for (const std::string& each : result.violations) std::printf("FAILED %s\n", each.c_str());
  std::printf("seed %llu: %llu sends, %llu runs, %s\n", static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(result.sends), static_cast<unsigned long long>(result.runs),
              result.violations.empty() ? "passed" : "failed");
  return result.violations.empty() ? 0 : 1;
}

// The seeds of one worker: every jobs-th.
[[noreturn]] void work(Slate* slates, unsigned number, const Arguments& arguments) {
  Slate& slate = slates[number];
  while (slate.seed <= arguments.last) {
    if (arguments.until_found && std::any_of(slates, slates + arguments.jobs, [](const Slate& each) { return each.found; })) {
      break;
    }
    alarm(seconds_for_a_world);
    note(slate, slate.seed, World(slate.seed, false).run());
    slate.found = slate.found || slate.failed != 0;
    slate.seed += arguments.jobs;
  }
  _exit(0);
}

pid_t start(Slate* slates, unsigned number, const Arguments& arguments) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) work(slates, number, arguments);
  return child;
}

// Until all workers have come to the end of their seeds; one that dies goes on behind the seed that killed it.
void run_workers(Slate* slates, const Arguments& arguments) {
  std::vector<pid_t> workers(arguments.jobs);
  for (unsigned number = 0; number < arguments.jobs; ++number) {
    slates[number].seed = arguments.first + number;
    workers[number] = start(slates, number, arguments);
  }
  for (unsigned running = arguments.jobs; running > 0;) {
    int status = 0;
    const pid_t child = wait(&status);
    if (child < 0) return;
    const auto found = std::ranges::find(workers, child);
    if (found == workers.end()) continue;
    --running;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
    const auto number = static_cast<unsigned>(found - workers.begin());
    Slate& slate = slates[number];
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    note_failure(slate, slate.seed,
                 signal == SIGALRM ? "it does not come to an end" : "its process died: " + std::string(strsignal(signal)));
    slate.found = true;
    slate.seed += arguments.jobs;
    workers[number] = start(slates, number, arguments);
    ++running;
  }
}

void add_up(Slate& sum, const Slate& part) {
  sum.passed += part.passed;
  sum.failed += part.failed;
  sum.sends += part.sends;
  sum.runs += part.runs;
  const auto add = [](auto& to, const auto& from) {
    for (std::size_t at = 0; at < std::size(to); ++at) to[at] += from[at];
  };
  add(sum.outcomes, part.outcomes);
  add(sum.happenings, part.happenings);
  add(sum.nacks, part.nacks);
  add(sum.counters, part.counters);
}

// Not among the outcomes: too_old, which only senders get that repeat requests on their own (the rogue does), and
// encoding_failed, which is found before there is a message.
constexpr std::uint16_t codes_of_outcomes[] = {1, 2, 3, 4, 5, 6, 7, 8, 256, 257, 258, 259, 260, 261, 262, 263};

// How many never happened.
int print_counts(const Slate& sum) {
  int zeros = 0;
  const auto print = [&zeros](std::string_view name, std::uint64_t times, bool counts = true) {
    std::printf("  %-20.*s %10llu\n", static_cast<int>(name.size()), name.data(), static_cast<unsigned long long>(times));
    if (times == 0 && counts) ++zeros;
  };
  std::printf("outcomes of %llu sends, of which %llu runs came\n", static_cast<unsigned long long>(sum.sends),
              static_cast<unsigned long long>(sum.runs));
  print("success", sum.outcomes[0]);
  for (const std::uint16_t code : codes_of_outcomes) print(name_of(static_cast<FailureCode>(code)), sum.outcomes[code]);
  std::printf("what their receivers refused\n");
  for (std::uint16_t code = 1; code < std::size(sum.nacks); ++code) {
    print(name_of(static_cast<FailureCode>(code)), sum.nacks[code]);
  }
  std::printf("what happened to them\n");
  for (std::size_t at = 0; at < std::size(sum.happenings); ++at) {
    print(name_of(static_cast<Happening>(at)), sum.happenings[at]);
  }
  std::printf("what the endpoints counted\n");
  for (std::size_t at = 0; at < counter_names.size(); ++at) print(counter_names[at], sum.counters[at]);
  return zeros;
}

int run_all(const Arguments& arguments) {
  const std::size_t size = sizeof(Slate) * arguments.jobs;
  void* const shared = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 2;
  Slate* const slates = static_cast<Slate*>(shared);
  const auto begin = std::chrono::steady_clock::now();
  run_workers(slates, arguments);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;

  static Slate sum{};
  std::vector<const Failed*> failures;
  for (unsigned number = 0; number < arguments.jobs; ++number) {
    add_up(sum, slates[number]);
    for (std::size_t at = 0; at < std::min<std::size_t>(slates[number].failed, failures_max); ++at) {
      failures.push_back(&slates[number].failures[at]);
    }
  }
  std::ranges::sort(failures, {}, &Failed::seed);
  const int zeros = print_counts(sum);
  for (const Failed* each : failures) {
    std::printf("FAILED seed %llu: %s\n", static_cast<unsigned long long>(each->seed), each->text);
  }
  if (zeros != 0 && !arguments.quick) {
    std::printf("FAILED: %d of the above never happened, so that nothing was tried of it\n", zeros);
  }
  std::printf("%.1f s with %u processes\n", took.count(), arguments.jobs);
  std::printf("%llu passed, %llu failed\n", static_cast<unsigned long long>(sum.passed),
              static_cast<unsigned long long>(sum.failed));
  return sum.failed == 0 && (zeros == 0 || arguments.quick) ? 0 : 1;
}

}  // namespace
}  // namespace structwire::messaging::simulation

int main(int count, char** words) {
  using namespace structwire::messaging::simulation;
  const std::vector<std::string_view> list(words + 1, words + count);
  if (std::ranges::any_of(list, [](std::string_view word) { return word == "--help" || word == "-h"; })) {
    std::fputs(help.data(), stdout);
    return 0;
  }
  const auto arguments = read_arguments(list);
  if (!arguments) {
    std::fputs(help.data(), stderr);
    return 2;
  }
  return arguments->seed ? run_one(*arguments->seed, arguments->verbose) : run_all(*arguments);
}
