// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/check.hpp>

namespace structwire::check {

std::string length_condition(const char* kind, const char* comparison, std::size_t length) {
  return std::string(kind) + " of length " + comparison + " " + std::to_string(length);
}

}  // namespace structwire::check
