// SPDX-License-Identifier: Apache-2.0
#include <cli/pretty_json.hpp>

#include <structwire/json.hpp>

namespace structwire::cli {

std::string pretty_json(std::string_view text) {
  return json::reformat(text).value_or(std::string(text));
}

}  // namespace structwire::cli
