// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/http_date.hpp>

#include <gtest/gtest.h>

namespace structwire::taskd::http {
namespace {

TEST(HttpDate, is_written_as_the_standard_shows) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(1709164799), "Wed, 28 Feb 2024 23:59:59 GMT");
  EXPECT_EQ(http_date(1709164800), "Thu, 29 Feb 2024 00:00:00 GMT");
}

}  // namespace
}  // namespace structwire::taskd::http
