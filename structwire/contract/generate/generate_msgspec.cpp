// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <structwire/contract/generate/generate_python.hpp>
#include <structwire/core/name_style.hpp>

namespace structwire::contract {
namespace generation {
namespace {

// Of what may stand behind the module.
constexpr std::array<std::string_view, 1> names_behind{"WIRE_FINGERPRINTS"};

class MsgspecModule : public PythonModule {
 public:
  explicit MsgspecModule(const Contracts& contracts)
      : PythonModule(contracts, "Generated from the contract of C++ structs by structwire; do not edit.",
                     names_behind) {}

  /// What the module calls a definition.
  const std::string& class_of(std::string_view definition) { return outline().name(definition); }

 private:
  struct Field {
    const MemberSchema* member;
    std::string attribute;
    Default initial;
    bool may_be_unset;
    bool is_required() const noexcept { return initial.form == Default::Form::none && !may_be_unset; }
  };

  std::string bytes_type(const TypeSchema& type) override {
    if (type.bytes_text != BytesStyle::base64) failure().fail("msgspec has no other text form of bytes than base64");
    return "bytes";
  }
  std::string in_zone(const TypeSchema& type, const std::string& base) {
    import("datetime as dt");
    if (!type.zoned) return base;
    return annotated(base, {std::string("tz=") + (*type.zoned ? "True" : "False")});
  }
  std::string datetime_type(const TypeSchema& type) override { return in_zone(type, "dt.datetime"); }
  std::string time_type(const TypeSchema& type) override { return in_zone(type, "dt.time"); }
  std::string duration_type() override {
    import("datetime as dt");
    return "dt.timedelta";
  }
  std::string decimal_type() override { return import("decimal", "Decimal"); }
  std::string raw_type() override { return import("msgspec", "Raw"); }
  std::string ext_type(const TypeSchema&) override {
    import("msgspec");
    return "msgspec.msgpack.Ext";
  }

  std::string variant_type(const TypeSchema& type) override {
    if (!is_unambiguous(type, outline())) failure().fail("msgspec has no union whose alternatives are tried in turn");
    std::vector<std::string> parts;
    for (const TypeSchema& part : type.parts) {
      // msgspec refuses unknown tags; the known ones are the same.
      if (part.kind != TypeKind::unknown) parts.push_back(this->type(part));
    }
    if (parts.empty()) failure().fail("A union of unknown alternatives only");
    return joined(parts, " | ");
  }

  // Both are Python's regular expressions, but ours know ASCII only.
  std::string pattern(std::string_view pattern) override {
    const bool has_class = pattern.find('\\') != std::string_view::npos;
    return python_text((has_class ? "(?a)" : "") + std::string(pattern));
  }
  std::string constraint_call() override { return import("msgspec", "Meta"); }
  bool takes_text_bounds(TypeKind) const noexcept override { return false; }
  std::string conversion(const TypeSchema& type, const Value& value) override {
    import("msgspec");
    return "msgspec.convert(" + python_literal(value) + ", " + this->type(type) + ")";
  }

  std::vector<Field> fields_of(const StructSchema& definition) {
    std::vector<Field> fields;
    Names taken = attribute_names();
    for (const MemberSchema& member : definition.members) {
      failure().at(definition.name + "." + std::string(member.cpp_name()));
      Field field{&member, attribute(member.cpp_name(), taken), default_of(member), false};
      // What C++ may leave out has to have something that stands for it.
      const bool may_be_absent = member.presence != Presence::required || member.omit_empty || member.decode_only;
      field.may_be_unset = may_be_absent && field.initial.form == Default::Form::none;
      fields.push_back(std::move(field));
    }
    return fields;
  }

  /// The style that makes all wire names from the attributes; nothing where they differ, or all are equal.
  static std::string style_of(const std::vector<Field>& fields) {
    constexpr std::array<std::pair<std::string_view, NameStyle>, 5> styles{{{"lower", NameStyle::lower},
                                                                            {"upper", NameStyle::upper},
                                                                            {"camel", NameStyle::camel},
                                                                            {"pascal", NameStyle::pascal},
                                                                            {"kebab", NameStyle::kebab}}};
    if (std::ranges::all_of(fields, [](const Field& each) { return each.attribute == each.member->name; })) return {};
    for (const auto& [name, style] : styles) {
      const bool all = std::ranges::all_of(fields, [&](const Field& each) {
        std::string made;
        name_style::write(each.attribute, style, [&](char c) { made += c; });
        return made == each.member->name;
      });
      if (all) return std::string(name);
    }
    return {};
  }

  void write_class(const StructSchema& definition) override {
    const std::vector<Field> fields = fields_of(definition);
    const std::string style = style_of(fields);
    import("msgspec", "Struct");
    line(0, "class " + outline().name(definition.name) + "(" + options_of(definition, fields, style) + "):");
    if (!definition.description.empty()) docstring(1, definition.description);
    if (definition.checked) comment(1, "The program in C++ checks more of it.");
    if (definition.unknown_fields == UnknownFields::keep)
      comment(1, "C++ keeps unknown fields; here they are dropped.");
    if (!definition.description.empty() && !fields.empty()) line(0, "");
    for (const Field& field : fields) write_field(definition, field, !style.empty());
    if (fields.empty() && definition.description.empty()) line(1, "pass");
    line(0, "");
    line(0, "");
  }

  std::string options_of(const StructSchema& definition, const std::vector<Field>& fields, const std::string& style) {
    std::vector<std::string> options{"Struct"};
    if (definition.tag) options.push_back("tag=" + python_literal(*definition.tag));
    if (definition.tag && definition.tag_field != "type") {
      options.push_back("tag_field=" + python_text(definition.tag_field));
    }
    if (!style.empty()) options.push_back("rename=" + python_text(style));
    if (definition.array_like) options.emplace_back("array_like=True");
    if (definition.unknown_fields == UnknownFields::forbid) options.emplace_back("forbid_unknown_fields=True");
    if (definition.omit_defaults) options.emplace_back("omit_defaults=True");
    const auto first_default = std::ranges::find_if_not(fields, &Field::is_required);
    if (std::any_of(first_default, fields.end(), [](const Field& each) { return each.is_required(); })) {
      options.emplace_back("kw_only=True");
    }
    return joined(options, ", ");
  }

  void write_field(const StructSchema& definition, const Field& field, bool is_styled) {
    const MemberSchema& member = *field.member;
    failure().at(definition.name + "." + std::string(member.cpp_name()));
    if (!member.aliases.empty()) comment(1, "C++ also reads it as: " + joined(member.aliases, ", ") + ".");
    write_notes(member);
    std::string text = field.attribute + ": " + type(member.type);
    if (field.may_be_unset) text += " | " + import("msgspec", "UnsetType");
    const std::string initial = field.may_be_unset ? import("msgspec", "UNSET") : field.initial.expression;
    const bool is_named = !is_styled && field.attribute != member.name;
    const bool is_factory = field.initial.form == Default::Form::factory;
    if (is_named || is_factory) {
      import("msgspec", "field");
      std::vector<std::string> arguments;
      if (is_named) arguments.push_back("name=" + python_text(member.name));
      if (!field.is_required()) arguments.push_back((is_factory ? "default_factory=" : "default=") + initial);
      text += " = field(" + joined(arguments, ", ") + ")";
    } else if (!field.is_required()) {
      text += " = " + initial;
    }
    line(1, text);
  }
};

}  // namespace
}  // namespace generation

Result<std::string> generate_msgspec(std::span<const Schema> contracts) {
  auto merged = merge(contracts);
  if (!merged) return std::unexpected(std::move(merged.error()));
  return generation::MsgspecModule(*merged).text();
}

Result<std::string> generate_msgspec_fingerprints(std::span<const Schema> contracts,
                                                  std::span<const Fingerprint> fingerprints) {
  auto merged = merge(contracts);
  if (!merged) return std::unexpected(std::move(merged.error()));
  generation::MsgspecModule module(*merged);
  std::string lines;
  for (std::size_t i = 0; i < std::min(contracts.size(), fingerprints.size()); ++i) {
    const StructSchema* root = contracts[i].root();
    if (root == nullptr || fingerprints[i] == 0) continue;
    lines += "    " + module.class_of(root->name) + ": 0x" + fingerprint_text(fingerprints[i]) + ",\n";
  }
  if (lines.empty()) return lines;
  return "\n\n# By these a message says what its payload is.\nWIRE_FINGERPRINTS: dict[type, int] = {\n" + lines + "}\n";
}

}  // namespace structwire::contract
