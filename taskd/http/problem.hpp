// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/error.hpp>
#include <taskd/api/task.hpp>
#include <taskd/http/message.hpp>
#include <taskd/http/negotiation.hpp>
#include <taskd/tasks/refusal.hpp>

#include <string>
#include <vector>

/// Everything that is not a success, and its one way onto the wire: `application/problem+json`, or
/// the same members as MessagePack for those who ask for that.
namespace structwire::taskd::http {

struct Problem {
  api::Code code = api::Code::internal;
  api::ErrorBody body;
  int status = 0;             ///< 0: the code's own
  std::vector<Field> fields;  ///< besides Retry-After, which the code's row asks for
  bool close = false;         ///< the connection cannot go on
};

[[nodiscard]] Problem problem(api::Code code, std::string message, std::string path = {});

/// What the layers below refused.
[[nodiscard]] Problem problem_of(const Refusal& refusal);

/// What a codec refused: malformed bytes tell their offset, a schema tells the path.
[[nodiscard]] Problem problem_of(const Error& error);

/// A defect of ours.
[[nodiscard]] Problem defect(std::string message);

/// `type` nullptr: nothing that exists was acceptable, which errors answer with JSON.
[[nodiscard]] Response problem_response(const Problem& problem, const MediaType* type);

/// The 406 itself, with the list of what exists.
[[nodiscard]] Response not_acceptable_response();

}  // namespace structwire::taskd::http
