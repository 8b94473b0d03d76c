// SPDX-License-Identifier: Apache-2.0
#include <taskd/client/client.hpp>

#include <map>
#include <utility>

namespace structwire::taskd {
namespace {

constexpr std::string_view media_json = "application/json";
constexpr std::string_view media_msgpack = "application/vnd.msgpack";

std::string escaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (api::is_queue_name(std::string_view(&c, 1)) || c == '.') {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return result;
}

std::string task_target(std::uint64_t id, std::string_view verb = {}) {
  std::string target = "/v1/tasks/" + std::to_string(id);
  if (!verb.empty()) target.append("/").append(verb);
  return target;
}

std::string list_target(const ListQuery& query) {
  std::string target = "/v1/tasks?limit=" + std::to_string(query.limit);
  if (query.queue) target += "&queue=" + escaped(*query.queue);
  if (query.state) target.append("&state=").append(api::name(*query.state));
  if (query.after) target += "&after=" + std::to_string(*query.after);
  return target;
}

template <class Body>
Result<void> encode_body(WireFormat format, const Body& body, Buffer& out) {
  return format == WireFormat::json ? json::encode_into(body, out)
                                    : msgpack::encode_into(body, out);
}

// An answer may come in the other format than asked for: errors fall back to JSON.
template <class T>
Result<T> decode_body(const HttpAnswer& answer) {
  if (answer.content_type.find("msgpack") != std::string::npos) {
    return msgpack::decode<T>(answer.body);
  }
  if (answer.content_type.find("json") != std::string::npos) return json::decode<T>(answer.body);
  return std::unexpected(Error(ErrorCode::unsupported, "the answer is `" + answer.content_type +
                                                           "`, neither JSON nor MessagePack"));
}

std::unexpected<CallError> failed(CallError::Kind kind, std::string message, int status = 0) {
  CallError error;
  error.kind = kind;
  error.message = std::move(message);
  error.status = status;
  return std::unexpected(std::move(error));
}

template <class Reply>
Answer<Reply> read_answer(const HttpAnswer& answer, const ServerAddress& server) {
  const std::string status = "HTTP status " + std::to_string(answer.status);
  if (answer.status >= 200 && answer.status < 300) {
    Result<Reply> reply = decode_body<Reply>(answer);
    if (reply) return std::move(*reply);
    return failed(CallError::Kind::bad_answer,
                  server.url() + " answered what structwired would not: " + reply.error().message(),
                  answer.status);
  }
  Result<api::ErrorBody> body = decode_body<api::ErrorBody>(answer);
  if (body) return std::unexpected(CallError::refusal(std::move(*body), answer.status));
  return failed(CallError::Kind::bad_answer,
                server.url() + " is not structwired, or something is in between: " + status,
                answer.status);
}

}  // namespace

Client::Client(ClientOptions options)
    : options_(std::move(options)), address_(ServerAddress::parse(options_.server)) {
  if (address_) connection_.emplace(*address_);
}

template <class Reply, class Body>
Answer<Reply> Client::call(std::string_view target, const Body* body, bool repeatable,
                           std::chrono::milliseconds extra) {
  if (!address_) return failed(CallError::Kind::bad_request, address_.error().message());
  const std::string_view media = options_.format == WireFormat::json ? media_json : media_msgpack;
  HttpRequest request{.method = "GET", .target = target, .accept = media, .repeatable = repeatable};
  if (body != nullptr) {
    if (auto encoded = encode_body(options_.format, *body, body_); !encoded) {
      return failed(CallError::Kind::bad_request, encoded.error().message());
    }
    request.method = "POST";
    request.content_type = media;
    request.body = body_.bytes();
  }
  Answer<HttpAnswer> answer = connection_->call(request, options_.timeout + extra);
  if (!answer) return std::unexpected(std::move(answer.error()));
  return read_answer<Reply>(*answer, *address_);
}

template <class Reply>
Answer<Reply> Client::ask(std::string_view target) {
  return call<Reply, api::CancelItem>(target, nullptr, true);
}

api::SubmitTask Client::new_task(std::string_view queue, std::string_view type, Raw payload,
                                 const SubmitOptions& options) {
  api::SubmitTask task;
  task.queue = queue;
  task.type = type;
  task.payload = std::move(payload);
  task.priority = options.priority;
  task.run_at_us = options.run_at_us;
  task.max_attempts = options.max_attempts;
  task.lease_ms = options.lease_ms;
  return task;
}

// A submit or claim that broke off may have been done: it is never sent twice by itself. All other
// calls have the same effect once or twice.

Answer<api::Submitted> Client::submit(const api::SubmitTask& task) {
  return call<api::Submitted>("/v1/tasks", &task, false);
}

Answer<api::SubmittedBatch> Client::submit_many(std::vector<api::SubmitTask> tasks) {
  api::SubmitBatch batch;
  batch.tasks = std::move(tasks);
  return call<api::SubmittedBatch>("/v1/tasks", &batch, false);
}

Answer<api::Task> Client::get(std::uint64_t id) { return ask<api::Task>(task_target(id)); }

Answer<api::TaskList> Client::list(const ListQuery& query) {
  return ask<api::TaskList>(list_target(query));
}

Answer<api::Health> Client::ready() { return ask<api::Health>("/readyz"); }

Answer<api::ClaimAnswer> Client::claim(std::string_view queue, const api::ClaimRequest& request) {
  return call<api::ClaimAnswer>("/v1/queues/" + escaped(queue) + "/claim", &request, false,
                                std::chrono::milliseconds(request.wait_ms));
}

Answer<api::HeartbeatAnswer> Client::heartbeat(std::uint64_t id,
                                               const api::HeartbeatRequest& request) {
  return call<api::HeartbeatAnswer>(task_target(id, "heartbeat"), &request, true);
}

Answer<api::Task> Client::complete(std::uint64_t id, const api::CompleteRequest& request) {
  return call<api::Task>(task_target(id, "complete"), &request, true);
}

// Sent twice, the second would be told `lease_lost`, so a broken one is reported as broken.
Answer<api::Task> Client::fail(std::uint64_t id, const api::FailRequest& request) {
  return call<api::Task>(task_target(id, "fail"), &request, false);
}

Answer<api::Task> Client::cancel(std::uint64_t id) {
  const std::map<std::string, std::string> nothing;
  return call<api::Task>(task_target(id, "cancel"), &nothing, true);
}

Answer<api::BatchAnswer> Client::heartbeat_many(const api::HeartbeatBatch& batch) {
  return call<api::BatchAnswer>("/v1/tasks/heartbeat", &batch, true);
}

Answer<api::BatchAnswer> Client::complete_many(const api::CompleteBatch& batch) {
  return call<api::BatchAnswer>("/v1/tasks/complete", &batch, true);
}

Answer<api::BatchAnswer> Client::fail_many(const api::FailBatch& batch) {
  return call<api::BatchAnswer>("/v1/tasks/fail", &batch, false);
}

Answer<api::BatchAnswer> Client::cancel_many(const api::CancelBatch& batch) {
  return call<api::BatchAnswer>("/v1/tasks/cancel", &batch, true);
}

}  // namespace structwire::taskd
