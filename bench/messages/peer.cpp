// SPDX-License-Identifier: Apache-2.0
#include <bench/messages/peer.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

#include <bench/messages/driver.hpp>

namespace messages_bench {
namespace {

std::filesystem::path& folder() {
  static std::filesystem::path path;
  return path;
}

// How long the other side's threads take to end is nobody's concern here.
[[noreturn]] void leave() {
  std::error_code ignored;
  if (!folder().empty()) std::filesystem::remove_all(folder(), ignored);
  std::cout.flush();
  std::_Exit(0);
}

[[noreturn]] void serve(const Peer& peer, const Setting& setting) {
  const auto server = peer.serve(setting);
  std::cout << server->address() << std::endl;
  Usage usage;
  std::uint64_t before = 0;
  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    if (line == "reset") {
      server->reset();
      usage.reset();
      before = server->handled();
      std::cout << "{}" << std::endl;
    } else {
      std::cout << "{" << usage.members() << ",\"handled\":" << server->handled() - before
                << ",\"handlers_max\":" << server->most_running()
                << ",\"shares\":" << server->shares() << "}" << std::endl;
    }
  }
  leave();
}

[[noreturn]] void drive(const Peer& peer, const Setting& setting) {
  const auto client = peer.connect(setting);
  client->call(1);
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    std::istringstream words(line);
    std::string scenario;
    int milliseconds = 0;
    words >> scenario >> milliseconds;
    std::cout << measure(*client, scenario, setting.size, std::chrono::milliseconds(milliseconds))
              << std::endl;
  }
  leave();
}

}  // namespace

void stop(const std::string& reason) {
  std::fprintf(stderr, "messages: %s\n", reason.c_str());
  std::_Exit(1);
}

void Client::start_confirmed(std::uint64_t) { stop("this peer confirms nothing"); }
void Client::chain(int, Clock::time_point, const std::function<void(std::chrono::nanoseconds)>&) {
  stop("this peer calls nobody when a reply comes");
}
std::string Client::special(const std::string&, std::chrono::milliseconds) { return {}; }

std::string socket_path() {
  std::string name = (std::filesystem::temp_directory_path() / "messages_bench_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) stop("cannot make a folder for sockets");
  folder() = name;
  return name + "/socket";
}

void run_peer(int count, char** arguments, const Peer& peer) {
  if (count < 5) stop("to be given: server|client TRANSPORT WAY SIZE [ADDRESS]");
  Setting setting{.transport = arguments[2],
                  .way = arguments[3],
                  .size = static_cast<std::size_t>(std::atoll(arguments[4])),
                  .address = count > 5 ? arguments[5] : ""};
  std::string(arguments[1]) == "server" ? serve(peer, setting) : drive(peer, setting);
}

}  // namespace messages_bench
