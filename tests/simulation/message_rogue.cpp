// SPDX-License-Identifier: Apache-2.0
#include <tests/simulation/message_rogue.hpp>

#include <algorithm>
#include <utility>

#include <structwire/messaging/endpoint/hello.hpp>
#include <tests/simulation/message_kinds.hpp>

namespace structwire::messaging::simulation {

Rogue::Rogue(RogueManner manner, std::string victim, SimulatedNetwork& network, SeededRandom random)
    : manner_(manner), network_(&network), random_(random), transport_(network.attach("rogue")) {
  (void)transport_->dial(victim);
}

void Rogue::opened(LinkId link, const LinkInfo&) {
  link_ = link;
  say_hello();
  next_ = network_->now() + random_.between(Duration(100'000), Duration(5'000'000));
}
void Rogue::received(LinkId, Frame frame) {
  const auto view = read_header(frame.head.bytes());
  if (!view) return;
  if (const auto credit = view->extensions.find(ExtensionType::credit)) {
    credit_ = std::max(credit_, credit->u64().value_or(0));
  } else if (view->header.kind == MessageKind::hello_ack) {
    const Payload payload = frame.body.empty() ? frame.head.part(view->size, frame.head.size() - view->size) : frame.body;
    if (const auto hello = decode_hello(payload.bytes())) credit_ = hello->credit_messages;
  }
}
void Rogue::closed(LinkId, std::string_view) {
  link_ = {};
  next_ = never;
}

void Rogue::say_hello() {
  Hello hello;
  hello.instance.bytes[0] = std::byte{0x66};  // Not one of the processes.
  hello.instance.bytes[15] = static_cast<std::byte>(random_.below(2));
  hello.incarnation = 1 + random_.below(3);
  hello.formats = {common_format};
  hello.payload_bytes_max = random_.chance(0.5) ? 1 << 20 : ~0ull;
  hello.credit_messages = manner_ == RogueManner::silent ? 0 : static_cast<std::uint32_t>(random_.bits());
  hello.credit_bytes = manner_ == RogueManner::silent ? 0 : random_.bits();
  hello.heartbeat_ms = random_.chance(0.3) ? 0 : static_cast<std::uint32_t>(random_.below(100'000));
  hello.channel = random_.below(3);
  hello.session = session_ = random_.bits() | 1;
  hello.peer_session = random_.chance(0.3) ? random_.bits() : 0;
  hello.received = random_.chance(0.2) ? random_.bits() : 0;
  sequence_ = credit_ = 0;
  sent_.clear();
  if (manner_ == RogueManner::repeats) {
    hello.peer_session = 0;
    hello.heartbeat_ms = 1000;
    hello.payload_bytes_max = 1 << 20;
    hello.received = 1;
  }
  Buffer frame;
  const Buffer payload = encode_hello(hello);
  Header header;
  header.kind = MessageKind::hello;
  header.payload_size = payload.size();
  if (!append_header(header, {}, frame)) return;
  frame.append(payload);
  transport_->send(link_, {.head = Payload(std::move(frame)), .body = {}});
}

Payload Rogue::request(std::uint64_t payload_size) {
  Header header;
  header.kind = MessageKind::request;
  header.delivery = static_cast<Delivery>(random_.below(6));
  header.format = common_format;
  header.id = {session_, ++counter_};
  header.sequence = random_.chance(0.02) ? random_.bits() : ++sequence_;
  header.handler = static_cast<std::uint32_t>(random_.below(20));
  header.schema = random_.chance(0.5) ? 0 : request_schema(random_.below(kinds.size()));
  header.time_left_us = random_.chance(0.3) ? 0 : static_cast<std::uint32_t>(random_.below(5'000'000));
  const Payload payload = make_payload({}, payload_size);
  header.payload_size = payload.size();
  Buffer frame;
  if (append_header(header, {}, frame)) frame.append(payload.bytes());
  return Payload(std::move(frame));
}

// A request of its own, and some of them again.
void Rogue::repeat() {
  while (sequence_ < credit_ && random_.chance(0.9)) {
    const bool again = !sent_.empty() && random_.chance(0.5);
    Header header;
    header.kind = MessageKind::request;
    header.delivery = static_cast<Delivery>(random_.below(6));
    header.format = common_format;
    header.id = {session_, again ? sent_[random_.below(sent_.size())] : ++counter_};
    header.sequence = ++sequence_;
    ExtensionWriter extensions;
    extensions.add(ExtensionType::handler_name, random_.chance(0.5) ? "echo" : "read");
    if (again) header.set(Flag::retry);
    if (!again) sent_.push_back(header.id.counter);
    const Payload payload = make_payload({}, content_size);
    header.payload_size = payload.size();
    Buffer frame;
    if (!append_header(header, extensions, frame)) return;
    frame.append(payload.bytes());
    ++frames_;
    transport_->send(link_, {.head = Payload(std::move(frame)), .body = {}});
  }
}

Payload Rogue::lie() {
  Header header;
  header.kind = static_cast<MessageKind>(1 + random_.below(12));
  header.delivery = static_cast<Delivery>(random_.below(6));
  header.id = {random_.chance(0.5) ? session_ : random_.bits(), random_.below(1000)};
  header.sequence = random_.chance(0.5) ? random_.below(1000) : 0;
  header.handler = static_cast<std::uint32_t>(random_.below(20));
  header.payload_size = random_.chance(0.5) ? 0 : random_.bits() >> random_.below(64);
  ExtensionWriter extensions;
  if (random_.chance(0.3)) {
    std::byte bytes[16];
    for (std::byte& each : bytes) each = static_cast<std::byte>(random_.bits());
    extensions.add(static_cast<ExtensionType>(1 + random_.below(14)), std::span(bytes, random_.below(17)));
  }
  Buffer frame;
  (void)append_header(header, extensions, frame);
  if (random_.chance(0.3)) frame.data()[random_.below(frame.size())] ^= static_cast<std::byte>(1 + random_.below(255));
  if (random_.chance(0.2)) frame.resize_uninitialized(random_.below(frame.size()));
  return Payload(std::move(frame));
}

void Rogue::step() {
  transport_->poll(*this, network_->now());
  if (next_ > network_->now()) return;
  next_ = network_->now() + random_.between(Duration(500'000), Duration(20'000'000));
  if (link_ == LinkId{}) return;
  if (manner_ == RogueManner::repeats) return repeat();
  const std::uint64_t frames = manner_ == RogueManner::floods ? random_.below(20) : random_.below(3);
  for (std::uint64_t each = 0; each < frames; ++each) {
    ++frames_;
    const bool lies = manner_ == RogueManner::lies && random_.chance(0.7);
    transport_->send(link_, {.head = lies ? lie() : request(random_.below(2000)), .body = {}});
  }
  if (manner_ == RogueManner::lies && random_.chance(0.1)) say_hello();
  if (random_.chance(0.02)) transport_->close(std::exchange(link_, LinkId{}));
}

}  // namespace structwire::messaging::simulation
