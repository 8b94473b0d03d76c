// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rules: what a struct says about its wire form that its types cannot say.
//
//   struct Message {
//     std::string text;
//     int priority = 0;
//     using wire = sw::Rules<sw::member<&Message::priority, sw::defaulted, sw::between(0, 9)>,
//                            sw::forbid_unknown_fields>;
//   };
//
// A rule is a value. Rules of one member go into `member`, rules of the whole struct stand beside it. In C++26 a rule
// may stand as an annotation at what it is about: `[[=sw::between(0, 9)]] int priority` (core/annotations.hpp). For a
// struct that one cannot change, specialize `rules_for` beside its header:
//
//   template <> struct structwire::rules_for<Foreign> : structwire::Rules<…> {};
//
// Rules only hold data; core/plan.hpp gives them meaning and refuses what contradicts itself.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <structwire/core/reflect.hpp>

namespace structwire {

/// Text as a template argument.
template <std::size_t Size>
struct FixedText {
  char characters[Size + 1]{};
  consteval FixedText(const char (&text)[Size + 1]) {
    for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
  }
  explicit consteval FixedText(std::string_view text) {
    for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
  }
  constexpr std::string_view view() const noexcept { return {characters, Size}; }
};
template <std::size_t Size>
FixedText(const char (&)[Size]) -> FixedText<Size - 1>;

/// A tag: text or an integer, as a template argument.
template <std::size_t Size>
struct TagConstant {
  char characters[Size + 1]{};
  std::int64_t number = 0;
  bool is_text = false;

  consteval TagConstant(const char (&text)[Size + 1]) : is_text(true) {
    for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
  }
  consteval TagConstant(std::int64_t value)
    requires(Size == 0)
      : number(value) {}
  constexpr std::string_view text() const noexcept { return {characters, Size}; }
};
template <std::size_t Size>
TagConstant(const char (&)[Size]) -> TagConstant<Size - 1>;
TagConstant(std::int64_t) -> TagConstant<0>;

/// How a struct's member names become wire names. The styles are msgspec's, made for snake_case members
/// (`some_name`): lower, upper, camel `someName`, pascal `SomeName`, kebab `some-name`; and two for camelCase
/// members (`someName`): snake `some_name`, screaming_snake `SOME_NAME`.
enum class NameStyle : std::uint8_t { declared, lower, upper, camel, pascal, kebab, snake, screaming_snake };

/// How bytes stand in formats that have only text for them.
enum class BytesStyle : std::uint8_t { base64, base64url, hex };

namespace rule {

// One tag type per rule. Rules of one member:
struct Defaulted {};
struct Required {};
struct OmitEmpty {};
struct Skip {};
struct EncodeOnly {};
struct DecodeOnly {};
struct Flatten {};
struct KeepUnknownFields {};
struct FirstMatch {};
struct Aware {};
struct Naive {};
// Rules of a struct:
struct AllDefaulted {};
struct DefaultsFromInitializers {};
template <auto Pointer>
struct DefaultedFrom {
  static constexpr std::string_view declared_name = reflect::pointer_name<Pointer>;
};
struct OmitDefaults {
  bool omit;
};
struct UnknownFields {
  bool forbidden;
};
struct ArrayLike {
  bool as_array;
};
struct Deterministic {};
struct Tagged {};
template <TagConstant Constant>
struct Tag {};
template <FixedText Text>
struct TagField {};
struct Rename {
  NameStyle style;
};
/// Several rules under one name.
template <auto... Rule>
struct Group {};
struct Version {
  std::uint32_t number;
};
// Rules of either:
template <auto Function>
struct ValidatedBy {};
template <FixedText Text>
struct Title {};
template <FixedText Text>
struct Description {};
template <FixedText Json>
struct SchemaExtra {};

template <class Codec>
struct With {};
template <FixedText... Texts>
struct Alias {};
template <FixedText Text>
struct Pattern {};
struct BytesText {
  BytesStyle style;
};
template <class N>
struct MultipleOf {
  N divisor;
};

template <FixedText Text>
struct Name {};
struct Number {
  std::uint32_t number;
};

/// A bound on a number. `Bound` is the bound's own type, std::int64_t or double.
template <class Limit>
struct AtLeast {
  Limit limit;
};
template <class Limit>
struct AtMost {
  Limit limit;
};
template <class Limit>
struct Above {
  Limit limit;
};
template <class Limit>
struct Below {
  Limit limit;
};
template <class Limit>
struct Between {
  Limit low;
  Limit high;
};
struct MinLength {
  std::size_t length;
};
struct MaxLength {
  std::size_t length;
};

template <auto... Pointers>
struct Members {
  static constexpr std::size_t size = sizeof...(Pointers);
};

template <auto Pointer, auto... MemberRules>
struct Member {
  static constexpr std::string_view declared_name = reflect::pointer_name<Pointer>;
};

template <class Number>
using Widest = std::conditional_t<std::is_floating_point_v<Number>, double, std::int64_t>;

template <std::size_t Size>
using Text = FixedText<Size - 1>;

}  // namespace rule

// ---- rules of a member ----

/// May be absent: it then takes the value of its initializer.
inline constexpr rule::Defaulted defaulted{};
/// Must be present, also in a struct with all_defaulted, also when it is a std::optional.
inline constexpr rule::Required required{};
/// Left out of the output while it is empty (an empty optional, Raw, text or container).
inline constexpr rule::OmitEmpty omit_empty{};
/// The name on the wire, in place of the member's own.
template <FixedText Text>
inline constexpr rule::Name<Text> name{};
/// The number on the wire of numbered formats, in place of the member's position counted from 1.
template <std::uint32_t Number>
inline constexpr rule::Number number{Number};

/// Names that are understood as well when decoding; never written.
template <FixedText... Texts>
inline constexpr rule::Alias<Texts...> alias{};
/// Not on the wire at all: keeps its initializer.
inline constexpr rule::Skip skip{};
/// Written, and passed over when it comes in.
inline constexpr rule::EncodeOnly encode_only{};
/// Read, and never written.
inline constexpr rule::DecodeOnly decode_only{};
/// The members of this member, a struct, stand among those of the struct around it.
inline constexpr rule::Flatten flatten{};
/// On a map from text to Raw or Value: takes the fields that the struct does not declare, and writes them
/// back behind its own.
inline constexpr rule::KeepUnknownFields keep_unknown_fields{};
/// On a std::variant: the first alternative that decodes is taken. For alternatives that their kinds and tags
/// cannot tell apart; each is tried in turn, so the cost is that of all that fail, within Limits::attempts.
inline constexpr rule::FirstMatch first_match{};
/// On a DateTime or TimeOfDay: with, without a time zone.
inline constexpr rule::Aware aware{};
inline constexpr rule::Naive naive{};
/// Text that the pattern matches somewhere (core/pattern.hpp has the dialect).
template <FixedText Text>
inline constexpr rule::Pattern<Text> pattern{};
/// Bytes as text where the format has no bytes. The default is base64.
inline constexpr rule::BytesText base64url{BytesStyle::base64url};
inline constexpr rule::BytesText hex{BytesStyle::hex};
/// Carried as another type: `Codec` says how (core/codec.hpp).
template <class Codec>
inline constexpr rule::With<Codec> with{};
/// Called with the decoded value, or on a struct with the decoded struct: a function, or a member function,
/// that returns what core/hook.hpp takes for yes or no.
template <auto Function>
inline constexpr rule::ValidatedBy<Function> validated_by{};

/// A whole number of times `divisor`, which is above 0.
template <class N>
consteval auto multiple_of(N divisor) {
  return rule::MultipleOf<rule::Widest<N>>{divisor};
}
/// Bounds of a number. Values with a text form of their own take the text: `sw::ge("2020-01-01")` for a date,
/// `sw::gt("0.01")` for a Decimal; what does not parse does not compile. Two bounds on one member both hold.
template <class N>
consteval auto ge(N limit) {
  return rule::AtLeast<rule::Widest<N>>{limit};
}
template <std::size_t Size>
consteval auto ge(const char (&limit)[Size]) {
  return rule::AtLeast<rule::Text<Size>>{limit};
}
template <class N>
consteval auto gt(N limit) {
  return rule::Above<rule::Widest<N>>{limit};
}
template <std::size_t Size>
consteval auto gt(const char (&limit)[Size]) {
  return rule::Above<rule::Text<Size>>{limit};
}
template <class N>
consteval auto le(N limit) {
  return rule::AtMost<rule::Widest<N>>{limit};
}
template <std::size_t Size>
consteval auto le(const char (&limit)[Size]) {
  return rule::AtMost<rule::Text<Size>>{limit};
}
template <class N>
consteval auto lt(N limit) {
  return rule::Below<rule::Widest<N>>{limit};
}
template <std::size_t Size>
consteval auto lt(const char (&limit)[Size]) {
  return rule::Below<rule::Text<Size>>{limit};
}
/// From `low` to `high`, both included.
template <class N>
consteval auto between(N low, N high) {
  return rule::Between<rule::Widest<N>>{low, high};
}
/// Bounds of a length: code points of text, bytes, items, entries.
consteval rule::MinLength min_length(std::size_t length) { return {length}; }
consteval rule::MaxLength max_length(std::size_t length) { return {length}; }

// ---- rules of a struct ----

/// The rules of one member.
template <auto Pointer, auto... MemberRules>
inline constexpr rule::Member<Pointer, MemberRules...> member{};
/// Every member may be absent.
inline constexpr rule::AllDefaulted all_defaulted{};
/// The members that have an initializer may be absent. Only C++26 with reflection sees initializers; elsewhere it does
/// not compile.
inline constexpr rule::DefaultsFromInitializers defaults_from_initializers{};
/// This member and all after it may be absent.
template <auto Pointer>
inline constexpr rule::DefaultedFrom<Pointer> defaulted_from{};
/// A field that the struct does not declare is an error, or is skipped (the default).
inline constexpr rule::UnknownFields forbid_unknown_fields{true};
inline constexpr rule::UnknownFields ignore_unknown_fields{false};
/// Members that may be absent are left out while they equal what they would take when absent. Array-like
/// structs write all members.
inline constexpr rule::OmitDefaults omit_defaults{true};
inline constexpr rule::OmitDefaults write_defaults{false};
/// An array of the members in wire order, without their names; an object (the default).
inline constexpr rule::ArrayLike array_like{true};
inline constexpr rule::ArrayLike object_like{false};
/// Maps and sets in it are written in the order of their keys, so that equal values have equal bytes.
inline constexpr rule::Deterministic deterministic_order{};
/// Names the struct on the wire: a field `type` that comes first, with this text or integer. It tells the
/// alternatives of a std::variant apart.
template <TagConstant Constant>
inline constexpr rule::Tag<Constant> tag{};
/// The same with the struct's own name as its tag.
inline constexpr rule::Tagged tagged{};
/// The field that holds the tag, in place of `type`.
template <FixedText Text>
inline constexpr rule::TagField<Text> tag_field{};
/// The style of the wire names of all members that have no name rule.
consteval rule::Rename rename(NameStyle style) { return {style}; }
/// The struct's version, for schemas and migrations; not on the wire.
template <std::uint32_t Number>
inline constexpr rule::Version version{Number};
/// Of a struct, a member or an Annotated type, for readers of its schema: a name, a sentence, and more keys of its JSON
/// Schema as the text of a JSON object. They change nothing on the wire. A description also stands among enum values.
template <FixedText Text>
inline constexpr rule::Title<Text> title{};
template <FixedText Text>
inline constexpr rule::Description<Text> description{};
template <FixedText Json>
inline constexpr rule::SchemaExtra<Json> schema_extra{};
/// Several rules under one name: `inline constexpr auto strict = sw::policy<sw::forbid_unknown_fields, …>;`
template <auto... Rule>
inline constexpr rule::Group<Rule...> policy{};

/// For what is stored and compared: every field is known, defaults are left out, equal values have equal bytes.
inline constexpr auto artifact = policy<forbid_unknown_fields, omit_defaults, deterministic_order>;
/// For what travels between versions: unknown fields are passed over, or kept by a member that keeps them, and
/// every member is written, so that a peer needs no defaults of its own.
inline constexpr auto wire_policy = policy<ignore_unknown_fields, write_defaults>;
/// The members in wire order, where the language cannot list them: private members, bases with members,
/// classes with constructors, more than 128 members.
template <auto... Pointers>
inline constexpr rule::Members<Pointers...> members{};

/// A struct's rules: `using wire = Rules<…>` inside it.
template <auto... Rule>
struct Rules {};

/// Rules of a struct that has no `wire` of its own.
template <class T>
struct rules_for : Rules<> {};

}  // namespace structwire
