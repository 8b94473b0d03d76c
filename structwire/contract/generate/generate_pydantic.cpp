// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <structwire/contract/generate/generate_python.hpp>

namespace structwire::contract {
namespace generation {
namespace {

// What a model inherits; a field of that name would hide it.
constexpr std::array<std::string_view, 20> model_names{
    "copy",      "json",       "dict",          "schema",      "construct",           "validate",    "parse_obj",
    "parse_raw", "parse_file", "from_orm",      "schema_json", "update_forward_refs", "BaseModel",   "ConfigDict",
    "Field",     "Contract",   "ArrayContract", "MISSING",     "TypeAdapter",         "model_config"};

constexpr std::string_view base64_type = R"(
def _from_base64(value: Any) -> Any:
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


def _to_base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


Base64 = Annotated[bytes, BeforeValidator(_from_base64), PlainSerializer(_to_base64, when_used="json")]
)";

constexpr std::string_view base64url_type = R"(
def _from_base64url(value: Any) -> Any:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)) if isinstance(value, str) else value


def _to_base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


Base64Url = Annotated[bytes, BeforeValidator(_from_base64url), PlainSerializer(_to_base64url, when_used="json")]
)";

constexpr std::string_view hex_type = R"(
def _from_hex(value: Any) -> Any:
    return bytes.fromhex(value) if isinstance(value, str) else value


Hex = Annotated[bytes, BeforeValidator(_from_hex), PlainSerializer(bytes.hex, when_used="json")]
)";

constexpr std::string_view duration_type_text = R"(
def _duration_text(value: dt.timedelta) -> str:
    """ISO 8601 in days and seconds: C++ reads no years."""
    sign, value = ("-", -value) if value < dt.timedelta() else ("", value)
    seconds = f"{value.seconds}.{value.microseconds:06}".rstrip("0").rstrip(".")
    return f"{sign}P{value.days}DT{seconds}S"


Duration = Annotated[dt.timedelta, PlainSerializer(_duration_text, when_used="json")]
)";

constexpr std::string_view zoned_time_text = R"(
def _with_zone(value: dt.time) -> dt.time:
    if value.tzinfo is None:
        raise ValueError("a time with a time zone is expected")
    return value


ZonedTime = Annotated[dt.time, AfterValidator(_with_zone)]
)";

constexpr std::string_view plain_time_text = R"(
def _without_zone(value: dt.time) -> dt.time:
    if value.tzinfo is not None:
        raise ValueError("a time without a time zone is expected")
    return value


PlainTime = Annotated[dt.time, AfterValidator(_without_zone)]
)";

constexpr std::string_view number_key_text = R"(
def _number_key(value: Any) -> Any:
    """Keys are text in JSON."""
    is_number = isinstance(value, str) and value.removeprefix("-").isdecimal()
    return int(value) if is_number else value
)";

constexpr std::string_view array_contract = R"(
class ArrayContract(Contract):
    """On the wire an array of the members in their order."""

    @model_validator(mode="before")
    @classmethod
    def _from_array(cls, data: Any) -> Any:
        if not isinstance(data, (list, tuple)):
            return data
        names = [each.alias or name for name, each in cls.model_fields.items()]
        if len(data) > len(names) and cls.model_config.get("extra") == "forbid":
            raise ValueError(f"at most {len(names)} items are expected")
        return dict(zip(names, data))

    @model_serializer(mode="wrap")
    def _to_array(self, handler: Any) -> list[Any]:
        return list(handler(self).values())
)";

class PydanticModule : public PythonModule {
 public:
  explicit PydanticModule(const Contracts& contracts)
      : PythonModule(contracts, "Generated from the contract of C++ structs by structwire; do not edit.",
                     module_names) {}

 private:
  static constexpr std::array<std::string_view, 20> module_names = model_names;

  /// Adds a part of the prelude once; returns `name`.
  std::string helper(const std::string& name, std::string_view text, std::initializer_list<const char*> from_pydantic) {
    if (!helpers_.emplace(name, text).second) return name;
    reserve_attribute(helpers_.find(name)->first);
    import("typing", "Annotated");
    for (const char* each : from_pydantic) import("pydantic", each);
    return name;
  }
  std::string bytes_type(const TypeSchema& type) override {
    if (type.bytes_text == BytesStyle::hex) {
      import("typing", "Any");
      return helper("Hex", hex_type, {"BeforeValidator", "PlainSerializer"});
    }
    import("base64");
    import("typing", "Any");
    const bool is_url = type.bytes_text == BytesStyle::base64url;
    return is_url ? helper("Base64Url", base64url_type, {"BeforeValidator", "PlainSerializer"})
                  : helper("Base64", base64_type, {"BeforeValidator", "PlainSerializer"});
  }
  std::string datetime_type(const TypeSchema& type) override {
    if (type.zoned) return import("pydantic", *type.zoned ? "AwareDatetime" : "NaiveDatetime");
    import("datetime as dt");
    return "dt.datetime";
  }
  std::string time_type(const TypeSchema& type) override {
    import("datetime as dt");
    if (!type.zoned) return "dt.time";
    return *type.zoned ? helper("ZonedTime", zoned_time_text, {"AfterValidator"})
                       : helper("PlainTime", plain_time_text, {"AfterValidator"});
  }
  std::string duration_type() override {
    import("datetime as dt");
    return helper("Duration", duration_type_text, {"PlainSerializer"});
  }
  std::string decimal_type() override {
    import("decimal", "Decimal");
    return annotated("Decimal", {"allow_inf_nan=True"});
  }
  std::string raw_type() override { return import("typing", "Any"); }
  std::string ext_type(const TypeSchema&) override {
    failure().fail("JSON, which pydantic is for, has no MessagePack extensions");
    return "Any";
  }

  std::string variant_type(const TypeSchema& type) override {
    std::vector<std::string> parts;
    std::vector<std::string> tagged;
    std::string discriminator;
    bool is_open = false;
    for (const TypeSchema& part : type.parts) {
      const StructSchema* definition = part.kind == TypeKind::structure ? &outline().structure(part) : nullptr;
      if (part.kind == TypeKind::unknown) {
        is_open = true;
      } else if (definition != nullptr && definition->tag && !definition->array_like) {
        discriminator = tag_attribute(*definition);
        tagged.push_back(this->type(part));
      } else {
        parts.push_back(this->type(part));
      }
    }
    if (tagged.size() > 1 && !is_open && !type.first_match) {
      import("typing", "Annotated");
      import("pydantic", "Field");
      parts.insert(parts.begin(),
                   "Annotated[" + joined(tagged, " | ") + ", Field(discriminator=" + python_text(discriminator) + ")]");
    } else {
      parts.insert(parts.begin(), tagged.begin(), tagged.end());
    }
    if (is_open) parts.push_back("dict[str, " + import("typing", "Any") + "]");
    if (parts.size() == 1 || !type.first_match) return joined(parts, " | ");
    return annotated(joined(parts, " | "), {"union_mode=\"left_to_right\""});
  }

  // pydantic converts keys to integers, but not to constants.
  std::string key_type(const TypeSchema& type, std::string expression) override {
    const auto is_integer = [](const Value& each) { return each.get_if<std::int64_t>() != nullptr; };
    const bool has_numbers =
        type.kind == TypeKind::literal
            ? std::ranges::any_of(type.constants, is_integer)
            : type.kind == TypeKind::enumeration && is_integer(outline().enumeration(type).values.front().value);
    if (!has_numbers) return expression;
    import("typing", "Any");
    return "Annotated[" + std::move(expression) + ", BeforeValidator(" +
           helper("_number_key", number_key_text, {"BeforeValidator"}) + ")]";
  }

  std::string pattern(std::string_view pattern) override {
    const bool has_class = pattern.find('\\') != std::string_view::npos;
    return python_text((has_class ? "(?a)" : "") + std::string(pattern));
  }
  std::string constraint_call() override { return import("pydantic", "Field"); }
  bool takes_text_bounds(TypeKind kind) const noexcept override {
    return kind == TypeKind::decimal || kind == TypeKind::date;
  }
  std::string conversion(const TypeSchema& type, const Value& value) override {
    import("pydantic", "TypeAdapter");
    return "TypeAdapter(" + this->type(type) + ").validate_python(" + python_literal(value) + ")";
  }

  std::string tag_attribute(const StructSchema& definition) {
    Names taken = attribute_names();
    return attribute(public_name(definition.tag_field), taken);
  }
  /// A model's fields begin with no underscore, and not with its own prefix.
  static std::string public_name(std::string_view wanted) {
    std::string name = identifier(wanted);
    const std::size_t start = name.find_first_not_of('_');
    if (start == std::string::npos) return "field" + name;
    name.erase(0, start);
    if (name.starts_with("model_") || (name.front() >= '0' && name.front() <= '9')) name = "field_" + name;
    return name;
  }

  void write_class(const StructSchema& definition) override {
    if (definition.array_like) has_arrays_ = true;
    import("pydantic", "BaseModel");
    import("pydantic", "ConfigDict");
    line(0, "class " + outline().name(definition.name) + (definition.array_like ? "(ArrayContract):" : "(Contract):"));
    if (!definition.description.empty()) docstring(1, definition.description);
    if (definition.checked) comment(1, "The program in C++ checks more of it.");
    if (definition.omit_defaults) comment(1, "C++ leaves defaults out: model_dump_json(exclude_defaults=True).");
    std::vector<std::string> config;
    if (definition.unknown_fields == UnknownFields::forbid) config.emplace_back("extra=\"forbid\"");
    if (definition.unknown_fields == UnknownFields::keep) config.emplace_back("extra=\"allow\"");
    if (!config.empty()) line(1, "model_config = ConfigDict(" + joined(config, ", ") + ")");
    const bool is_empty = definition.members.empty() && !definition.tag;
    if (is_empty && config.empty() && definition.description.empty()) line(1, "pass");
    if (!is_empty && (!config.empty() || !definition.description.empty())) line(0, "");
    Names taken = attribute_names();
    if (definition.tag) write_tag(definition, taken);
    for (const MemberSchema& member : definition.members) write_field(definition, member, taken);
    line(0, "");
    line(0, "");
  }

  void write_tag(const StructSchema& definition, Names& taken) {
    import("typing", "Literal");
    const std::string name = attribute(public_name(definition.tag_field), taken);
    const std::string tag = python_literal(*definition.tag);
    std::string text = name + ": Literal[" + tag + "] = ";
    if (name == definition.tag_field) {
      text += tag;
    } else {
      import("pydantic", "Field");
      text += "Field(default=" + tag + ", alias=" + python_text(definition.tag_field) + ")";
    }
    line(1, text);
  }

  void write_field(const StructSchema& definition, const MemberSchema& member, Names& taken) {
    failure().at(definition.name + "." + std::string(member.cpp_name()));
    const std::string name = attribute(public_name(member.cpp_name()), taken);
    Default initial = default_of(member);
    const bool may_be_absent = member.presence != Presence::required || member.omit_empty || member.decode_only;
    const bool may_be_unset = may_be_absent && initial.form == Default::Form::none;
    write_notes(member);
    std::string text = name + ": " + type(member.type);
    if (may_be_unset) {
      if (definition.array_like) failure().fail("pydantic has no array-like structs with members that may be unset");
      has_missing_ = true;
      text += " | MISSING";
      initial = {Default::Form::value, "MISSING"};
    }
    std::vector<std::string> arguments;
    if (initial.form == Default::Form::factory) arguments.push_back("default_factory=" + initial.expression);
    const bool is_named = name != member.name;
    if (initial.form == Default::Form::value && (is_named || !member.aliases.empty())) {
      arguments.push_back("default=" + initial.expression);
    }
    if (!member.aliases.empty()) {
      import("pydantic", "AliasChoices");
      std::vector<std::string> names{python_text(member.name)};
      for (const std::string& each : member.aliases) names.push_back(python_text(each));
      arguments.push_back("validation_alias=AliasChoices(" + joined(names, ", ") + ")");
      arguments.push_back("serialization_alias=" + python_text(member.name));
    } else if (is_named) {
      arguments.push_back("alias=" + python_text(member.name));
    }
    if (!arguments.empty()) {
      import("pydantic", "Field");
      text += " = Field(" + joined(arguments, ", ") + ")";
    } else if (initial.form == Default::Form::value) {
      text += " = " + initial.expression;
    }
    line(1, text);
  }

  std::string prelude() override {
    std::string made;
    if (has_arrays_) {
      import("typing", "Any");
      import("pydantic", "model_serializer");
      import("pydantic", "model_validator");
    }
    if (has_missing_) {
      made +=
          "try:\n    from pydantic import MISSING\nexcept ImportError:  # before pydantic 2.14\n"
          "    from pydantic.experimental.missing_sentinel import MISSING\n";
    }
    for (const auto& [name, text] : helpers_) made += "\n" + std::string(text);
    if (!outline().structs().empty()) {
      made +=
          "\nclass Contract(BaseModel):\n"
          "    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True, "
          "regex_engine=\"python-re\")\n\n";
    }
    if (has_arrays_) made += array_contract;
    return made;
  }

  std::map<std::string, std::string_view, std::less<>> helpers_;
  bool has_missing_ = false;
  bool has_arrays_ = false;
};

}  // namespace
}  // namespace generation

Result<std::string> generate_pydantic(std::span<const Schema> contracts) {
  auto merged = merge(contracts);
  if (!merged) return std::unexpected(std::move(merged.error()));
  return generation::PydanticModule(*merged).text();
}

}  // namespace structwire::contract
