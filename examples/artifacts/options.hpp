// SPDX-License-Identifier: Apache-2.0
#pragma once

// Options as they come, from a configuration file, a command line or another program, made into the
// struct that the program works with.

#include <cstdint>
#include <optional>
#include <string>

#include <examples/artifacts/artifacts.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/value.hpp>

namespace artifacts {

struct ExtractOptions {
  std::optional<std::string> repo_id;
  std::optional<Count> max_rows;   ///< null: no bound
  std::optional<Count> max_bytes;  ///< null: no bound
  using wire = sw::Rules<sw::artifact>;
};

/// What somebody wants otherwise than the defaults. Absent keeps the default; null takes it away.
struct ExtractOptionsPatch {
  sw::Unset<std::optional<std::string>> repo_id;
  sw::Unset<std::optional<Count>> max_rows;
  sw::Unset<std::optional<Count>> max_bytes;
  using wire = sw::Rules<sw::artifact>;
};

/// The defaults with what `options` says; a null Value says nothing. Lenient: numbers may stand as
/// text, since command lines have nothing else. A name that is no option is an error.
sw::Result<ExtractOptions> normalize_options(const sw::Value& options,
                                             const ExtractOptions& defaults = {});

}  // namespace artifacts
