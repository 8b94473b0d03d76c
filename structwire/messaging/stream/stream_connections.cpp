// SPDX-License-Identifier: Apache-2.0
//
// Connections of the stream transport, from their first byte to their last.
#include <algorithm>
#include <new>

#include <structwire/messaging/stream/stream_transport.hpp>

namespace structwire::messaging::stream_detail {

namespace {

constexpr std::size_t accepted_at_once = 64;

std::uint64_t tag_of(const Connection& connection) { return static_cast<std::uint64_t>(connection.id); }

LinkInfo info_of(const Other& other) {
  LinkInfo info;
  info.on_this_machine = other.on_this_machine;
  if (other.has_user) info.credentials = "uid:" + std::to_string(other.user);
  return info;
}

}  // namespace

// ---- beginning

// nullptr: the system has no room to watch it.
Connection* Streams::add_connection(Descriptor socket, DialId dial, bool connected) {
  Connection& connection = connections_.emplace(std::move(socket), dial, options_);
  if (!poller_.watch(connection.socket, tag_of(connection), {.read = connected, .write = !connected})) {
    connections_.erase(connection.id);
    return nullptr;
  }
  if (connected) greets(connection);
  return &connection;
}

// Or not: the system is done with it.
void Streams::connected(Connection& connection) {
  if (const int error = dialling_error(connection.socket); error != 0) {
    end(connection, error_text(error));
    return;
  }
  poller_.change(connection.socket, tag_of(connection), {.read = true, .write = false});
  greets(connection);
}

void Streams::greets(Connection& connection) {
  connection.stage = Stage::greeting;
  connection.outgoing.add(preface_of(connection.accepted ? Role::listens : Role::dials));
  flush_later(connection);
}

// Nothing more is awaited by a certain time.
void Streams::greeted(Connection& connection) {
  if (connection.greeting != 0) greeting_.erase(std::exchange(connection.greeting, 0));
  set_timer(TimerKind::connection, tag_of(connection), connection.timer_at, never);
}

void Streams::open_link(Connection& connection, LinkEvents& events) {
  if (connection.greeting == 0) greeted(connection);
  connection.stage = Stage::open;
  connection.since = std::chrono::steady_clock::now();
  ++counters_.links_opened;
  if (!connection.accepted) {
    const Other other = other_end(connection.socket);
    if (other.tcp && other.on_this_machine) configure_within_machine(connection.socket, options_);
    connection.info = info_of(other);
    connection.info.dial = connection.dial;
    connection.info.peer = dials_.find(connection.dial)->address.text();
  }
  const LinkInfo info = connection.info;
  told_ = true;
  events.opened(connection.id, info);
}

// ---- who dialled

void Streams::accept_all(std::uint64_t number) {
  Listener& listener = listeners_[number - 1];
  for (std::size_t i = 0; i < accepted_at_once; ++i) {
    Accepted accepted = listener.socket.accept(options_);
    if (accepted.how == Accepting::nobody) return;
    if (accepted.how == Accepting::no_descriptors) {
      // They wait in the system's queue meanwhile.
      ++counters_.accepts_paused;
      poller_.change(listener.socket.socket(), number, {.read = false, .write = false});
      const Instant again = later(std::chrono::steady_clock::now(), options_.accept_pause);
      set_timer(TimerKind::listener, number, listener.timer_at, again);
      return;
    }
    ++counters_.connections_accepted;
    add_accepted(std::move(accepted.socket));
  }
}

bool Streams::may_enter(const Other& other) {
  const auto& users = options_.allowed_users;
  if (accepted_ >= options_.connections_max) {
    ++counters_.connections_refused;
    return false;
  }
  if (other.tcp || users.empty() || (other.has_user && std::ranges::find(users, other.user) != users.end())) return true;
  ++counters_.users_refused;
  return false;
}

void Streams::add_accepted(Descriptor socket) {
  const Other other = other_end(socket);
  if (!may_enter(other)) return;
  if (other.tcp && other.on_this_machine) configure_within_machine(socket, options_);
  Connection* const connection = add_connection(std::move(socket), DialId{}, true);
  if (connection == nullptr) {
    ++counters_.connections_refused;
    return;
  }
  ++accepted_;
  connection->info = info_of(other);
  connection->info.peer = other.address;
  connection->greeting = ++greetings_;
  greeting_.emplace(connection->greeting, connection->id);
  const Instant late = later(std::chrono::steady_clock::now(), options_.handshake_timeout);
  set_timer(TimerKind::connection, tag_of(*connection), connection->timer_at, late);
  if (greeting_.size() <= options_.handshakes_max) return;
  Connection& oldest = *connections_.find(greeting_.begin()->second);
  greeting_.erase(std::exchange(oldest.greeting, 0));
  end(oldest, "Too many connections that have not said who they are");
}

// ---- bytes

void Streams::read(Connection& connection, LinkEvents& events) {
  for (std::size_t left = options_.round_bytes;;) {
    try {
      std::span<std::byte> room;
      if (connection.stage == Stage::open) room = connection.reader.room();
      room = room.first(std::min(room.size(), left));
      // What is read to here is copied once more.
      const std::span<std::byte> chunk(chunk_.get(), connection.reader.large() ? small_chunk_bytes : chunk_bytes);
      ++counters_.receives;
      const Moved moved = receive(connection.socket, room, chunk);
      if (moved.how == Moving::would_block) return;
      if (moved.how == Moving::ended || moved.how == Moving::failed) {
        end(connection, moved.how == Moving::ended ? "The other side closed it" : error_text(moved.error));
        return;
      }
      counters_.bytes_received += moved.bytes;
      const std::size_t placed = std::min(moved.bytes, room.size());
      if (placed != 0) connection.reader.filled(placed);
      digest(connection, chunk.first(moved.bytes - placed), events);
      if (!connection.ended.empty() || moved.bytes < room.size() + chunk.size() || moved.bytes >= left) return;
      left -= moved.bytes;
    } catch (const std::bad_alloc&) {
      end(connection, "There is no memory for its frame");
      return;
    }
  }
}

// Who is told may close the link: what follows is thrown away then.
void Streams::digest(Connection& connection, std::span<const std::byte> bytes, LinkEvents& events) {
  for (;;) {
    const bool greeting = connection.stage == Stage::greeting;
    if ((!greeting && connection.stage != Stage::open) || !connection.ended.empty()) return;
    const Step step = greeting ? connection.preface.take(bytes) : connection.reader.take(bytes);
    if (step == Step::more) return;
    if (step == Step::refused) {
      ++(greeting ? counters_.strangers_refused : counters_.frames_refused);
      connection.stranger = true;
      end(connection, greeting ? "The other side does not speak this protocol" : "Lengths that no frame has");
      return;
    }
    if (greeting) {
      open_link(connection, events);
      continue;
    }
    if (connection.greeting != 0) {
      greeted(connection);
      connection.met = true;
      connection.reader.set_part_bytes_max(options_.part_bytes_max);
    }
    ++counters_.frames_received;
    told_ = true;
    events.received(connection.id, connection.reader.frame());
  }
}

// ---- ending

void Streams::end(Connection& connection, std::string reason) {
  if (!connection.ended.empty()) return;
  connection.ended = std::move(reason);
  ended_.push_back(connection.id);
}

void Streams::tell_ended(LinkEvents& events) {
  // Whoever is told may add to the list.
  for (std::size_t i = 0; i < ended_.size(); ++i) {
    Connection* const found = connections_.find(ended_[i]);
    if (found == nullptr) continue;
    Connection& connection = *found;
    const std::string reason = connection.ended;
    const LinkId link = connection.id;
    const Stage stage = connection.stage;
    const bool never_met = connection.accepted && !connection.met && !connection.stranger && stage != Stage::leaving;
    if (never_met) ++counters_.handshakes_failed;
    if (connection.dial != DialId{}) dial_ended(connection);
    remove(connection);
    if (stage != Stage::open) continue;
    ++counters_.links_closed;
    told_ = true;
    events.closed(link, reason);
  }
  ended_.clear();
}

void Streams::remove(Connection& connection) {
  counters_.frames_dropped += connection.outgoing.drop();
  set_blocked(connection, false);
  greeted(connection);
  if (connection.accepted) --accepted_;
  poller_.forget(connection.socket);
  connections_.erase(connection.id);
}

void Streams::close(LinkId link) {
  Connection* const connection = connections_.find(link);
  if (connection == nullptr || connection->stage != Stage::open) return;
  ++counters_.links_closed;
  if (connection->dial != DialId{}) dial_ended(*connection);
  leave(*connection);
}

// What was sent goes out; then it waits for the other side to close, which reads what is on its way.
void Streams::leave(Connection& connection) {
  greeted(connection);
  connection.stage = Stage::leaving;
  connection.dial = {};
  if (!connection.ended.empty()) return;
  const Instant late = later(std::chrono::steady_clock::now(), options_.linger);
  set_timer(TimerKind::connection, tag_of(connection), connection.timer_at, late);
  if (connection.unsendable || connection.outgoing.empty()) {
    finish_if_sent(connection);
  } else {
    flush_later(connection);
  }
}

void Streams::finish_if_sent(Connection& connection) {
  if (connection.stage != Stage::leaving || !connection.outgoing.empty()) return;
  if (!std::exchange(connection.finished, true)) finish_sending(connection.socket);
}

void Streams::timed_out(Connection& connection) {
  end(connection, connection.stage == Stage::connecting ? "Nobody answers"
                  : connection.stage == Stage::greeting ? "No preface in time"
                                                        : "No frame in time");
}

}  // namespace structwire::messaging::stream_detail
