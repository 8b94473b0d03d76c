// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <taskd/http/message.hpp>
#include <taskd/http/negotiation.hpp>
#include <taskd/http/problem.hpp>

#include <expected>
#include <string_view>
#include <utility>

/// Wire structs from and into bodies: the one place that asks which format a body is in.
namespace structwire::taskd::http {

/// How deep a request may be nested. Less than the codecs' own limit by what answers put around a
/// payload, so that whatever came in can be shown again, also in a list.
inline constexpr unsigned body_depth_max = 500;

/// Decodes a body; an empty one is malformed in both formats.
template <class T>
std::expected<T, Problem> decode_body(std::string_view body, WireFormat format) {
  DecodeOptions options;
  options.limits.depth = body_depth_max;
  Result<T> decoded = format == WireFormat::json ? json::decode<T>(body, options)
                                                 : msgpack::decode<T>(body, options);
  if (!decoded) return std::unexpected(problem_of(decoded.error()));
  return std::move(*decoded);
}

/// Encodes an answer in the asker's format.
template <class T>
Response answer(int status, const T& value, const MediaType& type) {
  Response response{.status = status, .content_type = type.name};
  const Result<void> encoded = type.format == WireFormat::json
                                   ? json::append_to(value, response.body)
                                   : msgpack::append_to(value, response.body);
  if (!encoded) return problem_response(defect(encoded.error().message()), &type);
  return response;
}

}  // namespace structwire::taskd::http
