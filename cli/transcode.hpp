// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cli/command_line.hpp>
#include <structwire/core/format.hpp>

#include <optional>
#include <string>

/// What `encode`, `decode` and `convert` share: reading one format and writing another.
namespace structwire::cli {

struct TranscodeOptions {
  std::string input = "-";
  std::string output = "-";
  std::optional<std::string> from;
  std::optional<std::string> to;
  bool lines = false;
  bool pretty = false;
  bool compact = false;
};

/// Declares what the three have in common: `--output`, `--lines`, `--pretty`, `--compact`.
void declare_transcoding(Arguments& arguments, TranscodeOptions& options);

/// Reads, converts and writes; returns the exit status.
[[nodiscard]] int transcode(const TranscodeOptions& options, const Format& from, const Format& to);

}  // namespace structwire::cli
