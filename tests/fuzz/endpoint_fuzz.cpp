// SPDX-License-Identifier: Apache-2.0
//
// An input is what a hostile peer and a busy owner do to an endpoint: links, hellos, messages whose every field may be
// wrong, raw frames, time, sends, cancels, handlers that end. Whatever comes, each send has one outcome, what is held
// stays within its limits, and no deadline in the past keeps the loop busy.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <structwire/core/config.hpp>
#include <structwire/messaging/endpoint/endpoint.hpp>

namespace {

using namespace structwire;
using namespace structwire::messaging;

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : left_(data, size) {}
  bool empty() const { return left_.empty(); }
  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const std::uint8_t first = left_.front();
    left_ = left_.subspan(1);
    return first;
  }
  std::uint64_t number() { return byte() < 200 ? byte() : std::uint64_t{byte()} << byte() % 64; }
  std::span<const std::byte> bytes(std::size_t size) {
    const auto taken = left_.first(std::min(size, left_.size()));
    left_ = left_.subspan(taken.size());
    return std::as_bytes(taken);
  }

 private:
  std::span<const std::uint8_t> left_;
};

struct Owner final : Port {
  void transmit(LinkId, Frame frame) override {
    // What it says itself is always right.
    const auto view = read_header(frame.head.bytes());
    STRUCTWIRE_ASSERT(view.has_value());
    if (view->header.kind == MessageKind::hello || view->header.kind == MessageKind::hello_ack) {
      const auto hello = decode_hello(frame.body.empty() ? frame.head.bytes().subspan(view->size) : frame.body.bytes());
      STRUCTWIRE_ASSERT(hello.has_value());
      session = hello->session;
    }
  }
  bool congested(LinkId) const override { return congestion; }
  void disconnect(LinkId link, std::string_view) override { links.erase(link); }
  void run(Work work) override { works.push_back(std::move(work)); }
  bool runs_many() const override { return true; }
  void run_many(ManyWorks many) override {
    STRUCTWIRE_ASSERT(!many.works.empty() && many.works.size() <= ManyWorks::most);
    manies.push_back(std::move(many));
  }
  Instant expire_many(WorkId id, Instant now) override {
    Instant next = never;
    for (const ManyWorks& many : manies) {
      if (many.id != id) continue;
      for (const auto& one : many.works)
        if (one.deadline > now) next = std::min(next, one.deadline);
    }
    return next;
  }
  void stop(WorkId, FailureCode) override {}
  void more_items(WorkId, std::uint64_t) override {}
  void settled(std::uint64_t tag, Outcome) override { STRUCTWIRE_ASSERT(open.erase(tag) == 1); }
  void receipt(std::uint64_t tag) override { STRUCTWIRE_ASSERT(open.contains(tag)); }
  void item(std::uint64_t tag, Reply) override { STRUCTWIRE_ASSERT(open.contains(tag)); }
  void peer_changed(PeerId, PeerState) override {}
  Duration stalled(Instant) const override { return {}; }

  std::set<LinkId> links;
  std::set<std::uint64_t> open;
  std::deque<Work> works;
  std::deque<ManyWorks> manies;
  std::set<ManyMessages*> leaving;
  std::uint64_t session = 0;
  bool congestion = false;
};

/// Sends that leave together.
class Many final : public ManyMessages {
 public:
  Many(Owner& owner, std::uint8_t priority, Delivery delivery) : ManyMessages(priority, delivery), owner_(owner) {
    owner_.leaving.insert(this);
  }
  ~Many() override {
    STRUCTWIRE_ASSERT(ended_ == left_);
    owner_.leaving.erase(this);
  }
  void sent(const Message& message) override { end(message.tag); }
  void failed(const Message& message, FailureCode) override { end(message.tag); }
  void done(const Message& message) override { end(message.tag); }
  std::uint64_t parted(const Message& message, Ticket) override { return message.tag; }
  void left(Amount amount) override { left_ += amount.messages; }

 private:
  void end(std::uint64_t tag) {
    ++ended_;
    owner_.settled(tag, Reply{});
  }
  Owner& owner_;
  std::uint64_t ended_ = 0;
  std::uint64_t left_ = 0;
};

class World {
 public:
  explicit World(Input input) : input_(input), endpoint_(options(), owner_) {
    endpoint_.set_handler({.name = "a", .slot = 1, .request = 5}, now_);
    endpoint_.set_handler({.name = "b", .slot = 2, .idempotent = true}, now_);
    peer_ = endpoint_.dialled(DialId{1});
  }

  void run() {
    while (!input_.empty()) {
      step();
      endpoint_.flush(now_);
      STRUCTWIRE_ASSERT(endpoint_.bytes_held() <= held_max);
    }
    endpoint_.stop(now_);
    STRUCTWIRE_ASSERT(owner_.open.empty());
  }

 private:
  // Two peers' credit, what they hold unacknowledged and what waits, each with the slack of one message.
  static constexpr std::uint64_t held_max = 4u << 20;
  static EndpointOptions options() {
    EndpointOptions made;
    made.formats = {1, 2};
    made.credit = {8, 1 << 14};
    made.payload_bytes_max = 1 << 12;
    made.unacknowledged = {16, 1 << 14};
    made.pending = {8, 1 << 14};
    made.peers = 3;
    made.seed = 1;
    made.now = Instant(std::chrono::hours(1));
    return made;
  }

  void step() {
    switch (input_.byte() % 10) {
      case 0: return open();
      case 1: return hello();
      case 2:
      case 3: return message();
      case 4: return receive({Payload::copy(input_.bytes(input_.byte())), Payload::copy(input_.bytes(input_.byte() % 8))});
      case 5: return pass();
      case 6: return send();
      case 7: return finish();
      case 8:
        if (owner_.leaving.empty() || input_.byte() % 2 == 0) return endpoint_.cancel(ticket_, now_);
        return endpoint_.cancel((*owner_.leaving.begin())->ticket, tag_ - input_.byte() % 8, now_);
      default:
        owner_.congestion = !owner_.congestion;
        if (!owner_.links.empty() && input_.byte() % 4 == 0) {
          const LinkId link = *owner_.links.begin();
          owner_.links.erase(link);
          endpoint_.link_closed(link, now_);
        }
    }
  }
  void open() {
    const std::uint8_t kind = input_.byte();
    owner_.links.insert(LinkId{++link_});
    endpoint_.link_opened(LinkId{link_}, {.dial = DialId{kind % 2u}, .lossless = kind % 4 < 2}, now_);
    sequence_ = 1;
  }
  void hello() {
    Hello said;
    said.instance.bytes[0] = std::byte{static_cast<unsigned char>(input_.byte() % 3)};
    said.incarnation = input_.byte() % 3;
    said.formats = {1};
    said.features = input_.byte();
    said.channel = input_.byte() % 3;
    said.session = input_.byte() % 3;
    said.peer_session = input_.byte() % 2 == 0 ? owner_.session : input_.byte() % 3;
    said.received = input_.number();
    said.credit_messages = input_.number();
    said.credit_bytes = input_.number();
    said.payload_bytes_max = 1 << 12;
    said.heartbeat_ms = input_.byte();
    said.handlers.push_back({.name = "h", .slot = 1, .idempotent = input_.byte() % 2 == 0});
    session_ = said.session;
    Header header;
    header.kind = input_.byte() % 2 == 0 ? MessageKind::hello : MessageKind::hello_ack;
    say(header, {}, encode_hello(said).bytes());
  }
  void message() {
    Header header;
    header.kind = MessageKind{static_cast<std::uint8_t>(1 + input_.byte() % 12)};
    header.delivery = Delivery{static_cast<std::uint8_t>(input_.byte() % 6)};
    const std::uint8_t choice = input_.byte();
    header.sequence = choice % 4 != 0 ? sequence_++ : input_.number();
    header.id = {choice % 8 < 4 ? session_ : choice % 8 < 7 ? owner_.session : input_.byte(), input_.byte() % 16u};
    header.handler = input_.byte() % 4;
    header.schema = input_.byte() % 2 == 0 ? 0 : 5;
    header.time_left_us = static_cast<std::uint32_t>(input_.number());
    header.flags = input_.byte() & 0x0f;
    ExtensionWriter extensions;
    for (int count = input_.byte() % 3; count != 0; --count) {
      const auto type = static_cast<ExtensionType>(input_.byte() % 17);
      if (type == ExtensionType::acknowledged || type == ExtensionType::credit) {
        extensions.add_pair(type, input_.number(), input_.number());
      } else if (type == ExtensionType::failure) {
        add_failure(extensions, {.code = FailureCode{static_cast<std::uint16_t>(input_.byte() % 10)}, .retryable = true});
      } else {
        extensions.add(type, input_.bytes(input_.byte() % 32));
      }
    }
    if (choice % 16 == 9) return several(header);
    say(header, extensions, input_.bytes(input_.byte()));
  }
  // Requests of which nobody wants to hear more than that they are done in one frame; some of them others, or wrong.
  void several(Header header) {
    Buffer frame;
    const Delivery usual = input_.byte() % 2 == 0 ? Delivery::fire_and_forget : Delivery::done;
    for (int count = input_.byte() % 80; count != 0; --count) {
      const std::uint8_t choice = input_.byte();
      header.kind = choice == 255 ? MessageKind::cancel : MessageKind::request;
      header.delivery = choice == 254 ? Delivery{static_cast<std::uint8_t>(input_.byte() % 6)} : usual;
      header.sequence = choice == 253 ? input_.number() : sequence_++;
      header.id.counter = choice == 252 ? input_.byte() : header.id.counter + 1;
      header.handler = choice % 64 == 1 ? input_.byte() % 4 : header.handler;
      header.flags = choice == 251 ? input_.byte() : 0;
      const auto payload = input_.bytes(choice % 32);
      header.payload_size = payload.size();
      frame.append(std::vector<std::byte>((8 - frame.size() % 8) % 8));
      if (!append_header(header, {}, frame)) return;
      frame.append(payload);
    }
    receive({Payload(std::move(frame)), {}});
  }
  void say(Header header, const ExtensionWriter& extensions, std::span<const std::byte> payload) {
    header.payload_size = payload.size();
    Buffer frame;
    if (!append_header(header, extensions, frame)) return;
    frame.append(payload);
    receive({Payload(std::move(frame)), {}});
  }
  void receive(Frame frame) {
    if (owner_.links.empty()) return;
    const std::size_t index = input_.byte() % owner_.links.size();
    endpoint_.received(*std::next(owner_.links.begin(), static_cast<std::ptrdiff_t>(index)), std::move(frame), now_);
  }
  void pass() {
    const Instant end = later(now_, std::chrono::milliseconds(input_.byte() * 20));
    for (int steps = 0; now_ < end; ++steps) {
      STRUCTWIRE_ASSERT(steps < 20'000);
      now_ = std::clamp(endpoint_.next_deadline(), now_ + Duration(1), std::max(end, now_ + Duration(1)));
      endpoint_.tick(now_);
      endpoint_.flush(now_);
    }
  }
  void send() {
    const std::uint8_t choice = input_.byte();
    OutgoingMessage message{.handler = choice % 16 == 0 ? "none" : "h", .payload = Payload::copy(input_.bytes(choice % 64))};
    message.options.delivery = Delivery{static_cast<std::uint8_t>(choice % 6)};
    message.options.when_full = WhenFull{static_cast<std::uint8_t>(input_.byte() % 4)};
    message.options.priority = input_.byte();
    message.options.deadline = std::chrono::milliseconds(input_.byte() * 10);
    message.options.key = choice % 3;
    message.options.stream_items = choice % 5 == 0 ? 3 : 0;
    if (choice % 8 == 6) return send_many(std::move(message));
    owner_.open.insert(++tag_);
    const auto all = endpoint_.peers();
    const PeerId to = choice % 2 == 0 || all.empty() ? peer_ : all[choice % all.size()];
    ticket_ = endpoint_.send(to, std::move(message), tag_, now_);
  }
  void send_many(OutgoingMessage message) {
    auto many = std::make_unique<Many>(owner_, message.options.priority,
                                       input_.byte() % 2 == 0 ? Delivery::fire_and_forget : Delivery::done);
    for (int count = input_.byte() % 32; count != 0; --count) {
      const std::uint8_t choice = input_.byte();
      owner_.open.insert(++tag_);
      many->add({.handler = choice % 16 == 0 ? "none" : "h",
                 .schema = choice % 8 == 1 ? 5u : 0u,
                 .key = choice % 4 == 2 ? choice : 0u,
                 .depth = choice == 100 ? 40u : 0u,
                 .payload = message.payload.bytes(),
                 .deadline = choice % 2 == 0 ? never : later(now_, std::chrono::milliseconds(choice)),
                 .tag = tag_});
    }
    const auto all = endpoint_.peers();
    endpoint_.send(all.empty() ? peer_ : all[tag_ % all.size()], std::move(many), now_);
  }
  void finish_some() {
    if (owner_.manies.empty()) return;
    ManyWorks& many = owner_.manies.front();
    const auto count = std::min<std::size_t>(1 + input_.byte() % 70, many.works.size());
    ManyEnded ended{.ended = count};
    std::vector<std::uint64_t> done;
    std::vector<ManyEnded::Failed> failed;
    for (std::size_t each = 0; each != count; ++each) {
      ++ended.released.messages;
      ended.released.bytes += many.works.back().payload.size();
      const std::uint8_t choice = input_.byte();
      const std::uint64_t counter = many.works.back().counter;
      if (choice % 8 == 0) {
        failed.push_back({counter, {.code = FailureCode{static_cast<std::uint16_t>(1 + choice / 8 % 9)}, .retryable = true}});
      } else {
        done.push_back(counter);
      }
      many.works.pop_back();
    }
    ended.done = done;
    ended.failed = failed;
    endpoint_.ended(many.id, ended, now_);
    if (many.works.empty()) owner_.manies.pop_front();
  }
  void finish() {
    if (input_.byte() % 2 == 0) return finish_some();
    if (owner_.works.empty()) return;
    Work work = std::move(owner_.works.front());
    owner_.works.pop_front();
    const std::uint8_t choice = input_.byte();
    if (choice % 2 == 0) endpoint_.accepted(work.id, now_);
    if (choice % 5 == 0) endpoint_.item(work.id, {.payload = Payload::copy(input_.bytes(5))}, now_);
    Outcome outcome = Reply{.payload = work.payload};
    if (choice % 3 == 0) {
      outcome = std::unexpected(Failure{.code = FailureCode{static_cast<std::uint16_t>(1 + choice % 9)}, .retryable = true});
    }
    if (choice % 7 != 0) endpoint_.released(work.id);
    endpoint_.finished(work.id, std::move(outcome), {}, now_);
    if (choice % 7 == 0) endpoint_.released(work.id);
  }

  Input input_;
  Owner owner_;
  Instant now_ = Instant(std::chrono::hours(1));
  Endpoint endpoint_;
  PeerId peer_{};
  Ticket ticket_{};
  std::uint64_t link_ = 0;
  std::uint64_t sequence_ = 1;
  std::uint64_t session_ = 0;
  std::uint64_t tag_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  World(Input(data, size)).run();
  return 0;
}
