// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/envelope.hpp>

#include <algorithm>
#include <array>
#include <new>

#include <structwire/contract/checksum.hpp>

namespace structwire {
namespace {

constexpr std::array mark = {std::byte{0xC1}, std::byte{'S'}, std::byte{'W'}};
constexpr std::uint8_t known_version = 1;
constexpr std::size_t head_bytes = 6;
constexpr std::size_t checksum_bytes = 4;

enum Flag : std::uint8_t {
  compression_bits = 0x07,
  has_fingerprint = 0x08,
  has_version = 0x10,
  has_dictionary = 0x20,
  has_checksum = 0x40,
  reserved_bit = 0x80,
};

constexpr std::array<std::string_view, 11> format_names = {"", "json", "msgpack", "msgpack as arrays", "cbor",
                                                           "protobuf", "avro", "pickle", "frozen", "arrow", "npy"};
constexpr std::array<std::string_view, 6> compression_names = {"none", "lz4", "zstd", "zstd without magic", "deflate",
                                                               "brotli"};

std::unexpected<Error> refuse(ErrorCode code, std::string text, std::size_t offset) {
  return std::unexpected(Error(code, std::move(text), offset));
}

// An envelope in an envelope is somebody's mistake; in Protobuf alone the mark may begin a message.
bool holds_envelope(EnvelopeFormat format, std::span<const std::byte> payload) noexcept {
  return format != EnvelopeFormat::protobuf && payload.size() >= mark.size() &&
         std::ranges::equal(payload.first(mark.size()), mark);
}

void put(Buffer& out, std::uint64_t number, std::size_t bytes) {
  std::array<std::byte, 8> little{};
  for (std::size_t i = 0; i < bytes; ++i) little[i] = static_cast<std::byte>(number >> 8 * i);
  out.append(std::span(little).first(bytes));
}

void put_varint(Buffer& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) put(out, (number & 0x7F) | 0x80, 1);
  put(out, number, 1);
}

// Takes the fields from the front; where one is wrong, `error` says how and nothing more is taken.
struct Fields {
  std::span<const std::byte> bytes;
  std::size_t at = 0;
  std::optional<Error> error;

  void fail(ErrorCode code, const char* text) {
    if (!error) error.emplace(code, text, at);
  }

  std::uint64_t fixed(std::size_t size) {
    if (error) return 0;
    if (bytes.size() - at < size) {
      fail(ErrorCode::unexpected_end, "The envelope ends inside its head");
      return 0;
    }
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < size; ++i) number |= std::to_integer<std::uint64_t>(bytes[at + i]) << 8 * i;
    at += size;
    return number;
  }

  std::uint64_t varint(std::uint64_t max) {
    std::uint64_t number = 0;
    for (unsigned shift = 0; !error; shift += 7) {
      const std::uint64_t byte = fixed(1);
      if (error) break;
      const std::uint64_t part = byte & 0x7F;
      if (shift > 63 || part > max >> shift) {
        fail(ErrorCode::number_out_of_range, "A number in the envelope's head is too large");
        break;
      }
      number |= part << shift;
      if (byte < 0x80) {
        if (byte == 0 && shift != 0) fail(ErrorCode::malformed, "A number in the envelope's head is longer than needed");
        break;
      }
    }
    return number;
  }
};

std::string hex_byte(std::byte byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto number = std::to_integer<std::size_t>(byte);
  return {'0', 'x', digits[number >> 4], digits[number & 15]};
}

Result<void> check_start(std::span<const std::byte> bytes) {
  const std::size_t shown = std::min(bytes.size(), mark.size());
  for (std::size_t i = 0; i < shown; ++i) {
    if (bytes[i] == mark[i]) continue;
    return refuse(ErrorCode::malformed, "Expected an envelope (c1 53 57), got " + hex_byte(bytes[i]), i);
  }
  if (bytes.size() >= 4 && std::to_integer<std::uint8_t>(bytes[3]) != known_version) {
    return refuse(ErrorCode::unsupported,
                  "Envelope of version " + std::to_string(std::to_integer<unsigned>(bytes[3])) + "; 1 is known here", 3);
  }
  if (bytes.size() < head_bytes) {
    return refuse(ErrorCode::unexpected_end, "The envelope ends inside its head", bytes.size());
  }
  return {};
}

// Format and flags say something that this version knows.
Result<void> check_meaning(std::uint8_t format, std::uint8_t flags) {
  if (format == 0 || format >= format_names.size()) {
    return refuse(ErrorCode::unsupported, "Unknown format " + std::to_string(format) + " in an envelope", 4);
  }
  if ((flags & reserved_bit) != 0) return refuse(ErrorCode::unsupported, "Unknown flag 0x80 in an envelope", 5);
  const auto compression = static_cast<std::size_t>(flags & compression_bits);
  if (compression >= compression_names.size()) {
    return refuse(ErrorCode::unsupported, "Unknown compression " + std::to_string(compression) + " in an envelope", 5);
  }
  if (compression == 0 && (flags & has_dictionary) != 0) {
    return refuse(ErrorCode::malformed, "An envelope has a dictionary and no compression", 5);
  }
  return {};
}

}  // namespace

std::string_view name_of(EnvelopeFormat format) noexcept {
  const auto number = static_cast<std::size_t>(format);
  return number < format_names.size() ? format_names[number] : "";
}

std::string_view name_of(EnvelopeCompression compression) noexcept {
  const auto number = static_cast<std::size_t>(compression);
  return number < compression_names.size() ? compression_names[number] : "";
}

Result<void> append_envelope(const Envelope& envelope, Buffer& out) {
  if (envelope.compression != EnvelopeCompression::none || envelope.dictionary) {
    return std::unexpected(Error(ErrorCode::unsupported, "No compression is built into envelopes"));
  }
  if (holds_envelope(envelope.format, envelope.payload)) {
    return std::unexpected(Error(ErrorCode::refused, "The payload of an envelope is an envelope itself"));
  }
  if (name_of(envelope.format).empty()) {
    return std::unexpected(Error(ErrorCode::unsupported, "An envelope has no such format"));
  }
  const std::size_t before = out.size();
  try {
    out.append(mark);
    put(out, known_version, 1);
    put(out, static_cast<std::uint64_t>(envelope.format), 1);
    const auto flag = [](bool is_set, Flag bit) { return is_set ? unsigned{bit} : 0u; };
    put(out,
        flag(envelope.fingerprint.has_value(), has_fingerprint) | flag(envelope.version.has_value(), has_version) |
            flag(envelope.checksum, has_checksum),
        1);
    if (envelope.fingerprint) put(out, *envelope.fingerprint, 8);
    if (envelope.version) put_varint(out, *envelope.version);
    out.append(envelope.payload);
    if (envelope.checksum) put(out, crc32c(out.bytes().subspan(before)), checksum_bytes);
    return {};
  } catch (const std::bad_alloc&) {
    out.resize_uninitialized(before);
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the envelope"));
  }
}

Result<Envelope> read_envelope(std::span<const std::byte> bytes, const EnvelopeLimits& limits) {
  if (auto started = check_start(bytes); !started) return std::unexpected(std::move(started.error()));
  const auto format = std::to_integer<std::uint8_t>(bytes[4]);
  const auto flags = std::to_integer<std::uint8_t>(bytes[5]);
  if (auto known = check_meaning(format, flags); !known) return std::unexpected(std::move(known.error()));

  Envelope envelope;
  envelope.format = static_cast<EnvelopeFormat>(format);
  envelope.compression = static_cast<EnvelopeCompression>(flags & compression_bits);
  envelope.checksum = (flags & has_checksum) != 0;
  if (!envelope.checksum && !limits.checksum_optional) {
    return refuse(ErrorCode::refused, "The envelope has no checksum", 5);
  }
  if (envelope.checksum) {
    // First of all, so that no field of damaged bytes is believed.
    if (bytes.size() < head_bytes + checksum_bytes) {
      return refuse(ErrorCode::unexpected_end, "The envelope ends inside its checksum", bytes.size());
    }
    const std::size_t end = bytes.size() - checksum_bytes;
    Fields last{bytes, end, std::nullopt};
    if (last.fixed(checksum_bytes) != crc32c(bytes.first(end))) {
      return refuse(ErrorCode::malformed, "The envelope's checksum does not match: its bytes were changed or cut", end);
    }
    bytes = bytes.first(end);
  }
  Fields fields{bytes, head_bytes, std::nullopt};
  if (envelope.compression != EnvelopeCompression::none) envelope.raw_size = fields.varint(~std::uint64_t{0});
  if ((flags & has_fingerprint) != 0) envelope.fingerprint = fields.fixed(8);
  if ((flags & has_version) != 0) envelope.version = static_cast<std::uint32_t>(fields.varint(0xFFFFFFFF));
  if ((flags & has_dictionary) != 0) envelope.dictionary = static_cast<std::uint32_t>(fields.fixed(4));
  if (fields.error) return std::unexpected(std::move(*fields.error));
  envelope.payload = bytes.subspan(fields.at);
  if (std::max<std::uint64_t>(envelope.payload.size(), envelope.raw_size) > limits.payload_bytes) {
    return refuse(ErrorCode::size_limit, "The envelope's payload exceeds the limit payload_bytes", fields.at);
  }
  if (holds_envelope(envelope.format, envelope.payload)) {
    return refuse(ErrorCode::malformed, "The payload of an envelope is an envelope itself", fields.at);
  }
  return envelope;
}

Result<Envelope> open_envelope(std::span<const std::byte> bytes, const EnvelopeLimits& limits) {
  auto envelope = read_envelope(bytes, limits);
  if (envelope && envelope->compression != EnvelopeCompression::none) {
    return refuse(ErrorCode::unsupported,
                  "The envelope's payload is compressed (" + std::string(name_of(envelope->compression)) +
                      "), and nothing here decompresses",
                  5);
  }
  return envelope;
}

Result<Envelope> open_stored(std::span<const std::byte> bytes, EnvelopeUse use, EnvelopeFormat bare_format,
                             const EnvelopeLimits& limits) {
  const bool first_byte_tells = bare_format != EnvelopeFormat::protobuf;
  if (use == EnvelopeUse::optional && !first_byte_tells) {
    return std::unexpected(Error(ErrorCode::unsupported, "Protobuf may begin like an envelope: say whether there is one"));
  }
  const bool looks_enveloped = first_byte_tells && begins_envelope(bytes);
  if (use == EnvelopeUse::required || (use == EnvelopeUse::optional && looks_enveloped)) {
    return open_envelope(bytes, limits);
  }
  if (looks_enveloped) return refuse(ErrorCode::refused, "Bytes in an envelope, where bare ones are expected", 0);
  Envelope bare;
  bare.format = bare_format;
  bare.checksum = false;
  bare.payload = bytes;
  bare.enveloped = false;
  return bare;
}

std::string describe_envelope(const Envelope& envelope) {
  std::string text = "structwire envelope 1: " + std::string(name_of(envelope.format));
  if (envelope.compression != EnvelopeCompression::none) {
    text += ", compressed with " + std::string(name_of(envelope.compression)) + " from " +
            std::to_string(envelope.raw_size) + " bytes";
  }
  if (envelope.dictionary) text += ", dictionary " + std::to_string(*envelope.dictionary);
  if (envelope.fingerprint) text += ", fingerprint " + fingerprint_text(*envelope.fingerprint);
  if (envelope.version) text += ", version " + std::to_string(*envelope.version);
  text += envelope.checksum ? ", checksum right" : ", no checksum";
  return text + ", payload of " + std::to_string(envelope.payload.size()) + " bytes";
}

}  // namespace structwire
