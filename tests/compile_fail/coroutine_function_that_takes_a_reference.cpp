// SPDX-License-Identifier: Apache-2.0
// Refused with: a handler that is a coroutine takes one request, by value
#include <structwire/messaging/generator.hpp>
#include <structwire/messaging/node.hpp>
#include <tests/compile_fail/prelude.hpp>

struct Question {
  int number;
};
#ifdef STRUCTWIRE_MUST_FAIL
using Taken = const Question&;
#else
using Taken = Question;
#endif
sw::messaging::Generator<int> answer(Taken asked) { co_yield asked.number; }
void offer(sw::messaging::Node& node) { (void)node.handle<Question>("question", answer); }
