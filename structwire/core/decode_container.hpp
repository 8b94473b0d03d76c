// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decoding arrays, tuples, sets, maps and values without a type (a part of core/decode.hpp).

#include <structwire/core/decode.hpp>
#include <structwire/core/key_text.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// Vectors whose items the reader can read many of at once.
template <class R, class T>
concept ReadsAtOnce = requires(R& reader, T& out, std::size_t count) {
  reader.template holds_all<typename T::value_type>(count);
  out.capacity();
  out.resize(count);
  { out.data() } -> std::same_as<typename T::value_type*>;
};

/// Vectors whose size the format tells in front of the items.
template <class R, class T>
concept SizeAnnounced = requires(typename R::ArrayScope scope, T& out, std::size_t count) {
  { scope.announced } -> std::convertible_to<std::size_t>;
  { scope.remaining } -> std::convertible_to<std::size_t>;
  out.reserve(out.capacity());
  out.resize(count);
};

// Of `count` items that are announced, those that there is room made for up front: as far as the bytes that are left can
// hold them, and at most 16 bytes of memory per byte of input, so that a hostile count allocates nothing large.
template <class T, class R>
std::size_t credible(const R& reader, std::size_t count) {
  constexpr std::size_t item = sizeof(typename T::value_type);
  if constexpr (item > 16 && requires { reader.left(); }) {
    return std::min({count, reader.left(), reader.left() / item * 16 + 1});
  } else if constexpr (requires { reader.left(); }) {
    return std::min(count, reader.left());
  } else {
    return item <= 16 ? count : count / item * 16 + 1;
  }
}

template <class R, class T>
bool reserve_items(R& reader, T& out, const typename R::ArrayScope& scope) {
  if constexpr (requires { out.reserve(scope.hint); out.capacity(); }) {
    std::size_t count = credible<T>(reader, scope.hint);
    if constexpr (ReadsAtOnce<R, T>) {
      if (reader.template holds_all<typename T::value_type>(scope.remaining)) count = scope.remaining;
    }
    if (count <= out.capacity()) return true;
    if (!reader.charge((count - out.capacity()) * sizeof(typename T::value_type), reader.offset())) return false;
    out.reserve(count);
  }
  return true;
}

// Four pointers' worth is what a tree or hash node takes beside its content.
template <class T, class R>
bool charge_node(R& reader) {
  return reader.charge(sizeof(typename T::value_type) + 4 * sizeof(void*), reader.offset());
}

// Whatever adds to a vector brings the code that moves its items elsewhere. It hardly ever runs, so there is one copy for
// each type, made for size, and the others are told that there is room: a tenth of the code of decoding structs.
template <class T>
STRUCTWIRE_COLD void make_room(T& out, std::size_t capacity) {
  if constexpr (requires { out.reserve(capacity); }) out.reserve(capacity);
}
template <class T>
STRUCTWIRE_ALWAYS_INLINE void promise_room(T& out, std::size_t count) noexcept {
  if constexpr (requires { out.capacity(); { out.data() } -> std::same_as<typename T::value_type*>; }) {
    if (static_cast<std::size_t>(out.data() + out.capacity() - (out.data() + out.size())) < count) __builtin_unreachable();
  }
}

template <class R, class T>
bool grow_by_one(R& reader, T& out) {
  if constexpr (requires { out.capacity(); }) {
    if (out.size() == out.capacity()) {
      // Doubling from one would move the first few items again and again. But 512 levels of Values, each with room
      // for four, would take far more than their brackets.
      using Item = typename T::value_type;
      constexpr std::size_t item = sizeof(Item);
      constexpr bool dynamic = std::is_same_v<Item, Value> || std::is_same_v<Item, Value::Entry>;
      constexpr std::size_t first = dynamic || item > 256 ? 1 : item > 64 ? 2 : 4;
      const std::size_t more = out.capacity() == 0 ? first : out.capacity();
      if (!reader.charge(more * item, reader.offset())) return false;
      make_room(out, out.capacity() + more);
      if constexpr (requires { out.reserve(more); }) promise_room(out, 1);
    } else {
      promise_room(out, 1);
    }
  } else if (!reader.charge(sizeof(typename T::value_type) + 2 * sizeof(void*), reader.offset())) {
    return false;
  }
  out.emplace_back();
  return true;
}

/// How many items of a container are made at once, before they are decoded: they are still in the first-level cache then.
template <class T>
inline constexpr std::size_t piece_of_items = std::max<std::size_t>(1, 4096 / sizeof(typename T::value_type));

/// Makes more items where all that there are have been decoded. Where they are announced, there is room for all of them
/// at once.
template <class R, class T>
STRUCTWIRE_NOINLINE bool add_items(R& reader, T& out, [[maybe_unused]] const typename R::ArrayScope& scope) {
  if constexpr (SizeAnnounced<R, T>) {
    const std::size_t wanted = scope.remaining + std::size_t{1};
    std::size_t more = std::min(wanted, out.capacity() - out.size());
    if (more == 0) {
      more = std::max<std::size_t>(credible<T>(reader, wanted), 1);
      const std::size_t room = std::max(more, out.capacity());
      if (!reader.charge(room * sizeof(typename T::value_type), reader.offset())) return false;
      make_room(out, out.size() + room);
    }
    more = std::min(more, piece_of_items<T>);
    promise_room(out, more);
    out.resize(out.size() + more);
    return true;
  } else {
    return grow_by_one(reader, out);
  }
}

template <class T>
void remove_behind(T& out, std::size_t count) {
  if constexpr (std::is_trivially_copyable_v<typename T::value_type> || !requires { out.pop_back(); }) {
    if (count < out.size()) out.resize(count);
  } else {
    while (out.size() > count) out.pop_back();
  }
}

/// Room for so many more; a vector at least doubles.
template <class R, class T>
bool grow_by(R& reader, T& out, std::size_t count) {
  const std::size_t room = out.capacity() - out.size();
  if (count <= room) return true;
  const std::size_t more = std::max(out.capacity(), count - room);
  if (!reader.charge(more * sizeof(typename T::value_type), reader.offset())) return false;
  make_room(out, out.capacity() + more);
  return true;
}

template <class R, class T>
bool decode_item(R& reader, T& item, std::size_t index) {
  return decode_value(reader, item) || pass_over(reader) || reader.in_item(index);
}

/// Decodes one more item at the end of `out`. Readers whose arrays come item by item call it themselves.
template <class R, class T>
bool decode_further_item(R& reader, T& out) {
  if constexpr (std::is_same_v<T, std::vector<bool>>) {
    bool item = false;
    if (!reader.charge(1, reader.offset())) return false;
    if (!decode_item(reader, item, out.size())) return false;
    out.push_back(item);
    return true;
  } else {
    return grow_by_one(reader, out) && decode_item(reader, out.back(), out.size() - 1);
  }
}

// Items that are there already are decoded in place, so that a reused object keeps the memory of its strings
// and vectors. The first `count` were decoded before.
template <class R, class T>
bool decode_items(R& reader, T& out, typename R::ArrayScope& scope, std::size_t count = 0) {
  constexpr bool in_place = requires { out[count]; } && !std::is_same_v<T, std::vector<bool>>;
  if constexpr (!in_place) out.clear();
  while (reader.more_items(scope)) {
    if constexpr (in_place) {
      if (count == out.size() && !add_items(reader, out, scope)) return false;
      if (!decode_item(reader, out[count], count)) return false;
    } else {
      if (!decode_further_item(reader, out)) return false;
    }
    ++count;
  }
  if (reader.failed()) return false;
  if constexpr (in_place) remove_behind(out, count);
  return true;
}

/// As many items as the format can read at once (read_all), because they stand in the form that it likes best; how many.
/// By pieces that stay in the first-level cache, because resize clears them first.
template <class R, class T>
std::size_t decode_at_once(R& reader, T& out, typename R::ArrayScope& scope) {
  std::size_t count = 0;
  while (scope.remaining != 0) {
    const std::size_t piece = std::min<std::size_t>({scope.remaining, out.capacity() - count, piece_of_items<T>});
    if (out.size() < count + piece) out.resize(count + piece);
    if (piece == 0 || !reader.read_all(out.data() + count, piece)) break;
    scope.remaining -= static_cast<decltype(scope.remaining)>(piece);
    count += piece;
  }
  return count;
}

/// The item that was announced, and those behind it that the format can read with it; 0 where there are none.
template <class R, class Item>
std::size_t decode_plain_items(R& reader, typename R::ArrayScope& scope, Item* items, std::size_t count) {
  if constexpr (requires { reader.read_plain_items(scope, items, count); }) {
    return reader.read_plain_items(scope, items, count);
  } else {
    return 0;
  }
}

/// Vectors of numbers: nothing is gained by decoding in place.
template <class T>
inline constexpr bool is_number_vector =
    std::is_arithmetic_v<typename T::value_type> && !std::is_same_v<typename T::value_type, bool> &&
    requires(T out, const typename T::value_type* item) { out.capacity(); out.assign(item, item); };

// Where the format does not tell how many numbers there are: the first ones go to the stack, so that a short array,
// which most are, is one allocation of the right size.
template <class R, class T>
bool decode_numbers(R& reader, T& out, typename R::ArrayScope& scope) {
  using Item = typename T::value_type;
  constexpr std::size_t few = 64;
  Item first[few];
  std::size_t count = 0;
  bool more = reader.more_items(scope);
  while (more && count < few) {
    const std::size_t plain = decode_plain_items(reader, scope, first + count, few - count);
    if (plain == 0 && !decode_item(reader, first[count], count)) return false;
    count += plain == 0 ? 1 : plain;
    more = reader.more_items(scope);
  }
  if (reader.failed()) return false;
  if (count > out.capacity() && !reader.charge((count - out.capacity()) * sizeof(Item), reader.offset())) return false;
  out.assign(first, first + count);
  while (more) {
    const std::size_t plain = decode_plain_items(reader, scope, first, few);
    if (plain == 0) {
      if (!decode_further_item(reader, out)) return false;
    } else {
      if (!grow_by(reader, out, plain)) return false;
      out.insert(out.end(), first, first + plain);
    }
    more = reader.more_items(scope);
  }
  return !reader.failed();
}

/// Vectors of arrays of doubles, such as points, which a Reader may read by rows.
template <class T>
inline constexpr bool is_row_vector = false;
template <std::size_t Size, class Allocator>
inline constexpr bool is_row_vector<std::vector<std::array<double, Size>, Allocator>> = Size != 0;

// In the places that are there, then by way of the stack.
template <class R, class T>
bool decode_rows(R& reader, T& out, typename R::ArrayScope& scope) {
  using Row = typename T::value_type;
  constexpr std::size_t width = std::tuple_size_v<Row>;
  constexpr std::size_t few = width < 128 ? 128 / width : 1;
  std::size_t count = 0;
  while (reader.more_items(scope)) {
    Row some[few];
    const bool there = count < out.size();
    Row* const rows = there ? out.data() + count : some;
    const std::size_t plain = reader.read_plain_rows(scope, rows->data(), width, there ? out.size() - count : few);
    if (plain == 0) {
      if (!there && !add_items(reader, out, scope)) return false;
      if (!decode_item(reader, out[count], count)) return false;
    } else if (!there) {
      if (!grow_by(reader, out, plain)) return false;
      out.insert(out.end(), some, some + plain);
    }
    count += plain == 0 ? 1 : plain;
  }
  if (reader.failed()) return false;
  remove_behind(out, count);
  return true;
}

template <class R, class T>
bool decode_array(R& reader, T& out) {
  typename R::ArrayScope scope;
  if (!reader.enter(reader.offset()) || !reader.open_array(scope)) return false;
  if constexpr (ReadsAtOnce<R, T> || !SizeAnnounced<R, T>) {
    if (!reserve_items(reader, out, scope)) return false;
  }
  bool decoded;
  if constexpr (ReadsAtOnce<R, T>) {
    decoded = decode_items(reader, out, scope, decode_at_once(reader, out, scope));
  } else if constexpr (is_row_vector<T> && requires(double* row) { reader.read_plain_rows(scope, row, 1, 1); }) {
    decoded = decode_rows(reader, out, scope);
  } else if constexpr (is_number_vector<T> && !requires { scope.announced; }) {
    decoded = scope.hint == 0 ? decode_numbers(reader, out, scope) : decode_items(reader, out, scope);
  } else {
    decoded = decode_items(reader, out, scope);
  }
  if (!decoded) return false;
  reader.leave();
  return true;
}

// The same item twice is one item, as in msgspec.
template <class R, class T>
bool decode_set(R& reader, T& out) {
  typename R::ArrayScope scope;
  if (!reader.enter(reader.offset()) || !reader.open_array(scope)) return false;
  out.clear();
  for (std::size_t count = 0; reader.more_items(scope); ++count) {
    if (!charge_node<T>(reader)) return false;
    auto item = seated<typename T::value_type>(reader);
    if (!decode_item(reader, item, count)) return false;
    out.insert(std::move(item));
  }
  if (reader.failed()) return false;
  reader.leave();
  return true;
}

/// Refuses an array of the wrong length: `how` is `` of length ``, `` of at least length ``, ….
template <class R, class Scope>
STRUCTWIRE_COLD bool refuse_length(R& reader, const Scope& scope, const char* how, std::size_t length,
                                   std::size_t start, std::optional<std::size_t> got = std::nullopt) {
  if constexpr (requires { scope.announced; }) got = scope.announced;
  return reader.violated(ErrorCode::invalid_length, std::string("`array` ") + how + " " + std::to_string(length),
                         start, got ? std::to_string(*got) : std::string());
}

// std::array, std::tuple, std::pair: one item for each element. Formats that tell the count first are refused
// before any item is read.
template <class R, class T>
bool decode_tuple(R& reader, T& out) {
  constexpr std::size_t size = std::tuple_size_v<T>;
  const std::size_t start = reader.offset();
  typename R::ArrayScope scope;
  if (!reader.enter(start) || !reader.open_array(scope)) return false;
  reader.leave();
  if constexpr (requires { scope.announced; }) {
    if (scope.announced != size) return refuse_length(reader, scope, "of length", size, start);
  }
  reader.enter(start);
  bool fits = true;
  if constexpr (FixedArrayType<T>) {
    bool at_once = false;
    if constexpr (requires { reader.read_all(out.data(), size); }) {
      at_once = reader.read_all(out.data(), size);
      if (at_once) scope.remaining = 0;
    }
    for (std::size_t i = 0; i < size && !at_once;) {
      fits = reader.more_items(scope);
      if (!fits) break;
      const std::size_t plain = decode_plain_items(reader, scope, out.data() + i, size - i);
      if (plain == 0 && !decode_item(reader, out[i], i)) return false;
      i += plain == 0 ? 1 : plain;
    }
  } else {
    const bool decoded = [&]<std::size_t... I>(std::index_sequence<I...>) {
      [[maybe_unused]] const auto one = [&](auto index) {
        fits = reader.more_items(scope);
        return fits && decode_item(reader, std::get<index>(out), index);
      };
      return (one(std::integral_constant<std::size_t, I>{}) && ...);
    }(std::make_index_sequence<size>{});
    if (!decoded && fits) return false;
  }
  if (reader.failed()) return false;
  reader.leave();
  if (!fits || reader.more_items(scope)) return refuse_length(reader, scope, "of length", size, start);
  return !reader.failed();
}

// ---- maps ----

// A key that stands as text: its type reads it from there, with the rules that it has everywhere.
template <class R, class Key>
STRUCTWIRE_NOINLINE bool decode_text_key(R& reader, Key& key) {
  static_assert(is_text_key<Key>, "structwire: this type cannot be a key in a format whose keys are text");
  const std::size_t start = reader.offset();
  std::string_view text;
  if (!reader.read_text(text)) return false;
  if constexpr (ValueType<Key>) {
    key = Value(text);
    return true;
  } else {
    KeyReader key_reader(text, reader.options(), start);
    return decode_value(key_reader, key) || reader.adopt(key_reader.take_error());
  }
}

template <class R, class Key>
bool decode_key(R& reader, Key& key) {
  if constexpr (TextType<Key>) {
    return decode_text(reader, key);
  } else if constexpr (R::traits.text_keys) {
    return decode_text_key(reader, key);
  } else if constexpr (R::traits.self_describing && is_text_key<Key> && shape_of<Key> != Shape::text_scalar) {
    const bool from_text = reader.options().text_keys && reader.peek() == Kind::text;
    return from_text ? decode_text_key(reader, key) : decode_value(reader, key);
  } else {
    return decode_value(reader, key);
  }
}

/// The path of an error behind a key; the key itself only where the options ask for it.
template <class R, class Key>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool in_map_value(R& reader, const Key& key) {
  return reader.in_map_value(reader.options().keys_in_paths ? shown_key(key) : std::string());
}

// A key that was refused while errors are collected: its value is passed over with it.
template <class R>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool pass_over_entry(R& reader, typename R::MapScope& scope) {
  if (!pass_over(reader)) return false;
  if constexpr (R::traits.self_describing) {
    return reader.close_key(scope) && reader.skip();
  } else {
    return false;
  }
}

// The value behind `key`, which is put into `out`. Keys that come in the order of the map need no search.
template <class R, class T, class Key>
bool decode_entry_of(R& reader, T& out, typename R::MapScope& scope, Key key) {
  if (!charge_node<T>(reader)) return false;
  const std::size_t before = out.size();
  // A text becomes the key in its node; as a string that is moved there it would be written twice.
  const auto entry = [&] {
    using MapKey = typename T::key_type;
    if constexpr (std::is_same_v<Key, MapKey>) {
      return out.try_emplace(out.end(), std::move(key));
    } else if constexpr (PooledType<MapKey>) {
      auto owned = seated<MapKey>(reader);
      owned = key;
      return out.try_emplace(out.end(), std::move(owned));
    } else {
      return out.emplace_hint(out.end(), std::piecewise_construct, std::forward_as_tuple(key), std::tuple<>());
    }
  }();
  if (!reader.close_key(scope)) return false;
  // The same key twice: the last value wins, as in msgspec.
  if (out.size() == before) entry->second = typename T::mapped_type{};
  return decode_value(reader, entry->second) || pass_over(reader) || in_map_value(reader, entry->first);
}

// A key as it is compared before it is put into a map: text where it stands, which is valid until the next read.
template <class Key>
using ComingKey = std::conditional_t<StringType<Key>, std::string_view, Key>;

template <class Key, class R>
ComingKey<Key> coming_key(R& reader) {
  if constexpr (StringType<Key>) {
    return {};
  } else {
    return seated<Key>(reader);
  }
}

template <class Key, class R>
bool decode_coming_key(R& reader, ComingKey<Key>& key) {
  if constexpr (StringType<Key>) {
    return reader.read_text(key);
  } else {
    return decode_key(reader, key);
  }
}

/// Decodes one more entry into `out`. Readers whose maps come entry by entry call it themselves.
template <class R, class T>
bool decode_further_entry(R& reader, T& out, typename R::MapScope& scope) {
  auto key = coming_key<typename T::key_type>(reader);
  if (!decode_coming_key<typename T::key_type>(reader, key)) return pass_over_entry(reader, scope) || reader.in_map_key();
  return decode_entry_of(reader, out, scope, std::move(key));
}

// As above, but `next` is an entry of a map that was decoded before: where the same key comes, its node and the
// memory of its value are used again. Otherwise it and all that follow it go.
template <class R, class T>
bool decode_entry_again(R& reader, T& out, typename T::iterator& next, typename R::MapScope& scope) {
  auto key = coming_key<typename T::key_type>(reader);
  if (!decode_coming_key<typename T::key_type>(reader, key)) return pass_over_entry(reader, scope) || reader.in_map_key();
  if (key == next->first) {
    if (!reader.close_key(scope)) return false;
    auto& entry = *next++;
    return decode_value(reader, entry.second) || pass_over(reader) || in_map_value(reader, entry.first);
  }
  out.erase(next, out.end());
  next = out.end();
  return decode_entry_of(reader, out, scope, std::move(key));
}

/// Maps whose entries stand in the order of their keys, in which most maps come.
template <class T>
inline constexpr bool keeps_nodes = requires(typename T::key_type key) {
  typename T::key_compare;
  { key == key } -> std::convertible_to<bool>;
};

template <class R, class T>
bool decode_map(R& reader, T& out) {
  typename R::MapScope scope;
  if (!reader.enter(reader.offset()) || !reader.open_map(scope)) return false;
  if constexpr (keeps_nodes<T>) {
    auto next = out.begin();
    while (reader.more_entries(scope)) {
      const bool decoded = next == out.end() ? decode_further_entry(reader, out, scope)
                                             : decode_entry_again(reader, out, next, scope);
      if (!decoded) return false;
    }
    out.erase(next, out.end());
  } else {
    out.clear();
    while (reader.more_entries(scope)) {
      if (!decode_further_entry(reader, out, scope)) return false;
    }
  }
  if (reader.failed()) return false;
  reader.leave();
  return true;
}

// ---- without a type ----

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
    if (!decode_dynamic(reader, entries.back().value)) return in_map_value(reader, entries.back().key);
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

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
