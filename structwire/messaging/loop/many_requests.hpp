// SPDX-License-Identifier: Apache-2.0
#pragma once

// Requests that came together, of which nobody wants to hear more than that they are done. Until the handler of one begins
// it is a few bytes; then it is a RunningRequest like any, made by the thread that runs it. The loop is told of them
// together.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include <structwire/messaging/loop/running_request.hpp>
#include <structwire/messaging/loop/shared_work.hpp>

namespace structwire::messaging {

class ManyRequests final : public SharedWork, public std::enable_shared_from_this<ManyRequests> {
 public:
  ManyRequests(RequestPlace place, ManyWorks works);

  WorkId id() const noexcept { return works_.id; }
  const RequestPlace& place() const noexcept { return place_; }
  std::uint32_t handler() const noexcept { return works_.handler; }
  Instant received() const noexcept { return works_.received; }
  std::size_t size() const noexcept { return works_.works.size(); }
  Instant deadline(std::size_t index) const noexcept { return works_.works[index].deadline; }
  /// A share in the bytes of one of them, and in nothing else.
  Payload keep(std::span<const std::byte> payload) const noexcept;

  /// For who has taken it (SharedWork::take_left()): makes a request of it; nullptr where it was prevented.
  std::shared_ptr<RunningRequest> begin(std::size_t index);
  /// One that nobody has taken is for the caller to begin.
  using SharedWork::take_left;

  // ---- the end of one, once: from any thread

  /// Of one that has begun.
  void ended(RunningRequest& request, const Failure* failure);
  /// Of one that was prevented.
  void ended_unrun(std::size_t index, const Failure& why);

  // ---- for the loop
  /// Not wanted any more. True: it has not begun, and will not; ended_unrun() is due. Else `begun` is what runs, if it
  /// does.
  bool prevent(std::size_t index, std::shared_ptr<RunningRequest>& begun);
  /// The one with this counter in its id, where it is one of them.
  std::optional<std::size_t> find(std::uint64_t counter) const noexcept;
  struct Ended {
    ManyEnded told;
    std::uint64_t failed = 0;
    std::vector<std::uint64_t> done;  ///< Which `told` refers to, ...
    std::vector<ManyEnded::Failed> failures;  ///< ... and this.
  };
  /// What has ended since the last call.
  void collect(Ended& ended);
  /// All have, and were collected.
  bool is_over() const noexcept { return collected_ == size(); }

 private:
  // Tells the loop what has ended; it keeps them alive while somebody owns the job.
  class Tell final : public Job {
   public:
    std::shared_ptr<ManyRequests> many;

   private:
    void run(JobPointer self) noexcept override;
    void dispose() noexcept override { const auto last = std::move(many); }
  };
  class One;
  // Begins one and runs it, with memory that is used again from one to the next.
  void run(std::size_t index, std::shared_ptr<One>& kept, Instant now);
  // The state of one: where it runs, or one of these.
  static RunningRequest* waits() noexcept { return nullptr; }
  static RunningRequest* is_ended() noexcept { return reinterpret_cast<RunningRequest*>(1); }
  static RunningRequest* is_looked_at() noexcept { return reinterpret_cast<RunningRequest*>(2); }

  std::size_t work() noexcept override;
  void abandon() noexcept override;
  bool begin(std::size_t index, const std::shared_ptr<One>& one);
  bool begins(std::size_t index, RunningRequest& request) noexcept;
  void note_end(std::size_t index, std::uint64_t released, const Failure* failure);
  bool somebody_waits() const noexcept { return works_.delivery != Delivery::fire_and_forget; }
  void tell();

  const RequestPlace place_;
  const ManyWorks works_;
  const std::unique_ptr<std::atomic<RunningRequest*>[]> states_;
  std::size_t collected_ = 0;  // The loop's.
  std::atomic<std::size_t> running_;
  // Since the loop looked last: of those that are held by nobody messages and bytes, in one number, since they are one
  // fact; and a bit for each that ended, which is set when all else is noted of its end.
  std::atomic<std::uint64_t> released_ = 0;
  std::atomic<std::uint64_t> ended_ = 0;
  static_assert(ManyWorks::most <= 64);
  std::atomic<std::int64_t> waited_ = Duration::max().count();
  std::mutex mutex_;
  struct FailedOne {
    std::size_t index = 0;
    Failure why;
  };
  std::vector<FailedOne> failures_;  // Under mutex_.
  std::atomic<bool> told_ = false;   // The job is on its way.
  Tell tell_;
};

}  // namespace structwire::messaging
