// SPDX-License-Identifier: Apache-2.0
#pragma once

// Samples of what has no parts (a part of contract/sample.hpp).

#include <optional>
#include <string>
#include <string_view>

#include <structwire/contract/sample/sample_choice.hpp>
#include <structwire/contract/schema.hpp>

namespace structwire::contract {

/// Nothing where no value was found that fits the type's rules. `type` is none of the kinds that have parts or name a
/// definition.
std::optional<Value> scalar_sample(const TypeSchema& type, Choice& choice);

/// Text that fits a pattern of our dialect and both lengths; nothing after some hundred vain tries.
std::optional<std::string> pattern_sample(std::string_view pattern, std::uint64_t min_length, std::uint64_t max_length,
                                          Choice& choice);

}  // namespace structwire::contract
