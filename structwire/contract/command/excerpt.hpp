// SPDX-License-Identifier: Apache-2.0
#pragma once

// Messages and names as a line that people read.

#include <string>
#include <string_view>

#include <structwire/core/value.hpp>

namespace structwire::contract {

/// At most `length_max` bytes of UTF-8, cut between code points; what was longer ends with `…`.
std::string shortened(std::string_view text, std::size_t length_max);

/// A message as JSON. A long one shows what is on the way to the path, and `…` for what stands beside it:
/// `{…,"items":[…,{…,"price":1e300}],…}` for `$.items[2].price`. A path that leads nowhere is followed as far as it
/// goes; a name at an array means the first item that has it.
std::string excerpt(const Value& message, std::string_view path);

/// Control characters, which a terminal would obey, as JSON escapes them: `\u001b`.
std::string printable(std::string_view text);

}  // namespace structwire::contract
