// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request of a peer while this side has it: from the loop, which received it, to the thread that runs its handler, and
// back with the outcome. The loop's thread and the handler's share it.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <utility>

#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/handler.hpp>
#include <structwire/messaging/loop/job.hpp>
#include <structwire/messaging/loop/peer_gate.hpp>

namespace structwire::messaging {

class Loop;

/// Why a request did not run where the executor has no room for it.
Failure no_room();

/// As Timings has it.
std::uint32_t microseconds_since(Instant begun) noexcept;

class ManyRequests;

/// Where a request runs, and for whom.
struct RequestPlace {
  std::shared_ptr<Loop> loop;
  std::shared_ptr<Handler> handler;
  std::shared_ptr<PeerGate> gate;
};

/// What a request is a part of; it is shared, and its heir destroyed by who made it.
class RequestOwner : public std::enable_shared_from_this<RequestOwner> {
 public:
  explicit RequestOwner(const RequestPlace& its_place, ManyRequests* its_many = nullptr) noexcept
      : place(its_place), many(its_many) {}

  const RequestPlace& place;
  ManyRequests* const many;  ///< That it came with; nullptr: it came alone.
};

class RunningRequest {
 public:
  RunningRequest(RequestOwner& owner, Work work);

  /// Its payload is not to be read here: it may go at any time. See payload().
  const Work& work() const noexcept { return work_; }
  const std::shared_ptr<Loop>& loop() const noexcept { return owner_.place.loop; }
  Handler& handler() const noexcept { return *owner_.place.handler; }
  const std::shared_ptr<PeerGate>& gate() const noexcept { return owner_.place.gate; }
  std::shared_ptr<RunningRequest> share() noexcept { return {owner_.shared_from_this(), this}; }
  const RequestOwner& owner() const noexcept { return owner_; }
  /// Those that it came with; nullptr: it came alone.
  ManyRequests* many() const noexcept { return owner_.many; }

  /// Becomes another that came with it, for the one who has a share in it: what they have in common stays.
  void become(std::uint64_t counter, std::span<const std::byte> payload, Instant deadline) noexcept;

  // ---- the handler's side: any thread

  /// False: it was stopped before, or its payload cannot be decompressed, and it must not run. Decompresses here.
  bool start() noexcept;
  /// The same for who knows the time, about.
  bool start_at(Instant now) noexcept;
  /// The bytes, alive as long as the copy and a share in this are; without a claim on the sender's credit.
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
  /// Nor has what is sent within it one.
  static bool has_no_trace() noexcept;
  /// Makes a request, or none, this thread's current one, as long as this lives.
  class Inside {
   public:
    Inside() noexcept;
    explicit Inside(RunningRequest& request) noexcept;
    ~Inside();
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    RunningRequest* before_;
  };

  /// The handler is done, before its reply is encoded; without it, when the request ends.
  void note_handler() noexcept;
  Timings timings;    ///< The handler's thread fills in decode and encode, where work().sampled.
  Instant started{};  ///< Written by start().

  bool is_pinned() const noexcept { return pinned_.load(std::memory_order_relaxed); }

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

  RequestOwner& owner_;
  Work work_;

  std::atomic<Phase> phase_ = Phase::waiting;
  std::atomic<bool> finished_ = false;
  std::atomic<bool> stop_requested_ = false;
  std::atomic<FailureCode> stop_reason_ = FailureCode::cancelled;

  mutable std::mutex mutex_;
  std::atomic<bool> pinned_ = false;  // Written under mutex_.
  std::optional<std::stop_source> stop_source_;  // Made for who asks.
  std::uint64_t items_sent_ = 0;
  std::uint64_t items_allowed_ = 0;
  JobPointer waits_for_room_;

  bool handler_noted_ = false;  // Where it is sampled, which what comes with others is not.
  Start start_;
  Finish finish_;
  Outcome outcome_;  // Written by who finishes, read by the loop.
};

/// A request that came alone.
class SingleRequest final : public RequestOwner {
  const RequestPlace place_;

 public:
  SingleRequest(RequestPlace its_place, Work work)
      : RequestOwner(place_), place_(std::move(its_place)), request(*this, std::move(work)) {}

  RunningRequest request;
};

}  // namespace structwire::messaging
