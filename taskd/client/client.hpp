// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <taskd/api/submit.hpp>
#include <taskd/api/task.hpp>
#include <taskd/api/work.hpp>
#include <taskd/client/call_error.hpp>
#include <taskd/client/http_connection.hpp>
#include <taskd/client/server_address.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The typed client of structwired.
///
///     structwire::taskd::Client client;                       // http://127.0.0.1:8080
///     auto submitted = client.submit("mail", "send", Letter{.to = "ann", .text = "hello"});
///     if (!submitted) std::puts(submitted.error().message.c_str());
///
/// Every member function is one call of the HTTP API (`docs/protocol.md`), blocks, and returns the
/// daemon's answer or why there is none. For a loop that does the work of a queue: `worker.hpp`.
namespace structwire::taskd {

/// In which format bodies travel. Payloads are the same in both.
enum class WireFormat { msgpack, json };

struct ClientOptions {
  std::string server{server_default};
  WireFormat format = WireFormat::msgpack;
  std::chrono::milliseconds timeout{30'000};  ///< for a whole call, beside what a claim waits
};

/// What a submit may say beside queue, type and payload.
struct SubmitOptions {
  std::int64_t priority = 0;
  std::optional<std::int64_t> run_at_us;
  std::int64_t max_attempts = api::max_attempts_default;
  std::int64_t lease_ms = api::lease_ms_default;
};

/// Which tasks `list` shows, ascending by id.
struct ListQuery {
  std::optional<std::string> queue;
  std::optional<api::TaskState> state;
  std::int64_t limit = 100;
  std::optional<std::uint64_t> after;  ///< a page's `next`
};

/// A payload or result of a plain struct, ready to be put into a request.
template <class T>
[[nodiscard]] Raw to_raw(const T& value) {
  return Raw::trusted(msgpack::format(), msgpack::encode(value));
}

/// A payload or result as a plain struct, validated; null where it is empty.
template <class T>
[[nodiscard]] Result<T> from_raw(const Raw& raw) {
  if (raw.format() == &msgpack::format()) return msgpack::decode<T>(raw.bytes());
  if (raw.format() == &json::format()) return json::decode<T>(raw.bytes());
  return json::decode<T>(std::string_view("null"));
}

/// One connection to one daemon, opened at the first call and again whenever needed. One call at a
/// time; a program with several threads makes one client for each.
class Client {
 public:
  /// A malformed server address is told by every call.
  explicit Client(ClientOptions options = {});

  [[nodiscard]] Answer<api::Submitted> submit(const api::SubmitTask& task);
  template <class Payload>
  [[nodiscard]] Answer<api::Submitted> submit(std::string_view queue, std::string_view type,
                                              const Payload& payload, SubmitOptions options = {}) {
    return submit(new_task(queue, type, to_raw(payload), options));
  }
  /// All of them are stored, or none; in the same order. At most `api::batch_tasks_max`.
  [[nodiscard]] Answer<api::SubmittedBatch> submit_many(std::vector<api::SubmitTask> tasks);
  template <class Payload>
  [[nodiscard]] Answer<api::SubmittedBatch> submit_many(std::string_view queue,
                                                        std::string_view type,
                                                        std::span<const Payload> payloads,
                                                        SubmitOptions options = {}) {
    std::vector<api::SubmitTask> tasks;
    tasks.reserve(payloads.size());
    for (const Payload& payload : payloads) {
      tasks.push_back(new_task(queue, type, to_raw(payload), options));
    }
    return submit_many(std::move(tasks));
  }

  [[nodiscard]] Answer<api::Task> get(std::uint64_t id);
  [[nodiscard]] Answer<api::TaskList> list(const ListQuery& query);
  /// The answer of `/readyz`: whether the daemon takes work.
  [[nodiscard]] Answer<api::Health> ready();

  /// Waits up to `request.wait_ms` for work, on top of the client's timeout.
  [[nodiscard]] Answer<api::ClaimAnswer> claim(std::string_view queue,
                                               const api::ClaimRequest& request);
  [[nodiscard]] Answer<api::HeartbeatAnswer> heartbeat(std::uint64_t id,
                                                       const api::HeartbeatRequest& request);
  [[nodiscard]] Answer<api::Task> complete(std::uint64_t id, const api::CompleteRequest& request);
  [[nodiscard]] Answer<api::Task> fail(std::uint64_t id, const api::FailRequest& request);
  [[nodiscard]] Answer<api::Task> cancel(std::uint64_t id);

  /// The batch forms; every entry is answered for itself.
  [[nodiscard]] Answer<api::BatchAnswer> heartbeat_many(const api::HeartbeatBatch& batch);
  [[nodiscard]] Answer<api::BatchAnswer> complete_many(const api::CompleteBatch& batch);
  [[nodiscard]] Answer<api::BatchAnswer> fail_many(const api::FailBatch& batch);
  [[nodiscard]] Answer<api::BatchAnswer> cancel_many(const api::CancelBatch& batch);

  [[nodiscard]] const ClientOptions& options() const { return options_; }

 private:
  static api::SubmitTask new_task(std::string_view queue, std::string_view type, Raw payload,
                                  const SubmitOptions& options);

  // A body goes with POST; nullptr asks with GET.
  template <class Reply, class Body>
  Answer<Reply> call(std::string_view target, const Body* body, bool repeatable,
                     std::chrono::milliseconds extra = {});
  template <class Reply>
  Answer<Reply> ask(std::string_view target);

  ClientOptions options_;
  Result<ServerAddress> address_;
  std::optional<HttpConnection> connection_;
  Buffer body_;  // its memory is used again by the next call
};

}  // namespace structwire::taskd
