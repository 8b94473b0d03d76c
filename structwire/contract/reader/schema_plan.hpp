// SPDX-License-Identifier: Apache-2.0
#pragma once

// A Schema prepared for reading: names resolved, keys in tables, patterns compiled, alternatives judged as
// core/alternatives.hpp judges those of a std::variant, defaults made. A part of the reader that a Schema drives.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/contract/schema.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/kind.hpp>
#include <structwire/core/limits.hpp>
#include <structwire/core/pattern_parse.hpp>
#include <structwire/formats/json/skip.hpp>

namespace structwire::contract::schema_reading {

struct StructPlan;
struct EnumPlan;

/// Text or an integer.
struct Tag {
  std::string text;
  std::int64_t number = 0;
  friend bool operator==(const Tag&, const Tag&) = default;
};

struct Type {
  const TypeSchema* schema = nullptr;
  TypeKind kind = TypeKind::any;
  std::vector<Type> parts;
  const StructPlan* structure = nullptr;
  const EnumPlan* enumeration = nullptr;
  /// What messages say that it takes.
  KindSet kinds;
  /// It takes every text as it is.
  bool takes_plain_text = false;
  /// Rules that values are checked against.
  bool is_constrained = false;
  std::optional<pattern_matching::OwnedProgram> pattern;

  // variant
  /// Its structs are told apart by their tags: the place of the unknown alternative, the first struct with a tag.
  bool is_tagged = false;
  bool is_array_tagged = false;
  std::size_t unknown = none;
  const StructPlan* first_tagged = nullptr;

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  /// Index of the alternative for a kind that stands in the input; none where there is no such.
  std::size_t alternative_for(Kind found, bool bytes_are_text) const noexcept;
  /// Index of the alternative whose messages name this kind.
  std::size_t alternative_of(Kind named) const noexcept;
  std::size_t alternative_of(const Tag& tag) const noexcept;

  // literal
  bool has_text() const noexcept { return kinds.contains(Kind::text); }
  bool has_integer() const noexcept { return kinds.contains(Kind::integer); }
  bool has_boolean() const noexcept { return kinds.contains(Kind::boolean); }
  bool has_null() const noexcept { return kinds.contains(Kind::null); }
  bool lists(const Value& constant) const noexcept;

  /// Text can spell it, so it can be a key of a map where keys are text.
  bool is_text_key() const noexcept;
};

struct MemberPlan {
  const MemberSchema* schema = nullptr;
  Type type;
  /// What it has where it is absent, and how much that occupies.
  Value default_value;
  std::size_t default_bytes = 0;
  enum class Default : std::uint8_t { to_be_made, being_made, made } state = Default::to_be_made;
};

struct StructPlan {
  const StructSchema* schema = nullptr;
  std::vector<MemberPlan> members;
  std::optional<Tag> tag;
  bool is_text_tag = false;
  /// Wire names, and aliases where no wire name is the same. The tag's place is behind the members.
  std::map<std::string_view, int> keys;
  json::KeyFilter key_filter;
  /// How many items it has at least where it is array-like.
  std::size_t items_min = 0;

  int tag_index() const noexcept { return tag ? static_cast<int>(members.size()) : -4; }
  std::size_t key_count() const noexcept { return members.size() + tag.has_value(); }
  int find(std::string_view key) const noexcept {
    const auto found = keys.find(key);
    return found == keys.end() ? -1 : found->second;
  }
  bool forbids_unknown(UnknownFieldPolicy policy) const noexcept {
    return policy == UnknownFieldPolicy::forbid ||
           (policy == UnknownFieldPolicy::by_struct && schema->unknown_fields == UnknownFields::forbid);
  }
  bool ignores_unknown(UnknownFieldPolicy policy) const noexcept {
    return policy == UnknownFieldPolicy::ignore ||
           (policy == UnknownFieldPolicy::by_struct && schema->unknown_fields == UnknownFields::ignore);
  }
};

struct EnumPlan {
  const EnumSchema* schema = nullptr;
  bool is_named = true;
  std::size_t fallback = 0;  ///< The size of the list where there is none.
  std::map<std::string_view, std::size_t> names;
  std::map<std::string, std::size_t> lower_names;  ///< Where the case is ignored.
  std::map<std::int64_t, std::size_t> numbers;

  std::size_t size() const noexcept { return schema->values.size(); }
  std::size_t position(std::string_view name) const;
  std::size_t position(std::int64_t number) const noexcept;
};

/// A whole Schema; it refers to itself, so it stays where it is.
class Plan {
 public:
  explicit Plan(Schema schema) : schema_(std::move(schema)) {}
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  /// Once, before anything else.
  Result<void> prepare();

  const Schema& schema() const noexcept { return schema_; }
  const Type& root() const noexcept { return root_; }

 private:
  friend class Preparation;
  Schema schema_;
  Type root_;
  std::vector<StructPlan> structs_;
  std::vector<EnumPlan> enums_;
};

/// ASCII letters in lower case.
std::string lower_case(std::string_view text);
/// About what a Value occupies.
std::size_t bytes_of(const Value& value) noexcept;

/// The order in which the program's sets and maps of this type keep their values: text scalars by what they stand for.
std::weak_ordering order(const Type& type, const Value& a, const Value& b);
/// Equal as omit_defaults asks: by what text scalars stand for, with zeros of two signs apart.
bool is_same(const Type& type, const Value& a, const Value& b);

}  // namespace structwire::contract::schema_reading
