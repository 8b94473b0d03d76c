// SPDX-License-Identifier: Apache-2.0
//
// An input is what a program of the older protocol says to an endpoint, line by line: metadata, a tab, a payload. `@` in it is the id
// of a message that went out to it. Metadata that is accepted is written so that it reads the same; each send has one outcome at
// its deadline, what waits stays within its bound, and what goes out is metadata.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <string_view>

#include <structwire/core/config.hpp>
#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/legacy/legacy_allow_list.hpp>
#include <structwire/messaging/legacy/legacy_peer.hpp>

namespace {

using namespace structwire;
using namespace structwire::messaging;
using namespace std::chrono_literals;

class World final : public Port {
 public:
  World() : endpoint_(options(), *this), legacy_(peer_options()) {
    endpoint_.set_handler({.name = "echo", .slot = 1}, now_);
    peer_ = endpoint_.dialled(DialId{1});
    endpoint_.link_opened(LinkId{1}, {.dial = DialId{1}}, now_);
    legacy_.opened();
    exchange();
    for (int i = 0; i != 6; ++i) {
      open_.insert(static_cast<std::uint64_t>(i));
      endpoint_.send(peer_, {.handler = "there", .format = 1, .options = {.delivery = static_cast<Delivery>(i), .deadline = 1s}},
                     static_cast<std::uint64_t>(i), now_);
    }
    exchange();
  }

  void say(std::string_view line) {
    std::string text(line);
    for (std::size_t at = 0; !ids_.empty() && (at = text.find('@', at)) != std::string::npos;) {
      const std::string& id = ids_[at % ids_.size()];
      text.replace(at, 1, id);
      at += id.size();
    }
    const auto tab = text.find('\t');
    const std::string_view first = std::string_view(text).substr(0, tab);
    const std::string_view second = tab == std::string::npos ? std::string_view() : std::string_view(text).substr(tab + 1);
    auto metadata = decode_legacy_metadata(std::as_bytes(std::span(first)));
    if (!metadata) {
      STRUCTWIRE_ASSERT(!metadata.error().message().empty());
      return;
    }
    const Buffer again = encode_legacy_metadata(*metadata);
    const auto same = decode_legacy_metadata(again.bytes());
    STRUCTWIRE_ASSERT(same.has_value());
    const Buffer third = encode_legacy_metadata(*same);
    STRUCTWIRE_ASSERT(std::ranges::equal(third.bytes(), again.bytes()));
    if (const auto upgrade = upgrade_of(metadata->control)) (void)allowed_.allows(upgrade->address);
    const Payload payload{Buffer(second)};
    const auto kind = kind_of(*metadata, payload.bytes());
    if (!kind) return;
    if (*kind == LegacyKind::request) {
      legacy_.request_came(std::move(*metadata), payload);
    } else {
      legacy_.reply_came(*metadata, *kind, payload);
    }
    exchange();
  }

  void end() {
    for (int i = 0; i != 100; ++i) {
      now_ += 50ms;
      endpoint_.tick(now_);
      exchange();
    }
    STRUCTWIRE_ASSERT(open_.empty());
    STRUCTWIRE_ASSERT(legacy_.outstanding() == 0);
    STRUCTWIRE_ASSERT(!lost_);
  }

 private:
  static EndpointOptions options() {
    EndpointOptions mine;
    mine.formats = {2, 1};
    mine.seed = 3;
    mine.credit = {4, 1u << 20};
    mine.now = Instant{1h};
    return mine;
  }
  static LegacyPeerOptions peer_options() {
    LegacyPeerOptions mine;
    mine.seed = 4;
    mine.waiting = {4, 1u << 20};
    mine.reply_address = "tcp://here:1";
    mine.upgrade = LegacyUpgrade{.address = "tcp://here:2"};
    return mine;
  }
  void exchange() {
    for (bool any = true; any;) {
      any = false;
      // Handlers that end late: there is a request waiting for most of the time.
      while (works_.size() > 3) finish();
      endpoint_.flush(now_);
      for (; !frames_.empty(); frames_.pop_front(), any = true) {
        const auto taken = legacy_.received(frames_.front());
        STRUCTWIRE_ASSERT(taken.has_value());
      }
      while (auto frame = legacy_.next_frame()) {
        endpoint_.received(LinkId{1}, std::move(*frame), now_);
        any = true;
      }
      for (; const LegacyMessage* const message = legacy_.next_message(); legacy_.written(), any = true) {
        const auto metadata = decode_legacy_metadata(message->metadata.bytes(), {.metadata_bytes = 1u << 20, .depth = 64});
        STRUCTWIRE_ASSERT(metadata.has_value());
        if (metadata->handler_name == "there") ids_.push_back(metadata->message_id.text());
      }
    }
  }
  void finish() {
    Work work = std::move(works_.front());
    works_.pop_front();
    endpoint_.accepted(work.id, now_);
    const Outcome outcome = work.payload.size() % 2 == 0 ? Outcome(Reply{.format = 1, .payload = work.payload})
                                                        : Outcome(std::unexpected(Failure{.text = "odd"}));
    work.payload = {};
    endpoint_.finished(work.id, outcome, 0ns, now_);
    endpoint_.released(work.id);
  }

  void transmit(LinkId, Frame frame) override { frames_.push_back(std::move(frame)); }
  bool congested(LinkId) const override { return false; }
  void disconnect(LinkId, std::string_view) override { lost_ = true; }
  void run(Work work) override { works_.push_back(std::move(work)); }
  void stop(WorkId, FailureCode) override {}
  void more_items(WorkId, std::uint64_t) override {}
  void settled(std::uint64_t tag, Outcome) override { STRUCTWIRE_ASSERT(open_.erase(tag) == 1); }
  void receipt(std::uint64_t tag) override { STRUCTWIRE_ASSERT(open_.contains(tag)); }
  void item(std::uint64_t, Reply) override { STRUCTWIRE_ASSERT(false); }
  void peer_changed(PeerId, PeerState) override {}
  Duration stalled(Instant) const override { return {}; }

  Instant now_{1h};
  std::deque<Frame> frames_;
  std::deque<Work> works_;
  std::deque<std::string> ids_;
  std::set<std::uint64_t> open_;
  bool lost_ = false;
  Endpoint endpoint_;
  LegacyPeer legacy_;
  PeerId peer_{};
  LegacyAllowList allowed_ = LegacyAllowList::of({"tcp://10.0.0.0/8:*", "ipc:///run/*"}).value();
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view left(reinterpret_cast<const char*>(data), size);
  World world;
  for (int lines = 0; !left.empty() && lines != 32; ++lines) {
    const auto end = left.find('\n');
    world.say(left.substr(0, end));
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
  }
  world.end();
  return 0;
}
