// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/error.hpp>
#include <structwire/core/limits.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

/// MessagePack as a tree that people read beside a hex dump: one line per header, key or scalar.
///
///          0  82                       map of 2
///          1  a2 69 64                   "id"
///          4  cd 00 05                     uint16 5, longer than need be
///
/// Where the bytes stop being MessagePack, so does the tree, with the error of that place.
namespace structwire::cli {

/// Takes one line, without its end; false stops the tree.
using TakeLine = std::function<bool(std::string_view line)>;

/// All values of `bytes`, one behind the other. Memory: a few bytes per level of nesting, which
/// `limits.depth` bounds; long text is cut in its line. Returns how many values there are.
[[nodiscard]] Result<std::size_t> write_msgpack_tree(std::span<const std::byte> bytes,
                                                     const TakeLine& take,
                                                     const Limits& limits = {});

}  // namespace structwire::cli
