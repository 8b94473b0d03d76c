// SPDX-License-Identifier: Apache-2.0
#pragma once

// The alternative of a std::variant for tags that it does not know: `std::variant<Get, Put, sw::UnknownAlternative>`.
// It keeps the whole value undecoded and writes it back as it came, so that old code passes on what new code sends.

#include <cstdint>
#include <string>
#include <variant>

#include <structwire/core/raw.hpp>

namespace structwire {

struct UnknownAlternative {
  /// The tag, text or integer.
  std::variant<std::string, std::int64_t> tag;
  /// The whole value, tag included.
  Raw value;

  friend bool operator==(const UnknownAlternative&, const UnknownAlternative&) noexcept = default;
};

}  // namespace structwire
