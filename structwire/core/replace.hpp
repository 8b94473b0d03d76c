// SPDX-License-Identifier: Apache-2.0
#pragma once

// A changed copy of a struct:
//
//   const Task later = sw::replace(task, sw::set<&Task::priority>(9), sw::set<&Task::note>("again"));
//   auto checked = sw::checked_replace(task, sw::set<&Task::priority>(99));    // std::expected<Task, sw::Error>
//
// The copy is assigned to, member by member. A struct that cannot be assigned to, because it has const members, is
// made anew as an aggregate instead: it then has no base class, no constructor, no C array and at most 128 members;
// anything else with const members does not compile. Members that are not named are copied, or moved where
// the struct is given as an rvalue. Rules are checked by checked_replace only (core/validate.hpp).

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/error.hpp>
#include <structwire/core/reflect.hpp>
#include <structwire/core/validate.hpp>

namespace structwire {

namespace replace_detail {

template <class Pointer>
struct Parts;
template <class T, class M>
struct Parts<M T::*> {
  using Struct = T;
  using Member = std::remove_const_t<M>;
};

}  // namespace replace_detail

/// One member and its new value; made by `set`.
template <auto Pointer>
struct Change {
  using Struct = typename replace_detail::Parts<decltype(Pointer)>::Struct;
  using Member = typename replace_detail::Parts<decltype(Pointer)>::Member;
  static constexpr auto pointer = Pointer;
  static constexpr std::string_view name = reflect::pointer_name<Pointer>;
  /// The language lets one assign to the member of an object that is not const.
  static constexpr bool assigns = requires(Struct& object, Member&& value) { object.*Pointer = std::move(value); };

  Member value;
};

/// The member that Pointer points to gets `value`, which is converted to the member's type here.
template <auto Pointer>
  requires std::is_member_object_pointer_v<decltype(Pointer)>
constexpr Change<Pointer> set(typename Change<Pointer>::Member value) {
  return {std::move(value)};
}

namespace replace_detail {

template <class... Changes>
constexpr bool all_distinct() {
  constexpr std::array<std::string_view, sizeof...(Changes)> names{Changes::name...};
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = i + 1; j < names.size(); ++j) {
      if (names[i] == names[j]) return false;
    }
  }
  return true;
}

/// What member I of the new object is made of: the change that names it, else the old member.
template <class T, std::size_t I, class Change, class... Rest>
constexpr auto pick(T& old, Change& change, Rest&... rest) -> std::remove_const_t<reflect::MemberType<T, I>> {
  if constexpr (Change::name == reflect::member_name<T, I>) {
    return std::move(change.value);
  } else if constexpr (sizeof...(Rest) != 0) {
    return pick<T, I>(old, rest...);
  } else {
    // Const members of an object that is given away are copied: there is no moving out of them.
    return std::move(reflect::tied_member<I>(reflect::tie_members<reflect::member_count<T>>(old)));
  }
}

template <class T, class... Changes>
constexpr T made_anew(T& old, Changes&... changes) {
  static_assert(std::is_aggregate_v<T> && !reflect::has_base<T>,
                "structwire: replace cannot assign to a const member, and makes only aggregates without bases anew");
  static_assert(reflect::member_count<T> <= reflect::member_count_max && !reflect::has_c_array<T>,
                "structwire: replace cannot make a struct with const members anew when it has C arrays or more than "
                "128 members");
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return T{pick<T, I>(old, changes...)...};
  }(std::make_index_sequence<reflect::member_count<T>>{});
}

}  // namespace replace_detail

/// `x` with the changes. Each member is named at most once.
template <class T, class... Changes>
constexpr T replace(T x, Changes... changes) {
  static_assert((std::is_base_of_v<typename Changes::Struct, T> && ...),
                "structwire: replace takes members of this struct: `sw::replace(x, sw::set<&T::member>(value))`");
  static_assert(replace_detail::all_distinct<Changes...>(), "structwire: replace names a member twice");
  if constexpr ((Changes::assigns && ...)) {
    ((x.*Changes::pointer = std::move(changes.value)), ...);
    return x;
  } else {
    return replace_detail::made_anew(x, changes...);
  }
}

/// The same, when the copy keeps its rules.
template <class T, class... Changes>
Result<T> checked_replace(T x, Changes... changes) {
  Result<T> changed = structwire::replace(std::move(x), std::move(changes)...);
  if (auto valid = validate(*changed); !valid) return std::unexpected(std::move(valid.error()));
  return changed;
}

}  // namespace structwire
