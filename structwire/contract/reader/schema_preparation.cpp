// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/reader/schema_preparation.hpp>

#include <algorithm>

#include <structwire/contract/schema_reader.hpp>
#include <structwire/core/error_detail.hpp>

namespace structwire::contract::schema_reading {

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
  if (schema.values.size() > SchemaLimits::definitions) return fail("More values than an enum may have");
  out.is_named = schema.values.front().value.get_if<std::string>() != nullptr;
  for (std::size_t i = 0; i < schema.values.size(); ++i) {
    const Value& value = schema.values[i].value;
    const bool fits = out.is_named ? value.get_if<std::string>() != nullptr : value.get_if<std::int64_t>() != nullptr;
    if (!fits) return fail("The values of an enum are all text or all integers"), in("values", i);
    if (const auto* text = value.get_if<std::string>()) {
      out.names.try_emplace(*text, i);
      if (schema.ignore_case) out.lower_names.try_emplace(lower_case(*text), i);
    } else {
      out.numbers.try_emplace(*value.get_if<std::int64_t>(), i);
    }
    if (schema.values[i].name == schema.catch_all && !schema.catch_all.empty()) out.fallback = i;
  }
  const bool is_caught = schema.catch_all.empty() || out.fallback != schema.values.size();
  return is_caught || fail("No value is named as catch_all " + shown(schema.catch_all));
}

bool Preparation::structure(const StructSchema& schema, StructPlan& out) {
  if (schema.members.size() > SchemaLimits::members) return fail("More members than a struct may have");
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
