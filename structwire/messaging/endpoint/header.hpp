// SPDX-License-Identifier: Apache-2.0
#pragma once

// The header of every message: 64 bytes, little-endian, then extensions, then the payload.
//
//    0  u32  magic          f7 53 57 4d; f7 starts no JSON text, no UTF-8 and no MessagePack map
//    4  u8   major          another one is refused
//    5  u8   minor          a higher one is understood: what it adds are extensions and flags
//    6  u16  header size    64 and the extensions; a multiple of 8
//    8  u8   kind           MessageKind
//    9  u8   delivery       Delivery
//   10  u8   format         of the payload: the numbers of the envelope around stored bytes
//   11  u8   compression    of the payload: 0, or as the envelope around stored bytes numbers them
//   12  u32  flags          the low half is critical: an unknown bit there is refused; the high half is not
//   16  16   message id     a reply carries its request's
//   32  u64  sequence       of the message in its session, from 1; 0: acknowledged by nobody
//   40  u64  schema         wire fingerprint of the payload's type
//   48  u32  handler        slot in the peer's table; 0 where an extension names it
//   52  u32  time left      in microseconds; 0: no deadline
//   56  u32  payload size   in bytes; ffffffff: the extension payload_size has it
//   60  u32  crc32c         of bytes 0..59 and of the extensions
//
// An extension is u16 type, u16 length, then that many bytes, and zeros up to a multiple of 4. Bit 15 of the type marks
// a critical one: who does not know it refuses the message. Type 0 fills up the end.
//
// Reading allocates nothing and looks at no byte behind what it was given.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <structwire/core/buffer.hpp>
#include <structwire/core/error.hpp>
#include <structwire/messaging/failure.hpp>
#include <structwire/messaging/message_id.hpp>

namespace structwire::messaging {

inline constexpr std::size_t header_size = 64;
inline constexpr std::byte first_byte{0xf7};
inline constexpr std::uint8_t protocol_major = 1;
inline constexpr std::uint8_t protocol_minor = 0;

enum class MessageKind : std::uint8_t {
  request = 1,   ///< For a handler.
  accept = 2,    ///< Was admitted.
  ack = 3,       ///< Arrived, or is done; cumulative where an extension says so.
  nack = 4,      ///< Will not be done; the extension `failure` says why.
  response = 5,  ///< What the handler returned, or one item of a stream.
  cancel = 6,    ///< Is not wanted any more.
  credit = 7,    ///< More may be sent.
  ping = 8,
  pong = 9,
  hello = 10,      ///< First on a connection.
  hello_ack = 11,  ///< Its answer.
  drain = 12,      ///< No new requests, please.
};

/// What a sender wants to hear of a request.
enum class Delivery : std::uint8_t {
  fire_and_forget = 0,
  queued = 1,    ///< It is with the receiver.
  accepted = 2,  ///< Its payload was decoded and it was admitted.
  done = 3,      ///< The handler returned.
  response = 4,  ///< What the handler returned.
  receipt = 5,   ///< The contract's verdict before the handler runs, then the response.
};

enum class Flag : std::uint32_t {
  idempotent = 1u << 0,        ///< May be run again.
  ordered = 1u << 1,           ///< Not before its predecessors in the lane.
  retry = 1u << 2,             ///< Was sent before.
  last = 1u << 3,              ///< Of a stream.
  payload_checksum = 1u << 4,  ///< The extension has it.
  trace = 1u << 16,            ///< Sampled by the tracing of its sender.
};
inline constexpr std::uint32_t critical_flags = 0xffff;
inline constexpr std::uint32_t known_flags = 0x1f | 1u << 16;

enum class ExtensionType : std::uint16_t {
  fill = 0,
  handler_name = 1,  ///< UTF-8.
  trace_parent = 2,  ///< W3C Trace Context, 26 bytes: version, trace id, parent id, flags.
  trace_state = 3,
  failure = 4,  ///< Failure, of a nack.
  credit = 5,   ///< u64 messages, u64 bytes: totals. Of a stream: its items.
  acknowledged = 6,  ///< u64 the sequence that is expected next, u64 bitmap: which of the 64 behind it came.
  attempt = 7,  ///< u32, counted from 1.
  depth = 8,    ///< u32: how many handlers deep.
  payload_size = 9,       ///< u64.
  payload_checksum = 10,  ///< u32, CRC-32C.
  user_header = 11,       ///< UTF-8 name, a zero byte, the value.
  key = 12,               ///< u64: what a handler that is ordered by key orders by.
  timing = 13,  ///< Of a response: u32 microseconds queued, decoding, in the handler, encoding.
  progress = 14,  ///< Of a pong: u32 milliseconds for which queued work has waited without any being done.
  plain_size = 15,  ///< u64: of a compressed payload, what it is without.
  done_too = 16,    ///< Of an ack with an id: u64 bitmap, which of the 64 ids behind it are done, too.
};
inline constexpr std::uint16_t critical_extension = 0x8000;

struct Header {
  MessageKind kind = MessageKind::request;
  Delivery delivery = Delivery::fire_and_forget;
  std::uint8_t format = 0;
  std::uint8_t compression = 0;
  std::uint32_t flags = 0;
  MessageId id;
  std::uint64_t sequence = 0;
  std::uint64_t schema = 0;
  std::uint32_t handler = 0;
  std::uint32_t time_left_us = 0;
  std::uint64_t payload_size = 0;  ///< In the frame.
  std::uint64_t plain_size = 0;    ///< Of a compressed payload, without: the extension has it. 0: not told.
  std::uint8_t minor = protocol_minor;

  /// Of the payload where it is read.
  std::uint64_t size_in_memory() const noexcept { return compression == 0 ? payload_size : plain_size; }
  bool has(Flag flag) const noexcept { return (flags & static_cast<std::uint32_t>(flag)) != 0; }
  void set(Flag flag) noexcept { flags |= static_cast<std::uint32_t>(flag); }
  friend bool operator==(const Header&, const Header&) = default;
};

struct Extension {
  std::uint16_t type = 0;  ///< Without its critical bit.
  bool critical = false;
  std::span<const std::byte> bytes;

  std::string_view text() const noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  /// The little-endian integer at a place; nothing where the extension is shorter.
  std::optional<std::uint32_t> u32(std::size_t at = 0) const noexcept;
  std::optional<std::uint64_t> u64(std::size_t at = 0) const noexcept;
};

/// The extensions of a header that was read, which has checked their bounds: one after the other.
class ExtensionList {
 public:
  ExtensionList() noexcept = default;
  explicit ExtensionList(std::span<const std::byte> bytes) noexcept : left_(bytes) {}

  /// The next one; nothing behind the last.
  std::optional<Extension> next() noexcept;
  /// The first of a type.
  std::optional<Extension> find(ExtensionType type) const noexcept;

 private:
  std::span<const std::byte> left_;
};

/// A header as it stands in a frame, whose bytes it borrows.
struct HeaderView {
  Header header;
  std::size_t size = 0;  ///< Of the header with its extensions: where the payload begins.
  ExtensionList extensions;
};

struct HeaderLimits {
  std::size_t header_bytes = 4096;
  std::uint64_t payload_bytes = 64u << 20;
};

/// Reads the header at the start of `frame`, which may end anywhere behind it. Errors, with their offset:
/// unexpected_end; malformed for another first byte, a wrong checksum, sizes that contradict each other; unsupported
/// for another major version, an unknown kind, delivery, critical flag or critical extension; size_limit.
Result<HeaderView> read_header(std::span<const std::byte> frame, const HeaderLimits& limits = {});

/// The same for the most frequent kind, in a fraction of the time: a request without extensions, neither compressed nor
/// sampled, of which nobody wants to hear more than that it is done, with its payload behind it. Nothing: read_header()
/// tells what it is.
std::optional<Header> read_plain_request(std::span<const std::byte> frame) noexcept;

/// Collects the extensions of one header.
class ExtensionWriter {
 public:
  void add(ExtensionType type, std::span<const std::byte> bytes, bool critical = false);
  void add(ExtensionType type, std::string_view text, bool critical = false);
  void add_u32(ExtensionType type, std::uint32_t number, bool critical = false);
  void add_u64(ExtensionType type, std::uint64_t number, bool critical = false);
  /// Two of them in one extension.
  void add_pair(ExtensionType type, std::uint64_t first, std::uint64_t second);
  void clear() noexcept { bytes_.clear(); }
  std::span<const std::byte> bytes() const noexcept { return bytes_.bytes(); }

 private:
  friend std::size_t size_of_header(const Header&, const ExtensionWriter&) noexcept;
  Buffer bytes_;
  bool too_large_ = false;
};

/// The size that a header will have; 0 where the extensions are more than its size field can tell.
std::size_t size_of_header(const Header& header, const ExtensionWriter& extensions) noexcept;
/// Writes a header into as many bytes as size_of_header() said.
void write_header(const Header& header, const ExtensionWriter& extensions, std::span<std::byte> out) noexcept;
/// Makes a header that stands in `bytes` say the time that is left, and that it was sent before.
void renew_header(std::span<std::byte> bytes, std::uint32_t time_left_us, Flag flag) noexcept;

/// What messages of one kind, to one handler, do not have in common.
struct HeaderNumbers {
  std::uint64_t counter = 0;
  std::uint64_t sequence = 0;
  std::uint32_t time_left_us = 0;
  std::uint32_t payload_size = 0;  ///< Below ffffffff.
};
/// Makes a header that stands in `bytes` that of another message of its kind: cheaper than to write it all.
void renumber_header(std::span<std::byte> bytes, const HeaderNumbers& numbers) noexcept;
/// In several messages that were written here, at multiples of 8 bytes: where the next begins behind the one at `place`.
std::size_t next_message(std::span<const std::byte> bytes, std::size_t place) noexcept;
/// What the header at the start of `bytes` says.
std::uint32_t time_left_of(std::span<const std::byte> bytes) noexcept;

/// Appends a header; the payload goes straight behind it. Returns its size. size_limit where the extensions are more
/// than the header's size field can tell.
Result<std::size_t> append_header(const Header& header, const ExtensionWriter& extensions,
                                  Buffer& out);

/// How a nack tells its Failure: u16 code, u16 flags (bit 0: worth another try), u32 milliseconds to wait before that,
/// then a sentence. Adds a Failure; a longer text is cut at a character.
void add_failure(ExtensionWriter& extensions, const Failure& failure);
/// malformed for what is none.
Result<Failure> read_failure(const Extension& extension);

}  // namespace structwire::messaging
