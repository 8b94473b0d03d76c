// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/typed_payload.hpp>

#include <structwire/contract/envelope.hpp>

namespace structwire::messaging {

std::uint8_t format_number(const Format& format) noexcept {
  for (int number = 1; number <= static_cast<int>(EnvelopeFormat::npy); ++number) {
    if (name_of(static_cast<EnvelopeFormat>(number)) == format.name) return static_cast<std::uint8_t>(number);
  }
  return 0;
}

EncodedBytes encoded(Raw raw) {
  if (raw.empty()) return {};
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
