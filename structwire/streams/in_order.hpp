// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work on several cores whose results come in the order in which it was begun: the one mechanism
// below the parallel streams.
//
// There is a ring of slots. The calling thread fills them, in order, and takes what became of them,
// in order; in between any thread works on a slot. When the calling thread can neither fill nor
// take, it works too. So everything that belongs to the caller (its source, its sink, its
// callbacks) is called by its own thread only, and the ring bounds the memory: nothing is filled
// that is not yet taken `slots` places before.

#include <cstddef>
#include <functional>

#include <structwire/core/error.hpp>

namespace structwire {

struct InOrder {
  /// In all, with the calling one; 0: as many as the machine runs at once. Where the system gives
  /// fewer, it is done by fewer.
  unsigned threads = 0;
  /// 0: two for each thread, and one.
  std::size_t slots = 0;

  /// Prepares a slot; false when there is nothing more, and then the slot is not used. Calling
  /// thread.
  std::function<bool(std::size_t slot)> fill;
  /// Any thread, one for each slot at a time. What it throws is thrown by run_in_order, in the
  /// slot's turn.
  std::function<void(std::size_t slot)> work;
  /// Ends everything by an error. Calling thread.
  std::function<Result<void>(std::size_t slot)> take;
};

/// How many threads and slots that comes to.
unsigned thread_count(const InOrder& order) noexcept;
std::size_t slot_count(const InOrder& order) noexcept;

/// Returns when everything is taken, or the first error of take(). No thread is left then. What the
/// callbacks throw is passed on.
Result<void> run_in_order(const InOrder& order);

}  // namespace structwire
