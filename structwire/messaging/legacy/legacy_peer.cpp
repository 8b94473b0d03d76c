// SPDX-License-Identifier: Apache-2.0
//
// Of a legacy peer: the binary peer that the endpoint takes it for.
#include <structwire/messaging/legacy/legacy_peer.hpp>

#include <algorithm>
#include <cstring>

#include <structwire/contract/envelope.hpp>

namespace structwire::messaging {
namespace {

constexpr std::size_t message_alignment = 8;
// The endpoint's own peers count their dialled addresses from 1: no peer of this instance's is taken for this one.
constexpr std::uint64_t legacy_channel = std::uint64_t{1} << 63;
constexpr std::uint32_t slow_heartbeat_ms = 5000;

}  // namespace

LegacyPeer::LegacyPeer(LegacyPeerOptions options)
    : options_(std::move(options)), random_(options_.seed != 0 ? options_.seed : std::random_device{}()),
      own_instance_(options_.own_instance) {
  options_.window.bytes = std::max(options_.window.bytes, options_.limits.payload_bytes);
  options_.window.messages = std::max<std::uint64_t>(options_.window.messages, 1);
  reset();
}

void LegacyPeer::reset() {
  do {
    session_ = random_();
  } while (session_ == 0);
  endpoint_session_ = 0;
  sent_ = {};
  next_in_ = 1;
  held_.clear();
  credit_ = {};
  released_ = {};
  acknowledge_ = draining_ = false;
  to_endpoint_.clear();
  outbox_.clear();
  outstanding_.clear();
  running_.clear();
}

// ---- links and hellos

void LegacyPeer::opened() {
  linked_ = true;
  greeted_ = false;
  to_endpoint_.clear();
  if (options_.dials) say_hello(MessageKind::hello);
}

void LegacyPeer::closed() {
  linked_ = greeted_ = false;
  to_endpoint_.clear();
}

Hello LegacyPeer::own_hello() const {
  Hello hello;
  hello.instance = options_.instance;
  hello.incarnation = session_;
  hello.name = options_.name;
  hello.minor_max = protocol_minor;
  hello.formats = {static_cast<std::uint8_t>(EnvelopeFormat::json)};
  hello.payload_bytes_max = options_.limits.payload_bytes;
  hello.credit_messages = released_.messages + options_.window.messages;
  hello.credit_bytes = released_.bytes + options_.window.bytes;
  hello.heartbeat_ms = slow_heartbeat_ms;
  hello.channel = legacy_channel | options_.channel;
  hello.session = session_;
  hello.peer_session = endpoint_session_;
  hello.received = expected();
  hello.table = 1;
  hello.more_handlers = true;
  return hello;
}

void LegacyPeer::say_hello(MessageKind kind) {
  const ExtensionWriter none;
  say({.kind = kind, .format = static_cast<std::uint8_t>(EnvelopeFormat::msgpack)}, none, Payload(encode_hello(own_hello())));
}

void LegacyPeer::hello_from_endpoint(Hello hello, bool is_answer) {
  own_instance_ = hello.instance;
  endpoint_payload_max_ = hello.payload_bytes_max;
  answering_.clear();
  for (HandlerEntry& entry : hello.handlers) {
    if (entry.response != 0) answering_.insert(std::move(entry.name));
  }
  if (greeted_) {
    // Its handlers changed, of which nothing is told here.
    if (!is_answer) say_hello(MessageKind::hello_ack);
    return;
  }
  const bool goes_on = hello.session == endpoint_session_ && hello.peer_session == session_;
  if (!goes_on && !is_answer) reset();
  endpoint_session_ = hello.session;
  greeted_ = true;
  credit_.grant({hello.credit_messages, hello.credit_bytes});
  if (!is_answer) say_hello(MessageKind::hello_ack);
  if (goes_on) {
    sent_.acknowledge(hello.received, 0, [](const SentMessage&) {});
    sent_.each([&](const SentMessage& message) {
      to_endpoint_.push_back({message.head, message.body});
      return true;
    });
  }
  pump();
}

// ---- what the endpoint says

Result<void> LegacyPeer::received(const Frame& frame) {
  const HeaderLimits limits{.payload_bytes = ~std::uint64_t{0}};
  std::size_t place = 0;
  do {
    auto view = read_header(frame.head.bytes().subspan(place), limits);
    if (!view) return std::unexpected(std::move(view.error()));
    const std::size_t behind = place + view->size;
    const std::uint64_t size = view->header.payload_size;
    const bool is_body = behind == frame.head.size() && !frame.body.empty();
    if (size > (is_body ? frame.body.size() : frame.head.size() - behind)) {
      return std::unexpected(Error(ErrorCode::unexpected_end, "The frame ends inside a payload", behind));
    }
    const Payload payload = is_body ? frame.body : frame.head.part(behind, static_cast<std::size_t>(size));
    if (auto taken = message_from_endpoint(*view, payload); !taken) return taken;
    const std::size_t end = is_body ? behind : behind + static_cast<std::size_t>(size);
    place = (end + message_alignment - 1) / message_alignment * message_alignment;
  } while (place < frame.head.size());
  return {};
}

Result<void> LegacyPeer::message_from_endpoint(const HeaderView& view, const Payload& payload) {
  const Header& header = view.header;
  if (header.kind == MessageKind::hello || header.kind == MessageKind::hello_ack) {
    auto hello = decode_hello(payload.bytes());
    if (!hello) return std::unexpected(std::move(hello.error()));
    hello_from_endpoint(std::move(*hello), header.kind == MessageKind::hello_ack);
    return {};
  }
  if (header.sequence == 0) {
    status_from_endpoint(view);
    return {};
  }
  if (header.sequence != next_in_) return {};  // Sent again over a new link, and known.
  ++next_in_;
  acknowledge_ = true;
  switch (header.kind) {
    case MessageKind::request: request_from_endpoint(view, payload); break;
    case MessageKind::cancel: cancel_from_endpoint(header.id); break;
    case MessageKind::accept:
    case MessageKind::ack:
    case MessageKind::nack:
    case MessageKind::response: reply_from_endpoint(view, payload); break;
    default: break;  // Of streams, which there are none of, and that this side drains, which its nacks tell.
  }
  return {};
}

void LegacyPeer::status_from_endpoint(const HeaderView& view) {
  if (const auto acknowledged = view.extensions.find(ExtensionType::acknowledged)) {
    sent_.acknowledge(acknowledged->u64().value_or(0), acknowledged->u64(8).value_or(0), [](const SentMessage&) {});
  }
  if (const auto credit = view.extensions.find(ExtensionType::credit)) {
    credit_.grant({credit->u64().value_or(0), credit->u64(8).value_or(0)});
  }
  if (view.header.kind == MessageKind::ping) to_endpoint_.push_back(status_frame(MessageKind::pong, view.header.id));
  pump();
}

// ---- what it is told

std::optional<Frame> LegacyPeer::next_frame() {
  if (!linked_) return std::nullopt;
  if (to_endpoint_.empty()) {
    if (!greeted_ || !std::exchange(acknowledge_, false)) return std::nullopt;
    return status_frame(MessageKind::ack, {});
  }
  Frame frame = std::move(to_endpoint_.front());
  to_endpoint_.pop_front();
  return frame;
}

void LegacyPeer::say(Header header, const ExtensionWriter& extensions, Payload payload) {
  const bool greets = header.kind == MessageKind::hello || header.kind == MessageKind::hello_ack;
  header.payload_size = payload.size();
  if (!greets) header.sequence = sent_.next();
  Buffer head;
  if (!append_header(header, extensions, head)) return;  // A handler's name and a failure's text are bounded.
  Frame frame{Payload(std::move(head)), std::move(payload)};
  if (!greets) sent_.keep({.head = frame.head, .body = frame.body});
  if (linked_ && (greeted_ || greets)) to_endpoint_.push_back(std::move(frame));
}

// An acknowledgement or a pong: what arrived, and what may be sent.
Frame LegacyPeer::status_frame(MessageKind kind, const MessageId& id) {
  const std::uint64_t first = expected();
  std::uint64_t behind = 0;
  for (std::uint64_t bit = 0; bit != 64 && first + 1 + bit < next_in_; ++bit) {
    if (!held_.contains(first + 1 + bit)) behind |= std::uint64_t{1} << bit;
  }
  ExtensionWriter extensions;
  extensions.add_pair(ExtensionType::acknowledged, first, behind);
  extensions.add_pair(ExtensionType::credit, released_.messages + options_.window.messages,
                      released_.bytes + options_.window.bytes);
  Buffer head;
  (void)append_header({.kind = kind, .id = id}, extensions, head);
  return {Payload(std::move(head)), {}};
}

void LegacyPeer::nack(const MessageId& id, FailureCode code, std::string text) {
  ExtensionWriter extensions;
  add_failure(extensions, {.code = code, .text = std::move(text)});
  say({.kind = MessageKind::nack, .id = id}, extensions, {});
}

void LegacyPeer::arrived(std::uint64_t sequence) {
  if (held_.erase(sequence) != 0) acknowledge_ = true;
}

// ---- the end of a session

void LegacyPeer::drain() {
  if (std::exchange(draining_, true)) return;
  const ExtensionWriter none;
  say({.kind = MessageKind::drain}, none, {});
}

bool LegacyPeer::is_quiet() const noexcept {
  return outstanding_.empty() && running_.empty() && waiting_.empty() && outbox_.empty() && held_.empty() &&
         to_endpoint_.empty() && !acknowledge_ && sent_.empty();
}

}  // namespace structwire::messaging
