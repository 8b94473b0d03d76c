// SPDX-License-Identifier: Apache-2.0
#include <taskd/config_file.hpp>

#include <toml++/toml.h>

#include <algorithm>
#include <optional>

namespace structwire::taskd {
namespace {

std::string place(const std::string& path, const toml::source_region& region) {
  return path + ":" + std::to_string(region.begin.line) + ": ";
}

std::optional<std::string> text_of(const toml::node& node, bool is_number) {
  if (is_number) {
    const auto number = node.as_integer();
    return number ? std::optional(std::to_string(number->get())) : std::nullopt;
  }
  const auto text = node.as_string();
  return text ? std::optional(text->get()) : std::nullopt;
}

std::string known_keys() {
  std::string names;
  for (const Setting& setting : settings()) {
    if (setting.is_shown) names.append(names.empty() ? "" : ", ").append(setting.key);
  }
  return names;
}

std::expected<toml::table, ConfigError> parse(const std::string& path) {
  try {
    return toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    const bool opened = error.source().begin.line > 0;
    return std::unexpected(ConfigError{(opened ? place(path, error.source()) : path + ": ") +
                                       std::string(error.description())});
  }
}

}  // namespace

std::expected<std::vector<SettingText>, ConfigError> read_config_file(const std::string& path) {
  const auto table = parse(path);
  if (!table) return std::unexpected(table.error());
  std::vector<SettingText> texts;
  for (const auto& [key, node] : *table) {
    const std::string origin = place(path, node.source()) + std::string(key.str());
    const auto setting = std::ranges::find(settings(), key.str(), &Setting::key);
    if (setting == settings().end()) {
      return std::unexpected(
          ConfigError{origin + ": there is no such setting; there are " + known_keys()});
    }
    auto text = text_of(node, setting->is_number);
    if (!text) {
      return std::unexpected(
          ConfigError{origin + ": the value should be " +
                      (setting->is_number ? "a whole number" : "a text in quotes")});
    }
    texts.push_back({std::string(setting->key), std::move(*text), origin});
  }
  return texts;
}

}  // namespace structwire::taskd
