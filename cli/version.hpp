// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace structwire::cli {

/// From the project's version in CMake.
inline constexpr const char* version = STRUCTWIRE_VERSION;

}  // namespace structwire::cli
