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

/// The table of those of values.
std::span<const Divergence> divergences();
/// The table of those of exported schemas and descriptions of types: one for each gap of msgspec's export.
std::span<const Divergence> schema_divergences();

}  // namespace structwire::testing::corpus
