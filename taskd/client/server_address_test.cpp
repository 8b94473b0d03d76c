// SPDX-License-Identifier: Apache-2.0
#include <taskd/client/server_address.hpp>

#include <gtest/gtest.h>

namespace structwire::taskd {
namespace {

TEST(ServerAddressSuite, an_address_is_taken_apart) {
  struct Row {
    std::string_view url, host, port, shown;
  };
  for (const Row& row : {
           Row{"http://127.0.0.1:8080", "127.0.0.1", "8080", "http://127.0.0.1:8080"},
           Row{"http://localhost:1/", "localhost", "1", "http://localhost:1"},
           Row{"tasks.example:65535", "tasks.example", "65535", "http://tasks.example:65535"},
           Row{"http://tasks.example", "tasks.example", "80", "http://tasks.example:80"},
           Row{"http://[::1]:8080", "::1", "8080", "http://[::1]:8080"},
           Row{"[::1]", "::1", "80", "http://[::1]:80"},
       }) {
    const auto address = ServerAddress::parse(row.url);
    ASSERT_TRUE(address) << row.url << ": " << address.error().message();
    EXPECT_EQ(address->host, row.host);
    EXPECT_EQ(address->port, row.port);
    EXPECT_EQ(address->url(), row.shown);
  }
}

TEST(ServerAddressSuite, what_is_no_address_is_refused_with_its_text) {
  for (const std::string_view url :
       {"", "http://", "https://localhost:1", "localhost:0", "localhost:65536", "localhost:a",
        "localhost:", "http://localhost:1/tasks", "::1", "[::1", "[::1]8080", "user@localhost:1"}) {
    const auto address = ServerAddress::parse(url);
    ASSERT_FALSE(address) << url;
    EXPECT_NE(address.error().message().find("`" + std::string(url) + "`"), std::string::npos);
  }
}

}  // namespace
}  // namespace structwire::taskd
