// SPDX-License-Identifier: Apache-2.0
#pragma once

// The calls that decode, the same for every format: a door (json.hpp, msgpack.hpp, …) names its Reader and has
// them all. DecoderFor is the reusable object: options chosen once, struct rules overridden.

#include <span>
#include <utility>
#include <vector>

#include <structwire/core/decode.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// R with struct rules that win over those of every struct.
template <class R, auto... Rule>
class ReaderWith : public R {
 public:
  using Overrides = FlatRules<Rules<Rule...>>;
  using R::R;
};
template <class R, auto... Rule>
struct ChooseReader {
  using type = ReaderWith<R, Rule...>;
};
template <class R>
struct ChooseReader<R> {
  using type = R;
};

/// One complete value into an object whose memory is used again. After an error it holds parts of the old and the
/// new value.
template <class R, class Input, class T>
Result<void> decode_with(Input input, T& out, const DecodeOptions& options) {
  R reader(input, options);
  return decode_whole(reader, out);
}

/// One complete value.
template <class R, class T, class Input>
Result<T> decode_new(Input input, const DecodeOptions& options) {
  Result<T> result;
  if (auto decoded = decode_with<R>(input, *result, options); !decoded) {
    return std::unexpected(std::move(decoded.error()));
  }
  return result;
}

/// One complete value, or every error that it has (Limits::errors at most).
template <class R, class T, class Input>
std::expected<T, std::vector<Error>> decode_checked(Input input, const DecodeOptions& options) {
  return decode_collecting<T>([&] { return R(input, options); }, options.limits.errors);
}

/// A decoder that is made once and used many times, from any thread. The rules are struct rules that win over
/// those of every struct that it meets.
///   const sw::json::Decoder<sw::forbid_unknown_fields> decoder({.lax = true});
///   auto message = decoder.decode<Message>(text);
template <class Reader, class Input, auto... Rule>
class DecoderFor {
 public:
  using R = typename ChooseReader<Reader, Rule...>::type;

  DecoderFor() noexcept = default;
  explicit DecoderFor(const DecodeOptions& options) noexcept : options_(options) {}

  template <class T>
  Result<T> decode(Input input) const {
    return decode_new<R, T>(input, options_);
  }
  template <class T>
  Result<void> decode_into(Input input, T& out) const {
    return decode_with<R>(input, out, options_);
  }
  template <class T>
  std::expected<T, std::vector<Error>> decode_checked(Input input) const {
    return structwire::decode_checked<R, T>(input, options_);
  }

 private:
  DecodeOptions options_;
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
