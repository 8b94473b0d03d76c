// SPDX-License-Identifier: Apache-2.0

// From a Schema, which may come from anywhere, to a Plan of it; or to what is wrong with it.

#include <algorithm>
#include <cstdint>

#include <structwire/contract/schema_defaults.hpp>
#include <structwire/contract/schema_plan.hpp>
#include <structwire/contract/schema_reader.hpp>
#include <structwire/contract/schema_scalars.hpp>
#include <structwire/core/error_detail.hpp>

namespace structwire::contract::schema_reading {

class Preparation final : public DefaultMaker {
 public:
  explicit Preparation(Plan& plan) noexcept : plan_(plan) {}
  bool run();
  Error take_error() noexcept { return std::move(error_); }
  bool has_default(const StructPlan& structure, std::size_t member) override;

 private:
  bool fail(std::string sentence);
  bool in(std::string_view member);
  bool in(std::string_view member, std::size_t item);

  template <class Definitions>
  bool collect(const Definitions& definitions, std::string_view list, std::map<std::string_view, std::size_t>& names);
  bool enumeration(const EnumSchema& schema, EnumPlan& out);
  bool structure(const StructSchema& schema, StructPlan& out);
  bool tag(const StructSchema& schema, StructPlan& out);
  bool keys(StructPlan& out);
  bool type(const TypeSchema& schema, Type& out, unsigned depth = 0, unsigned wrappers = 0);
  bool parts(const TypeSchema& schema, Type& out, unsigned depth, unsigned wrappers);
  bool resolve(const TypeSchema& schema, Type& out);
  bool scalar(const TypeSchema& schema);
  bool kinds(const TypeSchema& schema, Type& out);
  bool rules(const TypeSchema& schema, Type& out);
  bool bound(const TypeSchema& schema, const std::optional<Value>& limit, std::string_view rule);
  bool alternatives(Type& out);
  bool settle(Type& type);
  bool every_struct_ends();
  bool can_end(const Type& type, const std::vector<bool>& ends) const;
  bool defaults();

  Plan& plan_;
  Error error_;
  std::map<std::string_view, std::size_t> struct_names_;
  std::map<std::string_view, std::size_t> enum_names_;
  unsigned default_depth_ = 0;
  std::size_t default_bytes_ = 0;
};

bool Preparation::fail(std::string sentence) {
  error_ = Error(ErrorCode::refused, std::move(sentence));
  return false;
}
bool Preparation::in(std::string_view member) {
  error_.detail()->path.push_back({PathSegment::Step::member, std::string(member)});
  return false;
}
bool Preparation::in(std::string_view member, std::size_t item) {
  error_.detail()->path.push_back({PathSegment::Step::item, {}, item});
  return in(member);
}

namespace {

std::string shown(std::string_view name) { return "`" + std::string(name) + "`"; }

}  // namespace

bool Preparation::run() {
  const Schema& schema = plan_.schema_;
  if (!collect(schema.structs, "structs", struct_names_) || !collect(schema.enums, "enums", enum_names_)) return false;
  plan_.structs_.resize(schema.structs.size());
  plan_.enums_.resize(schema.enums.size());
  for (std::size_t i = 0; i < schema.enums.size(); ++i) {
    if (!enumeration(schema.enums[i], plan_.enums_[i])) return in("enums", i);
  }
  for (std::size_t i = 0; i < schema.structs.size(); ++i) {
    if (!structure(schema.structs[i], plan_.structs_[i])) return in("structs", i);
  }
  if (!type(schema.type, plan_.root_)) return in("type");
  // Alternatives are judged once every struct has its tag.
  for (std::size_t i = 0; i < plan_.structs_.size(); ++i) {
    for (std::size_t k = 0; k < plan_.structs_[i].members.size(); ++k) {
      if (settle(plan_.structs_[i].members[k].type)) continue;
      in("type");
      in("members", k);
      return in("structs", i);
    }
  }
  if (!settle(plan_.root_)) return in("type");
  return every_struct_ends() && defaults();
}

template <class Definitions>
bool Preparation::collect(const Definitions& definitions, std::string_view list,
                          std::map<std::string_view, std::size_t>& names) {
  if (definitions.size() > SchemaLimits::definitions) {
    return fail("More than " + std::to_string(SchemaLimits::definitions) + " definitions"), in(list);
  }
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    if (!names.try_emplace(definitions[i].name, i).second) {
      fail("Two definitions have the name " + shown(definitions[i].name));
      return in(list, i);
    }
  }
  return true;
}

bool Preparation::enumeration(const EnumSchema& schema, EnumPlan& out) {
  out.schema = &schema;
  out.fallback = schema.values.size();
  if (schema.values.empty()) return fail("An enum without values");
  out.is_named = schema.values.front().value.get_if<std::string>() != nullptr;
  for (std::size_t i = 0; i < schema.values.size(); ++i) {
    const Value& value = schema.values[i].value;
    const bool fits = out.is_named ? value.get_if<std::string>() != nullptr : value.get_if<std::int64_t>() != nullptr;
    if (!fits) return fail("The values of an enum are all text or all integers"), in("values", i);
    if (schema.values[i].name == schema.catch_all && !schema.catch_all.empty()) out.fallback = i;
  }
  const bool is_caught = schema.catch_all.empty() || out.fallback != schema.values.size();
  return is_caught || fail("No value is named as catch_all " + shown(schema.catch_all));
}

bool Preparation::structure(const StructSchema& schema, StructPlan& out) {
  out.schema = &schema;
  out.members.resize(schema.members.size());
  for (std::size_t i = 0; i < schema.members.size(); ++i) {
    MemberPlan& member = out.members[i];
    member.schema = &schema.members[i];
    if (!type(schema.members[i].type, member.type)) return in("type"), in("members", i);
    if (schema.members[i].presence == Presence::required) out.items_min = i + 1;
  }
  if (!tag(schema, out) || !keys(out)) return false;
  out.items_min += out.tag.has_value();
  return true;
}

bool Preparation::tag(const StructSchema& schema, StructPlan& out) {
  if (!schema.tag) return true;
  if (const auto* text = schema.tag->get_if<std::string>()) {
    out.tag = Tag{*text};
    out.is_text_tag = true;
  } else if (const auto* number = schema.tag->get_if<std::int64_t>()) {
    out.tag = Tag{{}, *number};
  } else {
    return fail("A tag is text or an integer"), in("tag");
  }
  return true;
}

bool Preparation::keys(StructPlan& out) {
  const auto add = [&](std::string_view name, std::size_t place) {
    out.key_filter.add(name);
    return out.keys.try_emplace(name, static_cast<int>(place)).second;
  };
  for (std::size_t i = 0; i < out.members.size(); ++i) {
    if (add(out.members[i].schema->name, i)) continue;
    return fail("Two members have the name " + shown(out.members[i].schema->name)), in("members", i);
  }
  if (out.tag && !add(out.schema->tag_field, out.members.size())) {
    return fail("A member has the name of the tag, " + shown(out.schema->tag_field)), in("tag_field");
  }
  for (std::size_t i = 0; i < out.members.size(); ++i) {
    for (const std::string& alias : out.members[i].schema->aliases) {
      if (!add(alias, i)) return fail("The alias " + shown(alias) + " is taken"), in("members", i);
    }
  }
  return true;
}

bool Preparation::type(const TypeSchema& schema, Type& out, unsigned depth, unsigned wrappers) {
  if (depth == SchemaLimits::type_depth) {
    return fail("Types nested deeper than " + std::to_string(SchemaLimits::type_depth) + " levels");
  }
  const bool wraps = schema.kind == TypeKind::optional || schema.kind == TypeKind::variant;
  if (wraps && wrappers == SchemaLimits::wrapper_depth) {
    return fail("Optionals and unions nested deeper than " + std::to_string(SchemaLimits::wrapper_depth) + " levels");
  }
  out.schema = &schema;
  out.kind = schema.kind;
  return parts(schema, out, depth + 1, wraps ? wrappers + 1 : 0) && resolve(schema, out) && scalar(schema) &&
         kinds(schema, out) && rules(schema, out);
}

bool Preparation::parts(const TypeSchema& schema, Type& out, unsigned depth, unsigned wrappers) {
  const std::size_t count = schema.parts.size();
  bool fits = count == 0;
  switch (schema.kind) {
    case TypeKind::optional:
    case TypeKind::array:
    case TypeKind::set: fits = count == 1; break;
    case TypeKind::map: fits = count == 2; break;
    case TypeKind::variant: fits = count != 0; break;
    case TypeKind::tuple: fits = true; break;
    default: break;
  }
  if (!fits) return fail(std::string(name_of(schema.kind)) + " with " + std::to_string(count) + " parts");
  if (schema.size && schema.kind != TypeKind::array) return fail("Only arrays have a size");
  out.parts.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!type(schema.parts[i], out.parts[i], depth, wrappers)) return in("parts", i);
    if (schema.parts[i].kind == TypeKind::unknown && schema.kind != TypeKind::variant) {
      return fail("The alternative of unknown tags stands in a union only"), in("parts", i);
    }
  }
  return depth != 1 || schema.kind != TypeKind::unknown ||
         fail("The alternative of unknown tags stands in a union only");
}

bool Preparation::resolve(const TypeSchema& schema, Type& out) {
  if (schema.kind == TypeKind::structure) {
    const auto found = struct_names_.find(schema.name);
    if (found == struct_names_.end()) return fail("No struct has the name " + shown(schema.name));
    out.structure = &plan_.structs_[found->second];
  }
  if (schema.kind == TypeKind::enumeration) {
    const auto found = enum_names_.find(schema.name);
    if (found == enum_names_.end()) return fail("No enum has the name " + shown(schema.name));
    out.enumeration = &plan_.enums_[found->second];
  }
  return true;
}

bool Preparation::scalar(const TypeSchema& schema) {
  if (schema.kind == TypeKind::integer || schema.kind == TypeKind::floating) {
    const bool is_small = schema.kind == TypeKind::integer && (schema.bits == 8 || schema.bits == 16);
    if (!is_small && schema.bits != 32 && schema.bits != 64) return fail("No number has this many bits"), in("bits");
  }
  const bool has_ticks = schema.kind == TypeKind::datetime || schema.kind == TypeKind::duration;
  if (!schema.tick.empty() && (!has_ticks || !TickForm::of(schema))) return fail("No such tick"), in("tick");
  return true;
}

bool Preparation::kinds(const TypeSchema& schema, Type& out) {
  const auto part = [&]() -> const Type& { return out.parts.front(); };
  switch (schema.kind) {
    case TypeKind::any:
    case TypeKind::raw: out.kinds = KindSet::any(); break;
    case TypeKind::null: out.kinds = Kind::null; break;
    case TypeKind::boolean: out.kinds = Kind::boolean; break;
    case TypeKind::integer: out.kinds = Kind::integer; break;
    case TypeKind::floating: out.kinds = Kind::floating; break;
    case TypeKind::text: out.kinds = Kind::text; break;
    case TypeKind::bytes: out.kinds = Kind::bytes; break;
    case TypeKind::datetime: out.kinds = Kind::datetime; break;
    case TypeKind::date: out.kinds = Kind::date; break;
    case TypeKind::time: out.kinds = Kind::time; break;
    case TypeKind::duration: out.kinds = Kind::duration; break;
    case TypeKind::uuid: out.kinds = Kind::uuid; break;
    case TypeKind::decimal: out.kinds = Kind::decimal; break;
    case TypeKind::ext: out.kinds = Kind::ext; break;
    case TypeKind::map:
    case TypeKind::unknown: out.kinds = Kind::object; break;
    case TypeKind::array:
    case TypeKind::set:
    case TypeKind::tuple: out.kinds = Kind::array; break;
    case TypeKind::enumeration: out.kinds = out.enumeration->is_named ? Kind::text : Kind::integer; break;
    case TypeKind::structure: {
      const auto& named = plan_.schema_.structs[struct_names_.find(schema.name)->second];
      out.kinds = named.array_like ? Kind::array : Kind::object;
      break;
    }
    case TypeKind::optional:
      out.kinds = part().kinds;
      out.kinds.insert(Kind::null);
      out.takes_plain_text = part().takes_plain_text;
      break;
    case TypeKind::variant:
      for (const Type& each : out.parts) {
        out.kinds.insert(each.kinds);
        out.takes_plain_text |= each.takes_plain_text;
      }
      break;
    case TypeKind::literal:
      if (schema.constants.empty()) return fail("A literal without constants");
      for (const Value& constant : schema.constants) {
        const bool is_text = constant.get_if<std::string>() != nullptr;
        const bool is_integer = constant.get_if<std::int64_t>() != nullptr;
        const bool is_boolean = constant.get_if<bool>() != nullptr;
        if (!is_text && !is_integer && !is_boolean && !constant.is_null()) {
          return fail("A constant is text, an integer, a bool or null"), in("constants");
        }
        out.kinds.insert(is_text ? Kind::text : is_integer ? Kind::integer : is_boolean ? Kind::boolean : Kind::null);
      }
      break;
  }
  const bool is_coded = schema.checked && !schema.name.empty() && out.structure == nullptr &&
                        out.enumeration == nullptr && schema.kind != TypeKind::ext;
  out.takes_plain_text |= schema.kind == TypeKind::text || schema.kind == TypeKind::any ||
                          schema.kind == TypeKind::raw || is_coded;
  return true;
}

bool Preparation::bound(const TypeSchema& schema, const std::optional<Value>& limit, std::string_view rule) {
  if (!limit) return true;
  bool fits = false;
  if (schema.kind == TypeKind::integer) {
    const auto* number = limit->get_if<std::int64_t>();
    fits = number != nullptr;
    // The bound that `gt` and `lt` are told as is one further.
    if (rule == "gt") fits = fits && *number != INT64_MAX;
    if (rule == "lt") fits = fits && *number != INT64_MIN;
    if (rule == "multiple_of") fits = fits && *number > 0;
  } else if (schema.kind == TypeKind::floating) {
    const auto* number = limit->get_if<double>();
    const auto* integer = limit->get_if<std::int64_t>();
    fits = number != nullptr || integer != nullptr;
    if (rule == "multiple_of") fits = (number && *number > 0) || (integer && *integer > 0);
  } else if (is_text_scalar(schema.kind) && rule != "multiple_of") {
    const auto* text = limit->get_if<std::string>();
    fits = text != nullptr;
  }
  return fits || (fail("No bound of " + std::string(name_of(schema.kind))), in(rule));
}

bool Preparation::rules(const TypeSchema& schema, Type& out) {
  const bool fit = bound(schema, schema.ge, "ge") && bound(schema, schema.gt, "gt") && bound(schema, schema.le, "le") &&
                   bound(schema, schema.lt, "lt") && bound(schema, schema.multiple_of, "multiple_of");
  if (!fit) return false;
  const bool has_length = schema.kind == TypeKind::text || schema.kind == TypeKind::bytes ||
                          schema.kind == TypeKind::array || schema.kind == TypeKind::set ||
                          schema.kind == TypeKind::map;
  if ((schema.min_length || schema.max_length) && (!has_length || schema.size)) {
    return fail("No length is asked of " + std::string(name_of(schema.kind)));
  }
  const bool has_zone = schema.kind == TypeKind::time || schema.kind == TypeKind::datetime;
  if (schema.zoned && !has_zone) return fail("Only datetimes and times have zones"), in("zoned");
  if (schema.pattern) {
    if (schema.kind != TypeKind::text) return fail("Patterns are for text"), in("pattern");
    auto parsed = pattern_matching::parse(*schema.pattern);
    if (!parsed) return fail("The pattern is outside the dialect: " + std::string(parsed.error().what)), in("pattern");
    out.pattern = std::move(*parsed);
  }
  const bool is_zone_rule = schema.zoned && schema.tick.empty();
  out.is_constrained = schema.ge || schema.gt || schema.le || schema.lt || schema.multiple_of || schema.min_length ||
                       schema.max_length || schema.pattern || is_zone_rule;
  return true;
}

// ---- alternatives ----

bool Preparation::settle(Type& type) {
  for (std::size_t i = 0; i < type.parts.size(); ++i) {
    if (!settle(type.parts[i])) return in("parts", i);
  }
  return type.kind != TypeKind::variant || alternatives(type);
}

bool Preparation::alternatives(Type& out) {
  std::size_t tagged = 0;
  bool is_array = false;
  for (std::size_t i = 0; i < out.parts.size(); ++i) {
    const Type& part = out.parts[i];
    if (part.kind == TypeKind::unknown) out.unknown = i;
    if (part.structure == nullptr) continue;
    is_array |= part.structure->schema->array_like;
    if (!part.structure->tag) continue;
    ++tagged;
    if (out.first_tagged == nullptr) out.first_tagged = part.structure;
    const StructPlan& first = *out.first_tagged;
    if (part.structure->is_text_tag != first.is_text_tag ||
        part.structure->schema->tag_field != first.schema->tag_field) {
      return fail("The structs of a union have tags of one kind in one field"), in("parts", i);
    }
    if (out.alternative_of(*part.structure->tag) != i) {
      return fail("Two structs of a union have the same tag"), in("parts", i);
    }
  }
  out.is_tagged = tagged > 1 || (out.unknown != Type::none && tagged != 0);
  out.is_array_tagged = out.is_tagged && is_array;
  return true;
}

// ---- what no value could be ----

// Whether a value of the type can be finite, as far as is known of the structs.
bool Preparation::can_end(const Type& type, const std::vector<bool>& ends) const {
  const auto part_ends = [&](const Type& part) { return can_end(part, ends); };
  switch (type.kind) {
    case TypeKind::structure: return ends[static_cast<std::size_t>(type.structure - plan_.structs_.data())];
    case TypeKind::array: return type.schema->size.value_or(0) == 0 || part_ends(type.parts.front());
    case TypeKind::tuple: return std::ranges::all_of(type.parts, part_ends);
    case TypeKind::variant: return std::ranges::any_of(type.parts, part_ends);
    default: return true;
  }
}

bool Preparation::every_struct_ends() {
  const auto& structs = plan_.structs_;
  std::vector<bool> ends(structs.size(), false);
  for (bool any = true; any;) {
    any = false;
    for (std::size_t i = 0; i < structs.size(); ++i) {
      if (ends[i]) continue;
      ends[i] = std::ranges::all_of(structs[i].members, [&](const MemberPlan& member) {
        return member.schema->presence != Presence::required || can_end(member.type, ends);
      });
      any |= ends[i];
    }
  }
  const auto endless = std::ranges::find(ends, false);
  if (endless == ends.end()) return true;
  const auto place = static_cast<std::size_t>(endless - ends.begin());
  fail("The struct " + shown(structs[place].schema->name) + " holds itself in every value");
  return in("structs", place);
}

// ---- defaults ----

bool Preparation::defaults() {
  for (std::size_t i = 0; i < plan_.structs_.size(); ++i) {
    for (std::size_t k = 0; k < plan_.structs_[i].members.size(); ++k) {
      if (has_default(plan_.structs_[i], k)) continue;
      in("default_value");
      in("members", k);
      return in("structs", i);
    }
  }
  return true;
}

bool Preparation::has_default(const StructPlan& structure, std::size_t index) {
  using enum MemberPlan::Default;
  const auto place = static_cast<std::size_t>(&structure - plan_.structs_.data());
  MemberPlan& member = plan_.structs_[place].members[index];
  if (member.state == made) return true;
  if (member.state == being_made) return fail("A default that holds itself");
  if (default_depth_ == SchemaLimits::default_depth) {
    return fail("Defaults nested deeper than " + std::to_string(SchemaLimits::default_depth) + " structs");
  }
  member.state = being_made;
  ++default_depth_;
  if (member.schema->default_value) {
    auto value = make_default(member.type, *member.schema->default_value, *this);
    if (error_) return false;
    if (!value) return fail("A default that is too large: " + value.error().message());
    member.default_value = std::move(*value);
  }
  --default_depth_;
  member.default_bytes = bytes_of(member.default_value);
  default_bytes_ += member.default_bytes;
  if (default_bytes_ > SchemaLimits::default_bytes) {
    return fail("Defaults of more than " + std::to_string(SchemaLimits::default_bytes) + " bytes");
  }
  member.state = made;
  return true;
}

Result<void> Plan::prepare() {
  Preparation preparation(*this);
  if (preparation.run()) return {};
  return std::unexpected(preparation.take_error());
}

}  // namespace structwire::contract::schema_reading
