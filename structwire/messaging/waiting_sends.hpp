// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sends that wait for a peer's credit, in the order in which they will get it.

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include <structwire/messaging/credit.hpp>
#include <structwire/messaging/endpoint.hpp>

namespace structwire::messaging {

/// First come, first served, but each step of priority is a lead of so many places: a higher priority passes, and
/// passes nobody for ever. A larger message at the head is not passed by smaller ones, for the same reason.
class WaitingSends {
 public:
  /// Where a send stands; kept by it.
  struct Place {
    std::int64_t rank = 0;
    std::uint64_t arrival = 0;
    std::uint64_t bytes = 0;
    bool waits = false;
  };

  /// Numbers a send when it comes: one that has to wait again later keeps its turn.
  void arrive(Place& place) noexcept { place.arrival = ++arrivals_; }
  void add(Ticket ticket, const OutgoingMessage& message, Place& place) {
    place.rank = static_cast<std::int64_t>(place.arrival) - lead * message.options.priority;
    place.bytes = message.payload.size();
    place.waits = true;
    order_.emplace(std::pair(place.rank, place.arrival), ticket);
    ++amount_.messages;
    amount_.bytes += place.bytes;
    if (message.options.when_full == WhenFull::latest) latest_[key_of(message)] = ticket;
    if (message.options.when_full == WhenFull::drop_oldest) {
      oldest_.emplace(std::pair(message.handler, place.arrival), ticket);
    }
  }
  void remove(Ticket ticket, const OutgoingMessage& message, Place& place) {
    if (!place.waits) return;
    place.waits = false;
    order_.erase(std::pair(place.rank, place.arrival));
    --amount_.messages;
    amount_.bytes -= place.bytes;
    if (message.options.when_full == WhenFull::latest) {
      const auto found = latest_.find(key_of(message));
      if (found != latest_.end() && found->second == ticket) latest_.erase(found);
    }
    if (message.options.when_full == WhenFull::drop_oldest) oldest_.erase(std::pair(message.handler, place.arrival));
  }

  bool empty() const noexcept { return order_.empty(); }
  Ticket first() const { return order_.begin()->second; }
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
  static std::pair<std::string, std::uint64_t> key_of(const OutgoingMessage& message) {
    return {message.handler, message.options.key};
  }

  std::map<std::pair<std::int64_t, std::uint64_t>, Ticket> order_;
  std::map<std::pair<std::string, std::uint64_t>, Ticket> latest_;
  std::map<std::pair<std::string, std::uint64_t>, Ticket> oldest_;
  std::uint64_t arrivals_ = 0;
  Amount amount_;
};

}  // namespace structwire::messaging
