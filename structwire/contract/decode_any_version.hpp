// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decoding a message of any known version into the newest one.
//
//   using Messages = sw::Migrations<MessageV1, MessageV2, Message>;
//   sw::Result<Message> message = sw::decode_any_version<Messages>(sw::json::format(), bytes);
//
// Which version it is, is decided at compile time from the Plans, in this order:
//   a field     MigrationsByField<"version", …> names it; or all versions require a Literal under one name, each with
//               constants of its own. The key is looked for, then that version is decoded
//   a tag       all versions have one in the same field, and they differ
//   trying      from the newest to the oldest, where `unambiguous` proves that at most one can succeed
// and where none of these holds, the call does not compile: say which version it is (decode_version), give a function
// that looks (the call with `choose`), or keep bytes in an envelope, which names it (decode_enveloped).
//
// Errors: those of decoding; a version that is not known (invalid_tag); when decoders were tried, one error that tells
// that of each version; what a `migrate` refuses or throws (refused). Any thread; counters may be shared.

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <expected>
#include <functional>
#include <new>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <structwire/contract/fingerprint.hpp>
#include <structwire/contract/migrate.hpp>
#include <structwire/contract/unambiguous.hpp>
#include <structwire/contract/version_marks_of.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::version_detail {
inline namespace STRUCTWIRE_INLINE {

/// A struct by itself is a chain of one.
template <class T>
struct ChainOf {
  using type = Migrations<T>;
};
template <class T>
  requires requires {
    typename T::Latest;
    T::numbers;
  }
struct ChainOf<T> {
  using type = T;
};

template <class Chain>
consteval void refuse_untold() {
  static_assert(
      detection<Chain> != Detection::none,
      "structwire: nothing in these versions tells them apart: give each a tag or a Literal, name a field with "
      "`sw::MigrationsByField`, keep them in envelopes, or pass a function that chooses");
}

/// Calls f(Codec{}) with the codec of a format; false when there is none.
template <class F>
bool with_codec(const Format& format, F&& f) {
  if (&format == &json::format()) return f(json::Codec{}), true;
  if (&format == &msgpack::format()) return f(msgpack::Codec{}), true;
  return false;
}
template <class R>
R reader_of(std::span<const std::byte> bytes, const DecodeOptions& options) {
  if constexpr (std::constructible_from<R, std::span<const std::byte>, const DecodeOptions&>) {
    return R(bytes, options);
  } else {
    return R(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()), options);
  }
}

/// A value of version I made one of the newest; what the program's functions throw is an error.
template <class Chain, std::size_t I>
Result<typename Chain::Latest> upgraded(typename Chain::template At<I>&& value) {
  if constexpr (I + 1 == Chain::size) {
    return std::move(value);
  } else {
    try {
      return Chain::upgrade(std::move(value));
    } catch (const std::bad_alloc&) {
      return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the migrated value"));
    } catch (const std::exception& thrown) {
      return std::unexpected(Error(ErrorCode::refused, thrown.what()));
    } catch (...) {
      return std::unexpected(Error(ErrorCode::refused, "A migration threw"));
    }
  }
}

template <class Chain, std::size_t I, class R>
Result<typename Chain::Latest> decode_at(std::span<const std::byte> bytes, const DecodeOptions& options) {
  typename Chain::template At<I> value{};
  R reader = reader_of<R>(bytes, options);
  if (auto decoded = decode_whole(reader, value); !decoded) return std::unexpected(std::move(decoded.error()));
  return upgraded<Chain, I>(std::move(value));
}

template <class Chain, class R>
Result<typename Chain::Latest> decode_place(std::size_t place, std::span<const std::byte> bytes,
                                            const DecodeOptions& options) {
  using Call = Result<typename Chain::Latest> (*)(std::span<const std::byte>, const DecodeOptions&);
  static constexpr auto calls = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Call, Chain::size>{&decode_at<Chain, I, R>...};
  }(std::make_index_sequence<Chain::size>{});
  return calls[place](bytes, options);
}

/// One of the tried types; the tag of a tagged one must be there.
template <class T, class R>
Result<void> decode_tried(std::span<const std::byte> bytes, const DecodeOptions& options, T& out) {
  if constexpr (StructType<T>) {
    using P = PlanIn<R, T>;
    if constexpr (P::tagged && !P::array_like) {
      R reader = reader_of<R>(bytes, options);
      Found found;
      if (!find_key<P, P::tag_index>(reader, found)) return std::unexpected(reader.take_error());
      if (!found.there) {
        return std::unexpected(Error(ErrorCode::missing_field,
                                     "Object missing required field `" + std::string(P::tag.field) + "`",
                                     found.offset));
      }
    }
  }
  R reader = reader_of<R>(bytes, options);
  return decode_whole(reader, out);
}

template <class Chain, class R>
Result<typename Chain::Latest> decode_trying(std::span<const std::byte> bytes, const AnyVersionOptions& options,
                                             std::size_t& place) {
  if (auto refused = refuse_trying(options.decode)) return std::unexpected(std::move(*refused));
  std::array<Error, Chain::size> errors;
  Result<typename Chain::Latest> result = std::unexpected(Error());
  const auto attempt = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    typename Chain::template At<I> value{};
    auto decoded = decode_tried<typename Chain::template At<I>, R>(bytes, options.decode, value);
    if (decoded) {
      place = I;
      result = upgraded<Chain, I>(std::move(value));
      return true;
    }
    errors[I] = std::move(decoded.error());
    if (!is_final(errors[I].code())) return false;
    result = std::unexpected(errors[I]);
    return true;
  };
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    static_cast<void>((attempt(std::integral_constant<std::size_t, Chain::size - 1 - K>{}) || ...));
  }(std::make_index_sequence<Chain::size>{});
  if (!result && !result.error()) result = std::unexpected(join(Chain::numbers, errors));
  return result;
}

template <class Chain, class R>
Result<typename Chain::Latest> decode_detecting(std::span<const std::byte> bytes, const AnyVersionOptions& options,
                                                std::size_t& place, bool& newer) {
  if constexpr (Chain::size == 1) {
    return decode_at<Chain, 0, R>(bytes, options.decode);
  } else if constexpr (detection<Chain> == Detection::trying) {
    return decode_trying<Chain, R>(bytes, options, place);
  } else {
    R reader = reader_of<R>(bytes, options.decode);
    Found found;
    if (!find_mark<Chain>(reader, found)) return std::unexpected(reader.take_error());
    const auto chosen = choose(known<Chain>, found, options.newer);
    if (!chosen) return std::unexpected(chosen.error());
    place = chosen->place;
    newer = chosen->newer;
    return decode_place<Chain, R>(place, bytes, options.decode);
  }
}

template <class T>
Result<T> counted(Result<T> result, VersionCounts* counts, std::size_t place, bool newer) {
  if (counts == nullptr) return result;
  if (!result) {
    counts->count_refused();
  } else if (newer) {
    counts->count_newer();
  } else {
    counts->count(place);
  }
  return result;
}

/// With a codec chosen, of a version that is already known or else found out by `detect`.
template <class Chain, class Detect>
Result<typename Chain::Latest> decode_chosen(const Format& format, std::span<const std::byte> bytes,
                                             const AnyVersionOptions& options, std::optional<Chosen> chosen,
                                             Detect detect) {
  Result<typename Chain::Latest> result = std::unexpected(Error());
  std::size_t place = chosen ? chosen->place : 0;
  bool newer = chosen && chosen->newer;
  const bool has_codec = with_codec(format, [&]<class Codec>(Codec) {
    using R = typename Codec::Reader;
    if (chosen) {
      result = decode_place<Chain, R>(place, bytes, options.decode);
    } else {
      result = detect.template operator()<R>(bytes, place, newer);
    }
  });
  if (!has_codec) result = no_codec(format.name);
  return counted(std::move(result), options.counts, place, newer);
}

template <class Chain, class Detect>
Result<typename Chain::Latest> decode_stored(std::span<const std::byte> bytes, EnvelopeFormat bare_format,
                                             const AnyVersionOptions& options, Detect detect) {
  const auto refuse = [&](Error error) {
    if (options.counts != nullptr) options.counts->count_refused();
    return std::unexpected(std::move(error));
  };
  const auto envelope = open_stored(bytes, options.envelope, bare_format, options.envelope_limits);
  if (!envelope) return refuse(envelope.error());
  const Format* format = format_of(envelope->format);
  if (format == nullptr) return refuse(no_codec(name_of(envelope->format)).error());
  const auto chosen = choose_by_envelope(known<Chain>, *envelope, options.newer);
  if (!chosen) return refuse(chosen.error());
  return decode_chosen<Chain>(*format, envelope->payload, options, *chosen, detect);
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::version_detail

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// Decodes bytes of any version of `Versions` (Migrations or MigrationsByField). With options.envelope they may or must
/// stand in an envelope, which then also tells the format and, where it can, the version.
template <class Versions>
Result<typename Versions::Latest> decode_any_version(const Format& format, std::span<const std::byte> bytes,
                                                     const AnyVersionOptions& options = {}) {
  version_detail::refuse_untold<Versions>();
  const auto detect = [&]<class R>(std::span<const std::byte> payload, std::size_t& place, bool& newer) {
    return version_detail::decode_detecting<Versions, R>(payload, options, place, newer);
  };
  if (options.envelope == EnvelopeUse::forbidden) {
    return version_detail::decode_chosen<Versions>(format, bytes, options, std::nullopt, detect);
  }
  const auto bare = version_detail::envelope_format(format, false);
  if (!bare)
    return version_detail::counted<typename Versions::Latest>(version_detail::no_codec(format.name), options.counts, 0,
                                                              false);
  return version_detail::decode_stored<Versions>(bytes, *bare, options, detect);
}

/// The same with one codec, named at compile time: `decode_any_version<Messages, sw::msgpack::Codec>(bytes)`. Bare bytes
/// only; half the code.
template <class Versions, class Codec>
Result<typename Versions::Latest> decode_any_version(std::span<const std::byte> bytes,
                                                     const AnyVersionOptions& options = {}) {
  version_detail::refuse_untold<Versions>();
  std::size_t place = 0;
  bool newer = false;
  auto result = version_detail::decode_detecting<Versions, typename Codec::Reader>(bytes, options, place, newer);
  return version_detail::counted(std::move(result), options.counts, place, newer);
}

/// Decodes bytes that are known to be of this version: from a header, a queue's name, a file's name.
template <class Versions>
Result<typename Versions::Latest> decode_version(const Format& format, std::span<const std::byte> bytes,
                                                 std::uint32_t number, const AnyVersionOptions& options = {}) {
  const auto chosen = version_detail::choose_number(version_detail::known<Versions>, number, options.newer);
  if (!chosen) {
    if (options.counts != nullptr) options.counts->count_refused();
    return std::unexpected(chosen.error());
  }
  return version_detail::decode_chosen<Versions>(
      format, bytes, options, *chosen,
      []<class R>(std::span<const std::byte>, std::size_t&, bool&) -> Result<typename Versions::Latest> {
        return std::unexpected(Error());
      });
}

/// The same where the program finds out: `choose(const sw::Value& message)` returns the version's number. The message is
/// decoded twice.
template <class Versions, std::invocable<const Value&> Choose>
Result<typename Versions::Latest> decode_any_version(const Format& format, std::span<const std::byte> bytes,
                                                     Choose&& choose, const AnyVersionOptions& options = {}) {
  const auto refuse = [&](Error error) {
    if (options.counts != nullptr) options.counts->count_refused();
    return std::unexpected(std::move(error));
  };
  const auto value = format.decode(bytes, options.decode);
  if (!value) return refuse(value.error());
  const auto number = static_cast<std::uint32_t>(std::invoke(choose, *value));
  return decode_version<Versions>(format, bytes, number, options);
}

/// Decodes stored bytes, which must be in an envelope (options.envelope is not looked at). `Known` is Migrations, or a
/// struct by itself. The version is the one whose fingerprint the envelope has, else the one of its number; an envelope
/// without either is read like bare bytes.
template <class Known>
Result<typename version_detail::ChainOf<Known>::type::Latest> decode_enveloped(std::span<const std::byte> bytes,
                                                                               const AnyVersionOptions& options = {}) {
  using Chain = typename version_detail::ChainOf<Known>::type;
  AnyVersionOptions required = options;
  required.envelope = EnvelopeUse::required;
  const auto detect = [&]<class R>(std::span<const std::byte> payload, std::size_t& place,
                                   bool& newer) -> Result<typename Chain::Latest> {
    if constexpr (version_detail::detection<Chain> != version_detail::Detection::none) {
      return version_detail::decode_detecting<Chain, R>(payload, required, place, newer);
    } else {
      return std::unexpected(Error(ErrorCode::invalid_tag, "The envelope names neither fingerprint nor version"));
    }
  };
  return version_detail::decode_stored<Chain>(bytes, EnvelopeFormat::msgpack, required, detect);
}

/// Decodes what is one of these types, newest last, and tells by nothing which: only where `unambiguous` proves that at
/// most one can take it. When none does, the error of each, in the order of the types.
template <class... T>
std::expected<std::variant<T...>, std::vector<Error>> try_decode(const Format& format, std::span<const std::byte> bytes,
                                                                 const DecodeOptions& options = {}) {
  static_assert(
      unambiguous<T...>,
      "structwire: an input may decode as more than one of these types, so none may be tried: give each a tag, a "
      "Literal or a required key that the others forbid");
  std::vector<Error> errors(sizeof...(T));
  if (auto refused = version_detail::refuse_trying(options))
    return std::unexpected(std::vector<Error>{std::move(*refused)});
  std::variant<T...> result;
  bool decoded = false;
  const bool has_codec = version_detail::with_codec(format, [&]<class Codec>(Codec) {
    const auto attempt = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      auto& value = result.template emplace<I>();
      auto tried =
          version_detail::decode_tried<std::variant_alternative_t<I, std::variant<T...>>, typename Codec::Reader>(
              bytes, options, value);
      if (!tried) errors[I] = std::move(tried.error());
      return decoded = tried.has_value();
    };
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      static_cast<void>((attempt(std::integral_constant<std::size_t, sizeof...(T) - 1 - K>{}) || ...));
    }(std::make_index_sequence<sizeof...(T)>{});
  });
  if (!has_codec) return std::unexpected(std::vector<Error>{version_detail::no_codec(format.name).error()});
  if (!decoded) return std::unexpected(std::move(errors));
  return result;
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
