// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/generate/generate_python.hpp>

#include <algorithm>
#include <array>

namespace structwire::contract::generation {
namespace {

constexpr std::array<std::string_view, 37> keywords{
    "False",    "None",   "True",  "and",  "as",     "assert",   "async",   "await", "break", "class",
    "continue", "def",    "del",   "elif", "else",   "except",   "finally", "for",   "from",  "global",
    "if",       "import", "in",    "is",   "lambda", "nonlocal", "not",     "or",    "pass",  "raise",
    "return",   "try",    "while", "with", "yield",  "match",    "case"};

// What annotations and defaults are written with.
constexpr std::array<std::string_view, 28> used_names{
    "bool", "int",     "float", "str",   "bytes",     "list",    "dict",   "set",   "frozenset", "tuple",
    "dt",   "Decimal", "UUID",  "Any",   "Annotated", "Literal", "enum",   "field", "msgspec",   "self",
    "cls",  "value",   "type",  "UNSET", "UnsetType", "Meta",    "Struct", "Raw"};

/// Names of the module that no definition may have.
std::vector<std::string_view> names_in_use(std::span<const std::string_view> more) {
  std::vector<std::string_view> all(keywords.begin(), keywords.end());
  all.insert(all.end(), used_names.begin(), used_names.end());
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

PythonModule::PythonModule(const Contracts& contracts, std::string_view about,
                           std::span<const std::string_view> reserved)
    : outline_(contracts, names_in_use(reserved)),
      about_(about),
      reserved_attributes_(reserved.begin(), reserved.end()) {}

std::string PythonModule::import(std::string_view module, std::string_view name) {
  imported_names_[std::string(module)].emplace(name);
  return std::string(name);
}

void PythonModule::line(int indent, std::string_view text) {
  if (!text.empty()) body_.append(static_cast<std::size_t>(indent) * 4, ' ');
  body_ += text;
  body_ += '\n';
}

void PythonModule::comment(int indent, std::string_view text) {
  for (const std::string& each : lines_of(text)) line(indent, each.empty() ? "#" : "# " + each);
}

void PythonModule::docstring(int indent, std::string_view text) {
  const std::vector<std::string> lines = lines_of(text);
  std::string made = "\"\"\"";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i != 0) made += "\n" + (lines[i].empty() ? "" : std::string(static_cast<std::size_t>(indent) * 4, ' '));
    for (std::size_t at = 0; at < lines[i].size(); ++at) {
      const char c = lines[i][at];
      // Only quotes that could end the docstring are escaped.
      const bool is_risky = c == '"' && (at + 1 == lines[i].size() || lines[i][at + 1] == '"');
      if (c == '\\' || is_risky) made += '\\';
      made += c;
    }
  }
  line(indent, made + "\"\"\"");
}

std::string PythonModule::joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string made;
  for (const std::string& part : parts) made += (made.empty() ? "" : std::string(separator)) + part;
  return made;
}

std::string PythonModule::annotated(std::string base, const std::vector<std::string>& constraints) {
  if (constraints.empty()) return base;
  import("typing", "Annotated");
  return "Annotated[" + base + ", " + constraint_call() + "(" + joined(constraints, ", ") + ")]";
}

// ---- types -----------------------------------------------------------------------------------------

std::vector<std::string> PythonModule::constraints(const TypeSchema& type) {
  std::vector<std::string> made;
  const auto add = [&](std::string_view key, std::string value) {
    made.push_back(std::string(key) + "=" + std::move(value));
  };
  const bool is_number = type.kind == TypeKind::integer || type.kind == TypeKind::floating;
  if (is_number) {
    const Range range = range_of(type);
    // Without bounds of its own, a shorter integer's range is told by its name.
    const bool tells = type.kind == TypeKind::floating || has_bounds(type) || type.bits == 64;
    if (range.low && tells) add(range.low->is_exclusive ? "gt" : "ge", json_of(range.low->limit));
    if (range.high && tells) add(range.high->is_exclusive ? "lt" : "le", json_of(range.high->limit));
    if (type.multiple_of) add("multiple_of", json_of(*type.multiple_of));
  }
  if (takes_text_bounds(type.kind)) {
    const auto add_bound = [&](std::string_view key, const std::optional<Value>& limit) {
      bool is_immutable = true;
      if (limit) add(key, value_of(type, *limit, is_immutable));
    };
    add_bound("ge", type.ge);
    add_bound("gt", type.gt);
    add_bound("le", type.le);
    add_bound("lt", type.lt);
  }
  if (type.min_length || (type.size && *type.size > 0)) {
    add("min_length", std::to_string(std::max(type.min_length.value_or(0), type.size.value_or(0))));
  }
  if (type.size || type.max_length) {
    add("max_length", std::to_string(std::min(type.size.value_or(UINT64_MAX), type.max_length.value_or(UINT64_MAX))));
  }
  if (type.pattern) add("pattern", pattern(*type.pattern));
  if (!type.title.empty()) add("title", python_text(type.title));
  if (!type.description.empty()) add("description", python_text(type.description));
  if (type.schema_extra) {
    const bool is_msgspec = constraint_call() == "Meta";
    add(is_msgspec ? "extra_json_schema" : "json_schema_extra", python_literal(*type.schema_extra));
  }
  return made;
}

std::string PythonModule::type(const TypeSchema& type) {
  // A checked codec's bounds stand on what it carries; they hold there as well.
  return annotated(plain_type(type), constraints(type));
}

std::string PythonModule::integer_type(const TypeSchema& type) {
  if (has_bounds(type) || type.bits == 64) return "int";
  const std::string wanted = (type.is_unsigned ? "UInt" : "Int") + std::to_string(type.bits);
  const auto known = widths_.find(wanted);
  if (known != widths_.end()) return known->second.substr(0, known->second.find(' '));
  const Range range = range_of(type);
  const std::string name = outline_.names().take(wanted);
  reserve_attribute(name);
  import("typing", "Annotated");
  widths_[wanted] = name + " = Annotated[int, " + constraint_call() + "(ge=" + json_of(range.low->limit) +
                    ", le=" + json_of(range.high->limit) + ")]";
  return name;
}

std::string PythonModule::literal_type(const TypeSchema& type) {
  std::vector<std::string> constants;
  bool all_bools = true;
  for (const Value& constant : type.constants) {
    constants.push_back(python_literal(constant));
    all_bools &= constant.get_if<bool>() != nullptr;
  }
  if (all_bools && constants.size() == 2) return "bool";
  import("typing", "Literal");
  return "Literal[" + joined(constants, ", ") + "]";
}

bool PythonModule::is_hashable(const TypeSchema& type) const {
  using enum TypeKind;
  if (type.kind == structure || type.kind == map || type.kind == raw) return false;
  return std::ranges::all_of(type.parts, [&](const TypeSchema& part) { return is_hashable(part); });
}

std::string PythonModule::plain_type(const TypeSchema& type) {
  using enum TypeKind;
  switch (type.kind) {
    case any:
      return import("typing", "Any");
    case null:
      return "None";
    case boolean:
      return "bool";
    case integer:
      return integer_type(type);
    case floating:
      return "float";
    case text:
      return "str";
    case bytes:
      return bytes_type(type);
    case datetime:
      return datetime_type(type);
    case date:
      import("datetime as dt");
      return "dt.date";
    case time:
      return time_type(type);
    case duration:
      return duration_type();
    case uuid:
      return import("uuid", "UUID");
    case decimal:
      return decimal_type();
    case literal:
      return literal_type(type);
    case enumeration:
    case structure:
      return outline_.name(type.name);
    case optional:
      return this->type(type.parts.front()) + " | None";
    case array: {
      const std::string item = this->type(type.parts.front());
      return frozen_ ? "tuple[" + item + ", ...]" : "list[" + item + "]";
    }
    case set: {
      // On the wire both are arrays; what Python cannot hash, it cannot put into a set.
      if (!is_hashable(type.parts.front())) return "list[" + this->type(type.parts.front()) + "]";
      const bool before = std::exchange(frozen_, true);
      const std::string item = this->type(type.parts.front());
      frozen_ = before;
      return (frozen_ ? "frozenset[" : "set[") + item + "]";
    }
    case map: {
      const bool before = std::exchange(frozen_, true);
      if (!is_hashable(type.parts.front())) failure_.fail("A key that Python cannot hash");
      const std::string key = key_type(type.parts.front(), this->type(type.parts.front()));
      frozen_ = before;
      return "dict[" + key + ", " + this->type(type.parts.back()) + "]";
    }
    case tuple: {
      std::vector<std::string> items;
      for (const TypeSchema& part : type.parts) items.push_back(this->type(part));
      return "tuple[" + (items.empty() ? "()" : joined(items, ", ")) + "]";
    }
    case variant:
      return variant_type(type);
    case raw:
      return raw_type();
    case ext:
      return ext_type(type);
    case unknown:
      failure_.fail("An unknown alternative outside a union");
      return {};
  }
  return {};
}

// ---- names -----------------------------------------------------------------------------------------

Names PythonModule::attribute_names() const {
  std::vector<std::string_view> all(used_names.begin(), used_names.end());
  // `type` and the like are no names that annotations use.
  for (const std::string_view free : {"self", "cls", "value", "type"}) std::erase(all, free);
  all.insert(all.end(), keywords.begin(), keywords.end() - 2);
  all.insert(all.end(), reserved_attributes_.begin(), reserved_attributes_.end());
  for (const StructSchema* each : outline_.structs()) all.push_back(outline_.name(each->name));
  for (const EnumSchema* each : outline_.enums()) all.push_back(outline_.name(each->name));
  return Names(all);
}

std::string PythonModule::attribute(std::string_view wanted, Names& taken) {
  std::string name = identifier(wanted);
  // Python mangles names with two underscores in front.
  if (name.starts_with("__"))
    name =
        "_" + name.substr(name.find_first_not_of('_') == std::string::npos ? name.size() : name.find_first_not_of('_'));
  if (taken.has(name)) name += "_";
  return taken.take(std::move(name));
}

// ---- the module ------------------------------------------------------------------------------------

void PythonModule::write_notes(const MemberSchema& member) {
  const auto note_rules = [&](const auto& self, const TypeSchema& type) -> void {
    const bool is_text_scalar = type.kind == TypeKind::decimal || type.kind == TypeKind::datetime ||
                                type.kind == TypeKind::date || type.kind == TypeKind::time ||
                                type.kind == TypeKind::duration;
    if (is_text_scalar && has_bounds(type) && !takes_text_bounds(type.kind)) {
      TypeSchema bounds = type;
      bounds.zoned.reset();
      bounds.checked = false;
      comment(1, "Not checked here: " + joined(rules_for_people(bounds), ", ") + ".");
    }
    if (type.checked) comment(1, "The program in C++ checks more.");
    for (const TypeSchema& part : type.parts) self(self, part);
  };
  note_rules(note_rules, member.type);
  if (member.encode_only) comment(1, "Written by C++, ignored when it comes in.");
  if (member.decode_only) comment(1, "Read by C++, never written.");
}

void PythonModule::write_enum(const EnumSchema& definition) {
  import("enum");
  const std::string& name = outline_.name(definition.name);
  line(0, "class " + name + "(enum.Enum):");
  if (!definition.description.empty()) {
    docstring(1, definition.description);
    line(0, "");
  }
  Names taken(keywords);
  for (const EnumValueSchema& each : definition.values) {
    line(1, taken.take(identifier(each.name)) + " = " + python_literal(each.value));
  }
  const bool is_text = definition.values.front().value.get_if<std::string>() != nullptr;
  if ((definition.ignore_case && is_text) || !definition.catch_all.empty()) {
    import("typing", "Any");
    line(0, "");
    line(1, "@classmethod");
    line(1, "def _missing_(cls, value: Any) -> " + name + " | None:");
    if (definition.ignore_case && is_text) {
      line(2, "if isinstance(value, str):");
      line(3, "for known in cls:");
      line(4, "if known.value.lower() == value.lower():");
      line(5, "return known");
    }
    line(2, definition.catch_all.empty() ? "return None" : "return cls." + identifier(definition.catch_all));
  }
  line(0, "");
  line(0, "");
}

std::string PythonModule::imports() const {
  constexpr std::size_t line_max = 100;
  std::string made;
  for (const std::string& module : imports_) made += "import " + module + "\n";
  for (const auto& [module, names] : imported_names_) {
    const std::string list = joined({names.begin(), names.end()}, ", ");
    const std::string start = "from " + module + " import ";
    const bool fits = start.size() + list.size() <= line_max;
    made += start + (fits ? list : "(\n    " + joined({names.begin(), names.end()}, ",\n    ") + ",\n)") + "\n";
  }
  return made;
}

namespace {

/// At most two empty lines in a row, and two in front of each class and function at the top level, as Python has it.
std::string spaced(std::string_view text) {
  std::string made;
  std::size_t empty_lines = 0;
  bool in_definition = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.empty()) {
      ++empty_lines;
      continue;
    }
    const bool is_definition = line.starts_with("class ") || line.starts_with("def ");
    const bool is_nested = line.front() == ' ' || line.front() == ')';
    const bool ends_definition = !made.empty() && !is_nested && in_definition;
    const std::size_t wanted =
        is_definition || ends_definition ? 2 : std::min<std::size_t>(empty_lines, is_nested ? 1 : 2);
    if (!made.empty()) made.append(wanted, '\n');
    made += line;
    made += '\n';
    empty_lines = 0;
    if (is_definition) {
      in_definition = true;
    } else if (!is_nested) {
      in_definition = false;
    }
  }
  return made;
}

}  // namespace

Result<std::string> PythonModule::text() {
  for (const EnumSchema* each : outline_.enums()) write_enum(*each);
  for (const StructSchema* each : outline_.structs()) {
    failure_.at(each->name);
    write_class(*each);
  }
  std::string aliases;
  for (const Outline::Alias& each : outline_.aliases()) {
    failure_.at("$");
    aliases += each.name + " = " + type(*each.type) + "\n";
  }
  const std::string before = prelude();
  std::string made = "\"\"\"" + about_ + "\"\"\"\n\nfrom __future__ import annotations\n\n" + imports() + "\n";
  for (const auto& [wanted, width] : widths_) made += width + "\n";
  return failure_.result(spaced(made + "\n" + before + "\n" + body_ + aliases));
}

}  // namespace structwire::contract::generation
