// SPDX-License-Identifier: Apache-2.0
#include <cli/formats.hpp>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::cli {

const std::vector<const Format*>& formats() {
  static const std::vector<const Format*> all = {&json::format(), &msgpack::format()};
  return all;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Format* format : formats()) names.emplace_back(format->name);
  return names;
}

const Format* format_named(std::string_view name) { return find_format(formats(), name); }

const Format* format_of_file(std::string_view file) {
  const std::size_t dot = file.rfind('.');
  return dot == std::string_view::npos ? nullptr : find_format(formats(), file.substr(dot + 1));
}

}  // namespace structwire::cli
