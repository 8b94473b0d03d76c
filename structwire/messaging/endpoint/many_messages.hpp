// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small messages that go to one peer together: most of what a single one costs on its way (an allocation, a ticket, a
// timer, a turn in a queue) is then paid once for all of them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/messaging/endpoint/credit.hpp>
#include <structwire/messaging/endpoint/header.hpp>
#include <structwire/messaging/failure.hpp>
#include <structwire/messaging/instant.hpp>

namespace structwire::messaging {

enum class Ticket : std::uint64_t;

/// A small message, before it is one of many.
struct SmallMessage {
  std::string_view handler;
  std::uint64_t schema = 0;
  std::uint8_t format = 0;
  std::uint64_t key = 0;
  std::uint32_t depth = 0;
  std::span<const std::byte> payload;
  Instant deadline = never;
  std::uint64_t tag = 0;  ///< The caller's.
};

/// Messages of one priority and one delivery, fire_and_forget or done, in their order. They wait for credit
/// (WhenFull::wait) and leave one by one. Each ends once: what is told of one that nobody waits for is sent() or failed();
/// of one that is to be done, done(), unless it parted() from the others and goes on as a send of its own: whatever is out
/// of the ordinary does. Payloads are copied: this is for small ones. Not for two threads at once.
class ManyMessages {
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
    std::uint64_t tag = 0;       ///< The caller's.
    std::uint64_t counter = 0;   ///< Of its id, and ...
    std::uint64_t sequence = 0;  ///< ... its number in the session, once it has left.
    std::uint32_t place = 0;     ///< Where its payload begins, ...
    std::uint32_t size = 0;      ///< ... and its bytes.
    std::uint32_t kind = 0;      ///< Its place among the kinds.
    bool ended = false;
  };
  ManyMessages(std::uint8_t priority, Delivery delivery) noexcept : priority_(priority), delivery_(delivery) {}
  ManyMessages(const ManyMessages&) = delete;
  ManyMessages& operator=(const ManyMessages&) = delete;
  virtual ~ManyMessages() = default;

  /// Up to 4 GiB in all.
  void add(const SmallMessage& added) {
    if (kinds_.empty() || !is_of(kinds_.back(), added)) {
      kinds_.push_back({std::string(added.handler), added.schema, added.format, added.key, added.depth});
    }
    const std::size_t place = bytes_.size();
    bytes_.insert(bytes_.end(), added.payload.begin(), added.payload.end());
    messages_.push_back({.deadline = added.deadline,
                         .tag = added.tag,
                         .place = static_cast<std::uint32_t>(place),
                         .size = static_cast<std::uint32_t>(added.payload.size()),
                         .kind = static_cast<std::uint32_t>(kinds_.size() - 1)});
    earliest_ = std::min(earliest_, added.deadline);
    waiting_.messages += 1;
    waiting_.bytes += added.payload.size();
  }

  std::uint8_t priority() const noexcept { return priority_; }
  Delivery delivery() const noexcept { return delivery_; }
  bool is_confirmed() const noexcept { return delivery_ != Delivery::fire_and_forget; }
  // ---- the endpoint's, from send() on
  Ticket ticket{};
  /// That of the first message in the queue for credit; the others' follow.
  std::uint64_t first_turn = 0;
  std::uint64_t turn_of(const Message& message) const noexcept {
    return first_turn + static_cast<std::uint64_t>(&message - messages_.data());
  }

  /// Those that have neither left nor ended.
  Amount waiting() const noexcept { return waiting_; }
  /// Those that have left, and whose end is to come.
  std::uint64_t under_way() const noexcept { return under_way_; }
  bool is_over() const noexcept { return waiting_.messages == 0 && under_way_ == 0; }
  /// All of them, with those that have ended.
  std::size_t size() const noexcept { return messages_.size(); }
  /// None that has not ended has one before.
  Instant earliest_deadline() const noexcept { return earliest_; }
  const Kind& kind(const Message& message) const noexcept { return kinds_[message.kind]; }
  std::span<const std::byte> payload(const Message& message) const noexcept {
    return {bytes_.data() + message.place, message.size};
  }

  // ---- those that wait; where there are any
  const Message& front() const noexcept { return messages_[first_]; }
  const Message& back() const noexcept { return messages_.back(); }
  /// The first one has left, and its end is to come.
  void leave(std::uint64_t counter, std::uint64_t sequence) noexcept {
    Message& left = messages_[first_];
    forget(left);
    left.counter = counter;
    left.sequence = sequence;
    ++under_way_;
    ++first_;
  }
  /// It has ended.
  void pop_front() noexcept {
    Message& popped = messages_[first_];
    forget(popped);
    popped.ended = true;
    popped.counter = first_ == 0 ? 0 : messages_[first_ - 1].counter;  // So they stay sorted.
    ++first_;
  }
  void pop_back() noexcept {
    forget(back());
    messages_.pop_back();
  }
  /// Takes out those for which which(Message) says so; it may do with them what it wants, but change nothing here.
  template <class Which>
  void remove_waiting(Which&& which) {
    const auto left = std::remove_if(messages_.begin() + static_cast<std::ptrdiff_t>(first_), messages_.end(), [&](const Message& each) {
      if (!which(each)) return false;
      forget(each);
      return true;
    });
    messages_.erase(left, messages_.end());
  }

  // ---- those that have left
  /// The one under way that has this counter; nullptr: there is none.
  Message* find(std::uint64_t counter) noexcept {
    const auto left = messages_.begin() + static_cast<std::ptrdiff_t>(first_);
    // Nearly always their counters follow one another.
    auto found = left;
    const std::uint64_t guess = counter - messages_.front().counter;
    if (guess < first_) found = messages_.begin() + static_cast<std::ptrdiff_t>(guess);
    if (found == left || found->counter != counter || found->ended) {
      found = std::lower_bound(messages_.begin(), left, counter,
                               [](const Message& each, std::uint64_t wanted) { return each.counter < wanted; });
    }
    return found == left || found->counter != counter || found->ended ? nullptr : &*found;
  }
  /// Calls visit(Message&) for each that is under way; it may end it.
  template <class Visit>
  void each_under_way(Visit&& visit) {
    for (std::size_t index = 0; index != first_; ++index)
      if (!messages_[index].ended) visit(messages_[index]);
  }
  /// One that is under way has ended.
  void end(Message& message) noexcept {
    message.ended = true;
    --under_way_;
  }

  /// Finds earliest_deadline() anew.
  void look_for_earliest() noexcept {
    earliest_ = never;
    for (const Message& each : messages_)
      if (!each.ended) earliest_ = std::min(earliest_, each.deadline);
  }

  /// One that nobody waits for has ended: it is on its way, ...
  virtual void sent(const Message&) {}
  /// ... or will never be, and why.
  virtual void failed(const Message&, FailureCode) {}
  /// One that is confirmed was done.
  virtual void done(const Message&) {}
  /// It goes on alone, as a send with this ticket, whose tag is returned.
  virtual std::uint64_t parted(const Message&, Ticket) { return 0; }
  /// After one or more ended, but not of those that parted: what they held is free.
  virtual void left(Amount) {}

 private:
  static bool is_of(const Kind& kind, const SmallMessage& message) noexcept {
    return kind.schema == message.schema && kind.format == message.format && kind.key == message.key &&
           kind.depth == message.depth && kind.handler == message.handler;
  }
  void forget(const Message& message) noexcept {
    --waiting_.messages;
    waiting_.bytes -= message.size;
  }

  std::uint8_t priority_;
  Delivery delivery_;
  std::vector<Kind> kinds_;
  std::vector<Message> messages_;
  std::vector<std::byte> bytes_;
  std::size_t first_ = 0;  // Of messages_ that waits.
  Amount waiting_;
  std::uint64_t under_way_ = 0;
  Instant earliest_ = never;
};

}  // namespace structwire::messaging
