// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decoding: from any Reader into any C++ value. The only loops over members, items and entries that exist;
// a format brings its Reader (core/reader.hpp) and gets every type.
//
//   decode_value          any type                      decode_ruled<List>     under the rules of a member
//   decode_scalar.hpp     numbers, text, dates, …       decode_struct.hpp      members
//   decode_constant.hpp   enums, literals               decode_union.hpp       std::variant
//   decode_container.hpp  arrays, tuples, sets, maps
//
// Options (lax, unknown fields, collecting errors) are looked at only after something failed.

#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <structwire/core/check.hpp>
#include <structwire/core/kinds.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/plan.hpp>
#include <structwire/core/reader.hpp>
#include <structwire/core/seat.hpp>
#include <structwire/core/value.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

template <class R, class T>
bool decode_value(R& reader, T& out);
template <class List, class R, class T>
bool decode_ruled(R& reader, T& out);

/// While errors are collected: puts the pending error of the value just tried aside and passes over it.
template <class R>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool pass_over(R& reader) {
  if constexpr (R::traits.self_describing) {
    const std::size_t start = reader.error_offset();
    if (!reader.forgive()) return false;
    reader.return_to(start);
    return reader.skip();
  } else {
    return false;
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire

#include <structwire/core/decode_scalar.hpp>
#include <structwire/core/decode_constant.hpp>
#include <structwire/core/decode_container.hpp>
#include <structwire/core/decode_struct.hpp>
#include <structwire/core/decode_union.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// The value at `start` of a type that is none of the wrappers.
template <class List, class R, class T>
bool decode_plain(R& reader, T& out) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (PooledType<T>) seat(reader, out);
  if constexpr (shape == Shape::boolean || shape == Shape::integer || shape == Shape::floating) {
    return decode_scalar(reader, out);
  } else if constexpr (shape == Shape::text) {
    return decode_text(reader, out);
  } else if constexpr (shape == Shape::bytes) {
    return decode_bytes<List>(reader, out);
  } else if constexpr (shape == Shape::text_scalar) {
    return decode_text_scalar(reader, out);
  } else if constexpr (shape == Shape::enumeration) {
    return decode_enum(reader, out);
  } else if constexpr (shape == Shape::literal) {
    return decode_literal(reader, out);
  } else if constexpr (shape == Shape::null) {
    return decode_null(reader);
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::tuple) {
    return decode_tuple(reader, out);
  } else if constexpr (shape == Shape::map) {
    return decode_map(reader, out);
  } else if constexpr (shape == Shape::set) {
    return decode_set(reader, out);
  } else if constexpr (shape == Shape::array) {
    return decode_array(reader, out);
  } else if constexpr (shape == Shape::variant) {
    return decode_variant<List>(reader, out);
  } else if constexpr (shape == Shape::value) {
    static_assert(R::traits.self_describing, "structwire: sw::Value needs a self-describing format");
    return decode_dynamic(reader, out);
  } else if constexpr (shape == Shape::raw) {
    static_assert(requires { reader.capture(out); }, "structwire: sw::Raw needs a self-describing format");
    return reader.capture(out);
  } else if constexpr (shape == Shape::ext) {
    return decode_ext(reader, out);
  } else if constexpr (shape == Shape::structure) {
    return decode_struct(reader, out);
  } else {
    refuse_unsupported<T>();
    return false;
  }
}

template <class List, class R, class T>
bool decode_optional(R& reader, T& out) {
  bool some = false;
  if (!reader.read_some(some)) return false;
  if (!some) {
    out.reset();
    return true;
  }
  if constexpr (R::traits.self_describing && !takes_plain_text<T>()) {
    if (reader.options().lax && is_null_text(reader)) [[unlikely]] {
      out.reset();
      return true;
    }
  }
  if (!out) {
    if constexpr (requires { out.emplace(); }) {
      out.emplace();
    } else {
      out = std::make_unique<typename T::element_type>();
    }
  }
  if (!decode_ruled<List>(reader, *out)) return reader.or_kinds(Kind::null);
  if constexpr (requires { reader.close_some(); }) return reader.close_some();
  return true;
}

// Present, so not unset; formats without keys tell presence as they tell null.
template <class List, class R, class T>
bool decode_unset(R& reader, T& out) {
  if constexpr (!R::traits.keys) {
    return decode_optional<List>(reader, out);
  } else {
    if (!out.has_value()) out.emplace();
    return decode_ruled<List>(reader, *out);
  }
}

template <class Codec, class R, class T>
bool decode_coded(R& reader, T& out) {
  const std::size_t start = reader.offset();
  typename Codec::wire_type wire{};
  if (!decode_value(reader, wire)) return false;
  if (auto refusal = hook::from_wire<Codec>(std::move(wire), out)) {
    return reader.fail(ErrorCode::refused, *refusal, start);
  }
  return true;
}

template <class List, class R, class T>
bool check_rules(R& reader, const T& value, std::size_t start) {
  return check::rules<List>(
      value,
      [&](std::string expected) {
        return reader.violated(ErrorCode::constraint_violated, std::move(expected), start);
      },
      [&](std::string sentence) { return reader.fail(ErrorCode::refused, sentence, start); });
}

// Whether the number at `start`, which its type cannot hold, is below zero; nothing where no integer is there.
template <class R>
STRUCTWIRE_COLD std::optional<bool> sign_of_integer(R& reader, std::size_t start) {
  reader.return_to(start);
  std::string_view text;
  if (reader.peek() == Kind::text) {
    if (!reader.read_text(text)) return std::nullopt;
  } else if constexpr (requires { reader.read_number_text(text); }) {
    if (!reader.read_number_text(text)) return std::nullopt;
  } else {
    Value number;
    if (!reader.read_scalar(number) || number.template get_if<double>() != nullptr) return std::nullopt;
    const auto* integer = number.template get_if<std::int64_t>();
    return integer != nullptr && *integer < 0;
  }
  if (!is_json_integer(text) || text.size() > reader.limits().number_digits) return std::nullopt;
  return text.front() == '-';
}

// An integer that its type cannot hold breaks a bound on that side as well, which says more, and is what msgspec says.
template <class List, class R, class T>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool name_bound(R& reader, const T&, std::size_t start) {
  if (reader.error_code() != ErrorCode::number_out_of_range) return false;
  Error refused = reader.take_error();
  const std::optional<bool> negative = sign_of_integer(reader, start);
  reader.clear_error();
  using Range = std::numeric_limits<T>;
  bool named = false;
  const auto name = [&](const char* comparison, std::int64_t limit) {
    if (!named) reader.violated(ErrorCode::constraint_violated, check::condition(comparison, limit), start);
    named = true;
  };
  const auto low = [&](std::int64_t limit) {
    if (negative == true && std::cmp_greater_equal(limit, Range::min())) name(">=", limit);
  };
  const auto high = [&](std::int64_t limit) {
    if (negative == false && std::cmp_less_equal(limit, Range::max())) name("<=", limit);
  };
  List::visit([&]<class Rule>(const Rule& rule) {
    if constexpr (std::is_same_v<Rule, rule::AtLeast<std::int64_t>>) low(rule.limit);
    if constexpr (std::is_same_v<Rule, rule::Above<std::int64_t>>) low(rule.limit + 1);
    if constexpr (std::is_same_v<Rule, rule::AtMost<std::int64_t>>) high(rule.limit);
    if constexpr (std::is_same_v<Rule, rule::Below<std::int64_t>>) high(rule.limit - 1);
    if constexpr (std::is_same_v<Rule, rule::Between<std::int64_t>>) {
      low(rule.low);
      high(rule.high);
    }
  });
  return !named && reader.adopt(std::move(refused));
}

template <class R, class T>
concept TellsLengthFirst = (ArrayType<T> || SetType<T>) && R::traits.self_describing &&
                           requires(typename R::ArrayScope scope) { scope.announced; };

// An item was refused. Where the array tells in front that it is too short or too long, that is the error, as in msgspec.
template <class List, class R, class T>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool name_length(R& reader, const typename R::Mark& array) {
  Error refused = reader.take_error();
  if (!ReaderState::can_go_on_after(refused.code())) return reader.adopt(std::move(refused));
  reader.rewind(array);
  const std::size_t start = reader.offset();
  typename R::ArrayScope scope;
  bool holds = reader.peek() == Kind::array && reader.open_array(scope);
  reader.clear_error();
  if (!holds) return reader.adopt(std::move(refused));
  const auto ask = [&](bool keeps, const char* comparison, std::size_t length) {
    if (!holds || keeps) return;
    holds = reader.violated(ErrorCode::constraint_violated, check::length_condition("`array`", comparison, length), start);
  };
  List::visit([&]<class Rule>(const Rule& rule) {
    if constexpr (std::is_same_v<Rule, rule::MinLength>) ask(scope.announced >= rule.length, ">=", rule.length);
    if constexpr (std::is_same_v<Rule, rule::MaxLength>) ask(scope.announced <= rule.length, "<=", rule.length);
  });
  return holds && reader.adopt(std::move(refused));
}

template <class List, class R, class T>
bool decode_unchecked(R& reader, T& out) {
  using Codec = CodecFrom<List>;
  refuse_misfit_codec<List, T>();
  if constexpr (CodecOf<Codec, T>) {
    return decode_coded<Codec>(reader, out);
  } else if constexpr (shape_of<T> == Shape::coded) {
    static_assert(CodecOf<codec_for<T>, T>,
                  "structwire: codec_for<T> has `wire_type`, `to_wire(const T&)` and `from_wire(wire_type)`");
    return decode_coded<codec_for<T>>(reader, out);
  } else if constexpr (shape_of<T> == Shape::extension) {
    return decode_extension(reader, out);
  } else {
    return decode_plain<List>(reader, out);
  }
}

/// Decodes one value under rules: those of a member, and what its type adds to them. Wrappers hand the rules
/// on to what they hold.
template <class List, class R, class T>
bool decode_ruled(R& reader, T& out) {
  constexpr bool coded_whole = CodecOf<CodecFrom<List>, T>;
  if constexpr (!coded_whole) refuse_unset_inside<T>();
  if constexpr (OptionalType<T> && !coded_whole) {
    return decode_optional<List>(reader, out);
  } else if constexpr (UnsetType<T> && !coded_whole) {
    return decode_unset<List>(reader, out);
  } else if constexpr (AnnotatedType<T>) {
    return decode_ruled<JoinedRules<List, annotation_rules<T>>>(reader, plain(out));
  } else if constexpr (BoxType<T>) {
    return decode_ruled<List>(reader, *out);
  } else if constexpr (check::has_constraints<List>) {
    const std::size_t start = reader.offset();
    if constexpr (TellsLengthFirst<R, T> && std::is_void_v<CodecFrom<List>>) {
      const auto array = reader.mark();
      if (!decode_unchecked<List>(reader, out)) return name_length<List, R, T>(reader, array);
      return check_rules<List>(reader, out, start);
    }
    if (decode_unchecked<List>(reader, out)) [[likely]] return check_rules<List>(reader, out, start);
    if constexpr (IntegerType<T> && R::traits.self_describing && std::is_void_v<CodecFrom<List>>) {
      return name_bound<List>(reader, out, start);
    } else {
      return false;
    }
  } else {
    return decode_unchecked<List>(reader, out);
  }
}

/// Decodes one value of any wire type. The target may hold an old value: its memory is used again.
template <class R, class T>
bool decode_value(R& reader, T& out) {
  return decode_ruled<RuleList<>>(reader, out);
}

/// Decodes the whole input of `reader` into `out`. Nothing is thrown. After an error `out` holds parts of
/// the old and the new value.
template <class R, class T>
Result<void> decode_whole(R& reader, T& out) {
  refuse_unset<T>();
  try {
    if (decode_value(reader, out) && reader.finish()) return {};
    return std::unexpected(reader.take_error());
  } catch (const std::bad_alloc&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  } catch (const std::length_error&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  }
}

/// Every error of one input, at most Limits::errors, in the order of the input. `make_reader()` gives a fresh
/// Reader; the input is read once more for each error, so that reading without errors pays nothing for this.
/// Stops at the first error of syntax or size, which nothing can be read behind.
template <class T, class MakeReader>
std::expected<T, std::vector<Error>> decode_collecting(MakeReader make_reader, std::size_t errors_max) {
  std::vector<Error> errors;
  while (true) {
    T value{};
    auto reader = make_reader();
    reader.forgive_first(errors.size());
    auto decoded = decode_whole(reader, value);
    if (decoded && errors.empty()) return value;
    if (decoded) break;
    const bool repeated = !errors.empty() && reader.errors_left_to_forgive() != 0;
    if (repeated) break;
    errors.push_back(std::move(decoded.error()));
    const ErrorCode code = errors.back().code();
    if (!ReaderState::can_go_on_after(code) || errors.size() >= errors_max) break;
  }
  return std::unexpected(std::move(errors));
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
