// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <vector>

namespace sw = structwire;

struct Order {
  std::int64_t id;
  std::string customer;
  std::vector<double> prices;
  std::optional<std::string> note;
  std::int64_t priority = 3;

  using wire = sw::Rules<sw::member<&Order::priority, sw::defaulted, sw::between(0, 9)>>;
  bool operator==(const Order&) const = default;
};

int main() {
  const Order order{7, "Ada", {1.5, 20.25}, "soon", 4};
  const auto from_json = sw::json::decode<Order>(sw::json::encode(order));
  const auto from_msgpack = sw::msgpack::decode<Order>(sw::msgpack::encode(order).bytes());
  if (!from_json || *from_json != order || !from_msgpack || *from_msgpack != order) return 1;

  const auto refused =
      sw::json::decode<Order>(R"({"id": 7, "customer": "Ada", "prices": [], "priority": 10})");
  if (refused) return 2;
  std::printf("%s\n%s\n", sw::json::encode(order).c_str(), refused.error().message().c_str());
  return 0;
}
