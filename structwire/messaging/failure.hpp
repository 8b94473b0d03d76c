// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why a send came to nothing: one code for every end but success, whether the other side said it or this one found out.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace structwire::messaging {

enum class FailureCode : std::uint16_t {
  // As a nack tells it.
  handler_not_found = 1,
  schema_mismatch = 2,
  bad_payload = 3,
  expired = 4,  ///< The deadline passed; found by either side.
  overloaded = 5,
  draining = 6,
  cancelled = 7,
  handler_failed = 8,
  too_old = 9,  ///< Sent again after the receiver forgot whether it had run.
  // Found on this side: never on the wire.
  no_peer = 256,         ///< No such peer, or none that was ever reached before the deadline.
  peer_lost = 257,       ///< The peer's process went away, and it may have run.
  queue_full = 258,      ///< No room to wait for credit, and the sender did not want to wait.
  dropped = 259,         ///< Gave way to newer messages (WhenFull::drop_oldest).
  superseded = 260,      ///< Gave way to a newer one of its key (WhenFull::latest).
  circuit_open = 261,    ///< The handler failed too often just now.
  stopped = 262,         ///< This side shuts down.
  too_large = 263,       ///< More than the peer takes.
  encoding_failed = 264, ///< The value has no form in the peer's formats.
  would_block = 265,     ///< Waiting here would never end: on the loop's own thread.
};
inline constexpr std::uint16_t failure_code_on_wire_max = 255;

/// snake_case, as above; `unknown` for a number that is none.
std::string_view name_of(FailureCode code) noexcept;

struct Failure {
  FailureCode code = FailureCode::handler_failed;
  bool retryable = false;
  std::uint32_t retry_after_ms = 0;
  std::string text;
  friend bool operator==(const Failure&, const Failure&) = default;
};

/// For returning one: `return failed(FailureCode::overloaded);`
inline std::unexpected<Failure> failed(FailureCode code, std::string text = {}, bool retryable = false) {
  return std::unexpected(
      Failure{.code = code, .retryable = retryable, .retry_after_ms = 0, .text = std::move(text)});
}

}  // namespace structwire::messaging
