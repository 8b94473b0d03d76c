// SPDX-License-Identifier: Apache-2.0
#pragma once

// What streams of values have in common: where bytes come from, where they go, and how values stand
// in them.

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

#include <structwire/core/error.hpp>

namespace structwire {

/// Where bytes come from: puts some into `room`, which is not empty, and returns how many; 0 is the
/// end of the input. It may wait, and may give fewer than there is room for. Called by the thread
/// that reads the stream.
using Source = std::move_only_function<Result<std::size_t>(std::span<std::byte> room)>;

/// Where bytes go: takes all of them or fails. Called by the thread that writes the stream.
using Sink = std::move_only_function<Result<void>(std::span<const std::byte> bytes)>;

/// How values stand in a stream.
enum class Framing : unsigned char {
  values,  ///< One behind the other: JSON Lines, or whatever white space is between; in MessagePack
           ///< nothing is.
  array,   ///< As the items of one array, which is all there is.
};

struct StreamOptions {
  Framing framing = Framing::values;
  /// How many bytes are asked of a source or given to a sink at once, about.
  std::size_t chunk_bytes = 64u << 10;
  /// Written as an array: how many items there will be. Formats that say it in front of the first
  /// one (MessagePack) have to be told; for others it is only checked.
  std::optional<std::size_t> items = std::nullopt;
};

}  // namespace structwire
