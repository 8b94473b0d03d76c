// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/failure.hpp>

namespace structwire::messaging {

std::string_view name_of(FailureCode code) noexcept {
  switch (code) {
    using enum FailureCode;
    case handler_not_found: return "handler_not_found";
    case schema_mismatch: return "schema_mismatch";
    case bad_payload: return "bad_payload";
    case expired: return "expired";
    case overloaded: return "overloaded";
    case draining: return "draining";
    case cancelled: return "cancelled";
    case handler_failed: return "handler_failed";
    case too_old: return "too_old";
    case no_peer: return "no_peer";
    case peer_lost: return "peer_lost";
    case queue_full: return "queue_full";
    case dropped: return "dropped";
    case superseded: return "superseded";
    case circuit_open: return "circuit_open";
    case stopped: return "stopped";
    case too_large: return "too_large";
    case encoding_failed: return "encoding_failed";
    case would_block: return "would_block";
  }
  return "unknown";
}

}  // namespace structwire::messaging
