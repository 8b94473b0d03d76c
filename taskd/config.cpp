// SPDX-License-Identifier: Apache-2.0
#include <taskd/config.hpp>

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace structwire::taskd {
namespace {

using Applied = std::expected<void, std::string>;

std::unexpected<std::string> wrong(std::string text) { return std::unexpected(std::move(text)); }

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

template <auto Member>
Applied apply_number(Config& config, const std::string& text, std::int64_t min, std::int64_t max) {
  const auto number = parse_number(text);
  if (!number || *number < min || *number > max) {
    return wrong("a number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  config.*Member = static_cast<std::remove_reference_t<decltype(config.*Member)>>(*number);
  return {};
}

bool is_loopback(const std::string& address) {
  in_addr four{};
  if (inet_pton(AF_INET, address.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, address.c_str(), &six) == 1 &&
         std::equal(six.s6_addr, six.s6_addr + 16, in6addr_loopback.s6_addr);
}

bool is_address(const std::string& address) {
  in6_addr any{};
  return inet_pton(AF_INET, address.c_str(), &any) == 1 ||
         inet_pton(AF_INET6, address.c_str(), &any) == 1;
}

struct HostAndPort {
  std::string host;
  std::uint16_t port = 0;
};

std::expected<HostAndPort, std::string> address_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const auto port = parse_number(colon == std::string::npos ? "" : text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) return wrong("ADDRESS:PORT, such as 127.0.0.1:8080");
  std::string address = text.substr(0, colon);
  if (address == "localhost") address = "127.0.0.1";
  if (address.size() > 2 && address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  if (!is_address(address)) return wrong("ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080");
  return HostAndPort{std::move(address), static_cast<std::uint16_t>(*port)};
}

Applied apply_http(Config& config, const std::string& text) {
  auto address = address_of(text);
  if (!address) return std::unexpected(std::move(address).error());
  if (!is_loopback(address->host)) {
    return wrong(
        "a loopback address: over HTTP structwired knows no passwords or certificates, so it is "
        "not to be reached from other machines (for that, put a proxy that asks for one before it, "
        "or use --messages with keys)");
  }
  config.http_address = std::move(address->host);
  config.http_port = address->port;
  return {};
}

Applied apply_messages(Config& config, const std::string& text) {
  constexpr std::string_view ipc = "ipc://";
  if (text.starts_with(ipc)) {
    if (text.size() == ipc.size()) return wrong("ADDRESS:PORT or ipc://PATH");
    config.messages = text;
    config.messages_is_local = true;
    return {};
  }
  constexpr std::string_view tcp = "tcp://";
  const auto address = address_of(text.starts_with(tcp) ? text.substr(tcp.size()) : text);
  if (!address) return std::unexpected(address.error());
  config.messages_is_local = is_loopback(address->host);
  const bool is_ipv6 = address->host.find(':') != std::string::npos;
  config.messages = std::string(tcp) + (is_ipv6 ? "[" + address->host + "]" : address->host) + ":" +
                    (address->port == 0 ? "*" : std::to_string(address->port));
  return {};
}

template <std::string Config::*Member>
Applied apply_path(Config& config, const std::string& text) {
  if (text.empty()) return wrong("a path");
  config.*Member = text;
  return {};
}

// What several settings have to be together.
Applied check(const Config& config) {
  if (config.messages_key.empty() != config.messages_allowed.empty()) {
    return wrong("--messages-key and --messages-allowed need each other: who has a key, and who is let in");
  }
  if (!config.messages_is_local && config.messages_key.empty()) {
    return wrong("--messages: '" + config.messages +
                 "' can be reached from other machines: it should be a loopback address, or there should be "
                 "--messages-key and --messages-allowed (`structwire keys` makes keys)");
  }
  return {};
}

Applied apply_data(Config& config, const std::string& text) {
  if (text.empty()) return wrong("a directory, or :memory:");
  config.data = text;
  return {};
}

Applied apply_log_level(Config& config, const std::string& text) {
  const auto found = std::ranges::find(log_level_names, text);
  if (found == log_level_names.end()) return wrong("debug, info, warning or error");
  config.log_level = static_cast<LogLevel>(found - log_level_names.begin());
  return {};
}

Applied refuse_grpc(Config&, const std::string&) {
  return wrong("left out: the gRPC door is not in this version, only its name is reserved");
}

}  // namespace

const std::vector<Setting>& settings() {
  static const std::vector<Setting> rows = {
      {"http", "ADDRESS:PORT", "Where to serve HTTP; loopback only, port 0 is any free one", false,
       true, apply_http},
      {"messages", "ADDRESS:PORT",
       "Where to serve active messages, or ipc://PATH; loopback only unless there are keys; not at "
       "all if absent",
       false, true, apply_messages},
      {"messages_key", "FILE",
       "With the door's own key pair, as `structwire keys` writes it; messages are encrypted then",
       false, true, apply_path<&Config::messages_key>},
      {"messages_allowed", "FOLDER",
       "With the public keys that are let in, a file for each, read at the start", false, true,
       apply_path<&Config::messages_allowed>},
      {"data", "DIRECTORY",
       "Where tasks are kept, made if absent; :memory: keeps them until the end", false, true,
       apply_data},
      {"threads", "N", "Threads that serve HTTP", true, true,
       [](Config& config, const std::string& text) {
         return apply_number<&Config::threads>(config, text, 1, 64);
       }},
      {"log_level", "LEVEL", "The least that is logged: debug (each request), info, warning, error",
       false, true, apply_log_level},
      {"connections", "N", "Connections at a time; more are turned away with 503", true, true,
       [](Config& config, const std::string& text) {
         return apply_number<&Config::connections_max>(config, text, 1, 100'000);
       }},
      {"request_timeout_ms", "MS",
       "For a request's head to arrive; bodies and answers get longer by their size", true, true,
       [](Config& config, const std::string& text) {
         return apply_number<&Config::request_timeout_ms>(config, text, 1, 3'600'000);
       }},
      {"idle_timeout_ms", "MS", "How long a connection may be silent between two requests", true,
       true,
       [](Config& config, const std::string& text) {
         return apply_number<&Config::idle_timeout_ms>(config, text, 1, 3'600'000);
       }},
      {"drain_ms", "MS",
       "After SIGTERM: how long open connections are still answered (/readyz says 503)", true, true,
       [](Config& config, const std::string& text) {
         return apply_number<&Config::drain_ms>(config, text, 0, 3'600'000);
       }},
      {"grpc", "ADDRESS:PORT", "", false, false, refuse_grpc},
  };
  return rows;
}

std::string default_text(const Setting& setting) {
  const Config config;
  if (setting.key == "http") {
    return config.http_address + ":" + std::to_string(config.http_port);
  }
  if (setting.key == "data") return config.data;
  if (setting.key == "threads") return std::to_string(config.threads);
  if (setting.key == "log_level") {
    return std::string(log_level_names[static_cast<std::size_t>(config.log_level)]);
  }
  if (setting.key == "connections") return std::to_string(config.connections_max);
  if (setting.key == "request_timeout_ms") return std::to_string(config.request_timeout_ms);
  if (setting.key == "idle_timeout_ms") return std::to_string(config.idle_timeout_ms);
  if (setting.key == "drain_ms") return std::to_string(config.drain_ms);
  return {};
}

std::expected<Config, ConfigError> make_config(
    const std::vector<std::vector<SettingText>>& sources) {
  Config config;
  for (const std::vector<SettingText>& source : sources) {
    for (const SettingText& text : source) {
      const auto setting = std::ranges::find(settings(), text.key, &Setting::key);
      if (setting == settings().end()) {
        return std::unexpected(ConfigError{text.origin + ": there is no such setting"});
      }
      if (const Applied applied = setting->apply(config, text.value); !applied) {
        return std::unexpected(
            ConfigError{text.origin + ": '" + text.value + "' should be " + applied.error()});
      }
    }
  }
  if (Applied fits = check(config); !fits) return std::unexpected(ConfigError{std::move(fits).error()});
  return config;
}

std::string flag_name(std::string_view key) {
  std::string name = "--" + std::string(key);
  std::ranges::replace(name, '_', '-');
  return name;
}

std::string environment_name(std::string_view key) {
  std::string name = "STRUCTWIRE_" + std::string(key);
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

std::vector<SettingText> read_environment() {
  std::vector<SettingText> texts;
  for (const Setting& setting : settings()) {
    const std::string name = environment_name(setting.key);
    if (const char* value = std::getenv(name.c_str())) {
      texts.push_back({std::string(setting.key), value, name});
    }
  }
  return texts;
}

}  // namespace structwire::taskd
