// SPDX-License-Identifier: Apache-2.0
#pragma once

// Plan<T>: a struct as data. Everything that formats, schemas and contracts know about a struct comes from
// its Plan: per member the declared name, the wire name, the number, whether it must be present and its
// rules; for the struct its tag and policy. All of it is constexpr; a Plan is never an object.
//
//   Plan<Message>::size                        number of members on the wire
//   Plan<Message>::members[0].wire_name        "message_id"
//   Plan<Message>::get<0>(message)             a reference to the member
//   Plan<Message>::visit_rules<4>(f)           calls f(rule) for each rule of member 4
//
// Members of a flattened member stand among the others; skipped ones are not there. A tagged struct has one
// more key than members: `tag_index`, which comes first on the wire.
// Plan<T, Overrides> is the Plan under a codec's own struct rules, which win over those of the struct.
// What a struct says wrongly is refused here, by a static_assert that names the remedy.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/config.hpp>
#include <structwire/core/limits.hpp>
#include <structwire/core/plan_members.hpp>
#include <structwire/core/rule_list.hpp>
#include <structwire/core/rule_place.hpp>
#include <structwire/core/wire_members.hpp>
#include <structwire/core/types.hpp>

namespace structwire {

namespace plan_detail {

/// Length and three characters: enough to pass over nearly every other key with one compare.
constexpr std::uint32_t key_print(std::string_view name) noexcept {
  if (name.empty()) return 0;
  const auto at = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(name[i])}; };
  return static_cast<std::uint8_t>(name.size()) | at(0) << 8 | at(name.size() / 2) << 16 | at(name.size() - 1) << 24;
}

inline namespace STRUCTWIRE_INLINE {

// No template, and not in line: one loop for all structs, else 20 KB for 33 of them.
STRUCTWIRE_NOINLINE constexpr int find_key(std::span<const std::string_view> names, std::span<const std::uint32_t> prints,
                       std::string_view name) noexcept {
  const std::uint32_t print = key_print(name);
  for (std::size_t i = 0; i < prints.size(); ++i) {
    if (prints[i] == print && names[i] == name) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace STRUCTWIRE_INLINE

constexpr bool have_aliases(std::span<const MemberPlan> members) noexcept {
  for (const MemberPlan& member : members) {
    if (!member.aliases.empty()) return true;
  }
  return false;
}

inline namespace STRUCTWIRE_INLINE {

STRUCTWIRE_NOINLINE constexpr int find_alias(std::span<const MemberPlan> members, std::string_view name) noexcept {
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (const std::string_view alias : members[i].aliases) {
      if (alias == name) return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace plan_detail

using plan_detail::TagKind;
using plan_detail::TagPlan;

template <class T, class Overrides>
struct Plan : plan_detail::WireMembers<T, plan_detail::OverridesOfMembers<Overrides>> {
  static_assert(RulesOfStruct<Overrides>, "structwire: an Encoder or Decoder takes rules of structs");
  using Struct = T;
  /// What depends on no rule for the struct as a whole, and is the same for several Plans of one struct.
  using Wire = plan_detail::WireMembers<T, plan_detail::OverridesOfMembers<Overrides>>;
  /// Of the struct; a codec's own come first.
  using StructRules = JoinedRules<Overrides, RulesOf<T>>;
  using typename Wire::Declared;
  using typename Wire::Indices;
  using Wire::members;
  using Wire::size;
  template <std::size_t I>
  using MemberType = typename Wire::template MemberType<I>;
  template <std::size_t I>
  using MemberRules = typename Wire::template MemberRules<I>;

  static constexpr TagPlan tag = plan_detail::make_tag<T, StructRules>();
  static constexpr bool tagged = tag.kind != TagKind::none;
  /// The tag's place among the keys, and how many keys there are.
  static constexpr std::size_t tag_index = size;
  static constexpr std::size_t key_count = size + tagged;
  /// The key that comes first on the wire.
  static constexpr std::size_t first_key = tagged ? tag_index : 0;
  /// The wire name of member I, or of the tag.
  static constexpr std::string_view key(std::size_t i) noexcept {
    return i < size ? members[i].wire_name : tag.field;
  }

  static constexpr bool forbid_unknown_fields = StructRules::first(rule::UnknownFields{false}).forbidden;
  static constexpr bool omit_defaults = StructRules::first(rule::OmitDefaults{false}).omit;
  static constexpr bool array_like = StructRules::first(rule::ArrayLike{false}).as_array;
  static constexpr bool deterministic = StructRules::template has<rule::Deterministic>;

  /// True when some value of the struct has members that are not written.
  static constexpr bool omits_members = []<std::size_t... I>(std::index_sequence<I...>) {
    return ((members[I].omit_empty || members[I].decode_only || UnsetType<std::remove_const_t<MemberType<I>>>) || ...);
  }(Indices{});

  /// Declared index of the member that keeps unknown fields; -1 when there is none.
  static constexpr int unknown_fields_member = []<std::size_t... I>(std::index_sequence<I...>) {
    int found = -1;
    ((found = Declared::template place<I>() == plan_detail::Place::unknown_fields ? static_cast<int>(I) : found), ...);
    return found;
  }(std::make_index_sequence<Declared::size>{});
  static constexpr bool keeps_unknown_fields = [] {
    if constexpr (unknown_fields_member < 0) {
      return false;
    } else {
      using Fields = typename Declared::template Type<static_cast<std::size_t>(unknown_fields_member)>;
      static_assert(plan_detail::UnknownFieldsType<Fields>,
                    "structwire: keep_unknown_fields is for a map from std::string to sw::Raw or sw::Value");
      return plan_detail::UnknownFieldsType<Fields>;
    }
  }();
  template <class Object>
  static constexpr auto& unknown_fields(Object& object) noexcept {
    return Declared::Members::template get<static_cast<std::size_t>(unknown_fields_member)>(object);
  }

  static constexpr MemberSet<size> all = [] {
    MemberSet<size> set;
    for (std::size_t i = 0; i < size; ++i) set.insert(i);
    return set;
  }();

  /// Keys in the order of their wire names.
  static constexpr std::array<std::size_t, key_count> sorted_keys = [] {
    std::array<std::size_t, key_count> order{};
    for (std::size_t i = 0; i < key_count; ++i) order[i] = i;
    std::ranges::sort(order, [](std::size_t a, std::size_t b) { return key(a) < key(b); });
    return order;
  }();

  static constexpr std::string_view name_taken_twice =
      plan_detail::name_taken_twice<plan_detail::count_names(members)>(members, tag);
  static_assert(!plan_detail::NameTakenTwice<FixedText<name_taken_twice.size()>(name_taken_twice)>::refused);
  static_assert(plan_detail::have_distinct_numbers(members), "structwire: two members have the same number");
  static_assert(plan_detail::all_printable(members, tag),
                "structwire: a wire name holds no quote, no backslash and no control character");
  // A codec's own rule wins, as everywhere: what the struct would keep is then refused.
  static_assert(!(keeps_unknown_fields && RulesOf<T>::first(rule::UnknownFields{false}).forbidden),
                "structwire: a struct cannot both forbid and keep unknown fields");

  static constexpr std::array<std::string_view, key_count> key_names = [] {
    std::array<std::string_view, key_count> names;
    for (std::size_t i = 0; i < key_count; ++i) names[i] = key(i);
    return names;
  }();
  static constexpr std::array<std::uint32_t, key_count> key_prints = [] {
    std::array<std::uint32_t, key_count> prints{};
    for (std::size_t i = 0; i < key_count; ++i) prints[i] = plan_detail::key_print(key(i));
    return prints;
  }();

  /// True where fields that the struct does not declare are passed over without a word.
  static constexpr bool ignores_unknown_fields(UnknownFieldPolicy policy) noexcept {
    if (policy == UnknownFieldPolicy::by_struct) return !forbid_unknown_fields && !keeps_unknown_fields;
    return policy == UnknownFieldPolicy::ignore;
  }

  /// Index of the key with this wire name or alias; -1 when there is none.
  static constexpr int find(std::string_view wire_name) noexcept {
    const int found = plan_detail::find_key(key_names, key_prints, wire_name);
    if constexpr (plan_detail::have_aliases(members)) {
      if (found < 0) return plan_detail::find_alias(members, wire_name);
    }
    return found;
  }
  static constexpr int find(std::uint32_t number) noexcept {
    for (std::size_t i = 0; i < size; ++i) {
      if (members[i].number == number) return static_cast<int>(i);
    }
    return -1;
  }
};

/// Calls f(std::integral_constant<std::size_t, I>) for every member, in wire order.
template <class P, class F>
STRUCTWIRE_ALWAYS_INLINE constexpr void for_each_member(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
    (f(std::integral_constant<std::size_t, I>{}), ...);
  }(typename P::Indices{});
}

namespace plan_detail {

template <class Codec>
struct FindOverrides {
  using type = RuleList<>;
};
template <class Codec>
  requires requires { typename Codec::Overrides; }
struct FindOverrides<Codec> {
  using type = typename Codec::Overrides;
};

}  // namespace plan_detail

/// The Plan of T as a Reader or Writer sees it: with the struct rules that it overrides.
template <class Codec, class T>
using PlanIn = Plan<T, typename plan_detail::FindOverrides<Codec>::type>;

/// What structs are on the wire: what each one says, or all the same.
enum class StructForm : std::uint8_t { own, array, object };

/// What they are to a Reader or Writer, which may override it.
template <class Codec>
inline constexpr StructForm struct_form = [] {
  using Overrides = typename plan_detail::FindOverrides<Codec>::type;
  if (!Overrides::template has<rule::ArrayLike>) return StructForm::own;
  return Overrides::first(rule::ArrayLike{false}).as_array ? StructForm::array : StructForm::object;
}();

}  // namespace structwire
