// SPDX-License-Identifier: Apache-2.0
// Refused with: a message with a reply is confirmed by it
#include <structwire/messaging/client.hpp>
#include <tests/compile_fail/prelude.hpp>

struct Question {
  int number;
};
#ifdef STRUCTWIRE_MUST_FAIL
using Wanted = int;
#else
using Wanted = void;
#endif
void ask(const sw::messaging::Peer& peer) {
  (void)peer.message<Wanted>("question", Question{1}).confirm(sw::messaging::Delivery::done).call();
}
