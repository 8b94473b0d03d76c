// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decoding structs (a part of core/decode.hpp).
//
// One decode_fields per (reader, struct), each member's code once in it. Input in the order of declaration
// runs straight down: the reader predicts the next member, compares one constant, and the chain below falls
// through. Input in another order goes round the chain again; that costs a compare per member passed over.

#include <algorithm>
#include <array>

#include <structwire/core/decode.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// How a format treats one member.
template <class R, class P, std::size_t I>
struct MemberIn {
  using Type = std::remove_const_t<typename P::template MemberType<I>>;
  static constexpr bool repeats = ArrayType<Type> || MapType<Type> || SetType<Type>;
  /// Its items may come in several places of the struct, so its rules are checked at the struct's end.
  static constexpr bool merged = R::traits.merges_repeated && repeats;
  /// Holding nothing and being absent are the same on the wire, whatever the rules say.
  static constexpr bool empty_when_absent = !R::traits.absent_is_visible && (OptionalType<Type> || repeats);
  static constexpr bool required = P::members[I].required && !empty_when_absent;
  static constexpr bool takes_initializer = P::members[I].defaulted && !empty_when_absent;
};

template <class P, std::size_t I, class R, class M>
bool decode_member(R& reader, M& member) {
  static_assert(!std::is_const_v<M>, "structwire: const members can be encoded, not decoded");
  using List = typename P::template MemberRules<I>;
  if constexpr (P::members[I].encode_only && R::traits.self_describing) {
    return reader.skip();
  } else if constexpr (P::members[I].encode_only) {
    M ignored{};
    return decode_ruled<typename check::WithoutChecks<List>::type>(reader, ignored);
  } else if constexpr (MemberIn<R, P, I>::merged) {
    return decode_value(reader, member);
  } else {
    return decode_ruled<List>(reader, member);
  }
}

// Rules of members that came in parts.
template <class P, class R>
bool check_merged(R& reader, const typename P::Struct& value, std::size_t start) {
  bool holds = true;
  for_each_member<P>([&](auto index) {
    constexpr std::size_t i = index;
    using List = typename P::template MemberRules<i>;
    if constexpr (MemberIn<R, P, i>::merged && check::has_constraints<List>) {
      if (!holds || check_rules<List>(reader, P::template get<i>(value), start)) return;
      holds = reader.in_member(P::members[i].wire_name);
    }
  });
  return holds;
}

/// The members that may be absent and are then given a value.
template <class R, class P>
inline constexpr auto optional_members = []<std::size_t... I>(std::index_sequence<I...>) {
  constexpr std::array<bool, P::size + 1> optional{(!MemberIn<R, P, I>::required && !P::members[I].encode_only)..., false};
  std::array<std::size_t, std::ranges::count(optional, true)> places{};
  for (std::size_t i = 0, next = 0; i < optional.size(); ++i) {
    if (optional[i]) places[next++] = i;
  }
  return places;
}(typename P::Indices{});

// Members that were absent: required ones are an error; the others take their initializer, also when the
// object was used before.
template <class P, class R>
STRUCTWIRE_NOINLINE bool settle_absent(R& reader, typename P::Struct& out, const MemberSet<P::size>& seen,
                                       std::size_t start) {
  constexpr auto required = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<bool, P::size>{MemberIn<R, P, I>::required...};
  }(typename P::Indices{});
  for (std::size_t i = 0; i < P::size; ++i) {
    if (!required[i] || seen.contains(i)) continue;
    reader.missing_field(P::members[i].wire_name, start);
    if (!reader.forgive()) return false;
  }
  constexpr bool any_initializer = []<std::size_t... I>(std::index_sequence<I...>) {
    return (MemberIn<R, P, I>::takes_initializer || ...);
  }(typename P::Indices{});
  [[maybe_unused]] std::conditional_t<any_initializer, typename P::Struct, char> fresh{};
  const auto settle_one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    using Member = MemberIn<R, P, I>;
    if (seen.contains(I)) return;
    auto& member = P::template get<I>(out);
    if constexpr (Member::takes_initializer) {
      member = std::move(P::template get<I>(fresh));
    } else if constexpr (Member::repeats) {
      member.clear();
    } else {
      member.reset();
    }
  };
  constexpr const auto& places = optional_members<R, P>;
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    (settle_one(std::integral_constant<std::size_t, places[K]>{}), ...);
  }(std::make_index_sequence<places.size()>{});
  return true;
}

// The struct's own validators, once all its members are there.
template <class P, class R>
bool validate_struct(R& reader, const typename P::Struct& value, std::size_t start) {
  bool holds = true;
  P::StructRules::visit([&]<class Rule>(const Rule& rule) {
    if constexpr (check::validates<Rule>) {
      if (!holds) return;
      if (auto refusal = check::ask(rule, value)) {
        reader.fail(ErrorCode::refused, *refusal, start);
        holds = reader.forgive();
      }
    }
  });
  return holds;
}

template <class P, class R>
bool settle(R& reader, typename P::Struct& out, const MemberSet<P::size>& seen, std::size_t start) {
  if (seen != P::all && !settle_absent<P>(reader, out, seen, start)) return false;
  if constexpr (R::traits.merges_repeated) {
    if (!check_merged<P>(reader, out, start)) return false;
  }
  return validate_struct<P>(reader, out, start);
}

// ---- tags ----

/// No tag of this kind could be read. What stands there may be told to be malformed by the format first.
template <class R>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool refuse_tag_kind(R& reader, Kind wanted, std::size_t start) {
  if constexpr (requires { reader.refuse_tag(wanted, start); }) {
    return reader.refuse_tag(wanted, start);
  } else {
    return false;
  }
}

/// An integer tag, also in the lax mode no text that spells it; one beyond int64 is no tag of anything.
template <class R>
bool read_tag_number(R& reader, std::int64_t& number, std::size_t start) {
  if (reader.read(number)) return true;
  if constexpr (R::traits.self_describing) {
    if (reader.error_code() != ErrorCode::number_out_of_range) return refuse_tag_kind(reader, Kind::integer, start);
    refuse_unlisted(reader, start);
    if (reader.error_code() != ErrorCode::invalid_enum_value) return false;
    reader.clear_error();
    reader.return_to(start);
    std::uint64_t large = 0;
    if (!reader.read(large)) return false;
    return reader.fail(ErrorCode::invalid_tag, "Invalid value " + std::to_string(large), start);
  } else {
    return false;
  }
}

/// The tag at the cursor is the struct's own. The caller adds the path.
template <class P, class R>
bool decode_tag(R& reader) {
  const std::size_t start = reader.offset();
  if constexpr (P::tag.kind == TagKind::text) {
    std::string_view text;
    if (!reader.read_text(text)) return refuse_tag_kind(reader, Kind::text, start);
    if (text == P::tag.text) return true;
    return reader.fail(ErrorCode::invalid_tag, "Invalid value '" + std::string(text) + "'", start);
  } else {
    std::int64_t number = 0;
    if (!read_tag_number(reader, number, start)) return false;
    if (number == P::tag.number) return true;
    return reader.fail(ErrorCode::invalid_tag, "Invalid value " + std::to_string(number), start);
  }
}

// ---- fields that the struct does not declare ----

template <class P, class R>
bool decode_unknown_field(R& reader, [[maybe_unused]] typename P::Struct& out) {
  const UnknownFieldPolicy policy = reader.options().unknown_fields;
  const bool forbidden = policy == UnknownFieldPolicy::forbid ||
                         (policy == UnknownFieldPolicy::by_struct && P::forbid_unknown_fields);
  if (forbidden) {
    reader.unknown_field(reader.unknown_key().text, reader.unknown_key().offset);
    return reader.forgive() && reader.skip();
  }
  if constexpr (P::keeps_unknown_fields) {
    auto& kept = P::unknown_fields(out);
    if (policy != UnknownFieldPolicy::ignore) {
      const std::string key(reader.unknown_key().text);
      if (!charge_node<std::remove_reference_t<decltype(kept)>>(reader)) return false;
      return decode_value(reader, kept[key]) || reader.in_member(key);
    }
  }
  return reader.skip();
}

template <class P, class R, class Scope>
STRUCTWIRE_NOINLINE int decode_unknown_fields(R& reader, Scope& scope, typename P::Struct& out) {
  int next = member_unknown;
  if constexpr (requires { reader.template skip_members<P>(scope); }) {
    if (P::ignores_unknown_fields(reader.options().unknown_fields)) {
      while (next == member_unknown) next = reader.template skip_members<P>(scope);
      return next;
    }
  }
  while (next == member_unknown) {
    if (!decode_unknown_field<P>(reader, out)) return member_error;
    next = reader.template next_member<P, P::key_count>(scope);
  }
  return next;
}

// ---- objects ----

// That member I failed, in place of what next_member returns: told once for all members, not in the code of each.
inline constexpr int first_failed = member_unknown - 1;

template <class P, class R, class Scope>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD int after_failed(R& reader, Scope& scope, std::size_t failed) {
  if (pass_over(reader)) return reader.template next_member<P, P::key_count>(scope);
  reader.in_member(P::members[failed].wire_name);
  return member_error;
}

template <class P, class R>
bool decode_fields(R& reader, typename P::Struct& out) {
  typename R::StructScope scope;
  const std::size_t start = reader.offset();
  if (!reader.enter(start) || !reader.template open_struct<P>(scope)) return false;
  MemberSet<P::size> seen;
  if constexpr (P::keeps_unknown_fields) P::unknown_fields(out).clear();
  constexpr std::size_t first = R::traits.self_describing ? P::first_key : 0;
  int next = reader.template next_member<P, first>(scope);
  while (next != member_end) {
    if constexpr (P::tagged && R::traits.self_describing) {
      if (next == static_cast<int>(P::tag_index)) {
        if (!decode_tag<P>(reader) && !pass_over(reader)) return reader.in_member(P::tag.field);
        next = reader.template next_member<P, 0>(scope);
      }
    }
    for_each_member<P>([&](auto index) __attribute__((always_inline)) {
      constexpr std::size_t i = index;
      if (next != static_cast<int>(i)) return;
      auto& member = P::template get<i>(out);
      bool decoded;
      if constexpr (requires { reader.template read_member<P, i>(member, true); }) {
        decoded = reader.template read_member<P, i>(member, seen.contains(i));
      } else {
        decoded = decode_member<P, i>(reader, member);
      }
      if (!decoded) [[unlikely]] {
        next = first_failed - static_cast<int>(i);
        return;
      }
      seen.insert(i);
      next = reader.template next_member<P, i + 1>(scope);
    });
    if (next <= first_failed) [[unlikely]] {
      const auto failed = static_cast<std::size_t>(first_failed - next);
      next = after_failed<P>(reader, scope, failed);
      seen.insert_any(failed);
    }
    if constexpr (R::traits.self_describing) {
      if (next == member_unknown) next = decode_unknown_fields<P>(reader, scope, out);
    }
    if (next == member_error) return false;
  }
  reader.leave();
  return settle<P>(reader, out, seen, start);
}

// ---- arrays ----

/// How many items an array-like struct needs at least: up to the last member that must be there.
template <class P>
inline constexpr std::size_t items_min = [] {
  std::size_t least = 0;
  for (std::size_t i = 0; i < P::size; ++i) {
    if (P::members[i].required) least = i + 1;
  }
  return least + P::tagged;
}();

template <class P, class R, class Scope>
bool decode_further_items(R& reader, Scope& scope, std::size_t start, std::size_t count) {
  const UnknownFieldPolicy policy = reader.options().unknown_fields;
  const bool forbidden = policy == UnknownFieldPolicy::forbid ||
                         (policy == UnknownFieldPolicy::by_struct && P::forbid_unknown_fields);
  while (reader.more_items(scope)) {
    if (forbidden) return refuse_length(reader, scope, "of at most length", P::key_count, start);
    if (!reader.skip()) return reader.in_item(count);
    ++count;
  }
  return !reader.failed();
}

template <class P, class R>
bool decode_struct_items(R& reader, typename P::Struct& out) {
  typename R::ArrayScope scope;
  const std::size_t start = reader.offset();
  if (!reader.enter(start) || !reader.open_array(scope)) return false;
  if constexpr (requires { scope.announced; }) {
    if (scope.announced < items_min<P>) {
      reader.leave();
      return refuse_length(reader, scope, "of at least length", items_min<P>, start);
    }
  }
  std::size_t count = 0;
  bool more = true;
  bool decoded = true;
  if constexpr (P::tagged) {
    more = reader.more_items(scope);
    if (more && !decode_tag<P>(reader) && !pass_over(reader)) return reader.in_item(0);
    count += more;
  }
  MemberSet<P::size> seen;
  for_each_member<P>([&](auto index) {
    constexpr std::size_t i = index;
    if (!more || !decoded) return;
    more = reader.more_items(scope);
    if (!more) return;
    decoded = decode_member<P, i>(reader, P::template get<i>(out)) || pass_over(reader) || reader.in_item(count);
    if (!P::members[i].encode_only) seen.insert(i);
    ++count;
  });
  if (!decoded || reader.failed()) return false;
  if (more && !decode_further_items<P>(reader, scope, start, count)) return false;
  reader.leave();
  if (count < items_min<P>) return refuse_length(reader, scope, "of at least length", items_min<P>, start, count);
  return settle<P>(reader, out, seen, start);
}

template <class R, class T>
bool decode_struct(R& reader, T& out) {
  using P = PlanIn<R, T>;
  if constexpr (P::array_like && R::traits.self_describing) {
    return decode_struct_items<P>(reader, out);
  } else {
    return decode_fields<P>(reader, out);
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
