// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/negotiation.hpp>

#include <taskd/http/media_range.hpp>

#include <vector>

namespace structwire::taskd::http {
namespace {

// What an Accept header says about one format.
struct Offer {
  const MediaType* type = nullptr;
  int specificity = 0;  // 0: no range matched
  int quality = 0;
};

int specificity(const MediaRange& range, std::string_view name) {
  const std::size_t slash = name.find('/');
  if (range.type == "*") return 1;
  if (!equals_ignoring_case(range.type, name.substr(0, slash))) return 0;
  if (range.subtype == "*") return 2;
  if (!equals_ignoring_case(range.subtype, name.substr(slash + 1))) return 0;
  return range.has_parameters ? 4 : 3;
}

// Where a wildcard leaves the name open, the client's own name for the format is taken.
const MediaType* own_name(WireFormat format, const MediaType* body) {
  if (body && body->format == format) return body;
  for (const MediaType& each : media_types) {
    if (each.format == format) return &each;
  }
  return nullptr;
}

void consider(Offer& offer, const MediaType& type, const MediaRange& range, const MediaType* body) {
  const int found = specificity(range, type.name);
  if (found == 0 || found < offer.specificity) return;
  if (found == offer.specificity && range.quality <= offer.quality) return;
  offer = {found >= 3 ? &type : own_name(type.format, body), found, range.quality};
}

Offer offer_of(WireFormat format, const std::vector<MediaRange>& ranges, const MediaType* body) {
  Offer offer;
  for (const MediaRange& range : ranges) {
    for (const MediaType& type : media_types) {
      if (type.format == format) consider(offer, type, range, body);
    }
  }
  return offer;
}

}  // namespace

std::expected<const MediaType*, BodyRefusal> body_type(
    std::optional<std::string_view> content_type,
    std::optional<std::string_view> content_encoding) {
  if (!content_type) return std::unexpected(BodyRefusal::media_type);
  const auto text = parse_media_type(trim(*content_type));
  if (!text) return std::unexpected(BodyRefusal::media_type);
  for (const MediaType& type : media_types) {
    if (!equals_ignoring_case(text->full, type.name)) continue;
    const bool readable = type.format != WireFormat::json || !text->charset ||
                          equals_ignoring_case(*text->charset, "utf-8");
    if (!readable) return std::unexpected(BodyRefusal::media_type);
    const std::string_view encoding = trim(content_encoding.value_or(""));
    if (!encoding.empty() && !equals_ignoring_case(encoding, "identity")) {
      return std::unexpected(BodyRefusal::content_encoding);
    }
    return &type;
  }
  return std::unexpected(BodyRefusal::media_type);
}

const MediaType* answer_type(std::optional<std::string_view> accept, const MediaType* body) {
  const MediaType* preferred = body ? body : &media_type_json;
  if (!accept || *accept == "*/*") return preferred;
  const std::vector<MediaRange> ranges = parse_accept(*accept);
  if (ranges.empty()) return preferred;
  const Offer json = offer_of(WireFormat::json, ranges, body);
  const Offer msgpack = offer_of(WireFormat::msgpack, ranges, body);
  if (json.quality == 0 && msgpack.quality == 0) return nullptr;
  if (json.quality != msgpack.quality) {
    return json.quality > msgpack.quality ? json.type : msgpack.type;
  }
  return preferred->format == WireFormat::json ? json.type : msgpack.type;
}

}  // namespace structwire::taskd::http
