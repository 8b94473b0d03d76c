// SPDX-License-Identifier: Apache-2.0
#pragma once

// A type read in two ways: by the compiled decoder, and by the reader that its Schema drives. The invariant is that
// nobody can tell which one it was: equal Values, or the same code, sentence, path and offset.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <structwire/contract/describe.hpp>
#include <structwire/contract/schema_reader.hpp>
#include <structwire/core/convert.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/support/random.hpp>

namespace structwire::testing {

struct BothWays {
  std::string name;
  contract::Schema (*describe)();
  Result<Value> (*decode)(const Format& format, std::span<const std::byte> bytes, const DecodeOptions& options);
  /// Where mutation starts.
  std::vector<Value> samples;
};

template <class T>
Result<Value> decoded_as(const Format& format, std::span<const std::byte> bytes, const DecodeOptions& options) {
  T value{};
  auto decoded = &format == &json::format() ? json::decode_into(bytes, value, options)
                                            : msgpack::decode_into(bytes, value, options);
  if (!decoded) return std::unexpected(std::move(decoded.error()));
  // What keeps no order is compared in one.
  return to_value(value, {.order = Order::deterministic});
}

template <class T, class Samples>
BothWays both_ways(const Samples& samples) {
  BothWays made{std::string(reflect::type_name<T>), contract::describe<T>, decoded_as<T>, {}};
  for (const T& each : samples) made.samples.push_back(to_value(each));
  return made;
}

/// What a run over mutated samples came to.
struct BothWaysCounts {
  std::size_t values = 0;
  std::size_t errors = 0;
  /// A codec or validator of the program decided.
  std::size_t excused = 0;
  std::size_t different = 0;
};

/// `inputs` random ones for each type and format; differences are test failures.
BothWaysCounts compare_both_ways(std::span<const BothWays> types, std::size_t inputs, test::Random& random);

}  // namespace structwire::testing
