// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/stream/stream_address.hpp>

#include <charconv>
#include <optional>

namespace structwire::messaging::stream_detail {

namespace {

constexpr std::string_view unix_scheme = "unix://";
constexpr std::string_view tcp_scheme = "tcp://";
// As long as a name may be in a socket's address, with a zero behind it.
constexpr std::size_t name_max = 107;

std::unexpected<Error> no_address(std::string_view text) {
  return std::unexpected(Error(ErrorCode::invalid_text, "Not an address: " + std::string(text)));
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  if (text == "*") return 0;
  std::uint16_t port = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

}  // namespace

Result<StreamAddress> parse_address(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return no_address(text.substr(0, text.find('\0')));
  if (text.starts_with(unix_scheme)) {
    std::string_view name = text.substr(unix_scheme.size());
    const bool abstract = name.starts_with('@');
    if (abstract) name.remove_prefix(1);
    if (name.empty() || name.size() > name_max) return no_address(text);
    return StreamAddress{.kind = abstract ? StreamAddress::Kind::abstract : StreamAddress::Kind::file, .name = std::string(name)};
  }
  if (!text.starts_with(tcp_scheme))
    return std::unexpected(Error(ErrorCode::unsupported, "Not unix:// or tcp://: " + std::string(text)));
  std::string_view host = text.substr(tcp_scheme.size());
  const std::size_t colon = host.rfind(':');
  if (colon == std::string_view::npos) return no_address(text);
  const auto port = parse_port(host.substr(colon + 1));
  host = host.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return no_address(text);
  }
  if (!port || host.empty()) return no_address(text);
  return StreamAddress{.kind = StreamAddress::Kind::tcp, .name = std::string(host), .port = *port};
}

std::string StreamAddress::text() const {
  switch (kind) {
    case Kind::file: return std::string(unix_scheme) + name;
    case Kind::abstract: return std::string(unix_scheme) + "@" + name;
    case Kind::tcp: break;
  }
  const bool brackets = name.find(':') != std::string::npos;
  return std::string(tcp_scheme) + (brackets ? "[" + name + "]" : name) + ":" + std::to_string(port);
}

}  // namespace structwire::messaging::stream_detail
