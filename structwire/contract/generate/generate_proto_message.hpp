// SPDX-License-Identifier: Apache-2.0
#pragma once

// The text of one proto3 message. For contract/generate/generate_proto.cpp only.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <structwire/contract/generate/generate_outline.hpp>

namespace structwire::contract::generation::proto {

/// What protoc takes as a field's number, and keeps for itself.
inline constexpr std::uint32_t number_max = 536'870'911;
inline constexpr std::uint32_t own_numbers_from = 19'000;
inline constexpr std::uint32_t own_numbers_to = 19'999;

inline std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return made + "\"";
}

/// `shipTo` as `ship_to`. Names that begin with an underscore are not for users.
inline std::string field_name(std::string_view wanted) {
  std::string name = upper_snake(wanted);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const std::size_t start = name.find_first_not_of('_');
  if (start == std::string::npos) return "field" + name;
  name.erase(0, start);
  return name.front() >= '0' && name.front() <= '9' ? "field_" + name : name;
}

inline void comment(std::string& out, std::string_view margin, std::string_view text) {
  for (const std::string& each : lines_of(text)) {
    out += std::string(margin) + (each.empty() ? "//" : "// " + each) + "\n";
  }
}

/// A message under construction: its fields, and the messages that only it uses.
struct Message {
  std::string name;
  Names fields;
  std::string nested;
  std::string lines;

  void add_field(const std::string& type, const std::string& field, std::uint32_t number, std::string_view json_name) {
    lines += "  " + type + " " + field + " = " + std::to_string(number);
    // What ProtoJSON calls it by itself needs no saying.
    if (!json_name.empty() && json_name != camel_case(field)) lines += " [json_name = " + quoted(json_name) + "]";
    lines += ";\n";
  }

  /// Each line behind `margin`.
  std::string text(std::string_view margin) const {
    const std::string inside = nested + (nested.empty() || lines.empty() ? "" : "\n") + lines;
    const std::string head = std::string(margin) + "message " + name + " {";
    if (inside.empty()) return head + "}\n";
    std::string made = head + "\n";
    for (std::size_t at = 0; at < inside.size();) {
      const std::size_t end = inside.find('\n', at);
      if (end != at) made += margin;
      made += inside.substr(at, end - at + 1);
      at = end + 1;
    }
    return made + std::string(margin) + "}\n";
  }
};

}  // namespace structwire::contract::generation::proto
