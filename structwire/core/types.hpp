// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which C++ types are which kind of value. One concept per shape; core's loops choose by shape_of<T>, the one
// place where a type that could be two things is decided, and what is none of them is refused with a sentence
// that says what to write instead.

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <structwire/core/annotated.hpp>
#include <structwire/core/box.hpp>
#include <structwire/core/buffer.hpp>
#include <structwire/core/codec.hpp>
#include <structwire/core/enum_table.hpp>
#include <structwire/core/extension.hpp>
#include <structwire/core/literal.hpp>
#include <structwire/core/raw.hpp>
#include <structwire/core/rule_list.hpp>
#include <structwire/core/rules.hpp>
#include <structwire/core/text_scalar.hpp>
#include <structwire/core/text_view.hpp>
#include <structwire/core/unknown_alternative.hpp>
#include <structwire/core/unset.hpp>
#include <structwire/core/value.hpp>

namespace structwire {

template <class T>
concept CharacterType = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
                        std::same_as<T, char16_t> || std::same_as<T, char32_t>;

template <class T>
concept BooleanType = std::same_as<T, bool>;

template <class T>
concept IntegerType = std::integral<T> && !BooleanType<T> && !CharacterType<T> && sizeof(T) <= 8;

template <class T>
concept FloatingType = std::same_as<T, float> || std::same_as<T, double>;

/// Text that is a copy of its own.
template <class T>
concept StringType = std::same_as<T, std::string> || std::same_as<T, std::pmr::string>;

/// std::string_view borrows from the input, which must then outlive it; TextView borrows where it can.
template <class T>
concept TextType = StringType<T> || std::same_as<T, std::string_view> || std::same_as<T, TextView>;

using BytesView = std::span<const std::byte>;

/// Only sequences of std::byte are binary; std::vector<std::uint8_t> is an array of numbers. BytesView borrows.
template <class T>
concept BytesType = std::same_as<T, Bytes> || std::same_as<T, Buffer> || std::same_as<T, BytesView>;

template <class T>
concept EnumType = std::is_enum_v<T> && !std::same_as<T, std::byte>;

template <class T>
concept NullType = std::same_as<T, std::monostate> || std::same_as<T, std::nullptr_t>;

namespace types_detail {

template <class T, template <class...> class Template>
inline constexpr bool is_made_of = false;
template <template <class...> class Template, class... Arguments>
inline constexpr bool is_made_of<Template<Arguments...>, Template> = true;

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t Size>
inline constexpr bool is_std_array<std::array<T, Size>> = true;

template <class T>
inline constexpr bool is_optional = is_made_of<T, std::optional>;
template <class T>
inline constexpr bool is_optional<std::unique_ptr<T>> = true;

}  // namespace types_detail

/// Null or a value: std::optional, and std::unique_ptr for recursive structs.
template <class T>
concept OptionalType = types_detail::is_optional<T>;

/// Absent or a value.
template <class T>
concept UnsetType = types_detail::is_made_of<T, Unset>;

/// A value behind an owning pointer that is never null.
template <class T>
concept BoxType = types_detail::is_made_of<T, Box>;

template <class T>
concept FixedArrayType = types_detail::is_std_array<T>;

template <class T>
concept TupleType = types_detail::is_made_of<T, std::tuple> || types_detail::is_made_of<T, std::pair>;

template <class T>
concept VariantType = types_detail::is_made_of<T, std::variant>;

template <class T>
concept MapType = requires(T map, typename T::key_type key) {
  typename T::mapped_type;
  map.try_emplace(std::move(key));
  map.clear();
};

template <class T>
concept SetType = !MapType<T> && requires(T set, typename T::key_type key) {
  requires std::same_as<typename T::key_type, typename T::value_type>;
  set.insert(std::move(key));
  set.clear();
};

template <class T>
concept ArrayType = !TextType<T> && !BytesType<T> && !MapType<T> && requires(T items) {
  typename T::value_type;
  items.emplace_back();
  items.resize(std::size_t{});
  items.size();
};

template <class T>
concept ValueType = std::same_as<T, Value>;
/// RawView borrows.
template <class T>
concept RawType = std::same_as<T, Raw> || std::same_as<T, RawView>;
template <class T>
concept ExtType = std::same_as<T, Ext>;

/// Its memory comes from a resource that is chosen at run time: std::pmr's strings and containers. Not those whose
/// move can throw (libstdc++'s deque).
template <class T>
concept PooledType = std::is_nothrow_move_constructible_v<T> && requires(const T& value) {
  requires std::same_as<typename T::allocator_type, std::pmr::polymorphic_allocator<typename T::value_type>>;
  value.get_allocator().resource();
};

enum class Shape : std::uint8_t {
  coded,        ///< codec_for<T> carries it as another type.
  extension,    ///< extension_for<T> carries it as a MessagePack extension.
  annotated,
  boolean,
  integer,
  floating,
  text,
  bytes,
  text_scalar,  ///< Its own grammar: dates, Uuid, Decimal.
  enumeration,
  literal,
  null,
  optional,
  unsettable,   ///< Absent or a value.
  box,
  fixed_array,
  tuple,
  variant,
  map,
  set,
  array,
  value,
  raw,
  ext,
  unknown_alternative,
  structure,
  unsupported,
};

namespace types_detail {

template <class T>
consteval Shape find_shape() {
  if constexpr (CodedType<T>) {
    return Shape::coded;
  } else if constexpr (ExtensionType<T>) {
    return Shape::extension;
  } else if constexpr (AnnotatedType<T>) {
    return Shape::annotated;
  } else if constexpr (BooleanType<T>) {
    return Shape::boolean;
  } else if constexpr (IntegerType<T>) {
    return Shape::integer;
  } else if constexpr (FloatingType<T>) {
    return Shape::floating;
  } else if constexpr (TextType<T>) {
    return Shape::text;
  } else if constexpr (BytesType<T>) {
    return Shape::bytes;
  } else if constexpr (TextScalarType<T>) {
    return Shape::text_scalar;
  } else if constexpr (EnumType<T>) {
    return Shape::enumeration;
  } else if constexpr (LiteralType<T>) {
    return Shape::literal;
  } else if constexpr (NullType<T>) {
    return Shape::null;
  } else if constexpr (OptionalType<T>) {
    return Shape::optional;
  } else if constexpr (UnsetType<T>) {
    return Shape::unsettable;
  } else if constexpr (BoxType<T>) {
    return Shape::box;
  } else if constexpr (FixedArrayType<T>) {
    return Shape::fixed_array;
  } else if constexpr (TupleType<T>) {
    return Shape::tuple;
  } else if constexpr (VariantType<T>) {
    return Shape::variant;
  } else if constexpr (ValueType<T>) {
    return Shape::value;
  } else if constexpr (RawType<T>) {
    return Shape::raw;
  } else if constexpr (ExtType<T>) {
    return Shape::ext;
  } else if constexpr (std::same_as<T, UnknownAlternative>) {
    return Shape::unknown_alternative;
  } else if constexpr (MapType<T>) {
    return Shape::map;
  } else if constexpr (SetType<T>) {
    return Shape::set;
  } else if constexpr (ArrayType<T>) {
    return Shape::array;
  } else if constexpr (std::is_class_v<T>) {
    constexpr bool listed = !std::is_void_v<MemberListOf<RulesOf<T>>>;
    return std::is_aggregate_v<T> || listed ? Shape::structure : Shape::unsupported;
  } else {
    return Shape::unsupported;
  }
}

}  // namespace types_detail

template <class T>
inline constexpr Shape shape_of = types_detail::find_shape<T>();

template <class T>
concept StructType = shape_of<T> == Shape::structure;
template <class T>
concept WireType = shape_of<T> != Shape::unsupported;

template <class T>
inline constexpr bool always_false = false;

/// Fails to compile, with the remedy, for a type that no format can carry.
template <class T>
consteval void refuse_unsupported() {
  if constexpr (CharacterType<T>) {
    static_assert(always_false<T>,
                  "structwire: `char` is neither a number nor text: use std::string, or std::int8_t / "
                  "std::uint8_t for a number");
  } else if constexpr (std::same_as<T, std::byte>) {
    static_assert(always_false<T>, "structwire: a lone std::byte has no wire form: use sw::Bytes");
  } else if constexpr (std::is_pointer_v<T> || std::is_reference_v<T>) {
    static_assert(always_false<T>,
                  "structwire: pointers and references have no wire form: hold the value itself, or "
                  "std::unique_ptr for a nullable or recursive one");
  } else if constexpr (std::is_union_v<T>) {
    static_assert(always_false<T>,
                  "structwire: unions have no wire form: use std::variant, or std::optional members");
  } else if constexpr (std::is_array_v<T>) {
    static_assert(always_false<T>, "structwire: C arrays have no wire form: use std::array");
  } else if constexpr (std::same_as<T, long double>) {
    static_assert(always_false<T>, "structwire: long double has no portable wire form: use double");
  } else if constexpr (std::is_class_v<T>) {
    static_assert(always_false<T>,
                  "structwire: this class is no aggregate, so its members cannot be seen: list them with "
                  "`using wire = sw::Rules<sw::members<&T::a, &T::b>>` or sw::rules_for<T>");
  } else {
    static_assert(always_false<T>, "structwire: this type has no wire form");
  }
}

/// Fails to compile for an Unset where nothing can be absent: only a struct can leave something out.
template <class T>
consteval void refuse_unset() {
  static_assert(!UnsetType<T>, "structwire: only a member of a struct can be an sw::Unset: nothing else can be absent");
}

namespace types_detail {
template <class V>
struct RefuseUnsetIn;
template <class... Parts, template <class...> class Template>
struct RefuseUnsetIn<Template<Parts...>> {
  static consteval void refuse() { (refuse_unset<Parts>(), ...); }
};
}  // namespace types_detail

/// The same for what T holds, unless it is a struct.
template <class T>
consteval void refuse_unset_inside() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::annotated) {
    refuse_unset<Plain<T>>();
  } else if constexpr (shape == Shape::optional || shape == Shape::box) {
    refuse_unset<std::remove_cvref_t<decltype(*std::declval<T&>())>>();
  } else if constexpr (shape == Shape::map) {
    refuse_unset<typename T::key_type>();
    refuse_unset<typename T::mapped_type>();
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::array || shape == Shape::set) {
    refuse_unset<typename T::value_type>();
  } else if constexpr (shape == Shape::tuple || shape == Shape::variant) {
    types_detail::RefuseUnsetIn<T>::refuse();
  }
}

}  // namespace structwire
