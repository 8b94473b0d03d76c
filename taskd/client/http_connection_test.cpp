// SPDX-License-Identifier: Apache-2.0
#include <taskd/client/http_connection.hpp>

#include <tests/support/fake_http_server.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace structwire::taskd {
namespace {

using std::chrono::milliseconds;
using test::FakeHttpServer;

const std::string fine = FakeHttpServer::answer(200, "text/plain", "fine");

Answer<HttpAnswer> call(HttpConnection& connection, bool repeatable = false,
                        milliseconds timeout = milliseconds(5000)) {
  return connection.call(
      {.method = "GET", .target = "/", .accept = "*/*", .repeatable = repeatable}, timeout);
}

// The server closes a moment after its answer; the client has to notice that before it sends again.
void wait_for_close() { std::this_thread::sleep_for(milliseconds(50)); }

TEST(HttpConnectionSuite, a_connection_is_kept_between_calls) {
  FakeHttpServer server({{fine, fine, FakeHttpServer::silence}});
  HttpConnection connection(*ServerAddress::parse(server.url()));
  for (int i = 0; i < 2; ++i) {
    const auto answer = call(connection);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->content_type, "text/plain");
    EXPECT_EQ(answer->body, "fine");
  }
  EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpConnectionSuite, a_connection_that_the_server_closed_is_opened_again) {
  FakeHttpServer server({{fine}, {fine}});
  HttpConnection connection(*ServerAddress::parse(server.url()));
  ASSERT_TRUE(call(connection));
  wait_for_close();
  EXPECT_TRUE(call(connection));
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(HttpConnectionSuite, connection_close_is_obeyed) {
  const std::string last = FakeHttpServer::answer(200, "text/plain", "", "Connection: close\r\n");
  FakeHttpServer server({{last, FakeHttpServer::silence}, {fine}});
  HttpConnection connection(*ServerAddress::parse(server.url()));
  ASSERT_TRUE(call(connection));
  EXPECT_TRUE(call(connection));
}

TEST(HttpConnectionSuite, a_repeatable_request_is_asked_once_more_when_the_connection_breaks) {
  FakeHttpServer server({{fine, ""}, {fine}});
  HttpConnection connection(*ServerAddress::parse(server.url()));
  ASSERT_TRUE(call(connection));
  EXPECT_TRUE(call(connection, true));
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST(HttpConnectionSuite, any_other_request_is_never_sent_twice) {
  FakeHttpServer server({{fine, ""}, {fine}});
  HttpConnection connection(*ServerAddress::parse(server.url()));
  ASSERT_TRUE(call(connection));
  const auto broken = call(connection, false);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().kind, CallError::Kind::unreachable);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(HttpConnectionSuite, silence_ends_in_a_timeout) {
  FakeHttpServer server({{FakeHttpServer::silence}});
  HttpConnection connection(*ServerAddress::parse(server.url()));
  const auto answer = call(connection, true, milliseconds(100));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, CallError::Kind::timeout);
  EXPECT_NE(answer.error().message.find(server.url()), std::string::npos);
}

TEST(HttpConnectionSuite, nobody_there_is_told_with_the_address) {
  std::string url;
  {
    FakeHttpServer server({});
    url = server.url();
  }
  HttpConnection connection(*ServerAddress::parse(url));
  const auto answer = call(connection, true);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, CallError::Kind::unreachable);
  EXPECT_EQ(answer.error().message, "cannot reach " + url + ": Connection refused");
}

TEST(HttpConnectionSuite, somebody_who_speaks_otherwise_is_told) {
  FakeHttpServer server({{"SSH-2.0-OpenSSH_9.2\r\n\r\n"}});
  HttpConnection connection(*ServerAddress::parse(server.url()));
  const auto answer = call(connection);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, CallError::Kind::bad_answer);
}

}  // namespace
}  // namespace structwire::taskd
