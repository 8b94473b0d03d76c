// SPDX-License-Identifier: Apache-2.0
#pragma once

// Does an object of the program's own keep its rules?
//
//   if (auto valid = sw::validate(task); !valid) …           // the first error, as decoding would have it
//   for (const sw::Error& error : sw::validate_all(task)) …   // every one
//
// Looked at, at any depth: the rules of members and of Annotated types, validators of members and of structs,
// enumerators that are not listed, text that is not UTF-8 (also in a Value), dates that no calendar has. The
// errors have the codes, sentences and paths of decoding the same value, and no byte offset. A rule behind
// another that is broken is not looked at, nor is the validator of a struct that has a broken member.
// A type with a codec: its rules are asked about the value, and the rules of its wire type about the wire form
// that the codec makes; whether the codec would take that back is not tried. Not looked at: skipped members,
// the inside of a Raw, whose bytes were checked when it was made.
// Nothing is thrown. Safe from any thread on objects that nobody changes meanwhile. The cost is one walk over
// the value, which allocates only for errors, codecs and dates in text.

#include <cstddef>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <structwire/core/check.hpp>
#include <structwire/core/encode.hpp>
#include <structwire/core/error_detail.hpp>
#include <structwire/core/limits.hpp>

namespace structwire {

/// The errors of one validation and where in the value it is. A path is a chain of steps on the stack, made
/// into text only for an error.
class Validation {
 public:
  class Step;

  explicit Validation(const DecodeOptions& options, std::size_t errors_max) noexcept
      : options_(options), errors_max_(errors_max) {}

  /// Enough was found: loops stop.
  bool full() const noexcept { return errors_.size() >= errors_max_; }
  std::size_t errors() const noexcept { return errors_.size(); }
  std::vector<Error> take() noexcept { return std::move(errors_); }
  bool keys_in_paths() const noexcept { return options_.keys_in_paths; }

  // What is wrong here. Each returns false.
  STRUCTWIRE_COLD bool fail(ErrorCode code, std::string sentence);
  STRUCTWIRE_COLD bool violated(std::string expected);
  STRUCTWIRE_COLD bool unlisted(std::string_view shown);

  void text(std::string_view text);
  void value(const Value& value);

 private:
  bool record(ErrorDetail detail);

  DecodeOptions options_;
  std::size_t errors_max_;
  std::vector<Error> errors_;
  const Step* innermost_ = nullptr;
  unsigned depth_ = 0;

  friend class ValidationDepth;
};

/// While it lives, the validation is one step further inside.
class Validation::Step {
 public:
  using Kind = PathSegment::Step;

  Step(Validation& validation, Kind kind, std::string_view name, std::size_t index = 0) noexcept
      : validation_(validation), outer_(validation.innermost_), kind_(kind), name_(name), index_(index) {
    validation.innermost_ = this;
  }
  ~Step() { validation_.innermost_ = outer_; }
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

  const Step* outer() const noexcept { return outer_; }
  PathSegment segment() const { return {kind_, std::string(name_), index_}; }

 private:
  Validation& validation_;
  const Step* outer_;
  Kind kind_;
  std::string_view name_;
  std::size_t index_;
};

/// While it lives, the validation is one level of nesting deeper; false when that is one too many.
class ValidationDepth {
 public:
  explicit ValidationDepth(Validation& validation);
  ~ValidationDepth() { --validation_.depth_; }
  ValidationDepth(const ValidationDepth&) = delete;
  ValidationDepth& operator=(const ValidationDepth&) = delete;
  explicit operator bool() const noexcept { return allowed_; }

 private:
  Validation& validation_;
  bool allowed_;
};

inline namespace STRUCTWIRE_INLINE {

namespace validate_detail {

template <class List, class T>
void look(Validation& validation, const T& value);

/// Nothing can be wrong with a value of this type that no rule is about.
template <class T>
inline constexpr bool always_right =
    shape_of<T> == Shape::boolean || shape_of<T> == Shape::integer || shape_of<T> == Shape::floating ||
    shape_of<T> == Shape::bytes || shape_of<T> == Shape::null || shape_of<T> == Shape::literal ||
    shape_of<T> == Shape::raw || shape_of<T> == Shape::ext || shape_of<T> == Shape::extension ||
    shape_of<T> == Shape::unknown_alternative;

template <class T>
void look_at_item(Validation& validation, const T& item, std::size_t index) {
  const Validation::Step step(validation, PathSegment::Step::item, {}, index);
  validate_detail::look<RuleList<>>(validation, item);
}

template <class T>
void look_at_items(Validation& validation, const T& items) {
  const ValidationDepth deeper(validation);
  if (!deeper) return;
  if constexpr (!always_right<typename T::value_type>) {
    std::size_t index = 0;
    for (const auto& item : items) {
      if (validation.full()) return;
      look_at_item<typename T::value_type>(validation, item, index++);
    }
  }
}

template <class T>
void look_at_tuple(Validation& validation, const T& items) {
  const ValidationDepth deeper(validation);
  if (!deeper) return;
  std::size_t index = 0;
  std::apply([&](const auto&... item) { (look_at_item(validation, item, index++), ...); }, items);
}

template <class T>
void look_at_map(Validation& validation, const T& entries) {
  const ValidationDepth deeper(validation);
  if (!deeper) return;
  for (const auto& [key, mapped] : entries) {
    if (validation.full()) return;
    if constexpr (!always_right<typename T::key_type>) {
      const Validation::Step step(validation, PathSegment::Step::map_key, {});
      validate_detail::look<RuleList<>>(validation, key);
    }
    if constexpr (!always_right<typename T::mapped_type>) {
      const std::string shown = validation.keys_in_paths() ? shown_key(key) : std::string();
      const Validation::Step step(validation, PathSegment::Step::map_value, shown);
      validate_detail::look<RuleList<>, typename T::mapped_type>(validation, mapped);
    }
  }
}

template <class P, class T>
void look_at_unknown_fields(Validation& validation, const T& value) {
  for (const auto& [name, kept] : P::unknown_fields(value)) {
    {
      const Validation::Step step(validation, PathSegment::Step::map_key, {});
      validation.text(name);
    }
    const Validation::Step step(validation, PathSegment::Step::member, name);
    validate_detail::look<RuleList<>>(validation, kept);
  }
}

template <class T>
void look_at_struct(Validation& validation, const T& value) {
  using P = Plan<T>;
  const ValidationDepth deeper(validation);
  if (!deeper) return;
  const std::size_t before = validation.errors();
  for_each_member<P>([&](auto index) {
    constexpr std::size_t i = index;
    constexpr auto kind = P::array_like ? PathSegment::Step::item : PathSegment::Step::member;
    if (validation.full()) return;
    const Validation::Step step(validation, kind, P::members[i].wire_name, i + P::tagged);
    validate_detail::look<typename P::template MemberRules<i>>(validation, P::template get<i>(value));
  });
  if constexpr (P::keeps_unknown_fields) look_at_unknown_fields<P>(validation, value);
  P::StructRules::visit([&]<class Rule>(const Rule& rule) {
    if constexpr (check::validates<Rule>) {
      if (validation.errors() != before) return;
      if (auto refusal = check::ask(rule, value)) validation.fail(ErrorCode::refused, std::move(*refusal));
    }
  });
}

template <class E>
void look_at_enum(Validation& validation, E value) {
  constexpr const auto& table = enum_values<E>;
  static_assert(!std::is_null_pointer_v<std::remove_cvref_t<decltype(table)>>,
                "structwire: list the enum's values: `template <> inline constexpr auto "
                "structwire::enum_values<E> = structwire::by_name<E::a, E::b>;` (or by_value)");
  if (table.position(value) < table.values.size()) return;
  using Number = std::underlying_type_t<E>;
  using Wide = std::conditional_t<std::is_signed_v<Number>, std::int64_t, std::uint64_t>;
  validation.unlisted(number_text(static_cast<Wide>(static_cast<Number>(value))));
}

// Types with a grammar of their own can hold what it does not spell, a date that no calendar has.
template <class T>
void look_at_text_scalar(Validation& validation, const T& value) {
  if constexpr (TextScalar<T>::kind != Kind::uuid && TextScalar<T>::kind != Kind::decimal) {
    T scratch{};
    const char* refusal = TextScalar<T>::parse(text_of(value), scratch);
    if (refusal != nullptr) validation.fail(ErrorCode::invalid_text, refusal);
  }
}

template <class V>
void look_at_variant(Validation& validation, const V& value) {
  if (value.valueless_by_exception()) {
    validation.fail(ErrorCode::refused, "A variant without a value");
    return;
  }
  std::visit([&](const auto& held) { validate_detail::look<RuleList<>>(validation, held); }, value);
}

template <class Codec, class T>
void look_at_coded(Validation& validation, const T& value) {
  using Wire = typename Codec::wire_type;
  if constexpr (!always_right<Wire>) {
    const hook::Refusal refusal = hook::guarded([&]() -> hook::Refusal {
      const Wire wire = Codec::to_wire(value);
      validate_detail::look<RuleList<>>(validation, wire);
      return std::nullopt;
    });
    if (refusal) validation.fail(ErrorCode::refused, *refusal);
  }
}

// What the type itself demands, and what is inside.
template <class Codec, class T>
void look_inside(Validation& validation, const T& value) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (!std::is_void_v<Codec>) {
    look_at_coded<Codec>(validation, value);
  } else if constexpr (shape == Shape::text) {
    validation.text(value);
  } else if constexpr (shape == Shape::text_scalar) {
    look_at_text_scalar(validation, value);
  } else if constexpr (shape == Shape::enumeration) {
    look_at_enum(validation, value);
  } else if constexpr (shape == Shape::variant) {
    look_at_variant(validation, value);
  } else if constexpr (shape == Shape::tuple) {
    look_at_tuple(validation, value);
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::array || shape == Shape::set) {
    look_at_items(validation, value);
  } else if constexpr (shape == Shape::map) {
    look_at_map(validation, value);
  } else if constexpr (shape == Shape::value) {
    validation.value(value);
  } else if constexpr (shape == Shape::structure) {
    look_at_struct(validation, value);
  } else if constexpr (shape == Shape::unsupported) {
    refuse_unsupported<T>();
  } else {
    static_assert(always_right<T>);
  }
}

template <class List, class T>
void look(Validation& validation, const T& value) {
  using Codec = encode_detail::CodecFor<List, T>;
  if constexpr ((OptionalType<T> || UnsetType<T>) && std::is_void_v<Codec>) {
    if (value) validate_detail::look<List>(validation, *value);
  } else if constexpr (BoxType<T> && std::is_void_v<Codec>) {
    if (!value.was_moved_from()) return validate_detail::look<List>(validation, *value);
    validation.fail(ErrorCode::refused, "A Box that was moved from");
  } else if constexpr (AnnotatedType<T>) {
    validate_detail::look<JoinedRules<List, annotation_rules<T>>>(validation, plain(value));
  } else {
    const std::size_t before = validation.errors();
    look_inside<Codec>(validation, value);
    if constexpr (check::has_constraints<List>) {
      if (validation.errors() != before) return;
      check::rules<List>(
          value, [&](std::string expected) { return validation.violated(std::move(expected)); },
          [&](std::string sentence) { return validation.fail(ErrorCode::refused, std::move(sentence)); });
    }
  }
}

template <class T>
std::vector<Error> errors_of(const T& x, const DecodeOptions& options, std::size_t errors_max) {
  Validation validation(options, errors_max);
  try {
    look<RuleList<>>(validation, x);
  } catch (const std::bad_alloc&) {
    validation.fail(ErrorCode::memory_exhausted, "No memory to validate the value");
  }
  return validation.take();
}

}  // namespace validate_detail

/// The first error of `x`. Of the options it looks at limits.depth and keys_in_paths.
template <class T>
Result<void> validate(const T& x, const DecodeOptions& options = {}) {
  std::vector<Error> errors = validate_detail::errors_of(x, options, 1);
  if (errors.empty()) return {};
  return std::unexpected(std::move(errors.front()));
}

/// Every error of `x` in the order of its members, at most limits.errors; none when it is valid.
template <class T>
std::vector<Error> validate_all(const T& x, const DecodeOptions& options = {}) {
  return validate_detail::errors_of(x, options, options.limits.errors);
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
