// SPDX-License-Identifier: Apache-2.0
//
// Of the endpoint: frames that come, taken apart and judged, and the order of what carries a sequence.

#include <algorithm>

#include <structwire/messaging/endpoint/endpoint_state.hpp>

namespace structwire::messaging {
namespace {

constexpr std::size_t message_alignment = 8;
// Of a hello, whatever EndpointOptions::payload_bytes_max is: a few thousand handlers.
constexpr std::uint64_t hello_bytes_max = 4u << 20;

// The message at `place` of a frame; moves `place` behind it. Errors: those of read_header, unexpected_end.
Result<ReceivedMessage> take_apart(const Frame& frame, std::size_t& place, const HeaderLimits& limits) {
  auto view = read_header(frame.head.bytes().subspan(place), limits);
  if (!view) return std::unexpected(std::move(view.error()));
  const std::size_t behind = place + view->size;
  const std::uint64_t size = view->header.payload_size;
  if (behind == frame.head.size() && !frame.body.empty()) {
    if (frame.body.size() != size) {
      return std::unexpected(Error(ErrorCode::malformed, "The second part is not the payload that the header tells", behind));
    }
    place = behind;
    return ReceivedMessage{*view, frame.body, frame.head};
  }
  if (size > frame.head.size() - behind) {
    return std::unexpected(Error(ErrorCode::unexpected_end, "The frame ends inside a payload", frame.head.size()));
  }
  const std::size_t end = behind + static_cast<std::size_t>(size);
  place = std::min((end + message_alignment - 1) / message_alignment * message_alignment, frame.head.size());
  return ReceivedMessage{*view, frame.head.part(behind, static_cast<std::size_t>(size)), frame.head};
}

}  // namespace

void Endpoint::State::received(LinkId link, Frame frame, Instant now) {
  auto state = links_.find(link);
  if (state == links_.end()) return;
  ++counters.frames_received;
  counters.bytes_received += frame.size();
  const HeaderLimits limits{.payload_bytes = std::max(options.payload_bytes_max, hello_bytes_max)};
  std::size_t place = take_plain_requests(link, state->second, frame, 0, now);
  while (place < frame.head.size()) {
    auto message = take_apart(frame, place, limits);
    if (!message) return refuse_frame(link, message.error().message(), now);
    const bool is_body = !frame.body.empty() && message->payload.data() == frame.body.data();
    if (!frame.body.empty() && !is_body && place >= frame.head.size()) {
      return refuse_frame(link, "a second part that belongs to no message", now);
    }
    if (!take_message(link, state->second, std::move(*message), now)) return;
    state = links_.find(link);
    if (state == links_.end()) return;
    place = take_plain_requests(link, state->second, frame, place, now);
  }
}

// What does not keep to the protocol is not spoken to any longer: nothing that follows could be trusted.
void Endpoint::State::refuse_frame(LinkId link, std::string_view why, Instant now) {
  ++counters.frames_refused;
  const auto state = links_.find(link);
  if (state == links_.end()) return;
  Peer* const peer = find(state->second.peer);
  if (peer != nullptr && peer->link == link) return drop_link(*peer, why, now);
  links_.erase(state);
  port.disconnect(link, why);
}

// Why the payload of a message is not to be decompressed; nullptr: it is plain, or may be. Before it takes any memory.
const char* Endpoint::State::unreadable(const Peer& peer, const Header& header) {
  if (header.compression == 0) return nullptr;
  if (header.compression != zstd_compression || !peer.agreement.has(Feature::compression_zstd)) {
    return "the payload is compressed in a way that was not agreed on";
  }
  if (header.plain_size == 0) return "the size of the payload without its compression is missing";
  if (header.plain_size > options.payload_bytes_max) return "without its compression the payload is larger than EndpointOptions::payload_bytes_max";
  ++counters.compressed_received;
  counters.compressed_received_bytes += header.payload_size;
  counters.compressed_received_plain_bytes += header.plain_size;
  return nullptr;
}

// False: the link is not read any further.
bool Endpoint::State::take_message(LinkId link, Link& state, ReceivedMessage message, Instant now) {
  const Header& header = message.view.header;
  if (header.kind == MessageKind::hello || header.kind == MessageKind::hello_ack) {
    if (header.payload_size > hello_bytes_max) {
      refuse_frame(link, "a hello larger than any", now);
      return false;
    }
    auto hello = decode_hello(message.payload.bytes());
    if (!hello) {
      refuse_frame(link, hello.error().message(), now);
      return false;
    }
    if (header.kind == MessageKind::hello) {
      hello_came(link, state, std::move(*hello), now);
      return links_.contains(link);
    }
    Peer* const peer = find(state.peer);
    if (peer == nullptr || peer->link != link) {
      refuse_frame(link, "a hello_ack without a hello", now);
      return false;
    }
    peer->heard = now;
    hello_answered(*peer, std::move(*hello), now);
    return links_.contains(link);
  }

  if (header.payload_size > options.payload_bytes_max) {
    refuse_frame(link, "a payload larger than EndpointOptions::payload_bytes_max", now);
    return false;
  }
  Peer* const peer = find(state.peer);
  if (peer == nullptr || peer->link != link || !peer->greeted) {
    // Where things get lost, the answer to a hello may be: what comes instead of it comes again.
    if (!state.info.lossless) return true;
    refuse_frame(link, "a message before HELLO", now);
    return false;
  }
  peer->heard = now;
  if (has_sequence(header)) {
    if (!take_sequenced(*peer, std::move(message), now)) return false;
  } else {
    if (!take_status(*peer, message.view, now)) return false;
    if (header.kind == MessageKind::ping && !port.congested(link)) append_status(*peer, MessageKind::pong, header.id, now);
  }
  return links_.contains(link);
}

// An acknowledgement, ping or pong: what arrived there, and what it grants.
bool Endpoint::State::take_status(Peer& peer, const HeaderView& view, Instant now) {
  if (const auto acknowledged = view.extensions.find(ExtensionType::acknowledged)) {
    const auto expected = acknowledged->u64();
    const auto behind = acknowledged->u64(8);
    const std::size_t before = peer.session->sent.amount().messages;
    const auto told = [&](const SentMessage& message) { arrived(peer, message, now); };
    if (!expected || !behind || !peer.session->sent.acknowledge(*expected, *behind, told)) {
      refuse_frame(peer.link, "it acknowledges what was never sent", now);
      return false;
    }
    if (peer.session->sent.amount().messages != before) {
      peer.resend_after = options.resend;
      // What its unacknowledged replies held up may be granted now.
      if (peer.session->to_grant.grant_due()) {
        peer.acknowledge_now = true;
        touch(peer);
      }
    }
  }
  if (const auto credit = view.extensions.find(ExtensionType::credit)) {
    const auto messages = credit->u64();
    const auto bytes = credit->u64(8);
    if (!messages || !bytes) {
      refuse_frame(peer.link, "credit that is cut off", now);
      return false;
    }
    peer.session->to_send.grant({*messages, *bytes});
  }
  if (view.header.kind == MessageKind::pong) {
    const auto asked = Instant(Duration(static_cast<std::int64_t>(view.header.id.counter)));
    if (asked <= now) peer.round_trip = now - asked;
    const auto progress = view.extensions.find(ExtensionType::progress);
    const Duration stalled = std::chrono::milliseconds(progress ? progress->u32().value_or(0) : 0);
    peer.wedged = stalled >= std::chrono::milliseconds(peer.agreement.heartbeat_ms) * options.heartbeats_missed;
    settle_state(peer);
  }
  pump(peer, now);
  return true;
}

bool Endpoint::State::take_sequenced(Peer& peer, ReceivedMessage message, Instant now) {
  const PeerId id = peer.id;
  const LinkId link = peer.link;
  ReceivedMessages& order = peer.session->received;
  const std::uint64_t sequence = message.view.header.sequence;
  if (sequence == 0) {
    refuse_frame(link, "a message without a sequence", now);
    return false;
  }
  switch (order.judge(sequence, options.unacknowledged.messages)) {
    case ReceivedMessages::Verdict::repeat:
      ++counters.duplicates;
      peer.acknowledge_now = true;
      touch(peer);
      return true;
    case ReceivedMessages::Verdict::too_far:
    case ReceivedMessages::Verdict::early:
      if (peer.info.lossless) {
        refuse_frame(link, "a gap in what it sends", now);
        return false;
      }
      // Behind what may be kept, it is lost once more.
      if (sequence - order.expected() <= options.unacknowledged.messages &&
          order.held_bytes() + message.payload.size() <= options.credit.bytes) {
        ++counters.reordered;
        order.hold(std::move(message));
      }
      peer.acknowledge_now = true;
      touch(peer);
      return true;
    case ReceivedMessages::Verdict::next: break;
  }
  for (std::optional<ReceivedMessage> next(std::move(message)); next; next = peer.session->received.take_held()) {
    order.taken();
    if (next->view.header.delivery == Delivery::queued || order.has_gap()) peer.acknowledge_now = true;
    ++peer.unacknowledged.messages;
    peer.unacknowledged.bytes += next->payload.size();
    act_on(peer, std::move(*next), now);
    if (find(id) != &peer) return false;
    // Also where that broke the link: what was held is acknowledged, and does not come again.
  }
  if (peer.link != link) return false;
  if (!peer.acknowledge.is_set()) timers.set(peer.acknowledge, later(now, options.ack_delay));
  touch(peer);
  return true;
}

void Endpoint::State::act_on(Peer& peer, ReceivedMessage message, Instant now) {
  const Header& header = message.view.header;
  switch (header.kind) {
    case MessageKind::request: return request_came(peer, std::move(message), now);
    case MessageKind::accept:
    case MessageKind::ack:
    case MessageKind::nack:
    case MessageKind::response: return reply_came(peer, std::move(message), now);
    case MessageKind::cancel: return cancel_came(peer, header.id);
    case MessageKind::credit: {
      const WorkId* const found = peer.session->running.find(header.id.counter);
      const auto credit = message.view.extensions.find(ExtensionType::credit);
      if (found != nullptr && credit) port.more_items(*found, credit->u64().value_or(0));
      return;
    }
    case MessageKind::drain:
      peer.draining = true;
      return settle_state(peer);
    case MessageKind::ping:
    case MessageKind::pong:
    case MessageKind::hello:
    case MessageKind::hello_ack: return;  // Carry no sequence.
  }
}

}  // namespace structwire::messaging
