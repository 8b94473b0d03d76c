// SPDX-License-Identifier: Apache-2.0
#pragma once

// The structs that the experiments encode, and objects of them; python/messages.py has the same, value for value.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <structwire/core/buffer.hpp>
#include <structwire/core/raw.hpp>

namespace experiments {

namespace sw = structwire;

/// The first document's state.
struct WorkerState {
  std::string worker_id;
  std::int64_t counter;
  std::string status;
  double last_updated;
  std::map<std::string, std::string> metadata;
};
/// A state of many members.
struct WideState {
  std::int64_t requests, errors, retries, restarts, queued, running, finished, dropped;
  double load, latency, throughput, memory, uptime, last_seen;
  std::string name, host, zone, version;
  bool healthy, draining;
};

/// The first document's message; Payload is bytes, a map, a Raw or the struct itself.
template <class Payload>
struct Envelope {
  std::string message_id;
  std::string worker_id;
  Payload payload;
  double timestamp;
  std::int32_t priority;
};
struct Reading {
  std::string kind;
  std::string key;
  std::vector<double> values;
  std::vector<std::string> tags;
  std::map<std::string, std::int64_t> counts;
};

struct QueryRequest {
  std::string query_id;
  std::string worker_id;
  double timeout;
};
struct States {
  std::vector<WorkerState> states;
};

inline std::string digits(int number, int width) {
  std::string text = std::to_string(number);
  return std::string(static_cast<std::size_t>(width) - text.size(), '0') + text;
}

inline WorkerState make_state(int entries) {
  WorkerState state{"worker-17", 42, "active", 1790000350.745479, {}};
  for (int i = 0; i < entries; ++i)
    state.metadata["key_" + digits(i, 3)] = "the value of " + std::to_string(i);
  return state;
}
inline WideState make_wide() {
  return {123456,      17,
          4,           2,
          33,          8,
          99887,       5,
          0.75,        12.625,
          4410.5,      81.25,
          86400.5,     1790000350.745479,
          "worker-17", "node-3.example",
          "eu-west",   "4.18.2",
          true,        false};
}
inline Reading make_reading(int count) {
  Reading reading{
      "reading", "sensor/17/temperature", {}, {"indoor", "calibrated", "raw", "north", "v2"}, {}};
  for (int i = 0; i < count; ++i) reading.values.push_back(i / 7.0);
  for (int i = 0; i < 5; ++i) reading.counts["counter_" + std::to_string(i)] = i * 1000;
  return reading;
}
template <class Payload>
Envelope<Payload> make_envelope(Payload payload) {
  return {"msg-0b052d17e154", "worker-17", std::move(payload), 1790000350.745479, 5};
}
inline sw::Bytes make_bytes(std::size_t size) {
  sw::Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 37 + i / 256);
  return bytes;
}

}  // namespace experiments
