// SPDX-License-Identifier: Apache-2.0
//
// Types as Arrow prints them (DataType::ToString of arrow/type.cc), which is what people know from
// pyarrow.
#include <array>
#include <string>
#include <string_view>

#include <structwire/arrow/schema.hpp>

namespace structwire::arrow {
namespace {

constexpr std::array<std::string_view, 4> time_units = {"s", "ms", "us", "ns"};
constexpr std::array<std::string_view, 3> intervals = {"month_interval", "day_time_interval",
                                                       "month_day_nano_interval"};

std::string_view unit_of(const DataType& type) {
  return time_units[static_cast<std::size_t>(type.time_unit)];
}

std::string integer_text(const DataType& type) {
  return (type.is_signed ? "int" : "uint") + std::to_string(type.bits);
}

std::string in_brackets(std::string_view name, std::string_view inside) {
  return std::string(name).append("[").append(inside).append("]");
}

// Types that are told without their children.
std::string scalar_text(const DataType& type) {
  switch (type.id) {
    case TypeId::null:
      return "null";
    case TypeId::integer:
      return integer_text(type);
    case TypeId::floating:
      return type.bits == 16 ? "halffloat" : type.bits == 32 ? "float" : "double";
    case TypeId::binary:
      return "binary";
    case TypeId::utf8:
      return "string";
    case TypeId::boolean:
      return "bool";
    case TypeId::decimal:
      return "decimal" + std::to_string(type.bits) + "(" + std::to_string(type.precision) + ", " +
             std::to_string(type.scale) + ")";
    case TypeId::date:
      return type.date_unit == DateUnit::day ? "date32[day]" : "date64[ms]";
    case TypeId::time:
      return in_brackets("time" + std::to_string(type.bits), unit_of(type));
    case TypeId::timestamp:
      return in_brackets("timestamp", type.time_zone.empty()
                                          ? std::string(unit_of(type))
                                          : std::string(unit_of(type)) + ", tz=" + type.time_zone);
    case TypeId::interval:
      return std::string(intervals[static_cast<std::size_t>(type.interval_unit)]);
    case TypeId::fixed_size_binary:
      return in_brackets("fixed_size_binary", std::to_string(type.length));
    case TypeId::duration:
      return in_brackets("duration", unit_of(type));
    case TypeId::large_binary:
      return "large_binary";
    case TypeId::large_utf8:
      return "large_string";
    case TypeId::binary_view:
      return "binary_view";
    case TypeId::utf8_view:
      return "string_view";
    default:
      return {};
  }
}

std::string field_text(const Field& field) {
  return field.name + ": " + field.type_text() + (field.nullable ? "" : " not null");
}

std::string fields_text(const Field& parent) {
  std::string text;
  for (std::size_t i = 0; i < parent.children.size(); ++i) {
    if (i != 0) text += ", ";
    text += field_text(parent.children[i]);
    if (parent.type.id == TypeId::tagged_union)
      text += "=" + std::to_string(parent.type.type_codes[i]);
  }
  return text;
}

std::string around(std::string_view name, const Field& parent) {
  return std::string(name).append("<").append(fields_text(parent)).append(">");
}

// pyarrow forgets what the entries of a map are called, and whether they can be null.
std::string map_text(const Field& map) {
  const std::vector<Field>& pair = map.children[0].children;
  return "map<" + pair[0].type_text() + ", " + pair[1].type_text() +
         (map.type.keys_sorted ? ", keys_sorted" : "") + ">";
}

std::string value_text(const Field& field) {
  switch (field.type.id) {
    case TypeId::list:
      return around("list", field);
    case TypeId::structure:
      return around("struct", field);
    case TypeId::tagged_union:
      return around(field.type.is_dense ? "dense_union" : "sparse_union", field);
    case TypeId::fixed_size_list:
      return in_brackets(around("fixed_size_list", field), std::to_string(field.type.length));
    case TypeId::map:
      return map_text(field);
    case TypeId::large_list:
      return around("large_list", field);
    case TypeId::run_end_encoded:
      return "run_end_encoded<run_ends: " + field.children[0].type_text() +
             ", values: " + field.children[1].type_text() + ">";
    case TypeId::list_view:
      return around("list_view", field);
    case TypeId::large_list_view:
      return around("large_list_view", field);
    default:
      return scalar_text(field.type);
  }
}

}  // namespace

std::string Field::type_text() const {
  std::string text = value_text(*this);
  if (!dictionary) return text;
  return "dictionary<values=" + text + ", indices=" + integer_text(dictionary->index) +
         ", ordered=" + (dictionary->ordered ? "1" : "0") + ">";
}

}  // namespace structwire::arrow
