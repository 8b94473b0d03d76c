// SPDX-License-Identifier: Apache-2.0
#pragma once

// The struct whose decoding is counted, and a decoder for it written by hand: what somebody who knows
// MessagePack writes for exactly this struct, with the same checks (UTF-8, ranges, missing members, trailing
// bytes, truncation at every place) and the same bet on the order of members.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace structwire::testing {

struct WorkerMessage {
  std::string message_id;
  std::string worker_id;
  std::string payload;
  double timestamp;
  std::int32_t priority;

  friend bool operator==(const WorkerMessage&, const WorkerMessage&) = default;
};

/// False for anything that is no WorkerMessage.
bool decode_by_hand(std::span<const std::byte> bytes, WorkerMessage& out);
/// The same through the library.
bool decode_by_library(std::span<const std::byte> bytes, WorkerMessage& out);

}  // namespace structwire::testing
