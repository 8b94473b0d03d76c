// SPDX-License-Identifier: Apache-2.0
#include <tests/end_to_end/daemon_process.hpp>

#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace structwire::end_to_end {

DaemonProcess::DaemonProcess(const std::string& program,
                             const std::vector<std::string>& arguments) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) return;
  output_ = ends[0];
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  if (posix_spawn(&child_, program.c_str(), &actions, nullptr, argv.data(), environ) != 0) {
    child_ = -1;
  }
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
}

DaemonProcess::~DaemonProcess() {
  kill_9();
  wait();
  if (output_ >= 0) close(output_);
}

std::optional<std::uint16_t> DaemonProcess::wait_for_port() {
  std::string line;
  char c = 0;
  while (line.size() < 4096 && read(output_, &c, 1) == 1 && c != '\n') line.push_back(c);
  announced_ = line;
  const std::size_t place = line.find("http://127.0.0.1:");
  if (c != '\n' || place == std::string::npos) return std::nullopt;
  return static_cast<std::uint16_t>(std::atoi(line.c_str() + place + 17));
}

void DaemonProcess::kill_9() const {
  if (child_ > 0) kill(child_, SIGKILL);
}

void DaemonProcess::terminate() const {
  if (child_ > 0) kill(child_, SIGTERM);
}

int DaemonProcess::wait() {
  if (child_ <= 0) return -1;
  int status = 0;
  waitpid(child_, &status, 0);
  child_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace structwire::end_to_end
