// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/command.hpp>
#include <taskd/tasks/service.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// Claims on empty queues, held back until there is work: what long polls rest on.
///
/// No thread and no clock of its own. When a queue gets work, its oldest waiting claim is executed
/// again; if that one finds something, the next two are, and so on: a single task does not wake a
/// thousand workers, and a thousand tasks wake them all within a few commits.
namespace structwire::taskd {

class WaitingClaims {
 public:
  using Done = Service::ClaimDone;
  /// Executes a claim; its `done` must be called after `on_work` was told of all that was committed
  /// before the claim.
  using Post = std::function<Attempt<void>(Claim claim, Done done)>;

  WaitingClaims(Post post, std::size_t waiting_max)
      : post_(std::move(post)), waiting_max_(waiting_max) {}

  /// Any thread, all of them.
  [[nodiscard]] Attempt<WaitId> add(Claim claim, Done done);
  void stop(WaitId id);
  void stop_all();
  void on_work(const std::vector<std::string>& queues);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Waiter {
    Claim claim;
    Done done;
    std::uint64_t generation = 0;
    bool claiming = true;  // otherwise it is in `idle_`
    bool stopped = false;
  };

  Attempt<void> execute(WaitId id, Claim claim);
  void on_claimed(WaitId id, Outcome outcome);
  void wake(const std::string& queue, std::size_t count);
  std::optional<std::pair<WaitId, Claim>> take_oldest(const std::string& queue);
  void finish(WaitId id, Outcome outcome);
  std::uint64_t& generation(std::string_view queue);

  const Post post_;
  const std::size_t waiting_max_;

  mutable std::mutex mutex_;  // never held while something of others is called
  std::unordered_map<WaitId, Waiter> waiters_;
  std::map<std::string, std::set<WaitId>> idle_;  // by queue; the oldest first
  // How often queues got work, by a hash of their names: work that came between a claim's execution
  // and its return must not be missed. Two queues in one place cost a needless claim.
  std::array<std::uint64_t, 1024> generations_{};
  WaitId last_id_ = 0;
  bool closed_ = false;
};

}  // namespace structwire::taskd
