// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a node tells about itself: plain structs, to print, to send or to serve as JSON.

#include <cstdint>
#include <string>
#include <vector>

#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/histogram.hpp>
#include <structwire/messaging/loop/executor.hpp>
#include <structwire/messaging/transport.hpp>

namespace structwire::messaging {

/// The times of one of this node's handlers; those of sampled requests.
struct HandlerFigures {
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;
  std::uint64_t overruns = 0;  ///< On the loop, over the budget.
  Histogram queued;
  Histogram decode;
  Histogram handler;  ///< Until its reply is made, by whomever; of a stream, until its end.
  Histogram encode;   ///< Of the reply.
};

/// The times of this node's sends to handlers of one name; those of sampled ones.
struct SendFigures {
  Histogram encode;
  Histogram queue;    ///< From the sender's thread to the endpoint.
  Histogram transit;  ///< Waiting for credit and both ways over the network: all that is not listed elsewhere.
  Histogram remote;   ///< At the handler's side: queued, decoding, in the handler, encoding.
  Histogram total;
};

struct LoopCounters {
  std::uint64_t rounds = 0;
  std::uint64_t wakes = 0;  ///< Of the sleeping loop by other threads.
  std::uint64_t led_by_callers = 0;  ///< Waits for the network on a thread that waited for a call.
  std::uint64_t ran_at_once = 0;     ///< Requests that the thread that received them ran, and not the pool.
  std::uint64_t posted = 0;  ///< Jobs by other threads.
  std::uint64_t encoded_off_loop = 0;
  std::uint64_t demoted = 0;  ///< Handlers that were too slow for the loop.
  bool operator==(const LoopCounters&) const = default;
};

struct HandlerStatus {
  std::string name;
  std::uint32_t slot = 0;
  std::uint64_t request_schema = 0;
  std::uint64_t response_schema = 0;
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;
  std::uint64_t overruns = 0;
  bool demoted = false;
  Latency queued;
  Latency decode;
  Latency handler;
  Latency encode;
  bool operator==(const HandlerStatus&) const = default;
};

struct SendStatus {
  std::string handler;
  Latency encode;
  Latency queue;
  Latency transit;
  Latency remote;
  Latency total;
  bool operator==(const SendStatus&) const = default;
};

struct PeerSummary {
  std::uint64_t id = 0;
  std::string state;
  std::string name;
  std::string address;
  Uuid instance;
  std::uint64_t incarnation = 0;
  std::uint64_t credit_messages = 0;
  std::uint64_t credit_bytes = 0;
  std::uint64_t waiting_messages = 0;
  std::uint64_t waiting_bytes = 0;
  std::uint64_t held_messages = 0;
  std::uint64_t held_bytes = 0;
  std::uint64_t unacknowledged = 0;
  double round_trip_us = 0;
  std::vector<std::string> handlers;
  bool operator==(const PeerSummary&) const = default;
};

/// The endpoint's Counters under their names, and those of the threads.
struct NodeCounters {
  std::uint64_t sent = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t nacks_sent = 0;
  std::uint64_t requests = 0;
  std::uint64_t repeats = 0;
  std::uint64_t replayed = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t reordered = 0;
  std::uint64_t resent = 0;
  std::uint64_t retries = 0;
  std::uint64_t frames_sent = 0;
  std::uint64_t frames_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t compressed_sent = 0;
  std::uint64_t compressed_sent_bytes = 0;
  std::uint64_t compressed_sent_plain_bytes = 0;
  std::uint64_t compressed_received = 0;
  std::uint64_t compressed_received_bytes = 0;
  std::uint64_t compressed_received_plain_bytes = 0;
  std::uint64_t frames_refused = 0;
  std::uint64_t credit_waits = 0;
  std::uint64_t credit_violations = 0;
  std::uint64_t dropped = 0;
  std::uint64_t circuits_opened = 0;
  std::uint64_t sessions = 0;
  std::uint64_t resumed = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t peers_lost = 0;
  std::uint64_t peers_refused = 0;
  std::uint64_t jobs = 0;
  std::uint64_t jobs_refused = 0;
  std::uint64_t pool_wakes = 0;
  bool operator==(const NodeCounters&) const = default;
};

struct NodeStatus {
  std::string name;
  Uuid instance;
  std::uint64_t incarnation = 0;
  NodeCounters counters;
  LoopCounters loop;
  std::uint64_t requests_running = 0;
  std::uint64_t jobs_queued = 0;
  std::uint64_t bytes_held = 0;
  std::vector<HandlerStatus> handlers;
  std::vector<SendStatus> sends;
  std::vector<PeerSummary> peers;
  TransportFigures transport;  ///< Its counters, such as ZeromqCounters, by name.
  bool operator==(const NodeStatus&) const = default;
};

HandlerStatus summary_of(const HandlerEntry& entry, const HandlerFigures& figures);
SendStatus summary_of(const std::string& handler, const SendFigures& figures);
PeerSummary summary_of(const PeerStatus& peer);
NodeCounters summary_of(const Counters& counters, const ExecutorCounters& pool);

}  // namespace structwire::messaging
