// SPDX-License-Identifier: Apache-2.0
#pragma once

// Payloads as text, and back.

#include <string>
#include <string_view>

#include <structwire/messaging/payload.hpp>

namespace structwire::messaging {

inline Payload bytes_of(std::string_view text) { return Payload(Buffer(text)); }
inline std::string text_of(const Payload& payload) {
  return {reinterpret_cast<const char*>(payload.data()), payload.size()};
}

}  // namespace structwire::messaging
