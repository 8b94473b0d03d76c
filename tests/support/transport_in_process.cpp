// SPDX-License-Identifier: Apache-2.0
#include <tests/support/transport_in_process.hpp>

namespace structwire::testing {

using messaging::DialId;
using messaging::Frame;
using messaging::LinkId;
using messaging::LinkInfo;

std::unique_ptr<messaging::Transport> InProcessNetwork::transport() {
  return std::make_unique<TransportInProcess>(*this);
}

void InProcessNetwork::connect(const Dial& dial) {
  const auto listener = listeners_.find(dial.address);
  if (listener == listeners_.end()) return;
  const LinkId here{next_++};
  const LinkId there{next_++};
  other_end_[here] = {listener->second, there};
  other_end_[there] = {dial.from, here};
  dial_of_[here] = dial_of_[there] = dial.id;
  listener->second->tell({.kind = TransportInProcess::Event::opened,
                          .link = there,
                          .info = {.dial = {}, .lossless = true, .peer = "in process", .credentials = {}},
                          .frame = {}});
  dial.from->tell({.kind = TransportInProcess::Event::opened,
                   .link = here,
                   .info = {.dial = dial.id, .lossless = true, .peer = dial.address, .credentials = {}},
                   .frame = {}});
}

void InProcessNetwork::break_link(LinkId link) {
  const auto place = other_end_.find(link);
  if (place == other_end_.end()) return;
  const End there = place->second;
  const End here = other_end_[there.link];
  other_end_.erase(place);
  other_end_.erase(there.link);
  dial_of_.erase(here.link);
  dial_of_.erase(there.link);
  for (const End& end : {here, there}) {
    end.transport->tell({.kind = TransportInProcess::Event::closed, .link = end.link, .info = {}, .frame = {}});
  }
}

void InProcessNetwork::cut() {
  const std::lock_guard lock(mutex_);
  while (!other_end_.empty()) break_link(other_end_.begin()->first);
  for (const Dial& dial : dials_) connect(dial);
}

TransportInProcess::~TransportInProcess() {
  const std::lock_guard lock(network_.mutex_);
  std::erase_if(network_.listeners_, [this](const auto& entry) { return entry.second == this; });
  std::erase_if(network_.dials_, [this](const auto& dial) { return dial.from == this; });
  std::vector<LinkId> mine;
  for (const auto& [link, end] : network_.other_end_) {
    if (end.transport == this) mine.push_back(link);
  }
  for (const LinkId link : mine) network_.break_link(link);
}

Result<std::string> TransportInProcess::listen(std::string_view address) {
  const std::lock_guard lock(network_.mutex_);
  network_.listeners_.emplace(address, this);
  for (const auto& dial : network_.dials_) {
    if (dial.address == address) network_.connect(dial);
  }
  return std::string(address);
}

Result<DialId> TransportInProcess::dial(std::string_view address) {
  const std::lock_guard lock(network_.mutex_);
  const DialId id{network_.next_++};
  network_.dials_.push_back({this, id, std::string(address)});
  network_.connect(network_.dials_.back());
  return id;
}

void TransportInProcess::hang_up(DialId dial) {
  const std::lock_guard lock(network_.mutex_);
  std::erase_if(network_.dials_, [&](const auto& known) { return known.id == dial; });
}

void TransportInProcess::send(LinkId link, Frame frame) {
  const std::lock_guard lock(network_.mutex_);
  const auto place = network_.other_end_.find(link);
  if (place == network_.other_end_.end()) return;
  const auto there = place->second;
  there.transport->tell({.kind = Event::received, .link = there.link, .info = {}, .frame = std::move(frame)});
}

void TransportInProcess::close(LinkId link) {
  const std::lock_guard lock(network_.mutex_);
  const auto dial = network_.dial_of_.find(link);
  const messaging::DialId dialled = dial == network_.dial_of_.end() ? DialId{} : dial->second;
  network_.break_link(link);
  for (const auto& known : network_.dials_) {
    if (known.id == dialled) network_.connect(known);
  }
}

void TransportInProcess::tell(Event event) {
  events_.push_back(std::move(event));
  happened_.notify_all();
}

void TransportInProcess::poll(messaging::LinkEvents& events, messaging::Instant until) {
  std::deque<Event> happened;
  {
    std::unique_lock lock(network_.mutex_);
    const auto awake = [&] { return woken_ || !events_.empty(); };
    if (until == messaging::never) {
      happened_.wait(lock, awake);
    } else {
      happened_.wait_until(lock, until, awake);
    }
    woken_ = false;
    happened.swap(events_);
  }
  for (Event& event : happened) {
    switch (event.kind) {
      case Event::opened: events.opened(event.link, event.info); break;
      case Event::received: events.received(event.link, std::move(event.frame)); break;
      case Event::closed: events.closed(event.link, "cut"); break;
    }
  }
}

void TransportInProcess::wake() {
  const std::lock_guard lock(network_.mutex_);
  woken_ = true;
  happened_.notify_all();
}

}  // namespace structwire::testing
