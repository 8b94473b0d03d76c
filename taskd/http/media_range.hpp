// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

/// The syntax of Content-Type and Accept (RFC 9110, 8.3.1 and 12.5.1). What the values mean to us
/// is said in `negotiation.hpp`.
namespace structwire::taskd::http {

/// ASCII letters are the same in both cases; nothing else is.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Without blanks and tabs on both sides.
[[nodiscard]] std::string_view trim(std::string_view text);

/// `application/json; charset=utf-8`, as views into the text it was read from.
struct MediaTypeText {
  std::string_view full;  ///< `type/subtype` without parameters
  std::string_view type;
  std::string_view subtype;
  std::optional<std::string_view> charset;  ///< without quotes
};

/// Nothing when it is not one media type.
[[nodiscard]] std::optional<MediaTypeText> parse_media_type(std::string_view text);

/// One member of an Accept list.
struct MediaRange {
  std::string_view type;  ///< `*` for any
  std::string_view subtype;
  bool has_parameters = false;  ///< besides q
  int quality = 1000;           ///< q in thousandths
};

/// All members that are well-formed, in order; a malformed one is left out.
[[nodiscard]] std::vector<MediaRange> parse_accept(std::string_view text);

/// A qvalue in thousandths: 0 to 1 with at most three decimals.
[[nodiscard]] std::optional<int> parse_quality(std::string_view text);

}  // namespace structwire::taskd::http
