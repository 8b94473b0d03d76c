// SPDX-License-Identifier: Apache-2.0
#include <tests/simulation/message_world.hpp>

#include <algorithm>
#include <utility>

namespace structwire::messaging::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration trouble_least = milliseconds(400);
constexpr Duration trouble_most = milliseconds(2500);
/// Everything has to settle within it.
constexpr Duration calm_most = seconds(40);
/// Of one process, in one world; so many can only be a clock that creeps.
constexpr std::uint64_t rounds_most = 30'000;

}  // namespace

World::World(std::uint64_t seed, bool verbose)
    : random_(seed * 0x9e3779b97f4a7c15u + 1), network_(random_.bits()), oracle_(verbose) {}

WorldResult World::run() {
  network_.advance(Instant(seconds(1)));  // So that nothing is at zero by chance.
  oracle_.now = network_.now();
  draw_weather();
  oracle_.is_calm = weather_.calm && !weather_.pressure;
  network_.set_default_quality(draw_quality());
  const std::uint64_t count = random_.between(2, 5);
  places_.resize(count);
  oracle_.processes.resize(count);
  for (std::uint32_t index = 0; index < count; ++index) {
    for (std::uint32_t to = 0; to < count; ++to) {
      if (to != index && random_.chance(to > index ? 0.7 : 0.2)) places_[index].dials.push_back(to);
    }
    if (index == 0 && places_[0].dials.empty()) places_[0].dials.push_back(1);
    places_[index].options = draw_options();
    places_[index].options.endpoint.instance = instance_of(index);
    for (std::uint32_t to = 0; to < count; ++to) {
      if (to != index && random_.chance(0.3)) network_.set_quality(host_name(index), host_name(to), draw_quality());
    }
  }
  for (std::uint32_t index = 0; index < count; ++index) {
    if (!weather_.lossless) trouble_begins(index);
    start_process(index);
  }
  if (weather_.pressure) pressure();
  if (weather_.flood) flood();
  next_action_ = network_.now();
  loop(network_.now() + random_.between(trouble_least, trouble_most), false);
  heal();
  loop(network_.now() + calm_most, true);
  if (!oracle_.failed() && !settled()) {
    tell_who_is_not_idle();
  }
  if (!oracle_.failed()) probe();
  return report();
}

// ---- processes

void World::start_process(std::uint32_t index) {
  Place& place = places_[index];
  ++place.life;
  if (place.life > 1 && random_.chance(0.5)) {
    place.options = draw_options();
    place.options.endpoint.instance = instance_of(index);
  }
  place.options.endpoint.incarnation = random_.bits();
  place.options.endpoint.seed = random_.bits() | 1;
  place.options.endpoint.name = host_name(index);
  ProcessFacts& facts = oracle_.processes[index];
  facts.life = {index, place.life};
  facts.alive = true;
  facts.life_changed = place.life == 1 ? unset_time : network_.now();
  facts.drained = std::min(facts.drained, network_.now());
  facts.stopped = std::min(facts.stopped, network_.now());
  facts.credit = place.options.endpoint.credit;
  facts.payload_bytes_max = place.options.endpoint.payload_bytes_max;
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    facts.absent[kind] = place.options.slots[kind] == 0 ? never : std::min(facts.absent[kind], network_.now());
    if (place.options.slots[kind] != 0 && place.life == 1) facts.absent[kind] = unset_time;
  }
  log("starts " + text_of(facts.life));
  place.process =
      std::make_unique<Process>(facts.life, place.options, network_, oracle_, random_.split());
  for (const std::uint32_t to : place.dials) place.process->dial(address_of(to), to);
  if (random_.chance(0.05)) place.process->dial("sim://nobody", nobody);
  if (healed_) place.process->come_to_an_end();
}

void World::end_process(std::uint32_t index, Happening how) {
  Place& place = places_[index];
  happened(how);
  log(std::string(name_of(how)) + " of " + text_of(place.process->life()));
  ProcessFacts& facts = oracle_.processes[index];
  facts.life_changed = network_.now();
  if (how == Happening::stop) {
    facts.stopped = never;
    place.process->stop();
  }
  if (how == Happening::power_loss) {
    place.process->power_off();
    for (std::uint32_t each = 0; each < places_.size(); ++each) trouble_begins(each);
  }
  facts.alive = false;
  count(place.process->counters());
  oracle_.life_ended(place.process->life());
  place.process.reset();
  place.paused = facts.paused = false;
  later_on(random_.between(milliseconds(1), milliseconds(600)), {.kind = ReversalKind::restart, .a = index, .b = how == Happening::power_loss});
}

void World::trouble_begins(std::uint32_t index) {
  ++places_[index].troubles;
  oracle_.processes[index].out_of_touch = never;
}
void World::trouble_ends(std::uint32_t index) {
  if (--places_[index].troubles == 0) oracle_.processes[index].out_of_touch = network_.now();
}

void World::later_on(Duration after, Reversal reversal) { reversals_.emplace(network_.now() + after, reversal); }

void World::revert(const Reversal& reversal) {
  switch (reversal.kind) {
    case ReversalKind::unblock:
      log("unblocks p" + std::to_string(reversal.a) + " to p" + std::to_string(reversal.b));
      network_.unblock(host_name(reversal.a), host_name(reversal.b));
      break;
    case ReversalKind::quicken:
      network_.set_quality(host_name(reversal.a), host_name(reversal.b), draw_quality());
      break;
    case ReversalKind::restart:
      happened(Happening::restart);
      start_process(reversal.a);
      if (reversal.b == 0) return;
      for (std::uint32_t each = 0; each < places_.size(); ++each) trouble_ends(each);
      return;
    case ReversalKind::resume:
      places_[reversal.a].paused = oracle_.processes[reversal.a].paused = false;
      log("resumes p" + std::to_string(reversal.a));
      break;
  }
  trouble_ends(reversal.a);
  if (reversal.kind != ReversalKind::resume) trouble_ends(reversal.b);
}

// ---- the loop

void World::loop(Instant until, bool until_settled) {
  while (!oracle_.failed()) {
    Instant next = std::min({network_.next_event(), next_action_, until});
    if (!reversals_.empty()) next = std::min(next, reversals_.begin()->first);
    if (rogue_) next = std::min(next, rogue_->next_due());
    for (const Place& place : places_) {
      if (!place.process || place.paused) continue;
      next = place.process->due() ? network_.now() : std::min(next, place.process->next_due());
    }
    network_.advance(std::max(next, network_.now()));
    const Instant now = oracle_.now = network_.now();
    while (!reversals_.empty() && reversals_.begin()->first <= now) {
      const Reversal reversal = reversals_.begin()->second;
      reversals_.erase(reversals_.begin());
      revert(reversal);
    }
    if (next_action_ <= now) act();
    if (rogue_ && rogue_->due()) rogue_->step();
    for (Place& place : places_) {
      if (!place.process || place.paused || !place.process->due()) continue;
      place.process->step();
      oracle_.processes[place.process->life().process].sessions = place.process->counters().sessions;
      if (random_.chance(0.2)) place.process->check();
      if (place.process->steps() > rounds_most) oracle_.violation("no busy loop", "too many rounds in all");
    }
    oracle_.check_deadlines();
    if (now >= until) break;
    if (until_settled && settled()) break;
  }
}

bool World::settled() {
  return reversals_.empty() && oracle_.all_settled() &&
         std::ranges::all_of(places_, [](const Place& place) { return place.process && place.process->idle(); });
}

void World::tell_who_is_not_idle() {
  for (const Place& place : places_) {
    if (place.process && !place.process->idle()) oracle_.violation("settles", place.process->describe());
  }
  if (!oracle_.failed()) oracle_.violation("settles", std::to_string(oracle_.open_sends()) + " sends are open");
}

void World::heal() {
  log("all trouble ends");
  healed_ = true;
  next_action_ = never;
  rogue_.reset();
  network_.unblock_all();
  for (auto each = reversals_.begin(); each != reversals_.end();) {
    if (each->second.kind == ReversalKind::restart) {
      ++each;
      continue;
    }
    const Reversal reversal = each->second;
    each = reversals_.erase(each);
    revert(reversal);
  }
  const LinkQuality good{.lossless = true};
  network_.set_default_quality(good);
  for (std::uint32_t from = 0; from < places_.size(); ++from) {
    for (std::uint32_t to = 0; to < places_.size(); ++to) {
      LinkQuality quality = good;
      quality.lossless = weather_.lossless;
      network_.set_quality(host_name(from), host_name(to), quality);
    }
    if (places_[from].process && places_[from].process->draining()) end_process(from, Happening::stop);
    if (places_[from].process) places_[from].process->come_to_an_end();
  }
}

void World::count(const Counters& from) {
  Counters& to = result_.counters;
  for (std::size_t code = 0; code < to.nacks_sent.size(); ++code) to.nacks_sent[code] += from.nacks_sent[code];
  to.repeats += from.repeats;
  to.replayed += from.replayed;
  to.duplicates += from.duplicates;
  to.reordered += from.reordered;
  to.resent += from.resent;
  to.retries += from.retries;
  to.frames_refused += from.frames_refused;
  to.credit_waits += from.credit_waits;
  to.credit_violations += from.credit_violations;
  to.circuits_opened += from.circuits_opened;
  to.sessions += from.sessions;
  to.resumed += from.resumed;
  to.peers_lost += from.peers_lost;
  to.peers_refused += from.peers_refused;
}

WorldResult World::report() {
  for (const Place& place : places_) {
    if (!place.process) continue;
    place.process->check_counters();
    count(place.process->counters());
  }
  const NetworkCounters& network = network_.counters();
  happened(Happening::frame_lost, network.lost);
  happened(Happening::frame_doubled, network.duplicated);
  happened(Happening::frame_overtaken, network.reordered);
  happened(Happening::frame_cut, network.cut);
  happened(Happening::half_open, network.half_open);
  happened(Happening::congestion, network.congested);
  result_.violations = oracle_.violations();
  result_.outcomes = oracle_.outcomes;
  result_.sends = oracle_.sends();
  result_.runs = oracle_.runs();
  return std::move(result_);
}

}  // namespace structwire::messaging::simulation
