// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/command.hpp>
#include <taskd/tasks/store.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Executes commands against a transaction at a given time. It has no state, clock, thread or I/O
/// of its own: the same commands at the same times on the same store give the same outcomes.
namespace structwire::taskd {

/// Tasks one Tick handles at most, so that a mass expiry cannot hold a commit up for long.
inline constexpr std::size_t tick_tasks_max = 1024;

/// What a group of commands means for those who wait, once it is committed.
struct Effects {
  std::vector<std::string> queues_with_work;  ///< tasks became claimable here

  /// Cheap: leaves repetitions in; `merge_repeated` takes them out once at the end.
  void add_queue(const std::string& queue);
  void merge_repeated();
};

/// Executes one command: all of it, or nothing and a refusal. Refused commands write nothing, so
/// commands of one group do not disturb each other. Nothing may be let out before the transaction's
/// commit has succeeded.
[[nodiscard]] Outcome execute(const Command& command, Transaction& transaction, std::int64_t now_us,
                              Effects& effects);

/// Commands in order, one outcome each.
[[nodiscard]] std::vector<Outcome> execute_all(const std::vector<Command>& commands,
                                               Transaction& transaction, std::int64_t now_us,
                                               Effects& effects);

}  // namespace structwire::taskd
