// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/running_request.hpp>

#include <algorithm>
#include <utility>

#include <structwire/messaging/loop/loop.hpp>
#include <structwire/messaging/loop/many_requests.hpp>
#include <structwire/messaging/typed_payload.hpp>

namespace structwire::messaging {
namespace {
thread_local RunningRequest* current_request = nullptr;

std::uint32_t microseconds(Duration time) noexcept {
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(time).count());
}
}  // namespace

Failure no_room() {
  return {.code = FailureCode::overloaded, .retryable = true, .text = "There is no room for another request"};
}

std::uint32_t microseconds_since(Instant begun) noexcept { return microseconds(Loop::now() - begun); }

RunningRequest::Inside::Inside() noexcept : before_(std::exchange(current_request, nullptr)) {}
RunningRequest::Inside::Inside(RunningRequest& request) noexcept : before_(std::exchange(current_request, &request)) {}
RunningRequest::Inside::~Inside() { current_request = before_; }

std::shared_ptr<RunningRequest> RunningRequest::current() {
  return current_request == nullptr ? nullptr : current_request->share();
}

bool RunningRequest::has_no_trace() noexcept {
  return current_request == nullptr || (!current_request->work_.trace_parent && current_request->work_.trace_state.empty());
}

RunningRequest::RunningRequest(RequestOwner& owner, Work work)
    : owner_(owner),
      work_(std::move(work)),
      items_allowed_(work_.stream_items) {}

void RunningRequest::become(std::uint64_t counter, std::span<const std::byte> payload, Instant deadline) noexcept {
  work_.message.counter = counter;
  work_.payload = Payload(payload, nullptr);
  work_.deadline = deadline;
  phase_.store(Phase::waiting, std::memory_order_relaxed);
  finished_.store(false, std::memory_order_relaxed);
  stop_requested_.store(false, std::memory_order_relaxed);
  pinned_.store(false, std::memory_order_relaxed);
  stop_source_.reset();
  timings = {};
  started = {};
}

// ---- the handler's side

bool RunningRequest::start() noexcept { return start_at(Loop::now()); }

bool RunningRequest::start_at(Instant now) noexcept {
  Phase before = Phase::waiting;
  if (!phase_.compare_exchange_strong(before, Phase::started)) return false;
  started = now;
  if (work_.compression == 0) return true;
  // The one thread that reads it from now on is this one; the loop lets go of it under the mutex.
  Work read{.compression = work_.compression, .plain_size = work_.plain_size, .payload = payload()};
  if (auto done = decompress(read); !done) {
    finish(std::unexpected(failure_of(done.error(), FailureCode::bad_payload)));
    return false;
  }
  const std::lock_guard lock(mutex_);
  work_.payload = std::move(read.payload);
  return true;
}

Payload RunningRequest::payload() const {
  // What came with others stays as long as they do.
  if (owner_.many != nullptr) return work_.payload;
  const std::lock_guard lock(mutex_);
  return work_.payload;
}

Payload RunningRequest::pinned_payload() {
  const std::lock_guard lock(mutex_);
  if (!pinned_ && !work_.payload.empty()) {
    // The last copy tells the loop when it dies, on whatever thread.
    struct Pin {
      Payload payload;
      std::shared_ptr<Loop> loop;
      WorkId work;
      bool of_many;
      ~Pin() { of_many ? loop->release(work, {1, payload.size()}) : loop->release(work); }
    };
    const ManyRequests* const many = owner_.many;
    const Payload kept = many == nullptr ? work_.payload : many->keep(work_.payload.bytes());
    auto pin = std::make_shared<Pin>(kept, owner_.place.loop, work_.id, many != nullptr);
    const auto bytes = pin->payload.bytes();
    work_.payload = Payload(bytes, std::move(pin));
    pinned_ = true;
  }
  return work_.payload;
}

void RunningRequest::accept() {
  if (work_.delivery != Delivery::accepted && work_.delivery != Delivery::receipt) return;
  owner_.place.loop->accept(work_.id);
}

void RunningRequest::send_item(Reply reply) {
  if (finished()) return;
  owner_.place.loop->compress_for(*owner_.place.gate, reply);
  owner_.place.loop->send_item(work_.id, std::move(reply));
}

bool RunningRequest::may_send_item(JobPointer& job) {
  const std::lock_guard lock(mutex_);
  if (items_sent_ == items_allowed_ && !stop_requested()) {
    waits_for_room_ = std::move(job);
    return false;
  }
  ++items_sent_;
  return true;
}

void RunningRequest::note_handler() noexcept {
  if (!work_.sampled || std::exchange(handler_noted_, true)) return;
  const std::uint32_t whole = microseconds_since(started);
  timings.handler = whole - std::min(whole, timings.decode);
}

bool RunningRequest::finish(Outcome outcome) {
  if (finished_.exchange(true, std::memory_order_acq_rel)) return false;
  if (owner_.many != nullptr) {
    owner_.many->ended(*this, outcome ? nullptr : &outcome.error());
    return true;
  }
  if (outcome && work_.sampled) {
    note_handler();
    timings.queued = microseconds(started - work_.received);
    outcome->timings = timings;
  }
  if (outcome && owner_.place.loop->is_heavy(*owner_.place.gate, *outcome)) {
    owner_.place.loop->in_pool(make_job([request = share(), outcome = std::move(outcome)]() mutable {
      request->leave(std::move(outcome));
    }));
  } else {
    leave(std::move(outcome));
  }
  return true;
}

void RunningRequest::leave(Outcome outcome) {
  if (outcome) owner_.place.loop->compress_for(*owner_.place.gate, *outcome);
  outcome_ = std::move(outcome);
  finish_.request = share();
  owner_.place.loop->finish(JobPointer(&finish_));
}

std::stop_token RunningRequest::stop_token() {
  const std::lock_guard lock(mutex_);
  if (!stop_source_) {
    stop_source_.emplace();
    if (stop_requested()) stop_source_->request_stop();
  }
  return stop_source_->get_token();
}

// ---- the loop's side

JobPointer RunningRequest::starting_job() {
  start_.request = share();
  return JobPointer(&start_);
}

void RunningRequest::Start::run(JobPointer self) noexcept {
  const auto running = std::move(request);
  self.release();
  if (running->start()) running->handler().run(running);
}

// There was no room, or the executor stops.
void RunningRequest::Start::dispose() noexcept {
  if (const auto unrun = std::move(request)) unrun->end_unrun();
}

void RunningRequest::Finish::run(JobPointer) noexcept { request->loop()->finished(request); }

void RunningRequest::end_unrun() {
  if (!prevent(FailureCode::overloaded)) return;
  finish(std::unexpected(no_room()));
}

bool RunningRequest::prevent(FailureCode why) noexcept {
  Phase before = Phase::waiting;
  const bool prevented = phase_.compare_exchange_strong(before, Phase::prevented);
  if (before != Phase::prevented) stop_reason_.store(why, std::memory_order_relaxed);
  return prevented;
}

JobPointer RunningRequest::request_stop() {
  std::optional<std::stop_source> source;
  JobPointer waiting;
  {
    const std::lock_guard lock(mutex_);
    stop_requested_.store(true, std::memory_order_release);
    source = stop_source_;
    waiting = std::move(waits_for_room_);
  }
  if (source) source->request_stop();
  return waiting;
}

JobPointer RunningRequest::allow_items(std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  if (total <= items_allowed_) return nullptr;
  items_allowed_ = total;
  return std::move(waits_for_room_);
}

bool RunningRequest::drop_payload() {
  Payload dropped;
  const std::lock_guard lock(mutex_);
  dropped = std::move(work_.payload);
  work_.payload = {};
  return !pinned_;
}

}  // namespace structwire::messaging
