// SPDX-License-Identifier: Apache-2.0

// Where an exported schema says more than msgspec's, which decodes what its own schemas refuse and the other way
// round; and where the description of a type has C++'s words. Each rule judges one keyword.

#include <algorithm>
#include <array>

#include <structwire/contract/json_schema.hpp>
#include <tests/msgspec/corpus_divergence_facts.hpp>
#include <tests/msgspec/corpus_divergences.hpp>

namespace structwire::testing::corpus {
namespace {

using Difference = SchemaDifference;

bool is_added(const Difference& difference, std::string_view keyword) {
  return difference.keyword == keyword && difference.ours && !difference.theirs;
}
bool is_changed(const Difference& difference, std::string_view keyword) {
  return difference.keyword == keyword && difference.ours && difference.theirs;
}
bool has(const Value& node, std::string_view keyword, const Value& wanted) {
  const Value* found = node.find(keyword);
  return found != nullptr && *found == wanted;
}
std::string text_of(const Value& value) {
  const auto* text = value.get_if<std::string>();
  return text == nullptr ? std::string() : *text;
}

/// The patterns that types have by themselves.
const std::vector<Value>& patterns_of_types() {
  static const std::vector<Value> patterns = [] {
    using enum contract::TypeKind;
    std::vector<Value> made;
    for (const contract::TypeKind kind : {datetime, date, time, duration, uuid, decimal, bytes}) {
      for (const std::optional<bool> zoned : {std::optional<bool>(), std::optional(true), std::optional(false)}) {
        contract::Schema schema;
        schema.type.kind = kind;
        schema.type.zoned = zoned;
        made.push_back(*contract::json_schema(schema)->find("pattern"));
      }
    }
    return made;
  }();
  return patterns;
}

// ---- schemas ----

bool is_text_pattern(const Row&, const Difference& difference) {
  const auto& known = patterns_of_types();
  return is_added(difference, "pattern") && std::ranges::find(known, *difference.ours) != known.end();
}
bool is_decimal_number(const Row&, const Difference& difference) {
  return is_changed(difference, "type") && *difference.theirs == Value("string") &&
         *difference.ours == Value(Value::Array{"string", "number"}) &&
         has(difference.our_node, "format", Value("decimal"));
}
bool is_tag_optional(const Row&, const Difference& difference) {
  if (!is_changed(difference, "required")) return false;
  const auto* theirs = difference.theirs->get_if<Value::Array>();
  const auto* ours = difference.ours->get_if<Value::Array>();
  if (theirs == nullptr || ours == nullptr || theirs->size() != ours->size() + 1) return false;
  const Value* properties = difference.our_node.find("properties");
  const Value* tag = properties == nullptr ? nullptr : properties->find(text_of(theirs->front()));
  return tag != nullptr && tag->find("enum") != nullptr && std::equal(ours->begin(), ours->end(), theirs->begin() + 1);
}
bool is_tag_of_union(const Row&, const Difference& difference) {
  const Value* discriminator = difference.our_node.find("discriminator");
  return is_added(difference, "required") && discriminator != nullptr &&
         *difference.ours == Value(Value::Array{*discriminator->find("propertyName")});
}
bool is_set(const Row&, const Difference& difference) {
  return difference.keyword == "uniqueItems" && !difference.ours;
}
bool is_key_of_map(const Row&, const Difference& difference) {
  return is_added(difference, "propertyNames") && has(difference.our_node, "type", Value("object"));
}
bool is_made_default(const Row& row, const Difference& difference) {
  return row.op != "type_info" && is_added(difference, "default");
}
bool is_any_case_enum(const Row&, const Difference& difference) {
  const Value* choices = difference.our_node.find("anyOf");
  const Value* values = difference.their_node.find("enum");
  const bool is_there = is_added(difference, "anyOf") || (difference.keyword == "enum" && !difference.ours);
  if (!is_there || choices == nullptr || values == nullptr) return false;
  const auto& each = *choices->get_if<Value::Array>();
  return each.size() == 2 && has(each[0], "enum", *values) && each[1].find("pattern") != nullptr;
}

// ---- descriptions ----

bool is_of_texts(const Row& row, const Difference& difference) {
  return row.op == "type_info" && (is_changed(difference, "portable") || is_changed(difference, "type"));
}
std::string without_names(std::string text) {
  constexpr std::string_view start = "custom(";
  for (std::size_t at = text.find(start); at != text.npos; at = text.find(start, at + 1)) {
    text.erase(at + start.size(), text.find(')', at) - at - start.size());
  }
  return text;
}
std::string with_cpp_containers(std::string text) {
  for (const auto& [python, cpp] : {std::pair("vartuple<", "list<"), std::pair("frozenset<", "set<")}) {
    while (text.find(python) != text.npos) text = replaced(text, python, cpp);
  }
  return text;
}
bool is_cpp_name(const Row& row, const Difference& difference) {
  return is_of_texts(row, difference) &&
         without_names(text_of(*difference.theirs)) == without_names(text_of(*difference.ours));
}
bool is_cpp_container(const Row& row, const Difference& difference) {
  return is_of_texts(row, difference) && with_cpp_containers(text_of(*difference.theirs)) == text_of(*difference.ours);
}
bool is_member_that_may_be_unset(const Row& row, const Difference& difference) {
  if (row.op != "type_info" || row.type != "TypedDict_opt") return false;
  const bool is_default = is_added(difference, "default") && difference.ours->find("$unset") != nullptr;
  return is_default || (is_of_texts(row, difference) &&
                        text_of(*difference.theirs) + " | unset" == text_of(*difference.ours));
}
/// msgspec knows only the function that makes the default.
bool is_default_of_function(const Row& row, const Difference& difference) {
  if (row.op != "type_info") return false;
  const bool names_function = !difference.ours && difference.keyword.find("factory") != std::string::npos;
  return names_function || (is_added(difference, "default") && difference.ours->find("$unset") == nullptr);
}

// ---- what has no schema there ----

bool is_extension(const Row& row, const Outcome& ours) {
  // Of several types, msgspec may come upon a custom one first.
  const bool is_refused_there = says(row, "doesn't support msgpack Ext types") || says(row, "for custom types");
  return !row.ok && is_refused_there && has_code(ours, ErrorCode::unsupported);
}
bool is_custom(const Row& row, const Outcome& ours) {
  return !row.ok && says(row, "Generating JSON schema for custom types") && is_plain(ours) && ours.value;
}

template <bool (*Judge)(const Row&, const Difference&)>
bool judge(const Row& row, const Outcome& ours) {
  return ours.difference && Judge(row, *ours.difference);
}
template <bool (*Judge)(const Row&, const Outcome&)>
bool of_schema(const Row& row, const Outcome& ours) {
  return row.op.starts_with("schema") && Judge(row, ours);
}

constexpr std::array rules = {
    Divergence{"schema: the texts of times, uuids, decimals and bytes have a pattern", judge<is_text_pattern>},
    Divergence{"schema: a decimal may be a number, as in decoding", judge<is_decimal_number>},
    Divergence{"schema: a struct alone need not have its tag, as in decoding", judge<is_tag_optional>},
    Divergence{"schema: a struct of a union must have its tag, as in decoding", judge<is_tag_of_union>},
    Divergence{"schema: a set may come with an item twice, as in decoding", judge<is_set>},
    Divergence{"schema: keys of maps are told whatever their type", judge<is_key_of_map>},
    Divergence{"schema: a default that a function makes is known", judge<is_made_default>},
    Divergence{"schema: an enum that ignores case takes every case", judge<is_any_case_enum>},
    Divergence{"schema: an extension is refused in our words", of_schema<is_extension>},
    Divergence{"schema: a type with a codec is exported as what it is carried as", of_schema<is_custom>},
    Divergence{"type_info: a type with a codec has its name in C++", judge<is_cpp_name>},
    Divergence{"type_info: a vartuple is a list and a frozenset a set", judge<is_cpp_container>},
    Divergence{"type_info: a TypedDict is a struct of members that may be unset", judge<is_member_that_may_be_unset>},
    Divergence{"type_info: a default that a function makes is known", judge<is_default_of_function>},
};

}  // namespace

std::span<const Divergence> schema_divergences() { return rules; }

}  // namespace structwire::testing::corpus
