// SPDX-License-Identifier: Apache-2.0
// Refused with: a coroutine takes its parameters by value
#include <structwire/messaging/node.hpp>
#include <structwire/messaging/task.hpp>
#include <tests/compile_fail/prelude.hpp>

struct Question {
  int number;
};
#ifdef STRUCTWIRE_MUST_FAIL
using Taken = const Question&;
#else
using Taken = Question;
#endif
void offer(sw::messaging::Node& node) {
  (void)node.handle<Question>("question", [](Taken asked) -> sw::messaging::Task<int> { co_return asked.number; });
}
