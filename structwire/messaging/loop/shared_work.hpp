// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work of many pieces that any threads do side by side: each thread takes the next piece when it has done one, so that no
// piece waits behind a slow one while a thread is free, and a piece costs no job of its own.

#include <atomic>
#include <cstddef>
#include <optional>

namespace structwire::messaging {

class Executor;

class SharedWork {
 public:
  explicit SharedWork(std::size_t pieces) noexcept : pieces_(pieces) {}
  SharedWork(const SharedWork&) = delete;
  SharedWork& operator=(const SharedWork&) = delete;
  virtual ~SharedWork() = default;

  std::size_t pieces() const noexcept { return pieces_; }
  bool is_taken() const noexcept { return next_.load(std::memory_order_relaxed) >= pieces_; }

 protected:
  friend class Executor;
  /// Does pieces for as long as take() gives any; returns how many. On several threads at once.
  virtual std::size_t work() noexcept = 0;
  /// Takes what is left; it will not be done.
  virtual void abandon() noexcept = 0;

  /// A piece that nobody else has; nothing: there is none, or the executor stops.
  std::optional<std::size_t> take() noexcept;
  /// The same when it stops.
  std::optional<std::size_t> take_left() noexcept {
    const std::size_t piece = is_taken() ? pieces_ : next_.fetch_add(1, std::memory_order_relaxed);
    return piece < pieces_ ? std::optional(piece) : std::nullopt;
  }

 private:
  const std::size_t pieces_;
  std::atomic<std::size_t> next_ = 0;
  Executor* executor_ = nullptr;  // Once it was submitted.
};

}  // namespace structwire::messaging
