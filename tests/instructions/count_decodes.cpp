// SPDX-License-Identifier: Apache-2.0

// Decodes one message many times, once by hand and once through the library, for callgrind to count.

#include <cstdio>

#include <structwire/msgpack.hpp>
#include <tests/instructions/worker_message.hpp>

int main() {
  using namespace structwire::testing;
  // data/worker_message.json of the benchmark inputs.
  const WorkerMessage message{"msg-0b052d17e154", "worker-17", "cGF5bG9hZC1ieXRlcy03bed37bb9a129ceb",
                              1790000350.745479, 5};
  const structwire::Buffer bytes = structwire::msgpack::encode(message);
  WorkerMessage by_hand;
  WorkerMessage by_library;
  for (int i = 0; i < 1000; ++i) {
    if (!decode_by_hand(bytes, by_hand) || !decode_by_library(bytes, by_library)) return 1;
  }
  if (by_hand != message || by_library != message) return 1;
  std::puts("decoded 1000 times by hand and 1000 times by the library");
}
