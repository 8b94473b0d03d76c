// SPDX-License-Identifier: Apache-2.0
#pragma once

// The scenarios, for any client:
//
//   call        one in flight: request and reply
//   chain       the same, the next one started where the reply is heard of, without a thread of the program
//   pipelined   several in flight, and chain_pipelined
//   one_way     fire and forget, until the server has handled all
//   burst       many at once, then the replies of all, then a pause; times from the burst's beginning
//   sustained   a fixed rate whatever comes back; times from when the message was due on the 2 ms (20 ms) clock
//   confirmed   many in flight, each confirmed when its handler has returned

#include <string>

#include <bench/messages/peer.hpp>

namespace messages_bench {

/// Warms up, measures, and returns a JSON object.
std::string measure(Client& client, const std::string& scenario, std::size_t size,
                    std::chrono::milliseconds duration);

/// Of this process since the last reset(): processor time, how often its threads went to sleep, allocations (where count_allocations.cpp is preloaded), and
/// the most memory that was resident, as members of a JSON object.
class Usage {
 public:
  void reset();
  std::string members() const;

 private:
  double cpu_us_ = 0;
  long sleeps_ = 0;
  std::uint64_t allocations_ = 0;
};

}  // namespace messages_bench
