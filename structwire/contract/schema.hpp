// SPDX-License-Identifier: Apache-2.0
#pragma once

// A wire contract as plain data: what contract::describe<T>() makes of a C++ type, what a snapshot file holds, and what
// everything that has no C++ type at hand works from: the reader of an old schema, the compatibility check, JSON
// Schema, generated code. It is itself a structwire contract: these structs are its JSON.
//
// A Schema is a root type and the definitions that it names. Types nest as `parts`; structs and enums are named, so
// that a recursive struct is a finite text. Defaults are kept as their JSON form.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/core/rules.hpp>
#include <structwire/core/types.hpp>
#include <structwire/core/unset.hpp>
#include <structwire/core/value.hpp>

namespace structwire::contract {

/// What a type is on the wire. The texts in snapshots are the names that error messages use.
enum class TypeKind : std::uint8_t {
  any,       ///< sw::Value.
  null,
  boolean,
  integer,   ///< `bits` and `is_unsigned` tell the range.
  floating,  ///< `bits`: 32 or 64.
  text,
  bytes,     ///< `bytes_text` tells the form where a format has only text.
  datetime,
  date,
  time,
  duration,
  uuid,
  decimal,
  literal,      ///< One of `constants`.
  enumeration,  ///< The definition `name` in Schema::enums.
  structure,    ///< The definition `name` in Schema::structs.
  optional,     ///< Null or parts[0].
  array,        ///< Items parts[0]; `size` where their number is fixed.
  set,          ///< Items parts[0].
  map,          ///< Keys parts[0], values parts[1].
  tuple,        ///< One part for each item.
  variant,      ///< One part for each alternative, in their order.
  raw,          ///< Any value, undecoded.
  ext,          ///< A MessagePack extension; of `code` where the type has one.
  unknown,      ///< The alternative of a variant that takes unknown tags.
};

std::string_view name_of(TypeKind kind) noexcept;

}  // namespace structwire::contract

template <>
inline constexpr auto structwire::enum_values<structwire::contract::TypeKind> = [] {
  using enum structwire::contract::TypeKind;
  return structwire::by_name<any, null, structwire::enumerator<boolean, "bool">, structwire::enumerator<integer, "int">,
                             structwire::enumerator<floating, "float">, structwire::enumerator<text, "str">, bytes,
                             datetime, date, time, duration, uuid, decimal, literal,
                             structwire::enumerator<enumeration, "enum">, structwire::enumerator<structure, "struct">,
                             optional, array, set, map, tuple, structwire::enumerator<variant, "union">, raw, ext,
                             unknown>;
}();

template <>
inline constexpr auto structwire::enum_values<structwire::BytesStyle> =
    structwire::by_name<structwire::BytesStyle::base64, structwire::BytesStyle::base64url, structwire::BytesStyle::hex>;

namespace structwire::contract {

/// One type, with what rules say of its values.
struct TypeSchema {
  TypeKind kind = TypeKind::any;
  /// enumeration, structure: of its definition. A type that a codec or an extension carries: its name in C++.
  std::string name;
  std::uint32_t bits = 0;
  bool is_unsigned = false;
  /// datetime, duration: what a number in the program counts, in seconds: `1/1000`, `60`. What lies between two is
  /// rounded; `bits` and `is_unsigned` tell its range, and `zoned` an instant from a local time. Empty for DateTime and
  /// for 64-bit microseconds.
  std::string tick;
  std::vector<TypeSchema> parts;
  std::optional<std::uint64_t> size;
  Value::Array constants;
  std::optional<std::int8_t> code;
  BytesStyle bytes_text = BytesStyle::base64;
  /// variant: the first alternative that decodes is taken.
  bool first_match = false;

  // Bounds: numbers; text for dates, durations and decimals.
  std::optional<Value> ge;
  std::optional<Value> gt;
  std::optional<Value> le;
  std::optional<Value> lt;
  std::optional<Value> multiple_of;
  /// Code points, bytes, items, entries.
  std::optional<std::uint64_t> min_length;
  std::optional<std::uint64_t> max_length;
  std::optional<std::string> pattern;
  /// datetime, time: only with, only without a time zone.
  std::optional<bool> zoned;
  /// A codec or validator of the program decides as well: data that fits everything here may be refused.
  bool checked = false;

  // For readers.
  std::string title;
  std::string description;
  /// More keys of its JSON Schema, a map.
  std::optional<Value> schema_extra;

  bool operator==(const TypeSchema&) const = default;
  using wire = Rules<all_defaulted, omit_defaults, forbid_unknown_fields>;
};

/// What a decoder does where a member is absent.
enum class Presence : std::uint8_t {
  required,   ///< An error.
  defaulted,  ///< Takes `default_value`.
  optional,   ///< Null.
  unset,      ///< Stays absent: sw::Unset.
};

}  // namespace structwire::contract

template <>
inline constexpr auto structwire::enum_values<structwire::contract::Presence> = [] {
  using enum structwire::contract::Presence;
  return structwire::by_name<required, defaulted, optional, unset>;
}();

namespace structwire::contract {

struct MemberSchema {
  std::string name;  ///< On the wire.
  std::string declared_name;  ///< In C++, where that differs.
  std::vector<std::string> aliases;
  std::uint32_t number = 0;
  TypeSchema type;  ///< Of an sw::Unset: what it holds.
  Presence presence = Presence::required;
  /// The JSON form of what an absent member becomes: of `defaulted` ones, and of `optional` ones, where it is null.
  Unset<Value> default_value;
  bool omit_empty = false;
  bool encode_only = false;
  bool decode_only = false;

  std::string_view cpp_name() const noexcept { return declared_name.empty() ? name : declared_name; }
  bool operator==(const MemberSchema&) const = default;
  using wire = Rules<defaulted_from<&MemberSchema::presence>, member<&MemberSchema::declared_name, defaulted>,
                     member<&MemberSchema::aliases, defaulted>, omit_defaults, forbid_unknown_fields>;
};

enum class UnknownFields : std::uint8_t { ignore, forbid, keep };

}  // namespace structwire::contract

template <>
inline constexpr auto structwire::enum_values<structwire::contract::UnknownFields> = [] {
  using enum structwire::contract::UnknownFields;
  return structwire::by_name<ignore, forbid, keep>;
}();

namespace structwire::contract {

struct StructSchema {
  std::string name;
  std::optional<std::uint32_t> version;
  bool array_like = false;
  /// Text or integer; the struct has no tag without it.
  std::optional<Value> tag;
  std::string tag_field;  ///< Empty without a tag.
  UnknownFields unknown_fields = UnknownFields::ignore;
  bool omit_defaults = false;
  bool deterministic = false;
  /// A validator of the program decides as well.
  bool checked = false;
  /// Unknown fields that are kept are decoded: numbers that no Value holds are refused.
  bool decodes_kept = false;
  std::string title;
  std::string description;
  std::optional<Value> schema_extra;
  std::vector<MemberSchema> members;  ///< In wire order.

  /// nullptr when no member has this wire name; aliases are not looked at.
  const MemberSchema* find(std::string_view wire_name) const noexcept;

  bool operator==(const StructSchema&) const = default;
  using wire = Rules<all_defaulted, member<&StructSchema::name, required>, member<&StructSchema::members, required>,
                     structwire::omit_defaults, forbid_unknown_fields>;
};

struct EnumValueSchema {
  std::string name;  ///< The enumerator.
  Value value;       ///< On the wire: text or integer.
  bool operator==(const EnumValueSchema&) const = default;
};

struct EnumSchema {
  std::string name;
  std::vector<EnumValueSchema> values;
  /// The enumerator that every unlisted value decodes to; empty when there is none.
  std::string catch_all;
  bool ignore_case = false;
  std::string description;
  bool operator==(const EnumSchema&) const = default;
  using wire = Rules<defaulted_from<&EnumSchema::catch_all>, omit_defaults, forbid_unknown_fields>;
};

/// A type and every definition that it reaches. In the order in which they are met, the root's first.
struct Schema {
  TypeSchema type;
  std::vector<StructSchema> structs;
  std::vector<EnumSchema> enums;

  /// nullptr when there is none of that name; linear.
  const StructSchema* find_struct(std::string_view name) const noexcept;
  const EnumSchema* find_enum(std::string_view name) const noexcept;
  /// The root when it is a struct, else nullptr.
  const StructSchema* root() const noexcept;

  bool operator==(const Schema&) const = default;
  using wire = Rules<all_defaulted, member<&Schema::type, required>, omit_defaults, forbid_unknown_fields>;
};

}  // namespace structwire::contract
