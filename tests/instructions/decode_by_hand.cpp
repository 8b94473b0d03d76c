// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cstring>

#include <structwire/core/utf8.hpp>
#include <tests/instructions/worker_message.hpp>

namespace structwire::testing {
namespace {

struct Cursor {
  const std::uint8_t* at;
  const std::uint8_t* end;

  std::size_t left() const { return static_cast<std::size_t>(end - at); }
};

bool read_text(Cursor& cursor, std::string& out) {
  if (cursor.left() == 0) return false;
  std::size_t size = 0;
  std::size_t header = 0;
  const std::uint8_t first = *cursor.at;
  if ((first & 0xe0) == 0xa0) {
    size = first & 0x1f;
    header = 1;
  } else if (first == 0xd9 && cursor.left() >= 2) {
    size = cursor.at[1];
    header = 2;
  } else if (first == 0xda && cursor.left() >= 3) {
    size = static_cast<std::size_t>(cursor.at[1] << 8 | cursor.at[2]);
    header = 3;
  } else {
    return false;
  }
  if (cursor.left() - header < size) return false;
  const char* text = reinterpret_cast<const char*>(cursor.at + header);
  if (!utf8::is_valid({text, size})) return false;
  out.assign(text, size);
  cursor.at += header + size;
  return true;
}

bool read_double(Cursor& cursor, double& out) {
  if (cursor.left() < 9 || *cursor.at != 0xcb) return false;
  std::uint64_t bits;
  std::memcpy(&bits, cursor.at + 1, 8);
  out = std::bit_cast<double>(__builtin_bswap64(bits));
  cursor.at += 9;
  return true;
}

bool read_int(Cursor& cursor, std::int32_t& out) {
  if (cursor.left() == 0) return false;
  const std::uint8_t first = *cursor.at;
  if (first < 0x80 || first >= 0xe0) {
    out = static_cast<std::int8_t>(first);
    ++cursor.at;
    return true;
  }
  const bool is_signed = first >= 0xd0;
  if (first < 0xcc || first > 0xd3) return false;
  const std::size_t width = std::size_t{1} << (first & 3);
  if (cursor.left() < 1 + width) return false;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < width; ++i) bits = bits << 8 | cursor.at[1 + i];
  auto value = static_cast<std::int64_t>(bits);
  if (is_signed) value = static_cast<std::int64_t>(bits << (64 - 8 * width)) >> (64 - 8 * width);
  if (!is_signed && value < 0) return false;
  if (value < INT32_MIN || value > INT32_MAX) return false;
  out = static_cast<std::int32_t>(value);
  cursor.at += 1 + width;
  return true;
}

template <std::size_t Size>
bool take_key(Cursor& cursor, const char (&key)[Size]) {
  constexpr std::size_t size = Size - 1;
  if (cursor.left() < size || std::memcmp(cursor.at, key, size) != 0) return false;
  cursor.at += size;
  return true;
}

// Members in another order than declared.
[[gnu::noinline]] int find_key(Cursor& cursor) {
  std::string key;
  if (!read_text(cursor, key)) return -1;
  if (key == "message_id") return 0;
  if (key == "worker_id") return 1;
  if (key == "payload") return 2;
  if (key == "timestamp") return 3;
  if (key == "priority") return 4;
  return -1;  // Unknown members are not needed here.
}

bool read_member(Cursor& cursor, int index, WorkerMessage& out) {
  switch (index) {
    case 0: return read_text(cursor, out.message_id);
    case 1: return read_text(cursor, out.worker_id);
    case 2: return read_text(cursor, out.payload);
    case 3: return read_double(cursor, out.timestamp);
    default: return read_int(cursor, out.priority);
  }
}

// Members in any order.
[[gnu::noinline]] bool decode_unordered(Cursor cursor, int count, WorkerMessage& out) {
  unsigned seen = 0;
  for (int i = 0; i < count; ++i) {
    const int index = find_key(cursor);
    if (index < 0 || !read_member(cursor, index, out)) return false;
    seen |= 1u << index;
  }
  return seen == 0x1f && cursor.at == cursor.end;
}

}  // namespace

bool decode_by_hand(std::span<const std::byte> bytes, WorkerMessage& out) {
  const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
  Cursor cursor{begin, begin + bytes.size()};
  if (cursor.left() == 0 || (*cursor.at & 0xf0) != 0x80) return false;
  const int count = *cursor.at++ & 0x0f;
  const Cursor members = cursor;
  // The bet: all members, in the order of declaration.
  const bool won = count == 5 && take_key(cursor, "\xaamessage_id") && read_text(cursor, out.message_id) &&
                   take_key(cursor, "\xa9worker_id") && read_text(cursor, out.worker_id) &&
                   take_key(cursor, "\xa7payload") && read_text(cursor, out.payload) &&
                   take_key(cursor, "\xa9timestamp") && read_double(cursor, out.timestamp) &&
                   take_key(cursor, "\xa8priority") && read_int(cursor, out.priority) && cursor.at == cursor.end;
  return won || decode_unordered(members, count, out);
}

}  // namespace structwire::testing
