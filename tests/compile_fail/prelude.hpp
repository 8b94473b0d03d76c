// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every source here includes; run.py precompiles it.

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/support/positional/reader.hpp>

namespace sw = structwire;
