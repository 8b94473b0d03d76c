// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <taskd/api/error_map.hpp>
#include <taskd/api/limits.hpp>

#include <set>
#include <string>

namespace structwire::taskd::api {
namespace {

TEST(ErrorMap, every_code_has_one_name_and_is_found_by_it) {
  std::set<std::string_view> names;
  for (const ErrorRow& each : error_rows) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_EQ(code_named(each.name), each.code);
    EXPECT_EQ(name(each.code), each.name);
    EXPECT_EQ(each.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
  }
  EXPECT_EQ(code_named("something_newer"), std::nullopt);
}

TEST(ErrorMap, statuses_are_those_the_protocol_promises) {
  EXPECT_EQ(http_status(Code::malformed), 400);
  EXPECT_EQ(http_status(Code::invalid_argument), 422);
  EXPECT_EQ(http_status(Code::not_found), 404);
  EXPECT_EQ(http_status(Code::not_acceptable), 406);
  EXPECT_EQ(http_status(Code::lease_lost), 409);
  EXPECT_EQ(http_status(Code::too_large), 413);
  EXPECT_EQ(http_status(Code::unsupported_media_type), 415);
  EXPECT_EQ(http_status(Code::rate_limited), 429);
  EXPECT_EQ(http_status(Code::overloaded), 503);
  EXPECT_EQ(http_status(Code::draining), 503);
}

TEST(ErrorMap, only_refusals_by_the_server_invite_a_retry) {
  for (const ErrorRow& each : error_rows) {
    const bool server =
        each.http_status >= 500 || each.http_status == 408 || each.http_status == 429;
    EXPECT_TRUE(server || !each.retry) << each.name;
  }
}

TEST(Limits, queue_names_fit_a_url_path_segment) {
  for (const char* good : {"q", "Default", "a.b-c_9", "..."}) EXPECT_TRUE(is_queue_name(good));
  for (const char* bad : {"", ".", "..", "a/b", "a b", "a%", "\xc3\xa9", "a:b"}) {
    EXPECT_FALSE(is_queue_name(bad)) << bad;
  }
  EXPECT_TRUE(is_queue_name(std::string(name_bytes_max, 'a')));
  EXPECT_FALSE(is_queue_name(std::string(name_bytes_max + 1, 'a')));
}

TEST(Limits, type_names_may_be_qualified) {
  for (const char* good : {"t", "a.b", "ns::type", "path/to/type", "."}) {
    EXPECT_TRUE(is_type_name(good)) << good;
  }
  for (const char* bad : {"", "a b", "a\n", "\xff"}) EXPECT_FALSE(is_type_name(bad));
}

}  // namespace
}  // namespace structwire::taskd::api
