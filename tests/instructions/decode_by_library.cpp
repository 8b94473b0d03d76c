// SPDX-License-Identifier: Apache-2.0
#include <structwire/msgpack.hpp>
#include <tests/instructions/worker_message.hpp>

namespace structwire::testing {

bool decode_by_library(std::span<const std::byte> bytes, WorkerMessage& out) {
  return msgpack::decode_into(bytes, out).has_value();
}

}  // namespace structwire::testing
