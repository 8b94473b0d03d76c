// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/legacy/legacy_allow_list.hpp>

#include <gtest/gtest.h>

namespace structwire::messaging {
namespace {

bool allows(std::string pattern, std::string_view address) {
  const auto list = LegacyAllowList::of({std::move(pattern)});
  EXPECT_TRUE(list) << list.error().message();
  return list && list->allows(address);
}

TEST(LegacyAllowList, allows_what_a_pattern_says_and_nothing_else) {
  struct Row {
    const char* pattern;
    std::vector<const char*> allowed;
    std::vector<const char*> refused;
  };
  const Row rows[] = {
      {"tcp://10.0.0.5:7000", {"tcp://10.0.0.5:7000"}, {"tcp://10.0.0.5:7001", "tcp://10.0.0.5:70000", "tcp://10.0.0.50:7000", "tcp://10.0.0.5", "ipc://10.0.0.5:7000", "10.0.0.5:7000"}},
      {"tcp://worker-1.example:*", {"tcp://worker-1.example:1", "tcp://worker-1.example:65535"},
       {"tcp://worker-1.example:0", "tcp://worker-1.example:65536", "tcp://worker-1.example:*", "tcp://worker-1.example:1x", "tcp://worker-11.example:1", "tcp://evil/worker-1.example:1"}},
      {"tcp://10.1.0.0/16:*", {"tcp://10.1.0.0:1", "tcp://10.1.255.255:9"},
       {"tcp://10.2.0.0:1", "tcp://10.1.0:1", "tcp://10.1.0.256:1", "tcp://010.1.0.1:1", "tcp://10.1.0.1/16:1", "tcp://10.1.0.1;10.9.9.9:1", "tcp://10.1.0.1.evil:1", "tcp://167837697:1"}},
      {"tcp://127.0.0.1/32:80", {"tcp://127.0.0.1:80"}, {"tcp://127.0.0.1:81", "tcp://127.0.0.2:80"}},
      {"tcp://[::1]:*", {"tcp://[::1]:7"}, {"tcp://[::2]:7", "tcp://::1:7"}},
      {"ipc:///run/app/peer", {"ipc:///run/app/peer"}, {"ipc:///run/app/peer2", "ipc:///run/app/", "tcp:///run/app/peer"}},
      {"ipc:///run/app/*", {"ipc:///run/app/a", "ipc:///run/app/a/b"}, {"ipc:///run/apple", "ipc:///run/app/../x", "ipc:///run/app"}},
  };
  for (const Row& row : rows) {
    for (const char* const address : row.allowed) EXPECT_TRUE(allows(row.pattern, address)) << row.pattern << ' ' << address;
    for (const char* const address : row.refused) EXPECT_FALSE(allows(row.pattern, address)) << row.pattern << ' ' << address;
  }
  EXPECT_FALSE(LegacyAllowList().allows("tcp://127.0.0.1:80"));
}

TEST(LegacyAllowList, refuses_patterns_that_make_no_sense) {
  for (const char* const pattern : {"", "*", "tcp://*:*", "tcp://:80", "tcp://a:0", "tcp://a:", "tcp://10.0.0.0/0:*", "tcp://10.0.0.0/33:*",
                                    "tcp://name/8:*", "tcp://10.0.0.0/8/8:*", "ipc://", "ipc://*", "ipc:///run/app*", "ipc:///run/*/x",
                                    "ipc:///run/../etc/*", "udp://a:1"}) {
    const auto list = LegacyAllowList::of({pattern});
    EXPECT_FALSE(list) << pattern;
    if (!list) { EXPECT_EQ(list.error().code(), ErrorCode::invalid_text); }
  }
}

}  // namespace
}  // namespace structwire::messaging
