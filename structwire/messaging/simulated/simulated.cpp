// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/simulated.hpp>

#include <utility>

#include <structwire/messaging/simulated/simulated_state.hpp>

namespace structwire::messaging {

using namespace simulated;

SimulatedNetwork::SimulatedNetwork(std::uint64_t seed) : state_(std::make_unique<State>(seed)) {
  state_->dials.emplace_back();
}
SimulatedNetwork::~SimulatedNetwork() = default;

Instant SimulatedNetwork::now() const { return state_->now; }
Instant SimulatedNetwork::next_event() const { return state_->next_event(); }
void SimulatedNetwork::advance(Instant to) { state_->advance(to); }
const NetworkCounters& SimulatedNetwork::counters() const { return state_->counters; }

std::unique_ptr<SimulatedTransport> SimulatedNetwork::attach(std::string_view host) {
  const auto number = static_cast<std::uint32_t>(state_->processes.size());
  state_->processes.emplace_back().host = state_->host(host);
  return std::unique_ptr<SimulatedTransport>(new SimulatedTransport(*state_, number));
}

std::vector<LinkId> SimulatedNetwork::links() const {
  std::vector<LinkId> standing;
  for (std::uint32_t index = 0; index < state_->links.size(); ++index) {
    const Link& link = state_->links[index];
    if (!link.cut && !link.ends[0].closed && !link.ends[1].closed) standing.push_back(id_of(index, 0));
  }
  return standing;
}

void SimulatedNetwork::set_default_quality(const LinkQuality& quality) {
  state_->default_quality = quality;
}
void SimulatedNetwork::set_quality(std::string_view from, std::string_view to, const LinkQuality& quality) {
  state_->qualities[{state_->host(from), state_->host(to)}] = quality;
}
void SimulatedNetwork::block(std::string_view from, std::string_view to) {
  const std::pair way(state_->host(from), state_->host(to));
  if (!state_->is_blocked(way.first, way.second)) state_->blocked.push_back(way);
}
void SimulatedNetwork::unblock(std::string_view from, std::string_view to) {
  const std::pair way(state_->host(from), state_->host(to));
  if (std::erase(state_->blocked, way) != 0) state_->release_held(way.first, way.second);
}
void SimulatedNetwork::unblock_all() {
  for (const auto& [from, to] : std::exchange(state_->blocked, {})) state_->release_held(from, to);
}
void SimulatedNetwork::cut(LinkId link) {
  if (state_->knows(link)) state_->cut(index_of(link));
}

// ---- one process's end

SimulatedTransport::SimulatedTransport(SimulatedNetwork::State& network, std::uint32_t process)
    : network_(&network), process_(process) {}
SimulatedTransport::~SimulatedTransport() { network_->end_process(process_, true); }
void SimulatedTransport::power_off() { network_->end_process(process_, false); }

Result<std::string> SimulatedTransport::listen(std::string_view address) {
  if (!address.starts_with(scheme) || address.size() == scheme.size()) {
    return std::unexpected(Error(ErrorCode::malformed, "an address of the simulated network is sim://NAME"));
  }
  std::string name(address);
  if (const auto star = name.find('*'); star != std::string::npos) {
    name.replace(star, 1, std::to_string(++network_->names));
  }
  const auto found = network_->listeners.find(name);
  if (found != network_->listeners.end() && found->second != process_ &&
      network_->processes[found->second].alive) {
    return std::unexpected(Error(ErrorCode::io, "another process listens at " + name));
  }
  network_->listeners[name] = process_;
  return name;
}

Result<DialId> SimulatedTransport::dial(std::string_view address) {
  if (!address.starts_with(scheme) || address.size() == scheme.size()) {
    return std::unexpected(Error(ErrorCode::malformed, "an address of the simulated network is sim://NAME"));
  }
  const auto number = static_cast<std::uint32_t>(network_->dials.size());
  network_->dials.push_back({.process = process_, .address = std::string(address)});
  network_->schedule({.at = network_->now, .kind = EventKind::dial, .index = number});
  return static_cast<DialId>(number);
}

void SimulatedTransport::hang_up(DialId dial) {
  const auto number = static_cast<std::uint32_t>(dial);
  if (number == 0 || number >= network_->dials.size()) return;
  network_->dials[number].active = false;
  for (std::uint32_t index = 0; index < network_->links.size(); ++index) {
    if (network_->links[index].dial == number) network_->close(index, 0);
  }
}

void SimulatedTransport::send(LinkId link, Frame frame) {
  if (network_->knows(link)) network_->send(index_of(link), side_of(link), std::move(frame));
}
bool SimulatedTransport::congested(LinkId link) const {
  return network_->knows(link) && network_->congested(network_->links[index_of(link)], side_of(link));
}
void SimulatedTransport::close(LinkId link) {
  if (network_->knows(link)) network_->close(index_of(link), side_of(link));
}
void SimulatedTransport::wake() { woken_ = true; }

bool SimulatedTransport::ready() const {
  const Process& process = network_->processes[process_];
  return !process.inbox.empty() || process.stirred || woken_;
}

void SimulatedTransport::poll(LinkEvents& events, Instant until) {
  while (!ready()) {
    const Instant next = network_->next_event();
    if (next > until || next == never) {
      if (until != never) network_->advance(until);
      break;
    }
    network_->advance(next);
  }
  woken_ = false;
  network_->processes[process_].stirred = false;
  for (Notice& notice : std::exchange(network_->processes[process_].inbox, {})) {
    const LinkId id = id_of(notice.link, notice.side);
    Link& link = network_->links[notice.link];
    if (notice.item.kind == ItemKind::frame) {
      network_->leaves_way(notice.link, other(notice.side), notice.item.frame.size());
    }
    if (link.ends[notice.side].closed) continue;
    switch (notice.item.kind) {
      case ItemKind::opened: events.opened(id, network_->describe(link, notice.side)); break;
      case ItemKind::frame: events.received(id, std::move(notice.item.frame)); break;
      case ItemKind::closed:
        link.ends[notice.side].closed = true;
        if (notice.side == 0) network_->dial_after(link.dial, first_pause);
        events.closed(id, notice.item.reason);
        break;
    }
  }
}

}  // namespace structwire::messaging
