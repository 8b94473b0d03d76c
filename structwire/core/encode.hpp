// SPDX-License-Identifier: Apache-2.0
#pragma once

// Encoding: from any C++ value into any Writer. Two walks: bound_of (encode_bound.hpp) adds up how large the
// output can get, write_value (encode_write.hpp) writes it unchecked. They mirror each other case by case;
// whoever changes one changes both. What both ask stands here.

#include <concepts>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <structwire/core/equal.hpp>
#include <structwire/core/key_text.hpp>
#include <structwire/core/kinds.hpp>
#include <structwire/core/plan.hpp>
#include <structwire/core/writer.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

template <class W, class List = RuleList<>, class T>
std::size_t bound_of(const T& value, WriterState& state);
template <class List = RuleList<>, class W, class T>
void write_value(W& writer, const T& value);
template <class W, class List = RuleList<>, class T>
Result<void> append_encoded(const T& value, Buffer& out, WriterState& state);

namespace encode_detail {

/// A codec by rule or by type; void when the type is written as it is.
template <class T>
struct ExtensionCodec {
  using wire_type = Ext;
  static Ext to_wire(const T& value) {
    auto bytes = extension_for<T>::to_bytes(value);
    if constexpr (std::is_same_v<decltype(bytes), Bytes>) {
      return {extension_for<T>::code, std::move(bytes)};
    } else {
      return {extension_for<T>::code, Bytes(bytes.begin(), bytes.end())};
    }
  }
};
template <class List, class T>
struct CodecChoice {
  using ByRule = CodecFrom<List>;
  using type = std::conditional_t<
      CodecOf<ByRule, T>, ByRule,
      std::conditional_t<shape_of<T> == Shape::coded, codec_for<T>,
                         std::conditional_t<shape_of<T> == Shape::extension, ExtensionCodec<T>, void>>>;
};
template <class List, class T>
using CodecFor = typename CodecChoice<List, T>::type;

/// True where an extension's bytes go from the value into the output at once.
template <class W, class Codec, class T>
inline constexpr bool in_pieces =
    std::is_same_v<Codec, ExtensionCodec<T>> && requires(W& writer, const T& value, const ExtensionPieces& pieces) {
      { extension_for<T>::to_pieces(value) } -> std::same_as<ExtensionPieces>;
      writer.ext(std::int8_t{}, pieces);
    };

/// True for writers of bytes that can take in bytes of their own format.
template <class W>
inline constexpr bool splices = requires(W& writer, std::span<const std::byte> bytes) { writer.splice(bytes); };

/// Bytes behind its output that a writer touches: it copies in whole blocks.
template <class W>
inline constexpr std::size_t overrun = [] {
  if constexpr (requires { W::overrun; }) {
    return W::overrun;
  } else {
    return std::size_t{0};
  }
}();

/// True for writers that are two words and say so: core hands them on by value, so that the cursor stays in a register.
/// A cursor in memory is loaded again after every character, because any character that is stored might be a part of it.
template <class W>
inline constexpr bool by_value = [] {
  if constexpr (requires { W::by_value; }) {
    static_assert(std::is_trivially_copyable_v<W> && sizeof(W) <= 2 * sizeof(void*));
    return W::by_value;
  } else {
    return false;
  }
}();

template <class W, class Write>
STRUCTWIRE_NOINLINE W written_apart(W writer, Write write) {
  STRUCTWIRE_INLINE_CALL write(writer);
  return writer;
}

/// Calls write(writer), in a function of its own where the writer is in registers; `write` is a lambda that refers to
/// little. Elsewhere the compiler does better when it decides (MessagePack writes citm in 67 us, not in 107).
template <class W, class Write>
STRUCTWIRE_ALWAYS_INLINE void apart(W& writer, Write write) {
  if constexpr (by_value<W>) {
    writer = written_apart<W, Write>(writer, write);
  } else {
    write(writer);
  }
}

/// What a member that is absent holds after decoding; made once.
template <class T>
const T& absent() {
  static const T value{};
  return value;
}

/// What `omit_empty` leaves out.
template <class T>
bool is_empty(const T& value) noexcept {
  if constexpr (AnnotatedType<T>) {
    return is_empty(plain(value));
  } else if constexpr (OptionalType<T> || UnsetType<T>) {
    return !value;
  } else if constexpr (ValueType<T>) {
    return value.is_null();
  } else if constexpr (requires { value.empty(); }) {
    return value.empty();
  } else {
    static_assert(always_false<T>, "structwire: omit_empty is for optionals, Raw, text and containers");
    return false;
  }
}

template <class P, std::size_t I>
bool is_default(const typename P::Struct& value) {
  const auto& member = P::template get<I>(value);
  if constexpr (P::members[I].defaulted) {
    return equal<Zeros::apart>(member, P::template get<I>(absent<typename P::Struct>()));
  } else if constexpr (OptionalType<std::remove_const_t<typename P::template MemberType<I>>> &&
                       !P::members[I].required) {
    return !member;
  } else {
    return false;
  }
}

/// Some value of the struct has members that are not written.
template <class W, class P>
inline constexpr bool may_omit = W::traits.keys && (P::omits_members || P::omit_defaults);

/// True when member I is on the wire. Without keys nobody could tell which member is missing, so every one is.
template <class W, class P, std::size_t I>
bool is_written(const typename P::Struct& value) {
  using Member = std::remove_const_t<typename P::template MemberType<I>>;
  if constexpr (!may_omit<W, P>) {
    return true;
  } else if constexpr (P::members[I].decode_only) {
    return false;
  } else {
    const auto& member = P::template get<I>(value);
    if constexpr (UnsetType<Member>) {
      if (!member) return false;
    }
    if constexpr (P::members[I].omit_empty) {
      if (is_empty(member)) return false;
    }
    if constexpr (P::omit_defaults) return !is_default<P, I>(value);
    return true;
  }
}

template <class W, class P>
std::size_t written_count(const typename P::Struct& value) {
  std::size_t count = P::size;
  if constexpr (may_omit<W, P>) {
    count = 0;
    for_each_member<P>([&](auto i) { count += is_written<W, P, i>(value); });
  }
  if constexpr (W::traits.self_describing) {
    count += P::tagged;
    if constexpr (P::keeps_unknown_fields) count += P::unknown_fields(value).size();
  }
  return count;
}

/// False for an enumerator that has no name and is written by name.
template <class E>
bool is_listed(E value) noexcept {
  constexpr const auto& table = enum_table<E>;
  if constexpr (table.named) return table.position(value) < table.names.size();
  return true;
}

/// The bytes of a number or text scalar as text, on the stack when they are few.
template <class T, class Use>
void with_text(const T& value, Use&& use) {
  const std::size_t bound = TextScalar<T>::text_bound(value);
  constexpr std::size_t small = 64;
  if (bound <= small) {
    char text[small];
    use(std::string_view(text, static_cast<std::size_t>(TextScalar<T>::write(text, value) - text)));
  } else {
    std::string text(bound, '\0');
    text.resize(static_cast<std::size_t>(TextScalar<T>::write(text.data(), value) - text.data()));
    use(std::string_view(text));
  }
}

}  // namespace encode_detail
}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire

#include <structwire/core/encode_bound.hpp>
#include <structwire/core/encode_write.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// Appends the encoding of `value`, under the rules of a member, to `out`. After an error `out` is as before.
template <class W, class List, class T>
Result<void> append_encoded(const T& value, Buffer& out, WriterState& state) {
  refuse_unset<T>();
  const std::size_t before = out.size();
  try {
    const std::size_t bound = bound_of<W, List>(value, state);
    if (!state.failed()) {
      out.resize_uninitialized(before + bound + encode_detail::overrun<W>);
      W writer(out.data() + before, state);
      write_value<List>(writer, value);
      const auto written = static_cast<std::size_t>(writer.end() - (out.data() + before));
      STRUCTWIRE_ASSERT(written <= bound);
      out.resize_uninitialized(before + written);
    }
  } catch (const std::bad_alloc&) {
    state.fail(ErrorCode::memory_exhausted, "No memory for the encoded value");
  } catch (const std::exception& thrown) {
    state.fail(ErrorCode::refused, thrown.what());
  }
  if (!state.failed()) return {};
  out.resize_uninitialized(before);
  return std::unexpected(state.take_error());
}

/// Writes `value` with a writer that grows its own output (Unbounded). After an error that output holds a part.
template <class W, class T>
Result<void> encode_whole(W& writer, const T& value, WriterState& state) {
  refuse_unset<T>();
  try {
    bound_of<W>(value, state);
    if (!state.failed()) write_value(writer, value);
  } catch (const std::bad_alloc&) {
    state.fail(ErrorCode::memory_exhausted, "No memory for the encoded value");
  } catch (const std::exception& thrown) {
    state.fail(ErrorCode::refused, thrown.what());
  }
  if (!state.failed()) return {};
  return std::unexpected(state.take_error());
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
