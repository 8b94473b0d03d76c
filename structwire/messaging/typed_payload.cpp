// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/typed_payload.hpp>

#include <utility>

#include <structwire/contract/envelope.hpp>
#include <structwire/messaging/loop/large_buffers.hpp>

namespace structwire::messaging {
namespace {

// Empty while somebody encodes: an encoder may call what sends, too.
thread_local Buffer spare_room;
// The next one will be about as large.
thread_local std::size_t last_size = 0;

}  // namespace

EncodingRoom::EncodingRoom()
    : buffer_(last_size < LargeBuffers::large ? std::exchange(spare_room, {}) : LargeBuffers::take(last_size)) {
  buffer_.clear();
}

EncodingRoom::~EncodingRoom() {
  if (buffer_.capacity() >= LargeBuffers::large) {
    LargeBuffers::give_back(std::move(buffer_));
  } else if (buffer_.capacity() != 0 && buffer_.capacity() <= 2 * small_payload) {
    spare_room = std::move(buffer_);
  }
}

bool EncodingRoom::is_small() noexcept {
  if (buffer_.size() > small_payload) return false;
  last_size = buffer_.size();
  return true;
}

Payload EncodingRoom::take() {
  last_size = buffer_.size();
  // What waits for credit is counted by its size: it must not hold much more memory than that.
  const bool is_roomy = buffer_.capacity() / 4 > last_size;
  if (last_size <= small_payload || is_roomy) return Payload::copy(buffer_.bytes());
  return last_size < LargeBuffers::large ? Payload(std::move(buffer_)) : LargeBuffers::payload(std::move(buffer_));
}

std::uint8_t format_number(const Format& format) noexcept {
  for (int number = 1; number <= static_cast<int>(EnvelopeFormat::npy); ++number) {
    if (name_of(static_cast<EnvelopeFormat>(number)) == format.name) return static_cast<std::uint8_t>(number);
  }
  return 0;
}

EncodedBytes encoded(Raw raw) {
  if (raw.empty()) raw = Raw::trusted(msgpack::format(), msgpack::encode(Value()));
  const auto owner = std::make_shared<const Raw>(std::move(raw));
  return {.payload = Payload(owner->bytes(), owner), .schema = 0, .format = format_number(*owner->format())};
}

Error View::unknown_format(std::uint8_t number) {
  return Error(ErrorCode::unsupported, "The payload is in format " + std::to_string(number) + ", which is not read here");
}

Failure failure_of(const Error& error, FailureCode code) {
  std::string text(name_of(error.code()));
  text += " at `" + error.path() + "`";
  if (const auto offset = error.offset()) text += ", byte " + std::to_string(*offset);
  text += ": " + error.message();
  return failed(code, std::move(text)).error();
}

}  // namespace structwire::messaging
