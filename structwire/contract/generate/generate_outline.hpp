// SPDX-License-Identifier: Apache-2.0
#pragma once

// What all generators share: names that a target takes, the order of definitions, bounds put together, and the one
// place for what a target cannot express. For contract/generate/generate_*.cpp only.

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/contract/generate.hpp>

namespace structwire::contract::generation {

/// ASCII letters, digits and underscores: what a name has of other characters becomes one underscore, `Page<int>` is
/// `Page_int`. Begins with no digit; never empty.
std::string identifier(std::string_view name);
bool is_identifier(std::string_view name) noexcept;
/// `light_green` and `light green` as `LightGreen`, as `LIGHT_GREEN`, as `lightGreen`.
std::string title_case(std::string_view name);
std::string upper_snake(std::string_view name);
std::string camel_case(std::string_view name);

/// Names of one scope: each is handed out once.
class Names {
 public:
  Names() = default;
  /// `reserved` are never handed out.
  explicit Names(std::span<const std::string_view> reserved) : taken_(reserved.begin(), reserved.end()) {}
  bool has(std::string_view name) const { return taken_.contains(name); }
  /// `wanted`, or with the first number behind it that makes it a new one.
  std::string take(std::string wanted);

 private:
  std::set<std::string, std::less<>> taken_;
};

/// The definitions in the order in which a target writes them, with its names for them.
class Outline {
 public:
  /// A type that is no definition itself, and a name for it.
  struct Alias {
    std::string name;
    const TypeSchema* type;
  };

  Outline(const Contracts& contracts, std::span<const std::string_view> reserved_names);

  const Contracts& contracts() const noexcept { return contracts_; }
  /// What a struct uses stands before it, as far as they do not use each other.
  std::span<const StructSchema* const> structs() const noexcept { return structs_; }
  std::span<const EnumSchema* const> enums() const noexcept { return enums_; }
  std::span<const Alias> aliases() const noexcept { return aliases_; }
  /// The target's name of a definition.
  const std::string& name(std::string_view definition) const { return names_by_definition_.find(definition)->second; }
  const StructSchema& structure(const TypeSchema& type) const { return *contracts_.find_struct(type.name); }
  const EnumSchema& enumeration(const TypeSchema& type) const { return *contracts_.find_enum(type.name); }
  /// All names of the file, for more of them.
  Names& names() noexcept { return names_; }

 private:
  void visit(const TypeSchema& type);

  const Contracts& contracts_;
  Names names_;
  std::map<std::string, std::string, std::less<>> names_by_definition_;
  std::vector<const StructSchema*> structs_;
  std::vector<const EnumSchema*> enums_;
  std::vector<Alias> aliases_;
  std::set<std::string_view> visited_;
};

/// The first thing that a target cannot express; where it is, is said by the C++ names of struct and member.
class Failure {
 public:
  void at(std::string path) { path_ = std::move(path); }
  const std::string& path() const noexcept { return path_; }
  /// `what` is a sentence without its stop.
  void fail(std::string_view what);
  Result<std::string> result(std::string text) const;

 private:
  std::string path_ = "$";
  std::optional<Error> error_;
};

/// The bounds of a number, of each side at most one. Those of integers are inclusive, and tell the type's own range
/// where it has less than 64 bits or no sign.
struct Bound {
  Value limit;
  bool is_exclusive = false;
};
struct Range {
  std::optional<Bound> low;
  std::optional<Bound> high;
};
Range range_of(const TypeSchema& type);
/// True when rules say more than the type by itself.
bool has_bounds(const TypeSchema& type) noexcept;
bool is_negative(const Value& number) noexcept;
/// A number that a double cannot hold.
bool is_beyond_double(const Value& number) noexcept;

/// For people: `ge 0`, `lt 10`, `pattern ^a`, `min_length 2`, each as the C++ rule is called.
std::vector<std::string> rules_for_people(const TypeSchema& type);
/// The JSON of a value, in one line.
std::string json_of(const Value& value);

/// `[]` or `{}`.
bool is_empty_container(const Value& value) noexcept;
/// A default that says more than that there is nothing: not null, `[]` or `{}`.
bool is_default_telling(const MemberSchema& member) noexcept;

/// The text without what would end a comment or a line of it early, in lines.
std::vector<std::string> lines_of(std::string_view text);

/// The bytes that a JSON text of this type means; nothing when it is none.
std::optional<Bytes> bytes_of_text(const TypeSchema& type, const Value& value);

/// A literal as one for each kind of its constants: null, bool, integer, text.
std::vector<TypeSchema> constants_by_kind(const TypeSchema& type);

/// A union whose alternatives kinds and tags tell apart, as unions without first_match do.
bool is_unambiguous(const TypeSchema& type, const Outline& outline);

}  // namespace structwire::contract::generation
