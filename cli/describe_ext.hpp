// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace structwire::cli {

/// What an extension of MessagePack holds, for people: `: float64, shape (3, 4)`; empty for codes
/// that nobody here knows, and the error for bytes that are not what their code says.
[[nodiscard]] std::string describe_ext(std::int8_t code, std::span<const std::byte> data);

/// The same for a `.npy` file and for a serialized Arrow schema, without the colon.
[[nodiscard]] std::string describe_npy(std::span<const std::byte> bytes);
[[nodiscard]] std::string describe_arrow_schema(std::span<const std::byte> bytes);

}  // namespace structwire::cli
