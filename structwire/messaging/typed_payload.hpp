// SPDX-License-Identifier: Apache-2.0
#pragma once

// Between values and the bytes that travel: encoded once, where the value is, into the buffer that is sent; decoded
// once, where it is used, from the buffer that came. Bytes that are there already are passed through.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/contract/fingerprint.hpp>
#include <structwire/core/raw.hpp>
#include <structwire/messaging/failure.hpp>
#include <structwire/messaging/payload.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::messaging {

/// How a format is called in headers: the numbers of the envelope around stored bytes. 0: it has none.
std::uint8_t format_number(const Format& format) noexcept;
/// The same of a codec, such as msgpack::Codec or json::Codec.
template <class Codec>
std::uint8_t format_number() noexcept {
  static const std::uint8_t number = format_number(Codec::Writer::format());
  return number;
}

/// A list of codecs: what a handler or a caller understands. The first one is written where nobody asks for another.
/// Each of them is compiled for each type that is named with it, so the usual list has one.
template <class... Codec>
struct Formats;
template <class First, class... More>
struct Formats<First, More...> {
  using Preferred = First;

  /// Calls use.template operator()<Codec>() for the codec of that number, else `none()`.
  template <class Use, class None>
  static auto with(std::uint8_t number, Use&& use, None&& none) {
    return find<Use, None, First, More...>(number, use, none);
  }

 private:
  template <class Use, class None, class Codec, class... Rest>
  static auto find(std::uint8_t number, Use& use, None& none) {
    if (number == format_number<Codec>()) return use.template operator()<Codec>();
    if constexpr (sizeof...(Rest) == 0) {
      return none();
    } else {
      return find<Use, None, Rest...>(number, use, none);
    }
  }
};
using MessagePack = Formats<msgpack::Codec>;

/// Bytes of one encoded value, and what they are. Copies share them.
struct EncodedBytes {
  Payload payload;
  std::uint64_t schema = 0;  ///< wire_fingerprint of the value's type; 0: of a type that nobody names.
  std::uint8_t format = 0;
};
/// The bytes of a T. Sending it to any number of peers encodes nothing.
template <class T>
struct Encoded : EncodedBytes {};

/// Payloads up to this size are copied and not shared.
inline constexpr std::size_t small_payload = 2048;

/// Room to encode in, of this thread: a small value, and one that fills less than a quarter of it, leaves it for a block
/// of its own size; a larger one takes it along.
class EncodingRoom {
 public:
  EncodingRoom();
  ~EncodingRoom();
  EncodingRoom(const EncodingRoom&) = delete;
  EncodingRoom& operator=(const EncodingRoom&) = delete;

  Buffer& buffer() noexcept { return buffer_; }
  Payload take();
  /// What was encoded is so small that it is copied anyway; then that is for the caller to do.
  bool is_small() noexcept;

 private:
  Buffer buffer_;
};

/// Errors: those of encoding.
template <class Codec = msgpack::Codec, class T>
Result<Encoded<T>> encoded(const T& value) {
  EncodingRoom room;
  Buffer& bytes = room.buffer();
  if (auto done = append_with<typename Codec::Writer>(value, bytes, EncodeOptions{}); !done) {
    return std::unexpected(std::move(done.error()));
  }
  Encoded<T> result;
  result.payload = room.take();
  result.schema = wire_fingerprint<T>;
  result.format = format_number<Codec>();
  return result;
}
/// A Raw as it is, of a type that nobody names; an empty one is null, as it is elsewhere.
EncodedBytes encoded(Raw raw);

/// A payload that nobody has decoded. Copies share the bytes; as long as one is held, the bytes count against the
/// credit of who sent them. For keeping few bytes for long, payload.detach().
struct View {
  Payload payload;
  std::uint64_t schema = 0;
  std::uint8_t format = 0;

  std::span<const std::byte> bytes() const noexcept { return payload.bytes(); }
  /// Members that borrow point into the payload. unsupported for bytes of a format that is not in the list.
  template <class T, class List = MessagePack>
  Result<T> decode(const DecodeOptions& options = {}) const {
    return List::with(
        format,
        [&]<class Codec>() -> Result<T> {
          return decode_new<typename Codec::Reader, T>(input<Codec>(), options);
        },
        [&]() -> Result<T> { return std::unexpected(unknown_format(format)); });
  }

 private:
  static Error unknown_format(std::uint8_t number);
  // Readers of text take text.
  template <class Codec>
  auto input() const {
    if constexpr (std::constructible_from<typename Codec::Reader, std::span<const std::byte>, const DecodeOptions&>) {
      return payload.bytes();
    } else {
      return std::string_view(reinterpret_cast<const char*>(payload.data()), payload.size());
    }
  }
};

/// What an Error of the codec becomes on its way to the other side: code, path and offset stand in the text.
Failure failure_of(const Error& error, FailureCode code);

/// What is asked about the type of a value that is sent.
template <class T>
struct SentAs {
  using Type = T;
  static constexpr bool is_encoded = false;
  static constexpr std::uint64_t schema = wire_fingerprint<T>;
};
template <class T>
struct SentAs<Encoded<T>> {
  using Type = T;
  static constexpr bool is_encoded = true;
  static constexpr std::uint64_t schema = wire_fingerprint<T>;
};
template <>
struct SentAs<EncodedBytes> {
  using Type = EncodedBytes;
  static constexpr bool is_encoded = true;
  static constexpr std::uint64_t schema = 0;
};
template <>
struct SentAs<View> {
  using Type = View;
  static constexpr bool is_encoded = true;
  static constexpr std::uint64_t schema = 0;
};
template <>
struct SentAs<Raw> {
  using Type = Raw;
  static constexpr bool is_encoded = true;
  static constexpr std::uint64_t schema = 0;
};
template <>
struct SentAs<void> {
  using Type = void;
  static constexpr bool is_encoded = false;
  static constexpr std::uint64_t schema = 0;
};

inline EncodedBytes bytes_of(const EncodedBytes& bytes) { return bytes; }
inline EncodedBytes bytes_of(const View& view) { return {view.payload, view.schema, view.format}; }
inline EncodedBytes bytes_of(const Raw& raw) { return encoded(raw); }

/// The bytes of anything that can be sent; encoded with Codec where they are none yet.
template <class Codec, class T>
Result<EncodedBytes> to_bytes(const T& value) {
  if constexpr (SentAs<T>::is_encoded) {
    return bytes_of(value);
  } else {
    auto done = encoded<Codec>(value);
    if (!done) return std::unexpected(std::move(done.error()));
    return EncodedBytes(std::move(*done));
  }
}

/// No smaller than the encoding, found without encoding; for who decides where to encode.
template <class Codec, class T>
std::size_t size_bound(const T& value) {
  if constexpr (SentAs<T>::is_encoded) {
    return 0;
  } else {
    const EncodeOptions options;
    WriterState state(options);
    return bound_of<typename Codec::Writer>(value, state);
  }
}

}  // namespace structwire::messaging
