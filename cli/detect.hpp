// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/format.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace structwire::cli {

/// One thing that bytes can be.
struct Reading {
  std::string name;  ///< For people: `msgpack`, `structwire envelope version 1, holding json`.
  const Format* format = nullptr;  ///< Of the run-time table; nullptr for what is not in it.
};

/// Everything that `bytes` can be as a whole: a value of each format, values one behind the other,
/// or what a mark at their start says. Empty: nothing that is known here. More than one: ambiguous,
/// and nobody should choose. For people only; what is decoded is decided by who decodes.
[[nodiscard]] std::vector<Reading> detect(std::span<const std::byte> bytes);

}  // namespace structwire::cli
