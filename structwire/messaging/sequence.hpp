// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two halves of reliable delivery within a session: what was sent and is kept until the other side has it, and what
// came and is taken in once, in order. Cumulative and selective acknowledgement (the idea of TCP's SACK, RFC 2018).

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include <structwire/messaging/credit.hpp>
#include <structwire/messaging/header.hpp>
#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/payload.hpp>

namespace structwire::messaging {

/// A message that may have to be sent again.
struct SentMessage {
  Payload head;  ///< Its header, and its payload unless that is `body`.
  Payload body;
  std::uint64_t owner = 0;  ///< The ticket of a request; 0: a reply.
  Instant sent;
  Instant deadline = never;
  bool acknowledged = false;

  std::size_t size() const noexcept { return head.size() + body.size(); }
};

class SentMessages {
 public:
  /// The number of the next message that keep() takes.
  std::uint64_t next() const noexcept { return first_ + kept_.size(); }
  void keep(SentMessage message) {
    add(message, 1);
    kept_.push_back(std::move(message));
  }

  /// The other side has all before `expected`, and of those behind it what the bits say. Calls `arrived(SentMessage&&)`
  /// for each that it did not have before. False for numbers that were never sent.
  template <class Arrived>
  bool acknowledge(std::uint64_t expected, std::uint64_t behind, Arrived&& arrived) {
    if (expected > next()) return false;
    const auto take = [&](SentMessage& message) {
      message.acknowledged = true;
      add(message, -1);
      arrived(std::exchange(message, {.acknowledged = true}));
    };
    while (first_ < expected) {
      if (!kept_.front().acknowledged) take(kept_.front());
      kept_.pop_front();
      ++first_;
    }
    for (std::uint64_t bit = 0; behind >> bit != 0 && bit + 1 < kept_.size(); ++bit) {
      if ((behind >> bit & 1) != 0 && expected == first_ && !kept_[bit + 1].acknowledged) take(kept_[bit + 1]);
      if (bit == 63) break;
    }
    return true;
  }

  /// Those that were not acknowledged, oldest first.
  template <class Visit>
  void each(Visit&& visit) {
    for (SentMessage& message : kept_)
      if (!message.acknowledged && !visit(message)) return;
  }
  /// Not acknowledged: of requests and replies together.
  Amount amount() const noexcept { return amount_; }
  Amount replies() const noexcept { return replies_; }
  bool empty() const noexcept { return amount_.messages == 0; }

 private:
  void add(const SentMessage& message, int sign) noexcept {
    const auto change = [&](Amount& amount) {
      amount.messages += static_cast<std::uint64_t>(sign);
      amount.bytes += static_cast<std::uint64_t>(sign) * message.size();
    };
    change(amount_);
    if (message.owner == 0) change(replies_);
  }

  std::deque<SentMessage> kept_;
  std::uint64_t first_ = 1;  ///< Number of the first that is kept.
  Amount amount_;
  Amount replies_;
};

/// A message as it came.
struct ReceivedMessage {
  HeaderView view;
  Payload payload;
  Payload head;  ///< Keeps what `view` borrows.
};

class ReceivedMessages {
 public:
  enum class Verdict { next, early, repeat, too_far };

  /// What to do with a message of this number: take it now, hold() it, or drop it.
  Verdict judge(std::uint64_t sequence, std::uint64_t window) const noexcept {
    if (sequence == expected_) return Verdict::next;
    if (sequence < expected_ || early_.contains(sequence)) return Verdict::repeat;
    return sequence - expected_ > window ? Verdict::too_far : Verdict::early;
  }
  void taken() noexcept { ++expected_; }
  void hold(ReceivedMessage message) {
    bytes_ += message.payload.size();
    const std::uint64_t sequence = message.view.header.sequence;
    early_.emplace(sequence, std::move(message));
  }
  /// The next one in order that was held.
  std::optional<ReceivedMessage> take_held() {
    const auto first = early_.begin();
    if (first == early_.end() || first->first != expected_) return std::nullopt;
    std::optional<ReceivedMessage> message(std::move(first->second));
    bytes_ -= message->payload.size();
    early_.erase(first);
    return message;
  }

  std::uint64_t expected() const noexcept { return expected_; }
  /// Bit i: the message i + 1 behind the expected one came.
  std::uint64_t behind() const noexcept {
    std::uint64_t bits = 0;
    for (auto each = early_.begin(); each != early_.end() && each->first - expected_ <= 64; ++each) {
      bits |= std::uint64_t{1} << (each->first - expected_ - 1);
    }
    return bits;
  }
  bool has_gap() const noexcept { return !early_.empty(); }
  std::size_t held_bytes() const noexcept { return bytes_; }

 private:
  std::uint64_t expected_ = 1;
  std::map<std::uint64_t, ReceivedMessage> early_;
  std::size_t bytes_ = 0;
};

}  // namespace structwire::messaging
