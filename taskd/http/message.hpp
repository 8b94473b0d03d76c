// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/buffer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a request and a response are to everything above the sockets. Nothing here knows Boost:
/// `server.hpp` is the one adapter, and another one could take its place.
namespace structwire::taskd::http {

enum class Method { get, head, post, options, other };

/// A request as far as the routes look at it; other fields are not kept.
struct Request {
  Method method = Method::other;
  std::string method_text;  ///< as sent
  std::string target;       ///< path and query as sent; an absolute form is already cut down
  std::string id;           ///< the client's `X-Request-Id` if it sent a sound one, else a new one
  std::optional<std::string> accept;            ///< several Accept lines are joined by comma
  std::optional<std::string> content_type;      ///< several lines too, which no table knows
  std::optional<std::string> content_encoding;  ///< likewise
  bool from_browser = false;  ///< carries Origin or Sec-Fetch-Site, which only browsers send
  bool has_body = false;      ///< Content-Length above 0, or chunked
  std::string body;
};

/// One field of a response besides those every response has.
struct Field {
  std::string_view name;  ///< a literal
  std::string value;      ///< never text of a client
};

struct Response {
  int status = 200;
  std::string_view content_type;  ///< of the tables in negotiation.hpp; empty without a body
  std::vector<Field> fields;
  Buffer body;
  bool close = false;  ///< this is the connection's last answer
};

/// One request under way on one connection. Handlers hold it by shared_ptr; it may outlive its
/// connection, and answering a client that has gone away is harmless.
///
/// Threads: each connection belongs to one thread, on which handlers start. Only `resume` may be
/// called from any thread.
class Exchange {
 public:
  virtual ~Exchange() = default;

  /// Stays the same until `respond`.
  [[nodiscard]] virtual Request& request() = 0;

  /// Answers, exactly once.
  virtual void respond(Response response) = 0;

  /// Runs `work` on the connection's thread, later. Dropped when the server is gone.
  virtual void resume(std::move_only_function<void()> work) = 0;

  /// For answers that may take long: calls `on_end` once when `time` is up or the client has gone,
  /// unless the answer comes first. At most once per request.
  virtual void wait(std::chrono::milliseconds time, std::move_only_function<void()> on_end) = 0;
};

/// What the server adapter asks of the routes above it. All calls may come from several threads.
class Application {
 public:
  virtual ~Application() = default;

  /// Looks at a request before its body has arrived; an answer means that the body is not wanted.
  [[nodiscard]] virtual std::optional<Response> refuse(const Request& request) const = 0;

  /// Handles a complete request; answers through the exchange, now or later.
  virtual void handle(std::shared_ptr<Exchange> exchange) = 0;
};

}  // namespace structwire::taskd::http
