// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <structwire/contract/generate/generate_outline.hpp>

namespace structwire::contract {
namespace generation {
namespace {

/// Text inside a table's cell.
std::string cell(std::string_view text) {
  std::string made;
  for (const std::string& line : lines_of(text)) {
    made += made.empty() ? "" : " ";
    for (const char c : line) {
      if (c == '|' || c == '<' || c == '\\' || c == '*' || c == '`') made += '\\';
      made += c;
    }
  }
  return made;
}

/// `code`, also where it has backticks, and inside a table.
std::string code(std::string_view text) {
  std::string made;
  for (const std::string& line : lines_of(text)) {
    made += made.empty() ? "" : " ";
    for (const char c : line) {
      if (c == '|') made += '\\';
      made += c;
    }
  }
  if (made.empty()) return "(empty)";
  return made.find('`') == std::string::npos ? "`" + made + "`" : "`` " + made + " ``";
}

class MarkdownPage {
 public:
  explicit MarkdownPage(const Contracts& contracts) : outline_(contracts, {}) {}

  std::string text() {
    page_ = "# " + title() + "\n\nGenerated from the contract of C++ structs by structwire; do not edit.\n";
    for (const Outline::Alias& each : outline_.aliases()) {
      page_ += "\n`" + each.name + "` is " + type(*each.type) + rules(*each.type) + ".\n";
    }
    // Readers begin with the whole, and then look at its parts.
    for (auto each = outline_.structs().rbegin(); each != outline_.structs().rend(); ++each) write_struct(**each);
    for (const EnumSchema* each : outline_.enums()) write_enum(*each);
    return std::move(page_);
  }

 private:
  std::string title() const {
    for (const TypeSchema& root : outline_.contracts().roots) {
      if (root.kind != TypeKind::structure) continue;
      const StructSchema& definition = outline_.structure(root);
      return cell(definition.title.empty() ? outline_.name(definition.name) : definition.title);
    }
    return "Contract";
  }

  std::string linked(std::string_view definition) const {
    const std::string& name = outline_.name(definition);
    std::string anchor = name;
    std::ranges::transform(anchor, anchor.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return "[" + name + "](#" + anchor + ")";
  }

  static std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string made;
    for (const std::string& part : parts) made += (made.empty() ? "" : std::string(separator)) + part;
    return made;
  }

  std::string type(const TypeSchema& type) const {
    using enum TypeKind;
    switch (type.kind) {
      case any:
      case raw:
        return "any value";
      case integer:
        return std::string(type.is_unsigned ? "unsigned " : "") + "integer of " + std::to_string(type.bits) + " bits";
      case floating:
        return type.bits == 64 ? "float" : "float of 32 bits";
      case text:
        return "text";
      case bytes:
        return "bytes (text in JSON: " +
               std::string(type.bytes_text == BytesStyle::hex         ? "hexadecimal"
                           : type.bytes_text == BytesStyle::base64url ? "base64url"
                                                                      : "base64") +
               ")";
      case datetime:
        return "date and time";
      case time:
        return "time of day";
      case uuid:
        return "UUID";
      case literal: {
        std::vector<std::string> constants;
        for (const Value& each : type.constants) constants.push_back(code(json_of(each)));
        return joined(constants, " or ");
      }
      case enumeration:
      case structure:
        return linked(type.name);
      case optional:
        return held(type.parts.front()) + " or null";
      case array:
        return "array of " + (type.size ? std::to_string(*type.size) + " of " : std::string()) +
               held(type.parts.front());
      case set:
        return "set of " + held(type.parts.front());
      case map:
        return "map from " + held(type.parts.front()) + " to " + held(type.parts.back());
      case tuple: {
        std::vector<std::string> items;
        for (const TypeSchema& part : type.parts) items.push_back(held(part));
        return "array of " + (items.empty() ? "nothing" : joined(items, ", "));
      }
      case variant: {
        std::vector<std::string> parts;
        for (const TypeSchema& part : type.parts) parts.push_back(held(part));
        return (type.first_match ? "the first that fits of " : "") + joined(parts, " or ");
      }
      case ext:
        return "MessagePack extension" + (type.code ? " " + std::to_string(*type.code) : "");
      case unknown:
        return "a struct of an unknown tag";
      default:
        return std::string(name_of(type.kind));
    }
  }

  /// A type inside another, with its rules.
  std::string held(const TypeSchema& type) const {
    const std::string rules = this->rules(type);
    return this->type(type) + (rules.empty() ? "" : " (" + rules.substr(2) + ")");
  }
  static std::string rules(const TypeSchema& type) {
    std::string made;
    for (const std::string& each : rules_for_people(type)) made += ", " + cell(each);
    return made;
  }

  static std::string presence(const MemberSchema& member) {
    std::string made;
    switch (member.presence) {
      case Presence::required:
        made = "required";
        break;
      case Presence::optional:
        made = "null";
        break;
      case Presence::unset:
        made = "absent";
        break;
      case Presence::defaulted:
        made = member.default_value.has_value() ? code(json_of(*member.default_value)) : "a default of the program";
        break;
    }
    if (member.encode_only) made += "; ignored when it comes in";
    if (member.decode_only) made += "; never written";
    return made;
  }

  void write_struct(const StructSchema& definition) {
    page_ += "\n## " + outline_.name(definition.name) + "\n\n";
    if (!definition.description.empty()) {
      for (const std::string& line : lines_of(definition.description)) page_ += line + "\n";
      page_ += "\n";
    }
    std::vector<std::string> facts;
    if (definition.array_like) facts.emplace_back("An array of its members in this order.");
    if (definition.tag)
      facts.push_back("Its tag " + code(definition.tag_field) + " is " + code(json_of(*definition.tag)) + ".");
    if (definition.version) facts.push_back("Version " + std::to_string(*definition.version) + ".");
    if (definition.unknown_fields == UnknownFields::forbid) facts.emplace_back("Unknown fields are refused.");
    if (definition.unknown_fields == UnknownFields::keep) facts.emplace_back("Unknown fields are kept.");
    if (definition.omit_defaults) facts.emplace_back("Members that equal their default are left out.");
    if (definition.checked) facts.emplace_back("The program checks more of it.");
    if (!facts.empty()) page_ += joined(facts, " ") + "\n\n";
    if (definition.members.empty()) {
      page_ += "It has no members.\n";
      return;
    }
    page_ += "| Member | Type | When absent | |\n|---|---|---|---|\n";
    for (const MemberSchema& member : definition.members) {
      std::vector<std::string> notes;
      const TypeSchema& inner = member.type.kind == TypeKind::optional ? member.type.parts.front() : member.type;
      if (!member.type.description.empty()) notes.push_back(cell(member.type.description));
      if (const std::string all = rules(member.type); !all.empty()) notes.push_back(all.substr(2));
      if (&inner != &member.type && member.type.description.empty() && !inner.description.empty()) {
        notes.push_back(cell(inner.description));
      }
      if (!member.aliases.empty()) notes.push_back("also read as " + cell(joined(member.aliases, ", ")));
      std::string about;
      for (const std::string& note : notes) about += (about.empty() ? "" : about.ends_with('.') ? " " : "; ") + note;
      page_ += "| " + code(member.name) + " | " + type(member.type) + " | " + presence(member) + " |" +
               (about.empty() ? "" : " " + about) + " |\n";
    }
  }

  void write_enum(const EnumSchema& definition) {
    page_ += "\n## " + outline_.name(definition.name) + "\n\n";
    if (!definition.description.empty()) page_ += cell(definition.description) + "\n\n";
    if (definition.ignore_case) page_ += "Read in any case.\n\n";
    page_ += "| Value | Name |\n|---|---|\n";
    for (const EnumValueSchema& each : definition.values) {
      page_ += "| " + code(json_of(each.value)) + " | " + cell(each.name) +
               (each.name == definition.catch_all ? ", and whatever is none of these" : "") + " |\n";
    }
  }

  Outline outline_;
  std::string page_;
};

}  // namespace
}  // namespace generation

Result<std::string> generate_markdown(std::span<const Schema> contracts) {
  auto merged = merge(contracts);
  if (!merged) return std::unexpected(std::move(merged.error()));
  return generation::MarkdownPage(*merged).text();
}

}  // namespace structwire::contract
