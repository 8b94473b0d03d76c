// SPDX-License-Identifier: Apache-2.0
#pragma once

// The documents' own messages between workers. `DocumentUpdate` holds undecoded pieces, and each library has a
// type of its own for those, so the type is a parameter.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace codec_bench {

struct DocumentMessage {
  std::string message_id;
  std::string worker_id;
  std::vector<std::byte> payload;
  double timestamp;
  std::int32_t priority;
  friend bool operator==(const DocumentMessage&, const DocumentMessage&) = default;
};

template <class RawPiece>
struct DocumentUpdate {
  std::string source_worker_id;
  std::string target_worker_id;
  std::string update_type;
  std::map<std::string, RawPiece> payload;
  double timestamp;
  std::map<std::string, std::int64_t> causal_clock;
  std::int32_t depth;
  friend bool operator==(const DocumentUpdate&, const DocumentUpdate&) = default;
};

struct DocumentState {
  std::string worker_id;
  std::int64_t counter;
  std::string status;
  double last_updated;
  std::map<std::string, std::string> metadata;
  friend bool operator==(const DocumentState&, const DocumentState&) = default;
};

}  // namespace codec_bench
