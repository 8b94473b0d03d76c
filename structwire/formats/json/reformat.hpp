// SPDX-License-Identifier: Apache-2.0
#pragma once

// Another layout for a JSON text, without decoding it: only white space between its pieces changes.
// Numbers and strings stay as they are spelled, duplicate names and numbers out of every range too.

#include <string>
#include <string_view>

#include <structwire/core/buffer.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/limits.hpp>

namespace structwire::json {

/// Appends `json` in another layout; after an error `out` is as before. `indent` is the number of
/// spaces for each level; 0 means one line with `, ` and `: `, a negative one no white space at
/// all. Empty arrays and objects stay on their line. `json` must not lie in `out`.
///
/// Errors: what decoding would refuse as malformed, with the sentences for values that are passed
/// over; depth, items and text beyond the limits; more than `limits.decoded_bytes` of white space
/// to write. The output is therefore never longer than twice `json` and that limit together.
Result<void> reformat(std::string_view json, int indent, Buffer& out,
                      const DecodeOptions& options = {});
Result<std::string> reformat(std::string_view json, int indent = 2);

}  // namespace structwire::json
