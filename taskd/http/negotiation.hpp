// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <expected>
#include <optional>
#include <string_view>

/// Which format a body is in, and which one its answer takes: pure functions of header texts, by
/// the rules of RFC 9110 and of `docs/protocol.md`.
namespace structwire::taskd::http {

enum class WireFormat { json, msgpack };

/// A name that bodies may be sent and asked for by. The first one of a format is its own; the
/// others are aliases that answers echo to those who use them.
struct MediaType {
  std::string_view name;
  WireFormat format;
};

inline constexpr std::array<MediaType, 4> media_types = {{
    {"application/json", WireFormat::json},
    {"application/vnd.msgpack", WireFormat::msgpack},
    {"application/msgpack", WireFormat::msgpack},
    {"application/x-msgpack", WireFormat::msgpack},
}};

inline constexpr const MediaType& media_type_json = media_types[0];

/// JSON errors say what they are; MessagePack has no registered twin of this name.
inline constexpr std::string_view problem_json = "application/problem+json";

/// What exists: the value of Accept-Post, and what a 406 lists.
inline constexpr std::string_view media_types_offered = "application/json, application/vnd.msgpack";

/// Why a body cannot be read; both are a 415.
enum class BodyRefusal {
  media_type,        ///< missing, unknown, or a charset other than UTF-8: add Accept-Post
  content_encoding,  ///< add Accept-Encoding, and never add it for the other cause
};

/// The type of a body that is not empty. A missing Content-Type is refused: nothing is sniffed.
/// Type names are compared without regard to case; parameters other than JSON's charset are
/// ignored. `identity` is the only Content-Encoding.
[[nodiscard]] std::expected<const MediaType*, BodyRefusal> body_type(
    std::optional<std::string_view> content_type, std::optional<std::string_view> content_encoding);

/// The type of the answer; nullptr when nothing that exists is acceptable.
///
/// For each format the most specific range that matches any of its names decides, of equals the
/// highest q; then the format with the highest q wins, and of equals the body's own, then JSON.
/// Absent, empty, or without a single well-formed member, Accept says nothing: everything is
/// acceptable. `body` is the type of the request's body, or nullptr.
[[nodiscard]] const MediaType* answer_type(std::optional<std::string_view> accept,
                                           const MediaType* body);

}  // namespace structwire::taskd::http
