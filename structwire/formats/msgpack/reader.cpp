// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/msgpack/reader.hpp>

#include <array>
#include <cstdio>

#include <structwire/core/epoch_time.hpp>
#include <structwire/core/extension.hpp>

namespace structwire::msgpack {
namespace {

struct OpcodeClass {
  Kind kind;
  bool invalid = false;
};

OpcodeClass classify(std::uint8_t opcode) noexcept {
  if (opcode < 0x80 || opcode >= negative_fixint) return {Kind::integer};
  if (opcode < fixarray) return {Kind::object};
  if (opcode < fixstr) return {Kind::array};
  if (opcode < nil) return {Kind::text};
  switch (opcode) {
    case nil: return {Kind::null};
    case never_used: return {Kind::null, true};
    case boolean_false:
    case boolean_true: return {Kind::boolean};
    case bin8:
    case bin16:
    case bin32: return {Kind::bytes};
    case float32:
    case float64: return {Kind::floating};
    case str8:
    case str16:
    case str32: return {Kind::text};
    case array16:
    case array32: return {Kind::array};
    case map16:
    case map32: return {Kind::object};
    default: break;
  }
  return {opcode >= uint8 && opcode <= int64 ? Kind::integer : Kind::ext};
}

// msgspec calls nil by Python's name.
std::string_view got_name(Kind kind) noexcept { return kind == Kind::null ? "None" : name_of(kind); }

std::string malformed(const char* what, std::size_t offset) {
  return std::string("MessagePack data is malformed: ") + what + " (byte " + std::to_string(offset) + ")";
}

}  // namespace

bool ReaderBase::trailing() {
  return fail(ErrorCode::trailing_data, malformed("trailing characters", offset()), offset());
}

bool ReaderBase::refuse(KindSet expected) {
  if (cursor_ == end_) return truncated_here();
  const OpcodeClass found = classify(*cursor_);
  if (found.invalid) return fail(ErrorCode::malformed, malformed("invalid opcode '\\xc1'", offset()), offset());
  // As in msgspec, a value that is not all there is truncated before it is of the wrong kind.
  const std::size_t start = offset();
  if (!skip_header_or_scalar()) return false;
  return mismatch(expected, got_name(found.kind), start);
}

bool ReaderBase::skip_header_or_scalar() {
  const Kind kind = peek();
  std::uint32_t count = 0;
  if (kind == Kind::array) return open_array_slow(count);
  if (kind == Kind::object) return open_map_slow(count);
  std::size_t size = 0;
  const std::uint8_t* payload = nullptr;
  const std::uint8_t opcode = *cursor_++;
  return payload_size(opcode, size) && take(size, payload);
}

bool ReaderBase::out_of_range(bool above, std::int64_t low, std::uint64_t high, std::size_t start) {
  return violated(ErrorCode::number_out_of_range,
                  above ? "`int` <= " + std::to_string(high) : "`int` >= " + std::to_string(low), start);
}

bool ReaderBase::invalid_text(std::string_view text) {
  const std::size_t start = static_cast<std::size_t>(reinterpret_cast<const std::uint8_t*>(text.data()) - begin_);
  const std::size_t at = start + utf8::valid_prefix(text);
  return fail(ErrorCode::invalid_utf8, malformed("invalid UTF-8 in text", at), at);
}

Kind ReaderBase::peek() const noexcept { return cursor_ == end_ ? Kind::null : classify(*cursor_).kind; }

bool ReaderBase::take(std::size_t size, const std::uint8_t*& out) {
  if (left() < size) return truncated_here();
  out = cursor_;
  cursor_ += size;
  return true;
}

template <class Unsigned>
bool ReaderBase::take_number(std::uint64_t& out) {
  const std::uint8_t* bytes = nullptr;
  if (!take(sizeof(Unsigned), bytes)) return false;
  out = load_big_endian<Unsigned>(bytes);
  return true;
}

// A length of 2^width bytes at the cursor.
bool ReaderBase::take_length(unsigned width, std::size_t& out) {
  switch (width) {
    case 0: return take_number<std::uint8_t>(out);
    case 1: return take_number<std::uint16_t>(out);
    default: return take_number<std::uint32_t>(out);
  }
}

bool ReaderBase::read_wide_integer(WideInteger& out) {
  if (cursor_ == end_) return truncated_here();
  const std::uint8_t opcode = *cursor_;
  if (opcode < 0x80 || opcode >= negative_fixint) {
    ++cursor_;
    const auto value = static_cast<std::int8_t>(opcode);
    out = {static_cast<std::uint64_t>(static_cast<std::int64_t>(value)), value < 0};
    return true;
  }
  if (opcode < uint8 || opcode > int64) return refuse(Kind::integer);
  ++cursor_;
  bool read = false;
  switch (opcode & 3) {
    case 0: read = take_number<std::uint8_t>(out.bits); break;
    case 1: read = take_number<std::uint16_t>(out.bits); break;
    case 2: read = take_number<std::uint32_t>(out.bits); break;
    default: read = take_number<std::uint64_t>(out.bits); break;
  }
  if (!read) return false;
  if (opcode >= int8) {
    const unsigned unused = 64 - (8u << (opcode & 3));
    const auto value = static_cast<std::int64_t>(out.bits << unused) >> unused;
    out = {static_cast<std::uint64_t>(value), value < 0};
  }
  return true;
}

bool ReaderBase::read_float_slow(double& out) {
  const Kind kind = peek();
  if (kind == Kind::integer) {
    WideInteger wide;
    if (!read_wide_integer(wide)) return false;
    out = wide.negative ? static_cast<double>(static_cast<std::int64_t>(wide.bits))
                        : static_cast<double>(wide.bits);
    return true;
  }
  if (kind != Kind::floating) return refuse(Kind::floating);
  const bool wide = *cursor_++ == float64;
  std::uint64_t bits = 0;
  if (!(wide ? take_number<std::uint64_t>(bits) : take_number<std::uint32_t>(bits))) return false;
  out = wide ? std::bit_cast<double>(bits) : std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  return true;
}

bool ReaderBase::take_other_text(std::string_view text) {
  if (!text_kernels::is_utf8(text)) return invalid_text(text);
  cursor_ = reinterpret_cast<const std::uint8_t*>(text.data() + text.size());
  return true;
}

bool ReaderBase::read_text_slow(std::string_view& out) {
  if (peek() != Kind::text) return refuse(Kind::text);
  const std::uint8_t opcode = *cursor_++;
  std::size_t size = opcode & 0x1f;
  if (opcode >= str8 && !take_length(opcode - str8, size)) return false;
  if (!check_size(size)) return false;
  const std::uint8_t* text = nullptr;
  if (!take(size, text)) return false;
  out = {reinterpret_cast<const char*>(text), size};
  return utf8::is_valid(out) || invalid_text(out);
}

// As in msgspec, the kind of a struct's key is judged by its first byte alone.
bool ReaderBase::read_key(std::string_view& out) {
  if (cursor_ != end_ && peek() != Kind::text) {
    const OpcodeClass found = classify(*cursor_);
    mismatch(Kind::text, found.invalid ? "unknown" : name_of(found.kind), offset());
    return in_map_key();
  }
  return read_text_slow(out) || in_map_key();
}

bool ReaderBase::read_bytes(std::span<const std::byte>& out) {
  if (peek() != Kind::bytes) return refuse(Kind::bytes);
  const std::uint8_t opcode = *cursor_++;
  std::size_t size = 0;
  if (!take_length(opcode - bin8, size)) return false;
  if (!check_size(size)) return false;
  const std::uint8_t* bytes = nullptr;
  if (!take(size, bytes)) return false;
  out = {reinterpret_cast<const std::byte*>(bytes), size};
  return true;
}

bool ReaderBase::read_bytes(Bytes& out) {
  std::span<const std::byte> view;
  if (!read_bytes(view)) return false;
  out.assign(view.begin(), view.end());
  return true;
}

bool ReaderBase::read_bytes(Buffer& out) {
  std::span<const std::byte> view;
  if (!read_bytes(view)) return false;
  out.clear();
  out.append(view);
  return true;
}

// What is not all there is truncated, however large it says it is.
bool ReaderBase::check_size(std::size_t size) {
  if (size <= limits().string_bytes || size > left()) return true;
  return fail(ErrorCode::size_limit, "Longer than " + std::to_string(limits().string_bytes) + " bytes", offset());
}

bool ReaderBase::check_count(std::size_t size, std::uint32_t& count) {
  count = static_cast<std::uint32_t>(size);
  if (size <= limits().container_items) return true;
  if (size > left()) return truncated(offset() + left());
  return fail(ErrorCode::size_limit, "More items than " + std::to_string(limits().container_items), offset());
}

bool ReaderBase::open_array_slow(std::uint32_t& count) {
  if (peek() != Kind::array) return refuse(Kind::array);
  const std::uint8_t opcode = *cursor_++;
  std::size_t size = opcode & 0x0f;
  if (opcode >= array16 && !take_length(opcode - array16 + 1u, size)) return false;
  return check_count(size, count);
}

bool ReaderBase::open_map_slow(std::uint32_t& count) {
  if (peek() != Kind::object) return refuse(Kind::object);
  const std::uint8_t opcode = *cursor_++;
  std::size_t size = opcode & 0x0f;
  if (opcode >= map16 && !take_length(opcode - map16 + 1u, size)) return false;
  return check_count(size, count);
}

bool ReaderBase::read_ext(Ext& out) {
  std::span<const std::byte> data;
  if (!borrow_ext(out.code, data)) return false;
  out.data.assign(data.begin(), data.end());
  return true;
}

bool ReaderBase::borrow_ext(std::int8_t& code, std::span<const std::byte>& data) {
  if (peek() != Kind::ext) return refuse(Kind::ext);
  const std::uint8_t opcode = *cursor_++;
  std::size_t size = std::size_t{1} << ((opcode - fixext1) & 0x1f);
  if (opcode <= ext32 && !take_length(opcode - ext8, size)) return false;
  if (!check_size(size)) return false;
  const std::uint8_t* bytes = nullptr;
  if (!take(size + 1, bytes)) return false;
  code = static_cast<std::int8_t>(bytes[0]);
  data = {reinterpret_cast<const std::byte*>(bytes + 1), size};
  return true;
}

bool ReaderBase::read_scalar(Value& out) {
  if (cursor_ == end_) return truncated_here();
  const OpcodeClass found = classify(*cursor_);
  if (found.invalid) return refuse(Kind::null);
  switch (found.kind) {
    case Kind::null: ++cursor_; out = Value(); return true;
    case Kind::boolean: out = Value(*cursor_++ == boolean_true); return true;
    case Kind::integer: {
      WideInteger wide;
      if (!read_wide_integer(wide)) return false;
      out = wide.negative ? Value(static_cast<std::int64_t>(wide.bits)) : Value(wide.bits);
      return true;
    }
    case Kind::floating: {
      double number = 0;
      if (!read_float_slow(number)) return false;
      out = Value(number);
      return true;
    }
    case Kind::text: {
      std::string_view text;
      if (!read_text_slow(text)) return false;
      out = Value(text);
      return true;
    }
    case Kind::bytes: {
      Bytes bytes;
      if (!read_bytes(bytes)) return false;
      out = Value(std::move(bytes));
      return true;
    }
    default: {
      Ext ext;
      const std::size_t start = offset();
      if (!read_ext(ext)) return false;
      if (ext.code == timestamp_extension) {
        // Checked and brought to its shortest form, so that equal times are equal Values.
        EpochTime time;
        const char* refusal = parse_timestamp(ext.data, time);
        if (refusal != nullptr) return fail(ErrorCode::invalid_text, refusal, start);
        ext.data = timestamp_bytes(time);
      }
      out = Value(std::move(ext));
      return true;
    }
  }
}

// The bytes after the first one of a value that has no items.
bool ReaderBase::payload_size(std::uint8_t opcode, std::size_t& size) {
  size = opcode >= fixstr && opcode < nil ? opcode & 0x1fu : 0;
  switch (opcode) {
    case str8:
    case str16:
    case str32: return take_length(opcode - str8, size);
    case bin8:
    case bin16:
    case bin32: return take_length(opcode - bin8, size);
    case ext8:
    case ext16:
    case ext32:
      if (!take_length(opcode - ext8, size)) return false;
      ++size;
      return true;
    case float32: size = 4; return true;
    case float64: size = 8; return true;
    default: break;
  }
  if (opcode >= uint8 && opcode <= int64) size = std::size_t{1} << (opcode & 3);
  if (opcode >= fixext1 && opcode <= fixext16) size = 1 + (std::size_t{1} << (opcode - fixext1));
  return true;
}

// Without recursion: `open` counts the values still to come on each level. Levels are counted against the
// depth limit like decoded ones. Text is checked to be UTF-8, so that a captured Raw is always valid.
bool ReaderBase::skip() {
  std::vector<std::uint64_t> open{1};
  while (!open.empty()) {
    if (open.back() == 0) {
      open.pop_back();
      continue;
    }
    --open.back();
    if (cursor_ == end_) return truncated_here();
    const OpcodeClass found = classify(*cursor_);
    if (found.invalid) return refuse(Kind::null);
    std::uint32_t count = 0;
    if (found.kind == Kind::array || found.kind == Kind::object) {
      if (open.size() > depth_left()) return too_deep(offset());
      const bool is_array = found.kind == Kind::array;
      if (!(is_array ? open_array_slow(count) : open_map_slow(count))) return false;
      open.push_back(std::uint64_t{count} * (is_array ? 1 : 2));
    } else if (found.kind == Kind::text) {
      std::string_view text;
      if (!read_text_slow(text)) return false;
    } else {
      std::size_t size = 0;
      const std::uint8_t* payload = nullptr;
      const std::uint8_t opcode = *cursor_++;
      if (!payload_size(opcode, size) || !take(size, payload)) return false;
    }
  }
  return true;
}

bool ReaderBase::capture(RawView& out) {
  const std::uint8_t* start = cursor_;
  if (!skip()) return false;
  const auto* bytes = reinterpret_cast<const std::byte*>(start);
  out = {&msgpack::format(), {bytes, static_cast<std::size_t>(cursor_ - start)}};
  return true;
}

bool ReaderBase::capture(Raw& out) {
  RawView there;
  if (!capture(there)) return false;
  out = Raw(there);
  return true;
}

}  // namespace structwire::msgpack
