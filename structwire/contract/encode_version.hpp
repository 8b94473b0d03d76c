// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writing for readers of other versions: into an envelope, which names format, fingerprint and version; and as an older
// version, for as long as programs run that know no newer one.
//
//   sw::Result<sw::Buffer> stored = sw::encode_enveloped<Messages>(sw::msgpack::format(), message);
//   sw::Result<sw::Buffer> sent = sw::encode_as_version<Messages>(sw::json::format(), message, 1);

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

#include <structwire/contract/decode_any_version.hpp>

namespace structwire::version_detail {
inline namespace STRUCTWIRE_INLINE {

template <class Codec, class T>
Result<void> append_encoded_to(const T& value, Buffer& out) {
  return append_with<typename Codec::Writer>(value, out, EncodeOptions{});
}

template <class T>
Result<void> append_in(const Format& format, const T& value, Buffer& out) {
  Result<void> appended;
  const bool has_codec =
      with_codec(format, [&]<class Codec>(Codec) { appended = append_encoded_to<Codec>(value, out); });
  if (!has_codec) return no_codec(format.name);
  return appended;
}

template <class T>
inline constexpr bool is_array_like = [] {
  if constexpr (StructType<T>) {
    return Plan<T>::array_like;
  } else {
    return false;
  }
}();

/// Calls f(value, place) with the value as version `place`.
template <class Chain, std::size_t I, class F>
Result<void> with_downgraded(typename Chain::Latest&& latest, F&& f) {
  if constexpr (!Chain::template leads_back_to<I>) {
    return std::unexpected(
        Error(ErrorCode::unsupported, "There is no way back to version " + std::to_string(Chain::numbers[I])));
  } else {
    try {
      using Older = typename Chain::template At<I>;
      auto older = Chain::template downgrade<Older>(std::move(latest));
      if constexpr (std::is_same_v<decltype(older), Older>) {
        return f(older);
      } else {
        if (!older) return std::unexpected(std::move(older.error()));
        return f(*older);
      }
    } catch (const std::bad_alloc&) {
      return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the migrated value"));
    } catch (const std::exception& thrown) {
      return std::unexpected(Error(ErrorCode::refused, thrown.what()));
    } catch (...) {
      return std::unexpected(Error(ErrorCode::refused, "A migration threw"));
    }
  }
}

template <class Chain, class F>
Result<void> with_version(const typename Chain::Latest& latest, std::size_t place, F&& f) {
  if (place + 1 == Chain::size) return f(latest);
  Result<void> done;
  const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    if (I != place) return;
    auto copy = latest;
    done = with_downgraded<Chain, I>(std::move(copy), f);
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (one(std::integral_constant<std::size_t, I>{}), ...);
  }(std::make_index_sequence<Chain::size - 1>{});
  return done;
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::version_detail

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// What an envelope says of its payload. The fingerprint is exact; the number survives compatible changes of a version.
struct EnvelopeContents {
  bool fingerprint = true;
  /// Of Migrations always there, of a struct by itself where it has `sw::version<N>`.
  bool version = true;
  bool checksum = true;
  /// Written as this older version, by migrate_back; the newest when absent.
  std::optional<std::uint32_t> as_version;
};

/// Appends the bytes of the message as version `number` would have written it. Errors: a version that is not known or
/// that there is no way back to, what a migrate_back refuses or throws, those of encoding.
template <class Versions>
Result<Buffer> encode_as_version(const Format& format, const typename Versions::Latest& message, std::uint32_t number) {
  const auto chosen = version_detail::choose_number(version_detail::known<Versions>, number, NewerVersions::refuse);
  if (!chosen) return std::unexpected(chosen.error());
  Buffer out;
  auto encoded = version_detail::with_version<Versions>(
      message, chosen->place, [&](const auto& value) { return version_detail::append_in(format, value, out); });
  if (!encoded) return std::unexpected(std::move(encoded.error()));
  return out;
}

/// The message in an envelope, for decode_enveloped. `Known` is Migrations, or a struct by itself.
template <class Known>
Result<Buffer> encode_enveloped(const Format& format,
                                const typename version_detail::ChainOf<Known>::type::Latest& message,
                                const EnvelopeContents& contents = {}) {
  using Chain = typename version_detail::ChainOf<Known>::type;
  const std::uint32_t number = contents.as_version.value_or(Chain::latest_number);
  const auto chosen = version_detail::choose_number(version_detail::known<Chain>, number, NewerVersions::refuse);
  if (!chosen) return std::unexpected(chosen.error());
  constexpr bool has_number =
      !std::is_same_v<Known, typename Chain::Latest> || migrate_detail::number_by_rule<typename Chain::Latest>() != 0;
  Buffer out;
  auto encoded =
      version_detail::with_version<Chain>(message, chosen->place, [&]<class T>(const T& value) -> Result<void> {
        const auto kind = version_detail::envelope_format(format, version_detail::is_array_like<T>);
        if (!kind) return version_detail::no_codec(format.name);
        Buffer payload;
        if (auto appended = version_detail::append_in(format, value, payload); !appended) return appended;
        Envelope envelope;
        envelope.format = *kind;
        if (contents.fingerprint) envelope.fingerprint = wire_fingerprint<T>;
        if (contents.version && has_number) envelope.version = number;
        envelope.checksum = contents.checksum;
        envelope.payload = payload.bytes();
        return append_envelope(envelope, out);
      });
  if (!encoded) return std::unexpected(std::move(encoded.error()));
  return out;
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
