// SPDX-License-Identifier: Apache-2.0
#pragma once

// What Python writes for people, as structwire would write it.

#include <string>
#include <string_view>

namespace structwire::testing::corpus {

/// The repr() of a struct as sw::show shows it: text in double quotes, null, unset, true, numbers
/// as in JSON.
std::string repr_as_shown(std::string_view repr);
/// A message with the repr() of what was refused, `Invalid enum value 'a\x08'`, with the thing
/// itself.
std::string message_in_plain_text(std::string_view message);

}  // namespace structwire::testing::corpus
