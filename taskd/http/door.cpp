// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/door.hpp>

#include <taskd/http/call.hpp>
#include <taskd/http/routes.hpp>

#include <algorithm>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace structwire::taskd::http {
namespace {

struct Plan {
  Handler handler = nullptr;
  const MediaType* body_type = nullptr;
  const MediaType* answer_type = nullptr;
  PathParameters path;
  std::string_view query;
};

// The format in which a refusal is told, when the body's own type did not matter yet.
const MediaType* type_for_refusal(const Request& request) {
  return answer_type(request.accept, nullptr);
}

Response no_route(const Request& request, const RouteMatch& match) {
  const MediaType* type = type_for_refusal(request);
  if (match.allow.empty()) {
    return problem_response(problem(api::Code::unknown_route, "There is no such path"), type);
  }
  if (request.method == Method::options) {
    return {.status = 204, .fields = {{"Allow", match.allow}}};
  }
  Problem refusal =
      problem(api::Code::method_not_allowed, "This path has the methods " + match.allow);
  refusal.fields.push_back({"Allow", match.allow});
  return problem_response(refusal, type);
}

Response unreadable_body(const Request& request, BodyRefusal why) {
  Problem refusal{.code = api::Code::unsupported_media_type};
  if (why == BodyRefusal::media_type) {
    refusal = problem(refusal.code,
                      "The Content-Type of a body is one of " + std::string(media_types_offered));
    refusal.fields.push_back({"Accept-Post", std::string(media_types_offered)});
  } else {
    refusal = problem(refusal.code, "A body has no Content-Encoding");
    refusal.fields.push_back({"Accept-Encoding", "identity"});
  }
  return problem_response(refusal, type_for_refusal(request));
}

// A page in somebody's browser can send a body without Content-Type to any address; it shall not
// reach the one route that allows that.
bool may_leave_out_type(const Route& route, const Request& request) {
  return route.kind == RouteKind::legacy && !request.content_type && !request.from_browser;
}

std::expected<const MediaType*, BodyRefusal> body_type_of(const Route& route,
                                                          const Request& request) {
  if (request.method != Method::post || !request.has_body) return nullptr;
  if (may_leave_out_type(route, request)) {
    return body_type(media_type_json.name, request.content_encoding);
  }
  return body_type(request.content_type, request.content_encoding);
}

std::expected<Plan, Response> plan(const Request& request) {
  const std::string_view target = request.target;
  const std::size_t end = std::min(target.find('?'), target.size());
  const RouteMatch match = find_route(request.method, target.substr(0, end));
  if (!match.route) return std::unexpected(no_route(request, match));

  const auto body = body_type_of(*match.route, request);
  const MediaType* answer = answer_type(request.accept, body.value_or(nullptr));
  if (!answer) {
    if (match.route->kind != RouteKind::health) return std::unexpected(not_acceptable_response());
    answer = &media_type_json;
  }
  if (!body) return std::unexpected(unreadable_body(request, body.error()));
  return Plan{
      .handler = match.route->handler,
      .body_type = *body,
      .answer_type = answer,
      .path = match.path,
      .query = target.substr(std::min(end + 1, target.size())),
  };
}

}  // namespace

std::optional<Response> Door::refuse(const Request& request) const {
  auto planned = plan(request);
  if (planned) return std::nullopt;
  return std::move(planned).error();
}

void Door::handle(std::shared_ptr<Exchange> exchange) {
  auto planned = plan(exchange->request());
  if (!planned) return exchange->respond(std::move(planned).error());
  const Handler handler = planned->handler;
  handler({.exchange = std::move(exchange),
           .service = &service_,
           .body_type = planned->body_type,
           .answer_type = planned->answer_type,
           .path = planned->path,
           .query = planned->query});
}

}  // namespace structwire::taskd::http
