// SPDX-License-Identifier: Apache-2.0
//
// An input is a frame: a message's header, and behind it what might be a HELLO or the text of a failure. What is refused
// says why and where; what is accepted is written back as the same header. Nearly empty inputs become frames, and half
// of the mutations get a right checksum, which else hides everything behind it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <structwire/contract/checksum.hpp>
#include <structwire/core/config.hpp>
#include <structwire/messaging/endpoint/header.hpp>
#include <structwire/messaging/endpoint/hello.hpp>
#include <structwire/messaging/little_endian.hpp>

namespace {

using namespace structwire;
using namespace structwire::messaging;

void check_again(const HeaderView& view) {
  ExtensionWriter extensions;
  ExtensionList list = view.extensions;
  while (const auto each = list.next()) {
    const auto type = static_cast<ExtensionType>(each->type);
    if (type == ExtensionType::payload_size || type == ExtensionType::plain_size) continue;  // The header has them.
    extensions.add(static_cast<ExtensionType>(each->type), each->bytes, each->critical);
    if (each->type == static_cast<std::uint16_t>(ExtensionType::failure)) {
      if (const auto failure = read_failure(*each))
        STRUCTWIRE_ASSERT(!name_of(failure->code).empty());
    }
  }
  Buffer again;
  if (!append_header(view.header, extensions, again)) return;
  const auto read = read_header(again.bytes());
  STRUCTWIRE_ASSERT(read.has_value() && read->header == view.header);
}

void check_hello(std::span<const std::byte> payload) {
  const auto hello = decode_hello(payload);
  if (!hello) return;
  const auto again = decode_hello(encode_hello(*hello).bytes());
  STRUCTWIRE_ASSERT(again.has_value() && *again == *hello);
  const auto both = agree(*hello, *hello);
  STRUCTWIRE_ASSERT(both.has_value() == !hello->formats.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto frame = std::as_bytes(std::span(data, size));
  const auto view = read_header(frame, {.header_bytes = 1024, .payload_bytes = 1u << 20});
  if (!view) {
    STRUCTWIRE_ASSERT(view.error().offset().has_value() && *view.error().offset() <= size);
    check_hello(frame);
    return 0;
  }
  check_again(*view);
  check_hello(frame.subspan(view->size));
  return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned seed) {
  if (size < 8) {
    Header header;
    header.kind = MessageKind::hello;
    ExtensionWriter extensions;
    extensions.add(ExtensionType::handler_name, "name");
    add_failure(extensions, {FailureCode::overloaded, true, 5, "text"});
    Buffer frame;
    STRUCTWIRE_ASSERT(append_header(header, extensions, frame).has_value());
    Hello hello;
    hello.formats = {2};
    hello.handlers = {{"a", 1}};
    frame.append(encode_hello(hello).bytes());
    size = std::min(frame.size(), size_max);
    std::memcpy(data, frame.data(), size);
    return size;
  }
  size = LLVMFuzzerMutate(data, size, size_max);
  if (seed % 2 == 0 && size >= header_size) {
    auto* const bytes = reinterpret_cast<std::byte*>(data);
    const std::size_t told = load_little<std::uint16_t>(bytes + 6);
    if (told >= header_size && told <= size) {
      const std::span<const std::byte> header(bytes, told);
      store_little(bytes + 60, crc32c(header.subspan(header_size), crc32c(header.first(60))));
    }
  }
  return size;
}
