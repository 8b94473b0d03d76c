// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/http/message.hpp>
#include <taskd/http/negotiation.hpp>
#include <taskd/http/problem.hpp>
#include <taskd/tasks/service.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

/// One request on its way through a handler: already routed and negotiated, its body not yet read.
namespace structwire::taskd::http {

/// What stands in the places of a route's path, as views into the request's target.
struct PathParameters {
  std::array<std::string_view, 2> values;
  std::size_t count = 0;
};

struct Call {
  std::shared_ptr<Exchange> exchange;
  Service* service = nullptr;
  const MediaType* body_type = nullptr;    ///< nullptr without a body
  const MediaType* answer_type = nullptr;  ///< never nullptr
  PathParameters path;
  std::string_view query;  ///< without the `?`

  [[nodiscard]] WireFormat body_format() const {
    return body_type ? body_type->format : WireFormat::json;
  }
  void respond(Response response) const { exchange->respond(std::move(response)); }
  void refuse(const Problem& problem) const {
    exchange->respond(problem_response(problem, answer_type));
  }
};

/// Parses, posts, responds: handlers do not think.
using Handler = void (*)(Call call);

}  // namespace structwire::taskd::http
