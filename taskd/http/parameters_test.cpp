// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/parameters.hpp>

#include <gtest/gtest.h>

namespace structwire::taskd::http {
namespace {

TEST(Parameters, percent_signs_are_decoded) {
  EXPECT_EQ(percent_decoded("plain"), "plain");
  EXPECT_EQ(percent_decoded("a%20b%2Fc%2f"), "a b/c/");
  EXPECT_EQ(percent_decoded("%00"), std::string(1, '\0'));
  EXPECT_EQ(percent_decoded("a+b"), "a+b");
  for (const std::string_view wrong : {"%", "%4", "%4g", "%g4", "a%", "%%41"}) {
    EXPECT_FALSE(percent_decoded(wrong)) << wrong;
  }
}

TEST(Parameters, a_task_id_is_written_as_numbers_are) {
  EXPECT_EQ(task_id_parameter("0"), 0u);
  EXPECT_EQ(task_id_parameter("18446744073709551615"), 18446744073709551615u);
  for (const std::string_view wrong :
       {"", "x", "1x", " 1", "+1", "-1", "01", "1.0", "0x1", "18446744073709551616"}) {
    const auto id = task_id_parameter(wrong);
    ASSERT_FALSE(id) << wrong;
    EXPECT_EQ(id.error().code, api::Code::invalid_parameter);
  }
}

TEST(Parameters, a_queue_may_be_encoded_but_must_be_a_name) {
  EXPECT_EQ(queue_parameter("mail-2_x.y").value(), "mail-2_x.y");
  EXPECT_EQ(queue_parameter("%6dail").value(), "mail");
  EXPECT_FALSE(queue_parameter("a%2Fb"));
  EXPECT_FALSE(queue_parameter(".."));
  EXPECT_FALSE(queue_parameter("%"));
  EXPECT_FALSE(queue_parameter(std::string(129, 'x')));
}

TEST(Parameters, an_empty_query_lists_everything) {
  const auto query = list_query("");
  ASSERT_TRUE(query);
  EXPECT_FALSE(query->queue);
  EXPECT_FALSE(query->state);
  EXPECT_EQ(query->after, 0u);
  EXPECT_EQ(query->limit, 100u);
}

TEST(Parameters, a_query_names_queue_state_limit_and_after) {
  const auto query = list_query("state=dead&&queue=%71&after=12&limit=1000");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->queue, "q");
  EXPECT_EQ(query->state, TaskState::dead);
  EXPECT_EQ(query->after, 12u);
  EXPECT_EQ(query->limit, 1000u);
}

TEST(Parameters, a_query_that_makes_no_sense_is_refused) {
  for (const std::string_view wrong :
       {"limit", "limit=", "limit=0", "limit=1001", "limit=1&limit=1", "after=x", "state=",
        "queue=", "queue=a%2", "state=QUEUED", "Limit=1", "other=1", "=1", "limit=1;after=2"}) {
    const auto query = list_query(wrong);
    ASSERT_FALSE(query) << wrong;
    EXPECT_EQ(query.error().code, api::Code::invalid_parameter);
  }
}

}  // namespace
}  // namespace structwire::taskd::http
