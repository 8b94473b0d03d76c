// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/epoch_time.hpp>

#include <structwire/core/datetime.hpp>
#include <structwire/core/extension.hpp>

namespace structwire {
namespace {

std::uint64_t big_endian(std::span<const std::byte> bytes) noexcept {
  std::uint64_t number = 0;
  for (const std::byte byte : bytes) number = number << 8 | std::to_integer<std::uint64_t>(byte);
  return number;
}

void append_big_endian(Bytes& out, std::uint64_t number, unsigned size) {
  for (unsigned i = size; i-- != 0;) out.push_back(static_cast<std::byte>(number >> (8 * i) & 0xff));
}

}  // namespace

const char* parse_timestamp(std::span<const std::byte> bytes, EpochTime& out) noexcept {
  switch (bytes.size()) {
    case 4: out = {static_cast<std::int64_t>(big_endian(bytes)), 0}; return nullptr;
    case 8: {
      const std::uint64_t both = big_endian(bytes);
      out = {static_cast<std::int64_t>(both & 0x3'ffff'ffff), static_cast<std::uint32_t>(both >> 34)};
      break;
    }
    case 12:
      out = {static_cast<std::int64_t>(big_endian(bytes.subspan(4))),
             static_cast<std::uint32_t>(big_endian(bytes.first(4)))};
      break;
    default: return "Invalid MessagePack timestamp";
  }
  return out.nanoseconds < 1'000'000'000 ? nullptr : "Invalid MessagePack timestamp: nanoseconds out of range";
}

Bytes timestamp_bytes(const EpochTime& time) {
  Bytes bytes;
  const auto seconds = static_cast<std::uint64_t>(time.seconds);
  if (seconds >> 34 != 0) {
    append_big_endian(bytes, time.nanoseconds, 4);
    append_big_endian(bytes, seconds, 8);
  } else if (time.nanoseconds != 0 || seconds >> 32 != 0) {
    append_big_endian(bytes, std::uint64_t{time.nanoseconds} << 34 | seconds, 8);
  } else {
    append_big_endian(bytes, seconds, 4);
  }
  return bytes;
}

char* write_timestamp_text(char* out, const Ext& ext) noexcept {
  EpochTime time;
  if (ext.code != timestamp_extension || parse_timestamp(ext.data, time) != nullptr) return nullptr;
  time_text::Moment moment;
  constexpr int nanosecond_places = 9;
  const char* refusal = time_text::from_epoch(time.seconds, time.nanoseconds, nanosecond_places, moment);
  return refusal == nullptr ? time_text::write_datetime(out, moment) : nullptr;
}

}  // namespace structwire
