// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace structwire::test {

/// A server that says what it was told to say, for testing a client. One connection at a time: each
/// is a list of answers, the bytes for one request after the other; an empty answer closes the
/// connection without a word, and so does the end of the list. After the last connection it accepts
/// no more.
class FakeHttpServer {
 public:
  /// Says nothing and leaves the connection open until the server ends.
  static constexpr const char* silence = "(silence)";

  explicit FakeHttpServer(std::vector<std::vector<std::string>> connections);
  ~FakeHttpServer();

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// The requests so far, head and body as they came.
  [[nodiscard]] std::vector<std::string> requests();
  /// Connections accepted so far.
  [[nodiscard]] int accepted() const { return accepted_; }

  /// A whole answer.
  static std::string answer(int status, const std::string& content_type, const std::string& body,
                            const std::string& fields = {});

 private:
  void run();
  void serve(int connection, const std::vector<std::string>& answers);
  bool read_request(int connection);

  std::vector<std::vector<std::string>> connections_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> accepted_ = 0;
  std::atomic<bool> ending_ = false;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace structwire::test
