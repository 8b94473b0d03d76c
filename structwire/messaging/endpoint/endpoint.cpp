// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/endpoint/endpoint.hpp>

#include <random>

#include <structwire/messaging/endpoint/endpoint_state.hpp>

namespace structwire::messaging {

std::string_view name_of(PeerState state) noexcept {
  switch (state) {
    using enum PeerState;
    case connecting: return "connecting";
    case up: return "up";
    case draining: return "draining";
    case wedged: return "wedged";
    case down: return "down";
    case gone: return "gone";
  }
  return "unknown";
}

Endpoint::State::State(EndpointOptions endpoint_options, Port& endpoint_port)
    : options(std::move(endpoint_options)), port(endpoint_port), timers(options.now), runs_many_(port.runs_many()) {
  if (options.seed == 0) {
    std::random_device device;
    options.seed = std::uint64_t{device()} << 32 | device();
  }
  random_.seed(options.seed);
  if (options.incarnation == 0) options.incarnation = draw();
  // Who could not take the largest message that it allows would wait for it for ever.
  options.credit.bytes = std::max(options.credit.bytes, options.payload_bytes_max);
  options.credit.messages = std::max<std::uint64_t>(options.credit.messages, 1);
  options.credit_least.bytes = std::clamp(options.credit_least.bytes, options.payload_bytes_max, options.credit.bytes);
  options.credit_least.messages = std::clamp<std::uint64_t>(options.credit_least.messages, 1, options.credit.messages);
}

Endpoint::Endpoint(EndpointOptions options, Port& port) : state_(std::make_unique<State>(std::move(options), port)) {}
Endpoint::~Endpoint() = default;

void Endpoint::set_handler(HandlerEntry entry, Instant now) { state_->set_handler(std::move(entry), now); }
void Endpoint::remove_handler(std::uint32_t slot, Instant now) { state_->remove_handler(slot, now); }
PeerId Endpoint::dialled(DialId dial) { return state_->dialled(dial); }
void Endpoint::forget(PeerId peer, Instant now) { state_->forget(peer, now); }
void Endpoint::link_opened(LinkId link, const LinkInfo& info, Instant now) { state_->link_opened(link, info, now); }
void Endpoint::received(LinkId link, Frame frame, Instant now) { state_->received(link, std::move(frame), now); }
void Endpoint::link_closed(LinkId link, Instant now) { state_->link_closed(link, now); }
Ticket Endpoint::send(PeerId peer, OutgoingMessage message, std::uint64_t tag, Instant now) {
  return state_->send(peer, std::move(message), tag, now);
}
void Endpoint::send(PeerId peer, std::unique_ptr<ManyMessages> messages, Instant now) {
  state_->send(peer, std::move(messages), now);
}
void Endpoint::cancel(Ticket ticket, Instant now) { state_->cancel(ticket, now); }
void Endpoint::cancel(Ticket many, std::uint64_t tag, Instant now) { state_->cancel(many, tag, now); }
void Endpoint::consumed(Ticket ticket, std::uint64_t total, Instant now) { state_->consumed(ticket, total, now); }
void Endpoint::accepted(WorkId work, Instant now) { state_->accepted(work, now); }
void Endpoint::item(WorkId work, Reply reply, Instant now) { state_->item(work, std::move(reply), now); }
void Endpoint::finished(WorkId work, Outcome outcome, Duration waited, Instant now) {
  state_->finished(work, std::move(outcome), waited, now);
}
void Endpoint::released(WorkId work) { state_->released(work); }
void Endpoint::ended(WorkId many, const ManyEnded& ended, Instant now) { state_->ended(many, ended, now); }
void Endpoint::tick(Instant now) { state_->tick(now); }
Instant Endpoint::next_deadline() const { return state_->timers.next(); }
void Endpoint::flush(Instant now) { state_->flush(now); }
void Endpoint::drain(Instant now) { state_->drain(now); }
bool Endpoint::idle() const { return state_->idle(); }
void Endpoint::stop(Instant now) { state_->stop(now); }
const Counters& Endpoint::counters() const { return state_->counters; }
std::optional<PeerStatus> Endpoint::status(PeerId peer) const { return state_->status(peer); }
std::uint64_t Endpoint::bytes_held() const { return state_->bytes_held(); }
std::vector<PeerId> Endpoint::peers() const {
  std::vector<PeerId> all;
  for (const auto& [id, peer] : state_->peers) all.push_back(id);
  return all;
}

}  // namespace structwire::messaging
