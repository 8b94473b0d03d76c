// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/decode_any_version.hpp>

namespace structwire::version_detail {
inline namespace STRUCTWIRE_INLINE {

const Format* format_of(EnvelopeFormat format) noexcept {
  switch (format) {
    case EnvelopeFormat::json: return &json::format();
    case EnvelopeFormat::msgpack:
    case EnvelopeFormat::msgpack_array: return &msgpack::format();
    default: return nullptr;
  }
}

std::optional<EnvelopeFormat> envelope_format(const Format& format, bool array_like) noexcept {
  if (&format == &json::format()) return EnvelopeFormat::json;
  if (&format != &msgpack::format()) return std::nullopt;
  return array_like ? EnvelopeFormat::msgpack_array : EnvelopeFormat::msgpack;
}

std::unexpected<Error> no_codec(std::string_view name) {
  return std::unexpected(Error(ErrorCode::unsupported, "Versions are not decoded from " + std::string(name) + " here"));
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::version_detail
