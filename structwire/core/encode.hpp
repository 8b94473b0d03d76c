// SPDX-License-Identifier: Apache-2.0
#pragma once

// Encoding: from any C++ value into any Writer. Two walks: bound_of adds up how large the output can get,
// write_value writes it unchecked. They mirror each other case by case; whoever changes one changes both.

#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <structwire/core/key_text.hpp>
#include <structwire/core/plan.hpp>
#include <structwire/core/writer.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

template <class W, class T>
std::size_t bound_of(const T& value, WriterState& state);
template <class W, class T>
void write_value(W& writer, const T& value);

/// What `omit_empty` leaves out.
template <class T>
bool is_empty(const T& value) noexcept {
  if constexpr (OptionalType<T>) {
    return !value;
  } else if constexpr (ValueType<T>) {
    return value.is_null();
  } else if constexpr (requires { value.empty(); }) {
    return value.empty();
  } else {
    static_assert(always_false<T>, "structwire: omit_empty is for optionals, Raw, text and containers");
    return false;
  }
}

// Without keys nobody could tell which member is missing, so every one is written.
template <class W, class P, std::size_t I>
bool is_written(const typename P::Struct& value) noexcept {
  if constexpr (P::members[I].omit_empty && W::traits.keys) {
    return !is_empty(P::template get<I>(value));
  } else {
    return true;
  }
}

template <class W, class P>
std::size_t written_count(const typename P::Struct& value) noexcept {
  if constexpr (!P::omits_members || !W::traits.keys) {
    return P::size;
  } else {
    std::size_t count = 0;
    for_each_member<P>([&](auto i) { count += is_written<W, P, i>(value); });
    return count;
  }
}

// ---- the first walk ----

template <class W, class T>
std::size_t key_bound(const T& key, WriterState& state) {
  if constexpr (!W::traits.text_keys) {
    return bound_of<W>(key, state);
  } else if constexpr (ValueType<T>) {
    return W::value_key_bound(key, state);
  } else if constexpr (TextType<T>) {
    return W::text_bound(key);
  } else {
    static_assert(TextKeyType<T>, "structwire: this type cannot be a key in a format whose keys are text");
    return W::text_bound(key_text(key));
  }
}

template <class W>
std::size_t dynamic_bound(const Value& value, WriterState& state) {
  if (const auto* text = value.get_if<std::string>()) return W::text_bound(*text);
  if (const auto* bytes = value.get_if<Bytes>()) return W::bytes_bound(bytes->size());
  if (const auto* ext = value.get_if<Ext>()) return W::ext_bound(*ext);
  if (const auto* items = value.get_if<Value::Array>()) {
    if (!state.enter()) return 0;
    std::size_t bound = W::array_bound(items->size());
    for (const Value& item : *items) bound += dynamic_bound<W>(item, state) + W::item_bound;
    state.leave();
    return bound;
  }
  if (const auto* entries = value.get_if<Value::Map>()) {
    if (!state.enter()) return 0;
    std::size_t bound = W::map_bound(entries->size());
    for (const auto& [key, mapped] : *entries) {
      bound += key_bound<W>(key, state) + dynamic_bound<W>(mapped, state) + W::entry_bound;
    }
    state.leave();
    return bound;
  }
  return W::scalar_bound;
}

template <class W>
std::size_t raw_bound(const Raw& raw, WriterState& state) {
  if (raw.empty()) return W::null_bound;
  static_assert(requires { W::format(); }, "structwire: sw::Raw needs a self-describing format");
  if (raw.format() == &W::format()) return raw.bytes().size();
  auto there = raw.in(W::format());
  if (!there) {
    state.fail(there.error().code(), there.error().message());
    return 0;
  }
  return state.add_part(Buffer(there->bytes()));
}

template <class W, class T>
std::size_t items_bound(const T& value, WriterState& state) {
  using Item = typename T::value_type;
  const std::size_t size = value.size();
  if constexpr (requires { W::template number_bound<Item>; }) {
    return W::array_bound(size) + size * (W::template number_bound<Item> + W::item_bound);
  } else {
    std::size_t bound = W::array_bound(size);
    for (const auto& item : value) bound += bound_of<W, Item>(item, state) + W::item_bound;
    return bound;
  }
}

/// An upper bound of the bytes that write_value writes for `value`.
template <class W, class T>
std::size_t bound_of(const T& value, WriterState& state) {
  if constexpr (BooleanType<T> || IntegerType<T> || FloatingType<T>) {
    return W::template number_bound<T>;
  } else if constexpr (TextType<T>) {
    return W::text_bound(value);
  } else if constexpr (BytesType<T>) {
    return W::bytes_bound(value.size());
  } else if constexpr (EnumType<T>) {
    return W::scalar_bound + (enum_values<T>.named ? W::text_bound(key_text(value)) : 0);
  } else if constexpr (OptionalType<T>) {
    return value ? W::some_bound + bound_of<W>(*value, state) : W::null_bound;
  } else if constexpr (ValueType<T>) {
    return dynamic_bound<W>(value, state);
  } else if constexpr (RawType<T> && requires(W & writer) { writer.write_raw(value); }) {
    return 0;
  } else if constexpr (RawType<T>) {
    return raw_bound<W>(value, state);
  } else {
    if (!state.enter()) return 0;
    std::size_t bound = 0;
    if constexpr (MapType<T>) {
      bound = W::map_bound(value.size());
      for (const auto& [key, mapped] : value) {
        bound += key_bound<W>(key, state) + bound_of<W>(mapped, state) + W::entry_bound;
      }
    } else if constexpr (FixedArrayType<T> || ArrayType<T>) {
      bound = items_bound<W>(value, state);
    } else if constexpr (StructType<T>) {
      using P = Plan<T>;
      bound = W::template struct_bound<P>();
      for_each_member<P>([&](auto i) { bound += bound_of<W>(P::template get<i>(value), state); });
    } else {
      refuse_unsupported<T>();
    }
    state.leave();
    return bound;
  }
}

// ---- the second walk ----

template <class W, class T>
void write_key(W& writer, const T& key) {
  if constexpr (!W::traits.text_keys) {
    write_value(writer, key);
  } else if constexpr (ValueType<T>) {
    writer.value_key(key);
  } else if constexpr (TextType<T>) {
    writer.text(key);
  } else {
    writer.text(key_text(key));
  }
}

template <class W>
void write_dynamic(W& writer, const Value& value) {
  if (value.is_null()) return writer.null();
  if (const auto* boolean = value.get_if<bool>()) return writer.write(*boolean);
  if (const auto* number = value.get_if<std::int64_t>()) return writer.write(*number);
  if (const auto* number = value.get_if<std::uint64_t>()) return writer.write(*number);
  if (const auto* number = value.get_if<double>()) return writer.write(*number);
  if (const auto* text = value.get_if<std::string>()) return writer.text(*text);
  if (const auto* bytes = value.get_if<Bytes>()) return writer.bytes(*bytes);
  if (const auto* ext = value.get_if<Ext>()) return writer.ext(*ext);
  if (const auto* items = value.get_if<Value::Array>()) {
    writer.open_array(items->size());
    for (const Value& item : *items) {
      write_dynamic(writer, item);
      writer.end_item();
    }
    return writer.close_array(items->size());
  }
  const auto& entries = *value.get_if<Value::Map>();
  writer.open_map(entries.size());
  for (const auto& [key, mapped] : entries) {
    if constexpr (requires { writer.open_entry(); }) writer.open_entry();
    write_key(writer, key);
    writer.end_key();
    write_dynamic(writer, mapped);
    writer.end_entry();
  }
  writer.close_map(entries.size());
}

template <class W>
void write_raw(W& writer, const Raw& raw) {
  if constexpr (requires { writer.write_raw(raw); }) {
    writer.write_raw(raw);
  } else if (raw.empty()) {
    writer.null();
  } else if (raw.format() == &W::format()) {
    writer.splice(raw.bytes());
  } else {
    writer.splice(writer.state().take_part().bytes());
  }
}

template <class W, class E>
void write_enum(W& writer, E value) {
  constexpr const auto& table = enum_values<E>;
  if constexpr (requires { writer.write_enum(value); }) {
    writer.write_enum(value);
  } else {
    if constexpr (table.named) {
      const std::size_t position = table.position(value);
      if (position < table.names.size()) return writer.text(table.names[position]);
      writer.state().fail(ErrorCode::invalid_enum_value,
                          "An enum holds a value that its enum_values do not list");
    }
    writer.write(static_cast<std::underlying_type_t<E>>(value));
  }
}

template <class W, class T>
void write_struct(W& writer, const T& value) {
  using P = Plan<T>;
  const std::size_t count = written_count<W, P>(value);
  writer.template open_struct<P>(count);
  for_each_member<P>([&](auto index) {
    constexpr std::size_t i = index;
    const auto& member = P::template get<i>(value);
    if constexpr (requires { writer.template write_member<P, i>(member); }) {
      writer.template write_member<P, i>(member);
    } else {
      if (!is_written<W, P, i>(value)) return;
      writer.template member_key<P, i>();
      write_value(writer, member);
      writer.end_member();
    }
  });
  writer.template close_struct<P>(count);
}

template <class W, class T>
void write_items(W& writer, const T& value) {
  writer.open_array(value.size());
  for (const auto& item : value) {
    write_value<W, typename T::value_type>(writer, item);
    writer.end_item();
  }
  writer.close_array(value.size());
}

template <class W, class T>
void write_map(W& writer, const T& value) {
  writer.open_map(value.size());
  for (const auto& [key, mapped] : value) {
    if constexpr (requires { writer.open_entry(); }) writer.open_entry();
    write_key(writer, key);
    writer.end_key();
    write_value(writer, mapped);
    writer.end_entry();
  }
  writer.close_map(value.size());
}

/// Writes one value of any wire type; the room for bound_of(value) is there.
template <class W, class T>
void write_value(W& writer, const T& value) {
  if constexpr (BooleanType<T> || IntegerType<T> || FloatingType<T>) {
    writer.write(value);
  } else if constexpr (TextType<T>) {
    writer.text(value);
  } else if constexpr (BytesType<T>) {
    writer.bytes(value);
  } else if constexpr (EnumType<T>) {
    write_enum(writer, value);
  } else if constexpr (OptionalType<T>) {
    if (!value) return writer.none();
    writer.some();
    write_value(writer, *value);
    if constexpr (requires { writer.close_some(); }) writer.close_some();
  } else if constexpr (ValueType<T>) {
    write_dynamic(writer, value);
  } else if constexpr (RawType<T>) {
    write_raw(writer, value);
  } else if constexpr (MapType<T>) {
    write_map(writer, value);
  } else if constexpr (FixedArrayType<T> || ArrayType<T>) {
    write_items(writer, value);
  } else {
    write_struct(writer, value);
  }
}

/// Appends the encoding of `value` to `out`. After an error `out` is as before.
template <class W, class T>
Result<void> append_encoded(const T& value, Buffer& out, WriterState& state) {
  const std::size_t before = out.size();
  try {
    const std::size_t bound = bound_of<W>(value, state);
    if (!state.failed()) {
      out.resize_uninitialized(before + bound);
      W writer(out.data() + before, state);
      write_value(writer, value);
      const auto written = static_cast<std::size_t>(writer.end() - (out.data() + before));
      STRUCTWIRE_ASSERT(written <= bound);
      out.resize_uninitialized(before + written);
    }
  } catch (const std::bad_alloc&) {
    state.fail(ErrorCode::memory_exhausted, "No memory for the encoded value");
  }
  if (!state.failed()) return {};
  out.resize_uninitialized(before);
  return std::unexpected(state.take_error());
}

/// Writes `value` with a writer that grows its own output (Unbounded). After an error that output holds a part.
template <class W, class T>
Result<void> encode_whole(W& writer, const T& value, WriterState& state) {
  try {
    bound_of<W>(value, state);
    if (!state.failed()) write_value(writer, value);
  } catch (const std::bad_alloc&) {
    state.fail(ErrorCode::memory_exhausted, "No memory for the encoded value");
  }
  if (!state.failed()) return {};
  return std::unexpected(state.take_error());
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
