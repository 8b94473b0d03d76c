// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/compare.hpp>

#include <algorithm>

#include <structwire/contract/compare/comparison.hpp>
#include <structwire/contract/compare/constraints.hpp>
#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

using enum TypeKind;

bool is_sequence(const TypeSchema& type) noexcept { return type.kind == array || type.kind == set; }
bool has_constants(const TypeSchema& type) noexcept { return type.kind == literal || type.kind == enumeration; }

bool lacks_parts(const TypeSchema& type) noexcept {
  const std::size_t needed = type.kind == map ? 2 : type.kind == optional || is_sequence(type) ? 1 : 0;
  return type.parts.size() < needed;
}

std::string sentence(std::string_view whose, const std::string& reason) {
  return reason.empty() ? "" : std::string(whose) + reason + ".";
}

/// Which name two types of numbers, or of text and bytes, have in the table; empty when it is the direction that tells.
std::string_view rule_of_kinds(const TypeSchema& before, const TypeSchema& after) noexcept {
  if (before.kind == integer && after.kind == floating) return "integer_to_float";
  if (before.kind == floating && after.kind == integer) return "float_to_integer";
  if (before.kind == floating && after.kind == floating) return before.bits < after.bits ? "float_widened" : "float_narrowed";
  if (before.kind == text && after.kind == bytes) return "text_to_bytes";
  if (before.kind == bytes && after.kind == text) return "bytes_to_text";
  if (before.kind == bytes && after.kind == bytes) return "bytes_text_changed";
  if (before.kind == after.kind && (before.kind == datetime || before.kind == duration)) return "tick_changed";
  if (before.kind == array && after.kind == set) return "array_to_set";
  if (before.kind == set && after.kind == array) return "set_to_array";
  if (before.kind == tuple && after.kind == tuple) return "length_changed";
  if (before.kind == ext && after.kind == ext) return "extension_code_changed";
  if (is_sequence(after) && !is_sequence(before) && before.kind != tuple) return "value_to_array";
  if (is_sequence(before) && !is_sequence(after) && after.kind != tuple) return "array_to_value";
  return {};
}

std::string_view rule_of_integers(const TypeSchema& before, const TypeSchema& after) {
  TypeSchema from = before;
  TypeSchema to = after;
  for (TypeSchema* each : {&from, &to}) each->ge = each->gt = each->le = each->lt = std::nullopt;
  const Interval a = interval_of(from);
  const Interval b = interval_of(to);
  if (b.low <= a.low && b.high >= a.high) return "integer_widened";
  if (b.low >= a.low && b.high <= a.high) return "integer_narrowed";
  return "integer_sign_changed";
}

std::string_view rule_of_verdicts(Verdict backward, Verdict forward, std::string_view widened, std::string_view narrowed,
                                  std::string_view changed) noexcept {
  if (backward == Verdict::compatible && forward == Verdict::compatible) return widened;
  if (backward == Verdict::compatible) return widened;
  return forward == Verdict::compatible ? narrowed : changed;
}

/// What of a scalar the rule of another kind does not cover.
bool same_scalar(const TypeSchema& before, const TypeSchema& after) noexcept {
  if (before.kind != after.kind) return false;
  if (before.kind == integer) return before.bits == after.bits && before.is_unsigned == after.is_unsigned;
  if (before.kind == floating) return before.bits == after.bits;
  if (before.kind == bytes) return before.bytes_text == after.bytes_text;
  if (before.kind == datetime || before.kind == duration) {
    return before.tick == after.tick && before.bits == after.bits && before.is_unsigned == after.is_unsigned;
  }
  return before.kind != ext || before.code == after.code;
}

bool same_shape_kinds(const TypeSchema& before, const TypeSchema& after) noexcept {
  if (before.kind == tuple && after.kind == tuple) return before.parts.size() == after.parts.size();
  return before.kind == after.kind && (before.kind == map || is_sequence(before) || before.kind == structure);
}

std::string label(const TypeSchema& alternative) {
  return alternative.kind == structure || alternative.kind == enumeration ? alternative.name : in_words(alternative);
}

/// What every message would do, some messages do: those that hold it.
Crossing when_used(Crossing crossing) {
  if (crossing.verdict == Verdict::breaks) crossing.verdict = Verdict::conditional;
  return crossing;
}

std::string listed(const Value::Array& values) {
  std::string text;
  for (const Value& each : values) text += (text.empty() ? "" : ", ") + quoted(each);
  return text;
}

bool has(const std::vector<EnumValueSchema>& values, const EnumValueSchema& value) {
  return std::ranges::find(values, value) != values.end();
}

Value::Array missing_from(const Value::Array& all, const Value::Array& some_of_them) {
  Value::Array missing;
  std::ranges::copy_if(all, std::back_inserter(missing), [&](const Value& each) {
    return std::ranges::find(some_of_them, each) == some_of_them.end();
  });
  return missing;
}

}  // namespace

std::vector<Difference> differences(const Schema& before, const Schema& after, WireForm form) {
  return Comparison(before, after, form).run();
}

std::vector<Difference> Comparison::run() && {
  types(before_.type, after_.type, label(after_.type), false, 0);
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const Place place = std::move(pending_[i]);
    structs(place.before, place.after, place.path, place.in_union, 0);
  }
  return std::move(found_);
}

Comparison::Change Comparison::crossing_of(const TypeSchema& before, const TypeSchema& after) const {
  Crossing backward = cross(in_before(before), in_after(after), form_);
  backward = worse(std::move(backward), cross_shortest(in_before(before), in_after(after)));
  return {std::move(backward), cross(in_after(after), in_before(before), form_)};
}

void Comparison::report(std::string_view rule, const std::string& path, Change change, std::string before, std::string after) {
  Difference found;
  found.rule = rule;
  found.path = path;
  found.form = form_;
  found.backward = change.backward.verdict;
  found.forward = change.forward.verdict;
  found.before = std::move(before);
  found.after = std::move(after);
  found.backward_detail = sentence("New readers of old messages: ", change.backward.reason);
  found.forward_detail = sentence("Old readers of new messages: ", change.forward.reason);
  if (breaks(found, Level::full)) found.advice = find_rule(rule)->advice;
  found_.push_back(std::move(found));
}

bool Comparison::is_harmless(const Change& change) noexcept {
  return change.backward.verdict == Verdict::compatible && change.forward.verdict == Verdict::compatible;
}

void Comparison::types(const TypeSchema& before, const TypeSchema& after, const std::string& path, bool in_union,
                       std::size_t depth) {
  if (depth >= schema_depth_max || lacks_parts(before) || lacks_parts(after)) {
    const Crossing broken{Verdict::breaks, "the schema is broken or nested too deep"};
    return report("broken_schema", path, {broken, broken}, label(before), label(after));
  }
  if (before.kind == optional && after.kind == optional) {
    return types(before.parts[0], after.parts[0], path, in_union, depth + 1);
  }
  if ((before.kind == optional && after.kind == variant) || (before.kind == variant && after.kind == optional)) {
    return value_and_union(before, after, path, depth + 1);
  }
  if (before.kind == optional || after.kind == optional) {
    null(before, after, path);
    const TypeSchema& from = before.kind == optional ? before.parts[0] : before;
    const TypeSchema& to = after.kind == optional ? after.parts[0] : after;
    return types(from, to, path, in_union, depth + 1);
  }
  if (before.kind == variant && after.kind == variant) return unions(before, after, path, depth + 1);
  if (before.kind == variant || after.kind == variant) return value_and_union(before, after, path, depth + 1);
  if (has_constants(before) && has_constants(after)) return constants(before, after, path);
  if (before.kind == structure && after.kind == structure) return structs(before.name, after.name, path, in_union, depth + 1);
  if (same_shape_kinds(before, after)) return same_shape(before, after, path, depth + 1);
  if (!same_scalar(before, after)) return other_type(before, after, path);
  constraints(before, after, path);
}

void Comparison::same_shape(const TypeSchema& before, const TypeSchema& after, const std::string& path, std::size_t depth) {
  if (before.size != after.size) {
    Change change{cross_constraints(before, after), cross_constraints(after, before)};
    report("length_changed", path, std::move(change), in_words(before), in_words(after));
  } else {
    constraints(before, after, path);
  }
  if (before.kind == map) {
    types(before.parts[0], after.parts[0], path + "{key}", false, depth);
    return types(before.parts[1], after.parts[1], path + "{}", false, depth);
  }
  if (before.kind != tuple) return types(before.parts[0], after.parts[0], path + "[]", false, depth);
  for (std::size_t i = 0; i < before.parts.size(); ++i) {
    types(before.parts[i], after.parts[i], path + "[" + std::to_string(i) + "]", false, depth);
  }
}

void Comparison::null(const TypeSchema& before, const TypeSchema& after, const std::string& path) {
  const bool was = takes_null(before);
  const bool is = takes_null(after);
  if (was == is) return;
  Change change;
  (is ? change.forward : change.backward) = some("null is refused");
  report(is ? "null_allowed" : "null_refused", path, std::move(change), in_words(before), in_words(after));
}

void Comparison::value_and_union(const TypeSchema& before, const TypeSchema& after, const std::string& path, std::size_t depth) {
  report(after.kind == variant ? "value_to_union" : "union_to_value", path, crossing_of(before, after), in_words(before),
         in_words(after));
  // The alternative that is the value's own type may have changed as well.
  const TypeSchema& whole = before.kind == variant ? before : after;
  const TypeSchema& maybe = before.kind == variant ? after : before;
  const TypeSchema& value = maybe.kind == optional ? maybe.parts[0] : maybe;
  for (const TypeSchema& each : whole.parts) {
    if (each.kind != structure || value.kind != structure || each.name != value.name) continue;
    types(before.kind == variant ? each : value, before.kind == variant ? value : each, path, true, depth);
  }
}

void Comparison::unions(const TypeSchema& before, const TypeSchema& after, const std::string& path, std::size_t depth) {
  const auto same_tag = [&](const TypeSchema& a, const TypeSchema& b) {
    const StructSchema* from = struct_of({before_, a});
    const StructSchema* to = struct_of({after_, b});
    return from != nullptr && to != nullptr && from->tag && to->tag && from->tag == to->tag;
  };
  const auto same_name = [](const TypeSchema& a, const TypeSchema& b) {
    return a.kind == b.kind && a.name == b.name;
  };
  std::vector<std::optional<std::size_t>> partner(before.parts.size());
  std::vector<bool> taken(after.parts.size());
  const auto match = [&](auto&& same) {
    for (std::size_t i = 0; i < before.parts.size(); ++i) {
      for (std::size_t j = 0; j < after.parts.size() && !partner[i]; ++j) {
        if (taken[j] || !same(before.parts[i], after.parts[j])) continue;
        partner[i] = j;
        taken[j] = true;
      }
    }
  };
  match(same_tag);
  match(same_name);
  bool in_order = true;
  std::size_t last = 0;
  for (std::size_t i = 0; i < before.parts.size(); ++i) {
    const TypeSchema& part = before.parts[i];
    if (partner[i]) {
      in_order = in_order && *partner[i] >= last;
      last = *partner[i];
      types(part, after.parts[*partner[i]], path + "<" + label(after.parts[*partner[i]]) + ">", true, depth);
    } else if (part.kind == unknown) {
      report("unknown_alternative_removed", path, {some("unknown tags are refused"), {}}, in_words(before), in_words(after));
    } else {
      report("alternative_removed", path, {when_used(cross(in_before(part), in_after(after), form_)), {}}, label(part), "");
    }
  }
  for (std::size_t j = 0; j < after.parts.size(); ++j) {
    if (taken[j]) continue;
    const TypeSchema& part = after.parts[j];
    if (part.kind == unknown) {
      report("unknown_alternative_added", path, {}, in_words(before), in_words(after));
    } else {
      report("alternative_added", path, {{}, when_used(cross(in_after(part), in_before(before), form_))}, "", label(part));
      in_order = in_order && j >= last;
    }
  }
  if ((before.first_match || after.first_match) && (!in_order || before.first_match != after.first_match)) {
    const Crossing other{Verdict::silent, "a value that fits two alternatives is taken for the other one"};
    report("alternatives_reordered", path, {other, other}, in_words(before), in_words(after));
  }
}

void Comparison::constants(const TypeSchema& before, const TypeSchema& after, const std::string& path) {
  const EnumSchema* from = enum_of({before_, before});
  const EnumSchema* to = enum_of({after_, after});
  if ((before.kind == enumeration && from == nullptr) || (after.kind == enumeration && to == nullptr)) {
    const Crossing broken{Verdict::breaks, "the schema does not define its enum"};
    return report("broken_schema", path, {broken, broken}, label(before), label(after));
  }
  const Value::Array was = constants_of({before_, before});
  const Value::Array is = constants_of({after_, after});
  const Value::Array added = missing_from(is, was);
  const Value::Array removed = missing_from(was, is);
  const auto only = [](const Value::Array& values) {
    TypeSchema type;
    type.kind = literal;
    type.constants = values;
    return type;
  };
  const TypeSchema added_only = only(added);
  const TypeSchema removed_only = only(removed);
  if (!added.empty()) {
    Crossing forward = when_used(cross(in_after(added_only), in_before(before), form_));
    report("enum_value_added", path, {{}, std::move(forward)}, "", listed(added));
  }
  if (!removed.empty()) {
    Crossing backward = when_used(cross(in_before(removed_only), in_after(after), form_));
    report("enum_value_removed", path, {std::move(backward), {}}, listed(removed), "");
  }
  if (from == nullptr || to == nullptr) return constraints(before, after, path);
  for (const EnumValueSchema& each : to->values) {
    // A number may have several names.
    const auto old = std::ranges::find(from->values, each.value, &EnumValueSchema::value);
    if (old == from->values.end() || each.value.get_if<std::string>() != nullptr || has(from->values, each)) continue;
    const Crossing other{Verdict::silent, quoted(each.value) + " was `" + old->name + "` and is `" + each.name + "`"};
    report("enum_renumbered", path, {other, other}, old->name + " = " + json::encode(each.value),
           each.name + " = " + json::encode(each.value));
  }
  catch_all(*from, *to, path);
  constraints(before, after, path);
}

void Comparison::catch_all(const EnumSchema& before, const EnumSchema& after, const std::string& path) {
  if (before.catch_all == after.catch_all) return;
  if (before.catch_all.empty()) return report("enum_catch_all_added", path, {}, "", after.catch_all);
  Crossing refused = some("values that neither side lists were taken for `" + before.catch_all + "` and are refused");
  if (after.catch_all.empty()) {
    return report("enum_catch_all_removed", path, {std::move(refused), {}}, before.catch_all, "");
  }
  report("enum_catch_all_changed", path, {}, before.catch_all, after.catch_all);
}

void Comparison::constraints(const TypeSchema& before, const TypeSchema& after, const std::string& path) {
  Change change{cross_constraints(before, after), cross_constraints(after, before)};
  const std::string_view rule = rule_of_verdicts(change.backward.verdict, change.forward.verdict, "constraint_loosened",
                                                 "constraint_tightened", "constraint_changed");
  if (is_harmless(change)) return;
  report(rule, path, std::move(change), in_words(before), in_words(after));
}

void Comparison::other_type(const TypeSchema& before, const TypeSchema& after, const std::string& path) {
  Change change = crossing_of(before, after);
  std::string_view rule = before.kind == integer && after.kind == integer ? rule_of_integers(before, after)
                                                                          : rule_of_kinds(before, after);
  if (rule.empty()) {
    rule = rule_of_verdicts(change.backward.verdict, change.forward.verdict, "type_widened", "type_narrowed", "type_changed");
  }
  report(rule, path, std::move(change), in_words(before), in_words(after));
}

}  // namespace structwire::contract
