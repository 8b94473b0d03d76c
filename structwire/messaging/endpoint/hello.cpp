// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/endpoint/hello.hpp>

#include <algorithm>
#include <set>

#include <structwire/messaging/endpoint/header.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::messaging {

Result<Agreement> agree(const Hello& mine, const Hello& theirs) {
  Agreement both;
  both.minor = std::min(mine.minor_max, theirs.minor_max);
  both.features = mine.features & theirs.features;
  for (const std::uint8_t format : mine.formats) {
    if (std::ranges::find(theirs.formats, format) != theirs.formats.end())
      both.formats.push_back(format);
  }
  if (both.formats.empty()) {
    return std::unexpected(
        Error(ErrorCode::unsupported, "There is no format that both peers read"));
  }
  both.payload_bytes_max = theirs.payload_bytes_max;
  both.heartbeat_ms = std::max(mine.heartbeat_ms, theirs.heartbeat_ms);
  return both;
}

Buffer encode_hello(const Hello& hello) { return msgpack::encode(hello); }

Result<Hello> decode_hello(std::span<const std::byte> payload) {
  auto hello = msgpack::decode<Hello>(payload);
  if (!hello) return hello;
  std::set<std::uint32_t> slots{0};
  for (const HandlerEntry& handler : hello->handlers) {
    if (!slots.insert(handler.slot).second) {
      return std::unexpected(
          Error(ErrorCode::unsupported, "Two handlers have one slot, or one has slot 0"));
    }
  }
  return hello;
}

}  // namespace structwire::messaging
