// SPDX-License-Identifier: Apache-2.0
#pragma once

// Plan<T>: a struct as data. Everything that formats, schemas and contracts know about a struct comes from
// its Plan: per member the declared name, the wire name, the number, whether it must be present and its
// rules; for the struct its policy. All of it is constexpr; a Plan is never an object.
//
//   Plan<Message>::size                        number of members
//   Plan<Message>::members[0].wire_name        "message_id"
//   Plan<Message>::get<0>(message)             a reference to the member
//   Plan<Message>::visit_rules<4>(f)           calls f(rule) for each rule of member 4
//
// What a struct says wrongly is refused here, by a static_assert that names the remedy.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <structwire/core/reflect.hpp>
#include <structwire/core/rules.hpp>
#include <structwire/core/types.hpp>

namespace structwire {

/// What is known of one member.
struct MemberPlan {
  std::string_view declared_name;  ///< In C++.
  std::string_view wire_name;      ///< In formats with names.
  std::uint32_t number;            ///< In formats with numbers; 1 for the first member unless a rule says otherwise.
  bool required;                   ///< Absence is an error.
  bool defaulted;                  ///< Absent, it takes its initializer.
  bool omit_empty;                 ///< Not written while empty.
};

/// A set of members of one struct.
template <std::size_t Size>
class MemberSet {
 public:
  constexpr void insert(std::size_t i) noexcept { words_[i / 64] |= std::uint64_t{1} << (i % 64); }
  constexpr bool contains(std::size_t i) const noexcept { return (words_[i / 64] >> (i % 64) & 1) != 0; }
  constexpr bool includes(const MemberSet& other) const noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((other.words_[i] & ~words_[i]) != 0) return false;
    }
    return true;
  }
  friend constexpr bool operator==(const MemberSet&, const MemberSet&) = default;

 private:
  std::array<std::uint64_t, Size / 64 + 1> words_{};
};

namespace plan_detail {

template <auto... Rule>
struct RuleList {
  template <class F>
  static constexpr void visit(F&& f) {
    (f(Rule), ...);
  }
  template <class Wanted>
  static constexpr bool has = (std::is_same_v<std::remove_cvref_t<decltype(Rule)>, Wanted> || ...);
};

template <class... Lists>
struct Concatenated {
  using type = RuleList<>;
};
template <auto... A>
struct Concatenated<RuleList<A...>> {
  using type = RuleList<A...>;
};
template <auto... A, auto... B, class... Rest>
struct Concatenated<RuleList<A...>, RuleList<B...>, Rest...> : Concatenated<RuleList<A..., B...>, Rest...> {};

// The rules inside one `member<…>` as a list, with the member they are for.
template <class Rule>
struct MemberEntry {
  static constexpr std::string_view declared_name{};
  using List = RuleList<>;
};
template <auto Pointer, auto... Rule>
struct MemberEntry<rule::Member<Pointer, Rule...>> {
  static constexpr std::string_view declared_name = rule::Member<Pointer, Rule...>::declared_name;
  using List = RuleList<Rule...>;
};

// Members by structured bindings, or by the list of pointers that the struct gives.
template <class T, class MemberList>
struct Access {
  static_assert(!reflect::has_base<T>,
                "structwire: a struct with a base class must list its members: add "
                "`sw::members<&T::a, &T::b>` to its Rules");
  static_assert(reflect::member_count<T> <= reflect::member_count_max,
                "structwire: more than 128 members: list them with `sw::members<…>` in its Rules");
  static_assert(!reflect::has_c_array<T>, "structwire: C arrays have no wire form: use std::array");
  static constexpr std::size_t size = reflect::member_count<T>;

  template <std::size_t I>
  static constexpr std::string_view declared_name = reflect::member_name<T, I>;
  template <std::size_t I>
  using Type = reflect::MemberType<T, I>;
  template <std::size_t I, class Object>
  static constexpr auto& get(Object& object) noexcept {
    return std::get<I>(reflect::tie_members<size>(object));
  }
};

template <class T, auto... Pointers>
struct Access<T, rule::Members<Pointers...>> {
  static constexpr std::size_t size = sizeof...(Pointers);
  static constexpr std::tuple<decltype(Pointers)...> pointers{Pointers...};

  template <std::size_t I>
  static constexpr std::string_view declared_name =
      std::array<std::string_view, size>{reflect::pointer_name<Pointers>...}[I];
  template <std::size_t I, class Object>
  static constexpr auto& get(Object& object) noexcept {
    return object.*std::get<I>(pointers);
  }
  template <std::size_t I>
  using Type = std::remove_reference_t<decltype(get<I>(std::declval<T&>()))>;
};

template <class RuleSet>
struct FindMemberList {
  using type = void;
};
template <auto First, auto... Rest>
struct FindMemberList<Rules<First, Rest...>> {
  using Rule = std::remove_cvref_t<decltype(First)>;
  using type = typename std::conditional_t<is_member_list<Rule>, std::type_identity<Rule>,
                                           FindMemberList<Rules<Rest...>>>::type;
};

template <class RuleSet>
struct StructRules;
template <auto... Rule>
struct StructRules<Rules<Rule...>> {
  template <class Wanted>
  static constexpr bool has = (std::is_same_v<std::remove_cvref_t<decltype(Rule)>, Wanted> || ...);

  // The concatenation of all rules given for the member with this place in Names.
  template <class Names, std::size_t I>
  using Of = typename Concatenated<std::conditional_t<
      MemberEntry<std::remove_cvref_t<decltype(Rule)>>::declared_name == Names::names[I],
      typename MemberEntry<std::remove_cvref_t<decltype(Rule)>>::List, RuleList<>>...>::type;
};

template <class Access, class Indices>
struct DeclaredNames;
template <class Access, std::size_t... I>
struct DeclaredNames<Access, std::index_sequence<I...>> {
  static constexpr std::array<std::string_view, sizeof...(I)> names{Access::template declared_name<I>...};
};

constexpr bool is_wire_name(std::string_view name) noexcept {
  for (const char c : name) {
    if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) return false;
  }
  return true;
}

template <FixedText Text>
inline constexpr FixedText kept_text = Text;

template <class Rule>
constexpr void apply(MemberPlan&, Rule) noexcept {}
template <FixedText Text>
constexpr void apply(MemberPlan& member, rule::Name<Text>) noexcept {
  static_assert(is_wire_name(Text.view()),
                "structwire: a wire name holds no quote, no backslash and no control character");
  member.wire_name = kept_text<Text>.view();
}
constexpr void apply(MemberPlan& member, rule::Number rule) noexcept { member.number = rule.number; }

template <class Type, class List>
consteval MemberPlan make_member(std::string_view name, std::size_t index, bool all_defaulted) {
  constexpr bool required = List::template has<rule::Required>;
  constexpr bool defaulted = List::template has<rule::Defaulted>;
  if constexpr (!WireType<Type>) refuse_unsupported<Type>();
  static_assert(!(required && defaulted), "structwire: a member is either required or defaulted");
  MemberPlan member{};
  member.declared_name = name;
  member.wire_name = name;
  member.number = static_cast<std::uint32_t>(index + 1);
  member.defaulted = defaulted || (all_defaulted && !required);
  member.required = required || (!member.defaulted && !OptionalType<Type>);
  member.omit_empty = List::template has<rule::OmitEmpty>;
  List::visit([&](auto rule) { apply(member, rule); });
  return member;
}

template <std::size_t Size>
constexpr bool all_distinct(const std::array<MemberPlan, Size>& members) noexcept {
  for (std::size_t i = 0; i < Size; ++i) {
    for (std::size_t j = i + 1; j < Size; ++j) {
      if (members[i].wire_name == members[j].wire_name || members[i].number == members[j].number) return false;
    }
  }
  return true;
}

}  // namespace plan_detail

template <class T>
struct Plan {
  static_assert(StructType<T>, "structwire: a Plan is made of a struct");
  using Struct = T;
  using RuleSet = RulesOf<T>;
  using Access = plan_detail::Access<T, typename plan_detail::FindMemberList<RuleSet>::type>;

  static constexpr std::size_t size = Access::size;
  using Indices = std::make_index_sequence<size>;
  using Names = plan_detail::DeclaredNames<Access, Indices>;

  template <std::size_t I>
  using MemberType = typename Access::template Type<I>;

  template <std::size_t I, class Object>
  static constexpr auto& get(Object& object) noexcept {
    return Access::template get<I>(object);
  }

  static constexpr bool forbid_unknown_fields =
      plan_detail::StructRules<RuleSet>::template has<rule::ForbidUnknownFields>;
  static constexpr bool all_defaulted =
      plan_detail::StructRules<RuleSet>::template has<rule::AllDefaulted>;

  template <std::size_t I>
  using MemberRules = typename plan_detail::StructRules<RuleSet>::template Of<Names, I>;

  template <std::size_t I, class F>
  static constexpr void visit_rules(F&& f) {
    MemberRules<I>::visit(f);
  }

  static constexpr std::array<MemberPlan, size> members =
      []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<MemberPlan, size>{
            plan_detail::make_member<std::remove_const_t<MemberType<I>>, MemberRules<I>>(
                Names::names[I], I, all_defaulted)...};
      }(Indices{});

  static constexpr MemberSet<size> required = [] {
    MemberSet<size> set;
    for (std::size_t i = 0; i < size; ++i) {
      if (members[i].required) set.insert(i);
    }
    return set;
  }();

  static constexpr MemberSet<size> all = [] {
    MemberSet<size> set;
    for (std::size_t i = 0; i < size; ++i) set.insert(i);
    return set;
  }();

  static constexpr bool omits_members = [] {
    for (const MemberPlan& member : members) {
      if (member.omit_empty) return true;
    }
    return false;
  }();

  static_assert(plan_detail::all_distinct(members),
                "structwire: two members have the same wire name or the same number");

  /// Index of the member with this wire name; -1 when there is none. Linear; cold paths only.
  static constexpr int find(std::string_view wire_name) noexcept {
    for (std::size_t i = 0; i < size; ++i) {
      if (members[i].wire_name == wire_name) return static_cast<int>(i);
    }
    return -1;
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
constexpr void for_each_member(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f(std::integral_constant<std::size_t, I>{}), ...);
  }(typename P::Indices{});
}

}  // namespace structwire
