// SPDX-License-Identifier: Apache-2.0
// Refused with: a Task awaits a message that is being put together, or std::move(call)
#include <structwire/messaging/node.hpp>
#include <structwire/messaging/task.hpp>
#include <tests/compile_fail/prelude.hpp>

struct Question {
  int number;
};
#ifdef STRUCTWIRE_MUST_FAIL
auto awaited(sw::messaging::Call<int>& call) { return &call; }
#else
auto awaited(sw::messaging::Call<int>& call) { return std::move(call); }
#endif
sw::messaging::Task<int> answer(sw::messaging::Peer peer, Question asked) {
  auto call = peer.message<int>("more", asked).start();
  (void)co_await awaited(call);
  co_return 0;
}
