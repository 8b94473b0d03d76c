// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decoding values without parts (a part of core/decode.hpp).

#include <structwire/core/base64.hpp>
#include <structwire/core/decode.hpp>
#include <structwire/core/epoch_time.hpp>
#include <structwire/core/base16.hpp>
#include <structwire/core/lax.hpp>
#include <structwire/core/short_text.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// True for types that take every text as it is: a lax reader converts none for them.
template <class T>
consteval bool takes_plain_text() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::annotated) {
    return takes_plain_text<Plain<T>>();
  } else if constexpr (shape == Shape::box || shape == Shape::optional || shape == Shape::unsettable) {
    return takes_plain_text<std::remove_cvref_t<decltype(*std::declval<T&>())>>();
  } else if constexpr (shape == Shape::variant) {
    return []<class... A>(std::type_identity<std::variant<A...>>) {
      return (takes_plain_text<A>() || ...);
    }(std::type_identity<T>{});
  } else {
    return shape == Shape::text || shape == Shape::value || shape == Shape::raw || shape == Shape::coded;
  }
}

/// What the text at the cursor spells, in a lax reader; the cursor stays.
template <class R>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool read_spelled(R& reader, lax::Spelled& spelled, std::string& text) {
  const auto mark = reader.mark();
  std::string_view there;
  if (!reader.read_text(there)) return false;
  spelled = lax::spelled(there);
  text = there;
  reader.rewind(mark);
  return true;
}

// After a kind was refused: the conversions of the lax mode, from the value as it stands there.
template <class R, class T>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool retry_lax(R& reader, T& out) {
  if constexpr (R::traits.self_describing) {
    if (!reader.options().lax || reader.error_code() != ErrorCode::type_mismatch) return false;
    Error refused = reader.take_error();
    const std::size_t start = refused.offset().value_or(no_offset);
    reader.return_to(start);
    Value found;
    const Kind kind = reader.kind();
    if (kind == Kind::array || kind == Kind::object) return reader.adopt(std::move(refused));
    if constexpr (requires(std::string_view& text) { reader.read_number_text(text); }) {
      // Integers of any length: what does not fit 64 bits counts as a float.
      std::string_view text;
      if (kind == Kind::integer && reader.read_number_text(text)) found = lax::number_value(text);
    }
    if (found.is_null() && !reader.read_scalar(found)) return reader.adopt(std::move(refused));
    if (const auto* text = found.get_if<std::string>(); text != nullptr && is_json_number(*text)) {
      if (!reader.within_digits(*text, start)) return false;
    }
    const lax::Outcome outcome = lax::convert(found, out);
    if (outcome.converted) return true;
    if (outcome.refusal != nullptr) return reader.fail(ErrorCode::number_out_of_range, outcome.refusal, start);
    return reader.adopt(std::move(refused));
  } else {
    return false;
  }
}

template <class R, class T>
bool decode_scalar(R& reader, T& out) {
  return reader.read(out) || retry_lax(reader, out);
}

/// The text `null` at the cursor; it is then consumed.
template <class R>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool is_null_text(R& reader) {
  if (reader.peek() != Kind::text) return false;
  const auto mark = reader.mark();
  std::string_view text;
  if (reader.read_text(text) && lax::spelled(text) == lax::Spelled::null) return true;
  reader.rewind(mark);
  return false;
}

template <class R>
bool decode_null(R& reader) {
  bool some = false;
  if (!reader.read_some(some)) return false;
  if (!some) return true;
  if constexpr (R::traits.self_describing) {
    std::monostate null;
    reader.refuse(Kind::null);
    return retry_lax(reader, null);
  } else {
    return reader.fail(ErrorCode::malformed, "A value where only null can be", reader.offset());
  }
}

template <class R, class T>
bool decode_text(R& reader, T& out) {
  const std::size_t start = reader.offset();
  std::string_view text;
  if (!reader.read_text(text)) return false;
  if constexpr (StringType<T>) {
    assign_text(out, text);
    return true;
  } else if constexpr (std::is_same_v<T, TextView> && !requires { reader.borrowed(text); }) {
    out = TextView::owned(std::string(text));
    return true;
  } else {
    static_assert(requires { reader.borrowed(text); },
                  "structwire: this format has no bytes that text could be borrowed from: use std::string or sw::TextView");
    const bool stays = reader.borrowed(text);
    if constexpr (std::is_same_v<T, TextView>) {
      out = stays ? TextView::borrowed(text) : TextView::owned(std::string(text));
      return true;
    } else {
      out = text;
      return stays || reader.fail(ErrorCode::unsupported,
                                  "Text with escapes cannot be borrowed: use std::string or sw::TextView", start);
    }
  }
}

template <class List, class R, class T>
bool decode_bytes(R& reader, T& out) {
  constexpr BytesStyle style = List::first(rule::BytesText{BytesStyle::base64}).style;
  constexpr bool takes_text = !R::traits.tells_bytes_from_text || R::traits.takes_text_for_bytes;
  if constexpr (!takes_text || style == BytesStyle::base64) {
    static_assert(requires { reader.read_bytes(out); },
                  "structwire: bytes cannot be borrowed from a format that holds them as text: use sw::Bytes");
    return reader.read_bytes(out);
  } else {
    const std::size_t start = reader.offset();
    if constexpr (R::traits.tells_bytes_from_text) {
      if (reader.peek() != Kind::text) return reader.read_bytes(out);
    }
    if (reader.peek() != Kind::text) return reader.refuse(Kind::bytes);
    std::string_view text;
    if (!reader.read_text(text)) return false;
    if constexpr (style == BytesStyle::hex) {
      return base16::decode(text, out) || reader.fail(ErrorCode::invalid_text, "Invalid hex encoded string", start);
    } else {
      return base64::decode_url(text, out) ||
             reader.fail(ErrorCode::invalid_text, "Invalid base64url encoded string", start);
    }
  }
}

template <class R>
bool decode_ext(R& reader, Ext& out);

// A text scalar that is no text here: the format's own form, or a number.
template <class R, class T>
STRUCTWIRE_NOINLINE bool decode_text_scalar_otherwise(R& reader, T& out) {
  using Scalar = TextScalar<T>;
  const std::size_t start = reader.offset();
  const Kind kind = reader.kind();
  const auto finish = [&](const char* refusal) {
    return refusal == nullptr || reader.fail(ErrorCode::invalid_text, refusal, start);
  };
  if constexpr (requires { Scalar::from_epoch(0, 0, out); } && R::traits.tells_bytes_from_text) {
    if (kind == Kind::ext) {
      Ext ext;
      if (!decode_ext(reader, ext)) return false;
      if (ext.code != timestamp_extension) return reader.mismatch(Scalar::kind, "ext", start);
      EpochTime time;
      const char* refusal = parse_timestamp(ext.data, time);
      return finish(refusal != nullptr ? refusal : Scalar::from_epoch(time.seconds, time.nanoseconds, out));
    }
  }
  if constexpr (requires { Scalar::parse_bytes(BytesView(), out); } && R::traits.tells_bytes_from_text) {
    Bytes bytes;
    if (kind == Kind::bytes) return reader.read_bytes(bytes) && finish(Scalar::parse_bytes(bytes, out));
  }
  if constexpr (Scalar::kind == Kind::decimal) {
    if (kind == Kind::integer || kind == Kind::floating) {
      if constexpr (requires(std::string_view& text) { reader.read_number_text(text); }) {
        std::string_view text;
        return reader.read_number_text(text) && finish(Scalar::parse_number(text, out));
      } else {
        Value number;
        if (!reader.read_scalar(number)) return false;
        return finish(lax::from_number(number, out));
      }
    }
  }
  reader.refuse(Scalar::kind);
  return retry_lax(reader, out);
}

template <class R, class T>
bool decode_text_scalar(R& reader, T& out) {
  const std::size_t start = reader.offset();
  if constexpr (R::traits.self_describing) {
    if (reader.peek() != Kind::text) [[unlikely]] return decode_text_scalar_otherwise(reader, out);
  }
  std::string_view text;
  if (!reader.read_text(text)) return false;
  if constexpr (TextScalar<T>::kind == Kind::decimal && requires { R::numbers_are_text; }) {
    const lax::Spelled spelled = lax::spelled(text);
    if (spelled != lax::Spelled::integer && spelled != lax::Spelled::number) return reader.refuse(Kind::decimal);
  }
  if constexpr (TextScalar<T>::kind == Kind::decimal) {
    if (!reader.within_digits(text, start)) return false;
  }
  const char* refusal = TextScalar<T>::parse(text, out);
  if (refusal == nullptr) [[likely]] return true;
  if constexpr (R::traits.self_describing) {
    if (reader.options().lax && lax::convert_text(text, out, refusal)) return true;
  }
  return reader.fail(ErrorCode::invalid_text, refusal, start);
}

template <class R>
bool decode_ext(R& reader, Ext& out) {
  static_assert(R::traits.self_describing, "structwire: sw::Ext needs a self-describing format");
  if constexpr (requires { reader.read_ext(out); }) {
    return reader.read_ext(out);
  } else {
    Value found;
    if (reader.kind() != Kind::ext) return reader.refuse(Kind::ext);
    if (!reader.read_scalar(found)) return false;
    out = std::move(*found.get_if<Ext>());
    return true;
  }
}

template <class R, class T>
bool decode_extension(R& reader, T& out) {
  using Extension = extension_for<T>;
  const std::size_t start = reader.offset();
  Ext ext;
  std::span<const std::byte> data;
  if constexpr (requires { reader.borrow_ext(ext.code, data); }) {
    if (!reader.borrow_ext(ext.code, data)) return false;
  } else {
    if (!decode_ext(reader, ext)) return false;
    data = ext.data;
  }
  if (ext.code != Extension::code) {
    return reader.violated(ErrorCode::type_mismatch, "extension " + std::to_string(Extension::code), start,
                           std::to_string(ext.code));
  }
  const hook::Refusal refusal = hook::guarded([&]() -> hook::Refusal {
    auto made = Extension::from_bytes(data);
    if constexpr (hook::is_expected<decltype(made)>) {
      if (!made) return hook::sentence(made.error());
      out = std::move(*made);
    } else {
      out = std::move(made);
    }
    return std::nullopt;
  });
  return !refusal || reader.fail(ErrorCode::refused, *refusal, start);
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
