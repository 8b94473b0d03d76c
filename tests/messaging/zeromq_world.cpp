// SPDX-License-Identifier: Apache-2.0
#include "tests/messaging/zeromq_world.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace structwire::messaging::testing {

ZeromqWorld::ZeromqWorld(Kind kind, ZeromqHeartbeats heartbeats) : kind_(kind), heartbeats_(heartbeats) {
  if (kind == Kind::ipc) {
    std::string name = "/tmp/structwire_zeromq_XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  if (kind == Kind::curve) keys_ = curve_keypair().value();
}

ZeromqWorld::~ZeromqWorld() {
  if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

std::string ZeromqWorld::any_address() {
  return kind_ == Kind::ipc ? "ipc://*" : "tcp://127.0.0.1:*";
}

std::string ZeromqWorld::fixed_address() {
  if (kind_ == Kind::ipc) return "ipc://" + folder_ + "/" + std::to_string(++names_);
  return "tcp://127.0.0.1:" + std::to_string(free_port());
}

ZeromqOptions ZeromqWorld::options() const {
  ZeromqOptions options;
  // As much as the largest frame of the suite needs.
  options.part_bytes_max = 11u << 20;
  options.redial_longest = std::chrono::milliseconds(100);
  options.heartbeat = heartbeats_.every;
  options.heartbeat_timeout = heartbeats_.timeout;
  if (kind_ != Kind::curve) return options;
  options.keys = keys_;
  options.allowed_keys = {keys_.public_key};
  options.server_keys = {{"", keys_.public_key}};
  return options;
}

int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  int port = 0;
  if (bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0)
    port = ntohs(address.sin_port);
  close(probe);
  return port;
}

}  // namespace structwire::messaging::testing
