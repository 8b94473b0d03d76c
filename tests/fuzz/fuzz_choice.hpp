// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the first two bytes of an input choose: a type and options. The others are what is read.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

#include <tests/fuzz/check_value.hpp>
#include <tests/fuzz/fuzz_seeds.hpp>
#include <tests/fuzz/fuzz_types.hpp>

namespace structwire::testing::fuzz {

/// Calls f(std::type_identity<T>) with the type at a position.
template <class F, class... T>
void with_type(std::size_t position, F&& f, TypeList<T...>) {
  std::size_t at = 0;
  static_cast<void>(((at++ == position && (f(std::type_identity<T>{}), true)) || ...));
}
template <class F>
void with_type(std::size_t position, F&& f) {
  with_type(position % Types::size, std::forward<F>(f), Types{});
}

/// A seed in MessagePack, or nothing where the type refuses it.
inline Buffer in_messagepack(const Seed& seed) {
  Buffer out;
  with_type(seed.type, [&]<class T>(std::type_identity<T>) {
    T value{};
    if (json::decode_into(seed.json, value, {.lax = true})) {
      static_cast<void>(msgpack::append_to(value, out));
    } else if (Value any; json::decode_into(seed.json, any)) {
      static_cast<void>(msgpack::append_to(any, out));
    }
  });
  return out;
}

inline Buffer chosen_by(std::uint8_t type, std::uint8_t options, std::span<const std::byte> rest) {
  const std::array first{static_cast<std::byte>(type), static_cast<std::byte>(options)};
  Buffer out{std::span(first)};
  out.append(rest);
  return out;
}

}  // namespace structwire::testing::fuzz

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

/// A mutator for libFuzzer: inputs that are nearly empty, and now and then others, become what
/// `Buffer seed_of(unsigned)` returns.
#define STRUCTWIRE_FUZZ_SEEDS(seed_of)                                                  \
  extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,  \
                                                 std::size_t size_max, unsigned seed) { \
    if (size > 2 && seed % 64 != 0) return LLVMFuzzerMutate(data, size, size_max);      \
    const structwire::Buffer start = seed_of(seed / 64);                                \
    if (start.size() > size_max) return LLVMFuzzerMutate(data, size, size_max);         \
    std::memcpy(data, start.data(), start.size());                                      \
    return start.size();                                                                \
  }
