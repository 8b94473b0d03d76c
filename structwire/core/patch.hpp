// SPDX-License-Identifier: Apache-2.0
#pragma once

// A patch is a struct that says which members of another one change:
//
//   struct TaskPatch {
//     sw::Unset<std::string> title;                       // absent keeps, a text sets
//     sw::Unset<std::optional<std::int64_t>> deadline;    // absent keeps, null clears, a number sets
//     sw::Unset<LimitsPatch> limits;                      // a patch inside
//   };
//   sw::apply_patch(task, patch);                         // in place
//   const Task changed = sw::patched(task, patch);
//
// Members are matched by their declared names; each one of the patch must be in the base. What is absent keeps;
// a value sets, also when it equals the default; null clears: an optional (or Unset) becomes empty, any other
// member takes its initializer. A member of the patch that is no Unset always sets, or clears. A struct that is
// not the type of the base's member is a patch inside and is applied to it; where the base holds none in an
// optional, one is made first. Members of flattened members are matched like the others; skipped ones are not
// seen, nor unknown fields.
// Rules are not checked (core/validate.hpp), numbers are never narrowed.

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/plan.hpp>
#include <structwire/core/types.hpp>

namespace structwire {

template <StructType Base, class Patch>
  requires StructType<std::remove_cvref_t<Patch>>
Base& apply_patch(Base& base, Patch&& patch);

namespace patch_detail {

/// The index in the Plan of the member with this declared name; its size when there is none.
template <class T>
constexpr std::size_t find(std::string_view declared_name) noexcept {
  std::size_t i = 0;
  while (i < Plan<T>::size && Plan<T>::members[i].declared_name != declared_name) ++i;
  return i;
}

// In the compiler's message the name stands among the arguments of this template.
template <std::size_t Size>
struct MemberName {
  char characters[Size + 1]{};
  consteval explicit MemberName(std::string_view name) {
    for (std::size_t i = 0; i < Size; ++i) characters[i] = name[i];
  }
};
template <class Base, MemberName Name, bool Found>
consteval bool has_member() {
  static_assert(Found,
                "structwire: a member of the patch has no member of that name in the base (the compiler's note "
                "about `has_member` tells the name)");
  return Found;
}

template <class T>
decltype(auto) unwrapped(T& value) noexcept {
  if constexpr (AnnotatedType<std::remove_const_t<T>>) {
    return plain(value);
  } else {
    return (value);
  }
}

template <class V>
inline constexpr bool is_nullable = false;
template <class V>
  requires OptionalType<V>
inline constexpr bool is_nullable<V> = true;
template <class V>
  requires AnnotatedType<V>
inline constexpr bool is_nullable<V> = OptionalType<Plain<V>>;

template <class M>
inline constexpr bool is_wrapper = OptionalType<M> || UnsetType<M> || BoxType<M> || AnnotatedType<M>;

/// A value of type V can become the member M as it is. Numbers that could change on the way cannot.
template <class M, class V>
inline constexpr bool sets = std::is_assignable_v<M&, V>;
template <class M, class V>
  requires std::is_arithmetic_v<std::remove_cvref_t<V>>
inline constexpr bool sets<M, V> = std::is_same_v<M, bool> == std::is_same_v<std::remove_cvref_t<V>, bool> &&
                                   std::is_arithmetic_v<M> && requires(V value) { M{value}; };

/// What the wrapper holds; made where it holds nothing.
template <class M>
auto& held_in(M& member) {
  if constexpr (AnnotatedType<M>) {
    return plain(member);
  } else {
    if constexpr (OptionalType<M> || UnsetType<M>) {
      if (!member) {
        if constexpr (requires { member.emplace(); }) {
          member.emplace();
        } else {
          member = std::make_unique<typename M::element_type>();
        }
      }
    }
    return *member;
  }
}

template <class M, class V>
void assign(M& member, V&& value) {
  static_assert(!std::is_const_v<M>, "structwire: apply_patch changes the object in place, so no member is const");
  if constexpr (sets<M, V&&>) {
    member = std::forward<V>(value);
  } else if constexpr (is_wrapper<M>) {
    patch_detail::assign(held_in(member), std::forward<V>(value));
  } else if constexpr (AnnotatedType<std::remove_cvref_t<V>>) {
    patch_detail::assign(member, plain(value));
  } else if constexpr (StructType<M> && StructType<std::remove_cvref_t<V>>) {
    apply_patch(member, std::forward<V>(value));
  } else {
    static_assert(always_false<V>,
                  "structwire: a value of this member of the patch cannot become the base's member of that name "
                  "(types differ, or a number could be narrowed)");
  }
}

template <class Base, std::size_t I>
void clear(Base& base) {
  auto& member = Plan<Base>::template get<I>(base);
  using M = std::remove_reference_t<decltype(member)>;
  if constexpr (is_nullable<M> || UnsetType<M>) {
    unwrapped(member).reset();
  } else {
    static_assert(std::is_default_constructible_v<Base>,
                  "structwire: to clear a member that is no optional, the base must have its initializers");
    Base fresh{};
    member = std::move(Plan<Base>::template get<I>(fresh));
  }
}

template <class Base, std::size_t I, class V>
void take(Base& base, V&& value) {
  using Value = std::remove_cvref_t<V>;
  if constexpr (UnsetType<Value>) {
    if (value) patch_detail::take<Base, I>(base, *std::forward<V>(value));
  } else if constexpr (is_nullable<Value>) {
    if (unwrapped(value)) {
      patch_detail::take<Base, I>(base, *unwrapped(value));
    } else {
      clear<Base, I>(base);
    }
  } else {
    patch_detail::assign(Plan<Base>::template get<I>(base), std::forward<V>(value));
  }
}

template <class Base, class Patch, std::size_t I, class P>
void apply_member(Base& base, P&& patch) {
  constexpr std::string_view name = Plan<Patch>::members[I].declared_name;
  constexpr std::size_t index = find<Base>(name);
  if constexpr (has_member<Base, MemberName<name.size()>(name), (index < Plan<Base>::size)>()) {
    auto& value = Plan<Patch>::template get<I>(patch);
    if constexpr (std::is_lvalue_reference_v<P>) {
      take<Base, index>(base, value);
    } else {
      take<Base, index>(base, std::move(value));
    }
  }
}

}  // namespace patch_detail

/// Changes `base` and returns it. Values are moved out of a patch that is given as an rvalue.
template <StructType Base, class Patch>
  requires StructType<std::remove_cvref_t<Patch>>
Base& apply_patch(Base& base, Patch&& patch) {
  using P = std::remove_cvref_t<Patch>;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (patch_detail::apply_member<Base, P, I, Patch>(base, std::forward<Patch>(patch)), ...);
  }(typename Plan<P>::Indices{});
  return base;
}

/// A changed copy.
template <StructType Base, class Patch>
  requires StructType<std::remove_cvref_t<Patch>>
Base patched(Base base, Patch&& patch) {
  apply_patch(base, std::forward<Patch>(patch));
  return base;
}

}  // namespace structwire
