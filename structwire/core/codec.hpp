// SPDX-License-Identifier: Apache-2.0
#pragma once

// A user's own type, or a built-in one in another form, carried as a type that has a wire form already.
//
//   struct EpochSeconds {
//     using wire_type = double;
//     static double to_wire(std::chrono::sys_seconds time);
//     static std::expected<std::chrono::sys_seconds, std::string> from_wire(double seconds);
//   };
//
// `sw::member<&T::at, sw::with<EpochSeconds>>` uses it for one member, `Annotated<…, sw::with<EpochSeconds>>`
// for one type; `template <> struct structwire::codec_for<Path> : PathAsText {};` for every Path.
//
// from_wire returns the value, or std::expected of it with a sentence (or an Error) for what it refuses; the
// value's place in the input is added. What it throws becomes an error too. Rules of the same member apply to
// the value, not to its wire form.

#include <concepts>
#include <type_traits>

namespace structwire {

/// Specialized for types that are carried as another type; empty for all others.
template <class T>
struct codec_for {};

template <class Codec, class T>
concept CodecOf = requires(const T& value, typename Codec::wire_type wire) {
  { Codec::to_wire(value) } -> std::convertible_to<typename Codec::wire_type>;
  Codec::from_wire(std::move(wire));
};

template <class T>
concept CodedType = requires { typename codec_for<T>::wire_type; };

}  // namespace structwire
