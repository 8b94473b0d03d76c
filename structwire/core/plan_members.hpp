// SPDX-License-Identifier: Apache-2.0
#pragma once

// What core/plan.hpp is made of: the declared members of a struct, which of them are on the wire and where, their
// names and numbers, and the struct's tag.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <structwire/core/name_style.hpp>
#include <structwire/core/reflect.hpp>
#include <structwire/core/rule_list.hpp>
#include <structwire/core/rule_place.hpp>
#include <structwire/core/types.hpp>

namespace structwire {

/// What is known of one member.
struct MemberPlan {
  std::string_view declared_name;              ///< In C++.
  std::string_view wire_name;                  ///< In formats with names.
  std::span<const std::string_view> aliases;   ///< Understood as well when decoding.
  std::uint32_t number = 0;                    ///< In formats with numbers; its position counted from 1 unless a rule says otherwise.
  bool required = false;                       ///< Absence is an error.
  bool defaulted = false;                      ///< Absent, it takes its initializer.
  bool omit_empty = false;                     ///< Not written while empty.
  bool encode_only = false;                    ///< Written, and passed over when it comes in.
  bool decode_only = false;                    ///< Never written.
};

/// A set of members of one struct.
template <std::size_t Size>
class MemberSet {
 public:
  constexpr void insert(std::size_t i) noexcept { words_[i / 64] |= std::uint64_t{1} << (i % 64); }
  /// The same for an index that is no constant; an index into the words would keep them from registers.
  constexpr void insert_any(std::size_t i) noexcept {
    for (std::size_t word = 0; word < words_.size(); ++word) words_[word] |= std::uint64_t{i / 64 == word} << (i % 64);
  }
  constexpr bool contains(std::size_t i) const noexcept { return (words_[i / 64] >> (i % 64) & 1) != 0; }
  friend constexpr bool operator==(const MemberSet&, const MemberSet&) = default;

 private:
  std::array<std::uint64_t, Size / 64 + 1> words_{};
};

template <class T, class Overrides = RuleList<>>
struct Plan;

namespace plan_detail {

// Members by structured bindings, or by the list of pointers that the struct gives.
template <class T, class MemberList>
struct Access {
  static_assert(!reflect::has_base<T>,
                "structwire: a struct with a base class must list its members: add "
                "`sw::members<&T::a, &T::b>` to its Rules");
  static_assert(reflect::member_count<T> <= reflect::member_count_max,
                "structwire: more than 128 members: list them with `sw::members<…>` in its Rules");
  static_assert(!reflect::has_c_array<T>, "structwire: C arrays have no wire form: use std::array");
  // Of what was refused nothing is asked further, so that the sentence stands alone.
  static constexpr std::size_t size =
      !StructType<T> || reflect::has_base<T> || reflect::has_c_array<T> || reflect::member_count<T> > reflect::member_count_max
          ? 0
          : reflect::member_count<T>;

  template <std::size_t I>
  static constexpr std::string_view declared_name = reflect::member_name<T, I>;
  template <std::size_t I>
  using Type = reflect::MemberType<T, I>;
  template <std::size_t I, class Object>
  static constexpr auto& get(Object& object) noexcept {
    return reflect::tied_member<I>(reflect::tie_members<size>(object));
  }
};

template <class T, auto... Pointers>
struct Access<T, rule::Members<Pointers...>> {
  static constexpr std::size_t size = sizeof...(Pointers);
  static constexpr std::tuple<decltype(Pointers)...> pointers{Pointers...};

  template <std::size_t I>
  static constexpr std::string_view declared_name =
      std::array<std::string_view, size>{reflect::pointer_name<Pointers>...}[I];
  template <std::size_t I, class Object>
  static constexpr auto& get(Object& object) noexcept {
    return object.*std::get<I>(pointers);
  }
  template <std::size_t I>
  using Type = std::remove_reference_t<decltype(get<I>(std::declval<T&>()))>;
};

constexpr bool is_wire_name(std::string_view name) noexcept {
  for (const char c : name) {
    if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) return false;
  }
  return true;
}

template <FixedText Text>
inline constexpr FixedText kept_text = Text;
template <TagConstant Constant>
inline constexpr TagConstant kept_tag = Constant;

/// What keeps the fields that a struct does not declare.
template <class T>
concept UnknownFieldsType =
    MapType<T> && std::is_same_v<typename T::key_type, std::string> &&
    (ValueType<typename T::mapped_type> || RawType<typename T::mapped_type>);

// ---- the declared members of T, before flattening ----

enum class Place : std::uint8_t { wire, skipped, flattened, unknown_fields };

template <class T, class Rules>
struct Declared {
  using Members = Access<T, MemberListOf<RulesOf<T>>>;
  static constexpr std::size_t size = Members::size;

  template <std::size_t I>
  using Type = std::remove_const_t<typename Members::template Type<I>>;
  template <std::size_t I>
  static constexpr std::string_view name = Members::template declared_name<I>;
  template <std::size_t I>
  using RulesOfMember =
      typename rule_detail::WithAnnotations<typename rule_detail::ForMember<Rules, name<I>>::type,
                                            typename reflect::MemberAnnotations<T, name<I>>::type>::type;

  template <std::size_t I>
  static constexpr bool has_initializer = reflect::has_initializer<T, name<I>>;
  template <std::size_t I>
  static consteval Place place() {
    using List = RulesOfMember<I>;
    if (List::template has<rule::Skip>) return Place::skipped;
    if (List::template has<rule::KeepUnknownFields>) return Place::unknown_fields;
    if (List::template has<rule::Flatten>) return Place::flattened;
    return Place::wire;
  }
};

/// One member on the wire: declared member `outer`, or member `inner` of the struct flattened there.
struct Slot {
  std::size_t outer = 0;
  int inner = -1;
};

template <class Declared, class Overrides, std::size_t I>
consteval std::size_t slots_at() {
  constexpr Place place = Declared::template place<I>();
  if constexpr (place == Place::wire) {
    return 1;
  } else if constexpr (place == Place::flattened) {
    using Inner = typename Declared::template Type<I>;
    static_assert(StructType<Inner>, "structwire: only a struct can be flattened");
    if constexpr (StructType<Inner>) return Plan<Inner, Overrides>::size;
    return 0;
  } else {
    return 0;
  }
}

template <class Declared, class Overrides>
inline constexpr auto slots = []<std::size_t... I>(std::index_sequence<I...>) {
  constexpr std::array<std::size_t, sizeof...(I) + 1> counts{slots_at<Declared, Overrides, I>()..., 0};
  constexpr std::array<bool, sizeof...(I) + 1> flattened{(Declared::template place<I>() == Place::flattened)..., false};
  constexpr std::size_t total = [&] {
    std::size_t sum = 0;
    for (const std::size_t count : counts) sum += count;
    return sum;
  }();
  std::array<Slot, total> made{};
  std::size_t next = 0;
  for (std::size_t i = 0; i < sizeof...(I); ++i) {
    for (std::size_t k = 0; k < counts[i]; ++k) made[next++] = {i, flattened[i] ? static_cast<int>(k) : -1};
  }
  return made;
}(std::make_index_sequence<Declared::size>{});

// ---- one member ----

template <class Rule>
inline constexpr std::string_view text_of_rule{};
template <FixedText Text>
inline constexpr std::string_view text_of_rule<rule::Name<Text>> = kept_text<Text>.view();

template <class Rule>
inline constexpr bool is_name = false;
template <FixedText Text>
inline constexpr bool is_name<rule::Name<Text>> = true;

template <class Rule>
inline constexpr bool is_codec = false;
template <class Codec>
inline constexpr bool is_codec<rule::With<Codec>> = true;
/// The member is carried as another type, so its own needs no wire form.
template <class List>
inline constexpr bool has_codec = [] {
  bool found = false;
  List::visit([&]<class Rule>(const Rule&) { found = found || is_codec<Rule>; });
  return found;
}();

template <class Rule>
inline constexpr std::array<std::string_view, 0> aliases_of_rule{};
template <FixedText... Texts>
inline constexpr std::array<std::string_view, sizeof...(Texts)> aliases_of_rule<rule::Alias<Texts...>>{
    kept_text<Texts>.view()...};

template <class Declared, std::size_t I, NameStyle Style>
consteval std::string_view wire_name() {
  std::string_view given;
  bool named = false;
  Declared::template RulesOfMember<I>::visit([&]<class Rule>(const Rule&) {
    if (is_name<Rule>) {
      given = text_of_rule<Rule>;
      named = true;
    }
  });
  return named ? given : name_style::restyled<Declared::template name<I>, Style>();
}

/// Bytes stand there: alone, in a wrapper, or as an alternative.
template <class Type>
inline constexpr bool holds_bytes = shape_of<Type> == Shape::bytes;
template <class Type>
  requires(AnnotatedType<Type>)
inline constexpr bool holds_bytes<Type> = holds_bytes<Plain<Type>>;
template <class Type>
  requires(BoxType<Type> || OptionalType<Type> || UnsetType<Type>)
inline constexpr bool holds_bytes<Type> = holds_bytes<std::remove_cvref_t<decltype(*std::declval<Type&>())>>;
template <class... A>
inline constexpr bool holds_bytes<std::variant<A...>> = (holds_bytes<A> || ...);

template <class Type, class List>
consteval void refuse_contradictions() {
  static_assert(RulesOfMember<List>,
                "structwire: among the rules of a member stands one of a struct: write it beside `sw::member`");
  static_assert(!(List::template has<rule::Required> && List::template has<rule::Defaulted>),
                "structwire: a member is either required or defaulted");
  static_assert(!(List::template has<rule::EncodeOnly> && List::template has<rule::DecodeOnly>),
                "structwire: a member is either encode_only or decode_only; `sw::skip` keeps it off the wire");
  static_assert(!List::template has<rule::FirstMatch> || VariantType<Type> || OptionalType<Type> || UnsetType<Type>,
                "structwire: first_match is for std::variant");
  static_assert(!List::template has<rule::BytesText> || (holds_bytes<Type> && !has_codec<List>),
                "structwire: hex and base64url are for members that hold bytes; bytes inside containers and in the "
                "wire form of codecs take them as `sw::Annotated<sw::Bytes, sw::hex>`");
}

template <class Declared, std::size_t I, NameStyle Style>
consteval MemberPlan make_member(bool all_defaulted) {
  using Type = typename Declared::template Type<I>;
  using List = typename Declared::template RulesOfMember<I>;
  if constexpr (!WireType<Type> && !has_codec<List>) refuse_unsupported<Type>();
  refuse_contradictions<Type, List>();
  constexpr bool required = List::template has<rule::Required>;
  MemberPlan member;
  member.declared_name = Declared::template name<I>;
  member.wire_name = wire_name<Declared, I, Style>();
  member.encode_only = List::template has<rule::EncodeOnly>;
  member.decode_only = List::template has<rule::DecodeOnly>;
  member.defaulted = List::template has<rule::Defaulted> || (all_defaulted && !required);
  member.required =
      required || (!member.defaulted && !OptionalType<Type> && !UnsetType<Type> && !member.encode_only);
  member.omit_empty = List::template has<rule::OmitEmpty>;
  List::visit([&]<class Rule>(const Rule& rule) {
    if constexpr (std::is_same_v<Rule, rule::Number>) member.number = rule.number;
    if constexpr (aliases_of_rule<Rule>.size() != 0) member.aliases = aliases_of_rule<Rule>;
  });
  return member;
}

// ---- the tag ----

enum class TagKind : std::uint8_t { none, text, integer };

struct TagPlan {
  TagKind kind = TagKind::none;
  std::string_view field = "type";
  std::string_view text;
  std::int64_t number = 0;
};

template <class Rule>
inline constexpr bool is_tag = false;
template <TagConstant Constant>
inline constexpr bool is_tag<rule::Tag<Constant>> = true;
template <class Rule>
inline constexpr TagPlan tag_of_rule{};
template <TagConstant Constant>
inline constexpr TagPlan tag_of_rule<rule::Tag<Constant>>{
    Constant.is_text ? TagKind::text : TagKind::integer, "type", kept_tag<Constant>.text(), Constant.number};

template <class Rule>
inline constexpr bool is_tag_field = false;
template <FixedText Text>
inline constexpr bool is_tag_field<rule::TagField<Text>> = true;
template <class Rule>
inline constexpr std::string_view tag_field_of_rule{};
template <FixedText Text>
inline constexpr std::string_view tag_field_of_rule<rule::TagField<Text>> = kept_text<Text>.view();

// The first rule wins. A tag field alone makes the struct's name the tag, as in msgspec.
template <class T, class List>
consteval TagPlan make_tag() {
  TagPlan tag;
  bool field_found = false;
  List::visit([&]<class Rule>(const Rule&) {
    if (is_tag<Rule> && tag.kind == TagKind::none) {
      const std::string_view field = tag.field;
      tag = tag_of_rule<Rule>;
      tag.field = field;
    }
    if (is_tag_field<Rule> && !field_found) {
      tag.field = tag_field_of_rule<Rule>;
      field_found = true;
    }
  });
  if (tag.kind == TagKind::none && (field_found || List::template has<rule::Tagged>)) {
    tag.kind = TagKind::text;
    tag.text = reflect::type_name<T>;
  }
  return tag;
}

// ---- which member a DefaultedFrom names ----

template <class Rule>
inline constexpr std::string_view defaulted_from_name{};
template <auto Pointer>
inline constexpr std::string_view defaulted_from_name<rule::DefaultedFrom<Pointer>> =
    rule::DefaultedFrom<Pointer>::declared_name;

template <class Declared, class List>
consteval std::size_t defaulted_from() {
  if (List::template has<rule::AllDefaulted>) return 0;
  std::size_t first = Declared::size;
  List::visit([&]<class Rule>(const Rule&) {
    if (defaulted_from_name<Rule>.empty()) return;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((first = Declared::template name<I> == defaulted_from_name<Rule> ? I : first), ...);
    }(std::make_index_sequence<Declared::size>{});
  });
  return first;
}

/// A wire name or alias, and whose it is: a member's, or the tag's.
struct TakenName {
  std::string_view name;
  std::size_t owner = 0;
  friend constexpr auto operator<=>(const TakenName&, const TakenName&) = default;
};

template <std::size_t Size>
constexpr std::size_t count_names(const std::array<MemberPlan, Size>& members) noexcept {
  std::size_t count = Size + 1;
  for (const MemberPlan& member : members) count += member.aliases.size();
  return count;
}

/// A name that two members have, as name or alias, or a member and the tag; empty when there is none. Sorted first:
/// pairs of 128 members would be more steps than Clang lets a constant expression take.
template <std::size_t Count, std::size_t Size>
constexpr std::string_view name_taken_twice(const std::array<MemberPlan, Size>& members, const TagPlan& tag) noexcept {
  std::array<TakenName, Count> names{};
  std::size_t next = 0;
  for (std::size_t i = 0; i < Size; ++i) {
    names[next++] = {members[i].wire_name, i};
    for (const std::string_view alias : members[i].aliases) names[next++] = {alias, i};
  }
  if (tag.kind != TagKind::none) names[next++] = {tag.field, Size};
  const auto used = std::span(names).first(next);
  std::ranges::sort(used);
  const auto twice = [](const TakenName& a, const TakenName& b) { return a.name == b.name && a.owner != b.owner; };
  const auto found = std::ranges::adjacent_find(used, twice);
  return found == used.end() ? std::string_view() : found->name;
}

/// Refuses a name that is taken twice; the compiler prints it as the template argument.
template <FixedText Name>
struct NameTakenTwice {
  static_assert(Name.view().empty(), "structwire: two members, or a member and the tag, have the same wire name or alias");
  static constexpr bool refused = !Name.view().empty();
};

template <std::size_t Size>
constexpr bool have_distinct_numbers(const std::array<MemberPlan, Size>& members) noexcept {
  std::array<std::uint32_t, Size> numbers{};
  for (std::size_t i = 0; i < Size; ++i) numbers[i] = members[i].number;
  std::ranges::sort(numbers);
  return std::ranges::adjacent_find(numbers) == numbers.end();
}

template <std::size_t Size>
constexpr bool all_printable(const std::array<MemberPlan, Size>& members, const TagPlan& tag) noexcept {
  for (const MemberPlan& member : members) {
    if (!is_wire_name(member.wire_name)) return false;
  }
  return is_wire_name(tag.field) && is_wire_name(tag.text);
}

}  // namespace plan_detail

}  // namespace structwire
