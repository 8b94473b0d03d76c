// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/peer_gate.hpp>

namespace structwire::messaging {

bool PeerGate::enter(std::uint64_t bytes) noexcept {
  const std::uint64_t messages = messages_.fetch_add(1);
  const std::uint64_t before = bytes_.fetch_add(bytes);
  if (messages == 0 || (messages < limit_.messages && before + bytes <= limit_.bytes) || opened_.load()) return true;
  messages_.fetch_sub(1);
  bytes_.fetch_sub(bytes);
  return false;
}

bool PeerGate::wait(std::uint64_t bytes, Instant until) {
  if (enter(bytes)) return true;
  std::unique_lock lock(mutex_);
  // Counted before the second look: who leaves after that look sees it, and notifies under the lock.
  waiting_.fetch_add(1);
  const bool entered = room_.wait_until(lock, until, [&] { return has_slack() && enter(bytes); });
  waiting_.fetch_sub(1);
  return entered;
}

void PeerGate::push_in(std::uint64_t bytes) noexcept {
  messages_.fetch_add(1);
  bytes_.fetch_add(bytes);
}

void PeerGate::leave(Amount amount) noexcept {
  bytes_.fetch_sub(amount.bytes);
  messages_.fetch_sub(amount.messages);
  if (waiting_.load() == 0 || !has_slack()) return;
  const std::lock_guard lock(mutex_);
  room_.notify_all();
}

bool PeerGate::has_slack() const noexcept {
  const std::uint64_t messages = messages_.load();
  return messages == 0 || opened_.load() ||
         (messages <= limit_.messages - limit_.messages / 8 && bytes_.load() <= limit_.bytes - limit_.bytes / 8);
}

void PeerGate::open() {
  opened_.store(true);
  const std::lock_guard lock(mutex_);
  room_.notify_all();
}

}  // namespace structwire::messaging
