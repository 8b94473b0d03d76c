// SPDX-License-Identifier: Apache-2.0
#pragma once

// Plan<T>: a struct as data. Everything that formats, schemas and contracts know about a struct comes from
// its Plan: per member the declared name, the wire name, the number, whether it must be present and its
// rules; for the struct its tag and policy. All of it is constexpr; a Plan is never an object.
//
//   Plan<Message>::size                        number of members on the wire
//   Plan<Message>::members[0].wire_name        "message_id"
//   Plan<Message>::get<0>(message)             a reference to the member
//   Plan<Message>::visit_rules<4>(f)           calls f(rule) for each rule of member 4
//
// Members of a flattened member stand among the others; skipped ones are not there. A tagged struct has one
// more key than members: `tag_index`, which comes first on the wire.
// Plan<T, Overrides> is the Plan under a codec's own struct rules, which win over those of the struct.
// What a struct says wrongly is refused here, by a static_assert that names the remedy.

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
    return std::get<I>(reflect::tie_members<size>(object));
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
  using RulesOfMember = MemberRulesIn<Rules, name<I>>;

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

template <class Type, class List>
consteval void refuse_contradictions() {
  static_assert(!(List::template has<rule::Required> && List::template has<rule::Defaulted>),
                "structwire: a member is either required or defaulted");
  static_assert(!(List::template has<rule::EncodeOnly> && List::template has<rule::DecodeOnly>),
                "structwire: a member is either encode_only or decode_only; `sw::skip` keeps it off the wire");
  static_assert(!List::template has<rule::FirstMatch> || VariantType<Type> || OptionalType<Type> || UnsetType<Type>,
                "structwire: first_match is for std::variant");
}

template <class Declared, std::size_t I, NameStyle Style>
consteval MemberPlan make_member(bool all_defaulted) {
  using Type = typename Declared::template Type<I>;
  using List = typename Declared::template RulesOfMember<I>;
  if constexpr (!WireType<Type>) refuse_unsupported<Type>();
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

template <std::size_t Size>
constexpr bool all_distinct(const std::array<MemberPlan, Size>& members, const TagPlan& tag) noexcept {
  for (std::size_t i = 0; i < Size; ++i) {
    if (tag.kind != TagKind::none && members[i].wire_name == tag.field) return false;
    for (std::size_t j = 0; j < Size; ++j) {
      if (i == j) continue;
      if (members[i].wire_name == members[j].wire_name || members[i].number == members[j].number) return false;
      for (const std::string_view alias : members[i].aliases) {
        if (members[j].wire_name == alias) return false;
      }
    }
  }
  return true;
}

template <std::size_t Size>
constexpr bool all_printable(const std::array<MemberPlan, Size>& members, const TagPlan& tag) noexcept {
  for (const MemberPlan& member : members) {
    if (!is_wire_name(member.wire_name)) return false;
  }
  return is_wire_name(tag.field) && is_wire_name(tag.text);
}

}  // namespace plan_detail

using plan_detail::TagKind;
using plan_detail::TagPlan;

template <class T, class Overrides>
struct Plan {
  static_assert(StructType<T>, "structwire: a Plan is made of a struct");
  using Struct = T;
  /// Of the struct; a codec's own come first.
  using StructRules = JoinedRules<Overrides, RulesOf<T>>;
  using Declared = plan_detail::Declared<T, StructRules>;

 private:
  static constexpr const auto& slots = plan_detail::slots<Declared, Overrides>;
  static constexpr NameStyle style = StructRules::first(rule::Rename{NameStyle::declared}).style;

  // What member I is: declared here, or by the struct that is flattened there.
  template <std::size_t I, bool Flattened>
  struct At {
    using Type = typename Declared::Members::template Type<slots[I].outer>;
    using RulesHere = typename Declared::template RulesOfMember<slots[I].outer>;
    static consteval MemberPlan plan() {
      constexpr std::size_t from = plan_detail::defaulted_from<Declared, StructRules>();
      return plan_detail::make_member<Declared, slots[I].outer, style>(slots[I].outer >= from);
    }
    template <class Object>
    static constexpr auto& get(Object& object) noexcept {
      return Declared::Members::template get<slots[I].outer>(object);
    }
  };
  template <std::size_t I>
  struct At<I, true> {
    using Inner = Plan<typename Declared::template Type<slots[I].outer>, Overrides>;
    static constexpr auto index = static_cast<std::size_t>(slots[I].inner);
    using Type = typename Inner::template MemberType<index>;
    using RulesHere = typename Inner::template MemberRules<index>;
    static consteval MemberPlan plan() {
      MemberPlan member = Inner::members[index];
      if (member.number == index + 1) member.number = 0;
      return member;
    }
    template <class Object>
    static constexpr auto& get(Object& object) noexcept {
      return Inner::template get<index>(Declared::Members::template get<slots[I].outer>(object));
    }
  };
  template <std::size_t I>
  using Of = At<I, (slots[I].inner >= 0)>;

 public:
  static constexpr std::size_t size = slots.size();
  using Indices = std::make_index_sequence<size>;

  template <std::size_t I>
  using MemberType = typename Of<I>::Type;
  template <std::size_t I>
  using MemberRules = typename Of<I>::RulesHere;

  template <std::size_t I, class Object>
  static constexpr auto& get(Object& object) noexcept {
    return Of<I>::get(object);
  }
  template <std::size_t I, class F>
  static constexpr void visit_rules(F&& f) {
    MemberRules<I>::visit(f);
  }

  static constexpr std::array<MemberPlan, size> members = []<std::size_t... I>(std::index_sequence<I...>) {
    std::array<MemberPlan, size> made{Of<I>::plan()...};
    for (std::size_t i = 0; i < size; ++i) {
      if (made[i].number == 0) made[i].number = static_cast<std::uint32_t>(i + 1);
    }
    return made;
  }(Indices{});

  static constexpr TagPlan tag = plan_detail::make_tag<T, StructRules>();
  static constexpr bool tagged = tag.kind != TagKind::none;
  /// The tag's place among the keys, and how many keys there are.
  static constexpr std::size_t tag_index = size;
  static constexpr std::size_t key_count = size + tagged;
  /// The key that comes first on the wire.
  static constexpr std::size_t first_key = tagged ? tag_index : 0;
  /// The wire name of member I, or of the tag.
  static constexpr std::string_view key(std::size_t i) noexcept {
    return i < size ? members[i].wire_name : tag.field;
  }

  static constexpr bool forbid_unknown_fields = StructRules::first(rule::UnknownFields{false}).forbidden;
  static constexpr bool omit_defaults = StructRules::first(rule::OmitDefaults{false}).omit;
  static constexpr bool array_like = StructRules::first(rule::ArrayLike{false}).as_array;
  static constexpr bool deterministic = StructRules::template has<rule::Deterministic>;

  /// True when some value of the struct has members that are not written.
  static constexpr bool omits_members = []<std::size_t... I>(std::index_sequence<I...>) {
    return ((members[I].omit_empty || members[I].decode_only || UnsetType<std::remove_const_t<MemberType<I>>>) || ...);
  }(Indices{});

  /// Declared index of the member that keeps unknown fields; -1 when there is none.
  static constexpr int unknown_fields_member = []<std::size_t... I>(std::index_sequence<I...>) {
    int found = -1;
    ((found = Declared::template place<I>() == plan_detail::Place::unknown_fields ? static_cast<int>(I) : found), ...);
    return found;
  }(std::make_index_sequence<Declared::size>{});
  static constexpr bool keeps_unknown_fields = [] {
    if constexpr (unknown_fields_member < 0) {
      return false;
    } else {
      using Fields = typename Declared::template Type<static_cast<std::size_t>(unknown_fields_member)>;
      static_assert(plan_detail::UnknownFieldsType<Fields>,
                    "structwire: keep_unknown_fields is for a map from std::string to sw::Raw or sw::Value");
      return plan_detail::UnknownFieldsType<Fields>;
    }
  }();
  template <class Object>
  static constexpr auto& unknown_fields(Object& object) noexcept {
    return Declared::Members::template get<static_cast<std::size_t>(unknown_fields_member)>(object);
  }

  static constexpr MemberSet<size> all = [] {
    MemberSet<size> set;
    for (std::size_t i = 0; i < size; ++i) set.insert(i);
    return set;
  }();

  /// Keys in the order of their wire names.
  static constexpr std::array<std::size_t, key_count> sorted_keys = [] {
    std::array<std::size_t, key_count> order{};
    for (std::size_t i = 0; i < key_count; ++i) order[i] = i;
    std::ranges::sort(order, [](std::size_t a, std::size_t b) { return key(a) < key(b); });
    return order;
  }();

  static_assert(plan_detail::all_distinct(members, tag),
                "structwire: two members have the same wire name or the same number");
  static_assert(plan_detail::all_printable(members, tag),
                "structwire: a wire name holds no quote, no backslash and no control character");
  static_assert(!(keeps_unknown_fields && forbid_unknown_fields),
                "structwire: a struct cannot both forbid and keep unknown fields");

  /// Index of the key with this wire name or alias; -1 when there is none. Linear; cold paths only.
  static constexpr int find(std::string_view wire_name) noexcept {
    for (std::size_t i = 0; i < key_count; ++i) {
      if (key(i) == wire_name) return static_cast<int>(i);
    }
    for (std::size_t i = 0; i < size; ++i) {
      for (const std::string_view alias : members[i].aliases) {
        if (alias == wire_name) return static_cast<int>(i);
      }
    }
    return -1;
  }
  static constexpr int find(std::uint32_t number) noexcept {
    for (std::size_t i = 0; i < size; ++i) {
      if (members[i].number == number) return static_cast<int>(i);
    }
    return -1;
  }
};

/// Calls f(std::integral_constant<std::size_t, I>) for every member, in wire order.
template <class P, class F>
constexpr void for_each_member(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f(std::integral_constant<std::size_t, I>{}), ...);
  }(typename P::Indices{});
}

}  // namespace structwire
