// SPDX-License-Identifier: Apache-2.0
#include <examples/demo/processes.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <thread>
#include <utility>

namespace demo {
namespace {

using Clock = std::chrono::steady_clock;

volatile sig_atomic_t asked = 0;

[[noreturn]] void become(const std::vector<char*>& words, int output, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::signal(number, SIG_DFL);
  ::dup2(output, STDOUT_FILENO);
  ::execv(words.front(), words.data());
  ::_exit(127);
}

}  // namespace

std::optional<Process> Process::start(const std::vector<std::string>& command) {
  if (::access(command.front().c_str(), X_OK) != 0) return std::nullopt;
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  const pid_t parent = ::getpid();
  const pid_t id = ::fork();
  if (id == 0) become(words, ends[1], parent);
  ::close(ends[1]);
  if (id < 0) {
    ::close(ends[0]);
    return std::nullopt;
  }
  ::setpgid(id, id);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Process(id, ends[0]);
}

Process::Process(Process&& other) noexcept
    : id_(std::exchange(other.id_, -1)),
      output_(std::exchange(other.output_, -1)),
      ended_(std::move(other.ended_)),
      unread_(std::move(other.unread_)) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(output_, other.output_);
  std::swap(ended_, other.ended_);
  std::swap(unread_, other.unread_);
  return *this;
}

Process::~Process() {
  if (alive()) end(std::chrono::milliseconds(0));
  if (output_ >= 0) ::close(output_);
}

bool Process::alive() {
  int status = 0;
  if (id_ > 0 && ::waitpid(id_, &status, WNOHANG) != 0) {
    id_ = -1;
    ended_ = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                 : "status " + std::to_string(WEXITSTATUS(status));
  }
  return id_ > 0;
}

void Process::signal(int number) const {
  if (id_ > 0) ::kill(id_, number);
}

void Process::end(std::chrono::milliseconds patience) {
  signal(SIGTERM);
  signal(SIGCONT);  // one that was held still could not hear it
  const Clock::time_point until = Clock::now() + patience;
  while (alive()) {
    if (Clock::now() >= until) signal(SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

std::vector<std::string> Process::lines() {
  std::array<char, 4096> block;
  ssize_t got = 0;
  while ((got = ::read(output_, block.data(), block.size())) > 0) {
    unread_.append(block.data(), static_cast<std::size_t>(got));
  }
  std::vector<std::string> result;
  std::size_t end = 0;
  while ((end = unread_.find('\n')) != std::string::npos) {
    result.push_back(unread_.substr(0, end));
    unread_.erase(0, end + 1);
  }
  return result;
}

std::optional<std::string> Process::line(std::chrono::milliseconds patience) {
  const Clock::time_point until = Clock::now() + patience;
  while (Clock::now() < until) {
    pollfd waiting{output_, POLLIN, 0};
    ::poll(&waiting, 1, 20);
    if (const auto found = lines(); !found.empty()) return found.front();
    if (!alive() || stop_asked()) return std::nullopt;
  }
  return std::nullopt;
}

std::string program_folder(const char* program) {
  const std::string_view name(program);
  const std::size_t slash = name.rfind('/');
  if (slash != name.npos) return std::string(name.substr(0, slash));
  std::array<char, 4096> path{};
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  const std::string_view whole(path.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return std::string(whole.substr(0, whole.rfind('/')));
}

void watch_stop_signals() {
  struct sigaction action{};
  action.sa_handler = [](int) { asked = 1; };
  // Nobody reads on: that is SIGPIPE.
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::sigaction(number, &action, nullptr);
}

bool stop_asked() { return asked != 0; }

}  // namespace demo
