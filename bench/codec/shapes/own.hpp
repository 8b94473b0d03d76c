// SPDX-License-Identifier: Apache-2.0
#pragma once

// Our own: a worker's message (a), an update between workers (b), snapshots of 52 and 520 workers (c, d).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace codec_bench {

struct WorkerMsg {
  std::string message_id;
  std::string worker_id;
  std::string payload;
  double timestamp;
  std::int32_t priority;
  friend bool operator==(const WorkerMsg&, const WorkerMsg&) = default;
};

struct Payload {
  std::string kind;
  std::string key;
  std::string body;
  std::vector<double> values;
  std::vector<std::string> tags;
  std::optional<std::string> note;
  bool final_;
  friend bool operator==(const Payload&, const Payload&) = default;
};

struct CrossUpdate {
  std::string update_id;
  std::string source;
  std::string target;
  std::int64_t seq;
  double timestamp;
  std::map<std::string, std::int64_t> clock;
  Payload payload;
  friend bool operator==(const CrossUpdate&, const CrossUpdate&) = default;
};

struct WorkerState {
  std::int64_t id;
  std::string name;
  std::string status;
  double load;
  double last_seen;
  std::int64_t tasks_done;
  bool alive;
  std::vector<std::int32_t> queue;
  friend bool operator==(const WorkerState&, const WorkerState&) = default;
};

struct Snapshot {
  std::string snapshot_id;
  std::int64_t version;
  double created;
  std::string owner;
  std::vector<WorkerState> workers;
  std::vector<double> metrics;
  std::map<std::string, std::int64_t> counters;
  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

}  // namespace codec_bench
