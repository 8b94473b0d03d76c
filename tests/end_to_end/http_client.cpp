// SPDX-License-Identifier: Apache-2.0
#include <tests/end_to_end/http_client.hpp>

#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace structwire::end_to_end {
namespace {

// Long enough for any commit; a test shall fail rather than hang.
constexpr timeval answer_time{.tv_sec = 30, .tv_usec = 0};

}  // namespace

HttpClient::~HttpClient() { close(); }

void HttpClient::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  buffer_.clear();
}

bool HttpClient::connect() {
  if (socket_ >= 0) return true;
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &answer_time, sizeof answer_time);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return true;
  }
  close();
  return false;
}

bool HttpClient::receive() {
  char piece[16 * 1024];
  const ssize_t count = ::recv(socket_, piece, sizeof piece, 0);
  if (count <= 0) return false;
  buffer_.append(piece, static_cast<std::size_t>(count));
  return true;
}

std::optional<HttpClient::Answer> HttpClient::call(std::string_view method, std::string_view target,
                                                   std::string_view body) {
  std::string request;
  request.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  request.append("Content-Type: application/json\r\nContent-Length: ");
  request.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  std::size_t head_end = std::string::npos;
  bool ok = connect() && ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) ==
                             static_cast<ssize_t>(request.size());
  while (ok && (head_end = buffer_.find("\r\n\r\n")) == std::string::npos) ok = receive();
  if (!ok) {
    close();
    return std::nullopt;
  }
  const std::string head = buffer_.substr(0, head_end);
  const std::size_t length_at = head.find("Content-Length: ");
  const std::size_t length =
      length_at == std::string::npos
          ? 0
          : static_cast<std::size_t>(std::atoll(head.c_str() + length_at + 16));
  while (ok && buffer_.size() < head_end + 4 + length) ok = receive();
  if (!ok) {
    close();
    return std::nullopt;
  }
  Answer answer{.status = std::atoi(head.c_str() + 9),
                .body = buffer_.substr(head_end + 4, length)};
  buffer_.erase(0, head_end + 4 + length);
  if (head.find("Connection: close") != std::string::npos) close();
  return answer;
}

}  // namespace structwire::end_to_end
