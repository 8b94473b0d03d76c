// SPDX-License-Identifier: Apache-2.0
#include <taskd/readers.hpp>

#include <utility>

namespace structwire::taskd {

Readers::Readers(std::size_t threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Readers::~Readers() { shut_down(); }

bool Readers::post(Work work) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || queue_.size() >= waiting_max_) return false;
  queue_.push_back(std::move(work));
  wake_.notify_one();
  return true;
}

void Readers::shut_down() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Readers::run() {
  while (true) {
    Work work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace structwire::taskd
