// SPDX-License-Identifier: Apache-2.0
#pragma once

// The members of a struct, for programs that want to walk them or print a table of them:
//
//   sw::for_each_member(message, [](std::string_view name, const auto& value) { … });
//   for (const sw::MemberPlan& field : sw::fields<Message>()) …     // declared name, wire name, required, …
//   sw::struct_options<Message>.forbid_unknown_fields
//
// All of it is the Plan (core/plan.hpp), which is constexpr: nothing is made at run time.

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/plan.hpp>

namespace structwire {

/// The members of T as they are declared, of which the Plan is made: a flattened member is one member here, the
/// member that keeps unknown fields and those with `skip` are there too.
template <StructType T>
struct DeclaredMembers {
  using Declared = typename Plan<T>::Declared;
  static constexpr std::size_t size = Declared::size;
  using Indices = std::make_index_sequence<size>;

  template <std::size_t I>
  static constexpr std::string_view name = Declared::template name<I>;
  template <std::size_t I>
  using Type = typename Declared::template Type<I>;
  template <std::size_t I>
  static constexpr plan_detail::Place place = Declared::template place<I>();
  /// Where member I stands in the Plan; meaningless when it does not stand there as itself.
  template <std::size_t I>
  static constexpr std::size_t index_in_plan = []<std::size_t... Before>(std::index_sequence<Before...>) {
    return (std::size_t{0} + ... + plan_detail::slots_at<Declared, RuleList<>, Before>());
  }(std::make_index_sequence<I>{});

  template <std::size_t I, class Object>
  static constexpr auto& get(Object& object) noexcept {
    return Declared::Members::template get<I>(object);
  }
};

/// Calls f(name, member) for each member of the struct in the order of their declaration, with declared names.
/// Shallow: a struct inside is one member. `x` may be const; members of one that is not may be changed.
template <class T, class F>
  requires StructType<std::remove_const_t<T>>
constexpr void for_each_member(T& x, F&& f) {
  using Members = DeclaredMembers<std::remove_const_t<T>>;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (static_cast<void>(f(Members::template name<I>, Members::template get<I>(x))), ...);
  }(typename Members::Indices{});
}

/// What is on the wire, in wire order: a row for each member with its declared and its wire name, its aliases, its
/// number, and whether it is required or defaulted. Members of a flattened member stand among the others.
template <StructType T>
constexpr std::span<const MemberPlan> fields() noexcept {
  return Plan<T>::members;
}

/// What the rules of a struct say about the whole of it.
struct StructOptions {
  std::string_view name;  ///< Of the type, in C++.
  bool omit_defaults = false;
  bool forbid_unknown_fields = false;
  bool keeps_unknown_fields = false;
  bool array_like = false;
  bool deterministic = false;  ///< Maps and sets inside are written in order.
  NameStyle rename = NameStyle::declared;
  TagPlan tag;  ///< Its kind is TagKind::none for a struct without a tag.
};

template <StructType T>
inline constexpr StructOptions struct_options{
    .name = reflect::type_name<T>,
    .omit_defaults = Plan<T>::omit_defaults,
    .forbid_unknown_fields = Plan<T>::forbid_unknown_fields,
    .keeps_unknown_fields = Plan<T>::keeps_unknown_fields,
    .array_like = Plan<T>::array_like,
    .deterministic = Plan<T>::deterministic,
    .rename = Plan<T>::StructRules::first(rule::Rename{NameStyle::declared}).style,
    .tag = Plan<T>::tag,
};

}  // namespace structwire
