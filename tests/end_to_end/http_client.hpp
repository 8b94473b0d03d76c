// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace structwire::end_to_end {

/// A blocking connection that speaks just enough HTTP for tests, on purpose without any code of
/// ours or of a library. JSON both ways. Everything that goes wrong is "no answer".
class HttpClient {
 public:
  struct Answer {
    int status = 0;
    std::string body;
  };

  explicit HttpClient(std::uint16_t port) : port_(port) {}
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  [[nodiscard]] std::optional<Answer> get(std::string_view target) {
    return call("GET", target, {});
  }
  [[nodiscard]] std::optional<Answer> post(std::string_view target, std::string_view body) {
    return call("POST", target, body);
  }

 private:
  std::optional<Answer> call(std::string_view method, std::string_view target,
                             std::string_view body);
  bool connect();
  void close();
  bool receive();

  std::uint16_t port_;
  int socket_ = -1;
  std::string buffer_;
};

}  // namespace structwire::end_to_end
