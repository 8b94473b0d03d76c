// SPDX-License-Identifier: Apache-2.0
#pragma once

// The types of the msgspec corpus (its TYPES.md) as C++ structs.

#include <cstdint>
#include <map>
#include <string>

#include <structwire/core/rules.hpp>
#include <structwire/core/value.hpp>

namespace structwire::testing {

struct Point {
  double x;
  double y;
};

struct AnyHolder {
  Value v;
  std::map<std::string, Value> m;
  using wire = Rules<all_defaulted>;
};

struct Forbid {
  std::int64_t field_one;
  bool field_two = false;
  using wire = Rules<member<&Forbid::field_two, defaulted>, forbid_unknown_fields>;
};

enum class Level { low = 1, mid = 5, high = 10, neg = -3 };
enum class Sparse : std::int64_t { a = 0, b = 1000000, c = INT64_MIN, d = INT64_MAX };

}  // namespace structwire::testing

template <>
inline constexpr auto structwire::enum_values<structwire::testing::Level> =
    structwire::by_value<structwire::testing::Level::low, structwire::testing::Level::mid,
                         structwire::testing::Level::high, structwire::testing::Level::neg>;
template <>
inline constexpr auto structwire::enum_values<structwire::testing::Sparse> =
    structwire::by_value<structwire::testing::Sparse::a, structwire::testing::Sparse::b,
                         structwire::testing::Sparse::c, structwire::testing::Sparse::d>;
