// SPDX-License-Identifier: Apache-2.0
//
// One struct: to JSON, to MessagePack, and back, checked.
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace sw = structwire;

struct Line {
  std::string product;
  std::int64_t quantity = 1;

  using wire = sw::Rules<sw::member<&Line::quantity, sw::defaulted, sw::between(1, 99)>>;
};

struct Order {
  std::uint64_t id = 0;
  std::vector<Line> lines;
  std::optional<std::string> note;  // may be null, or absent
};

int main() {
  const Order order{.id = 7, .lines = {{"tea", 2}, {"cup"}}, .note = "ring twice"};

  const std::string text = sw::json::encode(order);
  std::printf("%zu bytes of JSON: %s\n", text.size(), text.c_str());

  const sw::Buffer bytes = sw::msgpack::encode(order);
  std::printf("%zu bytes of MessagePack\n", bytes.size());

  const sw::Result<Order> back = sw::msgpack::decode<Order>(bytes);
  if (!back) return 1;
  std::printf("order %d has %zu lines\n", static_cast<int>(back->id), back->lines.size());

  const auto refused =
      sw::json::decode<Order>(R"({"id":8,"lines":[{"product":"tea","quantity":0}]})");
  std::printf("%s\n", refused.error().message().c_str());
}
