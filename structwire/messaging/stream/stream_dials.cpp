// SPDX-License-Identifier: Apache-2.0
//
// Who listens, who is dialled, and when again.
#include <algorithm>

#include <structwire/messaging/stream/stream_transport.hpp>

namespace structwire::messaging::stream_detail {

namespace {

Error no_descriptors() { return Error(ErrorCode::io, "There are too few file descriptors"); }

}  // namespace

Result<std::string> Streams::listen(std::string_view text) {
  const auto address = parse_address(text);
  if (!address) return std::unexpected(address.error());
  if (!poller_.open()) return std::unexpected(no_descriptors());
  auto socket = ListeningSocket::open(*address, options_);
  if (!socket) return std::unexpected(std::move(socket.error()));
  if (!poller_.watch(socket->socket(), listeners_.size() + 1, {.read = true, .write = false}))
    return std::unexpected(no_descriptors());
  listeners_.emplace_back(std::move(*socket));
  return listeners_.back().socket.address();
}

Result<DialId> Streams::dial(std::string_view text) {
  auto address = parse_address(text);
  if (!address) return std::unexpected(address.error());
  if (!poller_.open()) return std::unexpected(no_descriptors());
  Dial& dial = dials_.emplace(std::move(*address));
  const DialId id = dial.id;
  if (auto begun = dial_again(dial); !begun) {
    dials_.erase(id);
    return std::unexpected(std::move(begun.error()));
  }
  return id;
}

void Streams::hang_up(DialId id) {
  Dial* const dial = dials_.find(id);
  if (dial == nullptr) return;
  if (Connection* const connection = connections_.find(dial->current)) {
    if (connection->stage == Stage::open) {
      close(connection->id);
    } else {
      connection->dial = {};
      connection->stage = Stage::leaving;
      end(*connection, "Hung up");
    }
  }
  set_timer(TimerKind::dial, static_cast<std::uint64_t>(id), dial->timer_at, never);
  dials_.erase(id);
}

Result<void> Streams::dial_again(Dial& dial) {
  ++counters_.dials;
  const Instant now = std::chrono::steady_clock::now();
  auto dialled = stream_detail::dial(dial.address, options_);
  if (!dialled) return std::unexpected(std::move(dialled.error()));
  if (dialled->refused) {
    ++counters_.dials_failed;
    pause(dial, now);
    return {};
  }
  const bool connected = dialled->connected;
  Connection* const connection = add_connection(std::move(dialled->socket), dial.id, connected);
  if (connection == nullptr) return std::unexpected(no_descriptors());
  dial.current = connection->id;
  set_timer(TimerKind::connection, static_cast<std::uint64_t>(connection->id), connection->timer_at,
            later(now, options_.connect_timeout));
  return {};
}

void Streams::pause(Dial& dial, Instant now) {
  dial.pause = dial.pause == Duration{} ? options_.redial_first : std::min<Duration>(2 * dial.pause, options_.redial_longest);
  const Instant again = later(now, random_.between(dial.pause / 2, dial.pause));
  set_timer(TimerKind::dial, static_cast<std::uint64_t>(dial.id), dial.timer_at, again);
}

// A link that lived counts as success; one that is closed again and again does not.
void Streams::dial_ended(Connection& connection) {
  Dial& dial = *dials_.find(connection.dial);
  const Instant now = std::chrono::steady_clock::now();
  dial.current = {};
  if (connection.stage != Stage::open) {
    ++counters_.dials_failed;
  } else if (now - connection.since > options_.redial_longest) {
    dial.pause = {};
  }
  pause(dial, now);
}

}  // namespace structwire::messaging::stream_detail
