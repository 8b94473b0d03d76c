// SPDX-License-Identifier: Apache-2.0
#include <examples/artifacts/options.hpp>

#include <structwire/core/convert.hpp>
#include <structwire/core/patch.hpp>

namespace artifacts {

sw::Result<ExtractOptions> normalize_options(const sw::Value& options,
                                             const ExtractOptions& defaults) {
  if (options.is_null()) return defaults;
  sw::DecodeOptions lenient;
  lenient.lax = true;
  const auto patch = sw::convert<ExtractOptionsPatch>(options, lenient);
  if (!patch) return std::unexpected(patch.error());
  return sw::patched(defaults, *patch);
}

}  // namespace artifacts
