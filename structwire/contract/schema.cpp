// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/schema.hpp>

#include <algorithm>

namespace structwire::contract {
namespace {

template <class Definitions>
const auto* find_named(const Definitions& definitions, std::string_view name) noexcept {
  const auto found = std::ranges::find_if(definitions, [&](const auto& each) { return each.name == name; });
  return found == definitions.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name_of(TypeKind kind) noexcept {
  constexpr const auto& table = enum_table<TypeKind>;
  return table.names[table.position(kind)];
}

const MemberSchema* StructSchema::find(std::string_view wire_name) const noexcept {
  return find_named(members, wire_name);
}

const StructSchema* Schema::find_struct(std::string_view name) const noexcept { return find_named(structs, name); }

const EnumSchema* Schema::find_enum(std::string_view name) const noexcept { return find_named(enums, name); }

const StructSchema* Schema::root() const noexcept {
  return type.kind == TypeKind::structure ? find_struct(type.name) : nullptr;
}

}  // namespace structwire::contract
