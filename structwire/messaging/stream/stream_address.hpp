// SPDX-License-Identifier: Apache-2.0
#pragma once

// Addresses of the stream transport as text.

#include <cstdint>
#include <string>
#include <string_view>

#include <structwire/core/error.hpp>

namespace structwire::messaging::stream_detail {

struct StreamAddress {
  enum class Kind : std::uint8_t { file, abstract, tcp };
  Kind kind{};
  std::string name{};      ///< The file's path, the abstract name, or the host: numeric, `localhost` or `*`.
  std::uint16_t port = 0;  ///< Of TCP; 0: any.

  /// `unix://*`: a new name.
  bool any_name() const noexcept { return kind == Kind::file && name == "*"; }
  std::string text() const;
};

/// Errors: unsupported for other protocols, invalid_text for what is none.
Result<StreamAddress> parse_address(std::string_view text);

}  // namespace structwire::messaging::stream_detail
