// SPDX-License-Identifier: Apache-2.0
#pragma once

// Passing over a JSON value as fast as its bytes can be looked at, with every check of the slow way
// (walk.hpp) but the limits: grammar, escapes, UTF-8. What it does not like it leaves to the slow
// way, which knows what to say.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <structwire/core/processor.hpp>

namespace structwire::json {

struct SkipLimits {
  std::size_t levels;         ///< Of nesting; at most 512.
  std::size_t number_digits;  ///< Characters of a number.
};

/// Where the value that begins at `at` ends; nullptr when it is not valid or beyond a limit.
const char* skip_value(const char* at, const char* end, const SkipLimits& limits) noexcept;

/// Names that a struct knows. Says of every one of them that it may hold it, and of nearly all
/// others that it does not.
class KeyFilter {
 public:
  constexpr bool may_hold(std::string_view name) const noexcept {
    const std::uint32_t place = place_of(name);
    return (bits_[place / 64] >> place % 64 & 1) != 0;
  }
  constexpr void add(std::string_view name) noexcept {
    const std::uint32_t place = place_of(name);
    bits_[place / 64] |= std::uint64_t{1} << place % 64;
  }

 private:
  // By length and the first four letters.
  static constexpr std::uint32_t place_of(std::string_view name) noexcept {
    std::uint32_t letters = 0;
    if (name.size() >= 4) {
      letters =
          letter(name, 0) | letter(name, 1) << 8 | letter(name, 2) << 16 | letter(name, 3) << 24;
    } else {
      for (std::size_t i = 0; i < name.size(); ++i) letters = letters << 8 | letter(name, i);
    }
    return (letters + static_cast<std::uint32_t>(name.size())) * 0x9E3779B1u >> 24;
  }
  static constexpr std::uint32_t letter(std::string_view name, std::size_t i) noexcept {
    return static_cast<unsigned char>(name[i]);
  }

  std::uint64_t bits_[4] = {};
};

/// A run of members of an object that was passed over.
struct SkippedMembers {
  /// The first quote of a key that may be known, or the closing brace. Where `!passed`: the value
  /// of the member that is not valid or beyond a limit, or the key where it is the first; all of
  /// those in front are passed over.
  const char* at;
  std::size_t count;  ///< Of members whose value was begun, but for a first one that was given by
                      ///< its value.
  bool passed;
};

/// From the key or the value of a member over all members that `known` does not hold, `count_max`
/// at most. In front of a key stands one byte more.
SkippedMembers skip_members(const char* at, const char* end, const SkipLimits& limits,
                            const KeyFilter& known, std::size_t count_max, bool from_key) noexcept;

/// The loops for one kind of processor. Tests run each that runs here.
struct SkipKernel {
  Processor processor;
  const char* (*skip_value)(const char* at, const char* end, const SkipLimits& limits) noexcept;
  SkippedMembers (*skip_members)(const char* at, const char* end, const SkipLimits& limits,
                                 const KeyFilter& known, std::size_t count_max,
                                 bool from_key) noexcept;
};
/// Every form that was compiled, from the slowest to the fastest.
std::span<const SkipKernel* const> skip_kernels() noexcept;

// skip_*.cpp, one each.
extern const SkipKernel skip_portable;
#if defined(__x86_64__)
extern const SkipKernel skip_sse2;
extern const SkipKernel skip_avx2;
extern const SkipKernel skip_avx512;
#elif defined(__aarch64__)
extern const SkipKernel skip_neon;
#endif

}  // namespace structwire::json
