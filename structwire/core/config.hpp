// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the build decides: the inline namespace of inline code, assertions, and four attributes.
//
// Programs may link objects that were compiled with different flags. Code that the compiler may translate
// differently under them (loops over bytes, readers, writers) lives in the inline namespace
// STRUCTWIRE_INLINE, whose name says version, instruction set and back-end, so that the linker never merges
// a copy made for AVX-512 into a program for an older processor. Types with one meaning everywhere (Error,
// Value, Buffer, rules) stay outside, so that they are the same type in every object.

#define STRUCTWIRE_VERSION_MAJOR 0
#define STRUCTWIRE_VERSION_MINOR 1
#define STRUCTWIRE_VERSION_PATCH 0

// STRUCTWIRE_PORTABLE, for the whole build: no vector instructions, neither in line nor chosen at run time.
#if defined(STRUCTWIRE_PORTABLE)
#define STRUCTWIRE_INSTRUCTIONS portable
#elif defined(__AVX512BW__)
#define STRUCTWIRE_INSTRUCTIONS avx512
#elif defined(__AVX2__)
#define STRUCTWIRE_INSTRUCTIONS avx2
#elif defined(__ARM_NEON)
#define STRUCTWIRE_INSTRUCTIONS neon
#else
#define STRUCTWIRE_INSTRUCTIONS base
#endif

#if defined(__cpp_impl_reflection)
#define STRUCTWIRE_BACKEND cpp26
#else
#define STRUCTWIRE_BACKEND cpp23
#endif

#if defined(NDEBUG)
#define STRUCTWIRE_CHECKS plain
#else
#define STRUCTWIRE_CHECKS checked
#endif

#define STRUCTWIRE_JOIN_(a, b, c) v0_##a##_##b##_##c
#define STRUCTWIRE_JOIN(a, b, c) STRUCTWIRE_JOIN_(a, b, c)
#define STRUCTWIRE_INLINE STRUCTWIRE_JOIN(STRUCTWIRE_INSTRUCTIONS, STRUCTWIRE_BACKEND, STRUCTWIRE_CHECKS)

#define STRUCTWIRE_COLD [[gnu::cold, gnu::noinline]]
#define STRUCTWIRE_NOINLINE [[gnu::noinline]]
#define STRUCTWIRE_ALWAYS_INLINE [[gnu::always_inline]] inline

// In front of a call whose function has no other caller. GCC puts that in line by itself, Clang does not.
#if defined(__clang__)
#define STRUCTWIRE_INLINE_CALL [[clang::always_inline]]
#else
#define STRUCTWIRE_INLINE_CALL
#endif

namespace structwire {

/// Ends the program after writing `text` and the place to standard error. For broken promises between parts
/// of a program, never for bad input.
[[noreturn]] void assertion_failed(const char* text, const char* file, int line) noexcept;

}  // namespace structwire

/// Checks what must hold whatever the input; active in every build, so keep it out of inner loops.
#define STRUCTWIRE_ASSERT(condition) \
  ((condition) ? void() : ::structwire::assertion_failed(#condition, __FILE__, __LINE__))
