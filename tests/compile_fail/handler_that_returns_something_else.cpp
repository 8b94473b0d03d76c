// SPDX-License-Identifier: Apache-2.0
// Refused with: the handler returns another type than its reply type
#include <structwire/messaging/node.hpp>
#include <tests/compile_fail/prelude.hpp>

#include <string>

struct Question {
  int number;
};
#ifdef STRUCTWIRE_MUST_FAIL
using Returned = std::string;
#else
using Returned = int;
#endif
void offer(sw::messaging::Node& node) {
  (void)node.handle<Question, int>("question", [](const Question&) { return Returned{}; });
}
