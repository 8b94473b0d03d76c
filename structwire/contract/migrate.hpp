// SPDX-License-Identifier: Apache-2.0
#pragma once

// Versions of one message and the way from each to the next.
//
//   struct MessageV1 { … };  struct MessageV2 { … };  struct Message { … };
//   MessageV2 migrate(MessageV1&& old);      // beside the structs: found by their namespace
//   Message   migrate(MessageV2&& old);
//   using Messages = sw::Migrations<MessageV1, MessageV2, Message>;
//
//   Message message = Messages::upgrade(MessageV1{…});
//
// The chain is checked where it is named: a version without a way to the next does not compile. `migrate` may return
// Result<Next> where some old values have no new form; upgrade then returns Result<Latest>. The way back is optional:
// `migrate_back(Next&&) -> Previous`, or Result<Previous>.
//
// A version's number is its `sw::version<N>` rule, or else its place in the list counted from 1. What decodes any of
// them: contract/decode_any_version.hpp.

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include <structwire/core/error.hpp>
#include <structwire/core/plan.hpp>

namespace structwire {

namespace migrate_detail {

// Only what stands beside the versions is looked at, and these are functions.
struct Nothing;
void migrate(const Nothing&);
void migrate_back(const Nothing&);

template <class T>
struct Given {
  using type = T;
  static constexpr bool fallible = false;
};
template <class T>
struct Given<Result<T>> {
  using type = T;
  static constexpr bool fallible = true;
};

template <class From>
using Up = decltype(migrate(std::declval<From>()));
template <class From>
using Down = decltype(migrate_back(std::declval<From>()));

template <class From, class To>
concept Leads = requires { typename Up<From&&>; } && std::is_same_v<typename Given<Up<From&&>>::type, To>;
template <class From, class To>
concept LeadsBack = requires { typename Down<From&&>; } && std::is_same_v<typename Given<Down<From&&>>::type, To>;

template <class From>
inline auto step_up(From&& from) {
  return migrate(std::move(from));
}
template <class From>
inline auto step_down(From&& from) {
  return migrate_back(std::move(from));
}

// The compiler names both in its note on this.
template <class Older, class Newer>
struct Link {
  static_assert(Leads<Older, Newer>,
                "structwire: a version has no way to the next: write `Newer migrate(Older&&)` beside the older struct");
  static constexpr bool leads = Leads<Older, Newer>;
};

template <class T>
consteval std::uint32_t number_by_rule() {
  if constexpr (StructType<T>) {
    return Plan<T>::StructRules::first(rule::Version{0}).number;
  } else {
    return 0;
  }
}

template <std::size_t Size>
consteval bool all_rise(const std::array<std::uint32_t, Size>& numbers) {
  for (std::size_t i = 1; i < Size; ++i) {
    if (numbers[i] <= numbers[i - 1]) return false;
  }
  return true;
}

template <std::size_t Size>
consteval bool all_or_none(const std::array<std::uint32_t, Size>& ruled) {
  for (const std::uint32_t each : ruled) {
    if ((each == 0) != (ruled[0] == 0)) return false;
  }
  return true;
}

}  // namespace migrate_detail

/// The versions of a message from the oldest to the newest; see above. Never an object that matters: all is static.
template <class... Version>
struct Migrations {
  static_assert(sizeof...(Version) > 0, "structwire: Migrations lists at least one version");
  static constexpr std::size_t size = sizeof...(Version);
  template <std::size_t I>
  using At = std::tuple_element_t<I, std::tuple<Version...>>;
  using Latest = At<size - 1>;

  /// Of each version, rising.
  static constexpr std::array<std::uint32_t, size> numbers = [] {
    constexpr std::array<std::uint32_t, size> ruled{migrate_detail::number_by_rule<Version>()...};
    static_assert(migrate_detail::all_or_none(ruled),
                  "structwire: either all versions in Migrations have a rule `sw::version<N>` or none has");
    static_assert(ruled[0] == 0 || migrate_detail::all_rise(ruled),
                  "structwire: versions stand in Migrations from the oldest to the newest: each `sw::version<N>` is "
                  "above the one before");
    std::array<std::uint32_t, size> made = ruled;
    for (std::size_t i = 0; i < size; ++i) made[i] = ruled[0] == 0 ? static_cast<std::uint32_t>(i + 1) : ruled[i];
    return made;
  }();
  static constexpr std::uint32_t latest_number = numbers[size - 1];

  /// Where T stands in the list; size when it is not there.
  template <class T>
  static constexpr std::size_t place = [] {
    constexpr std::array<bool, size> same{std::is_same_v<T, Version>...};
    std::size_t i = 0;
    while (i < size && !same[i]) ++i;
    return i;
  }();
  /// Where the version of this number stands; size when there is none.
  static constexpr std::size_t place_of(std::uint32_t number) noexcept {
    std::size_t i = 0;
    while (i < size && numbers[i] != number) ++i;
    return i;
  }

  /// Can a message of the newest version become one of version I?
  template <std::size_t I>
  static constexpr bool leads_back_to = []<std::size_t... K>(std::index_sequence<K...>) {
    return (migrate_detail::LeadsBack<At<I + K + 1>, At<I + K>> && ...);
  }(std::make_index_sequence<size - 1 - I>{});

  /// The newest version's value of an older one's (or of its own). A Result where a link on the way returns one. What a
  /// migrate throws passes; decode_any_version turns it into an error.
  template <class Old>
    requires(!std::is_lvalue_reference_v<Old>)
  static auto upgrade(Old&& old) {
    constexpr std::size_t from = place<std::remove_cvref_t<Old>>;
    static_assert(from < size, "structwire: upgrade takes one of the versions of its Migrations");
    return climb<from>(std::move(old));
  }

  /// An older version's value, by migrate_back.
  template <class Old>
  static auto downgrade(Latest&& latest) {
    constexpr std::size_t to = place<Old>;
    static_assert(
        to < size && leads_back_to<to % size>,
        "structwire: there is no way back to this version: write `Older migrate_back(Newer&&)` for each step");
    return descend<size - 1, to>(std::move(latest));
  }

 private:
  static constexpr bool linked = []<std::size_t... I>(std::index_sequence<I...>) {
    return (migrate_detail::Link<At<I>, At<I + 1>>::leads && ...);
  }(std::make_index_sequence<size - 1>{});
  static_assert(linked || size == 1);

  template <std::size_t I>
  static consteval bool fallible_up() {
    if constexpr (I + 1 >= size) {
      return false;
    } else {
      return migrate_detail::Given<migrate_detail::Up<At<I>&&>>::fallible || fallible_up<I + 1>();
    }
  }
  template <std::size_t I, std::size_t To>
  static consteval bool fallible_down() {
    if constexpr (I <= To) {
      return false;
    } else {
      return migrate_detail::Given<migrate_detail::Down<At<I>&&>>::fallible || fallible_down<I - 1, To>();
    }
  }

  template <std::size_t I>
  using Climbed = std::conditional_t<fallible_up<I>(), Result<Latest>, Latest>;
  template <std::size_t I, std::size_t To>
  using Descended = std::conditional_t<fallible_down<I, To>(), Result<At<To>>, At<To>>;

  template <std::size_t I>
  static Climbed<I> climb(At<I>&& value) {
    if constexpr (I + 1 == size) {
      return std::move(value);
    } else {
      auto next = migrate_detail::step_up(std::move(value));
      if constexpr (migrate_detail::Given<decltype(next)>::fallible) {
        if (!next) return std::unexpected(std::move(next.error()));
        return climb<I + 1>(std::move(*next));
      } else {
        return climb<I + 1>(std::move(next));
      }
    }
  }

  template <std::size_t I, std::size_t To>
  static Descended<I, To> descend(At<I>&& value) {
    if constexpr (I == To) {
      return std::move(value);
    } else {
      auto next = migrate_detail::step_down(std::move(value));
      if constexpr (migrate_detail::Given<decltype(next)>::fallible) {
        if (!next) return std::unexpected(std::move(next.error()));
        return descend<I - 1, To>(std::move(*next));
      } else {
        return descend<I - 1, To>(std::move(next));
      }
    }
  }
};

/// The same, where a field of the messages holds the version's number: an integer, or a Literal of a version's own. The
/// oldest version may be without it: a message without the field is then one of those.
template <FixedText Field, class... Version>
struct MigrationsByField : Migrations<Version...> {
  static constexpr std::string_view field = Field.view();
};

}  // namespace structwire
