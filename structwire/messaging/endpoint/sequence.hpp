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

#include <structwire/messaging/endpoint/credit.hpp>
#include <structwire/messaging/endpoint/header.hpp>
#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/payload.hpp>

namespace structwire::messaging {

/// Messages that may have to be sent again: one, or several of a frame, of which nobody wants to hear one by one.
struct SentMessage {
  Payload head;  ///< Its header, and its payload unless that is `body`. Of several: all, each at a multiple of 8 bytes.
  Payload body;
  std::uint64_t owner = 0;  ///< The ticket of a request, or of many that left together; 0: a reply.
  Instant sent;
  Instant deadline = never;  ///< Of several, and of one that was among several: its header has it, from `written` on.
  Instant written = never;   ///< Of one that is alone: never.
  std::uint32_t count = 1;
  bool acknowledged = false;

  std::size_t size() const noexcept { return head.size() + body.size(); }
};

class SentMessages {
 public:
  /// The number of the next message that keep() takes.
  std::uint64_t next() const noexcept { return next_; }
  void keep(SentMessage message) {
    add(message, 1);
    next_ += message.count;
    kept_.push_back(std::move(message));
  }

  /// The other side has all before `expected`, and of those behind it what the bits say. Calls `arrived(SentMessage&&)`
  /// for each that it did not have before. False for numbers that were never sent.
  template <class Arrived>
  bool acknowledge(std::uint64_t expected, std::uint64_t behind, Arrived&& arrived) {
    if (expected > next_) return false;
    const auto take = [&](SentMessage& message) {
      message.acknowledged = true;
      add(message, -1);
      const std::uint32_t count = message.count;
      arrived(std::exchange(message, {.count = count, .acknowledged = true}));
    };
    while (first_ < expected) {
      if (kept_.front().count > expected - first_) part(0, static_cast<std::uint32_t>(expected - first_));
      SentMessage& message = kept_.front();
      first_ += message.count;
      if (!message.acknowledged) take(message);
      kept_.pop_front();
    }
    if (behind == 0 || expected != first_) return true;
    // Bit i: the message i + 1 behind the first. Only where messages get lost, so several may well be parted then.
    std::uint64_t number = 0;
    for (std::size_t place = 0; place != kept_.size() && number <= 64; number += kept_[place++].count) {
      while (kept_[place].count > 1 && !kept_[place].acknowledged) part(place, 1);
      const bool told = number != 0 && (behind >> (number - 1) & 1) != 0;
      if (told && !kept_[place].acknowledged) take(kept_[place]);
    }
    return true;
  }

  /// Those that were not acknowledged, oldest first.
  template <class Visit>
  void each(Visit&& visit) {
    for (SentMessage& message : kept_)
      if (!message.acknowledged && !visit(message)) return;
  }
  /// All before it are acknowledged.
  std::uint64_t first() const noexcept { return first_; }
  /// Not acknowledged: of requests and replies together.
  Amount amount() const noexcept { return amount_; }
  Amount replies() const noexcept { return replies_; }
  bool empty() const noexcept { return amount_.messages == 0; }

 private:
  void add(const SentMessage& message, int sign) noexcept {
    const auto change = [&](Amount& amount) {
      amount.messages += static_cast<std::uint64_t>(sign) * message.count;
      amount.bytes += static_cast<std::uint64_t>(sign) * message.size();
    };
    change(amount_);
    if (message.owner == 0) change(replies_);
  }
  // Makes two entries of one: its first `count` messages, and the rest.
  void part(std::size_t place, std::uint32_t count) {
    SentMessage first = kept_[place];
    SentMessage& rest = kept_[place];
    add(rest, -1);
    std::size_t end = 0;
    for (std::uint32_t each = 0; each != count; ++each) end = next_message(rest.head.bytes(), end);
    first.head = rest.head.part(0, end);
    first.count = count;
    rest.head = rest.head.part(end, rest.head.size() - end);
    rest.count -= count;
    add(first, 1);
    add(rest, 1);
    kept_.insert(kept_.begin() + static_cast<std::ptrdiff_t>(place), std::move(first));
  }

  std::deque<SentMessage> kept_;
  std::uint64_t first_ = 1;  ///< Number of the first that is kept.
  std::uint64_t next_ = 1;
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
