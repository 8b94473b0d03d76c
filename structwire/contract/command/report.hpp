// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reports as text for people, in the manner of a compiler's messages.

#include <string>

#include <structwire/contract/command/check.hpp>
#include <structwire/contract/command/console.hpp>

namespace structwire::contract {

struct ReportOptions {
  Style style;
  /// Changes that harm nobody, too.
  bool with_compatible = true;
};

/// Every finding, worst first, and a line that sums up.
std::string to_text(const Report& report, const ReportOptions& options);

/// `v2 -> this program   1 break, 2 compatible changes`
std::string summary(const Report& report, const Style& style);

/// How to accept the report's first failing finding: what follows the program's name; empty when none fails.
std::string allowance_of(const Report& report);

/// A contract, member by member.
std::string to_text(const Schema& schema, const Style& style);

}  // namespace structwire::contract
