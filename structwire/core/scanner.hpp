// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Scanner: what a format supplies so that a value can be found in bytes that come piece by
// piece.
//
// It does not judge: it finds how far the input has to be known before decoding the value at its
// start comes to the same whatever follows, be that a value or an error. So a broken value ends
// where its brackets, its counts or its first impossible byte say, and decoding it finds out. What
// was looked at is not looked at again: a value that comes in n pieces costs its size, not n times
// its size.
//
//   explicit Scanner()                           at the first byte of a value, not of white space
//   in front of it std::optional<std::size_t> find_end(std::span<const std::byte> bytes)
//                                                The bytes behind those shown before. How many of
//                                                them still belong to the value; nothing where its
//                                                end is not among them. A scalar without an end
//                                                mark ends in front of the first byte that is not
//                                                its own, which then is among them. Not called
//                                                again after it has found the end.
//   std::size_t least_to_come() const            Bytes that have to come yet, at the least: headers
//   announce them
//
// A format's Codec names what its streams are made of: Codec::Reader, Codec::Writer,
// Codec::Scanner.

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>

namespace structwire {

template <class S>
concept ScannerOfBytes = std::default_initializable<S> && std::copyable<S> &&
                         requires(S& scanner, const S& same, std::span<const std::byte> bytes) {
                           { scanner.find_end(bytes) } -> std::same_as<std::optional<std::size_t>>;
                           { same.least_to_come() } -> std::same_as<std::size_t>;
                         };

}  // namespace structwire
