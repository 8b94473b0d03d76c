// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/routes.hpp>

#include <gtest/gtest.h>
#include <taskd/http/handlers.hpp>

namespace structwire::taskd::http {
namespace {

TEST(Routes, each_row_is_found_by_its_own_path) {
  for (const Route& route : routes()) {
    std::string path(route.path);
    if (const auto place = path.find("{}"); place != std::string::npos) path.replace(place, 2, "7");
    const RouteMatch match = find_route(route.method, path);
    EXPECT_EQ(match.route, &route) << path;
    EXPECT_EQ(match.path.count, route.path.find("{}") == std::string_view::npos ? 0u : 1u);
  }
}

TEST(Routes, what_stands_in_a_place_is_handed_on) {
  const RouteMatch match = find_route(Method::post, "/v1/queues/a%20b/claim");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.route->handler, &claim);
  EXPECT_EQ(match.path.values[0], "a%20b");
}

TEST(Routes, a_path_without_places_comes_first) {
  EXPECT_EQ(find_route(Method::post, "/v1/tasks/complete").route->handler, &complete_batch);
  const RouteMatch match = find_route(Method::get, "/v1/tasks/complete");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.allow, "POST, OPTIONS");
}

TEST(Routes, head_is_answered_where_get_is) {
  EXPECT_EQ(find_route(Method::head, "/v1/tasks/1").route->handler, &show_task);
  EXPECT_EQ(find_route(Method::head, "/queue").route, nullptr);
}

TEST(Routes, a_path_tells_all_its_methods) {
  EXPECT_EQ(find_route(Method::other, "/v1/tasks").allow, "POST, GET, HEAD, OPTIONS");
  EXPECT_EQ(find_route(Method::options, "/livez").allow, "GET, HEAD, OPTIONS");
}

TEST(Routes, other_paths_are_unknown) {
  for (const std::string_view path :
       {"", "/", "v1/tasks", "/v1", "/v1/tasks/", "//v1/tasks", "/v1//tasks", "/v1/tasks//complete",
        "/v1/tasks/1/complete/", "/v1/tasks/1/complete/2", "/v1/queues//claim", "/V1/tasks", "*"}) {
    const RouteMatch match = find_route(Method::post, path);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_EQ(match.allow, "") << path;
  }
}

}  // namespace
}  // namespace structwire::taskd::http
