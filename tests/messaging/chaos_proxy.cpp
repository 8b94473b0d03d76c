// SPDX-License-Identifier: Apache-2.0
#include "tests/messaging/chaos_proxy.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

extern char** environ;

namespace structwire::messaging::testing {

ChaosProxy::ChaosProxy(int target_port) {
  const char* root = std::getenv("STRUCTWIRE_SOURCE_DIR");
  std::string script = std::string(root == nullptr ? "." : root) + "/tests/support/chaos_proxy.py";
  std::string target = "127.0.0.1:" + std::to_string(target_port);
  std::string python = "python3";
  std::string plain = "-B";
  std::array<char*, 5> arguments{python.data(), plain.data(), script.data(), target.data(),
                                 nullptr};
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) return;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  const int failed =
      posix_spawnp(&process_, python.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  to_ = fdopen(in[1], "w");
  from_ = fdopen(out[0], "r");
  if (failed != 0) {
    process_ = -1;
    return;
  }
  const std::string line = read_line();
  if (line.starts_with("listening ")) port_ = std::atoi(line.c_str() + 10);
}

ChaosProxy::~ChaosProxy() {
  if (to_ != nullptr) std::fclose(to_);
  if (process_ > 0) waitpid(process_, nullptr, 0);
  if (from_ != nullptr) std::fclose(from_);
}

std::string ChaosProxy::read_line() {
  std::array<char, 256> line{};
  if (from_ == nullptr || std::fgets(line.data(), line.size(), from_) == nullptr) return {};
  std::string text = line.data();
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string ChaosProxy::command(const std::string& line) {
  if (to_ == nullptr) return {};
  std::fputs((line + "\n").c_str(), to_);
  std::fflush(to_);
  std::string answer = read_line();
  EXPECT_TRUE(answer.starts_with("ok")) << line << ": " << answer;
  return answer;
}

}  // namespace structwire::messaging::testing
