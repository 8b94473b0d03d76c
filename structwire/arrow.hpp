// SPDX-License-Identifier: Apache-2.0
#pragma once

// Arrow schemas in messages: `sw::ArrowSchema`, MessagePack extension 3.
// docs/guide/arrow_schemas.md.

#include <structwire/arrow/schema.hpp>
