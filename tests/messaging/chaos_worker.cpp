// SPDX-License-Identifier: Apache-2.0

// A node that serves, as a process that real_processes_test.py kills, stops and starves:
//
//   chaos_worker '{"address": "tcp://127.0.0.1:*", "effects": "effects.txt", …}'
//
// It prints the address that it listens at. `count` and its like write each effect into a file, with the number of this life
// of the process and the effect's id, before they return. Its input: `status`, `release` (what waits in `wedge` returns); it
// ends with it.

#include <atomic>
#include <condition_variable>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "tests/messaging/chaos_process.hpp"

namespace {

using namespace chaos;
using namespace std::chrono_literals;

struct Settings {
  std::string address = "tcp://127.0.0.1:*";
  std::string effects;
  std::uint64_t life = 1;
  std::uint32_t threads = 2;
  std::uint32_t heartbeat_ms = 200;
  std::uint64_t credit_messages = 256;
  std::uint64_t credit_bytes = 8u << 20;
  std::uint64_t payload_bytes_max = 1u << 20;
  bool other_contract = false;
  bool stream_sockets = false;
  using wire = sw::Rules<sw::all_defaulted>;
};

/// Where handlers wait that do not return by themselves.
class Wedge {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    released_.wait(lock, [this, round = round_] { return round_ != round; });
  }
  void release() {
    const std::lock_guard lock(mutex_);
    ++round_;
    released_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable released_;
  std::uint64_t round_ = 0;
};

class Worker {
 public:
  explicit Worker(const Settings& settings)
      : settings_(settings),
        effects_(settings.effects),
        node_(options_of(settings), transport_of(settings.stream_sockets)) {}

  int run() {
    if (!effects_.is_open()) return give_up("no file for the effects");
    if (!add_handlers()) return give_up("a handler was not added");
    const auto address = node_.listen(settings_.address);
    if (!address) return give_up(address.error().message());
    tell("listening", *address);
    for (std::string line; std::getline(std::cin, line);) {
      if (line == "status") print_line(sw::json::encode(node_.status()));
      if (line == "release") wedge_.release();
    }
    wedge_.release();
    return 0;
  }

 private:
  static sw::messaging::NodeOptions options_of(const Settings& settings) {
    sw::messaging::NodeOptions options{.name = "worker", .threads = settings.threads};
    options.endpoint.heartbeat = std::chrono::milliseconds(settings.heartbeat_ms);
    options.endpoint.credit = {settings.credit_messages, settings.credit_bytes};
    options.endpoint.payload_bytes_max = settings.payload_bytes_max;
    return options;
  }

  bool add_handlers() {
    const auto count = [this](const Effect& effect) { take_effect(effect); };
    const auto wedge = [this](const Effect& effect) {
      wedge_.wait();
      take_effect(effect);
    };
    const auto echo = [](Effect effect) {
      if (effect.wait_ms != 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(effect.wait_ms));
      const std::uint32_t checksum = sw::crc32c(effect.bytes);
      return Echoed{effect.id, checksum, std::move(effect.bytes)};
    };
    const auto counted = settings_.other_contract
                             ? node_.handle<OtherEffect>("count", [](const OtherEffect&) {})
                             : node_.handle<Effect>("count", count);
    return counted && node_.handle<Effect>("count_again", count, {.idempotent = true}) &&
           node_.handle<Effect, Echoed>("echo", echo) && node_.handle<Effect>("wedge", wedge) &&
           node_.handle<Effect>("on_loop", count, {.execution = sw::messaging::Execution::on_loop});
  }

  void take_effect(const Effect& effect) {
    if (effect.wait_ms != 0) std::this_thread::sleep_for(std::chrono::milliseconds(effect.wait_ms));
    const std::string line = std::to_string(settings_.life) + " " + std::to_string(effect.id);
    if (!effects_.write(line)) throw std::runtime_error("the effect could not be written");
  }

  const Settings settings_;
  LineFile effects_;
  Wedge wedge_;
  sw::messaging::Node node_;
};

}  // namespace

int main(int count, char** arguments) {
  const auto settings = sw::json::decode<Settings>(count == 2 ? arguments[1] : "");
  if (!settings) return give_up("usage: chaos_worker SETTINGS: " + settings.error().message());
  return Worker(*settings).run();
}
