// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/error.hpp>

#include <string>
#include <string_view>

namespace structwire::taskd {

/// Where a client looks for the daemon when nothing else is said.
inline constexpr std::string_view server_default = "http://127.0.0.1:8080";

/// A server's URL, taken apart.
struct ServerAddress {
  std::string host;  ///< name or number, IPv6 without its brackets
  std::string port;  ///< decimal; 80 where the URL names none, as every URL means it

  /// `http://HOST[:PORT]`, also without the scheme or with a slash behind. Anything else is refused
  /// with a sentence that says what to write.
  [[nodiscard]] static Result<ServerAddress> parse(std::string_view url);

  /// `HOST:PORT` as the Host field has it.
  [[nodiscard]] std::string authority() const;
  /// `http://HOST:PORT`.
  [[nodiscard]] std::string url() const { return "http://" + authority(); }

  friend bool operator==(const ServerAddress&, const ServerAddress&) = default;
};

}  // namespace structwire::taskd
