// SPDX-License-Identifier: Apache-2.0
// Refused with: this compiler destroys a temporary value twice in an expression with co_await
// Only where: defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 16
#include <structwire/messaging/node.hpp>
#include <structwire/messaging/task.hpp>
#include <tests/compile_fail/prelude.hpp>

struct Text {
  std::string text;
};
sw::messaging::Task<int> answer(sw::messaging::Peer peer) {
#ifdef STRUCTWIRE_MUST_FAIL
  auto more = co_await peer.message<int>("more", Text{"a"});
#else
  const Text text{"a"};
  auto more = co_await peer.message<int>("more", text);
#endif
  co_return more ? *more : 0;
}
