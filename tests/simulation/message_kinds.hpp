// SPDX-License-Identifier: Apache-2.0
#pragma once

// The handlers of the simulated world, and the payloads whose every byte tells which message it belongs to.

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include <structwire/messaging/endpoint/hello.hpp>
#include <structwire/messaging/payload.hpp>

namespace structwire::messaging::simulation {

enum class Behaviour : std::uint8_t {
  quick,
  slow,
  failing,   ///< handler_failed, for good.
  flaky,     ///< handler_failed and worth another try, mostly.
  never,     ///< Returns when it is stopped, or the world ends its faults.
  streaming,
  refusing,  ///< Its payloads do not decode: bad_payload.
  busy,      ///< The executor refuses it: overloaded.
  large,     ///< A reply of many kilobytes.
};

struct HandlerKind {
  std::string_view name;
  Behaviour behaviour = Behaviour::quick;
  bool idempotent = false;
  Ordering ordering = Ordering::none;
  bool any_bytes = false;  ///< Takes payloads of every schema.
};

/// `echo` is in every process's table, always.
inline constexpr std::size_t echo_kind = 0;
inline constexpr std::array<HandlerKind, 14> kinds{{
    {.name = "echo"},
    {.name = "read", .idempotent = true},
    {.name = "any", .any_bytes = true},
    {.name = "slow", .behaviour = Behaviour::slow},
    {.name = "slow_read", .behaviour = Behaviour::slow, .idempotent = true},
    {.name = "failing", .behaviour = Behaviour::failing},
    {.name = "flaky", .behaviour = Behaviour::flaky, .idempotent = true},
    {.name = "never", .behaviour = Behaviour::never},
    {.name = "stream", .behaviour = Behaviour::streaming},
    {.name = "refusing", .behaviour = Behaviour::refusing},
    {.name = "busy", .behaviour = Behaviour::busy},
    {.name = "large", .behaviour = Behaviour::large, .idempotent = true},
    {.name = "by_key", .behaviour = Behaviour::slow, .ordering = Ordering::by_key},
    {.name = "global", .behaviour = Behaviour::slow, .ordering = Ordering::global},
}};
/// Names a handler that nobody has.
inline constexpr std::size_t unknown_kind = kinds.size();

inline std::string_view name_of_kind(std::size_t kind) {
  return kind < kinds.size() ? kinds[kind].name : "nobody";
}
constexpr std::uint64_t request_schema(std::size_t kind) {
  return kind < kinds.size() && kinds[kind].any_bytes ? 0 : 0x1000 + kind;
}
constexpr std::uint64_t reply_schema(std::size_t kind) { return 0x2000 + kind; }
inline constexpr std::size_t large_reply_most = 20'000;
inline constexpr std::uint8_t common_format = 1;
inline constexpr std::uint8_t strange_format = 9;  ///< That nobody reads.

/// What a payload is about: a send, and for replies the run that made it and the item's number.
struct Content {
  std::uint64_t send = 0;
  std::uint64_t run = 0;
  std::uint64_t item = 0;
  friend bool operator==(const Content&, const Content&) = default;
};
inline constexpr std::size_t content_size = sizeof(Content);

/// At least content_size bytes: the content, then bytes that follow from it and their place.
inline Payload make_payload(const Content& content, std::size_t size) {
  Buffer buffer;
  size = size < content_size ? content_size : size;
  buffer.resize_uninitialized(size);
  std::memcpy(buffer.data(), &content, content_size);
  const std::uint64_t salt = content.send * 31 + content.run * 17 + content.item;
  for (std::size_t at = content_size; at < size; ++at) {
    buffer.data()[at] = static_cast<std::byte>(salt + at);
  }
  return Payload(std::move(buffer));
}

/// Nothing for bytes that make_payload() did not make.
inline std::optional<Content> read_payload(std::span<const std::byte> bytes) {
  Content content;
  if (bytes.size() < content_size) return std::nullopt;
  std::memcpy(&content, bytes.data(), content_size);
  const std::uint64_t salt = content.send * 31 + content.run * 17 + content.item;
  for (std::size_t at = content_size; at < bytes.size(); ++at) {
    if (bytes[at] != static_cast<std::byte>(salt + at)) return std::nullopt;
  }
  return content;
}

}  // namespace structwire::messaging::simulation
