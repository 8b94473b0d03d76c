// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/error.hpp>
#include <structwire/core/format.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace structwire::cli {

/// What is wrong with `bytes`, and where: the codec's sentence, the byte counted from the start of
/// the file (`start` is where `bytes` begin there), and for text the line and column in `bytes`.
[[nodiscard]] std::string describe(const Error& error, const Format& format,
                                   std::span<const std::byte> bytes, std::size_t start = 0);

}  // namespace structwire::cli
