// SPDX-License-Identifier: Apache-2.0
#pragma once

// Any value as text for people: logs, test failures, a debugger's window. Not a format: nothing reads it back.
//
//   sw::show(point)                              Point(x=1.0, y=2.0)
//   sw::show(task, {.omit_defaults = true})      Task(id="t-1", payload=b"\x00\xff", tags=["a"])
//   log << sw::shown(task);
//
// Structs have their C++ name and the declared names of their members; text is quoted and escaped, bytes are
// b"…"; dates, durations, Uuids and Decimals are their text, enumerators their wire name; null and unset are
// these words. Skipped members are not shown. Types with a codec are shown in their wire form.
// The text is bounded: what nests deeper or is longer than the options allow ends in `…`.

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include <structwire/core/encode.hpp>
#include <structwire/core/hook.hpp>
#include <structwire/core/members.hpp>

namespace structwire {

struct ShowOptions {
  /// Leave out members that equal what they would hold if they had been absent. Structs whose rules say
  /// omit_defaults (sw::artifact) always do.
  bool omit_defaults = false;
  unsigned depth = 16;            ///< Structs and containers inside each other.
  std::size_t length_max = 4096;   ///< Bytes of text; the `…` behind it not counted.
};

/// The text while it is made.
class ShowText {
 public:
  explicit ShowText(const ShowOptions& options) noexcept : options_(options), depth_left_(options.depth) {}

  const ShowOptions& options() const noexcept { return options_; }
  /// There is no room for more: loops may stop.
  bool full() const noexcept { return text_.size() > options_.length_max; }

  /// What does not fit any more is not kept.
  void add(std::string_view text);
  void number(std::int64_t value);
  void number(std::uint64_t value);
  void number(double value);
  void number(float value);
  void quoted(std::string_view text);
  void bytes(std::span<const std::byte> bytes);
  void ext(const Ext& ext);
  void value(const Value& value);
  void raw(const RawView& raw);
  /// What comes between items: nothing in front of the first.
  void separate(bool& first);

  /// Opens with `open`, and lets `fill` write what is inside, unless that is too deep.
  template <class Fill>
  void nested(std::string_view open, std::string_view close, Fill&& fill) {
    add(open);
    if (depth_left_ == 0) {
      add("…");
    } else {
      --depth_left_;
      fill();
      ++depth_left_;
    }
    add(close);
  }

  std::string take();

 private:
  std::size_t room() const noexcept;

  ShowOptions options_;
  unsigned depth_left_;
  std::string text_;
};

inline namespace STRUCTWIRE_INLINE {

namespace show_detail {

template <class List, class T>
void add(ShowText& text, const T& value);

template <class E>
void add_enum(ShowText& text, E value) {
  constexpr const auto& table = enum_values<E>;
  if constexpr (!std::is_null_pointer_v<std::remove_cvref_t<decltype(table)>>) {
    const std::size_t position = table.position(value);
    if (position < table.names.size()) return text.add(table.names[position]);
  }
  text.add(reflect::type_name<E>);
  text.nested("(", ")", [&] { show_detail::add<RuleList<>>(text, static_cast<std::underlying_type_t<E>>(value)); });
}

template <class T>
void add_items(ShowText& text, const T& items, std::string_view open, std::string_view close) {
  text.nested(open, close, [&] {
    bool first = true;
    for (const auto& item : items) {
      if (text.full()) return;
      text.separate(first);
      show_detail::add<RuleList<>, typename T::value_type>(text, item);
    }
  });
}

template <class T>
void add_tuple(ShowText& text, const T& items) {
  text.nested("(", ")", [&] {
    bool first = true;
    std::apply(
        [&](const auto&... item) {
          ((text.separate(first), show_detail::add<RuleList<>>(text, item)), ...);
        },
        items);
  });
}

template <class T>
void add_map(ShowText& text, const T& entries) {
  text.nested("{", "}", [&] {
    bool first = true;
    for (const auto& [key, mapped] : entries) {
      if (text.full()) return;
      text.separate(first);
      show_detail::add<RuleList<>>(text, key);
      text.add(": ");
      show_detail::add<RuleList<>, typename T::mapped_type>(text, mapped);
    }
  });
}

/// True when member I is left out among those that hold what they would hold if absent.
template <class T, std::size_t I>
bool is_left_out(const T& value) {
  using Members = DeclaredMembers<T>;
  using P = Plan<T>;
  if constexpr (Members::template place<I> == plan_detail::Place::unknown_fields) {
    return Members::template get<I>(value).empty();
  } else if constexpr (UnsetType<typename Members::template Type<I>>) {
    return !Members::template get<I>(value).has_value();
  } else if constexpr (Members::template place<I> == plan_detail::Place::wire) {
    return encode_detail::is_default<P, Members::template index_in_plan<I>>(value);
  } else {
    return false;
  }
}

template <class T>
void add_struct(ShowText& text, const T& value) {
  using Members = DeclaredMembers<T>;
  const bool omits = text.options().omit_defaults || Plan<T>::omit_defaults;
  bool first = true;
  const auto add_member = [&](auto index) {
    constexpr std::size_t i = index;
    if constexpr (Members::template place<i> != plan_detail::Place::skipped) {
      if (text.full() || (omits && is_left_out<T, i>(value))) return;
      text.separate(first);
      text.add(Members::template name<i>);
      text.add("=");
      using List = typename Members::Declared::template RulesOfMember<i>;
      show_detail::add<List>(text, Members::template get<i>(value));
    }
  };
  text.add(reflect::type_name<T>);
  text.nested("(", ")", [&] {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (add_member(std::integral_constant<std::size_t, I>{}), ...);
    }(typename Members::Indices{});
  });
}

// What a codec of the program throws is shown, not thrown: this is where programs look when something is wrong.
template <class Codec, class T>
void add_coded(ShowText& text, const T& value) {
  const hook::Refusal refusal = hook::guarded([&]() -> hook::Refusal {
    const typename Codec::wire_type wire = Codec::to_wire(value);
    show_detail::add<RuleList<>>(text, wire);
    return std::nullopt;
  });
  if (!refusal) return;
  text.add(reflect::type_name<T>);
  text.nested("(", ")", [&] { text.add(*refusal); });
}

template <class T>
void add_literal(ShowText& text, const T& value) {
  value.visit([&]<class C>(const C& constant) {
    if constexpr (std::is_same_v<C, std::string_view>) {
      text.quoted(constant);
    } else {
      show_detail::add<RuleList<>>(text, constant);
    }
  });
}

template <class V>
void add_variant(ShowText& text, const V& value) {
  if (value.valueless_by_exception()) return text.add("valueless");
  std::visit([&](const auto& held) { show_detail::add<RuleList<>>(text, held); }, value);
}

template <class List, class T>
void add(ShowText& text, const T& value) {
  constexpr Shape shape = shape_of<T>;
  using Codec = encode_detail::CodecFor<List, T>;
  if constexpr (!std::is_void_v<Codec>) {
    add_coded<Codec>(text, value);
  } else if constexpr (shape == Shape::annotated) {
    show_detail::add<JoinedRules<List, annotation_rules<T>>>(text, plain(value));
  } else if constexpr (shape == Shape::optional || shape == Shape::unsettable) {
    if (!value) return text.add(shape == Shape::optional ? "null" : "unset");
    show_detail::add<List>(text, *value);
  } else if constexpr (shape == Shape::box) {
    if (value.was_moved_from()) return text.add("moved from");
    show_detail::add<List>(text, *value);
  } else if constexpr (shape == Shape::boolean) {
    text.add(value ? "true" : "false");
  } else if constexpr (shape == Shape::integer) {
    text.number(std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>{value});
  } else if constexpr (shape == Shape::floating) {
    text.number(value);
  } else if constexpr (shape == Shape::text) {
    text.quoted(value);
  } else if constexpr (shape == Shape::bytes) {
    if constexpr (std::is_same_v<T, Buffer>) {
      text.bytes(value.bytes());
    } else {
      text.bytes(value);
    }
  } else if constexpr (shape == Shape::text_scalar) {
    text.add(text_of(value));
  } else if constexpr (shape == Shape::enumeration) {
    add_enum(text, value);
  } else if constexpr (shape == Shape::literal) {
    add_literal(text, value);
  } else if constexpr (shape == Shape::null) {
    text.add("null");
  } else if constexpr (shape == Shape::variant) {
    add_variant(text, value);
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::array) {
    add_items(text, value, "[", "]");
  } else if constexpr (shape == Shape::set) {
    add_items(text, value, "{", "}");
  } else if constexpr (shape == Shape::tuple) {
    add_tuple(text, value);
  } else if constexpr (shape == Shape::map) {
    add_map(text, value);
  } else if constexpr (shape == Shape::value) {
    text.value(value);
  } else if constexpr (shape == Shape::raw) {
    if constexpr (std::is_same_v<T, Raw>) {
      text.raw(value.view());
    } else {
      text.raw(value);
    }
  } else if constexpr (shape == Shape::ext) {
    text.ext(value);
  } else if constexpr (shape == Shape::unknown_alternative) {
    text.nested("UnknownAlternative(", ")", [&] { text.raw(value.value.view()); });
  } else {
    if constexpr (shape == Shape::unsupported) refuse_unsupported<T>();
    add_struct(text, value);
  }
}

}  // namespace show_detail

/// The value as text. Total; throws only when there is no memory. The cost is that of the text, and of a whole
/// decode for each Raw.
template <class T>
std::string show(const T& value, const ShowOptions& options = {}) {
  ShowText text(options);
  show_detail::add<RuleList<>>(text, value);
  return text.take();
}

/// What `stream << sw::shown(value)` writes; it refers to the value.
template <class T>
class Shown {
 public:
  Shown(const T& value, const ShowOptions& options) noexcept : value_(&value), options_(options) {}

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const Shown& shown) {
    return out << std::string_view(show(*shown.value_, shown.options_));
  }

 private:
  const T* value_;
  ShowOptions options_;
};

template <class T>
Shown<T> shown(const T& value, const ShowOptions& options = {}) noexcept {
  return {value, options};
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
