// SPDX-License-Identifier: Apache-2.0
#pragma once

// What must hold for any bytes, any type and any options: an error that tells something, or a value
// that comes back from its own encoding. A broken promise ends the program.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <structwire/core/convert.hpp>
#include <structwire/core/equal.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/support/exact_bytes.hpp>

namespace structwire::testing::fuzz {

/// The calls of one format, by names that a check of any format can use.
struct JsonCalls {
  static const Format& format() noexcept { return json::format(); }
  template <class T>
  static Result<void> decode(std::span<const std::byte> bytes, T& out,
                             const DecodeOptions& options) {
    return json::decode_into(bytes, out, options);
  }
  template <class T>
  static auto decode_checked(std::span<const std::byte> bytes, const DecodeOptions& options) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return json::decode_checked<T>(text, options);
  }
  template <class T>
  static Result<void> encode(const T& value, Buffer& out, const EncodeOptions& options) {
    return json::append_to(value, out, options);
  }
};
struct MessagePackCalls {
  static const Format& format() noexcept { return msgpack::format(); }
  template <class T>
  static Result<void> decode(std::span<const std::byte> bytes, T& out,
                             const DecodeOptions& options) {
    return msgpack::decode_into(bytes, out, options);
  }
  template <class T>
  static auto decode_checked(std::span<const std::byte> bytes, const DecodeOptions& options) {
    return msgpack::decode_checked<T>(bytes, options);
  }
  template <class T>
  static Result<void> encode(const T& value, Buffer& out, const EncodeOptions& options) {
    return msgpack::append_to(value, out, options);
  }
};

/// Options that the bits of one byte choose.
inline DecodeOptions options_of(std::uint8_t bits) {
  DecodeOptions options;
  options.lax = (bits & 1) != 0;
  options.unknown_fields = static_cast<UnknownFieldPolicy>((bits >> 1) % 3);
  options.keys_in_paths = (bits & 8) != 0;
  options.text_keys = (bits & 16) != 0;
  if ((bits & 32) != 0) {
    options.limits = {.depth = 5,
                      .string_bytes = 256,
                      .container_items = 16,
                      .decoded_bytes = 2048,
                      .number_digits = 24,
                      .errors = 2,
                      .attempts = 1};
  }
  return options;
}

inline bool limits_are_tight(const DecodeOptions& options) {
  return options.limits.depth != Limits().depth;
}

/// JSON has no form for NaN and the infinities, which lax text can spell: they are written as null.
inline bool has_number_without_json(const Value& value) {
  if (const auto* number = value.get_if<double>()) return !std::isfinite(*number);
  if (const auto* items = value.get_if<Value::Array>()) {
    return std::ranges::any_of(*items, has_number_without_json);
  }
  if (const auto* entries = value.get_if<Value::Map>()) {
    return std::ranges::any_of(*entries, [](const Value::Entry& entry) {
      return has_number_without_json(entry.key) || has_number_without_json(entry.value);
    });
  }
  return false;
}

/// Equal, or the same Value: types of a program's own may hold a NaN, which equals itself there.
template <class T>
bool alike(const T& a, const T& b) {
  if (equal(a, b)) return true;
  Value one;
  Value other;
  return to_value_into(a, one) && to_value_into(b, other) && one == other;
}

template <class Calls, class T>
bool comes_back(const T& value, const EncodeOptions& options) {
  Buffer out;
  if (!Calls::encode(value, out, options)) return false;
  const ExactBytes input(out.bytes());
  T back{};
  if (!Calls::decode(input.bytes(), back, {}) || !alike(value, back)) return false;
  if (options.order != Order::sorted) return true;
  Buffer again;
  return Calls::encode(back, again, options) && again == out;
}

template <class Calls, class T>
void check_encoding(const T& value) {
  if (comes_back<Calls>(value, {}) && comes_back<Calls>(value, {.order = Order::sorted})) return;
  Value held;
  STRUCTWIRE_ASSERT(&Calls::format() == &json::format() && to_value_into(value, held) &&
                    has_number_without_json(held));
}

/// One error that stops, or all of them: the same verdict, value and first error.
template <class Calls, class T>
void check_collected(std::span<const std::byte> bytes, const DecodeOptions& options,
                     const Result<void>& decoded, const T& value) {
  const auto collected = Calls::template decode_checked<T>(bytes, options);
  STRUCTWIRE_ASSERT(collected.has_value() == decoded.has_value());
  if (collected) {
    STRUCTWIRE_ASSERT(alike(*collected, value));
    return;
  }
  STRUCTWIRE_ASSERT(!collected.error().empty() &&
                    collected.error().size() <= options.limits.errors);
  STRUCTWIRE_ASSERT(collected.error().front().message() == decoded.error().message());
}

/// What a broken decode left behind is no obstacle for the next one.
template <class Calls, class T>
void check_reuse(std::span<const std::byte> bytes, const DecodeOptions& options, const T& value) {
  const ExactBytes half(bytes.first(bytes.size() / 2));
  T reused{};
  static_cast<void>(Calls::decode(half.bytes(), reused, options));
  STRUCTWIRE_ASSERT(Calls::decode(bytes, reused, options) && alike(reused, value));
}

inline void check_error(const Error& error, std::size_t size) {
  STRUCTWIRE_ASSERT(!error.message().empty());
  STRUCTWIRE_ASSERT(error.offset().value_or(0) <= size);
}

template <class Calls, class T>
void check_bytes(std::span<const std::byte> bytes, const DecodeOptions& options) {
  const ExactBytes input(bytes);
  T value{};
  const Result<void> decoded = Calls::decode(input.bytes(), value, options);
  check_collected<Calls>(input.bytes(), options, decoded, value);
  if (!decoded) return check_error(decoded.error(), bytes.size());
  check_reuse<Calls>(input.bytes(), options, value);
  check_encoding<Calls>(value);
}

}  // namespace structwire::testing::fuzz
