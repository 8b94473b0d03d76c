// SPDX-License-Identifier: Apache-2.0
#pragma once

// Random contracts, and every kind of change that the rule table knows, as an edit of one.

#include <span>
#include <string_view>

#include <structwire/contract/schema.hpp>
#include <tests/support/random.hpp>

namespace structwire::contract::mutation {

using test::Random;

/// A root struct, with enums, unions and structs inside. Numbers of members are their identities (meaning.hpp).
Schema random_schema(Random& random);

struct Edit {
  std::string_view name;
  /// Changes the schema; false where it has no place for this edit.
  bool (*apply)(Schema& schema, Random& random);
};

std::span<const Edit> edits() noexcept;

}  // namespace structwire::contract::mutation
