// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a value means the same to its writer and its reader.

#include <optional>
#include <string>

#include <structwire/core/value.hpp>

namespace structwire::contract {

struct ValueDifference {
  std::string path;  ///< `$.items[0].price`
  std::string text;  ///< "`1` arrived as `2`"
};

/// The first difference between what was written and what was read. Fields that only one side has are none: the reader
/// passes over some and fills in others, and a rule says whether that is right. Equal numbers are equal whether integer
/// or float.
std::optional<ValueDifference> difference_of_values(const Value& written, const Value& read);

}  // namespace structwire::contract
