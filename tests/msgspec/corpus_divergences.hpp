// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where structwire rightly differs from msgspec.

#include <span>

#include <tests/msgspec/corpus_row.hpp>

namespace structwire::testing::corpus {

struct Divergence {
  /// Why, in a sentence; what is printed with its count.
  const char* reason;
  bool (*applies)(const Row& row, const Outcome& ours);
  /// What we wrote means something else, so that msgspec cannot be asked to read it.
  bool is_other_value = false;
};

/// The one table of all of them.
std::span<const Divergence> divergences();

}  // namespace structwire::testing::corpus
