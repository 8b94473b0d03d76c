// SPDX-License-Identifier: Apache-2.0
//
// The requests of peers: from the endpoint to a handler's thread, and their outcomes back.
#include <structwire/messaging/loop/loop.hpp>

#include <algorithm>

namespace structwire::messaging {
namespace {

StrandKey strand_of(const RunningRequest& request) {
  const Ordering ordering = request.handler().options().ordering;
  const std::uint64_t group = std::uint64_t{request.work().handler} << 2 | static_cast<std::uint64_t>(ordering);
  switch (ordering) {
    case Ordering::by_key: return {group, request.work().key};
    case Ordering::by_sender: return {group, static_cast<std::uint64_t>(request.work().peer)};
    case Ordering::global:
    case Ordering::none: break;
  }
  return {group, 0};
}

class BatchJob final : public Job {
 public:
  explicit BatchJob(std::vector<std::shared_ptr<RunningRequest>> requests) : requests_(std::move(requests)) {}
  ~BatchJob() override {
    for (const auto& request : requests_) request->end_unrun();
  }
  void run(JobPointer) noexcept override {
    std::vector<std::shared_ptr<RunningRequest>> requests = std::move(requests_);
    requests_.clear();
    std::erase_if(requests, [](const auto& request) { return !request->start(); });
    if (!requests.empty()) requests.front()->handler().run_batch(requests);
  }

 private:
  std::vector<std::shared_ptr<RunningRequest>> requests_;
};

}  // namespace

// ---- handlers

Loop::Registered* Loop::registered(std::uint32_t slot) noexcept {
  if (slot == 0 || slot > handlers_.size()) return nullptr;
  return handlers_[slot - 1].get();
}

// Slots are not used again: a message that is on its way names one.
Result<void> Loop::add_handler(std::shared_ptr<Handler> handler) {
  auto done = ask([&]() -> Result<void> {
    const std::string& name = handler->entry().name;
    for (const auto& registered : handlers_) {
      if (registered != nullptr && registered->handler->entry().name == name) {
        return std::unexpected(Error(ErrorCode::refused, "There is a handler `" + name + "` already"));
      }
    }
    handlers_.push_back(std::make_unique<Registered>());
    handler->set_slot(static_cast<std::uint32_t>(handlers_.size()));
    handlers_.back()->handler = handler;
    endpoint_->set_handler(handler->entry(), now());
    return {};
  });
  return done ? std::move(*done) : std::unexpected(Error(ErrorCode::io, "The node has stopped"));
}

// It dies with who asks, or with the last of its requests.
void Loop::remove_handler(std::string_view name) {
  ask([&] {
    std::unique_ptr<Registered> removed;
    for (auto& registered : handlers_) {
      if (registered == nullptr || registered->handler->entry().name != name) continue;
      endpoint_->remove_handler(registered->handler->entry().slot, now());
      run_batch(*registered);
      removed = std::move(registered);
    }
    return removed;
  });
}

// ---- the endpoint's calls, in which nothing is run

void Loop::run(Work work) {
  Registered* const found = registered(work.handler);
  const std::size_t place = place_of(work.id);
  RequestPlace where{shared_from_this(), found == nullptr ? nullptr : found->handler, gate_of(work.peer)};
  const auto single = std::allocate_shared<SingleRequest>(BlockAllocator<SingleRequest>(request_blocks_), std::move(where), std::move(work));
  std::shared_ptr<RunningRequest> request(single, &single->request);
  arrived_.push_back({.request = request, .many = nullptr});
  if (place >= requests_.size()) requests_.resize(place + 1);
  requests_[place] = std::move(request);
  ++requests_running_;
  request_came_ = requests_[place]->work().received;
}

void Loop::run_many(ManyWorks works) {
  constexpr Duration first_look = std::chrono::milliseconds(2);
  Registered* const found = registered(works.handler);
  const WorkId id = works.id;
  const PeerId peer = works.peer;
  RequestPlace where{shared_from_this(), found == nullptr ? nullptr : found->handler, gate_of(peer)};
  const auto many = std::make_shared<ManyRequests>(std::move(where), std::move(works));
  arrived_.push_back({.request = nullptr, .many = many});
  requests_running_ += many->size();
  request_came_ = many->received();
  if (many_.empty()) {
    collect_pause_ = first_look;
    collect_due_ = later(now(), collect_pause_);
  }
  many_.emplace(id, many);
}

Instant Loop::expire_many(WorkId id, Instant time) {
  Instant next = never;
  const auto many = many_.find(id);
  if (many == many_.end()) return next;
  for (std::size_t index = 0; index != many->second->size(); ++index) {
    const Instant deadline = many->second->deadline(index);
    if (deadline > time) {
      next = std::min(next, deadline);
    } else {
      prevent(many->second, index, FailureCode::expired);
    }
  }
  return next;
}

// The number of a request is its place and how often that was used before (Slab).
std::size_t Loop::place_of(WorkId work) noexcept { return static_cast<std::uint64_t>(work) & 0xffffffff; }

const std::shared_ptr<RunningRequest>* Loop::request_of(WorkId work) const noexcept {
  const std::size_t place = place_of(work);
  if (place >= requests_.size() || requests_[place] == nullptr || requests_[place]->work().id != work) return nullptr;
  return &requests_[place];
}

void Loop::stop(WorkId work, FailureCode why) {
  if (const auto many = many_.find(work); many != many_.end()) {
    for (std::size_t index = 0; index != many->second->size(); ++index) prevent(many->second, index, why);
    return;
  }
  if (const auto* const found = request_of(work)) stop(*found, why);
}

void Loop::stop_one(WorkId work, std::uint64_t counter, FailureCode why) {
  const auto many = many_.find(work);
  if (many == many_.end()) return;
  if (const auto index = many->second->find(counter)) prevent(many->second, *index, why);
}

void Loop::prevent(const std::shared_ptr<ManyRequests>& many, std::size_t index, FailureCode why) {
  std::shared_ptr<RunningRequest> begun;
  if (many->prevent(index, begun)) {
    prevented_.push_back({.request = nullptr, .many = many, .index = index, .why = why});
  } else if (begun != nullptr && !begun->stop_requested()) {
    stop(begun, why);
  }
}

void Loop::stop(const std::shared_ptr<RunningRequest>& request, FailureCode why) {
  if (request->finished()) return;
  if (request->prevent(why)) {
    prevented_.push_back({.request = request, .many = nullptr});
    return;
  }
  ready_.push_back(make_job([this, request] {
    if (auto stream = request->request_stop()) in_pool(std::move(stream));
  }));
}

void Loop::more_items(WorkId work, std::uint64_t total) {
  const auto* const request = request_of(work);
  if (request == nullptr) return;
  if (auto stream = (*request)->allow_items(total)) for_pool_.push_back(std::move(stream));
}

// ---- to the handlers

// In the pool together, without an order, or one by one.
void Loop::dispatch(const std::shared_ptr<ManyRequests>& many) {
  Registered* const found = registered(many->handler());
  const auto in_pool = [&] {
    const HandlerOptions& options = found->handler->options();
    return options.ordering == Ordering::none && !found->handler->takes_batches() &&
           (options.execution == Execution::pool || found->demoted);
  };
  if (found != nullptr && many->size() > 1 && in_pool() && executor_.submit(many)) {
    found->figures.requests += many->size();
    return;
  }
  for (auto index = many->take_left(); index; index = many->take_left()) {
    if (auto request = many->begin(*index)) dispatch(std::move(request));
  }
}

void Loop::dispatch(std::shared_ptr<RunningRequest> request) {
  Registered* const found = registered(request->work().handler);
  if (found == nullptr) {
    if (request->prevent(FailureCode::handler_not_found)) end_unrun(request, FailureCode::handler_not_found);
    return;
  }
  const HandlerOptions& options = found->handler->options();
  if (!leads_on_own_thread_ && options.execution == Execution::on_loop) {
    ready_.push_back(make_job([this, request = std::move(request)]() mutable { dispatch(std::move(request)); }));
    return;
  }
  ++found->figures.requests;
  if (found->handler->takes_batches()) {
    if (found->batch.empty()) found->batch_due = later(now(), options.batch_wait);
    found->batch.push_back(std::move(request));
    if (found->batch.size() >= options.batch_count) run_batch(*found);
  } else if (options.execution == Execution::on_loop && !found->demoted) {
    run_on_loop(*found, request);
  } else {
    run_in_pool(*found, request);
  }
}

void Loop::run_on_loop(Registered& registered, const std::shared_ptr<RunningRequest>& request) {
  if (!request->start()) return;
  registered.handler->run(request);
  if (now() - request->started <= options_.inline_budget) return;
  ++registered.figures.overruns;
  if (options_.inline_overruns == 0 || ++registered.overruns < options_.inline_overruns) return;
  registered.demoted = true;
  ++loop_counters_.demoted;
}

void Loop::run_in_pool(Registered& registered, const std::shared_ptr<RunningRequest>& request) {
  if (request->handler().options().ordering == Ordering::none && worth_running_here()) {
    if (registered.not_here == 0) {
      run_here_ = request;
      return;
    }
    --registered.not_here;
  }
  JobPointer job = request->starting_job();
  if (request->handler().options().ordering == Ordering::none) {
    for_pool_.push_back(std::move(job));
  } else {
    executor_.submit(strand_of(*request), job);
  }
}

void Loop::run_batch(Registered& registered) {
  if (registered.batch.empty()) return;
  const Ordering ordering = registered.handler->options().ordering;
  const StrandKey strand = strand_of(*registered.batch.front());
  JobPointer job = std::make_unique<BatchJob>(std::exchange(registered.batch, {}));
  registered.batch_due = never;
  if (ordering == Ordering::none) {
    for_pool_.push_back(std::move(job));
  } else {
    executor_.submit(StrandKey{strand.group, 0}, job);
  }
}

void Loop::run_due_batches(Instant time) {
  for (const auto& registered : handlers_) {
    if (registered != nullptr && registered->batch_due <= time) run_batch(*registered);
  }
}

Instant Loop::next_batch() const {
  Instant next = never;
  for (const auto& registered : handlers_) {
    if (registered != nullptr) next = std::min(next, registered->batch_due);
  }
  return next;
}

// A request that came alone, while the pool has nothing to do.
bool Loop::worth_running_here() const noexcept {
  return runs_handlers_.load(std::memory_order_relaxed) && leads_on_own_thread_ && requests_running_ == 1 && run_here_ == nullptr && executor_.idle() &&
         !runs_handler_.load(std::memory_order_relaxed);
}

// All or none of them; where there is no room for all, as many as there is.
void Loop::submit_jobs() {
  if (for_pool_.empty() || executor_.submit(for_pool_)) return;
  while (!for_pool_.empty()) {
    JobPointer job = for_pool_.pop_front();
    executor_.submit(job);
  }
}

// ---- what handlers tell, from any thread

void Loop::accept(WorkId work) {
  on_loop() ? endpoint_->accepted(work, now()) : static_cast<void>(post([this, work] { endpoint_->accepted(work, now()); }));
}

void Loop::send_item(WorkId work, Reply reply) {
  post([this, work, reply = std::move(reply)]() mutable { endpoint_->item(work, std::move(reply), now()); });
}

void Loop::finish(JobPointer job) {
  if (!on_loop()) {
    post(std::move(job));
    return;
  }
  Job& finished = *job;
  finished.run(std::move(job));
}

void Loop::release(WorkId work) {
  post([this, work] { endpoint_->released(work); });
}

void Loop::release(WorkId many, Amount amount) {
  post([this, many, amount] { endpoint_->ended(many, {.released = amount}, now()); });
}

void Loop::end_unrun(const std::shared_ptr<RunningRequest>& request, FailureCode why) {
  if (request->many() == nullptr) return finished(request, failed(why));
  request->finish(failed(why));
}

void Loop::collect_later(JobPointer job) {
  if (on_loop()) {
    ready_.push_back(std::move(job));
  } else {
    post(std::move(job));
  }
}

void Loop::collect(ManyRequests& many) {
  if (!many_.contains(many.id())) return;  // Over, or this loop is.
  ManyRequests::Ended ended;
  many.collect(ended);
  if (ended.told.ended == 0) return;
  requests_running_ -= static_cast<std::size_t>(ended.told.ended);
  if (Registered* const found = registered(many.handler())) found->figures.failed += ended.failed;
  endpoint_->ended(many.id(), ended.told, now());
  if (many.is_over()) many_.erase(many.id());
  if (many_.empty()) collect_due_ = never;
}

// One that takes long keeps the credit of none of those that came with it.
void Loop::collect_some(Instant time) {
  constexpr Duration longest = std::chrono::milliseconds(50);
  if (time < collect_due_) return;
  const std::size_t before = requests_running_;
  for (auto each = many_.begin(); each != many_.end();) {
    const auto many = (each++)->second;
    collect(*many);
  }
  const bool found_some = requests_running_ != before;
  collect_pause_ = found_some ? std::chrono::milliseconds(2) : std::min<Duration>(2 * collect_pause_, longest);
  collect_due_ = many_.empty() ? never : later(time, collect_pause_);
}

void Loop::finished(const std::shared_ptr<RunningRequest>& request) { finished(request, request->take_outcome()); }

void Loop::finished(const std::shared_ptr<RunningRequest>& request, Outcome outcome) {
  const Work& work = request->work();
  const Instant time = now();
  if (request_of(work.id) == nullptr) return;
  requests_[place_of(work.id)] = nullptr;
  --requests_running_;
  if (Registered* const found = registered(work.handler)) {
    if (!outcome) ++found->figures.failed;
    if (outcome && outcome->timings) {
      const auto us = [](std::uint32_t count) { return Duration(std::chrono::microseconds(count)); };
      found->figures.queued.add(us(outcome->timings->queued));
      found->figures.decode.add(us(outcome->timings->decode));
      found->figures.handler.add(us(outcome->timings->handler));
      found->figures.encode.add(us(outcome->timings->encode));
    }
  }
  const Duration waited = (request->started == Instant{} ? time : request->started) - work.received;
  endpoint_->finished(work.id, std::move(outcome), waited, time);
  if (request->drop_payload()) endpoint_->released(work.id);
}

}  // namespace structwire::messaging
