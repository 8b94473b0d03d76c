// SPDX-License-Identifier: Apache-2.0
#pragma once

// The digest of an artifact: SHA-256 (FIPS 180-4) over its deterministic MessagePack, as 64
// lower-case hex digits. Python computes the same from the same value:
// hashlib.sha256(msgspec.msgpack.Encoder(order="deterministic").encode(x)).

#include <cstddef>
#include <span>
#include <string>

#include <structwire/msgpack.hpp>

namespace artifacts {

std::string sha256_hex(std::span<const std::byte> bytes);

template <class T>
std::string digest(const T& artifact) {
  return sha256_hex(
      structwire::msgpack::encode(artifact, {.order = structwire::Order::deterministic}).bytes());
}

}  // namespace artifacts
