// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request of a peer while this side has it: from the loop, which received it, to the thread that runs its handler, and
// back with the outcome. The loop's thread and the handler's share it.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include <structwire/messaging/endpoint.hpp>
#include <structwire/messaging/handler.hpp>
#include <structwire/messaging/job.hpp>
#include <structwire/messaging/peer_gate.hpp>

namespace structwire::messaging {

class Loop;

/// As Timings has it.
std::uint32_t microseconds_since(Instant begun) noexcept;

class RunningRequest : public std::enable_shared_from_this<RunningRequest> {
 public:
  RunningRequest(std::shared_ptr<Loop> loop, std::shared_ptr<Handler> handler, std::shared_ptr<PeerGate> gate,
                 Work work);

  /// Its payload is not to be read here: it may go at any time. See payload().
  const Work& work() const noexcept { return work_; }
  const std::shared_ptr<Loop>& loop() const noexcept { return loop_; }
  Handler& handler() const noexcept { return *handler_; }
  const std::shared_ptr<PeerGate>& gate() const noexcept { return gate_; }

  // ---- the handler's side: any thread

  /// False: it was stopped before, or its payload cannot be decompressed, and it must not run. Decompresses here.
  bool start() noexcept;
  /// The bytes, alive as long as the copy is; without a claim on the sender's credit.
  Payload payload() const;
  /// The bytes, which count against the sender's credit as long as a copy is held.
  Payload pinned_payload();
  /// It was decoded and its handler will run: who waits for that is told.
  void accept();
  /// The next item of a stream.
  void send_item(Reply reply);
  /// Room for another item? If not, `job` is taken and run when there is, or when it shall stop.
  bool may_send_item(JobPointer& job);
  /// The end. The first one counts; true for it.
  bool finish(Outcome outcome);
  bool finished() const noexcept { return finished_.load(std::memory_order_acquire); }

  std::stop_token stop_token();
  bool stop_requested() const noexcept { return stop_requested_.load(std::memory_order_acquire); }
  /// Why; meaningless before it was.
  FailureCode stop_reason() const noexcept { return stop_reason_.load(std::memory_order_relaxed); }

  /// The one whose handler this thread runs just now; sends from within it inherit its deadline, depth and trace.
  static std::shared_ptr<RunningRequest> current();
  /// Makes a request this thread's current one, as long as this lives.
  class Inside {
   public:
    explicit Inside(RunningRequest& request) noexcept;
    ~Inside();
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    RunningRequest* before_;
  };

  Timings timings;    ///< The handler's thread fills it in, where work().sampled.
  Instant started{};  ///< Written by start().

  // ---- the loop's side

  /// Not wanted any more. True: it has not started, and will not.
  bool prevent(FailureCode why) noexcept;
  /// Tells a handler that runs: user code may be called. Returns a stream's job that waited for room.
  JobPointer request_stop();
  JobPointer allow_items(std::uint64_t total);
  /// Lets go of the payload. True: nobody else holds it; else whoever does will tell.
  bool drop_payload();
  /// What runs the handler, once. Disposed of without having run, it ends the request as `overloaded`.
  JobPointer starting_job();
  void end_unrun();
  /// What finish() told.
  Outcome take_outcome() { return std::move(outcome_); }

 private:
  void leave(Outcome outcome);

  enum class Phase : std::uint8_t { waiting, started, prevented };
  // The two jobs that every request needs are parts of it, so they cost no allocation; each keeps it alive while
  // somebody owns the job.
  class Start final : public Job {
   public:
    std::shared_ptr<RunningRequest> request;

   private:
    void run(JobPointer self) noexcept override;
    void dispose() noexcept override;
  };
  class Finish final : public Job {
   public:
    std::shared_ptr<RunningRequest> request;

   private:
    void run(JobPointer self) noexcept override;
    void dispose() noexcept override { const auto last = std::move(request); }
  };

  std::shared_ptr<Loop> loop_;
  std::shared_ptr<Handler> handler_;
  std::shared_ptr<PeerGate> gate_;
  Work work_;
  std::atomic<Phase> phase_ = Phase::waiting;
  std::atomic<bool> finished_ = false;
  std::atomic<bool> stop_requested_ = false;
  std::atomic<FailureCode> stop_reason_ = FailureCode::cancelled;

  mutable std::mutex mutex_;
  bool pinned_ = false;
  std::optional<std::stop_source> stop_source_;  // Made for who asks.
  std::uint64_t items_sent_ = 0;
  std::uint64_t items_allowed_ = 0;
  JobPointer waits_for_room_;

  Start start_;
  Finish finish_;
  Outcome outcome_;  // Written by who finishes, read by the loop.
};

}  // namespace structwire::messaging
