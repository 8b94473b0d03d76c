// SPDX-License-Identifier: Apache-2.0
#pragma once

// The envelope around stored bytes: what a file, a cache or a queue holds beside the bytes themselves, so that a
// program of another version knows what they are. Bytes for others, who know nothing of structwire, stay bare.
//
//   0  C1 'S' 'W' 01    0xC1 begins no MessagePack and no UTF-8
//   4  format           EnvelopeFormat
//   5  flags            bits 0-2 compression, 3 fingerprint, 4 version, 5 dictionary, 6 checksum, 7 is 0
//   6  [varint raw size, when compressed] [u64 fingerprint] [varint version] [u32 dictionary]
//      payload
//      [u32 CRC-32C of everything before]
//
// Numbers are little-endian, varints LEB128 in their shortest form. docs/formats/envelope.md has an example.
//
// Whether bytes have an envelope is the reader's configuration, not a guess: EnvelopeUse. An envelope that cannot be
// read is an error and nothing else is tried. Compression is left to a stage above: here its bits are understood, and a
// compressed payload is refused by open_envelope with an error that says so.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <structwire/contract/fingerprint.hpp>
#include <structwire/core/buffer.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/format.hpp>

namespace structwire {

/// What the payload is in. The numbers are on the wire.
enum class EnvelopeFormat : std::uint8_t {
  json = 1,
  msgpack = 2,
  msgpack_array = 3,  ///< MessagePack whose root struct is array-like.
  cbor = 4,
  protobuf = 5,
  avro = 6,
  pickle = 7,
  frozen = 8,
  arrow = 9,
  npy = 10,
};
std::string_view name_of(EnvelopeFormat format) noexcept;

enum class EnvelopeCompression : std::uint8_t { none, lz4, zstd, zstd_magicless, deflate, brotli };
std::string_view name_of(EnvelopeCompression compression) noexcept;

struct Envelope {
  EnvelopeFormat format = EnvelopeFormat::json;
  /// wire_fingerprint of the type that was written.
  std::optional<Fingerprint> fingerprint;
  /// Its version: `sw::version<N>`, or its place among Migrations.
  std::optional<std::uint32_t> version;
  bool checksum = true;
  /// Borrowed from whoever made the envelope, or from the bytes that it was read from.
  std::span<const std::byte> payload;

  // Only read, for the stage that decompresses.
  EnvelopeCompression compression = EnvelopeCompression::none;
  std::uint64_t raw_size = 0;
  std::optional<std::uint32_t> dictionary;

  /// False for bare bytes that open_stored took as they are.
  bool enveloped = true;
};

// In a namespace of its own, because `required` is also a rule.
namespace envelope_detail {

/// Whether the bytes that a reader is given have an envelope.
enum class EnvelopeUse : std::uint8_t {
  required,   ///< Bare bytes are an error.
  optional,   ///< The first byte decides: 0xC1 is an envelope, and must be a right one. Not for Protobuf.
  forbidden,  ///< An envelope is an error.
};

}  // namespace envelope_detail
using envelope_detail::EnvelopeUse;

struct EnvelopeLimits {
  std::size_t payload_bytes = 256u << 20;
  /// An envelope without a checksum is read, too. Bytes that were changed by accident may then go unnoticed.
  bool checksum_optional = false;
};

/// Appends envelope and payload. After an error `out` is as before. Errors: a payload that is an envelope itself,
/// compression or a dictionary, which only a stage above can give; no memory.
Result<void> append_envelope(const Envelope& envelope, Buffer& out);

/// Reads an envelope whole: every byte belongs to it. The payload stays compressed when it is.
Result<Envelope> read_envelope(std::span<const std::byte> bytes, const EnvelopeLimits& limits = {});

/// The same for who cannot decompress: a compressed payload is refused (unsupported).
Result<Envelope> open_envelope(std::span<const std::byte> bytes, const EnvelopeLimits& limits = {});

/// By configuration: an envelope is opened, bare bytes become the payload of `bare_format`.
Result<Envelope> open_stored(std::span<const std::byte> bytes, EnvelopeUse use, EnvelopeFormat bare_format,
                             const EnvelopeLimits& limits = {});

/// One sentence for people: `structwire envelope 1: json, fingerprint 3f0c…, version 2, checksum, 120 bytes of payload`.
std::string describe_envelope(const Envelope& envelope);

/// True when the first byte is that of an envelope. It begins no value of JSON or MessagePack.
constexpr bool begins_envelope(std::span<const std::byte> bytes) noexcept {
  return !bytes.empty() && bytes[0] == std::byte{0xC1};
}

}  // namespace structwire
