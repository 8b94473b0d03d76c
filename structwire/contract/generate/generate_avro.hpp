// SPDX-License-Identifier: Apache-2.0
#pragma once

// What Avro's schemas and their defaults have in common. For contract/generate/generate_avro*.cpp only.

#include <string>
#include <vector>

#include <structwire/contract/generate/generate_outline.hpp>

namespace structwire::contract::generation::avro {

inline bool is_text(const Value& value) { return value.get_if<std::string>() != nullptr; }
/// Without a time zone, and so a number in Avro.
inline bool is_plain_time(const TypeSchema& type) { return type.zoned == false; }
/// Keys whose JSON is text make a map; others a list of entries.
bool is_text_key(const TypeSchema& type, const Outline& outline);
/// The wire text where all are symbols, else the enumerators.
std::vector<std::string> symbols_of(const EnumSchema& definition);
/// The wire names where they are names in Avro, else the C++ ones.
std::vector<std::string> field_names(const StructSchema& definition);
/// What may be absent without a default is null then.
bool is_nullable(const MemberSchema& member);

/// Values in Avro's JSON, made from those of ours.
class Defaults {
 public:
  Defaults(const Outline& outline, Failure& failure) : outline_(outline), failure_(failure) {}

  /// True when a value of our JSON is of this type.
  bool fits(const TypeSchema& type, const Value& value) const;
  /// `value` fits the type.
  Value value_of(const TypeSchema& type, const Value& value);

 private:
  Value inner_value(const TypeSchema& type, const Value& value, const MemberSchema* member = nullptr);
  Value items_value(const TypeSchema& type, const Value::Array& items);
  Value map_value(const TypeSchema& type, const Value::Map& entries);
  Value record_value(const StructSchema& definition, const Value& value);
  template <class T, class Count>
  Value whole(const Value& value, Count count);

  const Outline& outline_;
  Failure& failure_;
};

}  // namespace structwire::contract::generation::avro
