// SPDX-License-Identifier: Apache-2.0
#pragma once

// Avro's Parsing Canonical Form (Avro 1.11 specification, "Transforming into Parsing Canonical Form"): the schema's JSON
// with full names, without what readers do not need (namespaces, docs, defaults, aliases, logical types), keys in a
// fixed order and no white space. avro_fingerprint() of it identifies a writer's schema.

#include <cstdint>
#include <string>

#include <structwire/core/error.hpp>
#include <structwire/core/value.hpp>

namespace structwire {

/// Errors: what is no Avro schema; schemas inside each other deeper than 128.
Result<std::string> avro_canonical_form(const Value& schema);

}  // namespace structwire
