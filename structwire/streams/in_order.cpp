// SPDX-License-Identifier: Apache-2.0
#include <structwire/streams/in_order.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <structwire/core/config.hpp>

namespace structwire {
namespace {

class Ring {
 public:
  explicit Ring(const InOrder& order) : order_(order), slots_(slot_count(order)) {
    const unsigned others = thread_count(order) - 1;
    try {
      for (unsigned i = 0; i < others; ++i) threads_.emplace_back([this] { help(); });
    } catch (const std::system_error&) {
      // With those there are.
    }
  }
  ~Ring() {
    {
      const std::scoped_lock lock(mutex_);
      stopped_ = true;
    }
    filled_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  Result<void> run() {
    bool more = true;
    while (true) {
      if (taken_ < begun_ && is_done(taken_)) {
        Slot& slot = slots_[taken_ % slots_.size()];
        if (slot.thrown) std::rethrow_exception(slot.thrown);
        if (auto taken = order_.take(taken_ % slots_.size()); !taken) return taken;
        ++taken_;
      } else if (more && begun_ - taken_ < slots_.size()) {
        more = order_.fill(begun_ % slots_.size());
        if (more) publish();
      } else if (taken_ == begun_) {
        return {};
      } else if (!work_on_one()) {
        std::unique_lock lock(mutex_);
        done_.wait(lock, [this] { return slots_[taken_ % slots_.size()].done; });
      }
    }
  }

 private:
  struct Slot {
    bool done = false;
    std::exception_ptr thrown;
  };

  bool is_done(std::size_t number) {
    const std::scoped_lock lock(mutex_);
    return slots_[number % slots_.size()].done;
  }

  void publish() {
    {
      const std::scoped_lock lock(mutex_);
      slots_[begun_ % slots_.size()] = {};
      to_do_.push_back(begun_ % slots_.size());
    }
    ++begun_;
    filled_.notify_one();
  }

  // The oldest that nobody works on.
  bool work_on_one() {
    std::size_t slot;
    {
      const std::scoped_lock lock(mutex_);
      if (to_do_.empty()) return false;
      slot = to_do_.front();
      to_do_.pop_front();
    }
    work_on(slot);
    return true;
  }

  void work_on(std::size_t slot) {
    std::exception_ptr thrown;
    try {
      order_.work(slot);
    } catch (...) {
      thrown = std::current_exception();
    }
    {
      const std::scoped_lock lock(mutex_);
      slots_[slot] = {true, thrown};
    }
    done_.notify_one();
  }

  void help() {
    while (true) {
      std::size_t slot;
      {
        std::unique_lock lock(mutex_);
        filled_.wait(lock, [this] { return stopped_ || !to_do_.empty(); });
        if (stopped_) return;
        slot = to_do_.front();
        to_do_.pop_front();
      }
      work_on(slot);
    }
  }

  const InOrder& order_;
  std::size_t begun_ = 0;  // Of the calling thread, as is what is next.
  std::size_t taken_ = 0;

  std::mutex mutex_;  // Over all that follows.
  std::condition_variable filled_;
  std::condition_variable done_;
  std::vector<Slot> slots_;
  std::deque<std::size_t> to_do_;
  bool stopped_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace

unsigned thread_count(const InOrder& order) noexcept {
  return std::max(1u, order.threads == 0 ? std::thread::hardware_concurrency() : order.threads);
}
std::size_t slot_count(const InOrder& order) noexcept {
  return order.slots != 0 ? order.slots : 2 * std::size_t{thread_count(order)} + 1;
}

Result<void> run_in_order(const InOrder& order) {
  STRUCTWIRE_ASSERT(order.fill && order.work && order.take);
  return Ring(order).run();
}

}  // namespace structwire
