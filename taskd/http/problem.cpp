// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/problem.hpp>

#include <structwire/core/rules.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <taskd/doors/render.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace structwire::taskd::http {
namespace {

// Seconds after which a refused client may come again.
constexpr std::string_view retry_after = "1";

// An ErrorBody that also says what there would be.
struct NotAcceptableBody {
  std::string code;
  std::string message;
  std::vector<std::string> available;
};

Problem with_message(api::Code code, std::string message) {
  Problem result{.code = code};
  result.body.code = api::name(code);
  result.body.message = std::move(message);
  return result;
}

}  // namespace

Problem problem(api::Code code, std::string message, std::string path) {
  Problem result = with_message(code, std::move(message));
  if (!path.empty()) result.body.path = std::move(path);
  return result;
}

Problem problem_of(const Refusal& refusal) {
  return {.code = refusal.code, .body = doors::render_error(refusal)};
}

Problem problem_of(const Error& error) {
  if (is_syntax(error.code())) {
    Problem result = with_message(api::Code::malformed, error.message());
    if (error.offset()) result.body.offset = static_cast<std::uint64_t>(*error.offset());
    return result;
  }
  return problem(api::Code::invalid_argument, error.message(), error.path());
}

Problem defect(std::string message) {
  return with_message(api::Code::internal, std::move(message));
}

Response problem_response(const Problem& problem, const MediaType* type) {
  const api::ErrorRow& row = api::row(problem.code);
  Response response{.status = problem.status ? problem.status : row.http_status,
                    .fields = problem.fields,
                    .close = problem.close};
  if (row.retry) response.fields.push_back({"Retry-After", std::string(retry_after)});
  if (type && type->format == WireFormat::msgpack) {
    response.content_type = type->name;
    response.body = msgpack::encode(problem.body);
  } else {
    response.content_type = problem_json;
    response.body = Buffer(std::string_view(json::encode(problem.body)));
  }
  return response;
}

Response not_acceptable_response() {
  NotAcceptableBody body{
      .code = std::string(api::name(api::Code::not_acceptable)),
      .message =
          "No format that exists is acceptable; there are " + std::string(media_types_offered),
  };
  for (const MediaType& type : media_types) body.available.emplace_back(type.name);
  Response response{.status = api::http_status(api::Code::not_acceptable),
                    .content_type = problem_json};
  response.body = Buffer(std::string_view(json::encode(body)));
  return response;
}

}  // namespace structwire::taskd::http
