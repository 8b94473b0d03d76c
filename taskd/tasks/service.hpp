// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/command.hpp>
#include <taskd/tasks/refusal.hpp>
#include <taskd/tasks/store.hpp>

#include <cstdint>
#include <functional>
#include <vector>

/// What every door asks for, and all that it knows of the daemon behind it: no store, no committer,
/// no threads. `taskd/service_committed.hpp` is the real one; tests of doors have their own.
namespace structwire::taskd {

/// Names a claim that waits; never used twice.
using WaitId = std::uint64_t;

/// Threads: every call from any thread; none of them blocks. A `done` is called exactly once unless
/// the call itself was refused, on a thread of the service: it must be quick, must not throw, and
/// hands its result over to the thread that owns the connection.
class Service {
 public:
  using Done = std::move_only_function<void(std::vector<Outcome>)>;
  using ClaimDone = std::move_only_function<void(Outcome)>;
  using FindDone = std::move_only_function<void(Attempt<SharedTask>)>;
  using ListDone = std::move_only_function<void(Attempt<ListPage>)>;

  virtual ~Service() = default;

  /// Executes commands in order, in one durable unit; one outcome each. `overloaded` or `draining`
  /// at once when nothing will happen.
  [[nodiscard]] virtual Attempt<void> post(std::vector<Command> commands, Done done) = 0;

  /// As `post` of one claim, but an empty answer is held back until the queue gets work or
  /// `stop_waiting` is called. `overloaded` when too many wait already.
  [[nodiscard]] virtual Attempt<WaitId> claim_waiting(Claim claim, ClaimDone done) = 0;

  /// Answers a waiting claim as it stands, empty if nothing came. Harmless when it was answered
  /// already; the answer still comes through its `done`.
  virtual void stop_waiting(WaitId id) = 0;

  /// Committed tasks, read aside from the doors' threads. `overloaded` when too many reads wait.
  [[nodiscard]] virtual Attempt<void> find(TaskId id, FindDone done) = 0;
  [[nodiscard]] virtual Attempt<void> list(ListQuery query, ListDone done) = 0;

  /// Whether the process does its work at all; a failure means that it should be restarted.
  [[nodiscard]] virtual Attempt<void> live() const = 0;

  /// Whether new tasks are welcome: not draining, and the store can write.
  [[nodiscard]] virtual Attempt<void> ready() const = 0;
};

}  // namespace structwire::taskd
