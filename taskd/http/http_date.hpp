// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace structwire::taskd::http {

/// `Sun, 06 Nov 1994 08:49:37 GMT`, whatever the locale.
[[nodiscard]] std::string http_date(std::int64_t unix_seconds);

/// By the wall clock.
[[nodiscard]] std::int64_t unix_seconds();

}  // namespace structwire::taskd::http
