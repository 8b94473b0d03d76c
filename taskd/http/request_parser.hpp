// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/http/message.hpp>

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Bytes of HTTP/1.x into a Request, part of the Beast adapter: Beast reads the grammar, and this
/// keeps the few fields that the routes look at, instead of all of them.
namespace structwire::taskd::http {

/// Why a request cannot be read. The connection ends with the answer.
struct ParseFailure {
  int status = 400;
  std::string_view what;
};

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(std::uint64_t body_bytes_max);

  [[nodiscard]] Request& request() { return request_; }

  /// After the head: what Beast does not check of it. A `what` that is empty: nothing.
  [[nodiscard]] ParseFailure check_head() const;

  /// The client waits for `100 Continue` before it sends the body.
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }

  [[nodiscard]] bool is_http_1_0() const { return version_ == 10; }

  /// Reserves the body's bytes at once where their number is known.
  void reserve_body();

 private:
  using Verb = boost::beast::http::verb;
  using Name = boost::beast::http::field;
  using Text = boost::beast::string_view;
  using Code = boost::beast::error_code;
  using Length = boost::optional<std::uint64_t>;

  void on_request_impl(Verb method, Text method_text, Text target, int version,
                       Code& error) override;
  void on_response_impl(int, Text, int, Code&) override {}
  void on_field_impl(Name name, Text name_text, Text value, Code& error) override;
  void on_header_impl(Code& error) override;
  void on_body_init_impl(const Length&, Code&) override {}
  std::size_t on_body_impl(Text body, Code& error) override;
  void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, Code& error) override;
  void on_finish_impl(Code&) override {}

  void take_transfer_encoding(std::string_view value);

  Request request_;
  int version_ = 11;
  int hosts_ = 0;
  bool head_done_ = false;
  bool expects_continue_ = false;
  bool expects_other_ = false;
  bool has_transfer_encoding_ = false;
  bool knows_transfer_encoding_ = true;
};

}  // namespace structwire::taskd::http
