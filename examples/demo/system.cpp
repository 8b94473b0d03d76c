// SPDX-License-Identifier: Apache-2.0
#include <examples/demo/system.hpp>

#include <signal.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace demo {
namespace {

constexpr std::chrono::milliseconds patience_max{10'000};

bool complain(const std::string& text) {
  std::fprintf(stderr, "demo: %s\n", text.c_str());
  return false;
}

// Somebody may be there who answers HTTP, or something else: either way it does not take a daemon.
bool usual_port_is_free() {
  sw::taskd::Client client({.timeout = std::chrono::milliseconds(500)});
  const auto answer = client.ready();
  return !answer && answer.error().kind == sw::taskd::CallError::Kind::unreachable;
}

}  // namespace

System::System(const Options& options, std::string folder)
    : options_(options), folder_(std::move(folder)) {}

bool System::start() {
  if (!make_data_folder() || !start_daemon()) return false;
  hello_ = Process::start({folder_ + "/example_worker", server_});
  return start_workers();
}

void System::stop() {
  // Without the daemon the workers would try for a while to deliver their results.
  const std::chrono::milliseconds patience =
      daemon_alive() ? patience_max : std::chrono::milliseconds(0);
  if (hello_) hello_->signal(SIGTERM);
  for (const Process& worker : workers_.processes) worker.signal(SIGTERM);
  for (Process& worker : workers_.processes) worker.end(patience);
  workers_.processes.clear();
  if (hello_) hello_->end(patience);
  hello_.reset();
  if (daemon_) daemon_->end(patience_max * 2);
  daemon_.reset();
  std::error_code error;
  if (options_.data.empty() && !data_.empty()) std::filesystem::remove_all(data_, error);
  data_.clear();
}

int System::explain(const std::string& error) {
  complain(error);
  if (daemon_ && !daemon_->alive()) complain("structwired has ended, " + daemon_->ended());
  return 1;
}

bool System::make_data_folder() {
  data_ = options_.data;
  if (!data_.empty()) return true;
  // Not /tmp, which may be memory only: the tasks are to be on a disk.
  std::string name = "/var/tmp/structwire-demo-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) return complain("cannot make a directory in /var/tmp");
  data_ = name;
  return true;
}

bool System::start_daemon() {
  if (!options_.http.empty()) {
    return start_daemon_at(options_.http) ||
           complain("structwired cannot listen at " + options_.http);
  }
  if (usual_port_is_free() && start_daemon_at("127.0.0.1:8080")) return true;
  if (stop_asked()) return false;
  std::printf("Port 8080 is taken by another program; the daemon takes a free one.\n");
  return start_daemon_at("127.0.0.1:0") || complain("structwired does not start");
}

// The daemon's first line says where it is: `structwired 0.1.0: http://127.0.0.1:8080, data in …`.
bool System::start_daemon_at(const std::string& address) {
  daemon_ = Process::start(
      {folder_ + "/structwired", "--http", address, "--data", data_, "--log-level", "warning"});
  if (!daemon_) return complain("there is no " + folder_ + "/structwired");
  const auto line = daemon_->line(patience_max);
  const std::size_t url = line ? line->find("http://") : std::string::npos;
  if (url == std::string::npos) {
    daemon_.reset();
    return false;
  }
  server_ = line->substr(url, line->find(',', url) - url);
  return true;
}

bool System::start_workers() {
  for (std::size_t i = 1; i <= options_.workers; ++i) {
    const std::string name = "worker-" + std::to_string(i);
    auto process = Process::start({folder_ + "/demo", "--as-worker", name, "--server", server_});
    if (!process) return complain(folder_ + "/demo cannot be started");
    workers_.processes.push_back(std::move(*process));
    workers_.names.push_back(name);
  }
  return true;
}

}  // namespace demo
