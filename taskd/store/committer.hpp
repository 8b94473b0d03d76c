// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/clock.hpp>
#include <taskd/tasks/command.hpp>
#include <taskd/tasks/store.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// The one thread that writes: it gathers commands from all doors, executes them in one durable
/// store commit, and only then answers.
///
/// Group commit without a timer: while one group is being synced the next one gathers. Under light
/// load a group is one command and waits for nobody; under heavy load it is thousands.
///
///     Committer committer(store, clock, {});
///     committer.post({Claim{.queue = "q", .worker = "w", .max = 10}},
///                    [](std::vector<Outcome> outcomes) { … });
namespace structwire::taskd {

struct CommitterOptions {
  std::size_t group_commands_max = 4096;      ///< a group stops gathering at this many records …
  std::size_t group_bytes_max = 1024 * 1024;  ///< … or this many payload bytes
  std::size_t queue_commands_max =
      65'536;  ///< waiting beyond this (tasks of submits counted): `overloaded`
  std::size_t queue_bytes_max = 64 * 1024 * 1024;
  /// Called on the committer's thread after a commit, with the queues in which tasks became
  /// claimable. For waiting claims; must be quick and must not post with a blocking wait.
  std::function<void(const std::vector<std::string>&)> on_work;
};

/// Totals since the start; a snapshot, any thread.
struct CommitterCounts {
  std::uint64_t groups = 0;      ///< groups that were committed
  std::uint64_t commands = 0;    ///< commands in them
  std::uint64_t overloaded = 0;  ///< postings refused for want of room
  std::uint64_t failed_groups = 0;
  std::size_t waiting = 0;  ///< commands in the queue now
  std::int64_t last_turn_us =
      0;  ///< when the thread last moved (it does each second), for `/livez`
};

class Committer {
 public:
  /// Called exactly once per accepted posting, with one outcome per command in order; on the
  /// committer's thread, after the commit (or its failure, which answers every command with its
  /// code). Must be quick, must not throw, and may post. Hand the outcomes over to the thread that
  /// owns the connection.
  using Done = std::move_only_function<void(std::vector<Outcome>)>;

  /// Starts the thread. Its first commit begins with Recover; every commit applies what is due.
  /// Store and clock must outlive the committer.
  Committer(Store& store, const Clock& clock, CommitterOptions options = {});

  /// As `shut_down`.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  /// Hands commands over; never blocks on the disk. Any thread. The commands of one posting are
  /// executed in order, in one group, at one time; each has its own outcome.
  ///
  /// Refused at once with `overloaded` (no room) or `draining` (shutting down); then nothing will
  /// happen and `done` is not called. An empty queue takes any posting, however large; postings
  /// without new work (no Submit, no Claim) may use twice the room, so that finishing tasks goes on
  /// when starting them is refused. A posting of no commands is answered after what came before it.
  [[nodiscard]] Attempt<void> post(std::vector<Command> commands, Done done);

  /// Posts one command and waits for its outcome; for tests and tools, never on the committer's
  /// thread.
  [[nodiscard]] Outcome call(Command command);

  /// Refuses what comes from now on, commits and answers what is waiting, ends the thread. Any
  /// thread but the committer's; again is harmless.
  void shut_down();

  [[nodiscard]] CommitterCounts counts() const;

 private:
  struct Posting {
    std::vector<Command> commands;
    Done done;
    std::size_t count = 0;    // commands, each task of a submit counted
    std::size_t records = 0;  // at most this many are touched
    std::size_t bytes = 0;
    bool new_work = false;
  };
  struct Group;

  void run();
  Group gather();
  std::int64_t pause_us_before_tick();
  void commit_group(Group& group);
  static void refuse_all(Group& group, const Refusal& refusal);
  void answer(Group& group);
  [[nodiscard]] bool has_room(const Posting& posting) const;
  [[nodiscard]] bool is_drained() const;

  Store& store_;
  const Clock& clock_;
  const CommitterOptions options_;

  // Guarded by mutex_.
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Posting> queue_;
  std::size_t waiting_bytes_ = 0;
  bool stopping_ = false;
  CommitterCounts counts_;

  // Only the committer's thread.
  bool recovered_ = false;
  bool last_failed_ = false;

  std::mutex join_mutex_;  // taken alone, never with mutex_ held
  std::thread thread_;
};

}  // namespace structwire::taskd
