// SPDX-License-Identifier: Apache-2.0
#pragma once

// The first walk of encoding: how large can the output get (a part of core/encode.hpp).

#include <structwire/core/base16.hpp>
#include <structwire/core/encode.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

template <class W, class T>
std::size_t key_bound(const T& key, WriterState& state) {
  if constexpr (shape_of<T> == Shape::enumeration) {
    if (state.strict && !encode_detail::is_listed(key)) {
      state.fail(ErrorCode::invalid_enum_value, "An enum holds a value that its enum_values do not list");
    }
  }
  if constexpr (ValueType<T> && W::traits.text_keys) {
    return W::value_key_bound(key, state);
  } else if constexpr (TextType<T>) {
    return W::text_bound(key);
  } else if constexpr (W::traits.text_keys) {
    return W::text_bound(key_text(key));
  } else if constexpr (W::traits.self_describing && is_text_key<T>) {
    if (state.options.text_keys && has_key_text(key)) [[unlikely]] return W::text_bound(key_text(key));
    return bound_of<W>(key, state);
  } else {
    return bound_of<W>(key, state);
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

// Of another format: converted here, spliced by the second walk, which finds it by the address of what was there.
template <class W>
STRUCTWIRE_NOINLINE std::size_t other_raw_bound(const Raw& raw, const void* address, WriterState& state) {
  if (!state.strict) return state.add_part(address, Buffer(raw.nearest_in(W::format()).bytes()));
  auto there = raw.in(W::format());
  if (!there) {
    state.fail(there.error().code(), there.error().message());
    return 0;
  }
  return state.add_part(address, Buffer(there->bytes()));
}
template <class W, class AnyRaw>
STRUCTWIRE_ALWAYS_INLINE std::size_t raw_bound(const AnyRaw& raw, WriterState& state) {
  static_assert(requires { W::format(); }, "structwire: sw::Raw needs a self-describing format");
  if (raw.empty()) return W::null_bound;
  if constexpr (std::is_same_v<AnyRaw, Raw>) {
    if (raw.format() == &W::format()) return raw.bytes().size();
    return other_raw_bound<W>(raw, &raw, state);
  } else {
    if (raw.format == &W::format()) return raw.bytes.size();
    return other_raw_bound<W>(Raw(raw), &raw, state);
  }
}

template <class W, class List, class T>
inline constexpr bool has_fixed_bound = false;

template <class W, class P, std::size_t... I>
consteval bool have_fixed_bounds(std::index_sequence<I...>) {
  return (has_fixed_bound<W, typename P::template MemberRules<I>, std::remove_cv_t<typename P::template MemberType<I>>> &&
          ...);
}

/// True where every value has the bound of every other: numbers, and arrays and structs of these.
template <class W, class List, class T>
  requires(std::is_void_v<encode_detail::CodecFor<List, T>>)
inline constexpr bool has_fixed_bound<W, List, T> = [] {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::boolean || shape == Shape::integer || shape == Shape::floating) {
    return true;
  } else if constexpr (shape == Shape::fixed_array) {
    return has_fixed_bound<W, RuleList<>, typename T::value_type>;
  } else if constexpr (shape == Shape::structure) {
    using P = PlanIn<W, T>;
    return !P::keeps_unknown_fields && have_fixed_bounds<W, P>(typename P::Indices{});
  } else {
    return false;
  }
}();

template <class W, class T>
std::size_t items_bound(const T& value, WriterState& state) {
  using Item = typename T::value_type;
  const std::size_t size = value.size();
  if constexpr (requires { W::template number_bound<Item>; }) {
    return W::array_bound(size) + size * (W::template number_bound<Item> + W::item_bound);
  } else if constexpr (has_fixed_bound<W, RuleList<>, Item>) {
    // What the walk refuses in one of them, it refuses in each.
    if (size == 0) return W::array_bound(size);
    return W::array_bound(size) + size * (bound_of<W, RuleList<>, Item>(*value.begin(), state) + W::item_bound);
  } else {
    std::size_t bound = W::array_bound(size);
    for (const auto& item : value) bound += bound_of<W, RuleList<>, Item>(item, state) + W::item_bound;
    return bound;
  }
}

template <class W, class T>
std::size_t tuple_bound(const T& value, WriterState& state) {
  std::size_t bound = W::array_bound(std::tuple_size_v<T>);
  std::apply([&](const auto&... item) { ((bound += bound_of<W>(item, state) + W::item_bound), ...); }, value);
  return bound;
}

template <class W, class T>
std::size_t map_bound_of(const T& value, WriterState& state) {
  std::size_t bound = W::map_bound(value.size());
  for (const auto& [key, mapped] : value) {
    bound += key_bound<W>(key, state) + bound_of<W>(mapped, state) + W::entry_bound;
  }
  return bound;
}

template <class W, class T>
std::size_t struct_bound_of(const T& value, WriterState& state) {
  using P = PlanIn<W, T>;
  std::size_t bound = W::template struct_bound<P>() + P::size * W::null_bound;
  // Not for_each_member: its callable is a function more for each member.
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((bound += bound_of<W, typename P::template MemberRules<I>>(P::template get<I>(value), state)), ...);
  }(typename P::Indices{});
  if constexpr (P::tagged) bound += W::scalar_bound + W::text_bound(P::tag.text);
  if constexpr (P::keeps_unknown_fields && W::traits.self_describing) {
    bound += map_bound_of<W>(P::unknown_fields(value), state);
  }
  return bound;
}

// The longest name of an enum; six bytes for each character are enough for every escape.
template <class E>
inline constexpr std::size_t enum_name_bound = [] {
  std::size_t longest = 0;
  for (const std::string_view name : enum_table<E>.names) longest = std::max(longest, 6 * name.size());
  return longest;
}();

template <class W, class List, class T>
std::size_t bytes_bound_of(const T& value) noexcept {
  constexpr BytesStyle style = List::first(rule::BytesText{BytesStyle::base64}).style;
  // Hexadecimal is the longest of the styles.
  if constexpr (style == BytesStyle::hex && !W::traits.tells_bytes_from_text) {
    return W::ascii_bound(base16::encoded_size(value.size()));
  } else {
    return W::bytes_bound(value.size());
  }
}

// Encoded here, spliced by the second walk: the program's conversion runs once.
template <class W, class Codec, class T>
std::size_t coded_bound(const T& value, WriterState& state) {
  if constexpr (!encode_detail::splices<W>) {
    return bound_of<W>(Codec::to_wire(value), state);
  } else {
    Buffer part;
    WriterState inner(state.options);
    inner.strict = state.strict;
    if (auto encoded = append_encoded<W>(Codec::to_wire(value), part, inner); !encoded) {
      state.fail(encoded.error().code(), encoded.error().message());
    }
    return state.add_part(&value, std::move(part));
  }
}

template <class W, class T>
std::size_t nested_bound(const T& value, WriterState& state) {
  constexpr Shape shape = shape_of<T>;
  if (!state.enter()) return 0;
  std::size_t bound = 0;
  if constexpr (shape == Shape::map) {
    bound = map_bound_of<W>(value, state);
  } else if constexpr (shape == Shape::tuple) {
    bound = tuple_bound<W>(value, state);
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::array || shape == Shape::set) {
    bound = items_bound<W>(value, state);
  } else {
    bound = struct_bound_of<W>(value, state);
  }
  state.leave();
  return bound;
}

/// An upper bound of the bytes that write_value writes for `value`.
template <class W, class List, class T>
std::size_t bound_of(const T& value, WriterState& state) {
  constexpr Shape shape = shape_of<T>;
  using Codec = encode_detail::CodecFor<List, T>;
  refuse_misfit_codec<List, T>();
  if constexpr (std::is_void_v<Codec>) refuse_unset_inside<T>();
  if constexpr (encode_detail::in_pieces<W, Codec, T>) {
    return W::ext_bound(extension_for<T>::to_pieces(value));
  } else if constexpr (!std::is_void_v<Codec>) {
    return coded_bound<W, Codec>(value, state);
  } else if constexpr (shape == Shape::annotated) {
    return bound_of<W, JoinedRules<List, annotation_rules<T>>>(plain(value), state);
  } else if constexpr (shape == Shape::box) {
    return bound_of<W, List>(*value, state);
  } else if constexpr (shape == Shape::optional || shape == Shape::unsettable) {
    return value ? W::some_bound + bound_of<W, List>(*value, state) : W::null_bound;
  } else if constexpr (shape == Shape::null) {
    return W::null_bound;
  } else if constexpr (shape == Shape::boolean || shape == Shape::integer || shape == Shape::floating) {
    return W::template number_bound<T>;
  } else if constexpr (shape == Shape::text) {
    return W::text_bound(value);
  } else if constexpr (shape == Shape::bytes) {
    return bytes_bound_of<W, List>(value);
  } else if constexpr (shape == Shape::text_scalar) {
    return W::ascii_bound(TextScalar<T>::text_bound(value)) + W::scalar_bound;
  } else if constexpr (shape == Shape::enumeration) {
    return W::scalar_bound + W::ascii_bound(enum_name_bound<T>);
  } else if constexpr (shape == Shape::literal) {
    return W::scalar_bound + W::text_bound(value.text());
  } else if constexpr (shape == Shape::variant) {
    std::size_t bound = 0;
    if constexpr (requires { W::alternative_bound; }) bound = W::alternative_bound;
    return bound + std::visit([&](const auto& held) { return bound_of<W, AlternativeRules<List>>(held, state); }, value);
  } else if constexpr (shape == Shape::value) {
    return dynamic_bound<W>(value, state);
  } else if constexpr (shape == Shape::unknown_alternative) {
    return bound_of<W>(value.value, state);
  } else if constexpr (shape == Shape::raw && requires(W& writer) { writer.write_raw(value); }) {
    return 0;
  } else if constexpr (shape == Shape::raw) {
    return raw_bound<W>(value, state);
  } else if constexpr (shape == Shape::ext) {
    return W::ext_bound(value);
  } else if constexpr (shape == Shape::unsupported) {
    refuse_unsupported<T>();
    return 0;
  } else {
    return nested_bound<W>(value, state);
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
