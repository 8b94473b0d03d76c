// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/status.hpp>

namespace structwire::messaging {

HandlerStatus summary_of(const HandlerEntry& entry, const HandlerFigures& figures) {
  return {.name = entry.name,
          .slot = entry.slot,
          .request_schema = entry.request,
          .response_schema = entry.response,
          .requests = figures.requests,
          .failed = figures.failed,
          .overruns = figures.overruns,
          .queued = figures.queued.summary(),
          .decode = figures.decode.summary(),
          .handler = figures.handler.summary(),
          .encode = figures.encode.summary()};
}

SendStatus summary_of(const std::string& handler, const SendFigures& figures) {
  return {.handler = handler,
          .encode = figures.encode.summary(),
          .queue = figures.queue.summary(),
          .transit = figures.transit.summary(),
          .remote = figures.remote.summary(),
          .total = figures.total.summary()};
}

PeerSummary summary_of(const PeerStatus& peer) {
  PeerSummary summary{.id = static_cast<std::uint64_t>(peer.id),
                      .state = std::string(name_of(peer.state)),
                      .name = peer.name,
                      .address = peer.address,
                      .instance = peer.instance,
                      .incarnation = peer.incarnation,
                      .credit_messages = peer.credit_left.messages,
                      .credit_bytes = peer.credit_left.bytes,
                      .waiting_messages = peer.waiting.messages,
                      .waiting_bytes = peer.waiting.bytes,
                      .held_messages = peer.held.messages,
                      .held_bytes = peer.held.bytes,
                      .unacknowledged = peer.unacknowledged,
                      .round_trip_us = static_cast<double>(peer.round_trip.count()) / 1000,
                      .handlers = {}};
  for (const HandlerEntry& handler : peer.handlers) summary.handlers.push_back(handler.name);
  return summary;
}

NodeCounters summary_of(const Counters& counters, const ExecutorCounters& pool) {
  std::uint64_t nacks = 0;
  for (const std::uint64_t count : counters.nacks_sent) nacks += count;
  return {.sent = counters.sent,
          .succeeded = counters.succeeded,
          .failed = counters.failed,
          .nacks_sent = nacks,
          .requests = counters.requests,
          .repeats = counters.repeats,
          .replayed = counters.replayed,
          .duplicates = counters.duplicates,
          .reordered = counters.reordered,
          .resent = counters.resent,
          .retries = counters.retries,
          .frames_sent = counters.frames_sent,
          .frames_received = counters.frames_received,
          .bytes_sent = counters.bytes_sent,
          .bytes_received = counters.bytes_received,
          .compressed_sent = counters.compressed_sent,
          .compressed_sent_bytes = counters.compressed_sent_bytes,
          .compressed_sent_plain_bytes = counters.compressed_sent_plain_bytes,
          .compressed_received = counters.compressed_received,
          .compressed_received_bytes = counters.compressed_received_bytes,
          .compressed_received_plain_bytes = counters.compressed_received_plain_bytes,
          .frames_refused = counters.frames_refused,
          .credit_waits = counters.credit_waits,
          .credit_violations = counters.credit_violations,
          .dropped = counters.dropped,
          .circuits_opened = counters.circuits_opened,
          .sessions = counters.sessions,
          .resumed = counters.resumed,
          .abandoned = counters.abandoned,
          .peers_lost = counters.peers_lost,
          .peers_refused = counters.peers_refused,
          .jobs = pool.submitted,
          .jobs_refused = pool.refused,
          .pool_wakes = pool.wakes};
}

}  // namespace structwire::messaging
