// SPDX-License-Identifier: Apache-2.0
#pragma once

// Defaults of members: from the JSON that a Schema keeps to the Value that a reader puts in. A part of the reader that
// a Schema drives.

#include <cstddef>

#include <structwire/contract/reader/schema_plan.hpp>

namespace structwire::contract::schema_reading {

/// Who sees to it that a member's default is there before a default that holds it is made.
class DefaultMaker {
 public:
  virtual ~DefaultMaker() = default;
  /// False after it has kept an error.
  virtual bool has_default(const StructPlan& structure, std::size_t member) = 0;
};

/// The Value of a default's JSON form. Rules are not asked, because an object's initial values need not keep them. What
/// is no value of the type stays as it is: a date of year zero, an enumerator that is not listed. Errors: it is too
/// large, or nested too deep.
Result<Value> make_default(const Type& type, const Value& json_form, DefaultMaker& maker);

}  // namespace structwire::contract::schema_reading
