// SPDX-License-Identifier: Apache-2.0
#pragma once

// What must be true of every run, written from endpoint.hpp and failure.hpp and not from what the endpoint does. It sees
// all processes at once and the time of the network.
//
// What it holds against the endpoint, each rule with the name that a violation is reported under:
//
//   one outcome        every send of a process that lives on has exactly one; at its deadline and a tick at the latest
//   true success       `done` and a response: a run finished well before, the reply is that run's, byte for byte;
//                      `accepted` and a receipt: a run was accepted before
//   true failure       a code is told for its reason only: the table `reason_of` in message_oracle_failures.cpp
//   did not run        codes that say so (the same table): no run has started, or starts later. What a run left that a
//                      process took with it, or that asked for another try, is no fault
//   no double effect   one start in a process's life, and of a handler that must not run twice, one in all; but for runs
//                      that asked for another try
//   no late start      of what was settled as `cancelled`, or well
//   order              requests of one priority arrive in the order of their sends
//   no starvation      a waiting send is passed by so many later ones of higher priority, and not more
//   held               a peer's requests that are not released are within the credit that this side grants it
//   streams            items come in order, none is missing, none beyond what was consumed and the window
//   counters           what the endpoint counts is what there was
//   prompt             what cannot be is told at once where nothing stands between two processes
//   calm               where nothing stands in the way, sends succeed
//   settles            once all trouble is over, processes become idle; no clock goes round in circles
//   receiver's time    a request is not run after its deadline, which is not earlier than its sender's
//   receipt            is for who asked for one, before its outcome, after a run was accepted, and not over and over
//   routing            a request comes to whom it was sent, with its size and options, and to a handler that is there
//   memory             what an endpoint says that it holds is within what its bounds come to
//   no busy loop       a process has so many rounds at one moment, and in all, and not more
//
// And what the world needs to hold anything against it: `port`, a request gets a number that is not in use; `network`,
// every process can listen and dial.

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <structwire/messaging/endpoint/endpoint.hpp>
#include <tests/simulation/message_kinds.hpp>

namespace structwire::messaging::simulation {

/// Later by this is not late: the endpoint's clock may tick in steps.
inline constexpr Duration tick_slack = std::chrono::milliseconds(1);
/// Sends of higher priority that may pass one that waits. Any number would be an answer to "never for ever".
inline constexpr std::uint32_t passes_max = 512;
/// A few round trips of the slowest network, and the time until two processes have met.
inline constexpr Duration prompt = std::chrono::milliseconds(700);
inline constexpr std::uint32_t nobody = ~0u;
inline constexpr Instant unset_time{};  ///< Worlds begin later.

/// One life of one process.
struct Life {
  std::uint32_t process = nobody;
  std::uint32_t number = 0;
  friend auto operator<=>(const Life&, const Life&) = default;
};

struct Send {
  std::uint64_t id = 0;
  Life from;
  PeerId peer{};
  std::uint32_t to = nobody;  ///< Process behind the peer; nobody: there is none.
  std::size_t kind = 0;
  Delivery delivery = Delivery::response;
  WhenFull when_full = WhenFull::wait;
  std::uint8_t priority = 3;
  std::uint64_t bytes = 0;
  std::uint32_t stream_items = 0;
  bool right_schema = true;
  bool common_format = true;
  bool too_deep = false;
  bool breaker = true;
  bool must_succeed = false;  ///< Nothing can stand in its way.
  Instant sent;
  Instant deadline;

  Ticket ticket{};
  bool cancel_asked = false;
  bool forgotten = false;  ///< Its peer was, by forget().
  bool peer_was_up = false;
  std::uint32_t outcomes = 0;
  bool succeeded = false;
  FailureCode code{};
  Instant settled = unset_time;
  std::uint32_t receipts = 0;
  std::uint64_t items = 0;
  std::uint64_t consumed = 0;
  std::uint32_t passed = 0;
  std::vector<std::uint64_t> runs;
};

struct Run {
  std::uint64_t id = 0;
  std::uint64_t send = 0;  ///< 0: of a stranger.
  Life at;
  PeerId peer{};
  MessageId message;
  std::uint64_t bytes = 0;
  Instant deadline = never;
  Instant admitted = unset_time;
  Instant accepted = unset_time;
  Instant started = unset_time;
  Instant finished = unset_time;
  bool succeeded = false;
  FailureCode code{};
  bool retryable = false;
  bool released = false;
  std::uint64_t items = 0;
  std::size_t reply_bytes = 0;
  std::uint64_t sessions = 0;  ///< That both processes had begun when it started.
};

/// What the world tells of a process, of which the reasons for failures follow. Moments are the last ones; `never` while
/// it lasts. What others know of it lags behind by `news_travel`.
struct ProcessFacts {
  Life life;
  bool alive = false;
  bool paused = false;
  Amount credit;
  std::uint64_t payload_bytes_max = 0;
  Instant life_changed = unset_time;    ///< Start or end.
  Instant drained = unset_time;
  Instant out_of_touch = unset_time;    ///< A link to it may have been broken, blocked or slow.
  Instant stopped = unset_time;
  std::uint64_t sessions = 0;
  std::array<Instant, kinds.size()> absent{};  ///< Of its handlers.
};
inline constexpr Duration news_travel = std::chrono::seconds(3);

class Oracle {
 public:
  explicit Oracle(bool verbose) : verbose_(verbose) {}

  // ---- told by the world, before the endpoint is
  Send& sending(Send send);
  void cancelling(Send& send);
  void forgetting(Life life, PeerId peer);
  void peer_up(Life life, PeerId peer);
  void life_ended(Life life);
  std::vector<ProcessFacts> processes;

  // ---- told by the Port
  void settled(Life at, std::uint64_t tag, const Outcome& outcome);
  void receipt(Life at, std::uint64_t tag);
  void item(Life at, std::uint64_t tag, const Reply& reply);
  Run& admitted(Life at, const Work& work, Instant deadline);

  // ---- told by the executor
  void accepted(Run& run);
  void started(Run& run);
  void finished(Run& run, const Outcome& outcome);
  void released(Run& run);

  // ---- asked
  /// Is somebody waiting past its deadline?
  void check_deadlines();
  /// Everything is over.
  void check_end();
  bool all_settled() const { return open_.empty(); }
  std::size_t open_sends() const { return open_.size(); }
  /// One of the open sends of a life; nullptr where there is none.
  Send* some_open(Life life, std::uint64_t which);
  Send* find(std::uint64_t id) { return id == 0 || id > sends_.size() ? nullptr : &sends_[id - 1]; }
  std::uint64_t sends() const { return sends_.size(); }
  std::uint64_t runs() const { return runs_.size(); }

  void violation(std::string_view rule, const std::string& text);
  bool failed() const { return !violations_.empty(); }
  const std::vector<std::string>& violations() const { return violations_; }

  bool verbose() const { return verbose_; }
  void log(Life life, const std::string& text) const;
  Instant now{};
  bool is_calm = false;  ///< Nothing goes wrong in this world.

  /// By outcome; success first, then by code in the order of FailureCode.
  std::map<int, std::uint64_t> outcomes;

 private:
  void check_success(Send& send, const Reply& reply);
  void check_failure(const Send& send, const Failure& failure);
  void check_not_run(const Send& send);
  void check_prompt(const Send& send);
  void check_order(const Send& send, Life at);
  void check_held(const Run& run);
  void check_stranger(const Run& run);
  std::string told(const Send& send) const;
  bool excused(const Send& send, const Run& run) const;
  Run* run_of(std::uint64_t id) { return id == 0 || id > runs_.size() ? nullptr : &runs_[id - 1]; }
  const Run& run_at(std::uint64_t id) const { return runs_[id - 1]; }

  bool verbose_;
  std::deque<Send> sends_;
  std::deque<Run> runs_;
  std::set<std::pair<Instant, std::uint64_t>> open_;
  /// Requests that are not released, of each peer.
  std::map<std::pair<Life, PeerId>, Amount> held_;
  /// Requests of strangers that have started, by their id: their senders are no processes of the world.
  std::map<std::pair<Life, MessageId>, std::uint64_t> strangers_;
  /// The newest send that arrived, by sender and its peer, receiver, priority.
  std::map<std::tuple<Life, PeerId, Life, std::uint8_t>, std::uint64_t> newest_;
  std::vector<std::string> violations_;
};

std::string text_of(Instant at);
std::string text_of(Life life);
/// Does this code say that the handler has not run for it? (message_oracle_failures.cpp)
bool says_not_run(const Send& send, FailureCode code);
/// Why this code cannot be; empty where it can.
std::string reason_against(const Send& send, FailureCode code, const ProcessFacts& own,
                           const ProcessFacts* target, Instant now);

}  // namespace structwire::messaging::simulation
