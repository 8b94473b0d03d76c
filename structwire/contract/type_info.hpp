// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a type is on the wire, for people and programs:
//
//   sw::contract::TypeInfo info = sw::type_info<std::map<std::string, std::optional<int>>>();
//   info.type     // map<str, int32 | null>
//   info.schema   // the same as data
//
// The text is the same from every compiler, and names no C++ but structs, enums and what has a codec:
//
//   any null bool int float str bytes datetime date time duration uuid decimal raw ext
//   int8 uint16 float32 …              numbers that are not 64 bits wide, or unsigned
//   enum Color   literal(1, "a", null)   Message   custom(Path: str)
//   list<T>   set<T>   map<K, V>   tuple<A, B>   array<T, 3>   A | B | null   T | unset   first(A | B)
//   int[ge=0, le=9]   str[min_length=2, pattern='^a']   datetime[tz=True]   bytes[text=hex]
//   duration[tick=1/1000]   duration[tick=1, bits=32, unsigned]      in seconds; 64-bit microseconds say nothing
//   int {schema: {"title":"Identifier"}}
//
// These are the words of msgspec's type ids where it has them.

#include <string>
#include <vector>

#include <structwire/contract/describe.hpp>
#include <structwire/contract/schema.hpp>

namespace structwire::contract {

/// A member of the root struct.
struct MemberInfo {
  std::string name;  ///< In C++.
  std::string wire;
  std::string type;
  bool required = false;
  /// The JSON form of what it is when absent; absent itself where that is an error or nothing.
  Unset<Value> default_value;
  bool operator==(const MemberInfo&) const = default;
};

struct TypeInfo {
  std::string type;
  /// In wire order; empty where the type is no struct.
  std::vector<MemberInfo> members;
  Schema schema;
  bool operator==(const TypeInfo&) const = default;
};

/// The text of a type; of a member that may be unset with `| unset`.
std::string type_text(const TypeSchema& type);
std::string type_text(const MemberSchema& member);

TypeInfo type_info(Schema schema);

}  // namespace structwire::contract

namespace structwire {

template <>
struct rules_for<contract::MemberInfo> : Rules<member<&contract::MemberInfo::default_value, name<"default">>> {};

inline namespace STRUCTWIRE_INLINE {

/// What T is on the wire. Made anew by each call.
template <class T>
contract::TypeInfo type_info() {
  return contract::type_info(contract::describe<T>());
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
