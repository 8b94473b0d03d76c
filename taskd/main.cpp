// SPDX-License-Identifier: Apache-2.0
//
// structwired: configuration -> store -> service -> door -> signals. Everything is wired here and
// nowhere else.
#include <taskd/config.hpp>
#include <taskd/config_file.hpp>
#include <taskd/config_flags.hpp>
#include <taskd/http/door.hpp>
#include <taskd/http/server.hpp>
#include <taskd/log.hpp>
#include <taskd/messages/door.hpp>
#include <taskd/service_committed.hpp>
#include <taskd/signals.hpp>
#include <taskd/store/clock_anchored.hpp>
#include <taskd/store/store_memory.hpp>
#include <taskd/store/store_sqlite.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace {

using namespace structwire::taskd;  // NOLINT(google-build-using-namespace): this is the daemon

constexpr int exit_usage = 2;

// Requests under way are answered when their group is committed; a disk that takes longer than this
// for it will not come back.
constexpr std::chrono::milliseconds drain_limit{15'000};

int fail(const std::string& message, int code) {
  std::fprintf(stderr, "structwired: %s\n", message.c_str());
  return code;
}

std::expected<Config, ConfigError> read_config(const CommandLine& command_line) {
  std::vector<SettingText> from_file;
  if (!command_line.config_file.empty()) {
    auto read = read_config_file(command_line.config_file);
    if (!read) return std::unexpected(read.error());
    from_file = std::move(*read);
  }
  return make_config({std::move(from_file), read_environment(), command_line.texts});
}

Attempt<std::unique_ptr<Store>> open_store(const Config& config) {
  if (config.in_memory()) return make_store_memory();
  return open_store_sqlite({.directory = config.data});
}

http::ServerOptions server_options(const Config& config) {
  http::ServerOptions options{
      .address = config.http_address,
      .port = config.http_port,
      .threads = config.threads,
      .connections_max = config.connections_max,
      .idle_time = std::chrono::milliseconds(config.idle_timeout_ms),
      .request_time = std::chrono::milliseconds(config.request_timeout_ms),
  };
  if (logs(LogLevel::debug)) {
    options.on_answered = [](const http::Request& request, int status) {
      log(LogLevel::debug, request.method_text + " " + request.target + " " +
                               std::to_string(status) + " " + request.id);
    };
  }
  return options;
}

void announce(const Config& config, std::uint16_t port, const std::string& messages) {
  const bool is_ipv6 = config.http_address.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? "[" + config.http_address + "]" : config.http_address;
  std::printf("structwired %s: http://%s:%d, %s%sdata in %s\n", STRUCTWIRE_VERSION, host.c_str(),
              port, messages.c_str(), messages.empty() ? "" : ", ",
              config.in_memory() ? "memory" : config.data.c_str());
  std::fflush(stdout);
}

int serve(const Config& config, Store& store) {
  const ClockAnchored clock;
  ServiceCommitted service(store, clock);
  http::Door door(service);
  auto server = http::Server::start(server_options(config), door);
  if (!server) return fail(server.error(), EXIT_FAILURE);
  std::unique_ptr<messages::Door> messages_door;
  if (!config.messages.empty()) {
    auto opened = messages::Door::open(
        service, {.address = config.messages,
                  .peers_max = config.connections_max,
                  .key_file = config.messages_key,
                  .allowed_folder = config.messages_allowed});
    if (!opened) return fail("--messages: " + opened.error(), EXIT_FAILURE);
    messages_door = std::move(*opened);
  }
  announce(config, (*server)->port(), messages_door ? messages_door->address() : std::string());

  const int signal = wait_for_end_signal();
  log(LogLevel::info, std::string("stopping after ") + signal_name(signal));
  service.drain();
  if (messages_door) messages_door->drain(std::chrono::milliseconds(config.drain_ms));
  (*server)->drain(std::chrono::milliseconds(config.drain_ms),
                   std::chrono::milliseconds(config.drain_ms) + drain_limit);
  if (messages_door) messages_door->stop();
  service.shut_down();
  const CommitterCounts counts = service.counts();
  log(LogLevel::info, "stopped; " + std::to_string(counts.commands) + " commands in " +
                          std::to_string(counts.groups) + " commits");
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  block_end_signals();
  const CommandLine command_line = read_command_line(argc, argv);
  if (command_line.ends) {
    std::fputs(command_line.output.c_str(), command_line.exit_code == 0 ? stdout : stderr);
    return command_line.exit_code;
  }
  const auto config = read_config(command_line);
  if (!config) return fail(config.error().message, exit_usage);
  set_log_level(config->log_level);

  const Attempt<std::unique_ptr<Store>> store = open_store(*config);
  if (!store) return fail(store.error().message, EXIT_FAILURE);
  return serve(*config, **store);
}
