// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/api/error_map.hpp>
#include <taskd/api/task.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

/// Why a call to the daemon has no answer: it refused, or nobody (understandable) answered.
namespace structwire::taskd {

/// A value like any other: copy it, keep it, hand it to another thread.
struct CallError {
  enum class Kind {
    refused,      ///< the daemon said no; `code`, `path` and `offset` are its own words
    unreachable,  ///< no connection, or it broke before the answer came
    timeout,      ///< no whole answer in time
    bad_answer,   ///< something answered, but not as structwired does
    bad_request,  ///< it could not be sent: text that is not UTF-8, nesting too deep
  };

  Kind kind = Kind::unreachable;
  std::string code;     ///< the daemon's wire text, e.g. `lease_lost`; empty unless refused
  std::string message;  ///< one sentence for people
  std::string path;     ///< the member the schema refused, `$.priority`; may be empty
  std::optional<std::uint64_t> offset;  ///< the byte where the request's syntax broke
  int status = 0;                       ///< HTTP status; 0 without an answer

  /// True when the daemon refused with this code.
  [[nodiscard]] bool is(api::Code wanted) const;
  /// True when the same call may succeed later: nobody answered, or the daemon is busy. After
  /// `unreachable` and `timeout` the call may have been done nevertheless.
  [[nodiscard]] bool may_pass() const;

  /// What the daemon said, with the status it came with.
  [[nodiscard]] static CallError refusal(api::ErrorBody body, int status);
};

/// What every call returns.
template <class T>
using Answer = std::expected<T, CallError>;

}  // namespace structwire::taskd
