// SPDX-License-Identifier: Apache-2.0
//
// The rule table of the compatibility check, and the names that it is told in.
#include <structwire/contract/compare.hpp>

#include <algorithm>
#include <array>

#include <structwire/contract/compare/constraints.hpp>
#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

constexpr std::string_view keep_old = "Keep the old member and add a new one beside it.";
constexpr std::string_view readers_first = "Bring the new type to every reader first, and write the new values after that.";

constexpr std::array table = {
    // Members of a struct.
    Rule{"member_added", "a member that may be absent was added",
         "Where old readers forbid unknown fields, bring them a version that ignores them first."},
    Rule{"required_member_added", "a member that must be present was added",
         "Give it a default (sw::defaulted), make it a std::optional, or migrate old data."},
    Rule{"member_removed", "a member that may be absent was removed",
         "Let readers ignore unknown fields, or keep the member as sw::decode_only."},
    Rule{"required_member_removed", "a member that must be present was removed",
         "Make it sw::defaulted first and remove it once no old reader is left."},
    Rule{"member_renamed", "a member has another name on the wire",
         "Pin the old name with sw::name<\"…\">; or rename in two steps, first with sw::alias<\"…\"> in every reader."},
    Rule{"member_renamed_with_alias", "a member has another name on the wire, and readers take the old one too",
         "Pin the old name with sw::name<\"…\"> until every reader knows the new one."},
    Rule{"alias_added", "a member takes one more name", ""},
    Rule{"alias_removed", "a member no longer takes one of its names",
         "Keep the sw::alias for as long as data with that name exists."},
    Rule{"members_reordered", "the members of an array-like struct are in another order",
         "Restore the order: in an array the place is the name."},
    Rule{"member_inserted", "a member was added between those of an array-like struct", "Add it at the end, with a default."},
    Rule{"member_removed_inside", "a member was removed from between those of an array-like struct",
         "Leave it in its place, as a std::optional that nobody fills."},
    Rule{"member_made_required", "a member that might be absent must be present",
         "Keep it sw::defaulted or std::optional, and check for it in the program."},
    Rule{"member_made_optional", "a member that had to be present may be absent",
         "Keep writing it (sw::write_defaults) until every reader takes messages without it."},
    Rule{"default_changed", "an absent member takes another value",
         "Keep the initializer; or write the member always (sw::write_defaults) and migrate what is stored."},
    Rule{"absence_changed", "a member that is left out means something else",
         "Write the member always, or keep what its absence means."},
    Rule{"member_direction_changed", "a member is no longer read, or no longer written",
         "Bring readers a default for it before writers stop writing it."},
    // Structs.
    Rule{"array_like_changed", "a struct was a map and is an array, or the other way round",
         "Leave sw::array_like as it was, and make a new struct for the new form."},
    Rule{"tag_changed", "the tag of a struct, or the field that holds it, has changed", "Pin the old one with sw::tag and sw::tag_field."},
    Rule{"tag_added", "a struct has got a tag", "Give the union sw::first_match for as long as there is data without a tag."},
    Rule{"tag_removed", "a struct has lost its tag", "Keep the tag."},
    Rule{"unknown_fields_forbidden", "unknown fields were ignored and are an error", "Keep sw::ignore_unknown_fields."},
    Rule{"unknown_fields_allowed", "unknown fields were an error and are no longer", ""},
    Rule{"unknown_fields_dropped", "unknown fields were kept and are no longer", ""},
    Rule{"unknown_fields_kept", "unknown fields are kept", ""},
    // Types.
    Rule{"integer_widened", "an integer takes more values", readers_first},
    Rule{"integer_narrowed", "an integer takes fewer values", keep_old},
    Rule{"integer_sign_changed", "an integer changed between signed and unsigned", keep_old},
    Rule{"integer_to_float", "an integer became a floating-point number", keep_old},
    Rule{"float_to_integer", "a floating-point number became an integer", keep_old},
    Rule{"float_widened", "a float became a double", readers_first},
    Rule{"float_narrowed", "a double became a float", keep_old},
    Rule{"text_to_bytes", "text became bytes", keep_old},
    Rule{"bytes_to_text", "bytes became text", keep_old},
    Rule{"bytes_text_changed", "bytes are spelled differently in text formats", "Keep the old spelling (sw::hex, sw::base64url)."},
    Rule{"tick_changed", "a duration or instant counts in another unit", keep_old},
    Rule{"type_widened", "a type takes all that it took, and more", readers_first},
    Rule{"type_narrowed", "a type takes less than before", keep_old},
    Rule{"type_changed", "a type became another one", keep_old},
    Rule{"value_to_array", "a value became an array of values", keep_old},
    Rule{"array_to_value", "an array of values became one value", keep_old},
    Rule{"array_to_set", "an array became a set", "Keep the array, and refuse double items with a validator."},
    Rule{"set_to_array", "a set became an array", readers_first},
    Rule{"length_changed", "an array or tuple has another fixed length", keep_old},
    Rule{"null_allowed", "a value may be null", "Teach every reader std::optional first, and write null after that."},
    Rule{"null_refused", "a value may no longer be null", "Keep the std::optional, and check for it in the program."},
    Rule{"extension_code_changed", "an extension has another code", "Restore the code."},
    // Enums and literals.
    Rule{"enum_value_added", "an enum or literal has more values",
         "Give the enum a sw::catch_all in every reader first, and write the new values after that."},
    Rule{"enum_value_removed", "an enum or literal has fewer values", "Keep the value listed, and never write it."},
    Rule{"enum_renumbered", "a number of an enum means another enumerator", "Restore the numbers; new enumerators take new ones."},
    Rule{"enum_catch_all_added", "an enum takes unlisted values", ""},
    Rule{"enum_catch_all_removed", "an enum refuses unlisted values", "Keep the sw::catch_all."},
    Rule{"enum_catch_all_changed", "unlisted values are taken for another enumerator", "Keep the sw::catch_all as it was."},
    // Unions.
    Rule{"alternative_added", "a union has more alternatives",
         "Put sw::UnknownAlternative into every reader's union first, and write the new alternative after that."},
    Rule{"alternative_removed", "a union has fewer alternatives", "Keep the alternative, and never write it."},
    Rule{"alternatives_reordered", "a first-match union tries its alternatives in another order",
         "Restore the order and add at the end, or give the structs tags."},
    Rule{"unknown_alternative_added", "a union takes unknown tags", ""},
    Rule{"unknown_alternative_removed", "a union refuses unknown tags", "Keep sw::UnknownAlternative."},
    Rule{"value_to_union", "a value became a union", "Add a new member for the union."},
    Rule{"union_to_value", "a union became one value", keep_old},
    // Rules of values.
    Rule{"constraint_tightened", "a rule allows fewer values", "Keep the old rule for reading, and check new data in the program."},
    Rule{"constraint_loosened", "a rule allows more values", readers_first},
    Rule{"constraint_changed", "a rule allows other values", "Keep the old rule, and check the new one in the program."},
    // Not a change that somebody meant.
    Rule{"broken_schema", "a schema names what it does not define, or is nested too deep", "Take the snapshot anew."},
    // Found by running old and new messages, where no rule above told it.
    Rule{"message_refused", "a message is refused, though every rule above lets it pass",
         "Look at the codecs, validators and hooks of the program."},
    Rule{"message_changed", "a message arrives as something else, though every rule above lets it pass",
         "Look at the codecs, validators and hooks of the program."},
};

template <class Enum>
std::string_view listed_name(Enum value) noexcept {
  constexpr const auto& names = enum_table<Enum>;
  return names.names[names.position(value)];
}

std::string joined(const std::vector<TypeSchema>& types, std::string_view between) {
  std::string text;
  for (const TypeSchema& each : types) text += (text.empty() ? "" : std::string(between)) + in_words(each);
  return text;
}

std::string part_text(const TypeSchema& type, std::size_t i) { return i < type.parts.size() ? in_words(type.parts[i]) : "?"; }

std::string literal_text(const TypeSchema& type) {
  std::string text;
  for (const Value& each : type.constants) text += (text.empty() ? "" : " | ") + json::encode(each);
  return text;
}

std::string sized(const TypeSchema& type) { return type.size ? std::to_string(*type.size) : ""; }

std::string plain_text(const TypeSchema& type) {
  switch (type.kind) {
    case TypeKind::integer: return (type.is_unsigned ? "uint" : "int") + std::to_string(type.bits);
    case TypeKind::floating: return "float" + std::to_string(type.bits);
    case TypeKind::enumeration:
    case TypeKind::structure: return type.name;
    case TypeKind::literal: return literal_text(type);
    case TypeKind::optional: return part_text(type, 0) + " | null";
    case TypeKind::array: return part_text(type, 0) + "[" + sized(type) + "]";
    case TypeKind::set: return "set of " + part_text(type, 0);
    case TypeKind::map: return "map of " + part_text(type, 0) + " to " + part_text(type, 1);
    case TypeKind::tuple: return "(" + joined(type.parts, ", ") + ")";
    case TypeKind::variant: return joined(type.parts, " | ");
    case TypeKind::datetime:
    case TypeKind::duration:
      return std::string(name_of(type.kind)) + (type.tick.empty() ? "" : " in " + type.tick + " s");
    default: return std::string(name_of(type.kind));
  }
}

}  // namespace

std::span<const Rule> rules() noexcept { return table; }

const Rule* find_rule(std::string_view name) noexcept {
  const auto found = std::ranges::find(table, name, &Rule::name);
  return found == table.end() ? nullptr : found;
}

std::string_view name_of(WireForm form) noexcept { return listed_name(form); }
std::string_view name_of(Verdict verdict) noexcept { return listed_name(verdict); }
std::string_view name_of(Level level) noexcept { return listed_name(level); }

bool breaks(const Difference& difference, Level level) noexcept {
  return (level != Level::forward && difference.backward != Verdict::compatible) ||
         (level != Level::backward && difference.forward != Verdict::compatible);
}

std::string Difference::detail() const {
  return backward_detail + (backward_detail.empty() || forward_detail.empty() ? "" : " ") + forward_detail;
}

std::string in_words(const TypeSchema& type) { return plain_text(type) + constraint_text(type); }

}  // namespace structwire::contract
