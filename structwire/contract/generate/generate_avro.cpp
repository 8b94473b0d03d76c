// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <structwire/contract/generate/generate_avro.hpp>
#include <structwire/json.hpp>

namespace structwire::contract {
namespace generation::avro {
namespace {

constexpr std::array<std::string_view, 14> reserved{"null",   "boolean", "int",  "long",  "float", "double", "bytes",
                                                    "string", "record",  "enum", "array", "map",   "union",  "fixed"};

/// One alternative of a union, or the only one.
struct Branch {
  Value schema;
  TypeSchema type;
};

class AvroFile {
 public:
  explicit AvroFile(const Contracts& contracts) : outline_(contracts, reserved) {}

  Result<std::string> text() {
    TypeSchema all;
    all.kind = TypeKind::variant;
    all.parts = outline_.contracts().roots;
    failure_.at("$");
    const Value schema = together(branches_of(all, "Root"));
    auto text = json::reformat(json_of(schema), 2);
    if (!text) return std::unexpected(std::move(text.error()));
    return failure_.result(*text + "\n");
  }

 private:
  using Map = Value::Map;

  static Value named(std::string_view type) { return Value(type); }
  static Value logical(std::string_view type, std::string_view logical_type) {
    return Value(Map{{Value("type"), Value(type)}, {Value("logicalType"), Value(logical_type)}});
  }

  // ---- types ----

  std::vector<Branch> branches_of(const TypeSchema& type, const std::string& hint) {
    using enum TypeKind;
    std::vector<Branch> made;
    const auto add = [&](std::vector<Branch> more) {
      for (Branch& each : more) {
        if (std::ranges::find(made, each.schema, &Branch::schema) == made.end()) made.push_back(std::move(each));
      }
    };
    if (type.kind == optional) {
      TypeSchema null_type;
      null_type.kind = null;
      made.push_back({named("null"), null_type});
      add(branches_of(type.parts.front(), hint));
    } else if (type.kind == variant) {
      const bool is_one = type.parts.size() == 1;
      for (std::size_t i = 0; i < type.parts.size(); ++i) {
        // Readers of Avro have no other alternatives than the writer's schema tells.
        if (type.parts[i].kind == unknown) continue;
        add(branches_of(type.parts[i], is_one ? hint : hint + "Choice" + std::to_string(i + 1)));
      }
    } else if (type.kind == literal) {
      for (const TypeSchema& part : constants_by_kind(type)) made.push_back({literal_schema(part, hint), part});
    } else {
      made.push_back({schema_of(type, hint), type});
    }
    return made;
  }

  /// What unions tell alternatives apart by.
  static std::string family(const Value& schema) {
    if (const auto* text = schema.get_if<std::string>()) return *text;
    const auto* kind = schema.find("type")->get_if<std::string>();
    const Value* name = schema.find("name");
    return name != nullptr ? *name->get_if<std::string>() : kind != nullptr ? *kind : "union";
  }

  Value together(std::vector<Branch> branches) {
    if (branches.size() == 1) return std::move(branches.front().schema);
    Value::Array schemas;
    std::set<std::string> families;
    for (Branch& each : branches) {
      const std::string name = family(each.schema);
      if (!families.insert(name).second)
        failure_.fail("Avro cannot tell two alternatives of a union apart that are both " + name);
      schemas.push_back(std::move(each.schema));
    }
    return Value(std::move(schemas));
  }

  Value type(const TypeSchema& type, const std::string& hint) { return together(branches_of(type, hint)); }

  Value schema_of(const TypeSchema& type, const std::string& hint) {
    using enum TypeKind;
    switch (type.kind) {
      case null:
        return named("null");
      case boolean:
        return named("boolean");
      case integer:
        return named(integer_type(type));
      case floating:
        return named(type.bits == 32 ? "float" : "double");
      case text:
      case duration:
      case decimal:
        return named("string");
      case bytes:
        return named("bytes");
      case uuid:
        return logical("string", "uuid");
      case date:
        return logical("int", "date");
      case datetime:
        if (!type.zoned) return named("string");
        return logical("long", *type.zoned ? "timestamp-micros" : "local-timestamp-micros");
      case time:
        return is_plain_time(type) ? logical("long", "time-micros") : named("string");
      case enumeration:
        return enum_schema(outline_.enumeration(type));
      case structure:
        return record_schema(outline_.structure(type));
      case array:
      case set:
        return list_of(this->type(type.parts.front(), hint + "Item"));
      case map:
        if (is_text_key(type.parts.front(), outline_)) {
          return Value(
              Map{{Value("type"), Value("map")}, {Value("values"), this->type(type.parts.back(), hint + "Value")}});
        }
        return list_of(entry_schema(type, hint + "Entry"));
      case tuple:
        return tuple_schema(type, hint);
      case any:
      case raw:
        failure_.fail("Avro has no type for a value of any type");
        return named("null");
      case ext:
        failure_.fail("Avro has no MessagePack extensions");
        return named("null");
      default:
        failure_.fail("An unknown alternative outside a union");
        return named("null");
    }
  }

  static Value list_of(Value items) {
    return Value(Map{{Value("type"), Value("array")}, {Value("items"), std::move(items)}});
  }

  std::string_view integer_type(const TypeSchema& type) {
    if (type.bits < 32 || (type.bits == 32 && !type.is_unsigned)) return "int";
    const Range range = range_of(type);
    if (type.bits == 64 && type.is_unsigned && (!range.high || range.high->limit.get_if<std::uint64_t>() != nullptr)) {
      failure_.fail("Avro has no unsigned integers of 64 bits; a bound of at most 9223372036854775807 makes it a long");
    }
    return "long";
  }

  static std::string_view primitive_of(const Value& constant) {
    if (constant.is_null()) return "null";
    if (constant.get_if<bool>() != nullptr) return "boolean";
    return is_text(constant) ? "string" : "long";
  }
  static bool are_symbols(const Value::Array& constants) {
    return std::ranges::all_of(
        constants, [](const Value& each) { return is_text(each) && is_identifier(*each.get_if<std::string>()); });
  }
  Value literal_schema(const TypeSchema& type, const std::string& hint) {
    if (!are_symbols(type.constants)) return named(primitive_of(type.constants.front()));
    return Value(Map{{Value("type"), Value("enum")},
                     {Value("name"), Value(outline_.names().take(hint))},
                     {Value("symbols"), Value(type.constants)}});
  }

  // ---- named types ----

  Value enum_schema(const EnumSchema& definition) {
    const std::string& name = outline_.name(definition.name);
    if (!defined_.insert(definition.name).second) return named(name);
    const std::vector<std::string> symbols = symbols_of(definition);
    Map made{{Value("type"), Value("enum")}, {Value("name"), Value(name)}};
    std::string about = definition.description;
    Value::Array listed;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      const EnumValueSchema& each = definition.values[i];
      listed.emplace_back(symbols[i]);
      if (each.value != Value(symbols[i])) {
        about += std::string(about.empty() ? "" : " ") + symbols[i] + " is " + json_of(each.value) + " in JSON.";
      }
    }
    if (!about.empty()) made.push_back({Value("doc"), Value(about)});
    made.push_back({Value("symbols"), Value(std::move(listed))});
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      if (definition.values[i].name == definition.catch_all) made.push_back({Value("default"), Value(symbols[i])});
    }
    return Value(std::move(made));
  }

  static Value record(const std::string& name, const std::string& about, Value::Array fields) {
    Map made{{Value("type"), Value("record")}, {Value("name"), Value(name)}};
    if (!about.empty()) made.push_back({Value("doc"), Value(about)});
    made.push_back({Value("fields"), Value(std::move(fields))});
    return Value(std::move(made));
  }
  static Value field(const std::string& name, Value type) {
    return Value(Map{{Value("name"), Value(name)}, {Value("type"), std::move(type)}});
  }

  Value entry_schema(const TypeSchema& type, const std::string& hint) {
    const std::string name = outline_.names().take(hint);
    return record(name, "",
                  {field("key", this->type(type.parts.front(), name + "Key")),
                   field("value", this->type(type.parts.back(), name + "Value"))});
  }

  Value tuple_schema(const TypeSchema& type, const std::string& hint) {
    const std::string name = outline_.names().take(hint);
    Value::Array fields;
    for (std::size_t i = 0; i < type.parts.size(); ++i) {
      const std::string item = "item_" + std::to_string(i + 1);
      fields.push_back(field(item, this->type(type.parts[i], name + title_case(item))));
    }
    return record(name, "", std::move(fields));
  }

  Value record_schema(const StructSchema& definition) {
    const std::string name = outline_.name(definition.name);
    if (!defined_.insert(definition.name).second) return named(name);
    const std::string outside = failure_.path();
    const std::vector<std::string> names = field_names(definition);
    Value::Array fields;
    for (std::size_t i = 0; i < names.size(); ++i) {
      failure_.at(definition.name + "." + std::string(definition.members[i].cpp_name()));
      fields.push_back(field_schema(definition.members[i], names[i], title_case(name + "_" + names[i])));
    }
    failure_.at(outside);
    return record(name, definition.description, std::move(fields));
  }

  Value field_schema(const MemberSchema& member, const std::string& name, const std::string& hint) {
    TypeSchema type = member.type;
    if (is_nullable(member) && type.kind != TypeKind::optional) {
      TypeSchema absent;
      absent.kind = TypeKind::optional;
      absent.parts.push_back(std::move(type));
      type = std::move(absent);
    }
    std::vector<Branch> branches = branches_of(type, hint);
    std::optional<Value> initial;
    if (is_nullable(member)) {
      initial = Value();
    } else if (member.presence != Presence::required && member.default_value.has_value()) {
      initial = default_of(branches, *member.default_value);
    }
    Map made{{Value("name"), Value(name)}};
    const std::string about = about_member(member, name);
    if (!about.empty()) made.push_back({Value("doc"), Value(about)});
    made.push_back({Value("type"), together(std::move(branches))});
    if (initial) made.push_back({Value("default"), std::move(*initial)});
    Value::Array aliases;
    for (const std::string& each : member.aliases) {
      if (is_identifier(each)) aliases.emplace_back(each);
    }
    if (!aliases.empty()) made.push_back({Value("aliases"), Value(std::move(aliases))});
    return Value(std::move(made));
  }

  static std::string about_member(const MemberSchema& member, const std::string& name) {
    std::string made = member.type.description;
    const auto add = [&](const std::string& sentence) { made += (made.empty() ? "" : " ") + sentence; };
    const TypeSchema& held = member.type.kind == TypeKind::optional ? member.type.parts.front() : member.type;
    std::string rules;
    for (const std::string& each : rules_for_people(held)) rules += (rules.empty() ? "" : ", ") + each;
    if (!rules.empty()) add("Rules: " + rules + ".");
    if (member.name != name) add("In JSON: " + json_of(Value(member.name)) + ".");
    if (is_nullable(member) && member.type.kind == TypeKind::optional) add("Null and absent are one here.");
    return made;
  }

  // ---- defaults ----

  /// In Avro's JSON; the branch that it is of comes to the front.
  Value default_of(std::vector<Branch>& branches, const Value& value) {
    const auto found =
        std::ranges::find_if(branches, [&](const Branch& each) { return defaults_.fits(each.type, value); });
    if (found == branches.end()) {
      failure_.fail("The default " + json_of(value) + " is of no alternative that Avro has");
      return {};
    }
    std::rotate(branches.begin(), found, found + 1);
    return defaults_.value_of(branches.front().type, value);
  }

  Outline outline_;
  Failure failure_;
  Defaults defaults_{outline_, failure_};
  std::set<std::string, std::less<>> defined_;
};

}  // namespace
}  // namespace generation::avro

Result<std::string> generate_avro(std::span<const Schema> contracts) {
  auto merged = merge(contracts);
  if (!merged) return std::unexpected(std::move(merged.error()));
  return generation::avro::AvroFile(*merged).text();
}

}  // namespace structwire::contract
