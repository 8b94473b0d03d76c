// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decoding enums and literals (a part of core/decode.hpp).

#include <structwire/core/decode.hpp>
#include <structwire/core/lax.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

template <class R>
STRUCTWIRE_COLD bool refuse_constant(R& reader, std::string_view text, std::size_t start) {
  return reader.fail(ErrorCode::invalid_enum_value, "Invalid enum value '" + std::string(text) + "'", start);
}
template <class R>
STRUCTWIRE_COLD bool refuse_constant(R& reader, std::int64_t number, std::size_t start) {
  return reader.fail(ErrorCode::invalid_enum_value, "Invalid enum value " + std::to_string(number), start);
}

template <class R>
STRUCTWIRE_COLD bool refuse_number(R& reader, std::string_view text, std::size_t start) {
  return reader.fail(ErrorCode::invalid_enum_value, "Invalid enum value " + std::string(text), start);
}

// A lax reader takes integers for enums and literals from text, but not from floats.
template <class R>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool retry_integer_text(R& reader, std::int64_t& number) {
  if (!reader.options().lax) return false;
  Error refused = reader.take_error();
  reader.return_to(refused.offset().value_or(no_offset));
  std::string_view text;
  if (reader.peek() != Kind::text || !reader.read_text(text) || !is_json_number(text)) {
    return reader.adopt(std::move(refused));
  }
  lax::WideInteger wide;
  const lax::Outcome outcome = lax::to_integer(Value(text), wide);
  const std::size_t start = refused.offset().value_or(no_offset);
  if (outcome.refusal != nullptr && !is_json_integer(text)) {
    return reader.fail(ErrorCode::number_out_of_range, outcome.refusal, start);
  }
  if (!is_json_integer(text)) return reader.adopt(std::move(refused));
  if (!outcome.converted || wide.large != 0) return refuse_number(reader, text, start);
  number = wide.number;
  return true;
}

// An integer beyond int64, for an enum or a literal: it is simply not listed.
template <class R>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool refuse_unlisted(R& reader, std::size_t start) {
  reader.return_to(start);
  if (reader.kind() != Kind::integer) return false;
  reader.clear_error();
  std::uint64_t large = 0;
  if (!reader.read(large)) {
    const bool beyond = reader.error_code() == ErrorCode::number_out_of_range;
    return beyond && reader.mismatch(Kind::integer, "float", start);
  }
  return reader.fail(ErrorCode::invalid_enum_value, "Invalid enum value " + std::to_string(large), start);
}

// An integer for an enum or a literal.
template <class R>
bool read_constant(R& reader, std::int64_t& number, std::size_t start) {
  if (reader.read(number)) return true;
  if constexpr (R::traits.self_describing) {
    if (reader.error_code() == ErrorCode::type_mismatch) return retry_integer_text(reader, number);
    return reader.error_code() == ErrorCode::number_out_of_range && refuse_unlisted(reader, start);
  } else {
    return false;
  }
}

template <class R, class E>
bool decode_enum(R& reader, E& out) {
  constexpr const auto& table = enum_table<E>;
  const std::size_t start = reader.offset();
  if constexpr (requires { reader.template read_enum<E>(out); }) {
    return reader.template read_enum<E>(out);
  } else if constexpr (table.named) {
    std::string_view text;
    if (!reader.read_text(text)) return false;
    const std::size_t position = table.position(text);
    if (position == table.values.size()) return refuse_constant(reader, text, start);
    out = table.values[position];
    return true;
  } else {
    std::int64_t number = 0;
    if (!read_constant(reader, number, start)) return false;
    const std::size_t position = table.position_of_number(number);
    if (position == table.values.size()) return refuse_constant(reader, number, start);
    out = table.values[position];
    return true;
  }
}

// One constant of a kind that the literal has.
template <class C, class R, class T>
bool read_literal(R& reader, T& out) {
  const std::size_t start = reader.offset();
  C constant{};
  if constexpr (std::is_same_v<C, std::nullptr_t>) {
    if (!decode_null(reader)) return false;
  } else if constexpr (std::is_same_v<C, std::string_view>) {
    if (!reader.read_text(constant)) return false;
  } else if constexpr (std::is_same_v<C, std::int64_t>) {
    if (!read_constant(reader, constant, start)) return false;
  } else {
    if (!reader.read(constant)) return false;
  }
  const auto found = T::from(constant);
  if (found) {
    out = *found;
    return true;
  }
  if constexpr (std::is_same_v<C, bool>) {
    return reader.fail(ErrorCode::invalid_enum_value, constant ? "Invalid enum value true" : "Invalid enum value false",
                       start);
  } else if constexpr (std::is_same_v<C, std::nullptr_t>) {
    return false;
  } else {
    return refuse_constant(reader, constant, start);
  }
}

// Text for a literal of several kinds in a lax reader: what spells an integer is one, other numbers are nothing.
template <class R, class T>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool decode_literal_lax(R& reader, T& out) {
  lax::Spelled spelled{};
  std::string text;
  if (!read_spelled(reader, spelled, text)) return false;
  if constexpr (T::has_integer) {
    if (spelled == lax::Spelled::integer || spelled == lax::Spelled::number) {
      return read_literal<std::int64_t>(reader, out) || reader.or_kinds(kinds_of<T>());
    }
  }
  if constexpr (T::has_null) {
    if (spelled == lax::Spelled::null) return read_literal<std::nullptr_t>(reader, out);
  }
  if constexpr (T::has_text) {
    return read_literal<std::string_view>(reader, out);
  } else {
    return reader.refuse(kinds_of<T>());
  }
}

// A key that stands as text may spell an integer; a text constant that reads the same comes first.
template <class R, class T>
bool decode_literal_key(R& reader, T& out) {
  std::string_view text;
  if (!reader.read_text(text)) return false;
  if (!T::from(text) && is_json_integer(text)) return read_literal<std::int64_t>(reader, out);
  return read_literal<std::string_view>(reader, out);
}

template <class R, class T>
bool decode_literal(R& reader, T& out) {
  constexpr int kinds_held = T::has_text + T::has_integer + T::has_boolean + T::has_null;
  if constexpr (kinds_held == 1 || !R::traits.self_describing) {
    static_assert(kinds_held == 1, "structwire: a literal of several kinds needs a self-describing format");
    if constexpr (T::has_text) {
      return read_literal<std::string_view>(reader, out);
    } else if constexpr (T::has_integer) {
      return read_literal<std::int64_t>(reader, out);
    } else if constexpr (T::has_boolean) {
      return read_literal<bool>(reader, out);
    } else {
      return read_literal<std::nullptr_t>(reader, out);
    }
  } else if constexpr (requires { R::numbers_are_text; } && T::has_text && T::has_integer) {
    return decode_literal_key(reader, out);
  } else {
    const Kind kind = reader.kind();
    if (kind == Kind::text && reader.options().lax) return decode_literal_lax(reader, out);
    if constexpr (T::has_text) {
      if (kind == Kind::text) return read_literal<std::string_view>(reader, out);
    }
    if constexpr (T::has_boolean) {
      if (kind == Kind::boolean) return read_literal<bool>(reader, out);
    }
    if constexpr (T::has_null) {
      if (kind == Kind::null) return read_literal<std::nullptr_t>(reader, out);
    }
    if constexpr (T::has_integer) {
      return read_literal<std::int64_t>(reader, out) || reader.or_kinds(kinds_of<T>());
    } else {
      return reader.refuse(kinds_of<T>());
    }
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
