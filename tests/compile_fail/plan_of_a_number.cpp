// SPDX-License-Identifier: Apache-2.0
// Refused with: a Plan is made of a struct
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int number = 0;
};
#ifdef STRUCTWIRE_MUST_FAIL
using Planned = int;
#else
using Planned = Message;
#endif
constexpr std::size_t size = sw::Plan<Planned>::size;
