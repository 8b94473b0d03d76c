// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/http/call.hpp>
#include <taskd/http/message.hpp>

#include <span>
#include <string>
#include <string_view>

/// The one table of what can be called: method, path, handler.
namespace structwire::taskd::http {

/// What the rules of negotiation are for one route.
enum class RouteKind {
  ordinary,
  health,  ///< probes get an answer whatever they accept
  legacy,  ///< a missing Content-Type means JSON
};

struct Route {
  Method method;          ///< a GET also answers HEAD
  std::string_view path;  ///< `{}` stands for one segment
  Handler handler;
  RouteKind kind = RouteKind::ordinary;
};

[[nodiscard]] std::span<const Route> routes();

/// What there is for a method and a path.
struct RouteMatch {
  const Route* route = nullptr;  ///< nullptr: see `allow`
  PathParameters path;
  std::string allow;  ///< the methods of the path; empty where there is no such path
};

[[nodiscard]] RouteMatch find_route(Method method, std::string_view path);

}  // namespace structwire::taskd::http
