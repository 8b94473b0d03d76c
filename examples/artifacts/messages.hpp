// SPDX-License-Identifier: Apache-2.0
#pragma once

// What workers say to each other. Fields have the names, the order and the defaults of the Python
// classes that write the same bytes (tests/artifacts/classes.py).

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <structwire/core/buffer.hpp>
#include <structwire/core/raw.hpp>
#include <structwire/core/rules.hpp>

namespace artifacts {

namespace sw = structwire;

/// Times are seconds since 1970, UTC.
struct Message {
  std::string message_id;
  std::string worker_id;
  sw::Bytes payload;
  double timestamp;
  std::int64_t priority = 0;
  using wire = sw::Rules<sw::wire_policy, sw::defaulted_from<&Message::priority>>;
};

/// What one worker's step means for another. The pieces of the payload are decoded by who knows
/// their update_type.
struct CrossWorkerUpdate {
  std::string source_worker_id;
  std::string target_worker_id;
  std::string update_type;
  std::map<std::string, sw::Raw> payload;
  double timestamp;
  std::map<std::string, std::int64_t> causal_clock;
  std::int64_t depth = 0;
  using wire = sw::Rules<sw::wire_policy, sw::defaulted_from<&CrossWorkerUpdate::depth>>;
};

struct QueryRequest {
  std::string query_id;
  std::string worker_id;
  double timeout = 1.0;  ///< seconds
  using wire = sw::Rules<sw::wire_policy, sw::defaulted_from<&QueryRequest::timeout>>;
};

struct QueryResponse {
  std::string query_id;
  std::string worker_id;
  sw::Bytes state;  ///< an encoded WorkerState, or whatever the worker keeps
  double timestamp;
  using wire = sw::Rules<sw::wire_policy>;
};

struct WorkerState {
  std::string worker_id;
  std::int64_t counter;
  std::string status;
  double last_updated;
  std::map<std::string, std::string> metadata;
  using wire = sw::Rules<sw::wire_policy>;
};

}  // namespace artifacts
