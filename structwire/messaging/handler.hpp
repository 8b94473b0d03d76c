// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the loop knows of a handler: its name and contract, how it wants to be run, and what to call. The typed side is
// handlers.hpp.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <structwire/core/limits.hpp>
#include <structwire/messaging/endpoint/hello.hpp>
#include <structwire/messaging/instant.hpp>

namespace structwire::messaging {

class RunningRequest;

enum class Execution : std::uint8_t {
  pool,     ///< On a thread of the node's pool, or where a request comes alone on the one that received it.
  on_loop,  ///< On the thread of the loop, one at a time: for handlers of a few microseconds that wait for nothing.
};

struct HandlerOptions {
  /// A handler on the loop that is over NodeOptions::inline_budget too often goes on in the pool.
  Execution execution = Execution::pool;
  /// Requests that share a key (by_key: the sender's choice; by_sender: the peer; global: all) run one after the other,
  /// in the order of their arrival. A handler of batches takes any of them for global.
  Ordering ordering = Ordering::none;
  /// May run twice for one send: then a send whose peer was lost is made again to its next life.
  bool idempotent = false;
  /// Request fingerprints that are taken beside the handler's own, such as `wire_fingerprint<OlderRequest>`.
  std::vector<std::uint64_t> accepts{};
  /// Limits of decoding and what it does with unknown fields.
  DecodeOptions decode{};
  /// Of a handler that takes std::span<const Request>: so many at once at most, ...
  std::size_t batch_count = 64;
  /// ... and so long the first one waits for others. 0: what has gathered since the last batch.
  Duration batch_wait{};
};

/// Called from several threads at once, unless it is ordered.
class Handler {
 public:
  Handler(HandlerEntry entry, HandlerOptions options) : entry_(std::move(entry)), options_(std::move(options)) {}
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  virtual ~Handler() = default;

  const HandlerEntry& entry() const noexcept { return entry_; }
  const HandlerOptions& options() const noexcept { return options_; }
  void set_slot(std::uint32_t slot) noexcept { entry_.slot = slot; }

  virtual bool takes_batches() const noexcept { return false; }
  /// Runs a request that was started; it ends now or later.
  virtual void run(const std::shared_ptr<RunningRequest>& request) noexcept = 0;
  /// The same for many at once.
  virtual void run_batch(const std::vector<std::shared_ptr<RunningRequest>>& requests) noexcept {
    for (const auto& request : requests) run(request);
  }

 private:
  HandlerEntry entry_;
  HandlerOptions options_;
};

}  // namespace structwire::messaging
