// SPDX-License-Identifier: Apache-2.0
#pragma once

// MessagePack in the run-time table of formats, and what the format can say.

#include <structwire/core/format.hpp>
#include <structwire/core/traits.hpp>

namespace structwire::msgpack {

inline constexpr FormatTraits traits{
    .self_describing = true,
    .keys = true,
    .absent_is_visible = true,
    .carries_extensions = true,
    .counts_first = true,
};

/// Name `msgpack`; `application/vnd.msgpack` and its two older names.
const Format& format() noexcept;

}  // namespace structwire::msgpack
