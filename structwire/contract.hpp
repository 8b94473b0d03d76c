// SPDX-License-Identifier: Apache-2.0
#pragma once

// The door to contracts: what a type is on the wire as data, for other tools, and told from other versions of itself.

#include <structwire/contract/describe.hpp>
#include <structwire/contract/fingerprint.hpp>
#include <structwire/contract/json_schema.hpp>
#include <structwire/contract/schema.hpp>
#include <structwire/contract/type_info.hpp>
