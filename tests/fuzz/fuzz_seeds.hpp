// SPDX-License-Identifier: Apache-2.0
#pragma once

// Inputs to start from: JSON of the fuzzed types, with much of what each can hold.

#include <cstddef>
#include <span>
#include <string_view>

namespace structwire::testing::fuzz {

struct Seed {
  std::size_t type;  ///< Position in Types.
  std::string_view json;
};

std::span<const Seed> seeds();

}  // namespace structwire::testing::fuzz
