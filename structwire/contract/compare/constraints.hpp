// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rules of values, compared: which numbers, lengths and texts a type takes.

#include <string>

#include <structwire/contract/compare/crossing.hpp>

namespace structwire::contract {

/// The numbers from `low` to `high`; an open end is just inside for integers.
struct Interval {
  long double low = 0;
  long double high = 0;
  bool low_open = false;
  bool high_open = false;
};

/// Of an integer or floating type: its range and its bounds.
Interval interval_of(const TypeSchema& type);

/// A rule says something about its values, beyond the range of its type.
bool is_constrained(const TypeSchema& type) noexcept;

/// The bounds in words, after the type's name: ` (>= 0, length <= 8)`. Empty without any.
std::string constraint_text(const TypeSchema& type);

}  // namespace structwire::contract
