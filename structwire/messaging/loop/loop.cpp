// SPDX-License-Identifier: Apache-2.0
//
// The rounds of the loop, and what a node asks of it. Sends: loop_sends.cpp. Requests of peers: loop_requests.cpp.
#include <structwire/messaging/loop/loop.hpp>

#include <algorithm>
#include <random>
#include <system_error>

namespace structwire::messaging {
namespace {

// So many jobs of others at once, then what they have to say goes out.
constexpr std::size_t posted_before_flush = 256;

EndpointOptions completed(const NodeOptions& options) {
  EndpointOptions endpoint = options.endpoint;
  if (!options.name.empty()) endpoint.name = options.name;
  if (endpoint.formats.empty()) endpoint.formats = {2};
  std::random_device random;
  if (endpoint.instance == Uuid{}) {
    for (std::byte& byte : endpoint.instance.bytes) byte = static_cast<std::byte>(random());
    endpoint.instance.bytes[6] = (endpoint.instance.bytes[6] & std::byte{0x0f}) | std::byte{0x40};
    endpoint.instance.bytes[8] = (endpoint.instance.bytes[8] & std::byte{0x3f}) | std::byte{0x80};
  }
  while (endpoint.incarnation == 0) endpoint.incarnation = std::uint64_t{random()} << 32 | random();
  endpoint.now = Loop::now();
  return endpoint;
}

// A node that had a request so lately is a server: one of its own threads waits for the next one.
constexpr Duration requests_end_after = std::chrono::milliseconds(100);

// After a handler was slow on the thread that received its request, so many of its requests go to the pool before it is
// tried there again; twice as many each time.
constexpr std::uint32_t not_here_first = 64;
constexpr std::uint32_t slow_here_max = 6;

// The loop one of whose requests this thread runs, where that is one of the loop's own threads.
thread_local const Loop* runs_handler_of = nullptr;

Error stopped_error() { return Error(ErrorCode::io, "The node has stopped"); }

}  // namespace

Loop::Loop(NodeOptions options, std::unique_ptr<Transport> transport)
    : options_(std::move(options)),
      transport_(std::move(transport)),
      executor_({.threads = options_.threads, .queued_max = options_.jobs_max}) {
  options_.endpoint = completed(options_);
  Port& port = *this;
  endpoint_ = std::make_unique<Endpoint>(options_.endpoint, port);
}

Loop::~Loop() { stop(); }

void Loop::start() {
  // The second one is for while the first runs a handler.
  threads_.emplace_back([this] { run(); });
  if (executor_.threads() == 1) return;
  try {
    threads_.emplace_back([this] { run(); });
    runs_handlers_.store(true, std::memory_order_relaxed);
  } catch (const std::system_error&) {  // There are no more threads; the pool runs all handlers then.
  }
}

void Loop::stop() {
  if (threads_.empty()) return;
  post([this] { quit_ = true; });
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  executor_.stop();
  handlers_.clear();
  watcher_ = nullptr;
  // A view that was sent back holds this loop; results that are kept to be told again may be such views.
  endpoint_.reset();
}

bool Loop::post(JobPointer job) {
  switch (mailbox_.post(job)) {
    case Mailbox<Job>::Posted::taken: return true;
    case Mailbox<Job>::Posted::closed: return false;
    case Mailbox<Job>::Posted::taken_and_wake: break;
  }
  wake();
  return true;
}

void Loop::wake() {
  // The thread that runs a handler leads again behind it, or somebody who watches does before.
  if (runs_handler_of == this && !leadership_.led()) return mailbox_.asleep();
  wakes_.fetch_add(1, std::memory_order_relaxed);
  if (leadership_.call()) return;
  const std::lock_guard lock(wake_mutex_);
  if (transport_ != nullptr) transport_->wake();
}

void Loop::on_loop_later(JobPointer job) {
  if (on_loop()) {
    ready_.push_back(std::move(job));
  } else {
    post([this, job = std::move(job)]() mutable { ready_.push_back(std::move(job)); });
  }
}

void Loop::in_pool(JobPointer job) {
  if (!executor_.submit(job)) on_loop_later(std::move(job));
}

// ---- the rounds

void Loop::run() noexcept {
  while (leadership_.follow()) lead();
}

void Loop::begin_to_lead(bool own_thread) noexcept {
  leads_on_own_thread_ = own_thread;
  mailbox_.awake();
  thread_id_.store(std::this_thread::get_id(), std::memory_order_relaxed);
}

void Loop::stop_leading(bool at_once) noexcept {
  if (!transport_->flush()) at_once = true;
  thread_id_.store({}, std::memory_order_relaxed);
  leadership_.leave([&] { return !mailbox_.may_sleep() || at_once; });
}

// Is anything expected, for which nobody waits but one of the loop's own threads? Who had requests lately will have
// others. A thread that runs a handler leads again behind it.
bool Loop::wants_leader() const noexcept {
  if (quit_ || !ready_.empty()) return true;
  if (runs_handler_of == this) return false;
  return sends_out_ > 0 || requests_running_ > 0 || now() - request_came_ < requests_end_after;
}

// On one of the loop's own threads, until it leaves the lead.
void Loop::lead() {
  begin_to_lead(true);
  for (;;) {
    work();
    if (quit_) break;
    if (served_waiting_thread_.load(std::memory_order_relaxed)) {
      served_waiting_thread_.store(false, std::memory_order_relaxed);
      if (!wants_leader() && transport_->flush()) return stop_leading(false);
    }
    if (run_here_ != nullptr) {
      run_here(std::exchange(run_here_, nullptr));
      if (!on_loop()) return;
      continue;
    }
    wait_for_events(never);
  }
  shut_down();
  thread_id_.store({}, std::memory_order_relaxed);
  leadership_.end();
}

// Without the lead, which it takes again behind it: the other thread has it by then where the handler was slow.
void Loop::run_here(std::shared_ptr<RunningRequest> request) {
  const std::uint32_t slot = request->work().handler;
  ++loop_counters_.ran_at_once;
  runs_handler_.store(true, std::memory_order_relaxed);
  stop_leading(!ready_.empty());
  const Instant begun = now();
  runs_handler_of = this;
  JobPointer job = request->starting_job();
  Job& started = *job;
  started.run(std::move(job));
  runs_handler_of = nullptr;
  const Duration took = now() - begun;
  runs_handler_.store(false, std::memory_order_relaxed);
  if (!leadership_.try_lead()) {
    post([this, slot] { note_ran_here(slot, true); });
    return;
  }
  begin_to_lead(true);
  bool slow = took > Leadership::patience;
  if (!slow && took > options_.inline_budget) {
    // Did others wait meanwhile whom another thread could have served? The reply goes first.
    work();
    transport_->poll(*this, now());
    slow = !arrived_.empty() || sends_out_ > 0;
  }
  note_ran_here(slot, slow);
}

void Loop::note_ran_here(std::uint32_t slot, bool slow) {
  Registered* const found = registered(slot);
  if (found == nullptr) return;
  found->not_here = slow ? not_here_first << found->slow_here : 0;
  found->slow_here = slow ? std::min(found->slow_here + 1, slow_here_max) : 0;
}

void Loop::work() {
  ++loop_counters_.rounds;
  std::size_t posted = 0;
  mailbox_.take_all([&](JobPointer job) {
    Job& taken = *job;
    taken.run(std::move(job));
    if (++posted % posted_before_flush == 0) endpoint_->flush(now());
  });
  loop_counters_.posted += posted;
  run_ready();
  if (const Instant time = now(); time >= endpoint_->next_deadline()) endpoint_->tick(time);
  run_due_batches(now());
  collect_some(now());
  run_ready();
  endpoint_->flush(now());
  if (!when_idle_.empty() && requests_running_ == 0 && endpoint_->idle()) {
    for (const auto& tell : std::exchange(when_idle_, {})) tell();
  }
}

void Loop::wait_for_events(Instant until) {
  const bool busy = !ready_.empty() || !arrived_.empty() || !prevented_.empty() || !for_pool_.empty();
  if (busy || !mailbox_.may_sleep()) {
    transport_->poll(*this, now());
    return;
  }
  transport_->poll(*this, std::min({endpoint_->next_deadline(), next_batch(), collect_due_, until}));
  mailbox_.awake();
}

// What these add is for the next time, so that the network has its turn.
void Loop::run_ready() {
  for (const Prevented& each : std::exchange(prevented_, {})) {
    each.many != nullptr ? each.many->ended_unrun(each.index, Failure{.code = each.why}) : end_unrun(each.request, each.request->stop_reason());
  }
  for (Arrived& each : std::exchange(arrived_, {})) {
    each.many != nullptr ? dispatch(each.many) : dispatch(std::move(each.request));
  }
  submit_jobs();
  // User code may be in these: not for a thread of the program.
  for (std::size_t left = leads_on_own_thread_ ? ready_.size() : 0; left > 0; --left) {
    JobPointer job = ready_.pop_front();
    Job& started = *job;
    started.run(std::move(job));
  }
}

void Loop::shut_down() {
  endpoint_->stop(now());
  endpoint_->flush(now());
  for (auto& [key, lane] : lanes_) {
    for (const auto& late : lane) settle(*late->departure, FailureCode::stopped, {});
  }
  lanes_.clear();
  for (const auto& [id, gate] : gates_) gate->open();
  requests_running_ = 0;
  for (const auto& request : std::exchange(requests_, {})) {
    if (request == nullptr || request->prevent(FailureCode::stopped)) continue;
    const JobPointer stream = request->request_stop();
  }
  for (const auto& [id, many] : std::exchange(many_, {})) {
    for (std::size_t index = 0; index != many->size(); ++index) {
      std::shared_ptr<RunningRequest> begun;
      many->prevent(index, begun);
      if (begun != nullptr && !begun->prevent(FailureCode::stopped)) const JobPointer stream = begun->request_stop();
    }
  }
  arrived_.clear();
  prevented_.clear();
  run_here_.reset();
  mailbox_.close();
  while (!ready_.empty()) run_ready();
  std::unique_ptr<Transport> last;  // It may take its time; who wakes it does not wait for that.
  const std::lock_guard lock(wake_mutex_);
  last = std::move(transport_);
}

// ---- the transport's events

void Loop::opened(LinkId link, const LinkInfo& info) { endpoint_->link_opened(link, info, now()); }
void Loop::received(LinkId link, Frame frame) { endpoint_->received(link, std::move(frame), now()); }
void Loop::closed(LinkId link, std::string_view) { endpoint_->link_closed(link, now()); }

void Loop::transmit(LinkId link, Frame frame) { transport_->send(link, std::move(frame)); }
bool Loop::congested(LinkId link) const { return transport_->congested(link); }
void Loop::disconnect(LinkId link, std::string_view) { transport_->close(link); }
Duration Loop::stalled(Instant now) const { return executor_.stalled(now); }

// ---- what a node asks

Result<std::string> Loop::listen(std::string_view address) {
  auto done = ask([&] { return transport_->listen(address); });
  return done ? std::move(*done) : std::unexpected(stopped_error());
}

Result<std::pair<PeerId, std::shared_ptr<PeerGate>>> Loop::connect(std::string_view address) {
  using Dialled = std::pair<PeerId, std::shared_ptr<PeerGate>>;
  auto done = ask([&]() -> Result<Dialled> {
    const auto dial = transport_->dial(address);
    if (!dial) return std::unexpected(dial.error());
    const PeerId peer = endpoint_->dialled(*dial);
    dials_[peer] = *dial;
    return Dialled(peer, gate_of(peer));
  });
  return done ? std::move(*done) : std::unexpected(stopped_error());
}

void Loop::disconnect(PeerId peer) {
  ask([&] {
    if (const auto dial = dials_.find(peer); dial != dials_.end()) {
      transport_->hang_up(dial->second);
      dials_.erase(dial);
    }
    endpoint_->forget(peer, now());
    gates_.erase(peer);
    return true;
  });
}

std::shared_ptr<PeerGate> Loop::gate_of(PeerId peer) {
  std::shared_ptr<PeerGate>& gate = gates_[peer];
  if (gate == nullptr) gate = std::make_shared<PeerGate>(options_.endpoint.pending);
  return gate;
}

void Loop::watch_peers(std::function<void(PeerId, std::shared_ptr<PeerGate>, PeerState)> watcher) {
  ask([&] { return std::exchange(watcher_, std::move(watcher)); });
}

// In the pool, one change after the other.
void Loop::peer_changed(PeerId peer, PeerState state) {
  if (watcher_) {
    auto job = make_job([watcher = watcher_, peer, gate = gate_of(peer), state] { watcher(peer, gate, state); });
    if (!executor_.submit(StrandKey{}, job)) ready_.push_back(std::move(job));
  }
  if (state == PeerState::gone) gates_.erase(peer);
}

void Loop::agreed(PeerId peer, const Agreement& agreement, const LinkInfo& link) {
  const CompressTo to = options_.compression.to;
  const bool wanted = to == CompressTo::everybody || (to == CompressTo::other_machines && !link.on_this_machine);
  gate_of(peer)->set_compresses(wanted && agreement.has(Feature::compression_zstd));
}

bool Loop::drain(Duration patience) {
  struct Drained {
    std::mutex mutex;
    std::condition_variable changed;
    bool reached = false;
  };
  const auto drained = std::make_shared<Drained>();
  post([this, drained] {
    endpoint_->drain(now());
    when_idle_.push_back([drained] {
      const std::lock_guard lock(drained->mutex);
      drained->reached = true;
      drained->changed.notify_all();
    });
  });
  std::unique_lock lock(drained->mutex);
  return drained->changed.wait_until(lock, later(now(), patience), [&] { return drained->reached; });
}

NodeStatus Loop::status() {
  auto done = ask([&] {
    NodeStatus status{.name = options_.endpoint.name,
                      .instance = options_.endpoint.instance,
                      .incarnation = options_.endpoint.incarnation,
                      .counters = summary_of(endpoint_->counters(), executor_.counters()),
                      .loop = loop_counters_,
                      .requests_running = requests_running_,
                      .jobs_queued = executor_.queued(),
                      .bytes_held = endpoint_->bytes_held(),
                      .handlers = {},
                      .sends = {},
                      .peers = {},
                      .transport = transport_->figures()};
    status.loop.wakes = wakes_.load(std::memory_order_relaxed);
    for (const auto& registered : handlers_) {
      if (registered == nullptr) continue;
      status.handlers.push_back(summary_of(registered->handler->entry(), registered->figures));
      status.handlers.back().demoted = registered->demoted;
    }
    for (const auto& [handler, figures] : send_figures_) status.sends.push_back(summary_of(handler, figures));
    for (const PeerId peer : endpoint_->peers()) {
      if (const auto known = endpoint_->status(peer)) status.peers.push_back(summary_of(*known));
    }
    return status;
  });
  return done ? std::move(*done) : NodeStatus{};
}

std::optional<PeerStatus> Loop::status(PeerId peer) {
  auto done = ask([&] { return endpoint_->status(peer); });
  return done ? std::move(*done) : std::nullopt;
}

Counters Loop::counters() {
  const auto done = ask([&] { return endpoint_->counters(); });
  return done ? *done : Counters{};
}

}  // namespace structwire::messaging
