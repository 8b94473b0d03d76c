// SPDX-License-Identifier: Apache-2.0
#pragma once

// The types of sample_types.hpp behind their ids: what the test does with each, without naming it.

#include <span>
#include <string>
#include <string_view>

#include <structwire/contract/describe.hpp>
#include <structwire/core/convert.hpp>
#include <structwire/core/equal.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::testing::generated {

struct SampleType {
  std::string_view id;
  contract::Schema (*describe)();
  /// A Value converted into the type and encoded.
  Result<Buffer> (*encode)(const Format& format, const Value& value);
  /// Empty when both decode into equal values.
  std::string (*difference)(const Format& format, std::string_view ours, std::string_view theirs);
};

std::span<const SampleType> sample_types();

template <class T>
Result<Buffer> encode_sample(const Format& format, const Value& value) {
  T held{};
  if (auto converted = convert_into(value, held); !converted) return std::unexpected(std::move(converted.error()));
  Buffer out;
  auto encoded = &format == &json::format() ? json::append_to(held, out) : msgpack::append_to(held, out);
  if (!encoded) return std::unexpected(std::move(encoded.error()));
  return out;
}

template <class T>
Result<T> decode_sample(const Format& format, std::string_view bytes) {
  return &format == &json::format() ? json::decode<T>(bytes) : msgpack::decode<T>(std::as_bytes(std::span(bytes)));
}

template <class T>
std::string sample_difference(const Format& format, std::string_view ours, std::string_view theirs) {
  const auto one = decode_sample<T>(format, ours);
  if (!one) return "ours: " + one.error().message();
  const auto other = decode_sample<T>(format, theirs);
  if (!other) return other.error().message();
  return equal(*one, *other) ? "" : "another value";
}

template <class T>
constexpr SampleType sample_type(std::string_view id) {
  return {id, contract::describe<T>, encode_sample<T>, sample_difference<T>};
}

}  // namespace structwire::testing::generated
