// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <structwire/messaging/compression.hpp>
#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/loop/executor.hpp>

namespace structwire::messaging {

struct NodeOptions {
  std::string name{};    ///< For people; over EndpointOptions::name.
  /// Of the pool that runs handlers. 0: one for each core, and two at least. With one, no two handlers ever run at the
  /// same time; with more, a request that comes alone is run by the thread that received it, one beside the pool's.
  unsigned threads = 0;

  /// A handler on the loop that takes longer than this holds everything up, ...
  Duration inline_budget = std::chrono::microseconds(50);
  /// ... and after so many times goes on in the pool. 0: never.
  std::uint32_t inline_overruns = 8;

  /// Values larger than this (by the bound that is found without encoding) are encoded in the pool where the loop's
  /// own thread sends them, so that nobody waits for that. Sends of one priority to one peer keep their order.
  std::size_t encode_off_loop_above = 64 << 10;

  /// Payloads that are compressed on their way to peers that can read that. Those that are larger than the above and
  /// come from the loop's own thread are compressed in the pool, too.
  CompressionOptions compression{};

  /// Every how manyth send is timed in all its parts. 0: none.
  std::uint32_t sample_every = 64;

  /// The rules of delivery: credit, deadlines, heartbeats, retries. Its `instance` is drawn where it is none; its
  /// `formats` are MessagePack where there are none.
  EndpointOptions endpoint{};
  std::size_t jobs_max = 1 << 20;  ///< Handlers that wait for a thread; the credit that is granted bounds them before.
};

}  // namespace structwire::messaging
