// SPDX-License-Identifier: Apache-2.0
#pragma once

// Structs with one of everything, whose fingerprints every compiler must agree on.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <structwire/contract/fingerprint.hpp>

namespace structwire::testing {

enum class Color { red = -1, green = 5 };
enum class Mood : std::uint8_t { calm, wild };

struct Scalars {
  bool truth;
  signed char tiny;
  short small;
  int middle;
  long large;
  long long larger;
  unsigned char byte;
  unsigned long long largest;
  float single;
  double twice;
};

struct Texts {
  std::string text;
  Bytes binary;
  Color color;
  Mood mood;
};

struct Größe {  // a name beyond ASCII
  double länge;
};

struct Node {
  std::string label;
  std::vector<Node> children;
  std::unique_ptr<Node> next;
};

struct Everything {
  Scalars scalars;
  std::optional<Texts> texts;
  std::array<Größe, 3> sizes;
  std::map<std::int64_t, std::vector<std::optional<double>>> table;
  std::unordered_map<std::string, Node> nodes;
  Value any;
  Raw raw;
  int priority = 5;

  using wire = Rules<member<&Everything::priority, name<"prio">, number<40>, defaulted, between(0, 9)>,
                     forbid_unknown_fields>;
};

struct Foreign {
  int id;
  std::string name;
};

class Hidden {
 public:
  Hidden() {}

 private:
  int secret_ = 0;
  std::string word_;

 public:
  using wire = Rules<members<&Hidden::word_, &Hidden::secret_>, member<&Hidden::secret_, name<"secret">>>;
};

}  // namespace structwire::testing

template <>
inline constexpr auto structwire::enum_values<structwire::testing::Color> =
    structwire::by_value<structwire::testing::Color::red, structwire::testing::Color::green>;
template <>
inline constexpr auto structwire::enum_values<structwire::testing::Mood> =
    structwire::by_name<structwire::testing::Mood::calm, structwire::testing::Mood::wild>;
template <>
struct structwire::rules_for<structwire::testing::Foreign> : structwire::Rules<structwire::all_defaulted> {};
