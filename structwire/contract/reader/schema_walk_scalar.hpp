// SPDX-License-Identifier: Apache-2.0
#pragma once

// Values without parts, and the rules that values are held against (a part of contract/reader/schema_walk.hpp).

#include <cmath>
#include <cstdint>
#include <type_traits>

#include <structwire/contract/reader/schema_walk.hpp>
#include <structwire/contract/schema_check.hpp>

namespace structwire::contract::schema_reading {

template <class R>
template <class Number>
bool Walk<R>::number(Value& out) {
  Number read{};
  if (!decode_scalar(reader_, read)) return false;
  if constexpr (std::is_floating_point_v<Number>) {
    out = Value(static_cast<double>(read));
  } else if constexpr (std::is_signed_v<Number>) {
    out = Value(static_cast<std::int64_t>(read));
  } else {
    out = Value(static_cast<std::uint64_t>(read));
  }
  return true;
}

template <class R>
bool Walk<R>::integer(const Type& type, Value& out) {
  const bool is_unsigned = type.schema->is_unsigned;
  switch (type.schema->bits) {
    case 8: return is_unsigned ? number<std::uint8_t>(out) : number<std::int8_t>(out);
    case 16: return is_unsigned ? number<std::uint16_t>(out) : number<std::int16_t>(out);
    case 32: return is_unsigned ? number<std::uint32_t>(out) : number<std::int32_t>(out);
    default: return is_unsigned ? number<std::uint64_t>(out) : number<std::int64_t>(out);
  }
}

template <class R>
bool Walk<R>::floating(const Type& type, Value& out) {
  if (maker_ != nullptr && reader_.peek() == Kind::null) {
    // What JSON has no number for.
    out = Value(std::nan(""));
    return decode_null(reader_);
  }
  return type.schema->bits == 32 ? number<float>(out) : number<double>(out);
}

template <class R>
bool Walk<R>::boolean(Value& out) {
  bool read = false;
  if (!decode_scalar(reader_, read)) return false;
  out = Value(read);
  return true;
}

template <class R>
bool Walk<R>::text(Value& out) {
  std::string_view read;
  if (!reader_.read_text(read)) return false;
  out = Value(read);
  return true;
}

template <class R>
bool Walk<R>::bytes(const Type& type, Value& out) {
  Bytes read;
  const bool done = [&] {
    switch (type.schema->bytes_text) {
      case BytesStyle::hex: return decode_bytes<RuleList<structwire::hex>>(reader_, read);
      case BytesStyle::base64url: return decode_bytes<RuleList<structwire::base64url>>(reader_, read);
      case BytesStyle::base64: break;
    }
    return decode_bytes<RuleList<>>(reader_, read);
  }();
  if (done) out = Value(std::move(read));
  return done;
}

template <class R>
bool Walk<R>::text_scalar(const Type& type, Value& out) {
  return with_text_scalar(*type.schema, [&](auto scalar) {
    if (!decode_text_scalar(reader_, scalar)) return false;
    out = Value(text_of(scalar));
    return true;
  });
}

template <class R>
bool Walk<R>::ext(const Type& type, Value& out) {
  const std::size_t start = reader_.offset();
  Ext read;
  if (!decode_ext(reader_, read)) return false;
  if (type.schema->code && read.code != *type.schema->code) {
    return reader_.violated(ErrorCode::type_mismatch, "extension " + std::to_string(*type.schema->code), start,
                            std::to_string(read.code));
  }
  out = Value(std::move(read));
  return true;
}

// ---- enums and literals ----

template <class R>
bool Walk<R>::enumeration(const Type& type, Value& out) {
  const EnumPlan& plan = *type.enumeration;
  const std::size_t start = reader_.offset();
  std::size_t position = 0;
  if (plan.is_named) {
    std::string_view read;
    if (!reader_.read_text(read)) return false;
    position = plan.position(read);
    if (position == plan.size()) return refuse_constant(reader_, read, start);
  } else {
    std::int64_t read = 0;
    if (!read_constant(reader_, read, start)) return false;
    position = plan.position(read);
    if (position == plan.size()) return refuse_constant(reader_, read, start);
  }
  out = plan.schema->values[position].value;
  return true;
}

template <class R>
template <class Constant>
bool Walk<R>::constant(const Type& type, Value& out) {
  const std::size_t start = reader_.offset();
  Constant read{};
  if constexpr (std::is_same_v<Constant, std::nullptr_t>) {
    if (!decode_null(reader_)) return false;
  } else if constexpr (std::is_same_v<Constant, std::string_view>) {
    if (!reader_.read_text(read)) return false;
  } else if constexpr (std::is_same_v<Constant, std::int64_t>) {
    if (!read_constant(reader_, read, start)) return false;
  } else {
    if (!reader_.read(read)) return false;
  }
  Value found(read);
  if (type.lists(found)) {
    out = std::move(found);
    return true;
  }
  if constexpr (std::is_same_v<Constant, bool>) {
    return reader_.fail(ErrorCode::invalid_enum_value, read ? "Invalid enum value true" : "Invalid enum value false",
                        start);
  } else if constexpr (std::is_same_v<Constant, std::nullptr_t>) {
    return reader_.refuse(type.kinds);
  } else {
    return refuse_constant(reader_, read, start);
  }
}

template <class R>
bool Walk<R>::lax_literal(const Type& type, Value& out) {
  lax::Spelled spelled{};
  std::string spelling;
  if (!read_spelled(reader_, spelled, spelling)) return false;
  if (type.has_integer() && (spelled == lax::Spelled::integer || spelled == lax::Spelled::number)) {
    return constant<std::int64_t>(type, out) || reader_.or_kinds(type.kinds);
  }
  if (type.has_null() && spelled == lax::Spelled::null) return constant<std::nullptr_t>(type, out);
  return type.has_text() ? constant<std::string_view>(type, out) : reader_.refuse(type.kinds);
}

template <class R>
bool Walk<R>::key_literal(const Type& type, Value& out) {
  std::string_view read;
  if (!reader_.read_text(read)) return false;
  if (!type.lists(Value(read)) && is_json_integer(read)) return constant<std::int64_t>(type, out);
  return constant<std::string_view>(type, out);
}

template <class R>
bool Walk<R>::literal(const Type& type, Value& out) {
  const int kinds = type.has_text() + type.has_integer() + type.has_boolean() + type.has_null();
  if (kinds == 1) {
    if (type.has_text()) return constant<std::string_view>(type, out);
    if (type.has_integer()) return constant<std::int64_t>(type, out);
    return type.has_boolean() ? constant<bool>(type, out) : constant<std::nullptr_t>(type, out);
  }
  if constexpr (requires { R::numbers_are_text; }) {
    if (type.has_text() && type.has_integer()) return key_literal(type, out);
  }
  const Kind kind = reader_.kind();
  if (kind == Kind::text && reader_.options().lax) return lax_literal(type, out);
  if (type.has_text() && kind == Kind::text) return constant<std::string_view>(type, out);
  if (type.has_boolean() && kind == Kind::boolean) return constant<bool>(type, out);
  if (type.has_null() && kind == Kind::null) return constant<std::nullptr_t>(type, out);
  if (type.has_integer()) return constant<std::int64_t>(type, out) || reader_.or_kinds(type.kinds);
  return reader_.refuse(type.kinds);
}

// ---- rules ----

template <class R>
bool Walk<R>::check(const Type& type, const Value& value, std::size_t start) {
  auto broken = broken_rule(type, value);
  return !broken || reader_.violated(ErrorCode::constraint_violated, std::move(*broken), start);
}

template <class R>
bool Walk<R>::name_bound(const Type& type, std::size_t start) {
  if (reader_.error_code() != ErrorCode::number_out_of_range) return false;
  Error refused = reader_.take_error();
  const std::optional<bool> is_negative = sign_of_integer(reader_, start);
  reader_.clear_error();
  if (is_negative) {
    if (auto bound = bound_beyond(*type.schema, *is_negative)) {
      return reader_.violated(ErrorCode::constraint_violated, std::move(*bound), start);
    }
  }
  return reader_.adopt(std::move(refused));
}

}  // namespace structwire::contract::schema_reading
