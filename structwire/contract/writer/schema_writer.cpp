// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/schema_writer.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <structwire/contract/writer/schema_writing.hpp>
#include <structwire/core/epoch_time.hpp>
#include <structwire/core/key_text.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/time.hpp>
#include <structwire/core/value_reader.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::contract {
namespace schema_writing {
namespace {

std::string_view kind_of(const Value& value) noexcept {
  if (value.is_null()) return name_of(Kind::null);
  if (value.get_if<bool>() != nullptr) return name_of(Kind::boolean);
  if (value.get_if<double>() != nullptr) return name_of(Kind::floating);
  if (value.get_if<std::string>() != nullptr) return name_of(Kind::text);
  if (value.get_if<Bytes>() != nullptr) return name_of(Kind::bytes);
  if (value.get_if<Value::Array>() != nullptr) return name_of(Kind::array);
  if (value.get_if<Value::Map>() != nullptr) return name_of(Kind::object);
  if (value.get_if<Ext>() != nullptr) return name_of(Kind::ext);
  return name_of(Kind::integer);
}

bool fits(const Value& value, std::uint32_t bits, bool is_unsigned) noexcept {
  if (value.get_if<std::uint64_t>() != nullptr) return is_unsigned && bits == 64;
  const std::int64_t number = *value.get_if<std::int64_t>();
  if (bits == 0 || bits > 64) return true;
  if (is_unsigned) return number >= 0 && (bits >= 63 || number < (std::int64_t{1} << bits));
  if (bits == 64) return true;
  const std::int64_t end = std::int64_t{1} << (bits - 1);
  return number >= -end && number < end;
}

// Kinds whose own order is that of their Values.
bool sorts_by_value(TypeKind kind) noexcept {
  switch (kind) {
    case TypeKind::any:
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::floating:
    case TypeKind::text:
    case TypeKind::bytes:
    case TypeKind::date:
    case TypeKind::uuid:
    case TypeKind::enumeration: return true;
    default: return false;
  }
}

void sort_deeply(Value& value) {
  if (auto* items = value.get_if<Value::Array>()) {
    for (Value& item : *items) sort_deeply(item);
  } else if (auto* entries = value.get_if<Value::Map>()) {
    for (Value::Entry& entry : *entries) sort_deeply(entry.value);
    sort_entries(*entries);
  }
}

bool decode_bytes(std::string_view text, BytesStyle style, Bytes& out) {
  switch (style) {
    case BytesStyle::base64: return base64::decode(text, out);
    case BytesStyle::base64url: return base64::decode_url(text, out);
    case BytesStyle::hex: return base16::decode(text, out);
  }
  return false;
}

std::string styled_text(const Bytes& bytes, BytesStyle style) {
  return style == BytesStyle::hex ? bytes_text<BytesStyle::hex>(bytes) : bytes_text<BytesStyle::base64url>(bytes);
}

// The decimal of a float's own digits: as a double it is written with the same ones.
double digits_of(float number) {
  if (!std::isfinite(number)) return number;
  char text[number_text_room];
  return parse_double({text, static_cast<std::size_t>(write_number(text, number) - text)});
}

}  // namespace

bool Walk::fail(ErrorCode code, std::string text) {
  error_ = Error(code, std::move(text));
  return false;
}

bool Walk::refuse(std::string_view expected, const Value& value) {
  return fail(ErrorCode::type_mismatch,
              "Expected `" + std::string(expected) + "`, got `" + std::string(kind_of(value)) + "`");
}

// Adds the way on the way out.
bool Walk::at(PathSegment segment, bool done) {
  if (!done) error_.detail()->path.push_back(std::move(segment));
  return done;
}

bool Walk::write(const TypeSchema& type, const Value& value, Value& out) {
  if (calls_ >= calls_max) return fail(ErrorCode::depth_limit, "Nested deeper than 512");
  ++calls_;
  const bool done = write_known(type, value, out);
  --calls_;
  return done;
}

bool Walk::write_known(const TypeSchema& type, const Value& value, Value& out) {
  if (!has_its_parts(type)) return fail(ErrorCode::unsupported, "A type of the schema lacks its parts");
  switch (type.kind) {
    case TypeKind::any:
    case TypeKind::raw:
    case TypeKind::unknown: return dynamic(value, out);
    case TypeKind::null:
      return value.is_null() || refuse("null", value);
    case TypeKind::boolean:
      out = value;
      return value.get_if<bool>() != nullptr || refuse("bool", value);
    case TypeKind::integer: return integer(type, value, out);
    case TypeKind::floating: return floating(type, value, out, false);
    case TypeKind::bytes: return bytes(type, value, out);
    case TypeKind::datetime: return datetime(value, out);
    case TypeKind::text:
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::duration:
    case TypeKind::uuid:
    case TypeKind::decimal:
      out = value;
      return value.get_if<std::string>() != nullptr || refuse(name_of(type.kind), value);
    case TypeKind::literal: return constant(type, value, out);
    case TypeKind::enumeration: return enumeration(type, value, out);
    case TypeKind::optional:
      if (value.is_null()) {
        out = Value();
        return true;
      }
      return write(type.parts[0], value, out);
    case TypeKind::array:
    case TypeKind::set:
    case TypeKind::tuple: return items(type, value, out);
    case TypeKind::map: return entries(type, value, out);
    case TypeKind::variant: return alternative(type, value, out);
    case TypeKind::ext: return extension(value, out);
    case TypeKind::structure: break;
  }
  const StructSchema* definition = schema_->find_struct(type.name);
  if (definition == nullptr) return fail(ErrorCode::unsupported, "The schema has no struct `" + type.name + "`");
  if (containers_ >= containers_max) return fail(ErrorCode::depth_limit, "Nested deeper than 512");
  const Nested nested(containers_);
  const bool sorted_before = std::exchange(sorted_, sorted_ || definition->deterministic);
  const bool done = structure(*definition, value, out);
  sorted_ = sorted_before;
  return done;
}

// ---- values without parts ----

bool Walk::integer(const TypeSchema& type, const Value& value, Value& out) {
  if (!is_integer(value)) return refuse("int", value);
  if (!fits(value, type.bits, type.is_unsigned)) {
    return fail(ErrorCode::number_out_of_range, "Integer value out of range");
  }
  out = value;
  return true;
}

bool Walk::floating(const TypeSchema& type, const Value& value, Value& out, bool is_key) {
  double number = 0;
  if (const auto* given = value.get_if<double>()) {
    number = *given;
  } else if (const auto* integer = value.get_if<std::int64_t>()) {
    number = static_cast<double>(*integer);
  } else if (const auto* large = value.get_if<std::uint64_t>()) {
    number = static_cast<double>(*large);
  } else {
    return refuse("float", value);
  }
  if (type.bits == 32) {
    const bool by_own_digits = traits_->text_keys && !is_key;
    number = by_own_digits ? digits_of(static_cast<float>(number)) : static_cast<double>(static_cast<float>(number));
  }
  out = Value(number);
  return true;
}

bool Walk::bytes(const TypeSchema& type, const Value& value, Value& out) {
  Bytes decoded;
  const auto* held = value.get_if<Bytes>();
  if (held == nullptr) {
    const auto* text = value.get_if<std::string>();
    if (text == nullptr) return refuse("bytes", value);
    if (!decode_bytes(*text, type.bytes_text, decoded)) return fail(ErrorCode::invalid_text, "Invalid text of bytes");
    held = &decoded;
  }
  const bool as_text = !traits_->tells_bytes_from_text && type.bytes_text != BytesStyle::base64;
  out = as_text ? Value(styled_text(*held, type.bytes_text)) : Value(*held);
  return true;
}

// An instant is an extension where the format has them.
bool Walk::datetime(const Value& value, Value& out) {
  const auto* text = value.get_if<std::string>();
  if (text == nullptr) return refuse("datetime", value);
  out = value;
  if (!traits_->carries_extensions) return true;
  time_text::Moment moment;
  if (const char* problem = time_text::parse_datetime(*text, 9, moment)) return fail(ErrorCode::invalid_text, problem);
  if (!moment.offset) return true;
  const std::int64_t seconds = moment.seconds - std::int64_t{*moment.offset} * 60;
  out = Value(Ext{timestamp_extension, timestamp_bytes({seconds, moment.nanoseconds})});
  return true;
}

bool Walk::extension(const Value& value, Value& out) {
  const auto* ext = value.get_if<Ext>();
  if (ext == nullptr) return refuse("ext", value);
  out = value;
  // Whatever its code, an ext that a type asks for is no timestamp.
  if (traits_->text_keys) {
    out = Value(Value::Map{{"$ext", Value(static_cast<std::int64_t>(ext->code))}, {"data", Value(ext->data)}});
  }
  return true;
}

bool Walk::constant(const TypeSchema& type, const Value& value, Value& out) {
  out = value;
  return std::ranges::find(type.constants, value) != type.constants.end() ||
         fail(ErrorCode::invalid_enum_value, "A value that is none of the literal's constants");
}

// By number, every integer is written, as the encoder does.
bool Walk::enumeration(const TypeSchema& type, const Value& value, Value& out) {
  const EnumSchema* definition = schema_->find_enum(type.name);
  if (definition == nullptr) return fail(ErrorCode::unsupported, "The schema has no enum `" + type.name + "`");
  const auto listed = std::ranges::find(definition->values, value, &EnumValueSchema::value);
  const bool by_number = !definition->values.empty() && is_integer(definition->values.front().value);
  out = value;
  return listed != definition->values.end() || (by_number && is_integer(value)) ||
         fail(ErrorCode::invalid_enum_value, "An enum holds a value that its enum_values do not list");
}

bool Walk::dynamic(const Value& value, Value& out) {
  out = value;
  if (sorted_) sort_deeply(out);
  return true;
}

// ---- containers ----

bool Walk::items(const TypeSchema& type, const Value& value, Value& out) {
  const auto* from = value.get_if<Value::Array>();
  if (from == nullptr) return refuse("array", value);
  const bool is_tuple = type.kind == TypeKind::tuple;
  const std::uint64_t expected = is_tuple ? type.parts.size() : type.size.value_or(from->size());
  if (from->size() != expected) {
    return fail(ErrorCode::invalid_length, "Expected `array` of length " + std::to_string(expected));
  }
  if (containers_ >= containers_max) return fail(ErrorCode::depth_limit, "Nested deeper than 512");
  const Nested nested(containers_);
  Value::Array made(from->size());
  for (std::size_t i = 0; i < from->size(); ++i) {
    const TypeSchema& part = type.parts[is_tuple ? i : 0];
    if (!at({PathSegment::Step::item, {}, i}, write(part, (*from)[i], made[i]))) return false;
  }
  if (sorted_ && type.kind == TypeKind::set && sorts_by_value(type.parts[0].kind)) std::ranges::stable_sort(made);
  out = Value(std::move(made));
  return true;
}

bool Walk::entries(const TypeSchema& type, const Value& value, Value& out) {
  const auto* from = value.get_if<Value::Map>();
  if (from == nullptr) return refuse("object", value);
  if (containers_ >= containers_max) return fail(ErrorCode::depth_limit, "Nested deeper than 512");
  const Nested nested(containers_);
  Value::Map made(from->size());
  for (std::size_t i = 0; i < from->size(); ++i) {
    const auto& [from_key, from_value] = (*from)[i];
    if (!at({PathSegment::Step::map_key, {}, 0}, key(type.parts[0], from_key, made[i].key))) return false;
    if (!at({PathSegment::Step::map_value, {}, 0}, write(type.parts[1], from_value, made[i].value))) return false;
  }
  if (sorted_ && sorts_by_value(type.parts[0].kind)) sort_entries(made);
  out = Value(std::move(made));
  return true;
}

// Keys may stand as their text, as they do in JSON.
bool Walk::key(const TypeSchema& type, const Value& value, Value& out) {
  const auto* text = value.get_if<std::string>();
  if (text != nullptr && (type.kind == TypeKind::integer || type.kind == TypeKind::floating)) {
    Value number;
    auto parsed = json::decode<Value>(*text);
    if (parsed && (is_integer(*parsed) || parsed->get_if<double>() != nullptr)) number = std::move(*parsed);
    return type.kind == TypeKind::floating ? floating(type, number, out, true) : integer(type, number, out);
  }
  if (type.kind == TypeKind::floating) return floating(type, value, out, true);
  return write(type, value, out);
}

}  // namespace schema_writing

namespace {

Result<Value> walk(const Schema& schema, const FormatTraits& traits, const Value& value) {
  schema_writing::Walk walk(schema, traits);
  Value out;
  if (!walk.write(schema.type, value, out)) return std::unexpected(walk.take_error());
  return out;
}

}  // namespace

Result<Buffer> encode(const Schema& schema, const Format& format, const Value& value) {
  const FormatTraits* traits = &format == &json::format()      ? &json::traits
                               : &format == &msgpack::format() ? &msgpack::traits
                                                               : nullptr;
  if (traits == nullptr) {
    return std::unexpected(Error(ErrorCode::unsupported, "No encoding by schema in `" + std::string(format.name) + "`"));
  }
  auto form = walk(schema, *traits, value);
  if (!form) return std::unexpected(std::move(form.error()));
  Buffer out;
  if (auto written = format.append(*form, out); !written) return std::unexpected(std::move(written.error()));
  return out;
}

Result<Value> complete(const Schema& schema, const Value& value) { return walk(schema, value_traits, value); }

}  // namespace structwire::contract
