// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/legacy/legacy_allow_list.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace structwire::messaging {
namespace {

constexpr std::string_view tcp = "tcp://";
constexpr std::string_view ipc = "ipc://";

template <class Number>
std::optional<Number> number_of(std::string_view text, Number most) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > most) return std::nullopt;
  return number;
}

// Four numbers and nothing else: no names, no octal, no shorter forms.
std::optional<std::uint32_t> ipv4_of(std::string_view text) {
  std::uint32_t address = 0;
  for (int i = 0; i != 4; ++i) {
    const auto dot = text.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) return std::nullopt;
    const std::string_view part = text.substr(0, dot);
    const auto number = number_of<std::uint32_t>(part, 255);
    if (!number || (part.size() > 1 && part.front() == '0')) return std::nullopt;
    address = address << 8 | *number;
    text.remove_prefix(dot == std::string_view::npos ? text.size() : dot + 1);
  }
  return address;
}

struct HostPort {
  std::string_view host;
  std::string_view port;
};

// libzmq takes more than this behind tcp:// (a source address, an interface): such addresses are never allowed.
std::optional<HostPort> host_port_of(std::string_view address) {
  if (!address.starts_with(tcp)) return std::nullopt;
  address.remove_prefix(tcp.size());
  const auto colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const HostPort parts{address.substr(0, colon), address.substr(colon + 1)};
  const bool brackets = parts.host.front() == '[' && parts.host.back() == ']';
  const auto odd = [&](char c) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
    return !plain && !(brackets && (c == ':' || c == '[' || c == ']')) && c != '/';
  };
  if (std::ranges::any_of(parts.host, odd)) return std::nullopt;
  return parts;
}

bool is_port(std::string_view port) { return number_of<std::uint16_t>(port, 65535).value_or(0) != 0; }

}  // namespace

Result<LegacyAllowList> LegacyAllowList::of(const std::vector<std::string>& patterns) {
  LegacyAllowList list;
  for (const std::string& text : patterns) {
    auto pattern = read(text);
    if (!pattern) return std::unexpected(std::move(pattern.error()));
    list.patterns_.push_back(std::move(*pattern));
  }
  return list;
}

auto LegacyAllowList::read(std::string_view text) -> Result<Pattern> {
  const auto wrong = [&] {
    return std::unexpected(Error(ErrorCode::invalid_text, "No pattern of addresses: " + std::string(text)));
  };
  Pattern pattern;
  if (text.starts_with(ipc)) {
    pattern.path = true;
    pattern.open = text.ends_with('*');
    pattern.start = text.substr(0, text.size() - (pattern.open ? 1 : 0));
    // A path's beginning is a folder: /run/app* would allow /run/application.
    if (pattern.start.size() == ipc.size() || (pattern.open && !pattern.start.ends_with('/'))) return wrong();
    if (pattern.start.find('*') != std::string::npos || pattern.start.find("..") != std::string::npos) return wrong();
    return pattern;
  }
  const auto parts = host_port_of(text);
  if (!parts) return wrong();
  pattern.open = parts->port == "*";
  if (!pattern.open) {
    if (!is_port(parts->port)) return wrong();
    pattern.port = parts->port;
  }
  const auto slash = parts->host.find('/');
  if (slash == std::string_view::npos) {
    pattern.start = parts->host;
    return pattern;
  }
  const auto network = ipv4_of(parts->host.substr(0, slash));
  const auto bits = number_of<unsigned>(parts->host.substr(slash + 1), 32u);
  if (!network || !bits || *bits == 0) return wrong();
  pattern.mask = ~std::uint32_t{0} << (32 - *bits);
  pattern.network = *network & pattern.mask;
  return pattern;
}

bool LegacyAllowList::allows(std::string_view address) const noexcept {
  const auto parts = host_port_of(address);
  if (!parts && !address.starts_with(ipc)) return false;
  if (parts && !is_port(parts->port)) return false;
  const auto ip = parts ? ipv4_of(parts->host) : std::nullopt;
  return std::ranges::any_of(patterns_, [&](const Pattern& pattern) {
    if (pattern.path != !parts) return false;
    if (pattern.path) {
      if (!pattern.open) return address == pattern.start;
      return address.starts_with(pattern.start) && address.find("..") == std::string_view::npos;
    }
    if (!pattern.open && parts->port != pattern.port) return false;
    if (pattern.mask == 0) return parts->host == pattern.start;
    return ip && (*ip & pattern.mask) == pattern.network;
  });
}

}  // namespace structwire::messaging
