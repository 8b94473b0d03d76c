// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/routes.hpp>

#include <taskd/http/handlers.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace structwire::taskd::http {
namespace {

// A path without places stands before one whose place would take it, too.
constexpr std::array<Route, 15> route_table = {{
    {Method::post, "/v1/tasks", submit},
    {Method::get, "/v1/tasks", list_tasks},
    {Method::post, "/v1/tasks/heartbeat", heartbeat_batch},
    {Method::post, "/v1/tasks/complete", complete_batch},
    {Method::post, "/v1/tasks/fail", fail_batch},
    {Method::post, "/v1/tasks/cancel", cancel_batch},
    {Method::get, "/v1/tasks/{}", show_task},
    {Method::post, "/v1/tasks/{}/heartbeat", heartbeat},
    {Method::post, "/v1/tasks/{}/complete", complete},
    {Method::post, "/v1/tasks/{}/fail", fail},
    {Method::post, "/v1/tasks/{}/cancel", cancel},
    {Method::post, "/v1/queues/{}/claim", claim},
    {Method::post, "/queue", submit_legacy, RouteKind::legacy},
    {Method::get, "/livez", show_live, RouteKind::health},
    {Method::get, "/readyz", show_ready, RouteKind::health},
}};

std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

std::optional<PathParameters> match(std::string_view pattern, std::string_view path) {
  PathParameters found;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view segment = take_segment(path);
    if (wanted == "{}" && !segment.empty()) {
      found.values[found.count++] = segment;
    } else if (wanted != segment) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return found;
}

std::string_view method_name(Method method) { return method == Method::get ? "GET, HEAD" : "POST"; }

// The methods of the best pattern that fits the path.
std::string allowed_methods(std::string_view pattern) {
  std::string allow;
  for (const Route& route : route_table) {
    if (route.path == pattern) allow.append(method_name(route.method)).append(", ");
  }
  return allow + "OPTIONS";
}

}  // namespace

std::span<const Route> routes() { return route_table; }

RouteMatch find_route(Method method, std::string_view path) {
  RouteMatch result;
  if (path.empty() || path.front() != '/') return result;
  const Method wanted = method == Method::head ? Method::get : method;
  std::string_view pattern;
  for (const Route& route : route_table) {
    // Only the first pattern that fits counts, with each of its methods.
    if (!pattern.empty() && route.path != pattern) continue;
    const std::optional<PathParameters> found = match(route.path, path);
    if (!found) continue;
    pattern = route.path;
    if (route.method == wanted) {
      result.route = &route;
      result.path = *found;
      return result;
    }
  }
  if (!pattern.empty()) result.allow = allowed_methods(pattern);
  return result;
}

}  // namespace structwire::taskd::http
