// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/log.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

/// What the daemon can be told, and by whom: a flag beats the environment, the environment beats
/// the file, the file beats the default. `settings()` is the one table; the three sources only
/// deliver texts and say where these stand, so that every wrong value is refused with its origin.
namespace structwire::taskd {

struct Config {
  std::string http_address = "127.0.0.1";
  std::uint16_t http_port = 8080;
  std::string messages;  ///< address of the door for active messages; empty: there is none
  std::string messages_key;      ///< file with that door's key pair; empty: no keys
  std::string messages_allowed;  ///< folder with the public keys that it lets in
  bool messages_is_local = true;  ///< reached from this machine only
  std::string data = "structwired-data";  ///< a directory, or `:memory:`
  std::size_t threads = 2;
  LogLevel log_level = LogLevel::info;
  std::size_t connections_max = 1024;
  std::int64_t request_timeout_ms = 10'000;
  std::int64_t idle_timeout_ms = 75'000;
  std::int64_t drain_ms = 1'000;

  [[nodiscard]] bool in_memory() const { return data == ":memory:"; }
};

/// One value as a source has it.
struct SettingText {
  std::string key;  ///< as in `settings()`
  std::string value;
  std::string origin;  ///< `--threads`, `STRUCTWIRE_THREADS`, `daemon.toml:3: threads`
};

/// Why there is no configuration; one sentence that names the origin.
struct ConfigError {
  std::string message;
};

/// One row of the table.
struct Setting {
  std::string_view key;  ///< in the file; `--data`, `STRUCTWIRE_DATA` and `data` are the same
  std::string_view placeholder;
  std::string_view help;
  bool is_number = false;
  bool is_shown = true;  ///< in --help
  /// Applies a text; a refusal says what it should have been.
  std::expected<void, std::string> (*apply)(Config& config, const std::string& text);
};

[[nodiscard]] const std::vector<Setting>& settings();

/// The default as text, for --help; empty where there is none.
[[nodiscard]] std::string default_text(const Setting& setting);

/// Applies one source after the other: later ones win.
[[nodiscard]] std::expected<Config, ConfigError> make_config(
    const std::vector<std::vector<SettingText>>& sources);

/// `request_timeout_ms` -> `--request-timeout-ms`, `STRUCTWIRE_REQUEST_TIMEOUT_MS`.
[[nodiscard]] std::string flag_name(std::string_view key);
[[nodiscard]] std::string environment_name(std::string_view key);

/// What the environment sets of the table.
[[nodiscard]] std::vector<SettingText> read_environment();

}  // namespace structwire::taskd
