// SPDX-License-Identifier: Apache-2.0
//
// The demo: checks this machine's files with a task per record, and then keeps running for the
// user's own tasks. See README.md beside this file.
#include <examples/demo/direct.hpp>
#include <examples/demo/job.hpp>
#include <examples/demo/options.hpp>
#include <examples/demo/processes.hpp>
#include <examples/demo/progress.hpp>
#include <examples/demo/system.hpp>
#include <examples/demo/worker.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>

namespace demo {
namespace {

constexpr std::size_t records_wanted = 100'000;

std::string count_text(std::size_t count) { return grouped(static_cast<std::int64_t>(count)); }

/// The records of this run.
struct Records {
  std::vector<FileRecord> files;
  std::vector<IncludeRecord> includes;

  [[nodiscard]] std::size_t size() const { return files.size() + includes.size(); }
};

Records read_records(const Options& options) {
  Records records;
  if (options.source != Source::headers) records.files = read_file_records();
  const bool few = options.source == Source::automatic && records.files.size() < records_wanted;
  if (few || options.source == Source::headers || options.source == Source::both) {
    records.includes = read_include_records();
  }
  if (options.records) {
    records.files.resize(std::min(records.files.size(), *options.records));
    records.includes.resize(std::min(records.includes.size(), *options.records));
  }
  std::printf(
      "Input: %s paths that the packages of this machine have installed (/var/lib/dpkg/info)\n",
      count_text(records.files.size()).c_str());
  if (!records.includes.empty()) {
    std::printf("       %s%s #include lines of the headers in /usr/include\n",
                few ? "and, these being fewer than 100,000, " : "",
                count_text(records.includes.size()).c_str());
  }
  return records;
}

Summary compute_directly(const Records& records, const std::string& folder) {
  std::atomic<std::size_t> done = 0;
  std::atomic<bool> stop = false;
  std::atomic<bool> ended = false;
  Summary summary;
  std::thread computing([&] {
    summary = summarize_directly(records.files, records.includes, folder, done, stop);
    ended = true;
  });
  Progress progress;
  while (!ended) {
    stop = stop_asked();
    progress.show("the same without structwire: " + count_text(done) + " of " +
                  count_text(records.size()));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  computing.join();
  return summary;
}

bool report(const JobReport& job, const Records& records, const Summary& directly,
            std::size_t killed) {
  std::printf(
      "\n%s tasks done in %.1f s, %s per second: submitted, claimed, worked on, completed, each\n"
      "synced to the disk.",
      count_text(job.tasks).c_str(), job.seconds,
      count_text(static_cast<std::size_t>(static_cast<double>(job.tasks) / job.seconds)).c_str());
  if (killed > 0) {
    std::printf(" %s of them were started again by another worker, after one was\nkilled;",
                count_text(job.started_again).c_str());
  }
  const bool complete = job.tasks == records.size();
  std::printf(" %s.\n", complete ? "nothing is lost" : "RESULTS ARE MISSING");
  const bool equal = print_comparison(job.summary, directly);
  print_findings(job.summary);
  std::printf("\n%s\n", complete && equal ? "The results are right." : "THE RESULTS ARE WRONG.");
  return complete && equal;
}

void invite(const System& system, const std::string& folder) {
  const std::string& server = system.server();
  const bool usual = server == sw::taskd::server_default;
  const std::string command = folder + "/structwire";
  const std::string option = usual ? "" : " --server " + server;
  std::printf(R"(
Still running, for your own tasks: %s, data in %s
  %s tasks --queue demo --limit 5%s
  %s status 1%s
  %s submit hello greet '{"name": "you"}' --wait%s
  curl %s/v1/tasks/1
  curl %s/v1/tasks -H 'Content-Type: application/json' \
    -d '{"queue": "hello", "type": "greet", "payload": {"name": "curl", "language": "de"}}'
  %s submit shell count --text 'to be or not'%s
  %s work --queue shell --text --until-empty%s -- wc -w
Ctrl-C stops everything.
)",
              server.c_str(), system.data().c_str(), command.c_str(), option.c_str(),
              command.c_str(), option.c_str(), command.c_str(), option.c_str(), server.c_str(),
              server.c_str(), command.c_str(), option.c_str(), command.c_str(), option.c_str());
  std::fflush(stdout);
}

int run(const Options& options, const std::string& folder) {
  watch_stop_signals();
  const Records records = read_records(options);
  System system(options, folder);
  if (!system.start()) return stop_asked() ? 0 : 1;
  std::printf(
      "Daemon: %s, data in %s\n%zu worker processes, batches of 256, one task per record:\n",
      system.server().c_str(), system.data().c_str(), options.workers);
  std::fflush(stdout);

  Job job(system.server(), system.workers(), records.files, records.includes);
  const auto done = job.run();
  if (!done) {
    return done.error().empty() ? 0 : system.explain(done.error());
  }
  const std::size_t killed = options.workers - system.workers().alive();
  const Summary directly = compute_directly(records, system.data());
  if (stop_asked()) return 0;
  const bool right = report(*done, records, directly, killed);
  if (options.exit || !right) return right ? 0 : 1;

  invite(system, folder);
  while (!stop_asked() && system.daemon_alive())
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  if (!stop_asked()) return system.explain("the daemon does not run any more");
  std::printf("\nStopping.\n");
  std::fflush(stdout);
  return 0;
}

}  // namespace
}  // namespace demo

int main(int argument_count, char** arguments) {
  int exit_status = 0;
  const auto options = demo::parse_options(argument_count, arguments, exit_status);
  if (!options) return exit_status;
  if (!options->worker_name.empty()) return demo::run_worker(*options);
  return demo::run(*options, demo::program_folder(arguments[0]));
}
