// SPDX-License-Identifier: Apache-2.0
#pragma once

// For transports: their figures(), from the struct of their counters.

#include <string>
#include <string_view>
#include <type_traits>

#include <structwire/core/members.hpp>
#include <structwire/messaging/transport.hpp>

namespace structwire::messaging {

/// Of a struct of numbers; those of a struct inside it have its name and a point in front of theirs.
template <class Counters>
TransportFigures figures_of(const Counters& counters) {
  TransportFigures figures;
  for_each_member(counters, [&figures](std::string_view name, const auto& member) {
    if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(member)>>) {
      figures.emplace(name, member);
    } else {
      for (const auto& [inner, count] : figures_of(member)) figures.emplace(std::string(name) + "." + inner, count);
    }
  });
  return figures;
}

}  // namespace structwire::messaging
