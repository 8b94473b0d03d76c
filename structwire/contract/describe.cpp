// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/describe.hpp>

#include <algorithm>
#include <set>

namespace structwire::contract::describing {

bool Definitions::announce(const std::string& full_name, std::string_view short_name) {
  return short_names_.try_emplace(full_name, short_name).second;
}

namespace {

using Names = std::map<std::string, std::string, std::less<>>;

void rename(TypeSchema& type, const Names& names) {
  if (type.kind == TypeKind::structure || type.kind == TypeKind::enumeration) {
    if (const auto found = names.find(type.name); found != names.end()) type.name = found->second;
  }
  for (TypeSchema& part : type.parts) rename(part, names);
}

/// Full names whose short one belongs to several stay as they are.
Names unique_names(const Names& short_names) {
  std::map<std::string_view, int> owners;
  for (const auto& [full, brief] : short_names) ++owners[brief];
  Names unique;
  for (const auto& [full, brief] : short_names) unique.emplace(full, owners[brief] == 1 ? brief : full);
  return unique;
}

}  // namespace

Schema Definitions::finish(TypeSchema root) && {
  const Names names = unique_names(short_names_);
  found_.type = std::move(root);
  rename(found_.type, names);
  for (StructSchema& each : found_.structs) {
    each.name = names.find(each.name)->second;
    for (MemberSchema& member : each.members) rename(member.type, names);
  }
  for (EnumSchema& each : found_.enums) each.name = names.find(each.name)->second;
  return std::move(found_);
}

namespace {

bool is_number(const Value& value) noexcept {
  return value.get_if<std::int64_t>() != nullptr || value.get_if<std::uint64_t>() != nullptr ||
         value.get_if<double>() != nullptr;
}

long double number_of(const Value& value) noexcept {
  if (const auto* integer = value.get_if<std::int64_t>()) return static_cast<long double>(*integer);
  if (const auto* large = value.get_if<std::uint64_t>()) return static_cast<long double>(*large);
  return static_cast<long double>(*value.get_if<double>());
}

}  // namespace

bool is_number_below(const Value& a, const Value& b) {
  return is_number(a) && is_number(b) && number_of(a) < number_of(b);
}

void tighten(std::optional<Value>& bound, Value limit, bool lower) {
  if (bound && !(lower ? is_number_below(*bound, limit) : is_number_below(limit, *bound))) return;
  bound = std::move(limit);
}

std::optional<Value> parse_extra(std::string_view json) {
  auto parsed = json::decode<Value>(json);
  if (!parsed || parsed->get_if<Value::Map>() == nullptr) return std::nullopt;
  return std::move(*parsed);
}

Value parse_json(std::string_view json) { return json::decode<Value>(json).value_or(Value()); }

std::string full_name(std::string_view spelling) {
  constexpr std::string_view before = "Subject = ";
  spelling.remove_prefix(spelling.find(before) + before.size());
  // GCC adds what std::string_view stands for behind a semicolon.
  std::string_view name = spelling.substr(0, spelling.rfind(';'));
  if (name.size() == spelling.size()) name.remove_suffix(1);
  return std::string(name);
}

}  // namespace structwire::contract::describing
