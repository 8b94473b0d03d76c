// SPDX-License-Identifier: Apache-2.0
#include "tests/messaging/stream_world.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "tests/messaging/zeromq_world.hpp"

namespace structwire::messaging::testing {

StreamWorld::StreamWorld(Kind kind) : kind_(kind) {
  std::string name = "/tmp/structwire_stream_XXXXXX";
  folder_ = mkdtemp(name.data());
}

StreamWorld::~StreamWorld() { std::filesystem::remove_all(folder_); }

std::string StreamWorld::any_address() {
  switch (kind_) {
    case Kind::file: return "unix://*";
    case Kind::abstract: return fixed_address();
    case Kind::tcp: break;
  }
  return "tcp://127.0.0.1:*";
}

std::string StreamWorld::fixed_address() {
  switch (kind_) {
    case Kind::file: return "unix://" + free_file();
    case Kind::abstract: return "unix://@" + free_file();
    case Kind::tcp: break;
  }
  return "tcp://127.0.0.1:" + std::to_string(free_port());
}

std::string StreamWorld::free_file() { return folder_ + "/" + std::to_string(++names_); }

StreamOptions StreamWorld::options() const {
  StreamOptions options;
  // As much as the largest frame of the suite needs.
  options.part_bytes_max = 11u << 20;
  options.redial_longest = std::chrono::milliseconds(100);
  return options;
}

// ---- RawStream

RawStream::RawStream(const std::string& address) {
  const bool tcp = address.starts_with("tcp://");
  socket_ = socket(tcp ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_un file{};
  file.sun_family = AF_UNIX;
  const void* to = &file;
  socklen_t size = sizeof file;
  if (tcp) {
    four.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    to = &four;
    size = sizeof four;
  } else {
    std::strncpy(file.sun_path, address.c_str() + 7, sizeof file.sun_path - 1);
  }
  connected_ = connect(socket_, static_cast<const sockaddr*>(to), size) == 0;
}

RawStream::~RawStream() { close(socket_); }

bool RawStream::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return errno == EAGAIN;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawStream::ended() const {
  std::array<char, 65536> bytes;
  for (;;) {
    const auto count = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count == 0) return true;
    if (count < 0) return errno != EAGAIN;
  }
}

std::string preface() { return {"\x89SWS\r\nd\x01"}; }

std::string lengths(std::uint32_t head, std::uint32_t body) {
  std::string text;
  for (const std::uint32_t number : {head, body}) {
    for (int shift = 0; shift < 32; shift += 8) text += static_cast<char>(number >> shift & 0xff);
  }
  return text;
}

}  // namespace structwire::messaging::testing
