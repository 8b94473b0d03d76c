// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/sample.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <structwire/contract/sample/sample_scalar.hpp>
#include <structwire/contract/schema_writer.hpp>

namespace structwire::contract {
namespace {

constexpr unsigned endless = std::numeric_limits<unsigned>::max();
// Below this many structs inside each other, the shortest way to an end is taken.
constexpr unsigned nested_max = 4;
constexpr unsigned calls_max = 1024;
constexpr std::uint64_t rounds_max = 64;
constexpr std::uint64_t items_max = 3;
// Values that all items of a container together may have: containers inside each other multiply.
constexpr std::size_t values_max = 2000;

// Kinds whose sets and keys are in the order of their Values, and which have many values.
bool has_order_of_values(TypeKind kind) noexcept {
  switch (kind) {
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::floating:
    case TypeKind::text:
    case TypeKind::bytes:
    case TypeKind::date:
    case TypeKind::uuid: return true;
    default: return false;
  }
}

/// How many structs inside each other the least value of each struct has.
class Depths {
 public:
  explicit Depths(const Schema& schema) {
    for (const StructSchema& each : schema.structs) least_.emplace(each.name, endless);
    for (bool changed = true; changed;) {
      changed = false;
      for (const StructSchema& each : schema.structs) {
        unsigned& known = least_.find(each.name)->second;
        const unsigned now = std::min(known, of(each));
        changed = changed || now != known;
        known = now;
      }
    }
  }

  unsigned of(const TypeSchema& type) const {
    switch (type.kind) {
      case TypeKind::structure: {
        const auto found = least_.find(type.name);
        return found == least_.end() ? endless : found->second;
      }
      case TypeKind::array:
      case TypeKind::set:
      case TypeKind::map:
        if (type.min_length.value_or(0) == 0 && type.size.value_or(0) == 0) return 0;
        return deepest(type.parts);
      case TypeKind::tuple: return deepest(type.parts);
      case TypeKind::variant: {
        unsigned least = endless;
        for (const TypeSchema& part : type.parts) least = std::min(least, of(part));
        return least;
      }
      default: return 0;
    }
  }

 private:
  unsigned of(const StructSchema& type) const {
    unsigned deepest = 0;
    for (const MemberSchema& member : type.members) {
      if (member.presence == Presence::required) deepest = std::max(deepest, of(member.type));
    }
    return deepest == endless ? endless : deepest + 1;
  }
  unsigned deepest(const std::vector<TypeSchema>& parts) const {
    unsigned most = 0;
    for (const TypeSchema& part : parts) most = std::max(most, of(part));
    return most;
  }

  std::map<std::string, unsigned, std::less<>> least_;
};

class Sampler {
 public:
  Sampler(const Schema& schema, const Depths& depths, Choice choice) noexcept
      : schema_(&schema), depths_(&depths), choice_(choice) {}

  Result<Value> sample() {
    Value value;
    if (!of(schema_->type, value)) {
      return std::unexpected(Error(ErrorCode::unsupported, "No value was found that fits the schema: " + problem_));
    }
    return complete(*schema_, value);
  }

 private:
  bool fail(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }
  bool is_tight() const noexcept { return structs_ >= nested_max || values_ > values_max; }

  bool of(const TypeSchema& type, Value& out) {
    if (calls_ >= calls_max) return fail("nested too deep");
    ++calls_;
    ++values_;
    const bool done = of_kind(type, out);
    --calls_;
    return done;
  }

  bool of_kind(const TypeSchema& type, Value& out) {
    switch (type.kind) {
      case TypeKind::optional:
        out = Value();
        if (type.parts.size() != 1 || is_endless(type.parts[0]) || !choice_.yes()) return true;
        return of(type.parts[0], out);
      case TypeKind::array:
      case TypeKind::set: return items(type, out);
      case TypeKind::map: return entries(type, out);
      case TypeKind::tuple: return tuple(type, out);
      case TypeKind::variant: return alternative(type, out);
      case TypeKind::enumeration: return enumeration(type, out);
      case TypeKind::structure: return structure(type, out);
      default:
        if (auto made = scalar_sample(type, choice_)) {
          out = std::move(*made);
          return true;
        }
        return fail("the rules of a `" + std::string(name_of(type.kind)) + "` leave none");
    }
  }

  // Too deep already for what this type would add.
  bool is_endless(const TypeSchema& type) const {
    return depths_->of(type) == endless || (is_tight() && type.kind != TypeKind::optional && depths_->of(type) != 0);
  }

  std::uint64_t count(const TypeSchema& type) {
    if (type.size) return *type.size;
    const std::uint64_t min = type.min_length.value_or(0);
    const std::uint64_t max = std::max(min, std::min(type.max_length.value_or(min + items_max), min + items_max));
    if (is_tight()) return min;
    return min + choice_.below(max - min + 1);
  }

  bool items(const TypeSchema& type, Value& out) {
    if (type.parts.size() != 1) return fail("an array without its item");
    const TypeSchema& item = type.parts[0];
    std::uint64_t wanted = count(type);
    if (is_endless(item)) wanted = type.size.value_or(type.min_length.value_or(0));
    if (wanted > values_max) return fail("more items than samples have");
    Value::Array made;
    const bool is_set = type.kind == TypeKind::set;
    if (!collect(item, is_set, wanted, type.min_length.value_or(0), made)) return false;
    out = Value(std::move(made));
    return true;
  }

  // Distinct ones are as many as were found: some types have few values.
  bool collect(const TypeSchema& item, bool distinct, std::uint64_t wanted, std::uint64_t min, Value::Array& made) {
    if (distinct && !has_order_of_values(item.kind)) wanted = std::max<std::uint64_t>(min, std::min<std::uint64_t>(wanted, 1));
    const Choice before = choice_;
    for (std::uint64_t tries = 0; made.size() < wanted && tries < wanted * 8 + 8; ++tries) {
      // What decides always the same finds one value only.
      if (distinct && tries != 0 && !choice_.is_random()) choice_ = Choice(Choice::Way::random, tries);
      Value value;
      if (!of(item, value)) return false;
      if (!distinct || std::ranges::find(made, value) == made.end()) made.push_back(std::move(value));
    }
    if (!before.is_random()) choice_ = before;
    if (distinct && has_order_of_values(item.kind)) std::ranges::sort(made);
    return made.size() >= (distinct ? min : wanted) || fail("too few different items");
  }

  bool entries(const TypeSchema& type, Value& out) {
    if (type.parts.size() != 2) return fail("a map without its key and value");
    std::uint64_t wanted = count(type);
    if (is_endless(type.parts[1])) wanted = type.min_length.value_or(0);
    if (wanted > values_max) return fail("more entries than samples have");
    // Keys that any format can carry.
    TypeSchema key = type.parts[0];
    if (key.kind == TypeKind::any) key.kind = TypeKind::text;
    Value::Array keys;
    if (!collect(key, true, wanted, type.min_length.value_or(0), keys)) return false;
    Value::Map made(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      made[i].key = std::move(keys[i]);
      if (!of(type.parts[1], made[i].value)) return false;
    }
    out = Value(std::move(made));
    return true;
  }

  bool tuple(const TypeSchema& type, Value& out) {
    Value::Array made(type.parts.size());
    for (std::size_t i = 0; i < made.size(); ++i) {
      if (!of(type.parts[i], made[i])) return false;
    }
    out = Value(std::move(made));
    return true;
  }

  bool alternative(const TypeSchema& type, Value& out) {
    std::vector<const TypeSchema*> open;
    unsigned least = endless;
    for (const TypeSchema& part : type.parts) least = std::min(least, depths_->of(part));
    for (const TypeSchema& part : type.parts) {
      if (depths_->of(part) != endless && (!is_tight() || depths_->of(part) == least)) open.push_back(&part);
    }
    if (open.empty()) return fail("a union of which no alternative ends");
    const TypeSchema& chosen = *open[choice_.below(open.size())];
    return chosen.kind == TypeKind::unknown ? unknown(type, out) : of(chosen, out);
  }

  // A struct like the other alternatives, with a tag that none of them has.
  bool unknown(const TypeSchema& type, Value& out) {
    for (const TypeSchema& part : type.parts) {
      const StructSchema* like = part.kind == TypeKind::structure ? schema_->find_struct(part.name) : nullptr;
      if (like == nullptr || !like->tag) continue;
      const bool is_text = like->tag->get_if<std::string>() != nullptr;
      const Value tag = is_text ? Value("sample_of_no_alternative") : Value(std::int64_t{1'999'999'973});
      // Not in one expression: GCC 16 thinks that the list outlives it.
      if (like->array_like) {
        out = Value(Value::Array{tag, Value(1)});
      } else {
        out = Value(Value::Map{{Value(like->tag_field), tag}, {Value("x"), Value(1)}});
      }
      return true;
    }
    return fail("an unknown alternative beside none with a tag");
  }

  bool enumeration(const TypeSchema& type, Value& out) {
    const EnumSchema* definition = schema_->find_enum(type.name);
    if (definition == nullptr || definition->values.empty()) return fail("no values of the enum `" + type.name + "`");
    out = definition->values[choice_.below(definition->values.size())].value;
    return true;
  }

  bool structure(const TypeSchema& type, Value& out) {
    const StructSchema* definition = schema_->find_struct(type.name);
    if (definition == nullptr) return fail("no struct `" + type.name + "`");
    if (structs_ > nested_max + schema_->structs.size()) return fail("the struct `" + type.name + "` does not end");
    ++structs_;
    const bool done = definition->array_like ? as_array(*definition, out) : as_map(*definition, out);
    --structs_;
    return done;
  }

  bool is_given(const MemberSchema& member) {
    if (member.presence == Presence::required) return true;
    if (member.encode_only || choice_.way() == Choice::Way::defaults || is_endless(member.type)) return false;
    return (member.presence == Presence::defaulted && !choice_.is_random()) || choice_.yes();
  }

  bool as_map(const StructSchema& type, Value& out) {
    Value::Map made;
    if (type.tag) made.push_back({Value(type.tag_field), *type.tag});
    for (const MemberSchema& member : type.members) {
      if (member.decode_only || !is_given(member)) continue;
      Value value;
      if (!of(member.type, value)) return false;
      made.push_back({Value(member.name), std::move(value)});
    }
    const bool keeps = type.unknown_fields == UnknownFields::keep && type.find("kept_sample") == nullptr;
    if (keeps && choice_.yes()) made.push_back({Value("kept_sample"), Value(1)});
    out = Value(std::move(made));
    return true;
  }

  // Nothing can be left out in the middle.
  bool as_array(const StructSchema& type, Value& out) {
    Value::Array made;
    if (type.tag) made.push_back(*type.tag);
    for (const MemberSchema& member : type.members) {
      Value value;
      if (is_given(member) || member.presence == Presence::unset) {
        if (!of(member.type, value)) return false;
      } else if (member.default_value) {
        value = *member.default_value;
      }
      made.push_back(std::move(value));
    }
    out = Value(std::move(made));
    return true;
  }

  const Schema* schema_;
  const Depths* depths_;
  Choice choice_;
  std::string problem_;
  unsigned calls_ = 0;
  unsigned structs_ = 0;
  std::size_t values_ = 0;
};

void count_choices(const TypeSchema& type, std::uint64_t& most) {
  if (type.kind == TypeKind::variant) most = std::max<std::uint64_t>(most, type.parts.size());
  if (type.kind == TypeKind::literal) most = std::max<std::uint64_t>(most, type.constants.size());
  for (const TypeSchema& part : type.parts) count_choices(part, most);
}

std::uint64_t rounds_of(const Schema& schema) {
  std::uint64_t most = 2;
  count_choices(schema.type, most);
  for (const StructSchema& each : schema.structs) {
    for (const MemberSchema& member : each.members) count_choices(member.type, most);
  }
  for (const EnumSchema& each : schema.enums) most = std::max<std::uint64_t>(most, each.values.size());
  return std::min(most, rounds_max);
}

}  // namespace

Result<std::vector<Sample>> edge_samples(const Schema& schema) {
  const Depths depths(schema);
  std::vector<Sample> samples;
  const auto add = [&](std::string name, Choice choice) -> Result<void> {
    auto value = Sampler(schema, depths, choice).sample();
    if (!value) return std::unexpected(std::move(value.error()));
    const bool is_new = std::ranges::find(samples, *value, &Sample::value) == samples.end();
    if (is_new) samples.push_back({std::move(name), std::move(*value)});
    return {};
  };
  using enum Choice::Way;
  Result<void> added = add("smallest", Choice(smallest));
  if (added) added = add("largest", Choice(largest));
  if (added) added = add("defaults", Choice(defaults));
  for (std::uint64_t i = 0; added && i < rounds_of(schema); ++i) added = add("choice_" + std::to_string(i), Choice(round, i));
  if (!added) return std::unexpected(std::move(added.error()));
  return samples;
}

Result<Value> random_sample(const Schema& schema, std::uint64_t seed) {
  return Sampler(schema, Depths(schema), Choice(Choice::Way::random, seed)).sample();
}

}  // namespace structwire::contract
