// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/zeromq/zeromq_gate.hpp>

#include <array>
#include <utility>

namespace structwire::messaging::zeromq_detail {

Result<std::unique_ptr<Gate>> Gate::open(Loop& loop, const Context& context) {
  auto socket = Socket::gate(context);
  if (!socket) return std::unexpected(socket.error());
  return std::unique_ptr<Gate>(new Gate(loop, std::move(*socket)));
}

Gate::Gate(Loop& loop, Socket socket)
    : Source(loop),
      socket_(std::move(socket)),
      allowed_(loop.options().allowed_keys.begin(), loop.options().allowed_keys.end()) {}

void Gate::start() {
  loop_.watch(*this, socket_.descriptor());
  loop_.attend(*this);
}

Gate::~Gate() { loop_.unwatch(socket_.descriptor()); }

bool Gate::serve(LinkEvents&) {
  // version, request id, domain, address, routing id, mechanism, then what the mechanism has.
  constexpr std::size_t request_part = 1;
  constexpr std::size_t mechanism_part = 5;
  constexpr std::size_t key_part = 6;
  Message part;
  while (socket_.receive(part)) {
    std::array<std::string, key_part + 1> parts;
    std::size_t count = 0;
    for (;;) {
      if (count < parts.size()) parts[count] = part.text();
      ++count;
      if (!part.more() || !socket_.receive(part)) break;
    }
    answer(parts[request_part], parts[mechanism_part], parts[key_part]);
  }
  return false;
}

void Gate::answer(std::string_view request, std::string_view mechanism, std::string_view key) {
  const std::string text = mechanism == "CURVE" ? z85(key) : std::string();
  if (!text.empty() && allowed_.contains(text)) {
    socket_.send_texts({"1.0", request, "200", "OK", text, ""});
    return;
  }
  ++loop_.counters().keys_refused;
  socket_.send_texts({"1.0", request, "400", "Not on the list", "", ""});
}

}  // namespace structwire::messaging::zeromq_detail
