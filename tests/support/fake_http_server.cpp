// SPDX-License-Identifier: Apache-2.0
#include <tests/support/fake_http_server.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace structwire::test {

FakeHttpServer::FakeHttpServer(std::vector<std::vector<std::string>> connections)
    : connections_(std::move(connections)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, plain, size) != 0 || ::listen(listener_, 8) != 0) std::abort();
  ::getsockname(listener_, plain, &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

FakeHttpServer::~FakeHttpServer() {
  ending_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::vector<std::string> FakeHttpServer::requests() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::string FakeHttpServer::answer(int status, const std::string& content_type,
                                   const std::string& body, const std::string& fields) {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\nContent-Type: " + content_type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body;
}

void FakeHttpServer::run() {
  for (const auto& answers : connections_) {
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    ++accepted_;
    serve(connection, answers);
    ::close(connection);
  }
  ::shutdown(listener_, SHUT_RDWR);
}

void FakeHttpServer::serve(int connection, const std::vector<std::string>& answers) {
  for (const std::string& answer : answers) {
    if (!read_request(connection)) return;
    while (answer == silence && !ending_) ::poll(nullptr, 0, 5);
    if (answer.empty() || answer == silence) return;
    ::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
  }
}

bool FakeHttpServer::read_request(int connection) {
  std::string text;
  std::size_t head_end = std::string::npos;
  std::size_t length = 0;
  while (head_end == std::string::npos || text.size() < head_end + 4 + length) {
    char block[4096];
    pollfd waiting{connection, POLLIN, 0};
    while (::poll(&waiting, 1, 20) == 0) {
      if (ending_) return false;
    }
    const auto got = ::recv(connection, block, sizeof block, 0);
    if (got <= 0) return false;
    text.append(block, static_cast<std::size_t>(got));
    head_end = text.find("\r\n\r\n");
    const std::size_t field = text.find("Content-Length: ");
    if (field < head_end) length = std::strtoul(text.c_str() + field + 16, nullptr, 10);
  }
  const std::lock_guard lock(mutex_);
  requests_.push_back(std::move(text));
  return true;
}

}  // namespace structwire::test
