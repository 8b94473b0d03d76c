// SPDX-License-Identifier: Apache-2.0
//
// An input is an envelope, and also the payload of one. What opens comes back byte for byte from what it says; a
// checksum is put right, so that the head behind it is reached; an envelope of ours with one bit flipped, with bytes
// missing or one too many never opens; and what has an envelope is never taken for bare bytes.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <structwire/contract/checksum.hpp>
#include <structwire/contract/envelope.hpp>
#include <structwire/core/config.hpp>

namespace {

using namespace structwire;

void append_checksum(Buffer& bytes) {
  const std::uint32_t sum = crc32c(bytes);
  for (int shift = 0; shift < 32; shift += 8) {
    const auto byte = static_cast<std::byte>(sum >> shift);
    bytes.append(std::span(&byte, 1));
  }
}

// Nothing else means the same: the head has one form, so what was read is written again to the same bytes.
void check_read(std::span<const std::byte> bytes) {
  const auto read = read_envelope(bytes, {.checksum_optional = true});
  const auto opened = open_envelope(bytes, {.checksum_optional = true});
  if (!read) {
    STRUCTWIRE_ASSERT(!opened && read.error().offset().has_value() && *read.error().offset() <= bytes.size());
    STRUCTWIRE_ASSERT(!read.error().message().empty());
    return;
  }
  STRUCTWIRE_ASSERT(!describe_envelope(*read).empty());
  STRUCTWIRE_ASSERT(opened.has_value() == (read->compression == EnvelopeCompression::none));
  if (!opened) return;
  Buffer again;
  STRUCTWIRE_ASSERT(append_envelope(*opened, again).has_value());
  STRUCTWIRE_ASSERT(std::ranges::equal(again.bytes(), bytes));
}

void check_uses(std::span<const std::byte> bytes) {
  const auto required = open_stored(bytes, EnvelopeUse::required, EnvelopeFormat::msgpack);
  const auto optional = open_stored(bytes, EnvelopeUse::optional, EnvelopeFormat::msgpack);
  const auto forbidden = open_stored(bytes, EnvelopeUse::forbidden, EnvelopeFormat::msgpack);
  STRUCTWIRE_ASSERT(forbidden.has_value() == !begins_envelope(bytes));
  if (begins_envelope(bytes)) {
    STRUCTWIRE_ASSERT(optional.has_value() == required.has_value());
  } else {
    STRUCTWIRE_ASSERT(!required && optional && !optional->enveloped && optional->payload.size() == bytes.size());
  }
}

void check_damage(std::span<const std::byte> payload, std::size_t choice) {
  Envelope envelope;
  envelope.format = static_cast<EnvelopeFormat>(1 + choice % 10);
  if (choice / 16 % 2 == 1) envelope.fingerprint = choice * 0x9E3779B97F4A7C15;
  if (choice / 32 % 2 == 1) envelope.version = static_cast<std::uint32_t>(choice * 77);
  envelope.payload = payload;
  Buffer bytes;
  if (!append_envelope(envelope, bytes)) return;
  STRUCTWIRE_ASSERT(open_envelope(bytes).has_value());
  const std::size_t bit = choice * 31 % (bytes.size() * 8);
  Buffer damaged = bytes;
  damaged.data()[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
  STRUCTWIRE_ASSERT(!open_envelope(damaged));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  check_read(bytes);
  check_uses(bytes);
  if (size >= 6) {
    Buffer summed(bytes);
    summed.data()[5] |= std::byte{0x40};
    append_checksum(summed);
    check_read(summed);
    check_uses(summed);
  }
  if (size != 0) check_damage(bytes.subspan(1), data[0]);
  return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                               unsigned seed) {
  static constexpr std::array<std::uint8_t, 4> start = {0xC1, 'S', 'W', 1};
  if (size < 6 && size_max >= 32) {
    std::memcpy(data, start.data(), start.size());
    data[4] = static_cast<std::uint8_t>(seed % 12);
    data[5] = static_cast<std::uint8_t>(seed / 12);
    for (std::size_t i = 6; i < 24; ++i) data[i] = static_cast<std::uint8_t>(seed >> i % 24);
    return 24;
  }
  size = LLVMFuzzerMutate(data, size, size_max);
  if (seed % 4 != 0 && size >= start.size()) std::memcpy(data, start.data(), start.size());
  return size;
}
