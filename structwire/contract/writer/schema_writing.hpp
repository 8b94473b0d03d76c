// SPDX-License-Identifier: Apache-2.0
#pragma once

// The walk over a Schema and a Value that brings the Value into the form in which a format's Writer for dynamic values
// writes it as the compiled encoder would (a part of contract/schema_writer.hpp). Values and containers:
// schema_writer.cpp; unions and structs: schema_writer_structs.cpp.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <structwire/contract/schema.hpp>
#include <structwire/core/error_detail.hpp>
#include <structwire/core/traits.hpp>

namespace structwire::contract::schema_writing {

inline constexpr unsigned containers_max = 512;
// Optionals and unions add calls without a container.
inline constexpr unsigned calls_max = 4 * containers_max;
inline constexpr unsigned attempts_max = 100'000;

// While it lives, one container more is open.
class Nested {
 public:
  explicit Nested(unsigned& depth) noexcept : depth_(&depth) { ++depth; }
  ~Nested() { --*depth_; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

 private:
  unsigned* depth_;
};

// A Schema may come from a file.
inline bool has_its_parts(const TypeSchema& type) noexcept {
  switch (type.kind) {
    case TypeKind::optional:
    case TypeKind::array:
    case TypeKind::set: return type.parts.size() == 1;
    case TypeKind::map: return type.parts.size() == 2;
    default: return true;
  }
}

inline bool is_integer(const Value& value) noexcept {
  return value.get_if<std::int64_t>() != nullptr || value.get_if<std::uint64_t>() != nullptr;
}

inline void sort_entries(Value::Map& entries) {
  std::ranges::stable_sort(entries, [](const auto& a, const auto& b) { return a.key < b.key; });
}

// How well an alternative suits a value; the smallest number of all wins.
enum class Suit : std::uint8_t { exact, converted, anything, none };

class Walk {
 public:
  Walk(const Schema& schema, const FormatTraits& traits) noexcept : schema_(&schema), traits_(&traits) {}

  bool write(const TypeSchema& type, const Value& value, Value& out);
  Error take_error() noexcept { return std::move(error_); }

 private:
  bool write_known(const TypeSchema& type, const Value& value, Value& out);
  bool integer(const TypeSchema& type, const Value& value, Value& out);
  bool floating(const TypeSchema& type, const Value& value, Value& out, bool is_key);
  bool bytes(const TypeSchema& type, const Value& value, Value& out);
  bool datetime(const Value& value, Value& out);
  bool extension(const Value& value, Value& out);
  bool constant(const TypeSchema& type, const Value& value, Value& out);
  bool enumeration(const TypeSchema& type, const Value& value, Value& out);
  bool items(const TypeSchema& type, const Value& value, Value& out);
  bool entries(const TypeSchema& type, const Value& value, Value& out);
  bool key(const TypeSchema& type, const Value& value, Value& out);
  bool alternative(const TypeSchema& type, const Value& value, Value& out);
  bool dynamic(const Value& value, Value& out);

  bool structure(const StructSchema& type, const Value& value, Value& out);
  bool as_array(const StructSchema& type, const Value& value, Value& out);
  bool as_map(const StructSchema& type, const Value& value, Value& out);
  bool member(const MemberSchema& member, const Value* value, Value& out);
  bool check_tag(const StructSchema& type, const Value& tag);
  bool is_left_out(const StructSchema& type, const MemberSchema& member, const Value* value, const Value& written);
  bool kept_fields(const StructSchema& type, const Value::Map& from, Value::Map& out);

  Suit suit(const TypeSchema& type, const Value& value) const;
  Suit suit(const StructSchema& type, const Value& value) const;

  bool fail(ErrorCode code, std::string text);
  bool refuse(std::string_view expected, const Value& value);
  bool at(PathSegment segment, bool done);

  const Schema* schema_;
  const FormatTraits* traits_;
  Error error_;
  unsigned containers_ = 0;
  unsigned calls_ = 0;
  unsigned attempts_ = 0;
  bool sorted_ = false;
};

}  // namespace structwire::contract::schema_writing
