// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>

#include <structwire/contract/generate/generate_proto_message.hpp>

namespace structwire::contract {
namespace generation::proto {
namespace {

constexpr std::array<std::string_view, 18> reserved{"double", "float",    "int32",    "int64",    "uint32", "uint64",
                                                    "bool",   "string",   "bytes",    "message",  "enum",   "oneof",
                                                    "map",    "repeated", "optional", "reserved", "option", "required"};

class ProtoFile {
 public:
  explicit ProtoFile(const Contracts& contracts) : outline_(contracts, reserved) {}

  Result<std::string> text() {
    for (const EnumSchema* each : outline_.enums()) write_enum(*each);
    for (const StructSchema* each : outline_.structs()) write_struct(*each);
    for (const Outline::Alias& each : outline_.aliases()) write_alias(each);
    if (uses_null_) body_ += "\n// Stands for null where a union has it.\nmessage " + null_name() + " {}\n";
    return failure_.result(
        "// Generated from the contract of C++ structs by structwire; do not edit.\n"
        "// Field numbers are those of the contract. Dates, times, durations, UUIDs and decimals are their text.\n"
        "syntax = \"proto3\";\n" +
        body_);
  }

 private:
  /// How a type stands behind a field's name.
  struct Field {
    std::string label;  ///< `repeated `, or nothing.
    std::string type;
    bool is_message = false;
  };

  const std::string& null_name() {
    if (null_name_.empty()) null_name_ = outline_.names().take("Null");
    uses_null_ = true;
    return null_name_;
  }

  static bool is_repeated(const TypeSchema& type) {
    using enum TypeKind;
    return type.kind == array || type.kind == set || type.kind == map;
  }

  // ---- types ----

  /// A scalar's or definition's name; empty for what needs a message of its own.
  std::string simple(const TypeSchema& type) {
    using enum TypeKind;
    switch (type.kind) {
      case boolean:
        return "bool";
      case integer:
        return std::string(type.is_unsigned ? "u" : "") + (type.bits == 64 ? "int64" : "int32");
      case floating:
        return type.bits == 32 ? "float" : "double";
      case text:
      case datetime:
      case date:
      case time:
      case duration:
      case uuid:
      case decimal:
        return "string";
      case bytes:
        return "bytes";
      case enumeration:
      case structure:
        return outline_.name(type.name);
      case null:
        return null_name();
      case literal: {
        if (constants_by_kind(type).size() > 1) return {};
        const Value& first = type.constants.front();
        if (first.is_null()) return null_name();
        return first.get_if<std::string>() != nullptr ? "string" : first.get_if<bool>() != nullptr ? "bool" : "int64";
      }
      case any:
      case raw:
        failure_.fail("proto3 has no field for a value of any type");
        return "bytes";
      case ext:
        failure_.fail("proto3 has no MessagePack extensions");
        return "bytes";
      case unknown:
        failure_.fail("An unknown alternative outside a union");
        return "bytes";
      default:
        return {};
    }
  }

  bool is_message(const TypeSchema& type, const std::string& name) {
    return type.kind == TypeKind::structure || name == null_name_;
  }

  static bool is_map_key(const TypeSchema& type) {
    using enum TypeKind;
    if (type.kind == literal) {
      return std::ranges::all_of(type.constants,
                                 [](const Value& each) { return each.get_if<std::string>() != nullptr; });
    }
    return type.kind == integer || type.kind == boolean || type.kind == text || type.kind == datetime ||
           type.kind == date || type.kind == time || type.kind == duration || type.kind == uuid || type.kind == decimal;
  }

  /// The type of a field in `message`; `hint` names the messages that it needs.
  Field field_of(const TypeSchema& type, Message& message, const std::string& hint) {
    using enum TypeKind;
    if (type.kind == array || type.kind == set) {
      return {"repeated ", single(type.parts.front(), message, hint + "Item").type, false};
    }
    if (type.kind == map) {
      const TypeSchema& key = type.parts.front();
      if (!is_map_key(key)) return {"repeated ", entry(type, message, hint), true};
      return {"", "map<" + simple(key) + ", " + single(type.parts.back(), message, hint + "Value").type + ">", false};
    }
    return single(type, message, hint);
  }

  /// The same for a place that takes neither repeated nor optional ones: they go into a message.
  Field single(const TypeSchema& type, Message& message, const std::string& hint) {
    using enum TypeKind;
    if (is_repeated(type)) {
      return {"",
              wrap(message, hint + (type.kind == map ? "Map" : "List"),
                   [&](Message& made) { add(made, type.kind == map ? "entries" : "items", type, 1, hint); }),
              true};
    }
    switch (type.kind) {
      case optional:
        return {"",
                wrap(message, hint + "Optional",
                     [&](Message& made) { add_optional(made, "value", type.parts.front(), 1, hint); }),
                true};
      case tuple:
        return {"",
                wrap(message, hint,
                     [&](Message& made) {
                       for (std::size_t i = 0; i < type.parts.size(); ++i) {
                         const std::string number = std::to_string(i + 1);
                         add(made, "item_" + number, type.parts[i], static_cast<std::uint32_t>(i + 1),
                             hint + "Item" + number);
                       }
                     }),
                true};
      case variant:
        return {"", one_of(type.parts, message, hint), true};
      default:
        break;
    }
    std::string name = simple(type);
    if (name.empty()) return {"", one_of(constants_by_kind(type), message, hint), true};
    const bool is_a_message = is_message(type, name);
    return {"", std::move(name), is_a_message};
  }

  template <class Fill>
  std::string wrap(Message& message, const std::string& hint, Fill fill) {
    Message made;
    // Unique in the file, so that no name in it means another message inside this one.
    made.name = outline_.names().take(hint);
    fill(made);
    message.nested += made.text("  ");
    return made.name;
  }

  std::string entry(const TypeSchema& type, Message& message, const std::string& hint) {
    return wrap(message, hint + "Entry", [&](Message& made) {
      add(made, "key", type.parts.front(), 1, hint + "Key");
      add(made, "value", type.parts.back(), 2, hint + "Value");
    });
  }

  std::string one_of(const std::vector<TypeSchema>& parts, Message& message, const std::string& hint) {
    return wrap(message, hint, [&](Message& made) { add_choices(made, parts, hint); });
  }

  /// The alternatives of a union, numbered by position: what is added behind them keeps the others' numbers.
  void add_choices(Message& message, const std::vector<TypeSchema>& parts, const std::string& hint) {
    const std::string name = message.fields.take("kind");
    std::string lines;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].kind == TypeKind::unknown) continue;
      const std::string number = std::to_string(i + 1);
      const Field field = single(parts[i], message, hint + "Choice" + number);
      lines += "    " + field.type + " " + message.fields.take(alternative_name(parts[i])) + " = " + number + ";\n";
    }
    if (lines.empty()) failure_.fail("A union of unknown alternatives only");
    message.lines += "  oneof " + name + " {\n" + lines + "  }\n";
  }

  std::string alternative_name(const TypeSchema& type) {
    if (type.kind == TypeKind::structure || type.kind == TypeKind::enumeration)
      return field_name(outline_.name(type.name));
    if (type.kind == TypeKind::literal) return "constant";
    return std::string(name_of(type.kind)) + "_value";
  }

  // ---- fields ----

  void add(Message& message, const std::string& name, const TypeSchema& type, std::uint32_t number,
                   const std::string& hint, const std::string& json_name = {}) {
    if (type.kind == TypeKind::optional)
      return add_optional(message, name, type.parts.front(), number, hint, json_name);
    const Field field = field_of(type, message, hint);
    message.add_field(field.label + field.type, name, number, json_name);
  }

  /// A field whose absence can be seen.
  void add_optional(Message& message, const std::string& name, const TypeSchema& type, std::uint32_t number,
                            const std::string& hint, const std::string& json_name = {}) {
    const Field field = single(type, message, hint);
    message.add_field((field.is_message ? "" : "optional ") + field.type, name, number, json_name);
  }

  // ---- definitions ----

  void check_number(std::uint32_t number) {
    if (number == 0 || number > number_max)
      failure_.fail("A field's number is 1 to 536870911, not " + std::to_string(number));
    if (number >= own_numbers_from && number <= own_numbers_to) {
      failure_.fail("19000 to 19999 are Protocol Buffers' own numbers, not " + std::to_string(number));
    }
  }

  void write_struct(const StructSchema& definition) {
    Message message;
    message.name = outline_.name(definition.name);
    for (const MemberSchema& member : definition.members) {
      failure_.at(definition.name + "." + std::string(member.cpp_name()));
      check_number(member.number);
      write_member(message, member);
    }
    body_ += "\n";
    if (!definition.description.empty()) comment(body_, "", definition.description);
    if (definition.tag)
      comment(body_, "", "Tag in other formats: " + definition.tag_field + " = " + json_of(*definition.tag) + ".");
    body_ += message.text("");
  }

  void write_member(Message& message, const MemberSchema& member) {
    const TypeSchema& type = member.type;
    const TypeSchema& held = type.kind == TypeKind::optional ? type.parts.front() : type;
    const bool may_be_absent = member.presence != Presence::required || member.omit_empty || member.decode_only;
    if (!type.description.empty()) comment(message.lines, "  ", type.description);
    if (const std::string rules = rules_of(held); !rules.empty()) comment(message.lines, "  ", rules);
    if (is_default_telling(member)) {
      comment(message.lines, "  ", "Default: " + json_of(*member.default_value));
    }
    if (member.presence == Presence::unset && type.kind == TypeKind::optional) {
      comment(message.lines, "  ", "Null and absent are one here.");
    }
    const std::string name = message.fields.take(field_name(member.cpp_name()));
    const std::string hint = title_case(message.name + "_" + name);
    // An empty list is what an absent one is, unless the default is another.
    const bool is_empty_list = is_repeated(held) && type.kind != TypeKind::optional &&
                               member.presence != Presence::unset &&
                               (!member.default_value.has_value() || is_empty_container(*member.default_value));
    if (type.kind == TypeKind::optional || (may_be_absent && !is_empty_list)) {
      add_optional(message, name, held, member.number, hint, member.name);
    } else {
      add(message, name, type, member.number, hint, member.name);
    }
  }

  std::string rules_of(const TypeSchema& type) const {
    std::vector<std::string> rules = rules_for_people(type);
    if (type.kind == TypeKind::integer && type.bits < 32)
      rules.insert(rules.begin(), std::to_string(type.bits) + " bits");
    if (type.kind == TypeKind::literal) {
      for (const Value& each : type.constants) rules.push_back(json_of(each));
    }
    if (type.size) rules.push_back(std::to_string(*type.size) + " items");
    std::string made;
    for (const std::string& each : rules) made += (made.empty() ? "Rules: " : ", ") + each;
    return made;
  }

  void write_enum(const EnumSchema& definition) {
    failure_.at(definition.name);
    const std::string& name = outline_.name(definition.name);
    const std::string prefix = upper_snake(name) + "_";
    const bool is_text = definition.values.front().value.get_if<std::string>() != nullptr;
    body_ += "\n";
    if (!definition.description.empty()) comment(body_, "", definition.description);
    body_ += "enum " + name + " {\n";
    // The first value is 0 in proto3, and what an absent field has.
    const auto zero = std::ranges::find(definition.values, Value(0), &EnumValueSchema::value);
    const auto write_value = [&](const EnumValueSchema& each, std::int64_t number) {
      if (number < INT32_MIN || number > INT32_MAX) failure_.fail("proto3 has no enum values beyond 32 bits");
      body_ += "  " + outline_.names().take(prefix + upper_snake(each.name)) + " = " + std::to_string(number) + ";";
      if (is_text) body_ += "  // " + lines_of(json_of(each.value)).front();
      body_ += "\n";
    };
    if (zero == definition.values.end()) {
      body_ += "  " + outline_.names().take(prefix + "UNSPECIFIED") + " = 0;\n";
    } else {
      write_value(*zero, 0);
    }
    std::int64_t position = 0;
    for (const EnumValueSchema& each : definition.values) {
      ++position;
      const auto* number = each.value.get_if<std::int64_t>();
      if (number == nullptr || *number != 0) write_value(each, is_text ? position : *number);
    }
    body_ += "}\n";
  }

  /// A type that is no struct, as the only field of a message.
  void write_alias(const Outline::Alias& alias) {
    failure_.at("$");
    body_ += "\n";
    Message message;
    message.name = alias.name;
    if (alias.type->kind == TypeKind::variant) {
      add_choices(message, alias.type->parts, alias.name);
    } else {
      add(message, "value", *alias.type, 1, alias.name + "Value");
    }
    body_ += message.text("");
  }

  Outline outline_;
  Failure failure_;
  std::string body_;
  std::string null_name_;
  bool uses_null_ = false;
};

}  // namespace
}  // namespace generation::proto

Result<std::string> generate_proto(std::span<const Schema> contracts) {
  auto merged = merge(contracts);
  if (!merged) return std::unexpected(std::move(merged.error()));
  return generation::proto::ProtoFile(*merged).text();
}

}  // namespace structwire::contract
