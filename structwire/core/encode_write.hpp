// SPDX-License-Identifier: Apache-2.0
#pragma once

// The second walk of encoding: writing (a part of core/encode.hpp). Structs: encode_struct.hpp.

#include <algorithm>
#include <cmath>
#include <limits>

#include <structwire/core/encode.hpp>
#include <structwire/core/encode_struct.hpp>
#include <structwire/core/epoch_time.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

template <class W, class T>
void write_uuid_hex(W& writer, const T& uuid) {
  char text[32];
  writer.text({text, static_cast<std::size_t>(write_hex(text, uuid) - text)});
}

template <class W, class T>
void write_text_key(W& writer, const T& key) {
  if constexpr (requires(char* out) { write_hex(out, key); }) {
    if (writer.state().options.uuids == UuidForm::hexadecimal) return write_uuid_hex(writer, key);
  }
  writer.text(key_text(key));
}

template <class W, class T>
STRUCTWIRE_ALWAYS_INLINE void write_key(W& writer, const T& key) {
  if constexpr (ValueType<T> && W::traits.text_keys) {
    encode_detail::apart(writer, [&key](W& out) { out.value_key(key); });
  } else if constexpr (TextType<T>) {
    writer.text(key);
  } else if constexpr (W::traits.text_keys) {
    encode_detail::apart(writer, [&key](W& out) { write_text_key(out, key); });
  } else if constexpr (W::traits.self_describing && is_text_key<T>) {
    if (writer.state().options.text_keys && has_key_text(key)) [[unlikely]] {
      return encode_detail::apart(writer, [&key](W& out) { write_text_key(out, key); });
    }
    write_value(writer, key);
  } else {
    write_value(writer, key);
  }
}

// In a format without extensions a timestamp from another one is the text that every timestamp type reads.
template <class W>
void write_dynamic_ext(W& writer, const Ext& ext) {
  if constexpr (encode_detail::splices<W> && !W::traits.carries_extensions) {
    char text[timestamp_text_max];
    if (const char* end = write_timestamp_text(text, ext)) {
      return writer.text({text, static_cast<std::size_t>(end - text)});
    }
  }
  writer.ext(ext);
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
  if (const auto* ext = value.get_if<Ext>()) return write_dynamic_ext(writer, *ext);
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
  const auto key_of = [](const Value::Entry& entry) -> const Value& { return entry.key; };
  in_order<Value>(writer.state(), entries, key_of, [&](const Value::Entry& entry) {
    if constexpr (requires { writer.open_entry(); }) writer.open_entry();
    write_key(writer, entry.key);
    writer.end_key();
    write_dynamic(writer, entry.value);
    writer.end_entry();
  });
  writer.close_map(entries.size());
}

template <class W, class AnyRaw>
STRUCTWIRE_ALWAYS_INLINE void write_raw(W& writer, const AnyRaw& raw) {
  if constexpr (requires { writer.write_raw(raw); }) {
    return writer.write_raw(raw);
  } else if (raw.empty()) {
    return writer.null();
  } else {
    const RawView view = [&] {
      if constexpr (std::is_same_v<AnyRaw, Raw>) {
        return raw.view();
      } else {
        return raw;
      }
    }();
    if (view.format == &W::format()) return writer.splice(view.bytes);
    encode_detail::apart(writer, [&raw](W& out) { out.splice(out.state().take_part(&raw).bytes()); });
  }
}

template <class W, class E>
STRUCTWIRE_ALWAYS_INLINE void write_enum(W& writer, E value) {
  constexpr const auto& table = enum_table<E>;
  if constexpr (requires { writer.write_enum(value); }) {
    writer.write_enum(value);
  } else {
    if constexpr (table.named) {
      const std::size_t position = table.position(value);
      if (position < table.names.size()) return writer.text(table.names[position]);
      if (writer.state().strict) {
        writer.state().fail(ErrorCode::invalid_enum_value,
                            "An enum holds a value that its enum_values do not list");
      }
    }
    writer.write(static_cast<std::underlying_type_t<E>>(value));
  }
}

template <class List, class W, class T>
STRUCTWIRE_ALWAYS_INLINE void write_bytes(W& writer, const T& value) {
  constexpr BytesStyle style = List::first(rule::BytesText{BytesStyle::base64}).style;
  if constexpr (style == BytesStyle::base64 || W::traits.tells_bytes_from_text) {
    writer.bytes(value);
  } else {
    encode_detail::apart(writer, [&value](W& out) { out.text(bytes_text<style>(value)); });
  }
}

// In the format's own form where it has one, or where the options ask for another.
template <class W, class T>
bool write_native(W& writer, const T& value) {
  using Scalar = TextScalar<T>;
  const EncodeOptions& options = writer.state().options;
  if constexpr (W::traits.carries_extensions && requires(EpochTime& time) {
                  Scalar::to_epoch(value, time.seconds, time.nanoseconds);
                }) {
    EpochTime time;
    if (!Scalar::to_epoch(value, time.seconds, time.nanoseconds)) return false;
    writer.ext(Ext{timestamp_extension, timestamp_bytes(time)});
    return true;
  } else if constexpr (Scalar::kind == Kind::decimal) {
    if (options.decimals == DecimalForm::text) return false;
    return write_decimal_number(writer, value);
  } else if constexpr (Scalar::kind == Kind::uuid && requires(char* out) { write_hex(out, value); }) {
    if (options.uuids == UuidForm::canonical) return false;
    if (options.uuids == UuidForm::bytes && W::traits.tells_bytes_from_text) {
      writer.bytes(value.bytes);
      return true;
    }
    if (options.uuids == UuidForm::bytes) return false;
    write_uuid_hex(writer, value);
    return true;
  } else {
    return false;
  }
}

// NaN and the infinities, where `text` is one of these; a signalling NaN is no double.
inline bool special_double(std::string_view text, double& out) noexcept {
  const bool negative = text.starts_with('-');
  text.remove_prefix(negative);
  using Double = std::numeric_limits<double>;
  if (!text.starts_with("NaN") && text != "Infinity") return false;
  out = std::copysign(text == "Infinity" ? Double::infinity() : Double::quiet_NaN(), negative ? -1.0 : 1.0);
  return true;
}

// JSON keeps every digit, and NaN and the infinities stay text there; other formats take the nearest double.
template <class W, class T>
bool write_decimal_number(W& writer, const T& value) {
  bool written = false;
  encode_detail::with_text(value, [&](std::string_view text) {
    written = is_json_number(text);
    if constexpr (W::traits.text_keys && encode_detail::splices<W>) {
      if (written) writer.splice(std::as_bytes(std::span(text)));
    } else {
      double number = written ? parse_double(text) : 0;
      written = written || special_double(text, number);
      if (written) writer.write(number);
    }
  });
  return written;
}

template <class W, class T>
void write_text_scalar(W& writer, const T& value) {
  if (write_native(writer, value)) return;
  encode_detail::with_text(value, [&](std::string_view text) { writer.text(text); });
}

template <class W, class T>
void write_literal(W& writer, const T& value) {
  value.visit([&]<class C>(const C& constant) {
    if constexpr (std::is_same_v<C, std::nullptr_t>) {
      writer.null();
    } else if constexpr (std::is_same_v<C, std::string_view>) {
      writer.text(constant);
    } else {
      writer.write(constant);
    }
  });
}

// ---- containers ----

template <class W, class T>
STRUCTWIRE_ALWAYS_INLINE void write_items(W& writer, const T& value) {
  writer.open_array(value.size());
  for (const auto& item : value) {
    write_value<RuleList<>, W, typename T::value_type>(writer, item);
    writer.end_item();
  }
  writer.close_array(value.size());
}

template <class W, class T>
void write_set(W& writer, const T& value) {
  using Item = typename T::value_type;
  writer.open_array(value.size());
  in_order<Item>(
      writer.state(), value, [](const Item& item) -> const Item& { return item; },
      [&](const Item& item) {
        write_value(writer, item);
        writer.end_item();
      });
  writer.close_array(value.size());
}

template <class W, class T>
void write_tuple(W& writer, const T& value) {
  constexpr std::size_t size = std::tuple_size_v<T>;
  writer.open_array(size);
  std::apply(
      [&](const auto&... item) {
        [[maybe_unused]] const auto one = [&](const auto& each) {
          write_value(writer, each);
          writer.end_item();
        };
        (one(item), ...);
      },
      value);
  writer.close_array(size);
}

template <class W, class Entry>
STRUCTWIRE_ALWAYS_INLINE void write_entry(W& writer, const Entry& entry) {
  if constexpr (requires { writer.open_entry(); }) writer.open_entry();
  write_key(writer, entry.first);
  writer.end_key();
  write_value(writer, entry.second);
  writer.end_entry();
}

template <class W, class T>
STRUCTWIRE_ALWAYS_INLINE void write_map(W& writer, const T& value) {
  using Entry = typename T::value_type;
  using Key = typename T::key_type;
  writer.open_map(value.size());
  if (is_in_order<T, Key>(writer.state())) [[likely]] {
    for (const Entry& entry : value) write_entry(writer, entry);
  } else if constexpr (!always_in_order<T, Key>) {
    encode_detail::apart(writer, [&value](W& out) {
      const auto key_of = [](const Entry& entry) -> const auto& { return entry.first; };
      in_order<Key>(out.state(), value, key_of, [&](const Entry& entry) { write_entry(out, entry); });
    });
  }
  writer.close_map(value.size());
}

template <class Codec, class W, class T>
void write_coded(W& writer, const T& value) {
  if constexpr (encode_detail::splices<W>) {
    writer.splice(writer.state().take_part(&value).bytes());
  } else {
    write_value(writer, Codec::to_wire(value));
  }
}

template <class List, class W, class T>
STRUCTWIRE_ALWAYS_INLINE void write_in_line(W& writer, const T& value);

/// Writes one value of any wire type; the room for bound_of(value) is there. A struct has a function of its own, with
/// its scalars, texts and containers in line; so has what is rare.
template <class List, class W, class T>
STRUCTWIRE_ALWAYS_INLINE void write_value(W& writer, const T& value) {
  constexpr Shape shape = shape_of<T>;
  constexpr bool in_line = shape == Shape::annotated || shape == Shape::box || shape == Shape::optional ||
                           shape == Shape::unsettable || shape == Shape::null || shape == Shape::boolean ||
                           shape == Shape::integer || shape == Shape::floating || shape == Shape::text ||
                           shape == Shape::bytes || shape == Shape::enumeration || shape == Shape::raw ||
                           shape == Shape::map || shape == Shape::fixed_array || shape == Shape::array;
  if constexpr (in_line && std::is_void_v<encode_detail::CodecFor<List, T>>) {
    write_in_line<List>(writer, value);
  } else {
    encode_detail::apart(writer, [&value](W& out) { write_in_line<List>(out, value); });
  }
}

template <class List, class W, class T>
STRUCTWIRE_ALWAYS_INLINE void write_in_line(W& writer, const T& value) {
  constexpr Shape shape = shape_of<T>;
  using Codec = encode_detail::CodecFor<List, T>;
  if constexpr (encode_detail::in_pieces<W, Codec, T>) {
    writer.ext(extension_for<T>::code, extension_for<T>::to_pieces(value));
  } else if constexpr (!std::is_void_v<Codec>) {
    write_coded<Codec>(writer, value);
  } else if constexpr (shape == Shape::annotated) {
    write_value<JoinedRules<List, annotation_rules<T>>>(writer, plain(value));
  } else if constexpr (shape == Shape::box) {
    write_value<List>(writer, *value);
  } else if constexpr (shape == Shape::unsettable && W::traits.keys) {
    if (!value) return writer.null();
    write_value<List>(writer, *value);
  } else if constexpr (shape == Shape::optional || shape == Shape::unsettable) {
    if (!value) return writer.none();
    writer.some();
    write_value<List>(writer, *value);
    if constexpr (requires { writer.close_some(); }) writer.close_some();
  } else if constexpr (shape == Shape::null) {
    writer.null();
  } else if constexpr (shape == Shape::boolean || shape == Shape::integer || shape == Shape::floating) {
    writer.write(value);
  } else if constexpr (shape == Shape::text) {
    writer.text(value);
  } else if constexpr (shape == Shape::bytes) {
    write_bytes<List>(writer, value);
  } else if constexpr (shape == Shape::text_scalar) {
    write_text_scalar(writer, value);
  } else if constexpr (shape == Shape::enumeration) {
    write_enum(writer, value);
  } else if constexpr (shape == Shape::literal) {
    write_literal(writer, value);
  } else if constexpr (shape == Shape::variant) {
    if constexpr (requires { writer.template alternative<T>(std::size_t{}); }) {
      writer.template alternative<T>(value.index());
    }
    std::visit([&](const auto& held) { write_value<AlternativeRules<List>>(writer, held); }, value);
  } else if constexpr (shape == Shape::value) {
    write_dynamic(writer, value);
  } else if constexpr (shape == Shape::unknown_alternative) {
    write_raw(writer, value.value);
  } else if constexpr (shape == Shape::raw) {
    write_raw(writer, value);
  } else if constexpr (shape == Shape::ext) {
    writer.ext(value);
  } else if constexpr (shape == Shape::map) {
    write_map(writer, value);
  } else if constexpr (shape == Shape::set) {
    write_set(writer, value);
  } else if constexpr (shape == Shape::tuple) {
    write_tuple(writer, value);
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::array) {
    write_items(writer, value);
  } else {
    write_struct(writer, value);
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
