// SPDX-License-Identifier: Apache-2.0
//
// What a world draws before it begins: which troubles it has, the limits of its processes, the quality of its ways.
#include <algorithm>

#include <tests/simulation/message_world.hpp>

namespace structwire::messaging::simulation {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

template <typename T>
T one_of(SeededRandom& random, std::initializer_list<T> of) {
  return of.begin()[random.below(of.size())];
}

}  // namespace

void World::draw_weather() {
  Weather& weather = weather_;
  SeededRandom& random = random_;
  const auto sometimes = [&](double share, double most) {
    return random.chance(share) ? most * (0.2 + 0.8 * static_cast<double>(random.below(1000)) / 1000) : 0;
  };
  weather.calm = random.chance(0.15);
  weather.pressure = random.chance(0.04);
  weather.flood = !weather.pressure && random.chance(0.01);
  weather.lossless = weather.calm || weather.flood || random.chance(0.65);
  if (!weather.calm && !weather.flood && !weather.pressure) {
    weather.cancels = sometimes(0.5, 0.3);
    weather.handler_changes = sometimes(0.3, 0.1);
    weather.drains = sometimes(0.25, 0.03);
    weather.stops = sometimes(0.25, 0.03);
    weather.forgets = sometimes(0.15, 0.03);
    weather.crashes = sometimes(0.35, 0.06);
    weather.power_losses = sometimes(0.2, 0.04);
    weather.pauses = sometimes(0.2, 0.05);
    weather.cuts = sometimes(0.4, 0.15);
    weather.one_way_blocks = sometimes(0.25, 0.06);
    weather.partitions = sometimes(0.25, 0.06);
    weather.slow_links = sometimes(0.3, 0.08);
    weather.rogues = sometimes(0.15, 0.3);
  }
  for (double& weight : weather.kind_weights) weight = random.chance(0.5) ? 1.0 : 0.05;
  weather.kind_weights[echo_kind] = 2;
  if (weather.calm) weather.kind_weights[unknown_kind] = 0.2;
  for (double& weight : weather.when_full) weight = random.chance(0.4) ? 1.0 : 0.1;
  weather.deadline_least = one_of<Duration>(random, {milliseconds(2), milliseconds(20), milliseconds(300)});
  weather.deadline_most = one_of<Duration>(random, {milliseconds(400), seconds(2), seconds(8)});
  weather.payload_most = one_of<std::uint64_t>(random, {64, 400, 3000, 20'000});
  weather.burst_most = one_of<std::uint64_t>(random, {1, 3, 8});
  weather.pause_between = one_of<Duration>(random, {milliseconds(8), milliseconds(20), milliseconds(50)});
}

LinkQuality World::draw_quality() {
  LinkQuality quality;
  quality.delay = one_of<Duration>(random_, {microseconds(20), microseconds(300), milliseconds(3), milliseconds(15)});
  quality.jitter = one_of<Duration>(random_, {Duration::zero(), quality.delay / 2, quality.delay * 2});
  quality.lossless = weather_.lossless;
  if (weather_.lossless) return quality;
  quality.loss = one_of(random_, {0.0, 0.01, 0.05, 0.2});
  quality.duplication = one_of(random_, {0.0, 0.02, 0.2});
  quality.reordering = one_of(random_, {0.0, 0.05, 0.3});
  quality.held_back = one_of<Duration>(random_, {milliseconds(1), milliseconds(10), milliseconds(60)});
  return quality;
}

ProcessOptions World::draw_options() {
  SeededRandom& random = random_;
  const bool wide = weather_.calm || weather_.flood;
  ProcessOptions options;
  EndpointOptions& endpoint = options.endpoint;
  endpoint.formats = random.chance(0.7) ? std::vector<std::uint8_t>{common_format}
                                        : std::vector<std::uint8_t>{2, common_format};
  endpoint.credit.messages = wide ? 2000 : one_of<std::uint64_t>(random, {1, 2, 4, 16, 64, 1024});
  endpoint.credit.bytes = wide ? 4u << 20 : one_of<std::uint64_t>(random, {4096, 32'768, 1u << 20});
  endpoint.credit_least = {std::min<std::uint64_t>(endpoint.credit.messages, 1 + random.below(16)),
                           endpoint.credit.bytes};
  endpoint.adaptive = random.chance(0.5);
  endpoint.queue_target = one_of<Duration>(random, {milliseconds(1), milliseconds(20)});
  endpoint.payload_bytes_max = std::min<std::uint64_t>(endpoint.credit.bytes, random.chance(0.3) ? 1000 : 65'536);
  endpoint.pending.messages = wide || weather_.pressure ? 4000 : one_of<std::uint64_t>(random, {2, 8, 64, 4000});
  endpoint.pending.bytes = wide || weather_.pressure ? 16u << 20 : one_of<std::uint64_t>(random, {65'536, 1u << 20});
  endpoint.unacknowledged.messages = wide ? 4096 : one_of<std::uint64_t>(random, {4, 32, 4096});
  endpoint.unacknowledged.bytes = wide ? 16u << 20 : one_of<std::uint64_t>(random, {65'536, 4u << 20});
  endpoint.results = wide ? 256 : one_of<std::size_t>(random, {0, 4, 256});
  endpoint.result_bytes = one_of<std::size_t>(random, {1000, 1u << 20});
  endpoint.copied_below = one_of<std::size_t>(random, {0, 256, 8192});
  endpoint.batch_bytes = one_of<std::size_t>(random, {0, 256, 16'384});
  if (random.chance(0.3)) endpoint.features = 0;
  endpoint.deadline = one_of<Duration>(random, {milliseconds(500), seconds(5)});
  endpoint.heartbeat = weather_.calm ? milliseconds(500)
                                     : one_of<Duration>(random, {milliseconds(50), milliseconds(200), seconds(1)});
  endpoint.session_kept = one_of<Duration>(random, {milliseconds(300), seconds(2), seconds(20)});
  endpoint.ack_delay = one_of<Duration>(random, {microseconds(100), milliseconds(1), milliseconds(20)});
  endpoint.ack_every = one_of<Amount>(random, {{1, 1}, {8, 4096}, {256, 4u << 20}});
  endpoint.resend = one_of<Duration>(random, {milliseconds(20), milliseconds(200)});
  endpoint.retry.attempts = static_cast<std::uint32_t>(random.between(1, 5));
  endpoint.retry.first = milliseconds(random.between(1, 50));
  endpoint.retry.longest = milliseconds(random.between(50, 1000));
  endpoint.breaker.failures = weather_.calm ? 0 : one_of<std::uint32_t>(random, {0, 2, 10});
  endpoint.breaker.open = one_of<Duration>(random, {milliseconds(30), seconds(1)});
  endpoint.seed = random.bits() | 1;

  ExecutorOptions& executor = options.executor;
  executor.threads = weather_.calm ? 4 : static_cast<std::uint32_t>(random.between(1, 3));
  executor.queue_max = wide || weather_.pressure ? 100'000 : random.between(2, 100);
  executor.slow = one_of<Duration>(random, {milliseconds(2), milliseconds(30), milliseconds(300)});
  executor.pinned = one_of<Duration>(random, {milliseconds(5), milliseconds(500)});
  executor.large = random.between(1000, large_reply_most);
  executor.accepts_early = random.chance(0.5);
  executor.listens = random.chance(0.6);
  if (weather_.pressure) {
    endpoint.credit = {4, 65'536};
    executor = {.threads = 1, .slow = milliseconds(6)};
  }

  options.clock = Duration(static_cast<std::int64_t>(random.below(1'000'000'000'000)));
  options.slots.assign(kinds.size(), 0);
  const std::uint64_t first = random.between(1, 5);
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    const bool there = kind == echo_kind || weather_.calm || weather_.flood || weather_.pressure || random.chance(0.85);
    if (there) options.slots[kind] = static_cast<std::uint32_t>(first + kind);
  }
  return options;
}

}  // namespace structwire::messaging::simulation
