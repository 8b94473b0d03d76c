// SPDX-License-Identifier: Apache-2.0
// Sends a frame to itself.
#include <cstdio>
#include <structwire/messaging/zeromq.hpp>
#include <utility>

namespace messaging = structwire::messaging;

struct Events final : messaging::LinkEvents {
  void opened(messaging::LinkId link, const messaging::LinkInfo& info) override {
    if (info.dial == messaging::DialId{}) return;
    const structwire::Buffer text("a frame for myself");
    transport->send(link, {messaging::Payload::copy(text), {}});
  }
  void received(messaging::LinkId, messaging::Frame frame) override { got = std::move(frame); }
  void closed(messaging::LinkId, std::string_view) override {}
  messaging::Transport* transport = nullptr;
  messaging::Frame got;
};

int main() {
  const auto transport = messaging::zeromq({});
  const auto address = transport->listen("tcp://127.0.0.1:*");
  if (!address || !transport->dial(*address)) return 1;
  Events events;
  events.transport = transport.get();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (events.got.head.empty() && std::chrono::steady_clock::now() < end)
    transport->poll(events, end);
  const auto bytes = events.got.head.bytes();
  std::printf("%.*s\n", static_cast<int>(bytes.size()), reinterpret_cast<const char*>(bytes.data()));
}
