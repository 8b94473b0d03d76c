// SPDX-License-Identifier: Apache-2.0
#include <tests/contract/mutation.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace structwire::contract::mutation {
namespace {

// ---- random contracts ----

TypeSchema of_kind(TypeKind kind) { return {.kind = kind}; }
TypeSchema integer(std::uint32_t bits, bool is_unsigned) {
  return {.kind = TypeKind::integer, .bits = bits, .is_unsigned = is_unsigned};
}
TypeSchema holding(TypeKind kind, TypeSchema part) { return {.kind = kind, .parts = {std::move(part)}}; }

TypeSchema random_scalar(Random& random) {
  switch (random.below(8)) {
    case 0: return of_kind(TypeKind::boolean);
    case 1: return {.kind = TypeKind::floating, .bits = random.once_in(2) ? 32u : 64u};
    case 2: return of_kind(TypeKind::bytes);
    case 3:
    case 4: {
      TypeSchema text = of_kind(TypeKind::text);
      if (random.once_in(2)) text.max_length = 6;
      return text;
    }
    case 5: {
      TypeSchema bounded = integer(64, false);
      bounded.ge = Value(0);
      bounded.le = Value(1000);
      return bounded;
    }
    default: return integer(8u << random.below(4), random.once_in(2));
  }
}

TypeSchema named(TypeKind kind, std::string name) { return {.kind = kind, .name = std::move(name)}; }

TypeSchema random_type(const Schema& schema, Random& random) {
  switch (random.below(9)) {
    case 0: return holding(TypeKind::optional, random_scalar(random));
    case 1: return holding(TypeKind::array, random_scalar(random));
    case 2: return {.kind = TypeKind::map, .parts = {of_kind(TypeKind::text), random_scalar(random)}};
    case 3: return named(TypeKind::enumeration, schema.enums[random.below(schema.enums.size())].name);
    case 4: return named(TypeKind::structure, "Inner");
    case 5: {
      TypeSchema either = of_kind(TypeKind::variant);
      either.parts = {named(TypeKind::structure, "Circle"), named(TypeKind::structure, "Square")};
      if (random.once_in(3)) either.parts.push_back(of_kind(TypeKind::unknown));
      return either;
    }
    default: return random_scalar(random);
  }
}

// The JSON form of a default; absent for kinds that get none.
Unset<Value> random_default(const TypeSchema& type, Random& random) {
  switch (type.kind) {
    case TypeKind::boolean: return Value(random.once_in(2));
    case TypeKind::integer: return Value(static_cast<std::int64_t>(random.below(100)));
    case TypeKind::floating: return Value(static_cast<double>(random.below(100)) / 4);
    case TypeKind::text: return Value(random.once_in(2) ? "" : "abc");
    case TypeKind::bytes: return Value("");
    case TypeKind::array: return Value(Value::Array());
    case TypeKind::map: return Value(Value::Map());
    case TypeKind::optional: return Value();
    default: return unset;
  }
}

class Numbers {
 public:
  explicit Numbers(const StructSchema& structure) {
    for (const MemberSchema& member : structure.members) last_ = std::max(last_, member.number);
  }
  std::uint32_t next() noexcept { return ++last_; }

 private:
  std::uint32_t last_ = 0;
};

// A name that no member has had.
MemberSchema random_member(const Schema& schema, std::uint32_t number, bool may_be_absent, Random& random) {
  MemberSchema member;
  member.name = "member_" + std::to_string(number);
  member.number = number;
  member.type = random_type(schema, random);
  if (member.type.kind == TypeKind::optional) {
    member.presence = Presence::optional;
    member.default_value = Value();
  } else if (may_be_absent) {
    member.default_value = random_default(member.type, random);
    if (member.default_value) member.presence = Presence::defaulted;
  }
  return member;
}

StructSchema tagged(std::string name, std::string tag, bool array_like) {
  StructSchema made;
  made.array_like = array_like;
  made.tag = Value(std::move(tag));
  made.tag_field = "type";
  made.members = {{.name = "size", .number = 1, .type = integer(32, false)}};
  made.name = std::move(name);
  return made;
}

}  // namespace

Schema random_schema(Random& random) {
  Schema schema;
  schema.type = named(TypeKind::structure, "Root");
  schema.enums = {{.name = "Color", .values = {{"red", "red"}, {"green", "green"}, {"blue", "blue"}}},
                  {.name = "Level", .values = {{"low", 1}, {"middle", 2}, {"high", 5}}}};
  if (random.once_in(3)) schema.enums[0].catch_all = "blue";
  const bool array_like = random.once_in(3);
  StructSchema inner{.name = "Inner", .array_like = array_like};
  inner.members = {{.name = "x", .number = 1, .type = integer(32, false)}, {.name = "note", .number = 2, .type = of_kind(TypeKind::text)}};
  StructSchema root{.name = "Root", .array_like = array_like, .omit_defaults = random.once_in(3)};
  root.unknown_fields = random.once_in(4) ? UnknownFields::forbid : UnknownFields::ignore;
  const std::uint64_t count = 3 + random.below(4);
  for (std::uint32_t i = 1; i <= count; ++i) root.members.push_back(random_member(schema, i, i > count / 2, random));
  schema.structs = {std::move(root), std::move(inner), tagged("Circle", "circle", array_like), tagged("Square", "square", array_like)};
  return schema;
}

namespace {

// ---- edits ----

StructSchema& root_of(Schema& schema) { return schema.structs.front(); }

/// A random member that `fits`, or nullptr.
template <class Fits>
MemberSchema* pick(Schema& schema, Random& random, Fits fits) {
  std::vector<MemberSchema*> found;
  for (MemberSchema& member : root_of(schema).members) {
    if (fits(member)) found.push_back(&member);
  }
  return found.empty() ? nullptr : found[random.below(found.size())];
}
bool is_required(const MemberSchema& member) { return member.presence == Presence::required; }
MemberSchema* pick_kind(Schema& schema, Random& random, TypeKind kind) {
  return pick(schema, random, [kind](const MemberSchema& member) { return member.type.kind == kind; });
}
bool retype(MemberSchema* member, TypeSchema type, Random& random) {
  if (member == nullptr) return false;
  member->type = std::move(type);
  if (member->presence != Presence::defaulted) return true;
  member->default_value = random_default(member->type, random);
  if (!member->default_value) member->presence = Presence::required;
  return true;
}

bool add(Schema& schema, Random& random, bool may_be_absent, bool inside) {
  StructSchema& root = root_of(schema);
  for (int tries = 0; tries < 50; ++tries) {
    MemberSchema member = random_member(schema, Numbers(root).next(), may_be_absent, random);
    if (is_required(member) == may_be_absent) continue;
    const auto place = inside ? static_cast<std::ptrdiff_t>(random.below(root.members.size())) : std::ssize(root.members);
    root.members.insert(root.members.begin() + place, std::move(member));
    return true;
  }
  return false;
}

bool remove(Schema& schema, Random& random, bool required) {
  MemberSchema* member = pick(schema, random, [&](const MemberSchema& each) { return is_required(each) == required; });
  if (member == nullptr || root_of(schema).members.size() < 2) return false;
  auto& members = root_of(schema).members;
  members.erase(members.begin() + (member - members.data()));
  return true;
}

bool rename(Schema& schema, Random& random, bool with_alias) {
  MemberSchema* member = pick(schema, random, [](const MemberSchema&) { return true; });
  if (with_alias) member->aliases = {member->name};
  member->name = "renamed_" + std::to_string(member->number);
  return true;
}

bool pin(Schema& schema, Random& random) {
  MemberSchema* member = pick(schema, random, [](const MemberSchema&) { return true; });
  member->declared_name = "renamed_" + std::to_string(member->number);
  return true;
}

bool reorder(Schema& schema, Random& random) {
  auto& members = root_of(schema).members;
  const std::size_t first = random.below(members.size() - 1);
  std::swap(members[first], members[first + 1 + random.below(members.size() - first - 1)]);
  return true;
}

bool resize(Schema& schema, Random& random, bool wider) {
  MemberSchema* member = pick(schema, random, [&](const MemberSchema& each) {
    return each.type.kind == TypeKind::integer && !each.type.ge && (wider ? each.type.bits < 64 : each.type.bits > 8);
  });
  if (member == nullptr) return false;
  member->type.bits = wider ? member->type.bits * 2 : member->type.bits / 2;
  return true;
}

bool change_sign(Schema& schema, Random& random) {
  MemberSchema* member =
      pick(schema, random, [](const MemberSchema& each) { return each.type.kind == TypeKind::integer && !each.type.ge; });
  if (member == nullptr) return false;
  member->type.is_unsigned = !member->type.is_unsigned;
  return true;
}

template <TypeKind From, TypeKind To, std::uint32_t Bits = 0>
bool change_kind(Schema& schema, Random& random) {
  return retype(pick_kind(schema, random, From), {.kind = To, .bits = Bits}, random);
}

bool widen_float(Schema& schema, Random& random, bool wider) {
  MemberSchema* member = pick(schema, random, [&](const MemberSchema& each) {
    return each.type.kind == TypeKind::floating && each.type.bits == (wider ? 32u : 64u);
  });
  if (member == nullptr) return false;
  member->type.bits = wider ? 64 : 32;
  return true;
}

bool allow_null(Schema& schema, Random& random) {
  MemberSchema* member =
      pick(schema, random, [](const MemberSchema& each) { return is_required(each) && each.type.kind != TypeKind::variant; });
  if (member == nullptr) return false;
  member->type = holding(TypeKind::optional, std::move(member->type));
  member->presence = Presence::optional;
  member->default_value = Value();
  return true;
}

bool refuse_null(Schema& schema, Random& random) {
  MemberSchema* member = pick_kind(schema, random, TypeKind::optional);
  if (member == nullptr) return false;
  TypeSchema held = std::move(member->type.parts[0]);
  member->type = std::move(held);
  member->presence = Presence::required;
  member->default_value = unset;
  return true;
}

bool into_array(Schema& schema, Random& random) {
  MemberSchema* member = pick(schema, random, [](const MemberSchema& each) {
    return each.type.kind == TypeKind::integer || each.type.kind == TypeKind::text || each.type.kind == TypeKind::structure;
  });
  return member != nullptr && retype(member, holding(TypeKind::array, member->type), random);
}

bool omit(Schema& schema, Random& random) {
  MemberSchema* member = pick(schema, random, [&](const MemberSchema& each) {
    return is_required(each) && random_default(each.type, random).has_value();
  });
  if (member == nullptr) return false;
  member->default_value = random_default(member->type, random);
  member->presence = Presence::defaulted;
  root_of(schema).omit_defaults = true;
  return true;
}

bool change_default(Schema& schema, Random& random) {
  MemberSchema* member = pick(schema, random, [](const MemberSchema& each) { return each.presence == Presence::defaulted; });
  if (member == nullptr) return false;
  for (int tries = 0; tries < 20; ++tries) {
    Unset<Value> other = random_default(member->type, random);
    if (other == member->default_value) continue;
    member->default_value = std::move(other);
    return true;
  }
  return false;
}

/// An enum that a member has.
EnumSchema* pick_enum(Schema& schema, Random& random) {
  const MemberSchema* member = pick_kind(schema, random, TypeKind::enumeration);
  if (member == nullptr) return nullptr;
  return &*std::ranges::find(schema.enums, member->type.name, &EnumSchema::name);
}
bool add_enum_value(Schema& schema, Random& random) {
  EnumSchema* type = pick_enum(schema, random);
  if (type == nullptr) return false;
  const bool by_name = type->name == "Color";
  type->values.push_back(by_name ? EnumValueSchema{"violet", "violet"} : EnumValueSchema{"top", 9});
  return true;
}
bool remove_enum_value(Schema& schema, Random& random) {
  EnumSchema* type = pick_enum(schema, random);
  if (type == nullptr) return false;
  type->values.erase(type->values.begin() + 1);
  return true;
}
bool renumber(Schema& schema, Random& random) {
  EnumSchema* type = pick_enum(schema, random);
  if (type == nullptr) return false;
  if (type->name == "Color") {
    std::swap(type->values[0], type->values[1]);
  } else {
    std::swap(type->values[0].value, type->values[1].value);
  }
  return true;
}
bool change_catch_all(Schema& schema, Random& random) {
  EnumSchema* type = pick_enum(schema, random);
  if (type == nullptr) return false;
  type->catch_all = type->catch_all.empty() ? type->values.back().name : "";
  return true;
}

bool add_alternative(Schema& schema, Random& random) {
  MemberSchema* member = pick_kind(schema, random, TypeKind::variant);
  if (member == nullptr) return false;
  schema.structs.push_back(tagged("Line", "line", root_of(schema).array_like));
  member->type.parts.push_back(named(TypeKind::structure, "Line"));
  return true;
}
bool remove_alternative(Schema& schema, Random& random) {
  MemberSchema* member = pick_kind(schema, random, TypeKind::variant);
  if (member == nullptr) return false;
  std::erase_if(member->type.parts, [](const TypeSchema& part) { return part.name == "Square"; });
  return true;
}
bool into_union(Schema& schema, Random& random) {
  MemberSchema* member = pick_kind(schema, random, TypeKind::structure);
  if (member == nullptr) return false;
  StructSchema& inner = schema.structs[1];
  inner.tag = Value("inner");
  inner.tag_field = "type";
  member->type.kind = TypeKind::variant;
  member->type.name.clear();
  member->type.parts = {named(TypeKind::structure, "Inner"), named(TypeKind::structure, "Circle")};
  return true;
}
bool change_tag(Schema& schema, Random& random, bool its_field) {
  if (pick_kind(schema, random, TypeKind::variant) == nullptr) return false;
  for (StructSchema& each : schema.structs) {
    if (!each.tag) continue;
    if (its_field) {
      each.tag_field = "kind";
    } else if (each.name == "Circle") {
      each.tag = Value("disc");
    }
  }
  return true;
}

bool change_bound(Schema& schema, Random& random, bool tighter) {
  MemberSchema* member = pick(schema, random, [](const MemberSchema& each) { return each.type.le || each.type.max_length; });
  if (member == nullptr) return false;
  if (member->type.le) member->type.le = Value(tighter ? 100 : 5000);
  if (member->type.max_length) member->type.max_length = tighter ? 3 : 12;
  return true;
}

bool change_unknown(Schema& schema, Random&) {
  UnknownFields& policy = root_of(schema).unknown_fields;
  policy = policy == UnknownFields::forbid ? UnknownFields::ignore : UnknownFields::forbid;
  return true;
}

bool rename_all(Schema& schema, Random&) {
  for (MemberSchema& member : root_of(schema).members) member.name = "Member" + std::to_string(member.number);
  return true;
}

constexpr std::array all = {
    Edit{"add a defaulted member, last", [](Schema& s, Random& r) { return add(s, r, true, false); }},
    Edit{"add a defaulted member, inside", [](Schema& s, Random& r) { return add(s, r, true, true); }},
    Edit{"add a required member", [](Schema& s, Random& r) { return add(s, r, false, false); }},
    Edit{"add a required member, inside", [](Schema& s, Random& r) { return add(s, r, false, true); }},
    Edit{"remove a defaulted member", [](Schema& s, Random& r) { return remove(s, r, false); }},
    Edit{"remove a required member", [](Schema& s, Random& r) { return remove(s, r, true); }},
    Edit{"rename", [](Schema& s, Random& r) { return rename(s, r, false); }},
    Edit{"rename, wire name pinned", pin},
    Edit{"rename with an alias", [](Schema& s, Random& r) { return rename(s, r, true); }},
    Edit{"reorder", reorder},
    Edit{"widen an integer", [](Schema& s, Random& r) { return resize(s, r, true); }},
    Edit{"narrow an integer", [](Schema& s, Random& r) { return resize(s, r, false); }},
    Edit{"change the sign", change_sign},
    Edit{"integer to float", change_kind<TypeKind::integer, TypeKind::floating, 64>},
    Edit{"float to double", [](Schema& s, Random& r) { return widen_float(s, r, true); }},
    Edit{"double to float", [](Schema& s, Random& r) { return widen_float(s, r, false); }},
    Edit{"integer to text", change_kind<TypeKind::integer, TypeKind::text>},
    Edit{"text to bytes", change_kind<TypeKind::text, TypeKind::bytes>},
    Edit{"T to optional", allow_null},
    Edit{"optional to T", refuse_null},
    Edit{"required to omitted default", omit},
    Edit{"change a default", change_default},
    Edit{"add an enum value", add_enum_value},
    Edit{"remove an enum value", remove_enum_value},
    Edit{"renumber an enum", renumber},
    Edit{"add or remove a catch-all", change_catch_all},
    Edit{"add an alternative", add_alternative},
    Edit{"remove an alternative", remove_alternative},
    Edit{"struct to union", into_union},
    Edit{"change a tag", [](Schema& s, Random& r) { return change_tag(s, r, false); }},
    Edit{"change a tag's key", [](Schema& s, Random& r) { return change_tag(s, r, true); }},
    Edit{"T to array", into_array},
    Edit{"tighten a rule", [](Schema& s, Random& r) { return change_bound(s, r, true); }},
    Edit{"loosen a rule", [](Schema& s, Random& r) { return change_bound(s, r, false); }},
    Edit{"forbid or allow unknown fields", change_unknown},
    Edit{"rename policy", rename_all},
};

}  // namespace

std::span<const Edit> edits() noexcept { return all; }

}  // namespace structwire::contract::mutation
