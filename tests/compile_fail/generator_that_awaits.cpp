// SPDX-License-Identifier: Apache-2.0
// Refused with: a Generator does not await; a Task does
#include <coroutine>

#include <structwire/messaging/generator.hpp>
#include <tests/compile_fail/prelude.hpp>

sw::messaging::Generator<int> numbers() {
  co_yield 1;
#ifdef STRUCTWIRE_MUST_FAIL
  co_await std::suspend_always();
#endif
}
