// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <structwire/contract/generate/generate_outline.hpp>

namespace structwire::contract {
namespace generation {
namespace {

constexpr std::array<std::string_view, 68> reserved{
    "any",    "as",         "async",     "await",   "boolean",   "break",     "case",     "catch",      "class",
    "const",  "continue",   "debugger",  "declare", "default",   "delete",    "do",       "else",       "enum",
    "export", "extends",    "false",     "finally", "for",       "function",  "if",       "implements", "import",
    "in",     "instanceof", "interface", "let",     "module",    "namespace", "never",    "new",        "null",
    "number", "object",     "package",   "private", "protected", "public",    "readonly", "require",    "return",
    "static", "string",     "super",     "switch",  "symbol",    "this",      "throw",    "true",       "try",
    "type",   "typeof",     "undefined", "unknown", "var",       "void",      "while",    "with",       "yield",
    "bigint", "Array",      "Record",    "Partial", "Object"};

std::string quoted(std::string_view text) {
  std::string made = json_of(Value(text));
  return made;
}

/// Text formats of scalars, as types with a name and a sentence.
struct TextForm {
  std::string_view name;
  std::string_view about;
};
constexpr TextForm base64_form{"Base64Text", "Bytes in base64."};
constexpr TextForm base64url_form{"Base64UrlText", "Bytes in base64 for URLs, without padding."};
constexpr TextForm hex_form{"HexText", "Bytes as hexadecimal digits."};
constexpr TextForm datetime_form{"DateTimeText", "A date and time as RFC 3339 has it, up to microseconds."};
constexpr TextForm date_form{"DateText", "A date: 2024-02-29."};
constexpr TextForm time_form{"TimeText", "A time of day as RFC 3339 has it, up to microseconds."};
constexpr TextForm duration_form{"DurationText", "A duration as ISO 8601 has it, in days and seconds: P1DT3601.5S."};
constexpr TextForm uuid_form{"UuidText", "A UUID: 36 characters."};
constexpr TextForm decimal_form{"DecimalText", "A decimal number of any length: \"1.50\"."};

class TypeScriptFile {
 public:
  explicit TypeScriptFile(const Contracts& contracts) : outline_(contracts, reserved) {}

  Result<std::string> text() {
    for (const EnumSchema* each : outline_.enums()) write_enum(*each);
    for (const StructSchema* each : outline_.structs()) write_struct(*each);
    for (const Outline::Alias& each : outline_.aliases()) {
      failure_.at("$");
      body_ += "\nexport type " + each.name + " = " + type(*each.type) + ";\n";
    }
    std::string made =
        "// Generated from the contract of C++ structs by structwire; do not edit.\n"
        "// These are the types of its JSON.\n";
    for (const auto& [name, text] : helpers_) made += "\n" + text;
    return failure_.result(made + body_);
  }

 private:
  /// A type that only says what its values are; it is written once, in front.
  std::string named(std::string_view wanted, std::string_view about, std::string_view meaning) {
    const auto known = helper_names_.find(wanted);
    if (known != helper_names_.end()) return known->second;
    const std::string name = outline_.names().take(std::string(wanted));
    helper_names_.emplace(wanted, name);
    helpers_.emplace(wanted,
                     "/** " + std::string(about) + " */\nexport type " + name + " = " + std::string(meaning) + ";\n");
    return name;
  }
  std::string named(const TextForm& form) { return named(form.name, form.about, "string"); }

  std::string long_integer(bool is_unsigned) {
    return is_unsigned
               ? named("UInt64",
                       "0 to 2^64 - 1. JSON.parse rounds what is beyond 2^53; a parser that gives bigint does not.",
                       "number")
               : named("Int64",
                       "-2^63 to 2^63 - 1. JSON.parse rounds what is beyond 2^53; a parser that gives bigint does not.",
                       "number");
  }

  static std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string made;
    for (const std::string& part : parts) made += (made.empty() ? "" : std::string(separator)) + part;
    return made;
  }

  /// Alternatives, each once.
  static std::string one_of(const std::vector<std::string>& parts) {
    std::vector<std::string> distinct;
    for (const std::string& part : parts) {
      if (std::ranges::find(distinct, part) == distinct.end()) distinct.push_back(part);
    }
    return joined(distinct, " | ");
  }

  static std::string array_of(const std::string& item) {
    return item.find_first_of(" |") == std::string::npos ? item + "[]" : "Array<" + item + ">";
  }

  std::string constant(const Value& value) {
    // A literal type of such a number would be another number.
    if (is_beyond_double(value)) return long_integer(value.get_if<std::uint64_t>() != nullptr);
    return json_of(value);
  }

  std::string key(const TypeSchema& type) {
    const bool is_finite = type.kind == TypeKind::enumeration || type.kind == TypeKind::literal;
    if (!is_finite) return "string";
    if (type.kind == TypeKind::enumeration) {
      const EnumSchema& known = outline_.enumeration(type);
      if (known.values.front().value.get_if<std::string>() == nullptr || !known.catch_all.empty()) return "string";
      return outline_.name(type.name);
    }
    const bool all_text =
        std::ranges::all_of(type.constants, [](const Value& each) { return each.get_if<std::string>() != nullptr; });
    return all_text ? this->type(type) : "string";
  }

  std::string type(const TypeSchema& type) {
    using enum TypeKind;
    switch (type.kind) {
      case any:
      case raw:
        return "unknown";
      case null:
        return "null";
      case boolean:
        return "boolean";
      case integer:
        return type.bits == 64 ? long_integer(type.is_unsigned) : "number";
      case floating:
        return "number";
      case text:
        return "string";
      case bytes:
        return named(type.bytes_text == BytesStyle::hex         ? hex_form
                     : type.bytes_text == BytesStyle::base64url ? base64url_form
                                                                : base64_form);
      case datetime:
        return named(datetime_form);
      case date:
        return named(date_form);
      case time:
        return named(time_form);
      case duration:
        return named(duration_form);
      case uuid:
        return named(uuid_form);
      case decimal:
        return named(decimal_form);
      case literal: {
        std::vector<std::string> constants;
        for (const Value& each : type.constants) constants.push_back(constant(each));
        return one_of(constants);
      }
      case enumeration:
      case structure:
        return outline_.name(type.name);
      case optional:
        return one_of({this->type(type.parts.front()), "null"});
      case array:
        if (type.size && *type.size <= 16) {
          return "[" + joined(std::vector<std::string>(*type.size, this->type(type.parts.front())), ", ") + "]";
        }
        return array_of(this->type(type.parts.front()));
      case set:
        return array_of(this->type(type.parts.front()));
      case map: {
        const std::string keys = key(type.parts.front());
        const std::string values = this->type(type.parts.back());
        if (keys == "string") return "{ [key: string]: " + values + " }";
        return "{ [key in " + keys + "]?: " + values + " }";
      }
      case tuple: {
        std::vector<std::string> items;
        for (const TypeSchema& part : type.parts) items.push_back(this->type(part));
        return "[" + joined(items, ", ") + "]";
      }
      case variant: {
        std::vector<std::string> parts;
        for (const TypeSchema& part : type.parts) {
          parts.push_back(part.kind == unknown ? "{ [key: string]: unknown }" : this->type(part));
        }
        return one_of(parts);
      }
      case ext:
        failure_.fail("JSON has no MessagePack extensions");
        return "never";
      case unknown:
        failure_.fail("An unknown alternative outside a union");
        return "never";
    }
    return "never";
  }

  void document(int indent, const std::vector<std::string>& sentences) {
    const std::string margin(static_cast<std::size_t>(indent), ' ');
    std::vector<std::string> lines;
    for (const std::string& sentence : sentences) {
      for (std::string each : lines_of(sentence)) {
        for (std::size_t at = each.find("*/"); at != std::string::npos; at = each.find("*/"))
          each.replace(at, 2, "* /");
        lines.push_back(std::move(each));
      }
    }
    if (lines.empty()) return;
    if (lines.size() == 1) {
      body_ += margin + "/** " + lines.front() + " */\n";
      return;
    }
    body_ += margin + "/**\n";
    for (const std::string& each : lines) body_ += margin + (each.empty() ? " *\n" : " * " + each + "\n");
    body_ += margin + " */\n";
  }

  void write_enum(const EnumSchema& definition) {
    const std::string& name = outline_.name(definition.name);
    const auto is_large = [](const EnumValueSchema& each) { return is_beyond_double(each.value); };
    body_ += "\n";
    if (!definition.description.empty()) document(0, {definition.description});
    body_ += "export const " + name + " = {\n";
    for (const EnumValueSchema& each : definition.values) {
      body_ += "  " + identifier(each.name) + ": " + json_of(each.value) + ",\n";
    }
    body_ += "} as const;\nexport type " + name + " = ";
    if (std::ranges::any_of(definition.values, is_large)) {
      body_ += long_integer(false);
    } else {
      body_ += "(typeof " + name + ")[keyof typeof " + name + "]";
      // Whatever comes is taken; completion still knows the values.
      if (!definition.catch_all.empty()) {
        const bool is_text = definition.values.front().value.get_if<std::string>() != nullptr;
        body_ += is_text ? " | (string & {})" : " | (number & {})";
      }
    }
    body_ += ";\n";
  }

  std::vector<std::string> sentences_of(const MemberSchema& member) {
    std::vector<std::string> made;
    if (!member.type.description.empty()) made.push_back(member.type.description);
    const TypeSchema& held = member.type.kind == TypeKind::optional ? member.type.parts.front() : member.type;
    const bool is_short_integer = held.kind == TypeKind::integer && held.bits < 64;
    std::vector<std::string> rules = rules_for_people(held);
    if (is_short_integer) {
      rules.insert(rules.begin(),
                   std::string(held.is_unsigned ? "unsigned " : "") + std::to_string(held.bits) + " bits");
    }
    if (!rules.empty()) made.push_back("Rules: " + joined(rules, ", ") + ".");
    if (!member.aliases.empty()) made.push_back("Also read as: " + joined(member.aliases, ", ") + ".");
    if (member.encode_only) made.emplace_back("Ignored when it comes in.");
    if (member.decode_only) made.emplace_back("Never written.");
    if (is_default_telling(member)) {
      made.push_back("@default " + json_of(*member.default_value));
    }
    return made;
  }

  static bool may_be_absent(const MemberSchema& member) {
    return member.presence != Presence::required || member.omit_empty || member.decode_only;
  }

  void write_struct(const StructSchema& definition) {
    body_ += "\n";
    std::vector<std::string> sentences;
    if (!definition.description.empty()) sentences.push_back(definition.description);
    if (definition.unknown_fields == UnknownFields::forbid) sentences.emplace_back("Other fields are refused.");
    document(0, sentences);
    if (definition.array_like) return write_tuple(definition);
    body_ += "export interface " + outline_.name(definition.name) + " {\n";
    if (definition.tag) body_ += "  " + property(definition.tag_field) + ": " + constant(*definition.tag) + ";\n";
    for (const MemberSchema& member : definition.members) {
      failure_.at(definition.name + "." + std::string(member.cpp_name()));
      document(2, sentences_of(member));
      body_ += "  " + property(member.name) + (may_be_absent(member) ? "?: " : ": ") + type(member.type) + ";\n";
    }
    if (definition.unknown_fields == UnknownFields::keep) body_ += "  [other: string]: unknown;\n";
    body_ += "}\n";
  }

  /// An array-like struct: its items have the members' names, and those at the end may be missing.
  void write_tuple(const StructSchema& definition) {
    const auto& members = definition.members;
    std::size_t required = members.size();
    while (required > 0 && may_be_absent(members[required - 1])) --required;
    body_ += "export type " + outline_.name(definition.name) + " = [\n";
    Names labels;
    if (definition.tag) {
      body_ += "  " + labels.take(identifier(definition.tag_field)) + ": " + constant(*definition.tag) + ",\n";
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
      failure_.at(definition.name + "." + std::string(members[i].cpp_name()));
      document(2, sentences_of(members[i]));
      const std::string held = type(members[i].type);
      body_ += "  " + labels.take(identifier(members[i].name)) + (i < required ? ": " : "?: ") +
               (members[i].presence == Presence::unset ? one_of({held, "null"}) : held) + ",\n";
    }
    body_ += "];\n";
  }

  static std::string property(std::string_view name) { return is_identifier(name) ? std::string(name) : quoted(name); }

  Outline outline_;
  Failure failure_;
  std::string body_;
  std::map<std::string, std::string, std::less<>> helpers_;
  std::map<std::string, std::string, std::less<>> helper_names_;
};

}  // namespace
}  // namespace generation

Result<std::string> generate_typescript(std::span<const Schema> contracts) {
  auto merged = merge(contracts);
  if (!merged) return std::unexpected(std::move(merged.error()));
  return generation::TypeScriptFile(*merged).text();
}

}  // namespace structwire::contract
