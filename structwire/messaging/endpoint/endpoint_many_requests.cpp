// SPDX-License-Identifier: Apache-2.0
//
// Of the endpoint: the peers' requests of which nobody wants to hear more than that they are done. Those of a frame to one
// handler are taken in as many and are one Request; each has its own credit, deadline and place in the window of those
// that were seen. What they come to is told together, too.

#include <algorithm>

#include <structwire/messaging/endpoint/endpoint_state.hpp>

namespace structwire::messaging {

// As many messages of a frame, from `place` on, as are such and nothing but the next to come. Returns where the rest
// begins, with which it goes on as with any.
std::size_t Endpoint::State::take_plain_requests(LinkId link, Link& state, const Frame& frame, std::size_t place, Instant now) {
  if (!runs_many_ || draining_ || stopped_ || !frame.body.empty()) return place;
  Peer* const peer = find(state.peer);
  if (peer == nullptr || peer->link != link || !peer->greeted || peer->session->received.has_gap()) return place;
  const std::span<const std::byte> bytes = frame.head.bytes();
  const std::size_t begin = place;
  // One that is alone is cheaper as any other.
  const bool is_alone = bytes.size() - place < header_size || next_message(bytes, place) == bytes.size();
  if (is_alone) return place;
  while (place < bytes.size()) {
    const auto header = read_plain_request(bytes.subspan(place));
    if (!header || header->sequence != peer->session->received.expected()) break;
    const auto payload = bytes.subspan(place + header_size, static_cast<std::size_t>(header->payload_size));
    if (!collect(*peer, *header, frame, payload, now)) break;
    peer->session->received.taken();
    ++peer->unacknowledged.messages;
    peer->unacknowledged.bytes += payload.size();
    place = next_message(bytes, place);
  }
  run_collected();
  if (place == begin) return place;
  peer->heard = now;
  if (!peer->acknowledge.is_set()) timers.set(peer->acknowledge, later(now, options.ack_delay));
  touch(*peer);
  return place;
}

// False, and nothing is changed, for one that request_came() has to look at.
bool Endpoint::State::collect(Peer& peer, const Header& header, const Frame& frame, std::span<const std::byte> payload,
                              Instant now) {
  Session& session = *peer.session;
  const std::uint64_t counter = header.id.counter;
  if (header.id.incarnation != session.peer || counter == 0 || header.handler == 0) return false;
  if (payload.size() > options.payload_bytes_max) return false;
  ManyWorks& many = collected_;
  const bool joins = !many.works.empty() && many.handler == header.handler && many.schema == header.schema &&
                     many.format == header.format && many.delivery == header.delivery &&
                     many.works.size() < ManyWorks::most;
  if (!joins) {
    const auto entry = handlers_.find(header.handler);
    if (entry == handlers_.end() || !takes(entry->second, header.schema)) return false;
  }
  // What is not fresh changes nothing there.
  if (session.seen.admit(counter) != DedupeWindow::Verdict::fresh) return false;
  if (!session.to_grant.receive(payload.size())) {
    session.seen.forget(counter);
    return false;
  }
  ++counters.requests;
  if (!joins) {
    run_collected();
    many = {.peer = peer.id,
            .handler = header.handler,
            .delivery = header.delivery,
            .incarnation = header.id.incarnation,
            .schema = header.schema,
            .format = header.format,
            .frame = frame.head,
            .received = now};
    many.works.reserve(ManyWorks::most);
  }
  const Instant deadline =
      header.time_left_us == 0 ? never : later(now, std::chrono::microseconds(header.time_left_us));
  many.works.push_back({counter, payload, deadline});
  return true;
}

void Endpoint::State::run_collected() {
  if (collected_.works.empty()) return;
  ManyWorks many = std::exchange(collected_, {});
  Request& request = requests_.emplace();
  request.peer = many.peer;
  request.session = many.incarnation;
  request.handler = many.handler;
  request.delivery = many.delivery;
  request.is_many = true;
  request.running = many.works.size();
  if (wants_reply(many.delivery)) {
    request.keeps_result = !handlers_.at(many.handler).idempotent;
    Session& session = *find(many.peer)->session;
    for (const ManyWorks::One& one : many.works) session.running.insert(one.counter, request.work);
  }
  Instant first = never;
  for (const ManyWorks::One& one : many.works) {
    ++request.held.messages;
    request.held.bytes += one.payload.size();
    first = std::min(first, one.deadline);
  }
  timers.set(request.timer, first);
  many.id = request.work;
  port.run_many(std::move(many));
}

void Endpoint::State::ended(WorkId number, const ManyEnded& ended, Instant now) {
  Request* const request = requests_.find(number);
  if (request == nullptr) return;
  Peer* const peer = find(request->peer);
  const bool in_session = peer != nullptr && peer->session && peer->session->peer == request->session;
  if (ended.ended != 0) {
    request->running -= ended.ended;
    if (in_session) {
      adapt(*peer, ended.waited, ended.ended);
      conclude(*peer, *request, ended, now);
    } else {
      counters.abandoned += ended.ended;
    }
  }
  request->held.messages -= ended.released.messages;
  request->held.bytes -= ended.released.bytes;
  if (peer != nullptr && ended.released.messages != 0) {
    if (request->counted) {
      peer->orphaned.messages -= ended.released.messages;
      peer->orphaned.bytes -= ended.released.bytes;
      peer->window = window_for(*peer);
      if (peer->session) peer->session->to_grant.resize(peer->window);
    } else {
      peer->session->to_grant.release(ended.released);
    }
    if (peer->session) grant_if_due(*peer);
  }
  request->finished = request->running == 0;
  if (request->finished && request->held.messages == 0) requests_.erase(number);
  else if (request->finished) request->timer.clear();
}

// In their session: what they are told that wait, and what a repeat will be.
void Endpoint::State::conclude(Peer& peer, const Request& request, const ManyEnded& ended, Instant now) {
  static const Outcome success = Reply{};
  for (const std::uint64_t counter : ended.done) remember(*peer.session, counter, success, request.keeps_result);
  tell_done(peer, request.session, ended.done, now);
  for (const auto& [counter, why] : ended.failed) {
    remember(*peer.session, counter, std::unexpected(why), request.keeps_result);
    if (wants_reply(request.delivery)) nack(peer, {request.session, counter}, why, now);
  }
}

// One acknowledgement for all that it can name.
void Endpoint::State::tell_done(Peer& peer, std::uint64_t incarnation, std::span<const std::uint64_t> numbers, Instant now) {
  constexpr std::uint64_t others_max = 64;
  const bool tells_many = peer.agreement.has(Feature::acks_of_many);
  for (std::size_t next = 0; next != numbers.size();) {
    const std::uint64_t first = numbers[next++];
    std::uint64_t others = 0;
    for (; tells_many && next != numbers.size(); ++next) {
      const std::uint64_t behind = numbers[next] - first - 1;
      if (behind >= others_max) break;  // Those before the first as well.
      others |= std::uint64_t{1} << behind;
    }
    extensions_.clear();
    if (others != 0) extensions_.add_u64(ExtensionType::done_too, others);
    append(peer, {.kind = MessageKind::ack, .delivery = Delivery::done, .id = {incarnation, first}}, extensions_, {}, 0, never, now);
  }
}

}  // namespace structwire::messaging
