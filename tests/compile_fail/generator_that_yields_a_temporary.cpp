// SPDX-License-Identifier: Apache-2.0
// Refused with: this compiler destroys a temporary item twice in an expression with co_yield
// Only where: defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 16
#include <structwire/messaging/generator.hpp>
#include <tests/compile_fail/prelude.hpp>

struct Text {
  std::string text;
};
sw::messaging::Generator<Text> texts() {
#ifdef STRUCTWIRE_MUST_FAIL
  co_yield Text{"a"};
#else
  const Text text{"a"};
  co_yield text;
#endif
}
