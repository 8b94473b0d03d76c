// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lists of rules at compile time: what stands in `Rules<…>` and `member<…>`, with groups opened up.

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <structwire/core/annotations.hpp>
#include <structwire/core/rules.hpp>

namespace structwire {

template <auto... Rule>
struct RuleList {
  static constexpr bool empty = sizeof...(Rule) == 0;

  /// Calls f(rule) for each.
  template <class F>
  static constexpr void visit(F&& f) {
    (f(Rule), ...);
  }
  template <class Wanted>
  static constexpr bool has = (std::is_same_v<std::remove_cvref_t<decltype(Rule)>, Wanted> || ...);

  /// The first rule of this type, else `otherwise`.
  template <class Wanted>
  static constexpr Wanted first(Wanted otherwise) noexcept {
    bool found = false;
    [[maybe_unused]] const auto look = [&]<class R>(const R& rule) {
      if constexpr (std::is_same_v<R, Wanted>) {
        if (!found) otherwise = rule;
        found = true;
      }
    };
    (look(Rule), ...);
    return otherwise;
  }
};

namespace rule_detail {

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

template <auto Rule, class Type>
struct Opened {
  using type = RuleList<Rule>;
};
template <auto Rule, auto... Inside>
struct Opened<Rule, rule::Group<Inside...>>
    : Concatenated<typename Opened<Inside, std::remove_cvref_t<decltype(Inside)>>::type...> {};

template <class List>
struct ListOf;
template <auto... Rule>
struct ListOf<Rules<Rule...>>
    : Concatenated<typename Opened<Rule, std::remove_cvref_t<decltype(Rule)>>::type...> {};
template <auto... Rule>
struct ListOf<RuleList<Rule...>>
    : Concatenated<typename Opened<Rule, std::remove_cvref_t<decltype(Rule)>>::type...> {};

// The rules inside one `member<…>` as a list, with the member they are for.
template <class Rule>
struct MemberEntry {
  static constexpr std::string_view declared_name{};
  using List = RuleList<>;
};
template <auto Pointer, auto... Rule>
struct MemberEntry<rule::Member<Pointer, Rule...>> {
  static constexpr std::string_view declared_name = rule::Member<Pointer, Rule...>::declared_name;
  using List = typename ListOf<RuleList<Rule...>>::type;
};

/// All rules that `member<…>` entries of a list give to the member with this declared name. No alias stands for its
/// `type`: GCC 16 cannot pass a name that depends on a template's parameter through one.
template <class List, const std::string_view& Name>
struct ForMember;
template <auto... Rule, const std::string_view& Name>
struct ForMember<RuleList<Rule...>, Name>
    : Concatenated<std::conditional_t<
          MemberEntry<std::remove_cvref_t<decltype(Rule)>>::declared_name == Name,
          typename MemberEntry<std::remove_cvref_t<decltype(Rule)>>::List, RuleList<>>...> {};

template <class Rule>
inline constexpr bool is_member_list = false;
template <auto... Pointers>
inline constexpr bool is_member_list<rule::Members<Pointers...>> = true;

template <class List>
struct MemberListIn {
  using type = void;
};
template <auto First, auto... Rest>
struct MemberListIn<RuleList<First, Rest...>> {
  using Rule = std::remove_cvref_t<decltype(First)>;
  using type = typename std::conditional_t<is_member_list<Rule>, std::type_identity<Rule>,
                                           MemberListIn<RuleList<Rest...>>>::type;
};

template <class List, class Kept>
struct Only;
template <auto... Rule, class Kept>
struct Only<RuleList<Rule...>, Kept>
    : Concatenated<std::conditional_t<std::is_same_v<std::remove_cvref_t<decltype(Rule)>, Kept>, RuleList<Rule>,
                                      RuleList<>>...> {};

template <auto... Rule>
Rules<Rule...> as_rules(const Rules<Rule...>&);

template <class T>
struct FindRules {
  using type = decltype(as_rules(std::declval<rules_for<T>>()));
};
template <class T>
  requires requires { typename T::wire; }
struct FindRules<T> {
  using type = decltype(as_rules(std::declval<typename T::wire>()));
};

/// The list with the annotations behind it.
template <class List, class Annotations>
struct WithAnnotations : Concatenated<List, typename ListOf<Annotations>::type> {};
template <class List>
struct WithAnnotations<List, RuleList<>> {
  using type = List;
};

}  // namespace rule_detail

/// Rules<…> or RuleList<…> as one flat RuleList.
template <class List>
using FlatRules = typename rule_detail::ListOf<List>::type;

template <class... Lists>
using JoinedRules = typename rule_detail::Concatenated<Lists...>::type;

/// What the alternatives of a std::variant take over from the rules of the whole: how bytes stand as text. All other
/// rules are about the whole.
template <class List>
using AlternativeRules = typename rule_detail::Only<List, rule::BytesText>::type;

/// The rules that apply to T: its own `wire`, else rules_for<T>; behind them its annotations.
template <class T>
using RulesOf = typename rule_detail::WithAnnotations<FlatRules<typename rule_detail::FindRules<T>::type>,
                                                      typename reflect::TypeAnnotations<T>::type>::type;

/// `rule::Members<…>` when List lists the members, else void.
template <class List>
using MemberListOf = typename rule_detail::MemberListIn<List>::type;

}  // namespace structwire
