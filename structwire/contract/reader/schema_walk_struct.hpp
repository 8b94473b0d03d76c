// SPDX-License-Identifier: Apache-2.0
#pragma once

// Structs: members, tags, and what the Value of a struct has (a part of contract/reader/schema_walk.hpp).

#include <vector>

#include <structwire/contract/reader/schema_walk.hpp>

namespace structwire::contract::schema_reading {

/// A struct that is being read.
template <class R>
struct Walk<R>::Object {
  explicit Object(const StructPlan& plan)
      : members(plan.members.size()), seen(plan.members.size()), hides(plan.members.size()) {}

  std::vector<Value> members;
  std::vector<bool> seen;
  /// Members that hold something which is never written and no default.
  std::vector<bool> hides;
  /// Fields that the struct does not declare and keeps.
  Value::Map kept;

  /// The struct as it is written.
  Value written(const StructPlan& plan) &&;

 private:
  bool is_written(const StructPlan& plan, std::size_t i) const;
  Value as_array(const StructPlan& plan) &&;
};

template <class R>
bool Walk<R>::Object::is_written(const StructPlan& plan, std::size_t i) const {
  const MemberPlan& member = plan.members[i];
  const MemberSchema& schema = *member.schema;
  const Value& held = members[i];
  if (schema.decode_only || (schema.presence == Presence::unset && !seen[i])) return false;
  if (schema.omit_empty) {
    const auto* text = held.get_if<std::string>();
    const auto* bytes = held.get_if<Bytes>();
    const auto* items = held.get_if<Value::Array>();
    const auto* entries = held.get_if<Value::Map>();
    // A null that a Raw has read is a value.
    if (held.is_null() && (member.type.kind != TypeKind::raw || !seen[i])) return false;
    const bool is_empty = (text && text->empty()) || (bytes && bytes->empty()) || (items && items->empty()) ||
                          (entries && entries->empty());
    const TypeKind kind = member.type.kind;
    const bool may_be_empty = kind == TypeKind::text || kind == TypeKind::bytes || kind == TypeKind::array ||
                              kind == TypeKind::set || kind == TypeKind::map;
    if (is_empty && may_be_empty) return false;
  }
  const bool has_default = schema.presence == Presence::defaulted || schema.presence == Presence::optional;
  return !plan.schema->omit_defaults || !has_default || hides[i] || !is_same(member.type, held, member.default_value);
}

inline Value tag_value(const StructPlan& plan) { return *plan.schema->tag; }

// An array has a place for every member.
template <class R>
Value Walk<R>::Object::as_array(const StructPlan& plan) && {
  Value::Array items;
  items.reserve(plan.key_count());
  if (plan.tag) items.push_back(tag_value(plan));
  for (Value& member : members) items.push_back(std::move(member));
  return Value(std::move(items));
}

template <class R>
Value Walk<R>::Object::written(const StructPlan& plan) && {
  if (plan.schema->array_like) return std::move(*this).as_array(plan);
  Value::Map entries;
  entries.reserve(plan.key_count() + kept.size());
  if (plan.tag) entries.push_back({Value(plan.schema->tag_field), tag_value(plan)});
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (is_written(plan, i)) entries.push_back({Value(plan.members[i].schema->name), std::move(members[i])});
  }
  for (Value::Entry& entry : kept) entries.push_back(std::move(entry));
  return Value(std::move(entries));
}

template <class R>
bool Walk<R>::structure(const StructPlan& plan, Value& out) {
  if constexpr (has_containers) {
    return plan.schema->array_like ? struct_items(plan, out) : fields(plan, out);
  } else {
    return no_container();
  }
}

template <class R>
bool Walk<R>::member(const MemberPlan& plan, Value& out) {
  // In the JSON of a default it is there to be read.
  if (plan.schema->encode_only && maker_ == nullptr) return reader_.skip();
  return value(plan.type, out);
}

template <class R>
bool Walk<R>::settle(const StructPlan& plan, Object& object, std::size_t start) {
  for (std::size_t i = 0; i < plan.members.size() && maker_ == nullptr; ++i) {
    const MemberSchema& schema = *plan.members[i].schema;
    if (object.seen[i] || schema.presence != Presence::required) continue;
    return reader_.missing_field(schema.name, start);
  }
  for (std::size_t i = 0; i < plan.members.size(); ++i) {
    const MemberPlan& member = plan.members[i];
    const bool is_hidden = object.seen[i] && member.schema->decode_only;
    if (is_hidden && !is_same(member.type, object.members[i], member.default_value)) ++hidden_;
    const bool is_skipped = member.schema->encode_only && maker_ == nullptr;
    if ((object.seen[i] && !is_skipped) || member.schema->presence == Presence::unset) continue;
    if (maker_ != nullptr && !maker_->has_default(plan, i)) {
      return reader_.fail(ErrorCode::refused, "A default that cannot be made", start);
    }
    if (!reader_.charge(member.default_bytes, start)) return false;
    object.members[i] = member.default_value;
  }
  return true;
}

// ---- tags ----

template <class R>
bool Walk<R>::tag(const StructPlan& plan) {
  const std::size_t start = reader_.offset();
  if (plan.is_text_tag) {
    std::string_view text;
    if (!reader_.read_text(text)) return refuse_tag_kind(reader_, Kind::text, start);
    return text == plan.tag->text ||
           reader_.fail(ErrorCode::invalid_tag, "Invalid value '" + std::string(text) + "'", start);
  }
  std::int64_t number = 0;
  if (!read_tag_number(reader_, number, start)) return false;
  return number == plan.tag->number ||
         reader_.fail(ErrorCode::invalid_tag, "Invalid value " + std::to_string(number), start);
}

// ---- objects ----

template <class R>
bool Walk<R>::unknown_field(const StructPlan& plan, Object& object) {
  const UnknownFieldPolicy policy = reader_.options().unknown_fields;
  if (plan.forbids_unknown(policy)) {
    return reader_.unknown_field(reader_.unknown_key().text, reader_.unknown_key().offset);
  }
  if (plan.schema->unknown_fields != UnknownFields::keep || policy == UnknownFieldPolicy::ignore) return reader_.skip();
  const std::string key(reader_.unknown_key().text);
  if (!grow_by_one(reader_, object.kept)) return false;
  Value& held = object.kept.back().value;
  object.kept.back().key = Value(key);
  if (!(plan.schema->decodes_kept ? dynamic(held) : raw(held))) return reader_.in_member(key);
  for (Value::Entry& entry : object.kept) {
    if (&entry.value == &held || entry.key != Value(key)) continue;
    entry.value = std::move(held);
    object.kept.pop_back();
    break;
  }
  return true;
}

template <class R>
template <class Scope>
int Walk<R>::unknown_fields(Scope& scope, const StructPlan& plan, Object& object) {
  int next = member_unknown;
  if constexpr (requires { reader_.skip_fields(scope, plan); }) {
    if (plan.ignores_unknown(reader_.options().unknown_fields)) {
      while (next == member_unknown) next = reader_.skip_fields(scope, plan);
      return next;
    }
  }
  while (next == member_unknown) {
    if (!unknown_field(plan, object)) return member_error;
    next = reader_.next_field(scope, plan);
  }
  return next;
}

template <class R>
bool Walk<R>::fields(const StructPlan& plan, Value& out) {
  if constexpr (has_containers) {
    typename R::FieldScope scope;
    const std::size_t start = reader_.offset();
    if (!reader_.enter(start) || !reader_.open_fields(scope)) return false;
    if (!reader_.charge(plan.members.size() * sizeof(Value), start)) return false;
    Object object(plan);
    int next = reader_.next_field(scope, plan);
    while (next != member_end) {
      if (next == member_unknown) {
        next = unknown_fields(scope, plan, object);
        continue;
      }
      if (next == member_error) return false;
      if (next == plan.tag_index()) {
        if (!tag(plan)) return reader_.in_member(plan.schema->tag_field);
      } else {
        const auto i = static_cast<std::size_t>(next);
        const MemberPlan& chosen = plan.members[i];
        const std::size_t hidden_before = hidden_;
        if (!member(chosen, object.members[i])) return reader_.in_member(chosen.schema->name);
        object.seen[i] = true;
        object.hides[i] = hidden_ != hidden_before;
      }
      next = reader_.next_field(scope, plan);
    }
    reader_.leave();
    if (!settle(plan, object, start)) return false;
    out = std::move(object).written(plan);
    return true;
  } else {
    return no_container();
  }
}

// ---- arrays ----

template <class R>
template <class Scope>
bool Walk<R>::further_items(const StructPlan& plan, Scope& scope, std::size_t start, std::size_t count) {
  const bool is_forbidden = plan.forbids_unknown(reader_.options().unknown_fields);
  while (reader_.more_items(scope)) {
    if (is_forbidden) return refuse_length(reader_, scope, "of at most length", plan.key_count(), start);
    if (!reader_.skip()) return reader_.in_item(count);
    ++count;
  }
  return !reader_.failed();
}

template <class R>
bool Walk<R>::struct_items(const StructPlan& plan, Value& out) {
  if constexpr (has_containers) {
    typename R::ArrayScope scope;
    const std::size_t start = reader_.offset();
    if (!reader_.enter(start) || !reader_.open_array(scope)) return false;
    if constexpr (requires { scope.announced; }) {
      if (scope.announced < plan.items_min) {
        return refuse_length(reader_, scope, "of at least length", plan.items_min, start);
      }
    }
    if (!reader_.charge(plan.members.size() * sizeof(Value), start)) return false;
    Object object(plan);
    std::size_t count = 0;
    bool more = true;
    if (plan.tag) {
      more = reader_.more_items(scope);
      if (more && !tag(plan)) return reader_.in_item(0);
      count += more;
    }
    for (std::size_t i = 0; more && i < plan.members.size(); ++i) {
      more = reader_.more_items(scope);
      if (!more) break;
      if (!member(plan.members[i], object.members[i])) return reader_.in_item(count);
      object.seen[i] = true;
      ++count;
    }
    if (reader_.failed()) return false;
    if (more && !further_items(plan, scope, start, count)) return false;
    reader_.leave();
    if (count < plan.items_min) {
      return refuse_length(reader_, scope, "of at least length", plan.items_min, start, count);
    }
    if (!settle(plan, object, start)) return false;
    out = std::move(object).written(plan);
    return true;
  } else {
    return no_container();
  }
}

}  // namespace structwire::contract::schema_reading
