// SPDX-License-Identifier: Apache-2.0
#include <taskd/client/server_address.hpp>

#include <charconv>
#include <utility>

namespace structwire::taskd {
namespace {

std::unexpected<Error> refused(std::string_view url, std::string_view why) {
  return std::unexpected(
      Error(ErrorCode::invalid_text, "Server `" + std::string(url) + "`: " + std::string(why)));
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && stop == end && port >= 1 && port <= 65535;
}

// Splits `[::1]:80`, `host:80` and `host`; false when the brackets do not pair.
bool split(std::string_view rest, std::string_view& host, std::string_view& port) {
  std::size_t colon = rest.rfind(':');
  host = rest;
  if (rest.starts_with('[')) {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) return false;
    host = rest.substr(1, close - 1);
    if (close + 1 == rest.size()) return true;
    if (rest[close + 1] != ':') return false;
    colon = close + 1;
  } else if (colon == std::string_view::npos) {
    return true;
  } else {
    host = rest.substr(0, colon);
    if (host.find(':') != std::string_view::npos) return false;
  }
  port = rest.substr(colon + 1);
  return true;
}

}  // namespace

Result<ServerAddress> ServerAddress::parse(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  std::string_view rest = url;
  if (rest.starts_with("https://")) return refused(url, "https is not spoken, write http://");
  if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find_first_of("/?#@ ") != std::string_view::npos) {
    return refused(url, "expected http://HOST:PORT and nothing behind it");
  }
  std::string_view host;
  std::string_view port = "80";
  if (!split(rest, host, port) || host.empty()) return refused(url, "expected http://HOST:PORT");
  if (!is_port(port)) return refused(url, "the port is a number from 1 to 65535");
  return ServerAddress{.host = std::string(host), .port = std::string(port)};
}

std::string ServerAddress::authority() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + port;
}

}  // namespace structwire::taskd
