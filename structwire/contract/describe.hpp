// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Schema of a C++ type:
//
//   sw::contract::Schema schema = sw::contract::describe<Message>();
//
// Rules stand on the value that they are about: those of an optional member on what it holds. Where several bounds of
// one side are numbers, the tightest is kept. What a codec or validator of the program asks cannot be told;
// TypeSchema::checked says that there is one. Definitions have the C++ name without scope where that is unique, and
// `Name<str>` for a template; two of one name have their scopes. Made anew by each call, at run time (a walk over the
// Plans, and one T{} per struct for its defaults), so keep it.

#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <structwire/contract/schema.hpp>
#include <structwire/core/kinds.hpp>
#include <structwire/core/plan.hpp>
#include <structwire/json.hpp>

namespace structwire::contract {

// What is compiled once, in describe.cpp, stands outside the inline namespace: programs of other flags link it, too.
namespace describing {

/// A bound, unless a tighter one is there.
void tighten(std::optional<Value>& bound, Value limit, bool lower);
/// Compares numbers; false where one is text.
bool is_number_below(const Value& a, const Value& b);
/// The JSON text of a schema_extra rule as a map; throws nothing, a text that is no object becomes none.
std::optional<Value> parse_extra(std::string_view json);
/// The Value of a JSON text that the library wrote.
Value parse_json(std::string_view json);
/// The name of a type in C++ with its scope, without what compilers spell differently.
std::string full_name(std::string_view spelling);

/// What has been found so far. Definitions are looked up by their full names while they are collected.
class Definitions {
 public:
  /// The finished Schema, with short names.
  Schema finish(TypeSchema root) &&;

 protected:
  /// False when the definition is there already; else it is announced.
  bool announce(const std::string& full_name, std::string_view short_name);

  Schema found_;
  std::map<std::string, std::string, std::less<>> short_names_;
};

}  // namespace describing

inline namespace STRUCTWIRE_INLINE {

/// The walk over the types of a contract.
class Description : public describing::Definitions {
 public:
  template <class T, class List = RuleList<>>
  TypeSchema type();

 private:
  template <class T>
  void add_struct();
  template <class T>
  void add_enum();
  template <class T>
  TypeSchema value();
  template <class T, class List>
  TypeSchema coded();
};

namespace describe_detail {

using describing::full_name;
using describing::is_number_below;
using describing::parse_extra;
using describing::parse_json;
using describing::tighten;

template <class T>
std::string short_name();

template <class T>
struct ArgumentNames {
  static std::string text() { return {}; }
};
template <template <class...> class Template, class First, class... Rest>
struct ArgumentNames<Template<First, Rest...>> {
  static std::string text() {
    std::string names = "<" + short_name<First>();
    ((names += ", " + short_name<Rest>()), ...);
    return names + ">";
  }
};

/// As in error messages for what is no struct or enum: one name for every compiler.
template <class T>
std::string short_name() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::boolean) {
    return "bool";
  } else if constexpr (shape == Shape::integer) {
    return std::is_same_v<T, std::int64_t> ? "int" : (std::is_signed_v<T> ? "int" : "uint") + std::to_string(sizeof(T) * 8);
  } else if constexpr (shape == Shape::floating) {
    return sizeof(T) == 8 ? "float" : "float32";
  } else if constexpr (shape == Shape::text) {
    return "str";
  } else if constexpr (shape == Shape::bytes) {
    return "bytes";
  } else {
    return std::string(reflect::type_name<T>) + ArgumentNames<T>::text();
  }
}

// One overload per kind of text scalar that counts ticks.
template <class T>
void note_ticks(TypeSchema&, std::type_identity<T>) {}
template <class Rep, class Period>
void note_ticks(TypeSchema& type, std::type_identity<std::chrono::duration<Rep, Period>>) {
  if (std::is_same_v<Period, std::micro> && sizeof(Rep) == 8 && std::is_signed_v<Rep>) return;
  type.tick = std::to_string(Period::num) + (Period::den == 1 ? "" : "/" + std::to_string(Period::den));
  type.bits = sizeof(Rep) * 8;
  type.is_unsigned = std::is_unsigned_v<Rep>;
}
template <class Clock, class Duration>
void note_ticks(TypeSchema& type, std::type_identity<std::chrono::time_point<Clock, Duration>>) {
  using Period = typename Duration::period;
  type.tick = std::to_string(Period::num) + (Period::den == 1 ? "" : "/" + std::to_string(Period::den));
  type.bits = sizeof(typename Duration::rep) * 8;
  type.zoned = std::is_same_v<Clock, std::chrono::system_clock>;
}

template <class Limit>
Value limit_value(const Limit& limit) {
  if constexpr (requires { limit.view(); }) {
    return Value(limit.view());
  } else {
    return Value(limit);
  }
}

// One overload per rule that says something of values.
template <class Rule>
void note(TypeSchema&, const Rule&) {}
template <class Limit>
void note(TypeSchema& type, const rule::AtLeast<Limit>& rule) {
  tighten(type.ge, limit_value(rule.limit), true);
}
template <class Limit>
void note(TypeSchema& type, const rule::AtMost<Limit>& rule) {
  tighten(type.le, limit_value(rule.limit), false);
}
template <class Limit>
void note(TypeSchema& type, const rule::Above<Limit>& rule) {
  tighten(type.gt, limit_value(rule.limit), true);
}
template <class Limit>
void note(TypeSchema& type, const rule::Below<Limit>& rule) {
  tighten(type.lt, limit_value(rule.limit), false);
}
template <class Limit>
void note(TypeSchema& type, const rule::Between<Limit>& rule) {
  tighten(type.ge, limit_value(rule.low), true);
  tighten(type.le, limit_value(rule.high), false);
}
template <class N>
void note(TypeSchema& type, const rule::MultipleOf<N>& rule) {
  if (type.multiple_of) type.checked = true;
  type.multiple_of = limit_value(rule.divisor);
}
inline void note(TypeSchema& type, const rule::MinLength& rule) {
  type.min_length = std::max<std::uint64_t>(type.min_length.value_or(0), rule.length);
}
inline void note(TypeSchema& type, const rule::MaxLength& rule) {
  type.max_length = std::min<std::uint64_t>(type.max_length.value_or(rule.length), rule.length);
}
template <FixedText Text>
void note(TypeSchema& type, const rule::Pattern<Text>&) {
  if (type.pattern) type.checked = true;
  type.pattern = std::string(Text.view());
}
inline void note(TypeSchema& type, const rule::Aware&) { type.zoned = true; }
inline void note(TypeSchema& type, const rule::Naive&) { type.zoned = false; }
inline void note(TypeSchema& type, const rule::BytesText& rule) { type.bytes_text = rule.style; }
inline void note(TypeSchema& type, const rule::FirstMatch&) { type.first_match = true; }
template <auto Function>
void note(TypeSchema& type, const rule::ValidatedBy<Function>&) {
  type.checked = true;
}

// Those for readers: they stand on the outermost.
template <class Subject, class Rule>
void note_text(Subject&, const Rule&) {}
template <class Subject, FixedText Text>
void note_text(Subject& subject, const rule::Title<Text>&) {
  if (subject.title.empty()) subject.title = Text.view();
}
template <class Subject, FixedText Text>
void note_text(Subject& subject, const rule::Description<Text>&) {
  if (subject.description.empty()) subject.description = Text.view();
}
template <class Subject, FixedText Json>
void note_text(Subject& subject, const rule::SchemaExtra<Json>&) {
  if (!subject.schema_extra) subject.schema_extra = parse_extra(Json.view());
}

/// The JSON form of a member's value; absent where a codec of the program refuses it.
template <class List, class T>
Unset<Value> json_form(const T& value) {
  if constexpr (UnsetType<T>) {
    if (!value) return unset;
    return json_form<List>(*value);
  } else {
    EncodeOptions options;
    options.order = Order::deterministic;
    WriterState state(options);
    Buffer out;
    if (!append_encoded<json::Writer, List>(value, out, state)) return unset;
    return parse_json(out.text());
  }
}

}  // namespace describe_detail

template <class T, class List>
TypeSchema Description::coded() {
  using Codec = std::conditional_t<CodecOf<CodecFrom<List>, T>, CodecFrom<List>, codec_for<T>>;
  TypeSchema type = this->type<typename Codec::wire_type>();
  type.name = type.name.empty() ? describe_detail::short_name<T>() : type.name;
  type.checked = true;
  return type;
}

/// What a type is by itself; `type` adds what rules say.
template <class T>
TypeSchema Description::value() {
  constexpr Shape shape = shape_of<T>;
  TypeSchema type;
  const auto is = [&](TypeKind kind) { type.kind = kind; };
  if constexpr (shape == Shape::boolean) {
    is(TypeKind::boolean);
  } else if constexpr (shape == Shape::integer) {
    is(TypeKind::integer);
    type.bits = sizeof(T) * 8;
    type.is_unsigned = std::is_unsigned_v<T>;
  } else if constexpr (shape == Shape::floating) {
    is(TypeKind::floating);
    type.bits = sizeof(T) * 8;
  } else if constexpr (shape == Shape::text) {
    is(TypeKind::text);
  } else if constexpr (shape == Shape::bytes) {
    is(TypeKind::bytes);
  } else if constexpr (shape == Shape::text_scalar) {
    constexpr Kind kind = TextScalar<T>::kind;
    is(kind == Kind::datetime   ? TypeKind::datetime
       : kind == Kind::date     ? TypeKind::date
       : kind == Kind::time     ? TypeKind::time
       : kind == Kind::duration ? TypeKind::duration
       : kind == Kind::uuid     ? TypeKind::uuid
                                : TypeKind::decimal);
    describe_detail::note_ticks(type, std::type_identity<T>());
  } else if constexpr (shape == Shape::enumeration) {
    is(TypeKind::enumeration);
    type.name = describe_detail::full_name(reflect::type_spelling<T>());
    add_enum<T>();
  } else if constexpr (shape == Shape::literal) {
    is(TypeKind::literal);
    for (std::size_t i = 0; i < T::size; ++i) {
      const auto& row = T::constants[i];
      switch (T::kinds[i]) {
        case LiteralKind::text: type.constants.emplace_back(row.text); break;
        case LiteralKind::integer: type.constants.emplace_back(row.number); break;
        case LiteralKind::boolean: type.constants.emplace_back(row.number != 0); break;
        case LiteralKind::null: type.constants.emplace_back(); break;
      }
    }
  } else if constexpr (shape == Shape::null) {
    is(TypeKind::null);
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::array) {
    is(TypeKind::array);
    type.parts.push_back(this->type<typename T::value_type>());
    if constexpr (shape == Shape::fixed_array) type.size = std::tuple_size_v<T>;
  } else if constexpr (shape == Shape::set) {
    is(TypeKind::set);
    type.parts.push_back(this->type<typename T::value_type>());
  } else if constexpr (shape == Shape::map) {
    is(TypeKind::map);
    type.parts.push_back(this->type<typename T::key_type>());
    type.parts.push_back(this->type<typename T::mapped_type>());
  } else if constexpr (shape == Shape::tuple) {
    is(TypeKind::tuple);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (type.parts.push_back(this->type<std::tuple_element_t<I, T>>()), ...);
    }(std::make_index_sequence<std::tuple_size_v<T>>{});
  } else if constexpr (shape == Shape::value) {
    is(TypeKind::any);
  } else if constexpr (shape == Shape::raw) {
    is(TypeKind::raw);
  } else if constexpr (shape == Shape::ext) {
    is(TypeKind::ext);
  } else if constexpr (shape == Shape::extension) {
    is(TypeKind::ext);
    type.name = describe_detail::short_name<T>();
    type.code = extension_for<T>::code;
    type.checked = true;
  } else if constexpr (shape == Shape::unknown_alternative) {
    is(TypeKind::unknown);
  } else {
    is(TypeKind::structure);
    type.name = describe_detail::full_name(reflect::type_spelling<T>());
    add_struct<T>();
  }
  return type;
}

template <class T, class List>
TypeSchema Description::type() {
  constexpr Shape shape = shape_of<T>;
  TypeSchema type;
  if constexpr (CodecOf<CodecFrom<List>, T> || shape == Shape::coded) {
    type = coded<T, List>();
  } else if constexpr (shape == Shape::annotated) {
    return this->type<Plain<T>, JoinedRules<List, annotation_rules<T>>>();
  } else if constexpr (shape == Shape::box || shape == Shape::unsettable) {
    return this->type<std::remove_cvref_t<decltype(*std::declval<T&>())>, List>();
  } else if constexpr (shape == Shape::optional) {
    type.kind = TypeKind::optional;
    type.parts.push_back(this->type<std::remove_cvref_t<decltype(*std::declval<T&>())>, List>());
    TypeSchema& held = type.parts.front();
    std::swap(type.title, held.title);
    std::swap(type.description, held.description);
    std::swap(type.schema_extra, held.schema_extra);
    return type;
  } else if constexpr (shape == Shape::variant) {
    type.kind = TypeKind::variant;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (type.parts.push_back(this->type<std::variant_alternative_t<I, T>, AlternativeRules<List>>()), ...);
    }(std::make_index_sequence<std::variant_size_v<T>>{});
    List::visit([&](const auto& rule) { describe_detail::note(type, rule); });
    type.bytes_text = {};
  } else {
    type = value<T>();
    List::visit([&](const auto& rule) { describe_detail::note(type, rule); });
  }
  List::visit([&](const auto& rule) { describe_detail::note_text(type, rule); });
  return type;
}

template <class T>
void Description::add_struct() {
  using P = Plan<T>;
  if (!announce(describe_detail::full_name(reflect::type_spelling<T>()), describe_detail::short_name<T>())) return;
  const std::size_t place = found_.structs.size();
  found_.structs.emplace_back();
  StructSchema made;
  made.name = describe_detail::full_name(reflect::type_spelling<T>());
  made.array_like = P::array_like;
  if constexpr (P::tagged) {
    made.tag = P::tag.kind == plan_detail::TagKind::text ? Value(P::tag.text) : Value(P::tag.number);
    made.tag_field = P::tag.field;
  }
  made.unknown_fields = P::keeps_unknown_fields    ? UnknownFields::keep
                        : P::forbid_unknown_fields ? UnknownFields::forbid
                                                   : UnknownFields::ignore;
  if constexpr (P::keeps_unknown_fields) {
    using Kept = std::remove_cvref_t<decltype(P::unknown_fields(std::declval<T&>()))>;
    made.decodes_kept = ValueType<typename Kept::mapped_type>;
  }
  made.omit_defaults = P::omit_defaults;
  made.deterministic = P::deterministic;
  P::StructRules::visit([&]<class Rule>(const Rule& rule) {
    describe_detail::note_text(made, rule);
    if constexpr (check::validates<Rule>) made.checked = true;
    if constexpr (std::is_same_v<Rule, rule::Version>) made.version = rule.number;
  });
  const T defaults{};
  for_each_member<P>([&](auto i) {
    using Member = std::remove_const_t<typename P::template MemberType<i>>;
    using List = typename P::template MemberRules<i>;
    const MemberPlan& plan = P::members[i];
    MemberSchema member;
    member.name = plan.wire_name;
    if (plan.declared_name != plan.wire_name) member.declared_name = plan.declared_name;
    member.aliases.assign(plan.aliases.begin(), plan.aliases.end());
    member.number = plan.number;
    member.type = type<Member, List>();
    member.presence = plan.required         ? Presence::required
                      : UnsetType<Member>   ? Presence::unset
                      : plan.defaulted      ? Presence::defaulted
                      : OptionalType<Member> ? Presence::optional
                                             : Presence::defaulted;
    if (member.presence == Presence::defaulted || member.presence == Presence::optional) {
      member.default_value = describe_detail::json_form<List>(P::template get<i>(defaults));
    }
    member.omit_empty = plan.omit_empty;
    member.encode_only = plan.encode_only;
    member.decode_only = plan.decode_only;
    made.members.push_back(std::move(member));
  });
  found_.structs[place] = std::move(made);
}

template <class T>
void Description::add_enum() {
  constexpr const auto& table = enum_table<T>;
  const std::string full = describe_detail::full_name(reflect::type_spelling<T>());
  if (!announce(full, reflect::type_name<T>)) return;
  EnumSchema made;
  made.name = full;
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    Value wire = table.named ? Value(table.names[i]) : Value(static_cast<std::int64_t>(table.values[i]));
    made.values.push_back({std::string(table.names[i]), std::move(wire)});
  }
  if (table.fallback < table.names.size()) made.catch_all = table.names[table.fallback];
  made.ignore_case = table.any_case;
  made.description = table.description;
  found_.enums.push_back(std::move(made));
}

/// The Schema of T: everything that its Plan says.
template <class T>
Schema describe() {
  Description found;
  TypeSchema root = found.type<T>();
  return std::move(found).finish(std::move(root));
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::contract
