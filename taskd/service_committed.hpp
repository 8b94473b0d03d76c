// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/readers.hpp>
#include <taskd/store/committer.hpp>
#include <taskd/tasks/clock.hpp>
#include <taskd/tasks/service.hpp>
#include <taskd/tasks/store.hpp>
#include <taskd/waiting_claims.hpp>

#include <atomic>
#include <vector>

namespace structwire::taskd {

/// The service over a store: commands go to the one committer, reads to a few reader threads, and
/// claims that find nothing wait in `WaitingClaims`.
class ServiceCommitted final : public Service {
 public:
  /// Store and clock must outlive the service.
  ServiceCommitted(Store& store, const Clock& clock);
  ~ServiceCommitted() override;

  [[nodiscard]] Attempt<void> post(std::vector<Command> commands, Done done) override;
  [[nodiscard]] Attempt<WaitId> claim_waiting(Claim claim, ClaimDone done) override;
  void stop_waiting(WaitId id) override;
  [[nodiscard]] Attempt<void> find(TaskId id, FindDone done) override;
  [[nodiscard]] Attempt<void> list(ListQuery query, ListDone done) override;
  [[nodiscard]] Attempt<void> live() const override;
  [[nodiscard]] Attempt<void> ready() const override;

  /// From now on new tasks and claims are refused as `draining`, and waiting claims are answered;
  /// whatever ends or keeps work already begun goes on.
  void drain();

  /// Commits and answers what is under way, ends the threads. The doors must still be there.
  void shut_down();

  [[nodiscard]] CommitterCounts counts() const { return committer_.counts(); }

 private:
  [[nodiscard]] Attempt<void> post_claim(Claim claim, ClaimDone done);

  Store& store_;
  const Clock& clock_;
  std::atomic<bool> draining_{false};
  WaitingClaims waiting_;
  Readers readers_;
  Committer committer_;  // last: its thread calls into the others
};

}  // namespace structwire::taskd
