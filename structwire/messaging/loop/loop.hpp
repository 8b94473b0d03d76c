// SPDX-License-Identifier: Apache-2.0
#pragma once

// The loop of a node: the thread that leads it alone touches the endpoint and the transport. Others post jobs to it.
//
//   program's threads --send--> mailbox --> loop: endpoint <-> transport
//   pool's threads <--jobs-- loop <--mailbox-- outcomes
//
// A round: take what was posted, run what belongs here, do what is due, flush, wait for the network or for a wake. It
// sleeps nowhere else.
//
// Who leads (leadership.hpp): one of two threads of the loop's own, or a thread of the program that waits for a call and
// would only sleep. A wake of another thread costs more than all else in a round trip, so none is made that can be
// spared: who waits for a reply receives it; and where a request comes alone, the thread that received it leaves the lead
// and runs the handler itself, while the other one watches, and takes over from a handler that is slow. "The loop's
// thread" is the one that leads; user code that runs there does so on one of its own two, never on a thread of the
// program, which leaves the lead to them for it.
//
// Everything that holds a Loop shares it, so that a peer handle or a view outlives its node; after stop() jobs are
// refused, and every send that had no end by then has ended as `stopped`.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/handler.hpp>
#include <structwire/messaging/loop/block_store.hpp>
#include <structwire/messaging/loop/executor.hpp>
#include <structwire/messaging/loop/leadership.hpp>
#include <structwire/messaging/loop/mailbox.hpp>
#include <structwire/messaging/loop/many_requests.hpp>
#include <structwire/messaging/loop/pending.hpp>
#include <structwire/messaging/loop/running_request.hpp>
#include <structwire/messaging/node_options.hpp>
#include <structwire/messaging/status.hpp>
#include <structwire/messaging/transport.hpp>

namespace structwire::messaging {

class Loop final : public std::enable_shared_from_this<Loop>, private Port, private LinkEvents {
 public:
  Loop(NodeOptions options, std::unique_ptr<Transport> transport);
  ~Loop();

  static Instant now() noexcept { return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now()); }

  void start();
  /// Ends every send, joins the loop's threads and the pool's. Not from one of those.
  void stop();

  // ---- from any thread

  const NodeOptions& options() const noexcept { return options_; }
  bool on_loop() const noexcept { return std::this_thread::get_id() == thread_id_; }
  /// Runs a callable on the loop's thread, later. False: it has stopped.
  template <class Function>
  bool post(Function function) {
    return post(make_job(std::move(function)));
  }
  /// The same, and waits for its result; at once where this is the loop's thread. Nothing: it has stopped.
  template <class Function>
  auto ask(Function function) -> std::optional<decltype(function())>;

  /// On its way, or an error: then `pending` hears nothing. The wait for room of WhenFull::wait is here; on the loop's
  /// thread there is none. `waits`: the next that this thread does is lead_while_waiting().
  std::expected<void, Failure> send(std::unique_ptr<Departure> departure, bool waits = false);
  /// The same of one that leaves with others, from another thread than the loop's: its payload is copied.
  std::expected<void, Failure> send(PeerId peer, const std::shared_ptr<PeerGate>& gate, std::uint8_t priority,
                                    Delivery delivery, const SmallMessage& message, std::shared_ptr<Pending> pending);
  /// Does the loop's work here, for a thread that would only wait otherwise, until `over()` or `until`; returns at once
  /// where somebody else leads.
  template <class Over>
  void lead_while_waiting(Instant until, Over over) noexcept;
  /// A thread of the program slept until now for what came. It may lead the next time.
  void served_a_waiting_thread() noexcept { served_waiting_thread_.store(true, std::memory_order_relaxed); }
  /// Compresses a message or a reply to a peer, where that is wanted and worth while. Any thread, but not this loop's own
  /// where the payload is `heavy`: that is for the pool.
  template <class Message>
  void compress_for(const PeerGate& gate, Message& message) const {
    if (gate.compresses() && worth_compressing(message, options_.compression)) compress(message, options_.compression);
  }
  template <class Message>
  bool is_heavy(const PeerGate& gate, const Message& message) const {
    return gate.compresses() && worth_compressing(message, options_.compression) &&
           message.payload.size() > options_.encode_off_loop_above && on_loop();
  }
  /// Sends what `encode` makes in the pool, in its place among the sends of its priority to its peer. On the loop's
  /// thread only.
  std::expected<void, Failure> send_later(std::unique_ptr<Departure> departure,
                                          std::move_only_function<std::expected<void, Failure>(OutgoingMessage&)> encode);
  void cancel(std::shared_ptr<Pending> pending);
  void consumed(std::shared_ptr<Pending> pending, std::uint64_t total);
  /// Is this send to be timed?
  bool sampled() noexcept;

  /// In the pool, or where that has no room on the loop's thread. Dies un-run where that has stopped, too.
  void in_pool(JobPointer job);
  /// On the loop's thread, outside of the endpoint's functions. Dies un-run where it has stopped.
  void on_loop_later(JobPointer job);

  // ---- of running requests
  void accept(WorkId work);
  void send_item(WorkId work, Reply reply);
  /// Runs `job`, which calls finished(), on the loop's thread.
  void finish(JobPointer job);
  void finished(const std::shared_ptr<RunningRequest>& request);
  void release(WorkId work);
  /// Of many: one whose payload was held.
  void release(WorkId many, Amount amount);
  /// Runs `job`, which calls collect(), on the loop's thread when it has done what it is doing.
  void collect_later(JobPointer job);
  /// On the loop's thread: tells what has ended of them.
  void collect(ManyRequests& many);

  // ---- of the node
  Result<std::string> listen(std::string_view address);
  Result<std::pair<PeerId, std::shared_ptr<PeerGate>>> connect(std::string_view address);
  void disconnect(PeerId peer);
  Result<void> add_handler(std::shared_ptr<Handler> handler);
  void remove_handler(std::string_view name);
  void watch_peers(std::function<void(PeerId, std::shared_ptr<PeerGate>, PeerState)> watcher);
  bool drain(Duration patience);
  NodeStatus status();
  std::optional<PeerStatus> status(PeerId peer);
  Counters counters();

 private:
  friend class Departure;
  friend class Leaving;

  /// A handler and what this side has seen of it.
  struct Registered {
    std::shared_ptr<Handler> handler;
    bool demoted = false;
    std::uint32_t overruns = 0;
    std::uint32_t slow_here = 0;  // How often in a row it was slow on the thread that received its request.
    std::uint32_t not_here = 0;   // So many more of its requests go to the pool.
    HandlerFigures figures;
    std::vector<std::shared_ptr<RunningRequest>> batch;
    Instant batch_due = never;
  };
  /// A send whose encoding is not ready, or that came behind one.
  struct Late {
    std::unique_ptr<Departure> departure;
    bool ready = false;
    std::optional<Failure> failure;
  };
  using LaneKey = std::pair<PeerId, std::uint8_t>;
  using Lane = std::deque<std::shared_ptr<Late>>;

  bool post(JobPointer job);
  void wake();
  void run() noexcept;
  void lead();
  void begin_to_lead(bool own_thread) noexcept;
  void stop_leading(bool at_once) noexcept;
  bool wants_leader() const noexcept;
  void work();
  void run_here(std::shared_ptr<RunningRequest> request);
  void note_ran_here(std::uint32_t slot, bool slow);
  bool worth_running_here() const noexcept;
  void run_ready();
  void dispatch(std::shared_ptr<RunningRequest> request);
  void run_on_loop(Registered& registered, const std::shared_ptr<RunningRequest>& request);
  void run_batch(Registered& registered);
  void run_due_batches(Instant now);
  Instant next_batch() const;
  void run_in_pool(Registered& registered, const std::shared_ptr<RunningRequest>& request);
  void submit_jobs();
  void wait_for_events(Instant until);
  void finished(const std::shared_ptr<RunningRequest>& request, Outcome outcome);
  void end_unrun(const std::shared_ptr<RunningRequest>& request, FailureCode why);
  void stop(const std::shared_ptr<RunningRequest>& request, FailureCode why);
  void prevent(const std::shared_ptr<ManyRequests>& many, std::size_t index, FailureCode why);
  void dispatch(const std::shared_ptr<ManyRequests>& many);
  void collect_some(Instant now);
  void depart(std::unique_ptr<Departure> departure);
  void depart_in_order(std::unique_ptr<Departure> departure);
  void depart_ready(LaneKey key);
  static void settle(Departure& departure, FailureCode code, std::string text);
  static Departure* departure_of(std::uint64_t tag) noexcept { return reinterpret_cast<Departure*>(tag); }
  void note_timings(const Departure& sent, const Outcome& outcome);
  Registered* registered(std::uint32_t slot) noexcept;
  static std::size_t place_of(WorkId work) noexcept;
  const std::shared_ptr<RunningRequest>* request_of(WorkId work) const noexcept;
  std::shared_ptr<PeerGate> gate_of(PeerId peer);
  void shut_down();

  // Port.
  void transmit(LinkId link, Frame frame) override;
  bool congested(LinkId link) const override;
  void disconnect(LinkId link, std::string_view reason) override;
  void run(Work work) override;
  bool runs_many() const override { return true; }
  void run_many(ManyWorks works) override;
  Instant expire_many(WorkId many, Instant now) override;
  void stop(WorkId work, FailureCode why) override;
  void stop_one(WorkId many, std::uint64_t counter, FailureCode why) override;
  void more_items(WorkId work, std::uint64_t total) override;
  void settled(std::uint64_t tag, Outcome outcome) override;
  void receipt(std::uint64_t tag) override;
  void item(std::uint64_t tag, Reply reply) override;
  void peer_changed(PeerId peer, PeerState state) override;
  void agreed(PeerId peer, const Agreement& agreement, const LinkInfo& link) override;
  Duration stalled(Instant now) const override;
  // LinkEvents.
  void opened(LinkId link, const LinkInfo& info) override;
  void received(LinkId link, Frame frame) override;
  void closed(LinkId link, std::string_view reason) override;

  NodeOptions options_;
  std::unique_ptr<Transport> transport_;  // Gone after stop(), under wake_mutex_.
  std::mutex wake_mutex_;
  mutable Executor executor_;
  std::atomic<bool> runs_handlers_ = false;  // On its own threads, too; not where the program wants one at a time.
  Mailbox<Job> mailbox_;
  std::vector<std::thread> threads_;
  Leadership leadership_;
  std::atomic<std::thread::id> thread_id_{};  // Of who leads.
  std::atomic<bool> runs_handler_ = false;  // One of its own threads does.
  std::atomic<bool> served_waiting_thread_ = false;
  std::atomic<std::uint64_t> sends_begun_ = 0;
  std::atomic<std::uint64_t> wakes_ = 0;

  // From here on: the loop's thread only.
  bool quit_ = false;
  bool leads_on_own_thread_ = false;
  Instant request_came_{};
  std::size_t sends_out_ = 0;
  std::shared_ptr<RunningRequest> run_here_;  // The thread that leads is to run this one itself.
  std::unique_ptr<Endpoint> endpoint_;
  JobList ready_;
  JobList for_pool_;  // Submitted together, before the loop does anything slow.
  struct Arrived {
    std::shared_ptr<RunningRequest> request;  // Or:
    std::shared_ptr<ManyRequests> many;
  };
  struct Prevented {
    std::shared_ptr<RunningRequest> request;  // Or:
    std::shared_ptr<ManyRequests> many;
    std::size_t index = 0;
    FailureCode why{};
  };
  std::vector<Arrived> arrived_;
  std::vector<Prevented> prevented_;
  std::vector<std::unique_ptr<Registered>> handlers_;  // By slot - 1; nullptr where it was removed.
  const std::shared_ptr<BlockStore> request_blocks_ = std::make_shared<BlockStore>();
  std::vector<std::shared_ptr<RunningRequest>> requests_;  // By place_of(); nullptr where none runs.
  std::map<WorkId, std::shared_ptr<ManyRequests>> many_;  // That have not all ended.
  Instant collect_due_ = never;                           // Those that have while others of theirs run on.
  Duration collect_pause_{};
  std::size_t requests_running_ = 0;
  Departure* sending_ = nullptr;  // While the endpoint takes it.
  std::map<LaneKey, Lane> lanes_;
  std::unordered_map<PeerId, std::shared_ptr<PeerGate>> gates_;
  std::unordered_map<PeerId, DialId> dials_;
  std::map<std::string, SendFigures, std::less<>> send_figures_;
  std::function<void(PeerId, std::shared_ptr<PeerGate>, PeerState)> watcher_;
  std::vector<std::function<void()>> when_idle_;  // Each is called once.
  LoopCounters loop_counters_;
};

// ---- lead_while_waiting()

template <class Over>
void Loop::lead_while_waiting(Instant until, Over over) noexcept {
  if ((until != never && until <= now()) || !leadership_.try_lead()) return;
  const RunningRequest::Inside nothing;  // What runs here has nothing to do with what this thread was doing.
  begin_to_lead(false);
  for (;;) {
    work();
    if (quit_ || !ready_.empty() || over() || now() >= until) break;
    ++loop_counters_.led_by_callers;
    wait_for_events(until);
  }
  stop_leading(wants_leader());
}

// ---- ask()

template <class Function>
auto Loop::ask(Function function) -> std::optional<decltype(function())> {
  using Answer = decltype(function());
  if (on_loop()) return function();
  struct Question {
    std::mutex mutex;
    std::condition_variable answered;
    bool over = false;
    std::optional<Answer> answer;
  };
  // Whether the job runs or dies, the last that it does is to say so.
  struct Asker {
    explicit Asker(std::shared_ptr<Question> asked) : question(std::move(asked)) {}
    Asker(Asker&&) = default;
    ~Asker() {
      if (question == nullptr) return;
      const std::lock_guard lock(question->mutex);
      question->over = true;
      question->answered.notify_all();
    }
    std::shared_ptr<Question> question;
  };
  const auto question = std::make_shared<Question>();
  post([asker = Asker(question), function = std::move(function)]() mutable { asker.question->answer.emplace(function()); });
  // This thread may run a handler: then it wakes nobody for what it posts.
  leadership_.call();
  std::unique_lock lock(question->mutex);
  question->answered.wait(lock, [&] { return question->over; });
  return std::move(question->answer);
}

}  // namespace structwire::messaging
