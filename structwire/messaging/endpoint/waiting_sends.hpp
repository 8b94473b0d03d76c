// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sends that wait for a peer's credit, in the order in which they will get it.

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <structwire/messaging/endpoint/credit.hpp>
#include <structwire/messaging/endpoint/endpoint.hpp>

namespace structwire::messaging {

/// First come, first served, but each step of priority is a lead of so many places: a higher priority passes, and
/// passes nobody for ever. A larger message at the head is not passed by smaller ones, for the same reason.
///
/// A list for each priority, in the order of arrival, linked through the sends themselves: to add and to remove allocate
/// nothing and look for nothing, since nearly all come last and leave first.
class WaitingSends {
 public:
  /// Where a send stands; kept by it, and not moved while it waits. One of many messages has as many turns, which follow
  /// one another.
  struct Place {
    Ticket ticket{};
    std::uint64_t arrival = 0;
    Amount amount{1, 0};
    Place* before = nullptr;
    Place* behind = nullptr;
    std::uint8_t priority = 0;
    bool waits = false;
  };

  WaitingSends() = default;
  WaitingSends(const WaitingSends&) = delete;
  WaitingSends& operator=(const WaitingSends&) = delete;

  /// Numbers a send when it comes: one that has to wait again later keeps its turn.
  void arrive(Place& place, std::uint64_t messages = 1) noexcept {
    place.arrival = arrivals_ + 1;
    arrivals_ += messages;
  }
  /// Of many messages.
  void add(Ticket ticket, std::uint8_t priority, Amount amount, Place& place) noexcept {
    place.ticket = ticket;
    place.priority = priority;
    place.amount = amount;
    place.waits = true;
    link(place);
    amount_.messages += amount.messages;
    amount_.bytes += amount.bytes;
  }
  void add(Ticket ticket, const OutgoingMessage& message, Place& place) {
    add(ticket, message.options.priority, {1, message.payload.size()}, place);
    if (message.options.when_full == WhenFull::latest) latest_[key_of(message)] = ticket;
    if (message.options.when_full == WhenFull::drop_oldest) {
      oldest_.emplace(std::pair(message.handler, place.arrival), ticket);
    }
  }
  void remove(Ticket ticket, const OutgoingMessage& message, Place& place) {
    if (!place.waits) return;
    remove(place);
    if (message.options.when_full == WhenFull::latest) {
      const auto found = latest_.find(key_of(message));
      if (found != latest_.end() && found->second == ticket) latest_.erase(found);
    }
    if (message.options.when_full == WhenFull::drop_oldest) oldest_.erase(std::pair(message.handler, place.arrival));
  }

  void remove(Place& place) noexcept {
    if (!place.waits) return;
    place.waits = false;
    unlink(place);
    take(place, place.amount);
  }
  /// Some of many messages have left or ended.
  void advance(Place& place, Amount by) noexcept {
    place.arrival += by.messages;
    if (place.waits) take(place, by);
  }
  /// So many messages of the first send may leave before it is another's turn.
  std::uint64_t turns() const noexcept {
    const Place& now = *first_place();
    std::int64_t turns = static_cast<std::int64_t>(now.amount.messages);
    for (const List& list : lists_) {
      if (list.first == nullptr || list.first == &now) continue;
      const std::int64_t ahead = rank(*list.first) - rank(now);
      turns = std::min(turns, ahead + (list.first->priority > now.priority ? 1 : 0));
    }
    return static_cast<std::uint64_t>(std::max<std::int64_t>(turns, 1));
  }

  bool empty() const noexcept { return amount_.messages == 0; }
  /// Where it is not empty.
  Ticket first() const noexcept { return first_place()->ticket; }
  Amount amount() const noexcept { return amount_; }
  bool has_room(std::uint64_t bytes, Amount most) const noexcept {
    return amount_.messages < most.messages && amount_.bytes + bytes <= most.bytes;
  }
  /// The waiting message of the same handler and key that `message` takes the place of; 0 if none.
  Ticket superseded_by(const OutgoingMessage& message) const {
    const auto found = latest_.find(key_of(message));
    return found == latest_.end() ? Ticket{} : found->second;
  }
  /// The oldest one to a handler that may be dropped; 0 if none.
  Ticket oldest_to(const std::string& handler) const {
    const auto found = oldest_.lower_bound(std::pair(handler, std::uint64_t{0}));
    return found == oldest_.end() || found->first.first != handler ? Ticket{} : found->second;
  }

 private:
  static constexpr std::int64_t lead = 64;
  struct List {
    Place* first = nullptr;
    Place* last = nullptr;
  };
  const Place* first_place() const noexcept {
    const Place* first = nullptr;
    for (const List& list : lists_) {
      const Place* const place = list.first;
      if (place == nullptr) continue;
      if (first == nullptr || std::pair(rank(*place), place->arrival) < std::pair(rank(*first), first->arrival)) first = place;
    }
    return first;
  }
  void take(Place& place, Amount amount) noexcept {
    place.amount.messages -= amount.messages;
    place.amount.bytes -= amount.bytes;
    amount_.messages -= amount.messages;
    amount_.bytes -= amount.bytes;
  }
  static std::int64_t rank(const Place& place) noexcept {
    return static_cast<std::int64_t>(place.arrival) - lead * place.priority;
  }
  static std::pair<std::string, std::uint64_t> key_of(const OutgoingMessage& message) {
    return {message.handler, message.options.key};
  }
  void link(Place& place) noexcept {
    List& list = lists_[place.priority];
    Place* before = list.last;
    while (before != nullptr && before->arrival > place.arrival) before = before->before;
    place.before = before;
    place.behind = before == nullptr ? list.first : before->behind;
    (before == nullptr ? list.first : before->behind) = &place;
    (place.behind == nullptr ? list.last : place.behind->before) = &place;
  }
  void unlink(Place& place) noexcept {
    List& list = lists_[place.priority];
    (place.before == nullptr ? list.first : place.before->behind) = place.behind;
    (place.behind == nullptr ? list.last : place.behind->before) = place.before;
    place.before = place.behind = nullptr;
  }

  std::array<List, priority_max + 1> lists_{};
  std::map<std::pair<std::string, std::uint64_t>, Ticket> latest_;
  std::map<std::pair<std::string, std::uint64_t>, Ticket> oldest_;
  std::uint64_t arrivals_ = 0;
  Amount amount_;
};

}  // namespace structwire::messaging
