// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/response_head.hpp>

namespace structwire::taskd::http {
namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";
  }
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

void write_response_head(const Response& response, const ResponseContext& context,
                         std::string& head) {
  head = "HTTP/1.1 ";
  head.append(std::to_string(response.status)).append(" ").append(reason(response.status));
  head.append("\r\nServer: structwired\r\n");
  if (!context.date.empty()) add(head, "Date", context.date);
  if (!response.content_type.empty()) add(head, "Content-Type", response.content_type);
  // Every answer is negotiated, errors too, and none of them may be kept: tasks change.
  head.append("Vary: Accept\r\nCache-Control: no-store\r\n");
  if (!context.request_id.empty()) add(head, "X-Request-Id", context.request_id);
  for (const Field& field : response.fields) add(head, field.name, field.value);
  if (response.status != 204) {
    add(head, "Content-Length", std::to_string(response.body.size()));
  }
  if (!context.keep_alive) {
    head.append("Connection: close\r\n");
  } else if (context.is_http_1_0) {
    head.append("Connection: keep-alive\r\n");
  }
  head.append("\r\n");
}

}  // namespace structwire::taskd::http
