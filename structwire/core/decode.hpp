// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decoding: from any Reader into any C++ value. The only loops over members, items and entries that exist;
// a format brings its Reader (core/reader.hpp) and gets every type.
//
// One decode_struct per (reader, struct), each member's code once in it. Input in the order of declaration
// runs straight down: the reader predicts the next member, compares one constant, and the chain below falls
// through. Input in another order goes round the chain again; that costs a compare per member passed over.

#include <array>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <structwire/core/check.hpp>
#include <structwire/core/key_text.hpp>
#include <structwire/core/plan.hpp>
#include <structwire/core/reader.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

template <class R, class T>
bool decode_value(R& reader, T& out);

template <class R, class E>
bool decode_enum(R& reader, E& out) {
  constexpr const auto& table = enum_values<E>;
  static_assert(!std::is_null_pointer_v<std::remove_cvref_t<decltype(table)>>,
                "structwire: list the enum's values: `template <> inline constexpr auto "
                "structwire::enum_values<E> = structwire::by_name<E::a, E::b>;` (or by_value)");
  const std::size_t start = reader.offset();
  if constexpr (requires { reader.template read_enum<E>(out); }) {
    return reader.template read_enum<E>(out);
  } else if constexpr (table.named) {
    std::string_view text;
    if (!reader.read_text(text)) return false;
    const std::size_t position = table.position(text);
    if (position == table.values.size()) {
      return reader.fail(ErrorCode::invalid_enum_value, "Invalid enum value '" + std::string(text) + "'", start);
    }
    out = table.values[position];
    return true;
  } else {
    std::int64_t number = 0;
    if (!reader.read(number)) return false;
    for (const E value : table.values) {
      if (static_cast<std::int64_t>(value) == number) {
        out = value;
        return true;
      }
    }
    return reader.fail(ErrorCode::invalid_enum_value, "Invalid enum value " + std::to_string(number), start);
  }
}

template <class R, class T>
bool decode_optional(R& reader, T& out) {
  bool some = false;
  if (!reader.read_some(some)) return false;
  if (!some) {
    out.reset();
    return true;
  }
  if (!out) {
    if constexpr (requires { out.emplace(); }) {
      out.emplace();
    } else {
      out = std::make_unique<typename T::element_type>();
    }
  }
  if (!decode_value(reader, *out)) return reader.or_null();
  if constexpr (requires { reader.close_some(); }) return reader.close_some();
  return true;
}

// Room for the items that the format announces, as far as the bytes that are left can hold them: at most 16
// bytes of memory per byte of input up front, so that a hostile count allocates nothing large.
template <class R, class T>
bool reserve_items(R& reader, T& out, std::size_t hint) {
  if constexpr (requires { out.reserve(hint); }) {
    constexpr std::size_t item = sizeof(typename T::value_type);
    const std::size_t count = item <= 16 ? hint : hint / item * 16 + 1;
    if (count <= out.capacity()) return true;
    if (!reader.charge((count - out.capacity()) * item, reader.offset())) return false;
    out.reserve(count);
  }
  return true;
}

template <class R, class T>
bool grow_by_one(R& reader, T& out) {
  if constexpr (requires { out.capacity(); }) {
    if (out.size() == out.capacity()) {
      const std::size_t more = out.capacity() == 0 ? 1 : out.capacity();
      if (!reader.charge(more * sizeof(typename T::value_type), reader.offset())) return false;
    }
  } else if (!reader.charge(sizeof(typename T::value_type) + 2 * sizeof(void*), reader.offset())) {
    return false;
  }
  out.emplace_back();
  return true;
}

/// Decodes one more item at the end of `out`. Readers whose arrays come item by item call it themselves.
template <class R, class T>
bool decode_further_item(R& reader, T& out) {
  if constexpr (std::is_same_v<T, std::vector<bool>>) {
    bool item = false;
    if (!reader.charge(1, reader.offset())) return false;
    if (!decode_value(reader, item)) return reader.in_item(out.size());
    out.push_back(item);
    return true;
  } else {
    if (!grow_by_one(reader, out)) return false;
    return decode_value(reader, out.back()) || reader.in_item(out.size() - 1);
  }
}

// Items that are there already are decoded in place, so that a reused object keeps the memory of its strings
// and vectors.
template <class R, class T>
bool decode_items(R& reader, T& out, typename R::ArrayScope& scope) {
  std::size_t count = 0;
  constexpr bool in_place = requires { out[count]; } && !std::is_same_v<T, std::vector<bool>>;
  if constexpr (!in_place) out.clear();
  while (reader.more_items(scope)) {
    if constexpr (in_place) {
      if (count == out.size() && !grow_by_one(reader, out)) return false;
      if (!decode_value(reader, out[count])) return reader.in_item(count);
    } else {
      if (!decode_further_item(reader, out)) return false;
    }
    ++count;
  }
  if (reader.failed()) return false;
  if (count < out.size()) out.resize(count);
  return true;
}

template <class R, class T>
bool decode_array(R& reader, T& out) {
  typename R::ArrayScope scope;
  if (!reader.enter(reader.offset()) || !reader.open_array(scope)) return false;
  if (!reserve_items(reader, out, scope.hint)) return false;
  if (!decode_items(reader, out, scope)) return false;
  reader.leave();
  return true;
}

template <class R, class T>
bool decode_fixed_array(R& reader, T& out) {
  constexpr std::size_t size = std::tuple_size_v<T>;
  const std::size_t start = reader.offset();
  typename R::ArrayScope scope;
  if (!reader.enter(start) || !reader.open_array(scope)) return false;
  std::size_t count = 0;
  while (reader.more_items(scope)) {
    if (count == size) {
      return reader.violated(ErrorCode::invalid_length, "`array` of length " + std::to_string(size), start);
    }
    if (!decode_value(reader, out[count])) return reader.in_item(count);
    ++count;
  }
  if (reader.failed()) return false;
  if (count != size) {
    return reader.violated(ErrorCode::invalid_length, "`array` of length " + std::to_string(size), start);
  }
  reader.leave();
  return true;
}

template <class R, class Key>
bool decode_key(R& reader, Key& key) {
  if constexpr (R::traits.text_keys && !TextType<Key>) {
    static_assert(TextKeyType<Key>, "structwire: this type cannot be a key in a format whose keys are text");
    std::string_view text;
    const std::size_t start = reader.offset();
    if (!reader.read_text(text)) return false;
    if (parse_key_text(text, key)) return true;
    return reader.fail(ErrorCode::invalid_text, "Invalid map key '" + std::string(text) + "'", start);
  } else {
    return decode_value(reader, key);
  }
}

/// Decodes one more entry into `out`. Readers whose maps come entry by entry call it themselves.
template <class R, class T>
bool decode_further_entry(R& reader, T& out, typename R::MapScope& scope) {
  // Four pointers' worth is what a tree or hash node takes beside its content.
  if (!reader.charge(sizeof(typename T::value_type) + 4 * sizeof(void*), reader.offset())) return false;
  typename T::key_type key{};
  if (!decode_key(reader, key)) return reader.in_map_key();
  if (!reader.close_key(scope)) return false;
  const auto [entry, fresh] = out.try_emplace(std::move(key));
  // The same key twice: the last value wins, as in msgspec.
  if (!fresh) entry->second = typename T::mapped_type{};
  return decode_value(reader, entry->second) || reader.in_map_value();
}

template <class R, class T>
bool decode_map(R& reader, T& out) {
  typename R::MapScope scope;
  if (!reader.enter(reader.offset()) || !reader.open_map(scope)) return false;
  out.clear();
  while (reader.more_entries(scope)) {
    if (!decode_further_entry(reader, out, scope)) return false;
  }
  if (reader.failed()) return false;
  reader.leave();
  return true;
}

// Frames stay small on purpose: 512 levels of this must fit a 256 KiB stack.
template <class R>
bool decode_dynamic(R& reader, Value& out);

template <class R>
STRUCTWIRE_NOINLINE bool decode_dynamic_array(R& reader, Value& out) {
  typename R::ArrayScope scope;
  if (!reader.enter(reader.offset()) || !reader.open_array(scope)) return false;
  out = Value(Value::Array{});
  Value::Array& items = *out.get_if<Value::Array>();
  while (reader.more_items(scope)) {
    if (!grow_by_one(reader, items)) return false;
    if (!decode_dynamic(reader, items.back())) return reader.in_item(items.size() - 1);
  }
  if (reader.failed()) return false;
  reader.leave();
  return true;
}

template <class R>
STRUCTWIRE_NOINLINE bool decode_dynamic_map(R& reader, Value& out) {
  typename R::MapScope scope;
  if (!reader.enter(reader.offset()) || !reader.open_map(scope)) return false;
  out = Value(Value::Map{});
  Value::Map& entries = *out.get_if<Value::Map>();
  while (reader.more_entries(scope)) {
    if (!grow_by_one(reader, entries)) return false;
    if (!decode_dynamic(reader, entries.back().key)) return reader.in_map_key();
    if (!reader.close_key(scope)) return false;
    if (!decode_dynamic(reader, entries.back().value)) return reader.in_map_value();
  }
  if (reader.failed()) return false;
  reader.leave();
  return true;
}

template <class R>
bool decode_dynamic(R& reader, Value& out) {
  switch (reader.peek()) {
    case Kind::array: return decode_dynamic_array(reader, out);
    case Kind::object: return decode_dynamic_map(reader, out);
    default: return reader.read_scalar(out);
  }
}

/// How a format treats one member.
template <class R, class P, std::size_t I>
struct MemberIn {
  using Type = std::remove_const_t<typename P::template MemberType<I>>;
  static constexpr bool repeats = ArrayType<Type> || MapType<Type>;
  /// Its items may come in several places of the struct, so its rules are checked at the struct's end.
  static constexpr bool merged = R::traits.merges_repeated && repeats;
  /// Holding nothing and being absent are the same on the wire, whatever the rules say.
  static constexpr bool empty_when_absent = !R::traits.absent_is_visible && (OptionalType<Type> || repeats);
  static constexpr bool required = P::members[I].required && !empty_when_absent;
  static constexpr bool takes_initializer = P::members[I].defaulted && !empty_when_absent;
};

template <class P, std::size_t I, class R, class M>
bool check_member(R& reader, const M& member, std::size_t start) {
  return check::member<P, I>(member, [&](std::string expected) {
    return reader.violated(ErrorCode::constraint_violated, std::move(expected), start);
  });
}

template <class P, std::size_t I, class R, class M>
bool decode_member(R& reader, M& member) {
  static_assert(!std::is_const_v<M>, "structwire: const members can be encoded, not decoded");
  if constexpr (check::has_constraints<P, I> && !MemberIn<R, P, I>::merged) {
    const std::size_t start = reader.offset();
    return decode_value(reader, member) && check_member<P, I>(reader, member, start);
  } else {
    return decode_value(reader, member);
  }
}

// Rules of members that came in parts.
template <class P, class R>
bool check_merged(R& reader, const typename P::Struct& value, std::size_t start) {
  bool holds = true;
  for_each_member<P>([&](auto index) {
    constexpr std::size_t i = index;
    if constexpr (MemberIn<R, P, i>::merged && check::has_constraints<P, i>) {
      if (!holds || check_member<P, i>(reader, P::template get<i>(value), start)) return;
      holds = reader.in_member(P::members[i].wire_name);
    }
  });
  return holds;
}

// Members that were absent: required ones are an error; the others take their initializer, also when the
// object was used before.
template <class P, class R>
STRUCTWIRE_NOINLINE bool settle_absent(R& reader, typename P::Struct& out, const MemberSet<P::size>& seen,
                                       std::size_t start) {
  constexpr auto required = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<bool, P::size>{MemberIn<R, P, I>::required...};
  }(typename P::Indices{});
  for (std::size_t i = 0; i < P::size; ++i) {
    if (required[i] && !seen.contains(i)) return reader.missing_field(P::members[i].wire_name, start);
  }
  constexpr bool any_initializer = []<std::size_t... I>(std::index_sequence<I...>) {
    return (MemberIn<R, P, I>::takes_initializer || ...);
  }(typename P::Indices{});
  [[maybe_unused]] std::conditional_t<any_initializer, typename P::Struct, char> fresh{};
  for_each_member<P>([&](auto index) {
    using Member = MemberIn<R, P, index>;
    if constexpr (!Member::required) {
      if (seen.contains(index)) return;
      auto& member = P::template get<index>(out);
      if constexpr (Member::takes_initializer) {
        member = std::move(P::template get<index>(fresh));
      } else if constexpr (Member::repeats) {
        member.clear();
      } else {
        member.reset();
      }
    }
  });
  return true;
}

template <class R, class T>
bool decode_struct(R& reader, T& out) {
  using P = Plan<T>;
  typename R::StructScope scope;
  const std::size_t start = reader.offset();
  if (!reader.enter(start) || !reader.template open_struct<P>(scope)) return false;
  MemberSet<P::size> seen;
  int next = reader.template next_member<P, 0>(scope);
  while (next >= 0) {
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
      if (!decoded) {
        reader.in_member(P::members[i].wire_name);
        next = member_error;
        return;
      }
      seen.insert(i);
      next = reader.template next_member<P, i + 1>(scope);
    });
  }
  if (next == member_error) return false;
  reader.leave();
  if (seen != P::all && !settle_absent<P>(reader, out, seen, start)) return false;
  if constexpr (R::traits.merges_repeated) return check_merged<P>(reader, out, start);
  return true;
}

/// Decodes one value of any wire type. The target may hold an old value: its memory is used again.
template <class R, class T>
bool decode_value(R& reader, T& out) {
  if constexpr (BooleanType<T> || IntegerType<T> || FloatingType<T>) {
    return reader.read(out);
  } else if constexpr (TextType<T>) {
    static_assert(std::is_same_v<T, std::string>,
                  "structwire: std::string_view members can be encoded, not decoded: use std::string");
    std::string_view text;
    if (!reader.read_text(text)) return false;
    out.assign(text.data(), text.size());
    return true;
  } else if constexpr (BytesType<T>) {
    return reader.read_bytes(out);
  } else if constexpr (EnumType<T>) {
    return decode_enum(reader, out);
  } else if constexpr (OptionalType<T>) {
    return decode_optional(reader, out);
  } else if constexpr (FixedArrayType<T>) {
    return decode_fixed_array(reader, out);
  } else if constexpr (MapType<T>) {
    return decode_map(reader, out);
  } else if constexpr (ArrayType<T>) {
    return decode_array(reader, out);
  } else if constexpr (ValueType<T>) {
    static_assert(R::traits.self_describing, "structwire: sw::Value needs a self-describing format");
    return decode_dynamic(reader, out);
  } else if constexpr (RawType<T>) {
    static_assert(requires { reader.capture(out); }, "structwire: sw::Raw needs a self-describing format");
    return reader.capture(out);
  } else if constexpr (StructType<T>) {
    return decode_struct(reader, out);
  } else {
    refuse_unsupported<T>();
    return false;
  }
}

/// Decodes the whole input of `reader` into `out`. Nothing is thrown. After an error `out` holds parts of
/// the old and the new value.
template <class R, class T>
Result<void> decode_whole(R& reader, T& out) {
  try {
    if (decode_value(reader, out) && reader.finish()) return {};
    return std::unexpected(reader.take_error());
  } catch (const std::bad_alloc&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  } catch (const std::length_error&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
