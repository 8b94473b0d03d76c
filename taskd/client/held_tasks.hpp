// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/client/client.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace structwire::taskd {

/// One leased task, shared between the thread that works on it and the one that keeps its lease.
struct HeldTask {
  std::uint64_t id = 0;
  std::uint64_t fence = 0;
  std::atomic<bool> lost = false;  ///< somebody else's by now, or cancelled: drop the work
};

/// The leases of a worker, kept alive by a thread of its own that heartbeats all of them together.
/// While the daemon is away it goes on trying: whether a lease has survived only the daemon knows.
/// All functions may be called from any thread.
class HeldTasks {
 public:
  /// Heartbeats three times per lease, and at least once in `interval_max`: a heartbeat is also how
  /// one learns that a task was cancelled.
  HeldTasks(ClientOptions options, std::int64_t lease_ms,
            std::chrono::milliseconds interval_max = std::chrono::seconds(5));
  ~HeldTasks();

  std::shared_ptr<HeldTask> hold(std::uint64_t id, std::uint64_t fence);
  void release(std::uint64_t id);

 private:
  void run();
  api::HeartbeatBatch batch();
  void mark_lost(const api::BatchAnswer& answer);

  Client client_;  // of the thread alone
  const std::int64_t lease_ms_;
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::unordered_map<std::uint64_t, std::shared_ptr<HeldTask>> tasks_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace structwire::taskd
