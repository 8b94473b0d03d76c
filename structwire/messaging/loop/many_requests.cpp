// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/many_requests.hpp>

#include <algorithm>
#include <bit>
#include <thread>
#include <utility>

#include <structwire/messaging/loop/loop.hpp>

namespace structwire::messaging {
namespace {

constexpr int messages_at = 48;  // Below: their bytes. Credit is far less than that.
constexpr std::uint64_t one_message = std::uint64_t{1} << messages_at;

}  // namespace

// One of them that runs, and those that this thread runs after it, as long as nobody else has a share in it.
class ManyRequests::One final : public RequestOwner {
 public:
  explicit One(std::shared_ptr<ManyRequests> its_many)
      : RequestOwner(its_many->place_, its_many.get()), keeps_(std::move(its_many)) {}

  std::size_t index = 0;
  std::optional<RunningRequest> request;

 private:
  const std::shared_ptr<ManyRequests> keeps_;
};

ManyRequests::ManyRequests(RequestPlace place, ManyWorks works)
    : SharedWork(works.works.size()),
      place_(std::move(place)),
      works_(std::move(works)),
      states_(std::make_unique<std::atomic<RunningRequest*>[]>(works_.works.size())),
      running_(works_.works.size()) {}

Payload ManyRequests::keep(std::span<const std::byte> payload) const noexcept {
  return works_.frame.part(static_cast<std::size_t>(payload.data() - works_.frame.data()), payload.size());
}

// ---- to run one

bool ManyRequests::begin(std::size_t index, const std::shared_ptr<One>& one) {
  const ManyWorks::One& work = works_.works[index];
  one->index = index;
  if (one->request) {
    one->request->become(work.counter, work.payload, work.deadline);
    return begins(index, *one->request);
  }
  one->request.emplace(*one, Work{.id = works_.id,
                                  .peer = works_.peer,
                                  .handler = works_.handler,
                                  .message = {works_.incarnation, work.counter},
                                  .delivery = works_.delivery,
                                  .schema = works_.schema,
                                  .format = works_.format,
                                  .payload = Payload(work.payload, nullptr),
                                  .received = works_.received,
                                  .deadline = work.deadline});
  return begins(index, *one->request);
}

bool ManyRequests::begins(std::size_t index, RunningRequest& request) noexcept {
  RunningRequest* before = waits();
  return states_[index].compare_exchange_strong(before, &request, std::memory_order_acq_rel);
}

std::shared_ptr<RunningRequest> ManyRequests::begin(std::size_t index) {
  const auto one = std::make_shared<One>(shared_from_this());
  return begin(index, one) ? one->request->share() : nullptr;
}

void ManyRequests::run(std::size_t index, std::shared_ptr<One>& kept, Instant now) {
  if (kept == nullptr) kept = std::make_shared<One>(shared_from_this());
  if (!begin(index, kept)) return;
  std::shared_ptr<RunningRequest> running(kept, &*kept->request);
  if (running->start_at(now)) place_.handler->run(running);
  const bool nobody_else_has_it = kept.use_count() == 2;
  running.reset();  // What others did with it before they let it go was before this.
  if (!nobody_else_has_it) kept = nullptr;
}

std::size_t ManyRequests::work() noexcept {
  std::shared_ptr<One> kept;
  std::size_t done = 0;
  // Of the first of them: it is for those who ask how long the luckiest had to wait.
  const Instant now = Loop::now();
  for (auto index = take(); index; index = take(), ++done) run(*index, kept, now);
  return done;
}

void ManyRequests::abandon() noexcept {
  for (auto index = take_left(); index; index = take_left()) {
    RunningRequest* before = waits();
    if (states_[*index].compare_exchange_strong(before, is_ended())) ended_unrun(*index, no_room());
  }
}

// ---- the end of one

void ManyRequests::ended(RunningRequest& request, const Failure* failure) {
  const std::size_t index = static_cast<const One&>(request.owner()).index;
  // Who looks at it lets go at once.
  for (RunningRequest* running = &request;
       !states_[index].compare_exchange_weak(running, is_ended(), std::memory_order_acq_rel); running = &request) {
    if (running == is_looked_at()) std::this_thread::yield();
  }
  // What never ran has waited, too.
  const Instant waited_until = request.started == Instant{} ? Loop::now() : request.started;
  const std::int64_t waited = (waited_until - works_.received).count();
  if (waited < waited_.load(std::memory_order_relaxed)) waited_.store(waited, std::memory_order_relaxed);
  note_end(index, request.is_pinned() ? 0 : one_message + works_.works[index].payload.size(), failure);
}

void ManyRequests::ended_unrun(std::size_t index, const Failure& why) {
  note_end(index, one_message + works_.works[index].payload.size(), &why);
}

void ManyRequests::note_end(std::size_t index, std::uint64_t released, const Failure* failure) {
  if (failure != nullptr) {
    const std::lock_guard lock(mutex_);
    failures_.push_back({index, *failure});
  }
  released_.fetch_add(released, std::memory_order_relaxed);
  ended_.fetch_or(std::uint64_t{1} << index, std::memory_order_acq_rel);
  const bool was_last = running_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  if (was_last || somebody_waits()) tell();
}

// Once for all that end until the loop looks.
void ManyRequests::tell() {
  if (told_.exchange(true, std::memory_order_acq_rel)) return;
  tell_.many = shared_from_this();
  place_.loop->collect_later(JobPointer(&tell_));
}

void ManyRequests::Tell::run(JobPointer self) noexcept {
  self.release();
  const auto told = std::move(many);
  told->told_.exchange(false, std::memory_order_acq_rel);
  told->place_.loop->collect(*told);
}

// ---- for the loop

bool ManyRequests::prevent(std::size_t index, std::shared_ptr<RunningRequest>& begun) {
  std::atomic<RunningRequest*>& state = states_[index];
  for (RunningRequest* now = state.load(std::memory_order_acquire);;) {
    if (now == is_ended()) return false;
    if (now == waits()) {
      if (state.compare_exchange_weak(now, is_ended(), std::memory_order_acq_rel)) return true;
      continue;
    }
    if (!state.compare_exchange_weak(now, is_looked_at(), std::memory_order_acq_rel)) continue;
    begun = now->share();
    state.store(now, std::memory_order_release);
    return false;
  }
}

std::optional<std::size_t> ManyRequests::find(std::uint64_t counter) const noexcept {
  const auto found = std::ranges::find(works_.works, counter, &ManyWorks::One::counter);
  if (found == works_.works.end()) return std::nullopt;
  return static_cast<std::size_t>(found - works_.works.begin());
}

void ManyRequests::collect(Ended& ended) {
  std::uint64_t bits = ended_.exchange(0, std::memory_order_acquire);
  if (bits == 0) return;  // What is released already belongs to an end that is to come.
  const std::uint64_t released = released_.exchange(0, std::memory_order_relaxed);
  ended.told.ended = static_cast<std::uint64_t>(std::popcount(bits));
  ended.told.released = {released >> messages_at, released & (one_message - 1)};
  const std::int64_t waited = waited_.load(std::memory_order_relaxed);
  ended.told.waited = waited == Duration::max().count() ? Duration::zero() : Duration(waited);
  collected_ += static_cast<std::size_t>(ended.told.ended);
  {
    const std::lock_guard lock(mutex_);
    // Of a failure that is noted already, the end may come only after this: then so does what is told of it.
    std::erase_if(failures_, [&](FailedOne& failure) {
      const std::uint64_t bit = std::uint64_t{1} << failure.index;
      if ((bits & bit) == 0) return false;
      bits &= ~bit;
      ended.failures.push_back({works_.works[failure.index].counter, std::move(failure.why)});
      return true;
    });
  }
  ended.failed = ended.failures.size();
  ended.told.failed = ended.failures;
  if (!somebody_waits()) return;
  ended.done.reserve(static_cast<std::size_t>(std::popcount(bits)));
  for (; bits != 0; bits &= bits - 1) {
    ended.done.push_back(works_.works[static_cast<std::size_t>(std::countr_zero(bits))].counter);
  }
  ended.told.done = ended.done;
}

}  // namespace structwire::messaging
