// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the two files of structwire share. Its name and its back-end come from the build.

#include <structwire/core/decoder.hpp>
#include <structwire/core/rules.hpp>

#include <bench/codec/codec_row.hpp>

namespace codec_bench {

inline Peer structwire_peer(const char* format) {
  return {CODEC_BENCH_LIBRARY, format, "this tree, " CODEC_BENCH_BUILD,
          "default options; unknown keys forbidden, but in twitter_subset", "nothing", {}};
}

/// A door's Decoder with the rules that this shape is read with.
template <template <auto...> class Decoder, class T>
using DecoderOf = std::conditional_t<skips_unknown<T>, Decoder<>, Decoder<structwire::forbid_unknown_fields>>;

}  // namespace codec_bench
