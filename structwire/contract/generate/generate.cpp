// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/generate.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace structwire::contract {
namespace {

constexpr std::array table{
    Generator{"msgspec", ".py", "Python classes for msgspec", generate_msgspec, generate_msgspec_fingerprints},
    Generator{"pydantic", ".py", "Python models for pydantic", generate_pydantic},
    Generator{"typescript", ".ts", "TypeScript types", generate_typescript},
    Generator{"proto", ".proto", "a proto3 file", generate_proto},
    Generator{"avro", ".avsc", "an Avro schema", generate_avro},
    Generator{"markdown", ".md", "a page for people", generate_markdown},
};

template <class Definitions>
const auto* find_named(const Definitions& definitions, std::string_view name) noexcept {
  const auto found = std::ranges::find_if(definitions, [&](const auto& each) { return each.name == name; });
  return found == definitions.end() ? nullptr : &*found;
}

std::unexpected<Error> refuse(std::string what) { return std::unexpected(Error(ErrorCode::refused, std::move(what))); }

/// Adds the definitions that are not there yet; the name of one that is there and differs.
template <class Definitions>
std::string add_all(Definitions& all, const Definitions& more) {
  for (const auto& each : more) {
    const auto* known = find_named(all, each.name);
    if (known == nullptr) {
      all.push_back(each);
    } else if (*known != each) {
      return each.name;
    }
  }
  return {};
}

/// What a Schema from a file may have wrong.
class Check {
 public:
  explicit Check(const Contracts& all) : all_(all) {
    for (const StructSchema& each : all.structs) structs_.insert(each.name);
    for (const EnumSchema& each : all.enums) enums_.insert(each.name);
  }

  /// Empty when all is well.
  std::string wrong() {
    if (all_.structs.size() + all_.enums.size() > definitions_max) {
      return "A contract of more than " + std::to_string(definitions_max) + " definitions";
    }
    for (const TypeSchema& root : all_.roots) check(root, "$", 0);
    for (const EnumSchema& each : all_.enums) check_enum(each);
    for (const StructSchema& each : all_.structs) check_struct(each);
    return wrong_;
  }

 private:
  void fail(const std::string& what, const std::string& path) {
    if (wrong_.empty()) wrong_ = what + " - at `" + path + "`";
  }

  void check_enum(const EnumSchema& each) {
    if (structs_.contains(each.name)) fail("A struct and an enum of one name", each.name);
    if (each.values.empty()) fail("An enum without values", each.name);
    bool has_text = false;
    bool has_number = false;
    for (const EnumValueSchema& value : each.values) {
      (value.value.get_if<std::string>() != nullptr ? has_text : has_number) = true;
      if (value.value.get_if<std::string>() == nullptr && value.value.get_if<std::int64_t>() == nullptr) {
        fail("An enum's value is text or an integer", each.name + "." + value.name);
      }
    }
    if (has_text && has_number) fail("An enum's values are all text or all integers", each.name);
    if (!each.catch_all.empty() && find_named(each.values, each.catch_all) == nullptr) {
      fail("The catch-all is no enumerator", each.name);
    }
  }

  void check_struct(const StructSchema& each) {
    if (each.tag && each.tag->get_if<std::string>() == nullptr && each.tag->get_if<std::int64_t>() == nullptr) {
      fail("A tag is text or an integer", each.name);
    }
    std::set<std::string_view> names;
    std::set<std::uint32_t> numbers;
    for (const MemberSchema& member : each.members) {
      const std::string path = each.name + "." + member.name;
      if (!names.insert(member.name).second) fail("Two members of one name", path);
      if (!numbers.insert(member.number).second) fail("Two members of one number", path);
      check(member.type, path, 0);
    }
  }

  static std::size_t parts_of(TypeKind kind) {
    using enum TypeKind;
    return kind == map ? 2 : kind == optional || kind == array || kind == set ? 1 : 0;
  }

  void check(const TypeSchema& type, const std::string& path, std::size_t depth) {
    using enum TypeKind;
    if (depth > type_depth_max) return fail("Types nest deeper than " + std::to_string(type_depth_max), path);
    const bool any_number = type.kind == tuple || type.kind == variant;
    if (!any_number && type.parts.size() != parts_of(type.kind)) fail("A type with another number of parts", path);
    if (type.kind == variant && type.parts.empty()) fail("A union without alternatives", path);
    if (type.kind == literal && type.constants.empty()) fail("A literal without constants", path);
    if (type.kind == structure && !structs_.contains(type.name)) fail("No struct has the name " + type.name, path);
    if (type.kind == enumeration && !enums_.contains(type.name)) fail("No enum has the name " + type.name, path);
    if (type.kind == integer && type.bits != 8 && type.bits != 16 && type.bits != 32 && type.bits != 64) {
      fail("An integer has 8, 16, 32 or 64 bits", path);
    }
    if (type.kind == floating && type.bits != 32 && type.bits != 64) fail("A float has 32 or 64 bits", path);
    for (const TypeSchema& part : type.parts) check(part, path, depth + 1);
  }

  const Contracts& all_;
  std::set<std::string_view> structs_;
  std::set<std::string_view> enums_;
  std::string wrong_;
};

}  // namespace

const StructSchema* Contracts::find_struct(std::string_view name) const noexcept { return find_named(structs, name); }
const EnumSchema* Contracts::find_enum(std::string_view name) const noexcept { return find_named(enums, name); }

Result<Contracts> merge(std::span<const Schema> contracts) {
  Contracts all;
  for (const Schema& each : contracts) {
    std::string other = add_all(all.structs, each.structs);
    if (other.empty()) other = add_all(all.enums, each.enums);
    if (!other.empty()) return refuse("Two contracts have different definitions of " + other);
    if (std::ranges::find(all.roots, each.type) == all.roots.end()) all.roots.push_back(each.type);
  }
  if (std::string wrong = Check(all).wrong(); !wrong.empty()) return refuse(std::move(wrong));
  return all;
}

std::span<const Generator> generators() noexcept { return table; }

const Generator* find_generator(std::string_view name) noexcept {
  const auto* found = std::ranges::find(table, name, &Generator::name);
  return found == table.end() ? nullptr : found;
}

}  // namespace structwire::contract
