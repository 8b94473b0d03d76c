// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/request_parser.hpp>

#include <taskd/http/media_range.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace structwire::taskd::http {
namespace {

constexpr std::size_t request_id_bytes_max = 128;

// Repetitions become one list, as RFC 9110, 5.3 allows; for a field that is no list the joined text
// then is no valid value, which is what repeating it deserves.
void join(std::optional<std::string>& field, std::string_view value) {
  if (field) {
    field->append(", ").append(value);
  } else {
    field.emplace(value);
  }
}

Method method_of(boost::beast::http::verb verb) {
  using Verb = boost::beast::http::verb;
  switch (verb) {
    case Verb::get:
      return Method::get;
    case Verb::head:
      return Method::head;
    case Verb::post:
      return Method::post;
    case Verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

// `http://host/path` is `/path`: servers accept the form that is made for proxies, too.
std::string_view path_and_query(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t path = std::min(target.find_first_of("/?"), target.size());
    target.remove_prefix(path);
    if (target.empty()) return "/";
    break;
  }
  return target;
}

// An id is echoed and logged, so it is taken only when nothing in it can do harm there.
bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= request_id_bytes_max &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '"'; });
}

}  // namespace

RequestParser::RequestParser(std::uint64_t body_bytes_max) { body_limit(body_bytes_max); }

void RequestParser::on_request_impl(Verb method, Text method_text, Text target, int version,
                                    Code&) {
  version_ = version;
  request_.method = method_of(method);
  request_.method_text.assign(method_text.data(), method_text.size());
  request_.target = path_and_query({target.data(), target.size()});
}

void RequestParser::on_field_impl(Name name, Text name_text, Text text, Code&) {
  if (head_done_) return;  // a trailer
  const std::string_view value(text.data(), text.size());
  switch (name) {
    case Name::accept:
      return join(request_.accept, value);
    case Name::content_type:
      return join(request_.content_type, value);
    case Name::content_encoding:
      return join(request_.content_encoding, value);
    case Name::host:
      ++hosts_;
      return;
    case Name::origin:
      request_.from_browser = true;
      return;
    case Name::transfer_encoding:
      return take_transfer_encoding(value);
    case Name::expect:
      expects_continue_ = equals_ignoring_case(value, "100-continue");
      expects_other_ = !expects_continue_;
      return;
    default:
      break;
  }
  const std::string_view other(name_text.data(), name_text.size());
  if (equals_ignoring_case(other, "X-Request-Id")) {
    if (is_request_id(value)) request_.id = value;
  } else if (equals_ignoring_case(other, "Sec-Fetch-Site")) {
    request_.from_browser = true;
  }
}

void RequestParser::take_transfer_encoding(std::string_view value) {
  has_transfer_encoding_ = true;
  knows_transfer_encoding_ &= equals_ignoring_case(value, "chunked");
}

void RequestParser::on_header_impl(Code&) {
  head_done_ = true;
  request_.has_body = chunked() || content_length().value_or(0) > 0;
}

ParseFailure RequestParser::check_head() const {
  if (!knows_transfer_encoding_) return {501, "the only Transfer-Encoding is `chunked`"};
  // Whoever stands between an old client and us may see another end of this message than we do.
  if (has_transfer_encoding_ && is_http_1_0()) return {400, "Transfer-Encoding in HTTP/1.0"};
  if (hosts_ > 1 || (hosts_ == 0 && !is_http_1_0())) return {400, "there must be one Host"};
  if (expects_other_) return {417, "the only expectation is `100-continue`"};
  return {};
}

void RequestParser::reserve_body() {
  if (const auto length = content_length()) {
    request_.body.reserve(static_cast<std::size_t>(*length));
  }
}

std::size_t RequestParser::on_body_impl(Text body, Code&) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, Code&) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

}  // namespace structwire::taskd::http
