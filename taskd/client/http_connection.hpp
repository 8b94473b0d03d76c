// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/client/call_error.hpp>
#include <taskd/client/server_address.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace structwire::taskd {

/// What is asked. All views must live until the call returns.
struct HttpRequest {
  std::string_view method;        ///< `GET` or `POST`
  std::string_view target;        ///< path and query, escaped
  std::string_view content_type;  ///< of the body; empty without one
  std::string_view accept;
  std::span<const std::byte> body;
  bool repeatable = false;  ///< asking twice does no harm
};

struct HttpAnswer {
  int status = 0;
  std::string content_type;
  std::string body;
};

/// One HTTP/1.1 connection that is kept open between calls; the one place where the client touches
/// its HTTP library.
///
/// It opens itself at the first call. A connection that the server has closed meanwhile is opened
/// again before anything is sent; a repeatable request whose kept connection breaks under it is
/// asked once more on a new one. One call at a time; any thread.
class HttpConnection {
 public:
  explicit HttpConnection(ServerAddress address);
  ~HttpConnection();
  HttpConnection(HttpConnection&&) noexcept;
  HttpConnection& operator=(HttpConnection&&) noexcept;

  /// Blocks until the answer is there, at most `timeout`; an answer of any status is an answer.
  [[nodiscard]] Answer<HttpAnswer> call(const HttpRequest& request,
                                        std::chrono::milliseconds timeout);

  [[nodiscard]] const ServerAddress& address() const;

 private:
  class Stream;
  std::unique_ptr<Stream> stream_;
};

/// Largest answer that is read: a page of a list, rendered as JSON.
inline constexpr std::size_t answer_body_bytes_max = 256 * 1024 * 1024;

}  // namespace structwire::taskd
