// SPDX-License-Identifier: Apache-2.0
#pragma once

// tests/support/chaos_proxy.py as a process of its own, in front of a port of this machine.

#include <cstdio>
#include <string>

namespace structwire::messaging::testing {

class ChaosProxy {
 public:
  explicit ChaosProxy(int target_port);
  ~ChaosProxy();
  ChaosProxy(const ChaosProxy&) = delete;
  ChaosProxy& operator=(const ChaosProxy&) = delete;

  /// 0: it did not start.
  int port() const noexcept { return port_; }
  std::string address() const { return "tcp://127.0.0.1:" + std::to_string(port_); }
  /// Its answer; fails the test unless that begins with `ok`.
  std::string command(const std::string& line);

 private:
  std::string read_line();

  int process_ = -1;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
  int port_ = 0;
};

}  // namespace structwire::messaging::testing
