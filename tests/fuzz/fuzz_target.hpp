// SPDX-License-Identifier: Apache-2.0
#pragma once

// A fuzz target over all samples of a format: the first byte of an input picks the type, the others
// are decoded as it. The invariant is the damage suite's: an error that tells something, or a value
// that comes back from its own encoding. Untyped values also have canonical bytes that do not
// change again.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include <structwire/msgpack.hpp>
#include <tests/conformance/formats.hpp>
#include <tests/conformance/subject.hpp>

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

/// Ends the program when the invariant is broken.
template <class Format>
void check_input(std::span<const std::byte> input) {
  if (input.empty()) return;
  const std::vector<Subject>& all = subjects<Format>();
  const auto bytes = input.subspan(1);
  STRUCTWIRE_ASSERT(all[static_cast<std::size_t>(input[0]) % all.size()].decode(bytes) !=
                    Outcome::broken);
  if constexpr (captures<Format>) STRUCTWIRE_ASSERT(keeps_canonical_bytes<Format>(bytes));
}

/// An input to start from: any sample of any type, the same for the same seed.
template <class Format>
Buffer seed_input(unsigned seed) {
  const std::vector<Subject>& all = subjects<Format>();
  const std::size_t type = seed % all.size();
  const auto first = static_cast<std::byte>(type);
  Buffer input(std::span(&first, 1));
  input.append(all[type].encode(seed / all.size() % all[type].samples));
  return input;
}

}  // namespace structwire::testing

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

/// The entry points of libFuzzer for one format. Nearly empty inputs become samples, so no corpus
/// is needed.
#define STRUCTWIRE_FUZZ_TARGET(Format)                                                    \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {     \
    structwire::testing::check_input<Format>(std::as_bytes(std::span(data, size)));       \
    return 0;                                                                             \
  }                                                                                       \
  extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,    \
                                                 std::size_t size_max, unsigned seed) {   \
    if (size > 1 && seed % 64 != 0) return LLVMFuzzerMutate(data, size, size_max);        \
    const structwire::Buffer sample = structwire::testing::seed_input<Format>(seed / 64); \
    if (sample.size() > size_max) return LLVMFuzzerMutate(data, size, size_max);          \
    std::memcpy(data, sample.data(), sample.size());                                      \
    return sample.size();                                                                 \
  }
