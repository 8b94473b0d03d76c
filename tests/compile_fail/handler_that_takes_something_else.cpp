// SPDX-License-Identifier: Apache-2.0
// Refused with: a handler takes its Request, a View or a std::span<const Request>
#include <structwire/messaging/node.hpp>
#include <tests/compile_fail/prelude.hpp>

#include <string>

struct Question {
  int number;
};
#ifdef STRUCTWIRE_MUST_FAIL
using Taken = std::string;
#else
using Taken = Question;
#endif
void offer(sw::messaging::Node& node) {
  (void)node.handle<Question>("question", [](const Taken&) { return 1; });
}
