// SPDX-License-Identifier: Apache-2.0
#pragma once

// Payloads that are smaller on their way. Compressed once, on the thread that sends or that ran the handler, before the
// loop has them; kept so until the other side has them; made plain again on the thread that decodes them.
//
// Who may send a compressed payload: whoever has agreed on it in HELLO. What it was before stands in the header
// (Header::plain_size), so that the receiver bounds it by EndpointOptions::payload_bytes_max before it takes any memory
// for it, and both sides reckon credit by it.

#include <cstddef>
#include <cstdint>
#include <optional>

#include <structwire/contract/envelope.hpp>
#include <structwire/core/error.hpp>
#include <structwire/messaging/payload.hpp>

namespace structwire::messaging {

/// To whom payloads are compressed.
enum class CompressTo : std::uint8_t {
  nobody,          ///< What others compress is read all the same.
  other_machines,  ///< Over a link that stays on this machine it takes longer than it saves.
  everybody,
};

struct CompressionOptions {
  CompressTo to = CompressTo::other_machines;
  std::size_t from = 16 << 10;  ///< Bytes of a payload; smaller ones go as they are.
  int level = 1;                ///< Of zstd: 1 to 22, the higher the smaller and the slower.
};

/// Header::compression of what this side writes.
inline constexpr std::uint8_t zstd_compression = static_cast<std::uint8_t>(EnvelopeCompression::zstd);

/// The bytes, smaller, in a buffer of their size; nothing where that saves less than an eighth of them. Any thread; each
/// keeps what libzstd works with, a MiB or so.
std::optional<Payload> compressed(const Payload& payload, int level);

/// The bytes again, `plain_size` of them, for which memory is taken: bound it before. Errors: malformed for bytes that are
/// no zstd, or of another size; unsupported for any other compression.
Result<Payload> decompressed(const Payload& payload, std::uint8_t compression, std::uint64_t plain_size);

/// What a message's payload takes in memory where it is read. A message is an OutgoingMessage, a Reply or a Work.
template <class Message>
std::uint64_t plain_size_of(const Message& message) noexcept {
  return message.compression == 0 ? message.payload.size() : message.plain_size;
}

/// Is there something to gain?
template <class Message>
bool worth_compressing(const Message& message, const CompressionOptions& options) noexcept {
  return message.compression == 0 && !message.payload.empty() && message.payload.size() >= options.from;
}

/// Compresses a message's payload, where that makes it smaller.
template <class Message>
void compress(Message& message, const CompressionOptions& options) {
  auto smaller = compressed(message.payload, options.level);
  if (!smaller) return;
  message.plain_size = message.payload.size();
  message.compression = zstd_compression;
  message.payload = std::move(*smaller);
}

/// Makes a message's payload plain, where it is not.
template <class Message>
Result<void> decompress(Message& message) {
  if (message.compression == 0) return {};
  auto plain = decompressed(message.payload, message.compression, message.plain_size);
  if (!plain) return std::unexpected(std::move(plain.error()));
  message.payload = std::move(*plain);
  message.compression = 0;
  message.plain_size = 0;
  return {};
}

}  // namespace structwire::messaging
