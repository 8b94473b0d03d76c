// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a rule may stand: beside `sw::member`, inside of it, or in an Annotated. A rule anywhere else would say
// nothing, so core/plan.hpp, core/annotated.hpp and the codecs refuse it.

#include <type_traits>

#include <structwire/core/rule_list.hpp>
#include <structwire/core/rules.hpp>

namespace structwire {

namespace rule_detail {

struct Places {
  bool of_struct = false;
  bool of_member = false;
  bool of_value = false;  ///< In an Annotated, which knows no member around it.
};
inline constexpr Places of_struct{.of_struct = true};
inline constexpr Places of_member{.of_member = true};
inline constexpr Places of_value{.of_member = true, .of_value = true};

/// What is no rule has no place.
template <class Rule>
inline constexpr Places places{};

template <auto Pointer, auto... Rule>
inline constexpr Places places<rule::Member<Pointer, Rule...>> = of_struct;
template <auto... Pointers>
inline constexpr Places places<rule::Members<Pointers...>> = of_struct;
template <>
inline constexpr Places places<rule::AllDefaulted> = of_struct;
template <>
inline constexpr Places places<rule::DefaultsFromInitializers> = of_struct;
template <auto Pointer>
inline constexpr Places places<rule::DefaultedFrom<Pointer>> = of_struct;
template <>
inline constexpr Places places<rule::OmitDefaults> = of_struct;
template <>
inline constexpr Places places<rule::UnknownFields> = of_struct;
template <>
inline constexpr Places places<rule::ArrayLike> = of_struct;
template <>
inline constexpr Places places<rule::Deterministic> = of_struct;
template <>
inline constexpr Places places<rule::Tagged> = of_struct;
template <TagConstant Constant>
inline constexpr Places places<rule::Tag<Constant>> = of_struct;
template <FixedText Text>
inline constexpr Places places<rule::TagField<Text>> = of_struct;
template <>
inline constexpr Places places<rule::Rename> = of_struct;

template <>
inline constexpr Places places<rule::Version> = of_struct;

inline constexpr Places anywhere{.of_struct = true, .of_member = true, .of_value = true};
template <auto Function>
inline constexpr Places places<rule::ValidatedBy<Function>> = anywhere;
template <FixedText Text>
inline constexpr Places places<rule::Title<Text>> = anywhere;
template <FixedText Text>
inline constexpr Places places<rule::Description<Text>> = anywhere;
template <FixedText Json>
inline constexpr Places places<rule::SchemaExtra<Json>> = anywhere;

template <>
inline constexpr Places places<rule::Defaulted> = of_member;
template <>
inline constexpr Places places<rule::Required> = of_member;
template <>
inline constexpr Places places<rule::OmitEmpty> = of_member;
template <>
inline constexpr Places places<rule::Skip> = of_member;
template <>
inline constexpr Places places<rule::EncodeOnly> = of_member;
template <>
inline constexpr Places places<rule::DecodeOnly> = of_member;
template <>
inline constexpr Places places<rule::Flatten> = of_member;
template <>
inline constexpr Places places<rule::KeepUnknownFields> = of_member;
template <FixedText... Texts>
inline constexpr Places places<rule::Alias<Texts...>> = of_member;
template <FixedText Text>
inline constexpr Places places<rule::Name<Text>> = of_member;
template <>
inline constexpr Places places<rule::Number> = of_member;

template <>
inline constexpr Places places<rule::FirstMatch> = of_value;
template <>
inline constexpr Places places<rule::Aware> = of_value;
template <>
inline constexpr Places places<rule::Naive> = of_value;
template <class Codec>
inline constexpr Places places<rule::With<Codec>> = of_value;
template <FixedText Text>
inline constexpr Places places<rule::Pattern<Text>> = of_value;
template <>
inline constexpr Places places<rule::BytesText> = of_value;
template <class N>
inline constexpr Places places<rule::MultipleOf<N>> = of_value;
template <class Limit>
inline constexpr Places places<rule::AtLeast<Limit>> = of_value;
template <class Limit>
inline constexpr Places places<rule::AtMost<Limit>> = of_value;
template <class Limit>
inline constexpr Places places<rule::Above<Limit>> = of_value;
template <class Limit>
inline constexpr Places places<rule::Below<Limit>> = of_value;
template <class Limit>
inline constexpr Places places<rule::Between<Limit>> = of_value;
template <>
inline constexpr Places places<rule::MinLength> = of_value;
template <>
inline constexpr Places places<rule::MaxLength> = of_value;

template <class List>
inline constexpr bool all_of_struct = false;
template <auto... Rule>
inline constexpr bool all_of_struct<RuleList<Rule...>> =
    (places<std::remove_cvref_t<decltype(Rule)>>.of_struct && ...);
template <class List>
inline constexpr bool all_of_member = false;
template <auto... Rule>
inline constexpr bool all_of_member<RuleList<Rule...>> =
    (places<std::remove_cvref_t<decltype(Rule)>>.of_member && ...);
template <class List>
inline constexpr bool all_of_value = false;
template <auto... Rule>
inline constexpr bool all_of_value<RuleList<Rule...>> =
    (places<std::remove_cvref_t<decltype(Rule)>>.of_value && ...);

/// True for rules that name members of T or of a base of it, and for those that name none.
template <class T, class Pointer>
inline constexpr bool points_into = false;
template <class T, class Type, class Owner>
inline constexpr bool points_into<T, Type Owner::*> = std::is_base_of_v<Owner, T>;
template <class T, class Rule>
inline constexpr bool names_own_member = true;
template <class T, auto Pointer, auto... Rule>
inline constexpr bool names_own_member<T, rule::Member<Pointer, Rule...>> = points_into<T, decltype(Pointer)>;
template <class T, auto Pointer>
inline constexpr bool names_own_member<T, rule::DefaultedFrom<Pointer>> = points_into<T, decltype(Pointer)>;
template <class T, class List>
inline constexpr bool all_name_own_members = false;
template <class T, auto... Rule>
inline constexpr bool all_name_own_members<T, RuleList<Rule...>> =
    (names_own_member<T, std::remove_cvref_t<decltype(Rule)>> && ...);

}  // namespace rule_detail

/// Every rule of the list may stand there; the list is flat.
template <class List>
concept RulesOfStruct = rule_detail::all_of_struct<List>;
template <class List>
concept RulesOfMember = rule_detail::all_of_member<List>;
template <class List>
concept RulesOfValue = rule_detail::all_of_value<List>;

}  // namespace structwire
