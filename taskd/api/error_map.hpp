// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

/// The one table of everything the task API can refuse: code -> HTTP status and gRPC status.
///
/// A code's text on every wire is the enumerator's own name. Codes are facts, never blame; they are
/// stable, clients branch on them. To add one: an enumerator here and its row below, nothing else.
namespace structwire::taskd::api {

/// Why a request was refused.
enum class Code {
  malformed,               ///< the body is not valid JSON or MessagePack
  invalid_argument,        ///< well-formed, but against the schema or a limit
  invalid_parameter,       ///< a path or query parameter makes no sense
  not_found,               ///< no task with this id
  unknown_route,           ///< no such path
  method_not_allowed,      ///< the path exists, not with this method
  not_acceptable,          ///< no format the asker accepts
  request_timeout,         ///< the request did not arrive in time
  lease_lost,              ///< not running, or running under another fence: drop the work
  task_final,              ///< succeeded or dead: there is nothing left to cancel
  too_large,               ///< body, payload or result over its limit
  unsupported_media_type,  ///< Content-Type or Content-Encoding not understood
  rate_limited,            ///< this client asks too much
  overloaded,              ///< the daemon's queue of work is full; nothing was done
  draining,                ///< shutting down; nothing was done
  disk_full,               ///< not stored: no space; readable, and tried again on each request
  store_failed,            ///< not stored: the disk failed; refused until the daemon is restarted
  internal,                ///< a defect of ours
};

/// gRPC status numbers as the gRPC specification fixes them (only those in use).
enum class GrpcStatus {
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
};

/// One row of the table.
struct ErrorRow {
  Code code;
  std::string_view name;  ///< the wire text
  int http_status;
  GrpcStatus grpc_status;
  bool retry;  ///< the same request may succeed later: doors add Retry-After
};

/// In the enumerators' order, so that a code is its own row number (checked below).
inline constexpr std::array<ErrorRow, 18> error_rows = {{
    {Code::malformed, "malformed", 400, GrpcStatus::invalid_argument, false},
    {Code::invalid_argument, "invalid_argument", 422, GrpcStatus::invalid_argument, false},
    {Code::invalid_parameter, "invalid_parameter", 400, GrpcStatus::invalid_argument, false},
    {Code::not_found, "not_found", 404, GrpcStatus::not_found, false},
    {Code::unknown_route, "unknown_route", 404, GrpcStatus::unimplemented, false},
    {Code::method_not_allowed, "method_not_allowed", 405, GrpcStatus::unimplemented, false},
    {Code::not_acceptable, "not_acceptable", 406, GrpcStatus::invalid_argument, false},
    {Code::request_timeout, "request_timeout", 408, GrpcStatus::deadline_exceeded, true},
    {Code::lease_lost, "lease_lost", 409, GrpcStatus::aborted, false},
    {Code::task_final, "task_final", 409, GrpcStatus::failed_precondition, false},
    {Code::too_large, "too_large", 413, GrpcStatus::invalid_argument, false},
    {Code::unsupported_media_type, "unsupported_media_type", 415, GrpcStatus::invalid_argument,
     false},
    {Code::rate_limited, "rate_limited", 429, GrpcStatus::resource_exhausted, true},
    {Code::overloaded, "overloaded", 503, GrpcStatus::unavailable, true},
    {Code::draining, "draining", 503, GrpcStatus::unavailable, true},
    {Code::disk_full, "disk_full", 503, GrpcStatus::resource_exhausted, true},
    {Code::store_failed, "store_failed", 503, GrpcStatus::unavailable, false},
    {Code::internal, "internal", 500, GrpcStatus::internal, false},
}};

/// The row of a code; total for every enumerator.
[[nodiscard]] constexpr const ErrorRow& row(Code code) {
  return error_rows[static_cast<std::size_t>(code)];
}

/// The wire text of a code.
[[nodiscard]] constexpr std::string_view name(Code code) { return row(code).name; }
/// The HTTP status a door answers with.
[[nodiscard]] constexpr int http_status(Code code) { return row(code).http_status; }
/// The code with this wire text; nothing for one this version does not know.
[[nodiscard]] constexpr std::optional<Code> code_named(std::string_view name) {
  for (const ErrorRow& each : error_rows) {
    if (each.name == name) return each.code;
  }
  return std::nullopt;
}

namespace detail {
constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < error_rows.size(); ++i) {
    if (static_cast<std::size_t>(error_rows[i].code) != i) return false;
  }
  return static_cast<std::size_t>(Code::internal) + 1 == error_rows.size();
}
static_assert(rows_are_in_order(), "error_rows must list every Code once, in its order");
}  // namespace detail

}  // namespace structwire::taskd::api
