// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/config.hpp>

#include <string>

namespace structwire::taskd {

/// What a TOML file sets; the one adapter for toml++. Refused: a file that cannot be read, syntax,
/// a key that is not in the table, a value of another type than the setting has.
[[nodiscard]] std::expected<std::vector<SettingText>, ConfigError> read_config_file(
    const std::string& path);

}  // namespace structwire::taskd
