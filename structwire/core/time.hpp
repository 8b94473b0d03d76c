// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything about time on the wire.

#include <structwire/core/date.hpp>
#include <structwire/core/datetime.hpp>
#include <structwire/core/duration.hpp>
#include <structwire/core/time_of_day.hpp>
