// SPDX-License-Identifier: Apache-2.0
//
// The compatibility check of structs: their members, in maps by name and in arrays by place; tags; unknown fields.
#include <structwire/contract/compare/comparison.hpp>

#include <algorithm>

#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

bool forbids(const StructSchema& structure) noexcept { return structure.unknown_fields == UnknownFields::forbid; }
bool is_required(const MemberSchema& member) noexcept { return member.presence == Presence::required; }

std::string named(std::string_view name) { return "`" + std::string(name) + "`"; }

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

/// It reads a field of that name.
bool reads(const MemberSchema& member, const std::string& name) { return member.name == name || has(member.aliases, name); }

/// Close enough to be the same member under another name.
bool looks_alike(const MemberSchema& a, const MemberSchema& b) {
  return a.type.kind == b.type.kind && a.type.name == b.type.name && is_required(a) == is_required(b);
}

/// What a reader makes of a member that is not there, as people read it.
std::string absent_text(const MemberSchema& member) {
  return member.default_value ? quoted(*member.default_value) : "absent";
}

/// The encoder leaves the member out for some values.
bool may_be_left_out(const StructSchema& structure, const MemberSchema& member) noexcept {
  if (structure.array_like) return false;
  if (member.decode_only || member.omit_empty || member.presence == Presence::unset) return true;
  return structure.omit_defaults && !is_required(member);
}

/// Some message of the contract can come without it: in an array only where nothing required stands behind it.
bool may_be_missing(const StructSchema& structure, std::size_t index) noexcept {
  const auto behind = structure.members.begin() + static_cast<std::ptrdiff_t>(index) + 1;
  return !structure.array_like || std::none_of(behind, structure.members.end(), is_required);
}

bool is_empty(const Unset<Value>& value) {
  if (!value || value->is_null()) return true;
  if (const auto* text = value->get_if<std::string>()) return text->empty();
  if (const auto* items = value->get_if<Value::Array>()) return items->empty();
  const auto* entries = value->get_if<Value::Map>();
  return entries != nullptr && entries->empty();
}

/// A value that its writer left out, at a reader that has a value of its own for it.
Crossing cross_absence(const MemberSchema& written, const MemberSchema& read) {
  if (written.decode_only || read.encode_only) return {};
  if (written.omit_empty && !is_empty(read.default_value)) {
    return wrong("what was left out because it is empty is taken for " + absent_text(read));
  }
  if (written.presence == Presence::unset && !read.default_value) return {};
  if (written.omit_empty && is_empty(written.default_value)) return {};
  if (written.default_value == read.default_value) return {};
  return wrong("what was left out as " + absent_text(written) + " is taken for " + absent_text(read));
}

/// What happens to a field that the reader does not know.
Crossing cross_unknown(const MemberSchema& written, const StructSchema& reader) {
  if (!forbids(reader)) return {};
  return all(reader.array_like ? "the array is refused, because it has an item too many"
                               : "the field " + named(written.name) + " is refused as unknown");
}

Crossing cross_missing(const MemberSchema& read) {
  if (!is_required(read)) return {};
  return all(named(read.name) + " is missing, and required");
}

std::string member_text(const MemberSchema& member) {
  std::string text = in_words(member.type);
  if (member.presence == Presence::defaulted) text += " = " + (member.default_value ? json::encode(*member.default_value) : "…");
  if (member.presence == Presence::unset) text += ", may be unset";
  return text;
}

/// How a message with another name arrives.
Crossing cross_name(const MemberSchema& written, const MemberSchema& read, const StructSchema& reader) {
  if (written.decode_only || read.encode_only || reads(read, written.name)) return {};
  if (is_required(read)) return all(named(written.name) + " comes where " + named(read.name) + " is required");
  if (forbids(reader)) return all("the field " + named(written.name) + " is refused as unknown");
  return wrong("the value of " + named(written.name) + " is dropped, and " + named(read.name) + " becomes " + absent_text(read));
}

/// Below schema_depth_max by what one definition nests.
constexpr std::size_t struct_depth_max = schema_depth_max / 2;

std::string member_path(const std::string& path, const MemberSchema& member) { return path + "." + member.name; }

}  // namespace

void Comparison::structs(const std::string& before, const std::string& after, const std::string& path, bool in_union,
                         std::size_t depth) {
  const StructSchema* from = before_.find_struct(before);
  const StructSchema* to = after_.find_struct(after);
  if (from == nullptr || to == nullptr) {
    const Crossing broken{Verdict::breaks, "the schema does not define its struct"};
    return report("broken_schema", path, {broken, broken}, before, after);
  }
  if (compared_.contains({before, after, in_union})) return;
  // Structs inside structs without end use no stack without end; and no path does.
  if (depth >= struct_depth_max) return pending_.push_back({before, after, "…" + after, in_union});
  compared_.emplace(before, after, in_union);
  if (from->array_like != to->array_like) {
    const Crossing refused = all("an object is refused where an array is expected, and an array where an object is");
    return report("array_like_changed", path, {refused, refused}, from->array_like ? "array" : "map",
                  to->array_like ? "array" : "map");
  }
  tags(*from, *to, path, in_union);
  if (compared_.contains({before, after, !in_union})) return;
  policies(*from, *to, path);
  if (to->array_like) {
    array_members(*from, *to, path, depth);
  } else {
    map_members(*from, *to, path, depth);
  }
}

void Comparison::tags(const StructSchema& before, const StructSchema& after, const std::string& path, bool in_union) {
  if (before.tag == after.tag && (before.tag_field == after.tag_field || after.array_like)) return;
  const auto text = [](const StructSchema& structure) {
    return structure.tag ? structure.tag_field + ": " + json::encode(*structure.tag) : std::string();
  };
  const auto extra = [](const StructSchema& writer, const StructSchema& reader) {
    return forbids(reader) && writer.tag ? all("the field " + named(writer.tag_field) + " is refused as unknown") : Crossing{};
  };
  if (before.tag && after.tag) {
    Crossing refused = all("the tag " + quoted(*before.tag) + " is refused where " + quoted(*after.tag) + " is expected");
    if (before.tag == after.tag) {
      refused = all("the tag is looked for in another field");
      if (!in_union) return report("tag_changed", path, {extra(before, after), extra(after, before)}, text(before), text(after));
    }
    Crossing back = before.tag == after.tag ? refused
                                            : all("the tag " + quoted(*after.tag) + " is refused where " + quoted(*before.tag) + " is expected");
    return report("tag_changed", path, {std::move(refused), std::move(back)}, text(before), text(after));
  }
  // In an array the tag takes the first place: shifted_members() tells.
  if (after.array_like) return;
  const Crossing missing = in_union ? all("the tag is missing") : Crossing{};
  Change change;
  (after.tag ? change.backward : change.forward) = missing;
  (after.tag ? change.forward : change.backward) = extra(after.tag ? after : before, after.tag ? before : after);
  report(after.tag ? "tag_added" : "tag_removed", path, std::move(change), text(before), text(after));
}

void Comparison::policies(const StructSchema& before, const StructSchema& after, const std::string& path) {
  if (before.checked != after.checked) {
    Change change;
    (after.checked ? change.backward : change.forward) = some("what the reader's own validator turns down is refused");
    report(after.checked ? "constraint_tightened" : "constraint_loosened", path, std::move(change),
           before.checked ? "checked by the program" : "", after.checked ? "checked by the program" : "");
  }
  if (before.unknown_fields == after.unknown_fields) return;
  constexpr const auto& names = enum_table<UnknownFields>;
  const auto text = [&](const StructSchema& s) { return std::string(names.names[names.position(s.unknown_fields)]); };
  if (forbids(after)) {
    Crossing refused = some(after.array_like ? "arrays with more items than are declared are refused"
                                             : "messages with a field that is not declared are refused");
    return report("unknown_fields_forbidden", path, {std::move(refused), {}}, text(before), text(after));
  }
  const std::string_view rule = forbids(before)                                 ? "unknown_fields_allowed"
                                : before.unknown_fields == UnknownFields::keep ? "unknown_fields_dropped"
                                                                               : "unknown_fields_kept";
  report(rule, path, {}, text(before), text(after));
}

Comparison::Pairing Comparison::paired(const StructSchema& before, const StructSchema& after) {
  std::vector<bool> taken_before(before.members.size());
  std::vector<bool> taken_after(after.members.size());
  Pairing pairing;
  const auto match = [&](auto&& same) {
    for (std::size_t i = 0; i < before.members.size(); ++i) {
      for (std::size_t j = 0; j < after.members.size() && !taken_before[i]; ++j) {
        if (taken_after[j] || !same(i, j)) continue;
        pairing.pairs.push_back({i, j});
        taken_before[i] = taken_after[j] = true;
      }
    }
  };
  const auto& from = before.members;
  const auto& to = after.members;
  match([&](std::size_t i, std::size_t j) { return from[i].name == to[j].name; });
  match([&](std::size_t i, std::size_t j) { return has(to[j].aliases, from[i].name) || has(from[i].aliases, to[j].name); });
  match([&](std::size_t i, std::size_t j) { return from[i].cpp_name() == to[j].cpp_name(); });
  // A rename looks like one removed and one added. Both can be meant; but taking a rename for them would hide that values
  // are lost, so those that look alike are taken for a rename. In arrays the place decides.
  match([&](std::size_t i, std::size_t j) { return i == j && (before.array_like || looks_alike(from[i], to[j])); });
  match([&](std::size_t i, std::size_t j) { return !before.array_like && looks_alike(from[i], to[j]); });
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!taken_before[i]) pairing.removed.push_back(i);
  }
  for (std::size_t j = 0; j < to.size(); ++j) {
    if (!taken_after[j]) pairing.added.push_back(j);
  }
  std::ranges::sort(pairing.pairs, {}, &Pair::after);
  return pairing;
}

void Comparison::map_members(const StructSchema& before, const StructSchema& after, const std::string& path, std::size_t depth) {
  const Pairing pairing = paired(before, after);
  for (const Pair each : pairing.pairs) pair(before, after, each, path, depth);
  tail(before, after, pairing, path);
}

/// Members that came and went, where no other member moves for it.
void Comparison::tail(const StructSchema& before, const StructSchema& after, const Pairing& pairing, const std::string& path) {
  for (const std::size_t i : pairing.removed) {
    const MemberSchema& member = before.members[i];
    Crossing backward = member.decode_only ? Crossing{} : cross_unknown(member, after);
    report(is_required(member) ? "required_member_removed" : "member_removed", member_path(path, member),
           {std::move(backward), cross_missing(member)}, member_text(member), "");
  }
  for (const std::size_t j : pairing.added) {
    const MemberSchema& member = after.members[j];
    Crossing forward = member.decode_only ? Crossing{} : cross_unknown(member, before);
    report(is_required(member) ? "required_member_added" : "member_added", member_path(path, member),
           {cross_missing(member), std::move(forward)}, "", member_text(member));
  }
}

void Comparison::pair(const StructSchema& before, const StructSchema& after, Pair pair, const std::string& path,
                      std::size_t depth) {
  const MemberSchema& from = before.members[pair.before];
  const MemberSchema& to = after.members[pair.after];
  const std::string at = member_path(path, to);
  name(before, after, pair, at);
  if (from.encode_only != to.encode_only || (from.decode_only != to.decode_only && !after.array_like)) {
    Change change;
    if (to.decode_only && !from.decode_only) change.forward = cross_missing(from);
    if (from.decode_only && !to.decode_only) change.backward = cross_missing(to);
    const auto text = [](const MemberSchema& m) { return m.encode_only ? "only written" : m.decode_only ? "only read" : "read and written"; };
    report("member_direction_changed", at, std::move(change), text(from), text(to));
  }
  presence(before, after, pair, at);
  types(from.type, to.type, at, false, depth);
}

void Comparison::name(const StructSchema& before, const StructSchema& after, Pair pair, const std::string& path) {
  const MemberSchema& from = before.members[pair.before];
  const MemberSchema& to = after.members[pair.after];
  if (from.name == to.name) {
    if (!after.array_like) aliases(from, to, after, path);
    return;
  }
  const bool aliased = has(to.aliases, from.name);
  Change change;
  if (!after.array_like) change = {cross_name(from, to, after), cross_name(to, from, before)};
  report(aliased ? "member_renamed_with_alias" : "member_renamed", path, std::move(change), from.name, to.name);
}

void Comparison::aliases(const MemberSchema& before, const MemberSchema& after, const StructSchema& reader,
                         const std::string& path) {
  for (const std::string& alias : before.aliases) {
    if (has(after.aliases, alias)) continue;
    Crossing lost = wrong("a value under the name " + named(alias) + " is dropped");
    if (is_required(after) || forbids(reader)) lost = some("messages with the name " + named(alias) + " are refused");
    report("alias_removed", path, {std::move(lost), {}}, alias, "");
  }
  for (const std::string& alias : after.aliases) {
    if (!has(before.aliases, alias)) report("alias_added", path, {}, "", alias);
  }
}

void Comparison::presence(const StructSchema& before, const StructSchema& after, Pair pair, const std::string& path) {
  const MemberSchema& from = before.members[pair.before];
  const MemberSchema& to = after.members[pair.after];
  if (is_required(from) && is_required(to)) return;
  Change change;
  if (is_required(to)) {
    change.backward = some("messages without it are refused");
    return report("member_made_required", path, std::move(change), member_text(from), member_text(to));
  }
  if (is_required(from)) {
    if (may_be_left_out(after, to)) change.forward = some("messages that leave it out are refused");
    return report("member_made_optional", path, std::move(change), member_text(from), member_text(to));
  }
  // Absent on both sides. Who always writes it lets nobody guess; but old data may come without it.
  if (may_be_missing(before, pair.before)) change.backward = cross_absence(from, to);
  if (may_be_left_out(after, to)) change.forward = cross_absence(to, from);
  const bool same = from.presence == to.presence && from.presence == Presence::defaulted && !from.omit_empty && !to.omit_empty;
  if (is_harmless(change)) return;
  report(same ? "default_changed" : "absence_changed", path, std::move(change), member_text(from), member_text(to));
}

// ---- array-like ----

void Comparison::array_members(const StructSchema& before, const StructSchema& after, const std::string& path, std::size_t depth) {
  const Pairing pairing = paired(before, after);
  const std::size_t common = pairing.pairs.size();
  const bool in_place = before.tag.has_value() == after.tag.has_value() &&
                        std::ranges::all_of(pairing.pairs, [](Pair each) { return each.before == each.after; }) &&
                        std::ranges::all_of(pairing.removed, [&](std::size_t i) { return i >= common; }) &&
                        std::ranges::all_of(pairing.added, [&](std::size_t j) { return j >= common; });
  if (!in_place) {
    shifted_members(before, after, pairing, path);
    for (const Pair each : pairing.pairs) {
      types(before.members[each.before].type, after.members[each.after].type,
            member_path(path, after.members[each.after]), false, depth);
    }
    return;
  }
  for (const Pair each : pairing.pairs) pair(before, after, each, path, depth);
  tail(before, after, pairing, path);
}

namespace {

/// An array that one side wrote, item by item, at a reader that has other members in these places.
Crossing cross_places(TypeIn written_in, const StructSchema& written, TypeIn read_in, const StructSchema& read, WireForm form) {
  const std::vector<TypeSchema> from = slots_of(written);
  const std::vector<TypeSchema> to = slots_of(read);
  for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i) {
    const Crossing each = cross(written_in.with(from[i]), read_in.with(to[i]), form);
    if (each.verdict == Verdict::breaks) return all("item " + std::to_string(i) + ": " + each.reason);
  }
  if (from.size() > to.size() && forbids(read)) return all("the array is refused, because it has an item too many");
  const std::size_t tag = read.tag ? 1 : 0;
  for (std::size_t i = from.size(); i < to.size(); ++i) {
    if (i >= tag && is_required(read.members[i - tag])) return all("the array is too short");
  }
  return wrong("items are taken for other members, because their types fit");
}

}  // namespace

void Comparison::shifted_members(const StructSchema& before, const StructSchema& after, const Pairing& pairing,
                                 const std::string& path) {
  const TypeIn old_in = in_before(before_.type);
  const TypeIn new_in = in_after(after_.type);
  const Change change{cross_places(old_in, before, new_in, after, form_), cross_places(new_in, after, old_in, before, form_)};
  bool told = false;
  for (const std::size_t i : pairing.removed) {
    const MemberSchema& member = before.members[i];
    report("member_removed_inside", member_path(path, member), change, member_text(member), "");
    told = true;
  }
  for (const std::size_t j : pairing.added) {
    const MemberSchema& member = after.members[j];
    report("member_inserted", member_path(path, member), change, "", member_text(member));
    told = true;
  }
  if (before.tag.has_value() != after.tag.has_value()) {
    report(after.tag ? "tag_added" : "tag_removed", path, change, before.tag ? json::encode(*before.tag) : "",
           after.tag ? json::encode(*after.tag) : "");
    told = true;
  }
  if (told) return;
  const auto order = [](const StructSchema& structure) {
    std::string names;
    for (const MemberSchema& member : structure.members) names += (names.empty() ? "" : ", ") + member.name;
    return names;
  };
  report("members_reordered", path, change, order(before), order(after));
}

}  // namespace structwire::contract
