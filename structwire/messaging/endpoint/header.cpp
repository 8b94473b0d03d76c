// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/endpoint/header.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include <structwire/contract/checksum.hpp>
#include <structwire/core/utf8.hpp>
#include <structwire/messaging/little_endian.hpp>

namespace structwire::messaging {
namespace {

// Where each field stands.
namespace at {
constexpr std::size_t magic = 0;
constexpr std::size_t major = 4;
constexpr std::size_t minor = 5;
constexpr std::size_t size = 6;
constexpr std::size_t kind = 8;
constexpr std::size_t delivery = 9;
constexpr std::size_t format = 10;
constexpr std::size_t compression = 11;
constexpr std::size_t flags = 12;
constexpr std::size_t incarnation = 16;
constexpr std::size_t counter = 24;
constexpr std::size_t sequence = 32;
constexpr std::size_t schema = 40;
constexpr std::size_t handler = 48;
constexpr std::size_t time_left = 52;
constexpr std::size_t payload_size = 56;
constexpr std::size_t checksum = 60;
}  // namespace at

constexpr std::array magic{first_byte, std::byte{'S'}, std::byte{'W'}, std::byte{'M'}};
constexpr std::uint32_t size_in_extension = 0xffffffff;
constexpr std::size_t alignment = 8;
constexpr std::size_t extension_alignment = 4;
constexpr std::size_t extension_head = 4;
constexpr std::size_t header_size_max = 0xfff8;
constexpr std::size_t size_extension = 12;  // payload_size, plain_size

constexpr std::size_t aligned(std::size_t size, std::size_t to) noexcept {
  return (size + to - 1) / to * to;
}

std::uint32_t checksum_of(std::span<const std::byte> header) noexcept {
  const std::uint32_t fixed = crc32c(header.first(at::checksum));
  return header.size() == header_size ? fixed : crc32c(header.subspan(header_size), fixed);
}

template <class T = Error>
std::unexpected<T> refuse(ErrorCode code, const char* text, std::size_t offset) {
  return std::unexpected(Error(code, text, offset));
}

bool is_known(std::uint16_t type) noexcept {
  return type <= static_cast<std::uint16_t>(ExtensionType::plain_size);
}

// Bounds of every extension, and that none asks for more than is known here.
Result<void> check_extensions(std::span<const std::byte> header) {
  std::size_t place = header_size;
  while (place < header.size()) {
    if (header.size() - place < extension_head)
      return refuse(ErrorCode::malformed, "An extension is cut off", place);
    const auto type = load_little<std::uint16_t>(header.data() + place);
    const auto length = load_little<std::uint16_t>(header.data() + place + 2);
    const std::size_t whole = aligned(extension_head + length, extension_alignment);
    if (whole > header.size() - place)
      return refuse(ErrorCode::malformed, "An extension ends behind its header", place);
    if ((type & critical_extension) != 0 && !is_known(type & ~critical_extension)) {
      return refuse(ErrorCode::unsupported, "The message needs an extension that is not known here",
                    place);
    }
    place += whole;
  }
  return {};
}

Result<void> check_fixed(std::span<const std::byte> frame) {
  if (!std::equal(magic.begin(), magic.end(), frame.begin())) {
    return refuse(ErrorCode::malformed, "No message begins here", at::magic);
  }
  if (frame[at::major] != std::byte{protocol_major}) {
    return refuse(ErrorCode::unsupported, "A message of another version of the protocol",
                  at::major);
  }
  const auto size = load_little<std::uint16_t>(frame.data() + at::size);
  if (size < header_size || size % alignment != 0)
    return refuse(ErrorCode::malformed, "No size of a header", at::size);
  return {};
}

Result<void> check_meaning(std::span<const std::byte> header) {
  const auto kind = static_cast<std::uint8_t>(header[at::kind]);
  if (kind == 0 || kind > static_cast<std::uint8_t>(MessageKind::drain)) {
    return refuse(ErrorCode::unsupported, "A kind of message that is not known here", at::kind);
  }
  if (header[at::delivery] > std::byte{static_cast<std::uint8_t>(Delivery::receipt)}) {
    return refuse(ErrorCode::unsupported, "A kind of delivery that is not known here",
                  at::delivery);
  }
  if ((load_little<std::uint32_t>(header.data() + at::flags) & critical_flags & ~known_flags) !=
      0) {
    return refuse(ErrorCode::unsupported, "The message has a critical flag that is not known here",
                  at::flags);
  }
  return check_extensions(header);
}

Header fields_of(std::span<const std::byte> header) noexcept {
  const std::byte* const bytes = header.data();
  Header read;
  read.kind = MessageKind{static_cast<std::uint8_t>(bytes[at::kind])};
  read.delivery = Delivery{static_cast<std::uint8_t>(bytes[at::delivery])};
  read.format = static_cast<std::uint8_t>(bytes[at::format]);
  read.compression = static_cast<std::uint8_t>(bytes[at::compression]);
  read.flags = load_little<std::uint32_t>(bytes + at::flags);
  read.id.incarnation = load_little<std::uint64_t>(bytes + at::incarnation);
  read.id.counter = load_little<std::uint64_t>(bytes + at::counter);
  read.sequence = load_little<std::uint64_t>(bytes + at::sequence);
  read.schema = load_little<std::uint64_t>(bytes + at::schema);
  read.handler = load_little<std::uint32_t>(bytes + at::handler);
  read.time_left_us = load_little<std::uint32_t>(bytes + at::time_left);
  read.payload_size = load_little<std::uint32_t>(bytes + at::payload_size);
  read.minor = static_cast<std::uint8_t>(bytes[at::minor]);
  return read;
}

}  // namespace

std::optional<std::uint32_t> Extension::u32(std::size_t place) const noexcept {
  if (bytes.size() < 4 || place > bytes.size() - 4) return std::nullopt;
  return load_little<std::uint32_t>(bytes.data() + place);
}

std::optional<std::uint64_t> Extension::u64(std::size_t place) const noexcept {
  if (bytes.size() < 8 || place > bytes.size() - 8) return std::nullopt;
  return load_little<std::uint64_t>(bytes.data() + place);
}

std::optional<Extension> ExtensionList::next() noexcept {
  while (!left_.empty()) {
    const auto type = load_little<std::uint16_t>(left_.data());
    const auto length = load_little<std::uint16_t>(left_.data() + 2);
    const Extension found{static_cast<std::uint16_t>(type & ~critical_extension),
                          (type & critical_extension) != 0, left_.subspan(extension_head, length)};
    left_ = left_.subspan(aligned(extension_head + length, extension_alignment));
    if (found.type != static_cast<std::uint16_t>(ExtensionType::fill)) return found;
  }
  return std::nullopt;
}

std::optional<Extension> ExtensionList::find(ExtensionType type) const noexcept {
  ExtensionList list = *this;
  while (auto each = list.next()) {
    if (each->type == static_cast<std::uint16_t>(type)) return each;
  }
  return std::nullopt;
}

Result<HeaderView> read_header(std::span<const std::byte> frame, const HeaderLimits& limits) {
  if (frame.size() < header_size)
    return refuse(ErrorCode::unexpected_end, "The frame ends inside a header", frame.size());
  if (auto right = check_fixed(frame); !right) return std::unexpected(std::move(right.error()));
  const std::size_t size = load_little<std::uint16_t>(frame.data() + at::size);
  if (size > limits.header_bytes)
    return refuse(ErrorCode::size_limit, "A header larger than HeaderLimits::header_bytes",
                  at::size);
  if (size > frame.size())
    return refuse(ErrorCode::unexpected_end, "The frame ends inside a header", frame.size());
  const auto header = frame.first(size);
  if (checksum_of(header) != load_little<std::uint32_t>(header.data() + at::checksum)) {
    return refuse(ErrorCode::malformed, "A header with a wrong checksum", at::checksum);
  }
  if (auto right = check_meaning(header); !right) return std::unexpected(std::move(right.error()));

  HeaderView view{fields_of(header), size, ExtensionList(header.subspan(header_size))};
  if (view.header.payload_size == size_in_extension) {
    const auto large = view.extensions.find(ExtensionType::payload_size);
    const auto told = large ? large->u64() : std::nullopt;
    if (!told)
      return refuse(ErrorCode::malformed, "The size of the payload is missing", at::payload_size);
    view.header.payload_size = *told;
  }
  if (view.header.compression != 0) {
    const auto plain = view.extensions.find(ExtensionType::plain_size);
    view.header.plain_size = plain ? plain->u64().value_or(0) : 0;
  }
  if (view.header.payload_size > limits.payload_bytes) {
    return refuse(ErrorCode::size_limit, "A payload larger than HeaderLimits::payload_bytes",
                  at::payload_size);
  }
  return view;
}

std::optional<Header> read_plain_request(std::span<const std::byte> frame) noexcept {
  if (frame.size() < header_size) return std::nullopt;
  // Its first twelve bytes but the minor version and the format, which may be any.
  constexpr std::uint64_t start_of_all = [] {
    std::uint64_t start = 0;
    for (std::size_t i = 0; i != magic.size(); ++i) start |= std::to_integer<std::uint64_t>(magic[i]) << 8 * i;
    return start | std::uint64_t{protocol_major} << 8 * at::major | std::uint64_t{header_size} << 8 * at::size;
  }();
  const auto header = frame.first(header_size);
  const std::byte* const bytes = header.data();
  constexpr std::uint64_t without_minor = ~(std::uint64_t{0xff} << 8 * at::minor);
  if ((load_little<std::uint64_t>(bytes) & without_minor) != start_of_all) return std::nullopt;
  constexpr auto request = std::byte{static_cast<std::uint8_t>(MessageKind::request)};
  constexpr auto fire_and_forget = std::byte{static_cast<std::uint8_t>(Delivery::fire_and_forget)};
  constexpr auto done = std::byte{static_cast<std::uint8_t>(Delivery::done)};
  const std::byte delivery = bytes[at::delivery];
  if (bytes[at::kind] != request || (delivery != fire_and_forget && delivery != done) || bytes[at::compression] != std::byte{0}) {
    return std::nullopt;
  }
  constexpr auto harmless = static_cast<std::uint32_t>(Flag::idempotent) | static_cast<std::uint32_t>(Flag::retry);
  if ((load_little<std::uint32_t>(bytes + at::flags) & ~harmless) != 0) return std::nullopt;
  if (load_little<std::uint32_t>(bytes + at::payload_size) > frame.size() - header_size) return std::nullopt;
  if (checksum_of(header) != load_little<std::uint32_t>(bytes + at::checksum)) return std::nullopt;
  return fields_of(header);
}

void ExtensionWriter::add(ExtensionType type, std::span<const std::byte> bytes, bool critical) {
  const std::size_t before = bytes_.size();
  const std::size_t whole = aligned(extension_head + bytes.size(), extension_alignment);
  if (bytes.size() > 0xffff || before + whole > header_size_max - header_size) {
    too_large_ = true;
    return;
  }
  bytes_.resize_uninitialized(before + whole);
  std::byte* const out = bytes_.data() + before;
  std::memset(out, 0, whole);
  store_little(out, static_cast<std::uint16_t>(static_cast<std::uint16_t>(type) |
                                               (critical ? critical_extension : 0)));
  store_little(out + 2, static_cast<std::uint16_t>(bytes.size()));
  std::ranges::copy(bytes, out + extension_head);
}

void ExtensionWriter::add(ExtensionType type, std::string_view text, bool critical) {
  add(type, std::as_bytes(std::span(text)), critical);
}

void ExtensionWriter::add_u32(ExtensionType type, std::uint32_t number, bool critical) {
  std::array<std::byte, 4> bytes;
  store_little(bytes.data(), number);
  add(type, bytes, critical);
}

void ExtensionWriter::add_u64(ExtensionType type, std::uint64_t number, bool critical) {
  std::array<std::byte, 8> bytes;
  store_little(bytes.data(), number);
  add(type, bytes, critical);
}

void ExtensionWriter::add_pair(ExtensionType type, std::uint64_t first, std::uint64_t second) {
  std::array<std::byte, 16> bytes;
  store_little(bytes.data(), first);
  store_little(bytes.data() + 8, second);
  add(type, bytes);
}

namespace {

bool tells_plain_size(const Header& header) noexcept { return header.compression != 0 && header.plain_size != 0; }

std::byte* write_size(ExtensionType type, std::uint64_t size, std::byte* out) noexcept {
  store_little(out, static_cast<std::uint16_t>(type));
  store_little(out + 2, std::uint16_t{8});
  store_little(out + extension_head, size);
  return out + size_extension;
}

}  // namespace

std::size_t size_of_header(const Header& header, const ExtensionWriter& extensions) noexcept {
  const bool large = header.payload_size >= size_in_extension;
  const std::size_t size =
      aligned(header_size + extensions.bytes().size() + (large ? size_extension : 0) + (tells_plain_size(header) ? size_extension : 0), alignment);
  return extensions.too_large_ || size > header_size_max ? 0 : size;
}

void write_header(const Header& header, const ExtensionWriter& extensions, std::span<std::byte> out) noexcept {
  const bool large = header.payload_size >= size_in_extension;
  std::byte* const bytes = out.data();
  std::memset(bytes, 0, out.size());
  std::ranges::copy(magic, bytes);
  bytes[at::major] = std::byte{protocol_major};
  bytes[at::minor] = std::byte{header.minor};
  store_little(bytes + at::size, static_cast<std::uint16_t>(out.size()));
  bytes[at::kind] = std::byte{static_cast<std::uint8_t>(header.kind)};
  bytes[at::delivery] = std::byte{static_cast<std::uint8_t>(header.delivery)};
  bytes[at::format] = std::byte{header.format};
  bytes[at::compression] = std::byte{header.compression};
  store_little(bytes + at::flags, header.flags);
  store_little(bytes + at::incarnation, header.id.incarnation);
  store_little(bytes + at::counter, header.id.counter);
  store_little(bytes + at::sequence, header.sequence);
  store_little(bytes + at::schema, header.schema);
  store_little(bytes + at::handler, header.handler);
  store_little(bytes + at::time_left, header.time_left_us);
  store_little(bytes + at::payload_size,
               large ? size_in_extension : static_cast<std::uint32_t>(header.payload_size));
  std::byte* behind = std::ranges::copy(extensions.bytes(), bytes + header_size).out;
  if (large) behind = write_size(ExtensionType::payload_size, header.payload_size, behind);
  if (tells_plain_size(header)) write_size(ExtensionType::plain_size, header.plain_size, behind);
  store_little(bytes + at::checksum, checksum_of(out));
}

void renew_header(std::span<std::byte> bytes, std::uint32_t time_left_us, Flag flag) noexcept {
  const auto flags = load_little<std::uint32_t>(bytes.data() + at::flags);
  store_little(bytes.data() + at::flags, flags | static_cast<std::uint32_t>(flag));
  store_little(bytes.data() + at::time_left, time_left_us);
  store_little(bytes.data() + at::checksum, checksum_of(bytes));
}

void renumber_header(std::span<std::byte> bytes, const HeaderNumbers& numbers) noexcept {
  store_little(bytes.data() + at::counter, numbers.counter);
  store_little(bytes.data() + at::sequence, numbers.sequence);
  store_little(bytes.data() + at::time_left, numbers.time_left_us);
  store_little(bytes.data() + at::payload_size, numbers.payload_size);
  store_little(bytes.data() + at::checksum, checksum_of(bytes));
}

std::size_t next_message(std::span<const std::byte> bytes, std::size_t place) noexcept {
  const std::byte* const header = bytes.data() + place;
  const std::size_t size = std::size_t{load_little<std::uint16_t>(header + at::size)} + load_little<std::uint32_t>(header + at::payload_size);
  return std::min(place + aligned(size, alignment), bytes.size());
}

std::uint32_t time_left_of(std::span<const std::byte> bytes) noexcept {
  return load_little<std::uint32_t>(bytes.data() + at::time_left);
}

Result<std::size_t> append_header(const Header& header, const ExtensionWriter& extensions,
                                  Buffer& out) {
  const std::size_t size = size_of_header(header, extensions);
  if (size == 0) {
    return refuse(ErrorCode::size_limit, "More extensions than a header holds", header_size);
  }
  const std::size_t before = out.size();
  out.resize_uninitialized(before + size);
  write_header(header, extensions, {out.data() + before, size});
  return size;
}

namespace {
constexpr std::size_t failure_head = 8;
constexpr std::size_t failure_text_max = 1024;
}  // namespace

void add_failure(ExtensionWriter& extensions, const Failure& failure) {
  std::string_view text = failure.text;
  if (text.size() > failure_text_max) {
    std::size_t end = failure_text_max;
    while (end != 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text = text.substr(0, end);
  }
  Buffer bytes;
  bytes.resize_uninitialized(failure_head);
  store_little(bytes.data(), static_cast<std::uint16_t>(failure.code));
  store_little(bytes.data() + 2, static_cast<std::uint16_t>(failure.retryable ? 1 : 0));
  store_little(bytes.data() + 4, failure.retry_after_ms);
  bytes.append(std::as_bytes(std::span(text)));
  extensions.add(ExtensionType::failure, bytes.bytes());
}

Result<Failure> read_failure(const Extension& extension) {
  if (extension.bytes.size() < failure_head)
    return refuse(ErrorCode::malformed, "A failure that is cut off", 0);
  const std::string_view text = extension.text().substr(failure_head);
  const auto code = load_little<std::uint16_t>(extension.bytes.data());
  if (code == 0 || code > failure_code_on_wire_max)
    return refuse(ErrorCode::malformed, "A failure without a code of the wire", 0);
  if (!utf8::is_valid(text))
    return refuse(ErrorCode::invalid_utf8, "A failure whose text is not UTF-8", failure_head);
  return Failure{FailureCode{code},
                 (load_little<std::uint16_t>(extension.bytes.data() + 2) & 1) != 0,
                 load_little<std::uint32_t>(extension.bytes.data() + 4), std::string(text)};
}

}  // namespace structwire::messaging
