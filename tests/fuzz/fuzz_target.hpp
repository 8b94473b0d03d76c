// SPDX-License-Identifier: Apache-2.0
#pragma once

// A fuzz target over all types of a format. Below 128 the first byte of an input picks a sample's
// type and the others are decoded as it; the invariant is the damage suite's: an error that tells
// something, or a value that comes back from its own encoding. Untyped values also have canonical
// bytes that do not change again. From 128 on it picks one of fuzz_types.hpp, the second byte picks
// options, and the invariants are those of check_value.hpp.

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <structwire/msgpack.hpp>
#include <tests/conformance/formats.hpp>
#include <tests/conformance/subject.hpp>
#include <tests/fuzz/fuzz_choice.hpp>

namespace structwire::testing {

/// False when the bytes become a Value whose canonical bytes are not canonical.
template <class Format>
bool keeps_canonical_bytes(std::span<const std::byte> bytes) {
  Value value;
  if (!Format::decode_into(bytes, value)) return true;
  const auto canonical = msgpack::canonical(value);
  if (!canonical) return canonical.error().code() == ErrorCode::unsupported;
  const auto again = msgpack::decode<Value>(canonical->bytes());
  if (!again) return false;
  const auto twice = msgpack::canonical(*again);
  return twice && *twice == *canonical;
}

inline constexpr std::size_t first_fuzz_type = 128;

/// Ends the program when the invariant is broken.
template <class Format, class Calls>
void check_input(std::span<const std::byte> input) {
  if (input.empty()) return;
  const auto chosen = static_cast<std::size_t>(input[0]);
  if (chosen >= first_fuzz_type) {
    if (input.size() == 1) return;
    const DecodeOptions options = fuzz::options_of(static_cast<std::uint8_t>(input[1]));
    fuzz::with_type(chosen - first_fuzz_type, [&]<class T>(std::type_identity<T>) {
      fuzz::check_bytes<Calls, T>(input.subspan(2), options);
    });
    return;
  }
  const std::vector<Subject>& all = subjects<Format>();
  const auto bytes = input.subspan(1);
  STRUCTWIRE_ASSERT(all[chosen % all.size()].decode(bytes) != Outcome::broken);
  if constexpr (captures<Format>) STRUCTWIRE_ASSERT(keeps_canonical_bytes<Format>(bytes));
}

/// An input to start from, the same for the same seed: one of fuzz_seeds.cpp, or any sample.
template <class Format>
Buffer seed_input(unsigned seed) {
  if (seed % 2 == 0) {
    const std::span<const fuzz::Seed> all = fuzz::seeds();
    const fuzz::Seed& chosen = all[seed / 2 % all.size()];
    const auto type = static_cast<std::uint8_t>(first_fuzz_type + chosen.type);
    const auto options = static_cast<std::uint8_t>(seed / 2 / all.size());
    if constexpr (std::is_same_v<Format, Json>) {
      return fuzz::chosen_by(type, options, Buffer(chosen.json).bytes());
    } else {
      return fuzz::chosen_by(type, options, fuzz::in_messagepack(chosen).bytes());
    }
  }
  seed /= 2;
  const std::vector<Subject>& all = subjects<Format>();
  const std::size_t type = seed % all.size();
  const auto first = static_cast<std::byte>(type);
  Buffer input(std::span(&first, 1));
  input.append(all[type].encode(seed / all.size() % all[type].samples));
  return input;
}

}  // namespace structwire::testing

/// The entry points of libFuzzer for one format. Nearly empty inputs become samples, so no corpus
/// is needed.
#define STRUCTWIRE_FUZZ_TARGET(Format, Calls)                                              \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {      \
    structwire::testing::check_input<Format, Calls>(std::as_bytes(std::span(data, size))); \
    return 0;                                                                              \
  }                                                                                        \
  STRUCTWIRE_FUZZ_SEEDS(structwire::testing::seed_input<Format>)
