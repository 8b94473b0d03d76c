// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is behind an Error's pointer. For readers and loops, which add to it while they unwind.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <structwire/core/error.hpp>

namespace structwire {

/// One step from a value to a value inside it.
struct PathSegment {
  enum class Step : std::uint8_t { member, item, map_value, map_key };
  Step step;
  std::string name;       ///< member: its wire name. map_value: the key where it is shown.
  std::size_t index = 0;  ///< item: its position.
};

struct ErrorDetail {
  ErrorCode code = ErrorCode::none;
  std::optional<std::size_t> offset;
  KindSet expected_kinds;         ///< type_mismatch: printed as `int | null`.
  std::string expected;           ///< Constraints: the condition as text.
  std::string got;                ///< The kind that was there.
  std::string text;               ///< A fixed sentence; wins over the one made from expected and got.
  std::vector<PathSegment> path;  ///< Innermost first: segments are added on the way out.
};

/// An error of an input that begins `bytes` behind the start of another one, as an error of that
/// one: its offset, and the position in its sentence.
void move_offset(ErrorDetail& detail, std::size_t bytes);

}  // namespace structwire
