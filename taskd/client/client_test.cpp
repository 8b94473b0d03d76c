// SPDX-License-Identifier: Apache-2.0
#include <taskd/client/client.hpp>

#include <tests/support/fake_http_server.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace structwire::taskd {
namespace {

using test::FakeHttpServer;

struct Letter {
  std::string to;
  std::optional<std::int64_t> copies;
};

std::string json_answer(int status, const std::string& body) {
  return FakeHttpServer::answer(status, "application/json", body);
}

std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

TEST(ClientSuite, a_struct_travels_as_messagepack) {
  const Buffer submitted = msgpack::encode(api::Submitted{.id = 7});
  FakeHttpServer server(
      {{FakeHttpServer::answer(201, "application/vnd.msgpack", std::string(submitted.text()))}});
  Client client({.server = server.url()});
  const auto answer =
      client.submit("mail", "send", Letter{.to = "ann", .copies = 2}, {.priority = 3});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->id, 7U);

  const std::string request = server.requests().at(0);
  EXPECT_TRUE(request.starts_with("POST /v1/tasks HTTP/1.1\r\n"));
  EXPECT_NE(request.find("Content-Type: application/vnd.msgpack\r\n"), request.npos);
  EXPECT_NE(request.find("Accept: application/vnd.msgpack\r\n"), request.npos);
  const auto task = msgpack::decode<api::SubmitTask>(body_of(request));
  ASSERT_TRUE(task) << task.error().message();
  EXPECT_EQ(task->queue, "mail");
  EXPECT_EQ(task->priority, 3);
  const auto letter = from_raw<Letter>(task->payload);
  ASSERT_TRUE(letter);
  EXPECT_EQ(letter->to, "ann");
  EXPECT_EQ(letter->copies, 2);
}

TEST(ClientSuite, or_as_json_when_asked_for) {
  FakeHttpServer server({{json_answer(201, R"({"id":7,"state":"queued"})")}});
  Client client({.server = server.url(), .format = WireFormat::json});
  ASSERT_TRUE(client.submit("mail", "send", Letter{.to = "ann", .copies = std::nullopt}));
  const std::string body = body_of(server.requests().at(0));
  EXPECT_NE(body.find(R"("payload":{"to":"ann","copies":null})"), body.npos) << body;
}

TEST(ClientSuite, a_refusal_keeps_the_words_of_the_daemon) {
  FakeHttpServer server({{FakeHttpServer::answer(
      422, "application/problem+json",
      R"({"code":"invalid_argument","message":"Expected `int` <= 1000 - at `$.priority`","path":"$.priority"})")}});
  Client client({.server = server.url()});
  const auto answer = client.submit("mail", "send", Letter{});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, CallError::Kind::refused);
  EXPECT_TRUE(answer.error().is(api::Code::invalid_argument));
  EXPECT_EQ(answer.error().message, "Expected `int` <= 1000 - at `$.priority`");
  EXPECT_EQ(answer.error().path, "$.priority");
  EXPECT_EQ(answer.error().status, 422);
  EXPECT_FALSE(answer.error().may_pass());
}

TEST(ClientSuite, a_refusal_may_come_as_messagepack) {
  const Buffer body = msgpack::encode(api::ErrorBody{.code = "lease_lost", .message = "gone"});
  FakeHttpServer server({{FakeHttpServer::answer(409, "application/vnd.structwire.problem+msgpack",
                                                 std::string(body.text()))}});
  Client client({.server = server.url()});
  const auto answer = client.heartbeat(7, {.fence = 3});
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().is(api::Code::lease_lost));
}

TEST(ClientSuite, what_is_no_answer_of_structwired_is_told_as_such) {
  FakeHttpServer server(
      {{FakeHttpServer::answer(200, "text/html", "<h1>Welcome!</h1>"),
        FakeHttpServer::answer(502, "text/html", "<h1>Bad Gateway</h1>"), json_answer(200, "{}")}});
  Client client({.server = server.url()});
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.get(1);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, CallError::Kind::bad_answer) << answer.error().message;
  }
}

TEST(ClientSuite, names_and_filters_are_escaped_in_urls) {
  FakeHttpServer server(
      {{json_answer(200, R"({"tasks":[]})"), json_answer(200, R"({"tasks":[],"next":null})")}});
  Client client({.server = server.url()});
  EXPECT_TRUE(client.claim("a/b ?", {.worker = "w"}));
  EXPECT_TRUE(client.list({.queue = "q&x", .state = api::TaskState::dead, .limit = 5, .after = 9}));
  const auto requests = server.requests();
  EXPECT_TRUE(requests.at(0).starts_with("POST /v1/queues/a%2Fb%20%3F/claim HTTP"));
  EXPECT_TRUE(
      requests.at(1).starts_with("GET /v1/tasks?limit=5&queue=q%26x&state=dead&after=9 HTTP"));
}

TEST(ClientSuite, a_malformed_server_is_told_by_every_call) {
  Client client({.server = "https://localhost"});
  const auto answer = client.get(1);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, CallError::Kind::bad_request);
  EXPECT_FALSE(answer.error().may_pass());
}

TEST(ClientSuite, text_that_is_no_utf_8_is_not_sent) {
  FakeHttpServer server({});
  Client client({.server = server.url()});
  api::SubmitTask task;
  task.queue = "\xff";
  const auto answer = client.submit(task);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, CallError::Kind::bad_request);
}

TEST(CallErrorSuite, what_may_pass_is_worth_another_try) {
  const auto refused = [](const char* code, int status) {
    return CallError::refusal({.code = code, .message = ""}, status);
  };
  EXPECT_TRUE(refused("draining", 503).may_pass());
  EXPECT_TRUE(refused("rate_limited", 429).may_pass());
  EXPECT_TRUE(refused("a_code_of_tomorrow", 503).may_pass());
  EXPECT_FALSE(refused("store_failed", 503).may_pass());
  EXPECT_FALSE(refused("lease_lost", 409).may_pass());
  EXPECT_TRUE(CallError{.kind = CallError::Kind::timeout}.may_pass());
  EXPECT_FALSE(CallError{.kind = CallError::Kind::bad_answer}.may_pass());
}

}  // namespace
}  // namespace structwire::taskd
