// SPDX-License-Identifier: Apache-2.0
//
// What a world does while it has trouble: sends, changes of mind, faults.
#include <algorithm>
#include <utility>

#include <tests/simulation/message_world.hpp>

namespace structwire::messaging::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

template <std::size_t N>
std::size_t weighted(SeededRandom& random, const std::array<double, N>& weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  double left = sum * static_cast<double>(random.below(1'000'000)) / 1'000'000;
  for (std::size_t at = 0; at < N; ++at) {
    left -= weights[at];
    if (left < 0) return at;
  }
  return N - 1;
}

}  // namespace

std::string_view name_of(Happening happening) noexcept {
  static constexpr std::string_view names[] = {
      "cancel",        "handler added", "handler removed", "drain",          "stop",
      "peer forgotten", "crash",         "power loss",      "restart",        "pause",
      "link cut",      "one-way block", "partition",       "slow link",      "frame lost",
      "frame doubled", "frame overtaken", "frame cut off",   "half-open link", "congested link",
      "rogue floods",  "rogue lies",    "rogue is silent", "rogue repeats"};
  static_assert(std::size(names) == static_cast<std::size_t>(Happening::count));
  return names[static_cast<std::size_t>(happening)];
}

std::uint32_t World::some_alive() {
  for (int attempt = 0; attempt < 8; ++attempt) {
    const auto index = static_cast<std::uint32_t>(random_.below(places_.size()));
    if (places_[index].process && !places_[index].paused) return index;
  }
  return nobody;
}

void World::act() {
  next_action_ = network_.now() + random_.between(Duration::zero(), weather_.pause_between);
  send_some();
  trouble();
}

// ---- faults

void World::trouble() {
  const std::uint32_t index = some_alive();
  if (index == nobody) return;
  Place& place = places_[index];
  const auto other = static_cast<std::uint32_t>((index + 1 + random_.below(places_.size() - 1)) % places_.size());
  const Duration lasts = random_.between(milliseconds(1), milliseconds(800));
  if (random_.chance(weather_.cancels)) {
    if (Send* const send = oracle_.some_open(place.process->life(), random_.bits()); send && !send->must_succeed) {
      happened(Happening::cancel);
      place.process->cancel(*send);
    }
  }
  if (random_.chance(weather_.handler_changes)) change_handlers(index);
  if (random_.chance(weather_.cuts)) {
    if (const auto links = network_.links(); !links.empty()) {
      happened(Happening::link_cut);
      for (std::uint32_t each = 0; each < places_.size(); ++each) trouble_begins(each), trouble_ends(each);
      log("a link is cut");
      network_.cut(links[random_.below(links.size())]);
    }
  }
  if (random_.chance(weather_.one_way_blocks)) {
    happened(Happening::one_way_block);
    block(index, other, lasts);
  }
  if (random_.chance(weather_.partitions)) {
    happened(Happening::partition);
    block(index, other, lasts);
    block(other, index, lasts);
  }
  if (random_.chance(weather_.slow_links)) {
    happened(Happening::slow_link);
    LinkQuality quality = draw_quality();
    quality.bytes_per_second = random_.between(5'000, 300'000);
    trouble_begins(index);
    trouble_begins(other);
    network_.set_quality(host_name(index), host_name(other), quality);
    later_on(lasts, {.kind = ReversalKind::quicken, .a = index, .b = other});
  }
  if (random_.chance(weather_.rogues) && !rogue_) {
    const auto manner = static_cast<RogueManner>(random_.below(4));
    happened(static_cast<Happening>(static_cast<std::size_t>(Happening::rogue_floods) + static_cast<std::size_t>(manner)));
    rogue_ = std::make_unique<Rogue>(manner, address_of(index), network_, random_.split());
  }
  if (random_.chance(weather_.pauses)) {
    happened(Happening::pause);
    log("pauses p" + std::to_string(index));
    trouble_begins(index);
    place.paused = oracle_.processes[index].paused = true;
    return later_on(lasts, {.kind = ReversalKind::resume, .a = index});
  }
  if (random_.chance(weather_.forgets) && !place.process->peers().empty()) {
    auto& peers = place.process->peers();
    if (Peer& peer = peers[random_.below(peers.size())]; !peer.forgotten) {
      happened(Happening::forget);
      trouble_begins(index);  // For ever: the other one may notice any time later.
      if (peer.process != nobody) trouble_begins(peer.process);
      place.process->forget(peer);
    }
  }
  if (random_.chance(weather_.drains) && !place.process->draining()) {
    happened(Happening::drain);
    oracle_.processes[index].drained = never;
    place.process->drain();
  }
  if (random_.chance(weather_.stops) || (place.process->draining() && random_.chance(0.1))) {
    return end_process(index, Happening::stop);
  }
  if (random_.chance(weather_.crashes)) return end_process(index, Happening::crash);
  if (random_.chance(weather_.power_losses)) return end_process(index, Happening::power_loss);
}

void World::block(std::uint32_t from, std::uint32_t to, Duration how_long) {
  log("blocks p" + std::to_string(from) + " to p" + std::to_string(to));
  trouble_begins(from);
  trouble_begins(to);
  network_.block(host_name(from), host_name(to));
  later_on(how_long, {.kind = ReversalKind::unblock, .a = from, .b = to});
}

void World::change_handlers(std::uint32_t index) {
  Place& place = places_[index];
  Process& process = *place.process;
  const std::size_t kind = 1 + random_.below(kinds.size() - 1);
  ProcessFacts& facts = oracle_.processes[index];
  if (process.slots()[kind] != 0) {
    happened(Happening::handler_removed);
    log("p" + std::to_string(index) + " loses its handler " + std::string(kinds[kind].name));
    facts.absent[kind] = never;
    return process.remove_handler(kind);
  }
  happened(Happening::handler_added);
  log("p" + std::to_string(index) + " gets a handler " + std::string(kinds[kind].name));
  facts.absent[kind] = network_.now();
  process.set_handler(kind, ++place.last_slot);
}

// ---- sends

void World::send_some() {
  const std::uint32_t index = some_alive();
  if (index == nobody) return;
  Process& process = *places_[index].process;
  if (process.peers().empty()) return;
  Peer& peer = process.peers()[random_.below(process.peers().size())];
  const std::uint64_t burst = random_.between(1, weather_.burst_most);
  if (random_.chance(0.1)) {
    // Such come together, where they come in one frame.
    const std::size_t kind = weighted(random_, weather_.kind_weights);
    const Delivery delivery = random_.chance(0.7) ? Delivery::done : Delivery::fire_and_forget;
    for (std::uint64_t each = 0; each < 4 * burst; ++each) send_one(process, peer, kind, delivery);
    return;
  }
  for (std::uint64_t each = 0; each < burst; ++each) {
    send_one(process, peer, weighted(random_, weather_.kind_weights));
  }
}

// `alike`: with nothing that tells it from others of its delivery.
void World::send_one(Process& from, Peer& peer, std::size_t kind, std::optional<Delivery> alike) {
  SeededRandom& random = random_;
  Send send;
  send.from = from.life();
  send.peer = peer.id;
  send.to = peer.process;
  send.kind = kind;
  send.delivery = static_cast<Delivery>(random.below(6));
  send.when_full = static_cast<WhenFull>(weighted(random, weather_.when_full));
  send.priority = static_cast<std::uint8_t>(random.chance(0.5) ? 3 : random.below(priority_max + 1));
  send.forgotten = peer.forgotten;
  send.peer_was_up = peer.state == PeerState::up;
  send.right_schema = !random.chance(0.03);
  if (kind < kinds.size() && kinds[kind].any_bytes) send.right_schema = true;
  send.common_format = !random.chance(0.01);
  send.too_deep = !weather_.calm && random.chance(0.01);
  send.breaker = random.chance(0.7);
  if (alike) {
    send.delivery = *alike;
    send.when_full = WhenFull::wait;
    send.priority = 3;
    send.breaker = true;
  }
  Duration lasts = random.between(weather_.deadline_least, weather_.deadline_most);
  const bool takes_large = oracle_.processes[send.from.process].payload_bytes_max >= large_reply_most;
  const bool can = kind < kinds.size() && (kind <= 4 || kinds[kind].behaviour == Behaviour::streaming ||
                                           (kinds[kind].behaviour == Behaviour::large && takes_large));
  send.must_succeed = weather_.calm && can && peer.process != nobody && !peer.forgotten && send.right_schema &&
                      send.common_format && send.when_full == WhenFull::wait && !weather_.pressure;
  if (send.must_succeed) lasts = seconds(60);
  const bool default_deadline = !send.must_succeed && random.chance(0.05);
  if (default_deadline) lasts = places_[send.from.process].options.endpoint.deadline;
  send.deadline = network_.now() + lasts;
  if (kind < kinds.size() && kinds[kind].behaviour == Behaviour::streaming && send.delivery >= Delivery::response) {
    send.stream_items = static_cast<std::uint32_t>(random.below(5));
  }
  send.bytes = std::max<std::uint64_t>(content_size, random.below(weather_.payload_most));
  if (send.must_succeed) send.bytes = std::min<std::uint64_t>(send.bytes, 900);

  const bool plain = alike || (send.delivery == Delivery::fire_and_forget && random.chance(0.7));
  OutgoingMessage message;
  message.handler = std::string(name_of_kind(kind));
  message.schema = send.right_schema ? request_schema(kind) : 0xbad;
  message.format = send.common_format ? common_format : strange_format;
  message.options = {.delivery = send.delivery,
                     .deadline = default_deadline ? Duration::zero() : lasts,
                     .priority = send.priority,
                     .when_full = send.when_full,
                     .key = plain ? 0 : random.below(4),
                     .circuit_breaker = send.breaker,
                     .depth = send.too_deep ? 40u : plain ? 0 : static_cast<std::uint32_t>(random.below(3)),
                     .stream_items = send.stream_items};
  Send& noted = oracle_.sending(std::move(send));
  message.payload = make_payload({noted.id, 0, 0}, noted.bytes);
  from.send(noted, std::move(message));
}

// More than the one thread of the peer can do, nearly all of it more urgent than what was there first.
void World::pressure() {
  Process& process = *places_[0].process;
  Peer& peer = process.peers().front();
  for (int each = 0; each < 900; ++each) {
    Send send;
    send.from = process.life();
    send.peer = peer.id;
    send.to = peer.process;
    send.kind = 3;
    send.delivery = Delivery::done;
    send.priority = static_cast<std::uint8_t>(each % 50 == 3 ? random_.below(2) : random_.between(4, 7));
    send.bytes = content_size;
    const Duration lasts = seconds(8);
    send.deadline = network_.now() + lasts;
    Send& noted = oracle_.sending(std::move(send));
    process.send(noted, {.handler = std::string(kinds[3].name),
                         .schema = request_schema(3),
                         .format = common_format,
                         .payload = make_payload({noted.id, 0, 0}, noted.bytes),
                         .options = {.delivery = noted.delivery, .deadline = lasts, .priority = noted.priority}});
  }
}

// So many that a message which is tried again comes from behind the window of those that are remembered.
void World::flood() {
  Process& process = *places_[0].process;
  Peer peer = process.peers().front();
  constexpr std::size_t flaky = 6;
  static_assert(kinds[flaky].behaviour == Behaviour::flaky);
  for (int each = 0; each < 8; ++each) send_one(process, peer, flaky);
  loop(network_.now() + milliseconds(100), false);
  for (int each = 0; each < 1300; ++each) {
    Send send;
    send.from = process.life();
    send.peer = peer.id;
    send.to = peer.process;
    send.delivery = Delivery::fire_and_forget;
    send.bytes = content_size;
    const Duration lasts = seconds(5);
    send.deadline = network_.now() + lasts;
    Send& noted = oracle_.sending(std::move(send));
    process.send(noted, {.handler = std::string(kinds[echo_kind].name),
                         .schema = request_schema(echo_kind),
                         .format = common_format,
                         .payload = make_payload({noted.id, 0, 0}, noted.bytes),
                         .options = {.delivery = noted.delivery, .deadline = lasts}});
  }
}

void World::probe() {
  // Links to processes that lost their power look well until somebody has listened for a while.
  loop(network_.now() + seconds(4), false);
  log("probes");
  for (Place& place : places_) {
    for (Peer& peer : place.process->peers()) {
      if (peer.process == nobody || peer.forgotten) continue;
      if (peer.dial == DialId{} && peer.state != PeerState::up) continue;
      Send send;
      send.from = place.process->life();
      send.peer = peer.id;
      send.to = peer.process;
      send.must_succeed = true;
      send.bytes = content_size;
      send.breaker = false;
      const Duration lasts = seconds(20);
      send.deadline = network_.now() + lasts;
      Send& noted = oracle_.sending(std::move(send));
      place.process->send(noted,
                          {.handler = std::string(kinds[echo_kind].name),
                           .schema = request_schema(echo_kind),
                           .format = common_format,
                           .payload = make_payload({noted.id, 0, 0}, noted.bytes),
                           .options = {.deadline = lasts, .circuit_breaker = false}});
    }
  }
  loop(network_.now() + seconds(21), true);
  if (!oracle_.failed() && !settled()) tell_who_is_not_idle();
  if (oracle_.failed()) return;
  oracle_.check_end();
}

}  // namespace structwire::messaging::simulation
