// SPDX-License-Identifier: Apache-2.0
#pragma once

// The members of a struct as they stand on the wire (a part of core/plan.hpp): which, in what order, of what type and
// under what name. Apart from the Plan because most rules that an Encoder or Decoder brings change none of it: then
// all Plans of a struct have one of these, which is most of what the compiler has to work out.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/plan_members.hpp>
#include <structwire/core/rule_list.hpp>
#include <structwire/core/rule_place.hpp>

namespace structwire::plan_detail {

/// Rules that say something of the struct as a whole and nothing of its members.
template <class Rule>
inline constexpr bool is_of_the_whole =
    std::is_same_v<Rule, rule::UnknownFields> || std::is_same_v<Rule, rule::OmitDefaults> ||
    std::is_same_v<Rule, rule::ArrayLike> || std::is_same_v<Rule, rule::Deterministic>;

template <class Overrides>
struct FindOverridesOfMembers;
template <auto... Rule>
struct FindOverridesOfMembers<RuleList<Rule...>> {
  static constexpr bool none = (is_of_the_whole<std::remove_cvref_t<decltype(Rule)>> && ...);
  using type = std::conditional_t<none, RuleList<>, RuleList<Rule...>>;
};
template <class Overrides>
using OverridesOfMembers = typename FindOverridesOfMembers<Overrides>::type;

template <class T, class Overrides>
struct WireMembers {
  static_assert(StructType<T>, "structwire: a Plan is made of a struct");
  static_assert(RulesOfStruct<RulesOf<T>>,
                "structwire: among the rules of a struct stands one of a member: write `sw::member<&T::m, …>`");
  static_assert(rule_detail::all_name_own_members<T, RulesOf<T>>,
                "structwire: a rule names a member of another struct");
  using StructRules = JoinedRules<Overrides, RulesOf<T>>;
  using Declared = plan_detail::Declared<T, StructRules>;
  static constexpr bool by_initializers = StructRules::template has<rule::DefaultsFromInitializers>;
  static_assert(!by_initializers || reflect::sees_initializers,
                "structwire: defaults_from_initializers needs reflection (GCC 16 with -std=c++26 -freflection): "
                "elsewhere say `sw::defaulted` or `sw::defaulted_from`");

 private:
  static constexpr const auto& slots = plan_detail::slots<Declared, Overrides>;
  static constexpr NameStyle style = StructRules::first(rule::Rename{NameStyle::declared}).style;

  // What member I is: declared here, or by the struct that is flattened there.
  template <std::size_t I, bool Flattened>
  struct At {
    using Type = typename Declared::Members::template Type<slots[I].outer>;
    using RulesHere = typename Declared::template RulesOfMember<slots[I].outer>;
    static consteval MemberPlan plan() {
      constexpr std::size_t from = plan_detail::defaulted_from<Declared, StructRules>();
      constexpr bool initialized = [] {
        if constexpr (!by_initializers) return false;
        else return Declared::template has_initializer<slots[I].outer>;
      }();
      return plan_detail::make_member<Declared, slots[I].outer, style>(initialized || slots[I].outer >= from);
    }
    template <class Object>
    static constexpr auto& get(Object& object) noexcept {
      return Declared::Members::template get<slots[I].outer>(object);
    }
  };
  template <std::size_t I>
  struct At<I, true> {
    using Inner = WireMembers<typename Declared::template Type<slots[I].outer>, Overrides>;
    static constexpr auto index = static_cast<std::size_t>(slots[I].inner);
    using Type = typename Inner::template MemberType<index>;
    using RulesHere = typename Inner::template MemberRules<index>;
    static consteval MemberPlan plan() {
      MemberPlan member = Inner::members[index];
      if (member.number == index + 1) member.number = 0;
      return member;
    }
    template <class Object>
    static constexpr auto& get(Object& object) noexcept {
      return Inner::template get<index>(Declared::Members::template get<slots[I].outer>(object));
    }
  };
  template <std::size_t I>
  using Of = At<I, (slots[I].inner >= 0)>;

 public:
  static constexpr std::size_t size = slots.size();
  using Indices = std::make_index_sequence<size>;

  template <std::size_t I>
  using MemberType = typename Of<I>::Type;
  template <std::size_t I>
  using MemberRules = typename Of<I>::RulesHere;

  template <std::size_t I, class Object>
  static constexpr auto& get(Object& object) noexcept {
    return Of<I>::get(object);
  }
  template <std::size_t I, class F>
  static constexpr void visit_rules(F&& f) {
    MemberRules<I>::visit(f);
  }

  static constexpr std::array<MemberPlan, size> members = []<std::size_t... I>(std::index_sequence<I...>) {
    std::array<MemberPlan, size> made{Of<I>::plan()...};
    for (std::size_t i = 0; i < size; ++i) {
      if (made[i].number == 0) made[i].number = static_cast<std::uint32_t>(i + 1);
    }
    return made;
  }(Indices{});

  static constexpr std::string_view key(std::size_t i) noexcept { return members[i].wire_name; }
};

}  // namespace structwire::plan_detail
