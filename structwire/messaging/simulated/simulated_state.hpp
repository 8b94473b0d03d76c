// SPDX-License-Identifier: Apache-2.0
#pragma once

// Within the simulated network: what it remembers, and how time moves it. Only simulated.cpp includes this.
//
// One queue of events in the order of their times. A link has two ends and two ways; side 0 is the dialler's. What is
// sent over a way becomes an event at its far end, and from there an entry of the inbox that the next poll() tells.

#include <algorithm>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include <structwire/messaging/simulated.hpp>

namespace structwire::messaging {
namespace simulated {

inline constexpr std::string_view scheme = "sim://";
inline constexpr Duration first_pause = std::chrono::milliseconds(10);
inline constexpr Duration longest_pause = std::chrono::milliseconds(500);

enum class ItemKind : std::uint8_t { opened, frame, closed };

struct Item {
  ItemKind kind = ItemKind::frame;
  Frame frame;
  std::string_view reason;  // Literals only.
};

struct Notice {
  std::uint32_t link = 0;
  std::uint8_t side = 0;
  Item item;
};

struct Process {
  std::uint32_t host = 0;
  bool alive = true;
  bool powered = true;
  bool stirred = false;  // Something changed that is no event of a link: poll() returns.
  std::vector<Notice> inbox;
};

struct End {
  std::uint32_t process = 0;
  bool closed = false;
};

// From ends[side] to the other one.
struct Way {
  Instant busy_until{};
  Instant last_arrival{};
  bool drain_due = false;
  std::uint64_t unread = 0;  // Bytes that were sent, and not lost.
  std::deque<Item> held;  // By a blocked way.
};

struct Link {
  std::uint32_t dial = 0;
  bool lossless = true;
  bool cut = false;
  bool reset = false;
  End ends[2];
  Way ways[2];
};

struct Dial {
  std::uint32_t process = 0;
  std::string address;
  bool active = true;
  Duration pause = first_pause;
};

enum class EventKind : std::uint8_t { arrival, dial, drained };

struct Event {
  Instant at;
  std::uint64_t order = 0;
  EventKind kind = EventKind::arrival;
  std::uint32_t index = 0;  // Of a link or a dial.
  std::uint8_t side = 0;    // Of the way.
  Item item;
};

struct Later {
  bool operator()(const Event& a, const Event& b) const noexcept {
    return a.at != b.at ? a.at > b.at : a.order > b.order;
  }
};

constexpr LinkId id_of(std::uint32_t link, std::uint8_t side) noexcept {
  return static_cast<LinkId>(link * 2ull + side + 1);
}
constexpr std::uint32_t index_of(LinkId id) noexcept {
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(id) - 1) / 2);
}
constexpr std::uint8_t side_of(LinkId id) noexcept {
  return static_cast<std::uint8_t>((static_cast<std::uint64_t>(id) - 1) % 2);
}
constexpr std::uint8_t other(std::uint8_t side) noexcept { return side ^ 1; }

}  // namespace simulated

class SimulatedNetwork::State {
  using Dial = simulated::Dial;
  using End = simulated::End;
  using Event = simulated::Event;
  using EventKind = simulated::EventKind;
  using Item = simulated::Item;
  using ItemKind = simulated::ItemKind;
  using Later = simulated::Later;
  using Link = simulated::Link;
  using Process = simulated::Process;
  using Way = simulated::Way;

 public:
  explicit State(std::uint64_t seed) : random(seed) {}

  // ---- hosts and ways

  std::uint32_t host(std::string_view name) {
    for (std::uint32_t number = 0; number < hosts.size(); ++number)
      if (hosts[number] == name) return number;
    hosts.emplace_back(name);
    return static_cast<std::uint32_t>(hosts.size() - 1);
  }
  const LinkQuality& quality(std::uint32_t from, std::uint32_t to) const {
    const auto found = qualities.find({from, to});
    return found == qualities.end() ? default_quality : found->second;
  }
  bool is_blocked(std::uint32_t from, std::uint32_t to) const {
    return !blocked.empty() && std::ranges::find(blocked, std::pair(from, to)) != blocked.end();
  }
  std::uint32_t host_of(const Link& link, std::uint8_t side) const {
    return processes[link.ends[side].process].host;
  }
  const LinkQuality& quality(const Link& link, std::uint8_t side) const {
    return quality(host_of(link, side), host_of(link, simulated::other(side)));
  }
  bool is_blocked(const Link& link, std::uint8_t side) const {
    return is_blocked(host_of(link, side), host_of(link, simulated::other(side)));
  }

  // ---- events

  void schedule(Event event) {
    event.order = ++order;
    events.push_back(std::move(event));
    std::ranges::push_heap(events, Later{});
  }
  Instant next_event() const { return events.empty() ? never : events.front().at; }

  void advance(Instant to) {
    while (!events.empty() && events.front().at <= to) {
      std::ranges::pop_heap(events, Later{});
      Event event = std::move(events.back());
      events.pop_back();
      now = std::max(now, event.at);
      switch (event.kind) {
        case EventKind::arrival: arrive(event.index, event.side, std::move(event.item)); break;
        case EventKind::dial: try_dial(event.index); break;
        case EventKind::drained: drained(event.index, event.side); break;
      }
    }
    now = std::max(now, to);
  }

  // ---- dialling

  void dial_after(std::uint32_t dial, Duration pause) {
    const Duration jitter = random.between(Duration::zero(), pause / 2);
    schedule({.at = now + pause + jitter, .kind = EventKind::dial, .index = dial});
  }

  void try_dial(std::uint32_t index) {
    Dial& dial = dials[index];
    if (!dial.active || !processes[dial.process].alive) return;
    const auto listener = listeners.find(dial.address);
    const std::uint32_t from = processes[dial.process].host;
    if (listener == listeners.end() || !processes[listener->second].alive ||
        is_blocked(from, processes[listener->second].host) ||
        is_blocked(processes[listener->second].host, from)) {
      ++counters.refused;
      dial_after(index, dial.pause);
      dial.pause = std::min(dial.pause * 2, simulated::longest_pause);
      return;
    }
    dial.pause = simulated::first_pause;
    const auto number = static_cast<std::uint32_t>(links.size());
    Link& link = links.emplace_back();
    link.dial = index;
    link.ends[0].process = dial.process;
    link.ends[1].process = listener->second;
    link.lossless = quality(link, 0).lossless && quality(link, 1).lossless;
    ++counters.opened;
    const Instant heard = now + delay_of(quality(link, 0));
    put(number, 0, {.kind = ItemKind::opened}, heard);
    put(number, 1, {.kind = ItemKind::opened}, heard + delay_of(quality(link, 1)));
  }

  // ---- what goes over a way

  Duration delay_of(const LinkQuality& quality) {
    return quality.delay + random.between(Duration::zero(), quality.jitter);
  }

  void put(std::uint32_t index, std::uint8_t side, Item item, Instant at) {
    Link& link = links[index];
    Way& way = link.ways[side];
    if (link.lossless || item.kind != ItemKind::frame) at = std::max(at, way.last_arrival);
    if (item.kind == ItemKind::frame) way.unread += item.frame.size();
    way.last_arrival = std::max(way.last_arrival, at);
    schedule({.at = at, .kind = EventKind::arrival, .index = index, .side = side, .item = std::move(item)});
  }

  void send(std::uint32_t index, std::uint8_t side, Frame frame) {
    Link& link = links[index];
    if (link.ends[side].closed) return;
    ++counters.sent;
    if (link.cut) {
      ++counters.cut;
      return;
    }
    const LinkQuality& quality = this->quality(link, side);
    Way& way = link.ways[side];
    if (congested(link, side)) ++counters.congested;
    Instant leaves = now;
    if (quality.bytes_per_second != 0) {
      const auto took = static_cast<std::int64_t>(frame.size() * 1'000'000'000ull / quality.bytes_per_second);
      leaves = way.busy_until = std::max(now, way.busy_until) + Duration(took);
      watch_drain(index, side);
    }
    Instant at = leaves + delay_of(quality);
    if (!link.lossless) {
      if (random.chance(quality.loss)) {
        ++counters.lost;
        return;
      }
      if (random.chance(quality.reordering)) {
        ++counters.reordered;
        at += random.between(Duration::zero(), quality.held_back);
      }
      if (random.chance(quality.duplication)) {
        ++counters.duplicated;
        put(index, side, {.frame = frame}, at + random.between(Duration::zero(), quality.held_back));
      }
    }
    put(index, side, {.frame = std::move(frame)}, at);
  }

  // Into the inbox at the far end of the way, if there is one and the way is free.
  void arrive(std::uint32_t index, std::uint8_t side, Item item) {
    Link& link = links[index];
    Way& way = link.ways[side];
    const std::uint8_t far = simulated::other(side);
    const bool is_frame = item.kind == ItemKind::frame;
    Process& process = processes[link.ends[far].process];
    if (!process.alive) answer_for_the_dead(index, side, process, item);
    const bool is_cut = link.cut && is_frame;
    if (is_cut) ++counters.cut;
    const bool is_held = process.alive && !link.ends[far].closed && !is_cut && is_blocked(link, side);
    if (is_held) {
      ++counters.blocked;
      if (link.lossless || !is_frame) return way.held.push_back(std::move(item));
    }
    if (!process.alive || link.ends[far].closed || is_cut || is_held) {
      if (is_frame) leaves_way(index, side, item.frame.size());
      return;
    }
    if (is_frame) ++counters.delivered;
    process.inbox.push_back({.link = index, .side = far, .item = std::move(item)});
  }

  // A machine without power says nothing; once another process is on its host, that one's system knows no such link.
  void answer_for_the_dead(std::uint32_t index, std::uint8_t side, const Process& process, const Item& item) {
    if (process.powered || item.kind != ItemKind::frame) return;
    ++counters.half_open;
    Link& link = links[index];
    const bool back = std::ranges::any_of(
        processes, [&](const Process& each) { return each.alive && each.host == process.host; });
    if (!back || link.reset) return;
    link.reset = true;
    put(index, simulated::other(side), {.kind = ItemKind::closed, .reason = "reset by peer"},
        now + delay_of(quality(link, simulated::other(side))));
  }

  bool congested(const Link& link, std::uint8_t side) const {
    const Way& way = link.ways[side];
    if (link.ends[side].closed) return false;
    return way.busy_until > now || !way.held.empty() || way.unread > quality(link, side).window;
  }
  void watch_drain(std::uint32_t index, std::uint8_t side) {
    Way& way = links[index].ways[side];
    if (way.drain_due || way.busy_until <= now) return;
    way.drain_due = true;
    schedule({.at = way.busy_until, .kind = EventKind::drained, .index = index, .side = side});
  }
  void drained(std::uint32_t index, std::uint8_t side) {
    links[index].ways[side].drain_due = false;
    watch_drain(index, side);
    if (!congested(links[index], side)) stir(links[index].ends[side].process);
  }
  void stir(std::uint32_t process) { processes[process].stirred = true; }

  // Was read, or is lost.
  void leaves_way(std::uint32_t index, std::uint8_t side, std::uint64_t bytes) {
    Way& way = links[index].ways[side];
    const bool was = congested(links[index], side);
    way.unread -= bytes;
    if (was && !congested(links[index], side)) stir(links[index].ends[side].process);
  }

  void release_held(std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t index = 0; index < links.size(); ++index) {
      for (std::uint8_t side = 0; side < 2; ++side) {
        Link& link = links[index];
        if (link.ways[side].held.empty() || host_of(link, side) != from || host_of(link, simulated::other(side)) != to) continue;
        for (Item& item : std::exchange(link.ways[side].held, {})) arrive(index, side, std::move(item));
        stir(link.ends[side].process);
      }
    }
  }

  // ---- ends

  bool knows(LinkId link) const {
    return static_cast<std::uint64_t>(link) != 0 && simulated::index_of(link) < links.size();
  }

  LinkInfo describe(const Link& link, std::uint8_t side) const {
    LinkInfo info;
    info.lossless = link.lossless;
    if (side == 0) {
      info.dial = static_cast<DialId>(link.dial);
      info.peer = dials[link.dial].address;
    } else {
      info.peer = simulated::scheme;
      info.peer += hosts[host_of(link, 0)];
    }
    return info;
  }
  void say_closed(std::uint32_t index, std::uint8_t side, std::string_view reason) {
    put(index, side, {.kind = ItemKind::closed, .reason = reason}, now + delay_of(quality(links[index], side)));
  }
  void close(std::uint32_t index, std::uint8_t side) {
    End& end = links[index].ends[side];
    if (std::exchange(end.closed, true)) return;
    say_closed(index, side, "closed by the other side");
    if (side == 0) dial_after(links[index].dial, simulated::first_pause);
  }
  void cut(std::uint32_t index) {
    Link& link = links[index];
    if (std::exchange(link.cut, true)) return;
    for (std::uint8_t side = 0; side < 2; ++side) {
      counters.cut += link.ways[side].held.size();
      link.ways[side].held.clear();
      link.ways[side].busy_until = now;
      say_closed(index, side, "the link broke");
    }
  }
  void end_process(std::uint32_t number, bool loudly) {
    Process& process = processes[number];
    if (!process.alive) return;
    for (std::uint32_t index = 0; index < links.size(); ++index) {
      for (std::uint8_t side = 0; side < 2; ++side) {
        End& end = links[index].ends[side];
        if (end.process != number || end.closed) continue;
        if (loudly) say_closed(index, side, "the process ended");
        end.closed = true;
      }
    }
    process.alive = false;
    process.powered = loudly;
    process.inbox.clear();
  }

  std::deque<Process> processes;
  std::deque<Link> links;
  std::deque<Dial> dials;  // 0 stands for none.
  std::vector<std::string> hosts;
  std::map<std::string, std::uint32_t, std::less<>> listeners;
  std::map<std::pair<std::uint32_t, std::uint32_t>, LinkQuality> qualities;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> blocked;
  LinkQuality default_quality;
  SeededRandom random;
  Instant now{};
  std::uint64_t order = 0;
  std::uint64_t names = 0;
  std::vector<Event> events;
  NetworkCounters counters;
};

}  // namespace structwire::messaging
