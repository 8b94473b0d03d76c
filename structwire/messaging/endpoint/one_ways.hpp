// SPDX-License-Identifier: Apache-2.0
#pragma once

// Messages that nobody waits for, which go to one peer together: most of what a single one costs on its way (an
// allocation, a ticket, a timer, a turn in a queue) is then paid once for all of them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/messaging/endpoint/credit.hpp>
#include <structwire/messaging/failure.hpp>
#include <structwire/messaging/instant.hpp>

namespace structwire::messaging {

/// A message that nobody waits for, before it is one of many.
struct OneWay {
  std::string_view handler;
  std::uint64_t schema = 0;
  std::uint8_t format = 0;
  std::uint64_t key = 0;
  std::uint32_t depth = 0;
  std::span<const std::byte> payload;
  Instant deadline = never;
  std::uint64_t tag = 0;  ///< The caller's.
};

/// Fire-and-forget messages of one priority, in their order. They wait for credit (WhenFull::wait) and leave one by one;
/// each ends once, by sent() or failed(). Payloads are copied: this is for small ones. Not for two
/// threads at once.
class OneWays {
 public:
  /// What messages that follow one another have in common.
  struct Kind {
    std::string handler;
    std::uint64_t schema = 0;
    std::uint8_t format = 0;
    std::uint64_t key = 0;
    std::uint32_t depth = 0;
  };
  struct Message {
    Instant deadline = never;
    std::uint64_t tag = 0;     ///< The caller's.
    std::uint32_t kind = 0;    ///< Its place among kinds().
    std::uint32_t size = 0;    ///< Of its payload, ...
    std::size_t place = 0;     ///< ... which begins there.
  };

  explicit OneWays(std::uint8_t priority) noexcept : priority_(priority) {}
  OneWays(const OneWays&) = delete;
  OneWays& operator=(const OneWays&) = delete;
  virtual ~OneWays() = default;

  void add(const OneWay& added) {
    if (kinds_.empty() || !is_of(kinds_.back(), added)) {
      kinds_.push_back({std::string(added.handler), added.schema, added.format, added.key, added.depth});
    }
    const std::size_t place = bytes_.size();
    bytes_.insert(bytes_.end(), added.payload.begin(), added.payload.end());
    messages_.push_back({added.deadline, added.tag, static_cast<std::uint32_t>(kinds_.size() - 1),
                         static_cast<std::uint32_t>(added.payload.size()), place});
    earliest_ = std::min(earliest_, added.deadline);
    amount_.messages += 1;
    amount_.bytes += added.payload.size();
  }

  std::uint8_t priority() const noexcept { return priority_; }
  bool empty() const noexcept { return amount_.messages == 0; }
  /// Those that have not ended.
  Amount amount() const noexcept { return amount_; }
  /// None of them has one before.
  Instant earliest_deadline() const noexcept { return earliest_; }
  const Kind& kind(const Message& message) const noexcept { return kinds_[message.kind]; }

  // ---- where it is not empty
  const Message& front() const noexcept { return messages_[first_]; }
  const Message& back() const noexcept { return messages_.back(); }
  std::span<const std::byte> payload(const Message& message) const noexcept {
    return {bytes_.data() + message.place, message.size};
  }
  void pop_front() noexcept {
    forget(front());
    ++first_;
  }
  void pop_back() noexcept {
    forget(back());
    messages_.pop_back();
  }
  /// Takes out those whose deadline has passed, and calls expired(Message) for each.
  template <class Expired>
  void expire(Instant now, Expired&& expired) {
    earliest_ = never;
    const auto left = std::remove_if(messages_.begin() + static_cast<std::ptrdiff_t>(first_), messages_.end(), [&](const Message& each) {
      if (each.deadline > now) {
        earliest_ = std::min(earliest_, each.deadline);
        return false;
      }
      forget(each);
      expired(each);
      return true;
    });
    messages_.erase(left, messages_.end());
  }

  /// The end of one of them: it is on its way, ...
  virtual void sent(const Message&) {}
  /// ... or will never be, and why.
  virtual void failed(const Message&, FailureCode) {}
  /// After one or more ends: what they held is free.
  virtual void left(Amount) {}

 private:
  static bool is_of(const Kind& kind, const OneWay& message) noexcept {
    return kind.schema == message.schema && kind.format == message.format && kind.key == message.key &&
           kind.depth == message.depth && kind.handler == message.handler;
  }
  void forget(const Message& message) noexcept {
    --amount_.messages;
    amount_.bytes -= message.size;
  }

  std::uint8_t priority_;
  std::vector<Kind> kinds_;
  std::vector<Message> messages_;
  std::vector<std::byte> bytes_;
  std::size_t first_ = 0;  // Of messages_ that has not ended.
  Amount amount_;
  Instant earliest_ = never;
};

}  // namespace structwire::messaging
