// SPDX-License-Identifier: Apache-2.0
#pragma once

// What only C++26 sees of a struct: rules that stand as annotations at it and at its members, and which members
// have an initializer.
//
//   struct [[=sw::forbid_unknown_fields]] Message {
//     std::string text;
//     [[=sw::between(0, 9)]] int priority = 0;
//   };
//
// An annotation is the same rule value as in `sw::Rules`, and means the same. Annotations of other libraries are not
// looked at. Without reflection there is none of it: GCC 12 and Clang 19 refuse the syntax; GCC 16 ignores annotations
// where it is called without -freflection, so a program that has them passes that flag to all its units.

#include <string_view>

#include <structwire/core/config.hpp>
#include <structwire/core/rules.hpp>

#if defined(__cpp_impl_reflection)
#include <meta>
#include <vector>
#endif

namespace structwire {

template <auto... Rule>
struct RuleList;

namespace reflect {

#if defined(__cpp_impl_reflection)

/// True where the compiler tells which members have an initializer.
inline constexpr bool sees_initializers = true;

consteval bool is_rule(std::meta::info annotation) {
  std::meta::info type = std::meta::remove_cv(std::meta::type_of(annotation));
  if (std::meta::has_template_arguments(type)) type = std::meta::template_of(type);
  return std::meta::has_parent(type) && std::meta::parent_of(type) == ^^structwire::rule;
}

/// The rules among the annotations of a type or of a member, as a RuleList in their order.
consteval std::meta::info annotated_rules(std::meta::info subject) {
  std::vector<std::meta::info> rules;
  for (const std::meta::info annotation : std::meta::annotations_of(subject)) {
    if (is_rule(annotation)) rules.push_back(std::meta::constant_of(annotation));
  }
  return std::meta::substitute(^^structwire::RuleList, rules);
}

/// The data member of the class with this name, or the nearest of its bases that has one; a null reflection for none.
consteval std::meta::info find_member(std::meta::info type, std::string_view name) {
  constexpr auto everything = std::meta::access_context::unchecked();
  for (const std::meta::info member : std::meta::nonstatic_data_members_of(type, everything)) {
    if (std::meta::has_identifier(member) && std::meta::identifier_of(member) == name) return member;
  }
  for (const std::meta::info base : std::meta::bases_of(type, everything)) {
    const std::meta::info found = find_member(std::meta::type_of(base), name);
    if (found != std::meta::info{}) return found;
  }
  return {};
}

template <class T>
struct TypeAnnotations {
  using type = typename[:annotated_rules(^^T):];
};
template <class T, const std::string_view& Name>
struct MemberAnnotations {
  using type = typename[:annotated_rules(find_member(^^T, Name)):];
};
template <class T, const std::string_view& Name>
inline constexpr bool has_initializer = std::meta::has_default_member_initializer(find_member(^^T, Name));

#else

inline constexpr bool sees_initializers = false;

template <class T>
struct TypeAnnotations {
  using type = RuleList<>;
};
template <class T, const std::string_view& Name>
struct MemberAnnotations {
  using type = RuleList<>;
};
template <class T, const std::string_view& Name>
inline constexpr bool has_initializer = false;

#endif

}  // namespace reflect
}  // namespace structwire
