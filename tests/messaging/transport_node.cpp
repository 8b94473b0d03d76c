// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include "tests/messaging/transport_suite.hpp"

namespace structwire::messaging::testing {

using namespace std::chrono_literals;

std::string name_of_setup(const ::testing::TestParamInfo<TransportSetup>& setup) {
  return setup.param.name;
}

void PrintTo(const TransportSetup& setup, std::ostream* out) { *out << setup.name; }

// ---- TransportNode

void TransportNode::opened(LinkId link, const LinkInfo& info) {
  for (const auto& other : links) EXPECT_NE(other->id, link) << "the number of a link came twice";
  links.push_back(std::make_unique<Link>(Link{link, info, {}, false, {}}));
  if (greets && info.dial != DialId{}) transport->send(link, {Payload(Buffer("hello")), {}});
  if (on_open) on_open(link);
}

void TransportNode::received(LinkId link, Frame frame) {
  Link& found = this->link(link);
  EXPECT_FALSE(found.closed) << "a frame after the end of its link";
  ++received_count;
  if (answers) transport->send(link, frame);
  if (on_frame) on_frame(link, frame);
  if (keeps) found.frames.push_back(std::move(frame));
}

void TransportNode::closed(LinkId link, std::string_view reason) {
  Link& found = this->link(link);
  EXPECT_FALSE(found.closed) << "a link ended twice";
  EXPECT_FALSE(reason.empty());
  found.closed = true;
  found.reason = reason;
  if (on_close) on_close(link);
}

TransportNode::Link& TransportNode::last() {
  if (links.empty()) {
    ADD_FAILURE() << "there is no link";
    links.push_back(std::make_unique<Link>());
  }
  return *links.back();
}

TransportNode::Link& TransportNode::link(LinkId id) {
  const auto found = std::ranges::find_if(links, [id](const auto& link) { return link->id == id; });
  if (found != links.end()) return **found;
  ADD_FAILURE() << "an event of a link that was never opened";
  links.push_back(std::make_unique<Link>(Link{id, {}, {}, false, {}}));
  return *links.back();
}

std::size_t TransportNode::open_links() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(links, [](const auto& link) { return !link->closed; }));
}

std::size_t TransportNode::frames() const { return received_count; }

// ---- frames

namespace {

Buffer bytes_of(std::size_t size, unsigned seed) {
  Buffer buffer;
  buffer.resize_uninitialized(size);
  std::uint32_t state = seed * 2654435761u + 1;
  for (std::size_t i = 0; i < size; ++i) {
    state = state * 1664525u + 1013904223u;
    buffer.data()[i] = static_cast<std::byte>(state >> 24);
  }
  return buffer;
}

bool same(const Payload& a, const Payload& b) { return std::ranges::equal(a.bytes(), b.bytes()); }

}  // namespace

Frame frame_of(std::size_t head, std::size_t body, unsigned seed) {
  return {Payload(bytes_of(head, seed)), Payload(bytes_of(body, seed + 1))};
}

bool same_frame(const Frame& a, const Frame& b) {
  return same(a.head, b.head) && same(a.body, b.body);
}

std::string_view text_of(const Frame& frame) {
  return {reinterpret_cast<const char*>(frame.head.data()), frame.head.size()};
}

// ---- time

bool pump(TransportWorld& world, std::vector<TransportNode*> nodes,
          const std::function<bool()>& condition, Duration patience) {
  const Instant end = later(world.now(), patience);
  while (!condition()) {
    if (world.now() > end) return false;
    for (TransportNode* node : nodes) {
      if (node->transport) node->transport->poll(*node, later(world.now(), 1ms));
    }
  }
  return true;
}

void pump_for(TransportWorld& world, std::vector<TransportNode*> nodes, Duration time) {
  pump(world, std::move(nodes), [] { return false; }, time);
}

}  // namespace structwire::messaging::testing
