// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON (RFC 8259) in the run-time table of formats, and what the format can say.

#include <structwire/core/format.hpp>
#include <structwire/core/traits.hpp>

namespace structwire::json {

inline constexpr FormatTraits traits{
    .self_describing = true,
    .keys = true,
    .absent_is_visible = true,
    .text_keys = true,
    .numbers_are_open_ended = true,
    .carries_non_finite = false,
    .tells_bytes_from_text = false,
};

extern const Format format_row;

/// Name `json`, media type `application/json`. In line, because every Raw that is written is compared with it.
inline const Format& format() noexcept { return format_row; }

}  // namespace structwire::json
