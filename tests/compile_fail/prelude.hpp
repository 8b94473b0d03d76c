// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every source here includes; run.py precompiles it.

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <structwire/core/convert.hpp>
#include <structwire/core/decimal.hpp>
#include <structwire/core/time.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/support/positional/reader.hpp>

namespace sw = structwire;
