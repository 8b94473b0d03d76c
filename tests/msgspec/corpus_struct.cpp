// SPDX-License-Identifier: Apache-2.0

// What programs do with structs besides reading and writing them.

#include <array>

#include <structwire/core/equal.hpp>
#include <structwire/core/hash.hpp>
#include <structwire/core/ordering.hpp>
#include <structwire/core/replace.hpp>
#include <structwire/core/show.hpp>
#include <tests/msgspec/corpus_operations.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

// ---- what needs the type itself ----

template <class T>
Result<T> from_msgpack(std::string_view hex) {
  const std::string input = from_hex(hex);
  return msgpack::decode<T>(bytes_of(input));
}

template <class T>
Outcome show_struct(const Row& row) {
  Outcome ours;
  const auto value = from_msgpack<T>(row.input_msgpack);
  if (!value) return refused(value.error());
  ShowOptions options;
  options.omit_defaults = row.type == "ReprOmit";  // which asks for it in Python
  options.length_max = 1 << 20;
  ours.output = show(*value, options);
  ours.value = notation(*value);
  ours.output_format = "show";
  return ours;
}

bool agrees(const std::optional<bool>& theirs, bool ours) { return !theirs || *theirs == ours; }

template <class T>
Outcome compare_structs(const Row& row) {
  const auto a = from_msgpack<T>(row.a_msgpack);
  const auto b = from_msgpack<T>(row.b_msgpack);
  if (!a || !b) return refused((a ? b : a).error());
  const auto order = compare(*a, *b);
  const bool is_order = agrees(row.lt, order < 0) && agrees(row.le, order <= 0) &&
                        agrees(row.gt, order > 0) && agrees(row.ge, order >= 0);
  const bool is_hash = agrees(row.hash_eq, hash(*a) == hash(*b));
  const bool is_equal = equal(*a, *b);
  Outcome ours = expect(agrees(row.eq, is_equal) && is_order && is_hash && is_equal == (order == 0),
                        !agrees(row.eq, is_equal) ? is_equal ? "equal" : "not equal"
                        : is_order                ? "the hash"
                                                  : "the order");
  ours.value = notation(*a);
  return ours;
}

struct StructType {
  std::string_view id;
  Outcome (*show)(const Row& row);
  Outcome (*compare)(const Row& row);
};
template <class T>
constexpr StructType struct_type(std::string_view id) {
  return {id, show_struct<T>, compare_structs<T>};
}
constexpr std::array struct_types_here = {
    struct_type<Point>("Point"), struct_type<APoint>("APoint"),     struct_type<Frozen>("Frozen"),
    struct_type<Inner>("Inner"), struct_type<Message>("Message"),   struct_type<Outer>("Outer"),
    struct_type<Patch>("Patch"), struct_type<ReprOmit>("ReprOmit"), struct_type<User>("User"),
};

// ---- one member changed ----

struct Replacement {
  std::string_view type;
  std::string_view member;
  Outcome (*run)(const Row& row, const Value& changed);
};

// An Unset that is there is what it holds.
template <class Member>
Result<void> convert_member(const Value& value, Member& member) {
  if constexpr (UnsetType<Member>) {
    return convert_into(value, member.emplace());
  } else {
    return convert_into(value, member);
  }
}

template <auto Pointer>
Outcome replace_member(const Row& row, const Value& changed) {
  using Made = Change<Pointer>;
  Outcome ours;
  auto value = from_msgpack<typename Made::Struct>(row.input_msgpack);
  if (!value) return refused(value.error());
  typename Made::Member member{};
  if (changed.find("$unset") == nullptr) {
    if (auto converted = convert_member(to_plain(changed).value, member); !converted) {
      return refused(converted.error());
    }
  }
  auto replaced = checked_replace(std::move(*value), set<Pointer>(std::move(member)));
  if (replaced) {
    ours.value = notation(*replaced);
  } else {
    ours.error = std::move(replaced.error());
  }
  return ours;
}

template <auto Pointer>
constexpr Replacement replacement(std::string_view type, std::string_view member) {
  return {type, member, replace_member<Pointer>};
}
constexpr std::array replacements = {
    replacement<&Point::x>("Point", "x"),
    replacement<&Point::y>("Point", "y"),
    replacement<&RenCamel::field_one>("RenCamel", "field_one"),
    replacement<&Patch::x>("Patch", "x"),
    replacement<&Patch::y>("Patch", "y"),
    replacement<&Interval::low>("Interval", "low"),
    replacement<&Interval::high>("Interval", "high"),
};

HeldResult held_from(const CorpusType& type, std::string_view hex) {
  const std::string input = from_hex(hex);
  return type.decode(msgpack::format(), bytes_of(input), {});
}

}  // namespace

Verdict run_repr(const Row& row) {
  const auto* type = std::ranges::find(struct_types_here, row.type, &StructType::id);
  if (type == struct_types_here.end()) return unknown_type(row.type);
  Outcome ours = type->show(row);
  ours.same = ours.output == row.output;
  return ours;
}

Verdict run_compare(const Row& row) {
  const auto* type = std::ranges::find(struct_types_here, row.type, &StructType::id);
  return type == struct_types_here.end() ? unknown_type(row.type) : Verdict(type->compare(row));
}

Verdict run_replace(const Row& row) {
  const auto& changes = *row.changes.get_if<Value::Map>();
  const auto* found = std::ranges::find_if(replacements, [&](const Replacement& each) {
    return each.type == row.type && changes.size() == 1 && changes[0].key == Value(each.member);
  });
  if (found == replacements.end()) return unknown_type(row.type + " with these changes");
  Outcome ours = found->run(row, changes[0].value);
  ours.same =
      ours.error ? is_error(row, ours.error) : row.ok && row.value && is_value(*row.value, ours);
  return ours;
}

// The members by name, and as a tuple: in C++ they are simply there.
Verdict run_asdict(const Row& row) {
  const CorpusType* type = find_type(row.type);
  if (type == nullptr) return unknown_type(row.type);
  const auto held = held_from(*type, row.input_msgpack);
  if (!held) return refused(held.error());
  const Value notation = (*held)->notation();
  Outcome ours;
  Value::Map members;
  Value::Array tuple;
  for (const auto& [key, value] : *notation.get_if<Value::Map>()) {
    if (key == Value("$struct")) continue;
    members.push_back({key, value});
    tuple.push_back(value);
  }
  ours.value = Value(std::move(members));
  ours.same = row.value && is_value(*row.value, ours) &&
              in_order(Value(std::move(tuple))) == in_order(row.tuple);
  return ours;
}

}  // namespace structwire::testing::corpus
