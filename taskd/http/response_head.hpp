// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/http/message.hpp>

#include <string>
#include <string_view>

namespace structwire::taskd::http {

/// What a head says besides the response itself.
struct ResponseContext {
  std::string_view date;
  std::string_view request_id;
  bool keep_alive = true;
  bool is_http_1_0 = false;
};

/// Status line and fields up to the empty line; replaces what is in `head`.
void write_response_head(const Response& response, const ResponseContext& context,
                         std::string& head);

}  // namespace structwire::taskd::http
