// SPDX-License-Identifier: Apache-2.0
#pragma once

// The dict in the header of a `.npy` file: three keys, in any order, each once. A part of
// ndarray/npy.hpp.

#include <cstddef>
#include <string>
#include <string_view>

#include <structwire/ndarray/layout.hpp>

namespace structwire::ndarray {

/// What the dict says; `offset` is where it starts in the input, for errors. `allow_long`: integers
/// may end in `L`, as Python 2 wrote them.
struct NpyDict {
  std::string_view text;
  std::size_t offset;
  bool allow_long;
};
Result<Layout> parse_npy_dict(const NpyDict& dict, const ArrayLimits& limits);

/// The dict as Python's repr gives it, with numpy's room for the longest axis to grow, without the
/// final blanks.
std::string npy_dict_of(const Layout& layout);

}  // namespace structwire::ndarray
