// SPDX-License-Identifier: Apache-2.0

// Structs, enums and unions of them (a part of json_schema.cpp).

#include <algorithm>

#include <structwire/contract/json_schema/json_schema_maker.hpp>
#include <structwire/contract/json_schema/json_schema_text.hpp>

namespace structwire::contract {

using schema_node::put;

namespace {

std::string tag_text(const Value& tag) {
  const auto* text = tag.get_if<std::string>();
  return text != nullptr ? *text : json_text(tag);
}

/// `Paginated[User]` of `app::Paginated<app::User>` or `Paginated<User>`: without the scope, in msgspec's brackets.
std::string title_of(std::string_view name) {
  const std::size_t arguments = std::min(name.find('<'), name.size());
  const std::size_t scope = name.substr(0, arguments).rfind("::");
  if (scope != name.npos) name.remove_prefix(scope + 2);
  std::string title(name);
  std::ranges::replace(title, '<', '[');
  std::ranges::replace(title, '>', ']');
  return title;
}

/// `{"required":[name]}`
Value one_required(const std::string& name) {
  return Value(Value::Map{{Value("required"), Value(Value::Array{Value(name)})}});
}

}  // namespace

// ---- unions ----

void JsonSchemaMaker::add_variant(Value::Map& made, const TypeSchema& type) {
  Value::Array choices = choices_of(type);
  // Nothing but tagged structs: the choice among them is the node itself.
  if (choices.size() == 1) {
    if (const auto* only = choices.front().get_if<Value::Map>()) return schema_node::merge(made, *only);
  }
  put(made, "anyOf", Value(std::move(choices)));
}

Value::Array JsonSchemaMaker::choices_of(const TypeSchema& variant) {
  std::vector<const TypeSchema*> tagged;
  bool takes_unknown = false;
  for (const TypeSchema& each : variant.parts) {
    const StructSchema* found = each.kind == TypeKind::structure ? definitions_.find_struct(each.name) : nullptr;
    if (found != nullptr && found->tag && !variant.first_match) tagged.push_back(&each);
    takes_unknown = takes_unknown || each.kind == TypeKind::unknown;
  }
  const bool by_tag = tagged.size() > 1 || (takes_unknown && !tagged.empty());
  const StructSchema* first = tagged.empty() ? nullptr : definitions_.find_struct(tagged.front()->name);
  // Array-like ones say in their items which they are; nothing stands for the choice.
  const bool is_grouped = by_tag && !first->array_like;
  Value::Array choices;
  Value::Array nulls;
  Value::Array structs;
  Value::Array tags;
  for (const TypeSchema& each : variant.parts) {
    if (each.kind == TypeKind::unknown) continue;
    const bool is_tagged = std::ranges::find(tagged, &each) != tagged.end();
    if (is_tagged) tags.push_back(*definitions_.find_struct(each.name)->tag);
    if (is_tagged && is_grouped) continue;
    const bool is_object = is_tagged && !first->array_like;
    (each.kind == TypeKind::null ? nulls : is_object ? structs : choices).emplace_back(node(each));
  }
  if (is_grouped) structs.emplace_back(tagged_choice(tagged, takes_unknown));
  if (by_tag && takes_unknown && !is_grouped) structs.emplace_back(unknown_choice(tags, *first));
  std::ranges::move(structs, std::back_inserter(choices));
  std::ranges::move(nulls, std::back_inserter(choices));
  return choices;
}

/// The choice among tagged objects; OpenAPI's `discriminator` stands beside it.
Value::Map JsonSchemaMaker::tagged_choice(std::span<const TypeSchema* const> tagged, bool takes_unknown) {
  Value::Array choices;
  Value::Array tags;
  Value::Map mapping;
  const StructSchema& first = *definitions_.find_struct(tagged.front()->name);
  for (const TypeSchema* each : tagged) {
    const StructSchema& found = *definitions_.find_struct(each->name);
    choices.emplace_back(node(*each));
    tags.push_back(*found.tag);
    put(mapping, tag_text(*found.tag), reference(each->name));
  }
  if (takes_unknown) choices.emplace_back(unknown_choice(tags, first));
  Value::Map made;
  put(made, "anyOf", Value(std::move(choices)));
  put(made, "discriminator", Value(Value::Map{{Value("propertyName"), Value(first.tag_field)},
                                             {Value("mapping"), Value(std::move(mapping))}}));
  // Each by itself would decode without it.
  if (decodes()) put(made, "required", Value(Value::Array{Value(first.tag_field)}));
  return made;
}

/// What an UnknownAlternative takes: a tag that no sibling has.
Value::Map JsonSchemaMaker::unknown_choice(const Value::Array& tags, const StructSchema& sibling) {
  const Value kind(sibling.tag->get_if<std::string>() != nullptr ? "string" : "integer");
  const Value tag(Value::Map{{Value("type"), kind},
                             {Value("not"), Value(Value::Map{{Value("enum"), Value(tags)}})}});
  Value::Map made;
  if (sibling.array_like) {
    put(made, "type", Value("array"));
    put(made, "prefixItems", Value(Value::Array{tag}));
    put(made, "minItems", Value(1));
  } else {
    put(made, "type", Value("object"));
    put(made, "properties", Value(Value::Map{{Value(sibling.tag_field), tag}}));
    put(made, "required", Value(Value::Array{Value(sibling.tag_field)}));
  }
  return made;
}

// ---- enums ----

Value::Map JsonSchemaMaker::definition(const EnumSchema& each) {
  Value::Array values;
  for (const EnumValueSchema& value : each.values) values.push_back(value.value);
  std::ranges::sort(values);
  const bool by_name = values.empty() || is_text(values.front());
  Value::Map made;
  schema_node::put_texts(made, title_of(each.name), each.description, std::nullopt);
  Value::Map more;
  if (decodes() && !each.catch_all.empty()) {
    put(more, "type", Value(by_name ? "string" : "integer"));
  } else if (decodes() && each.ignore_case && by_name) {
    std::string pattern;
    for (const Value& value : values) {
      if (is_text(value)) (pattern += pattern.empty() ? "" : "|") += any_case_pattern(*value.get_if<std::string>());
    }
    put(more, "type", Value("string"));
    put(more, "pattern", Value(std::move(pattern)));
  }
  if (more.empty()) {
    put(made, "enum", Value(std::move(values)));
  } else {
    // The listed ones are what is written.
    Value::Map listed{{Value("enum"), Value(std::move(values))}};
    put(made, "anyOf", Value(Value::Array{Value(std::move(listed)), Value(std::move(more))}));
  }
  return made;
}

// ---- structs ----

Value::Map JsonSchemaMaker::definition(const StructSchema& each) {
  Value::Map made;
  schema_node::put_texts(made, each.title.empty() ? title_of(each.name) : each.title, each.description,
                         each.schema_extra);
  if (each.array_like) {
    add_items(made, each);
  } else {
    add_object(made, each);
  }
  return made;
}

Value::Map JsonSchemaMaker::member(const MemberSchema& each) {
  Value::Map made = node(each.type);
  if (each.encode_only) put(made, "readOnly", Value(true));
  if (each.decode_only) put(made, "writeOnly", Value(true));
  // What only the program sets has no default of the wire.
  if (each.default_value && !each.encode_only) put(made, "default", *each.default_value);
  return made;
}

bool JsonSchemaMaker::is_required(const StructSchema& owner, const MemberSchema& each) const noexcept {
  if (decodes()) return each.presence == Presence::required && !each.encode_only;
  return each.presence == Presence::required ||
         (each.presence != Presence::unset && !owner.omit_defaults && !each.omit_empty);
}

void JsonSchemaMaker::add_object(Value::Map& made, const StructSchema& each) {
  Value::Map properties;
  Value::Array required;
  Value::Array one_of_names;
  if (each.tag) {
    put(properties, each.tag_field, Value(Value::Map{{Value("enum"), Value(Value::Array{*each.tag})}}));
    if (!decodes()) required.emplace_back(each.tag_field);
  }
  for (const MemberSchema& one : each.members) {
    if (one.decode_only && !decodes()) continue;
    where_ = ": member `" + one.name + "` of `" + each.name + "`";
    Value::Map made_member = member(one);
    if (is_required(each, one)) {
      if (one.aliases.empty() || !decodes()) {
        required.emplace_back(one.name);
      } else {
        Value::Array names{one_required(one.name)};
        for (const std::string& alias : one.aliases) names.push_back(one_required(alias));
        one_of_names.emplace_back(Value::Map{{Value("anyOf"), Value(std::move(names))}});
      }
    }
    if (decodes()) {
      for (const std::string& alias : one.aliases) {
        Value::Map other = made_member;
        put(other, "deprecated", Value(true));
        put(properties, alias, Value(std::move(other)));
      }
    }
    put(properties, one.name, Value(std::move(made_member)));
  }
  where_.clear();
  put(made, "type", Value("object"));
  put(made, "properties", Value(std::move(properties)));
  put(made, "required", Value(std::move(required)));
  if (!one_of_names.empty()) put(made, "allOf", Value(std::move(one_of_names)));
  if (each.unknown_fields == UnknownFields::forbid) put(made, "additionalProperties", Value(false));
}

void JsonSchemaMaker::add_items(Value::Map& made, const StructSchema& each) {
  Value::Array items;
  std::size_t least = 0;
  if (each.tag) items.emplace_back(Value::Map{{Value("enum"), Value(Value::Array{*each.tag})}});
  least = items.size();
  for (const MemberSchema& one : each.members) {
    where_ = ": member `" + one.name + "` of `" + each.name + "`";
    items.emplace_back(member(one));
    // All are written, whatever is left out of objects.
    if (!decodes() || one.presence == Presence::required) least = items.size();
  }
  where_.clear();
  put(made, "type", Value("array"));
  if (!items.empty()) put(made, "prefixItems", Value(items));
  put(made, "minItems", Value(least));
  if (each.unknown_fields == UnknownFields::forbid) put(made, "maxItems", Value(items.size()));
}

}  // namespace structwire::contract
