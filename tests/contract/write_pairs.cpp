// SPDX-License-Identifier: Apache-2.0
//
// Pairs of contracts of the mutation test as a C++ program, which holds the compiled codec of each against what Schemas
// drive (compiled_pairs.hpp).
//
//   write_pairs SEED COUNT FILE      the edits come in turn, beginning with number SEED of them
#include <cstdio>
#include <cstdlib>
#include <string>

#include <structwire/json.hpp>
#include <tests/contract/mutation.hpp>

namespace structwire::contract::mutation {
namespace {

std::string json_text(std::string_view text) { return json::encode(text); }

std::string bounded(const TypeSchema& type, const std::string& plain) {
  std::string rules;
  if (type.ge) rules += ", sw::ge(" + json::encode(*type.ge) + ")";
  if (type.le) rules += ", sw::le(" + json::encode(*type.le) + ")";
  if (type.max_length) rules += ", sw::max_length(" + std::to_string(*type.max_length) + ")";
  return rules.empty() ? plain : "sw::Annotated<" + plain + rules + ">";
}

std::string type_of(const TypeSchema& type) {
  switch (type.kind) {
    case TypeKind::boolean: return "bool";
    case TypeKind::integer:
      return bounded(type, std::string("std::") + (type.is_unsigned ? "u" : "") + "int" + std::to_string(type.bits) + "_t");
    case TypeKind::floating: return type.bits == 32 ? "float" : "double";
    case TypeKind::text: return bounded(type, "std::string");
    case TypeKind::bytes: return bounded(type, "sw::Bytes");
    case TypeKind::optional: return "std::optional<" + type_of(type.parts[0]) + ">";
    case TypeKind::array: return "std::vector<" + type_of(type.parts[0]) + ">";
    case TypeKind::map: return "std::map<" + type_of(type.parts[0]) + ", " + type_of(type.parts[1]) + ">";
    case TypeKind::unknown: return "sw::UnknownAlternative";
    case TypeKind::variant: {
      std::string parts;
      for (const TypeSchema& part : type.parts) parts += (parts.empty() ? "" : ", ") + type_of(part);
      return "std::variant<" + parts + ">";
    }
    default: return type.name;
  }
}

std::string initializer(const MemberSchema& member) {
  if (member.presence != Presence::defaulted) return "";
  const Value& value = *member.default_value;
  const bool is_plain = member.type.kind == TypeKind::boolean || member.type.kind == TypeKind::integer ||
                        member.type.kind == TypeKind::floating || member.type.kind == TypeKind::text;
  if (!is_plain) return "{}";
  return "{" + json::encode(value) + (member.type.kind == TypeKind::floating && member.type.bits == 32 ? "f}" : "}");
}

std::string struct_of(const StructSchema& type) {
  std::string members;
  std::string rules;
  const auto rule = [&](const std::string& text) { rules += (rules.empty() ? "" : ", ") + text; };
  for (const MemberSchema& member : type.members) {
    const std::string name(member.cpp_name());
    members += "  " + type_of(member.type) + " " + name + initializer(member) + ";\n";
    std::string own = "sw::number<" + std::to_string(member.number) + ">";
    if (name != member.name) own += ", sw::name<" + json_text(member.name) + ">";
    for (const std::string& alias : member.aliases) own += ", sw::alias<" + json_text(alias) + ">";
    if (member.presence == Presence::defaulted) own += ", sw::defaulted";
    rule("sw::member<&" + type.name + "::" + name + ", " + own + ">");
  }
  if (type.array_like) rule("sw::array_like");
  if (type.omit_defaults) rule("sw::omit_defaults");
  if (type.unknown_fields == UnknownFields::forbid) rule("sw::forbid_unknown_fields");
  if (type.tag) rule("sw::tag<" + json::encode(*type.tag) + ">, sw::tag_field<" + json_text(type.tag_field) + ">");
  return "struct " + type.name + " {\n" + members + "  using wire = sw::Rules<" + rules + ">;\n};\n";
}

bool is_by_name(const EnumSchema& type) { return type.values.front().value.get_if<std::string>() != nullptr; }

std::string enum_of(const EnumSchema& type) {
  std::string values;
  for (const EnumValueSchema& each : type.values) {
    values += each.name + (is_by_name(type) ? "" : " = " + json::encode(each.value)) + ", ";
  }
  return "enum class " + type.name + " { " + values + "};\n";
}

std::string enum_list(const std::string& scope, const EnumSchema& type) {
  const std::string full = scope + "::" + type.name;
  std::string values;
  for (const EnumValueSchema& each : type.values) {
    const std::string value = full + "::" + each.name;
    values += (values.empty() ? "" : ", ") + (each.name == type.catch_all ? "structwire::catch_all<" + value + ">" : value);
  }
  return "template <>\ninline constexpr auto structwire::enum_values<" + full + "> = structwire::" +
         (is_by_name(type) ? "by_name<" : "by_value<") + values + ">;\n";
}

// The root comes first in a Schema and last in C++, which knows only what stands above.
std::string contract_of(const std::string& scope, const Schema& schema) {
  std::string text = "namespace " + scope + " {\n";
  for (const EnumSchema& each : schema.enums) text += enum_of(each);
  text += "}  // namespace " + scope + "\n";
  for (const EnumSchema& each : schema.enums) text += enum_list(scope, each);
  text += "namespace " + scope + " {\n";
  for (std::size_t i = schema.structs.size(); i > 0; --i) text += struct_of(schema.structs[i - 1]);
  return text + "}  // namespace " + scope + "\n";
}

struct Writing {
  std::string contracts;
  std::string checks;

  void add(const Edit& edit, std::size_t number, const Schema& before, const Schema& after) {
    const std::string scope = "pair_" + std::to_string(number);
    contracts += "\n// " + std::string(edit.name) + "\n";
    contracts += contract_of(scope + "::old_contract", before) + contract_of(scope + "::new_contract", after);
    checks += "  check_pair<" + scope + "::old_contract::Root, " + scope + "::new_contract::Root>(\"" + std::string(edit.name) +
              "\",\n    R\"contract(" + json::encode(before) + ")contract\",\n    R\"contract(" + json::encode(after) + ")contract\");\n";
  }
};

}  // namespace
}  // namespace structwire::contract::mutation

int main(int count_of_arguments, char** arguments) {
  using namespace structwire::contract;
  using namespace structwire::contract::mutation;
  std::FILE* file = count_of_arguments == 4 ? std::fopen(arguments[3], "w") : nullptr;
  if (file == nullptr) {
    std::fputs("write_pairs SEED COUNT FILE\n", stderr);
    return 2;
  }
  const std::uint64_t seed = std::strtoull(arguments[1], nullptr, 10);
  const std::size_t count = std::strtoull(arguments[2], nullptr, 10);
  Random random(seed);
  Writing writing;
  for (std::size_t made = 0; made < count;) {
    const Edit& edit = edits()[(seed + made) % edits().size()];
    const Schema before = random_schema(random);
    Schema after = before;
    if (!edit.apply(after, random)) continue;
    writing.add(edit, made++, before, after);
  }
  std::fprintf(file,
              "// Written by write_pairs %s %s.\n#include <map>\n#include <optional>\n#include <variant>\n\n"
              "#include <tests/contract/compiled_pairs.hpp>\n\nnamespace sw = structwire;\n%s\n"
              "int main() {\n  using namespace structwire::contract::mutation;\n%s"
              "  std::printf(\"%zu pairs: %%zu messages crossed, %%zu refused; %%zu pairs failed\\n\", crossed, refused, failed);\n"
              "  return failed == 0 && crossed != 0 ? 0 : 1;\n}\n",
              arguments[1], arguments[2], writing.contracts.c_str(), writing.checks.c_str(), count);
  return std::fclose(file) == 0 ? 0 : 1;
}
