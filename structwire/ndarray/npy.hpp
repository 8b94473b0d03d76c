// SPDX-License-Identifier: Apache-2.0
#pragma once

// The `.npy` format of numpy (numpy.lib.format), versions 1.0, 2.0 and 3.0: one array with its
// type, shape and order.
//
//   93 'NUMPY'  major minor  header length  {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }   \n  elements
//               1     1      2 (v1) or 4    a Python dict, filled up with blanks so that the elements begin at a
//                                           multiple of 64
//
// The header is read by a parser of just this dict; nothing is evaluated. Reading is a View of the
// bytes that were given: map a file into memory and its elements are used in place. The library
// opens no files.

#include <cstddef>
#include <cstdint>
#include <span>

#include <structwire/core/buffer.hpp>
#include <structwire/ndarray/layout.hpp>
#include <structwire/ndarray/view.hpp>

namespace structwire::ndarray {

/// The array of exactly these bytes; borrows them. Errors, with their offset: malformed for what is
/// no `.npy` header, unexpected_end and trailing_data for another number of bytes than shape and
/// type ask for, size_limit, and those of ElementType::parse.
Result<View> read_npy(std::span<const std::byte> bytes, const ArrayLimits& limits = {});

/// The array at the start of `bytes`, and how many bytes it takes: files can hold several, one
/// behind the other.
struct NpyPrefix {
  View view;
  std::size_t size;
};
Result<NpyPrefix> read_npy_prefix(std::span<const std::byte> bytes, const ArrayLimits& limits = {});

struct NpyHeader {
  Layout layout;
  std::size_t size;  ///< Bytes before the elements.
};
/// Only the header: what lies in a file, before its elements are there. `bytes` may end anywhere
/// behind the header.
Result<NpyHeader> read_npy_header(std::span<const std::byte> bytes, const ArrayLimits& limits = {});

enum class NpyVersion : std::uint8_t { v1 = 1, v2 = 2, v3 = 3 };

/// What numpy.save writes before the elements. Throws std::bad_alloc.
Bytes npy_header_of(const Layout& layout, NpyVersion version = NpyVersion::v1);
/// The bytes that numpy.save writes. Every header of ours fits version 1; the others are for who
/// expects them. Throws std::bad_alloc.
Bytes to_npy(const View& view, NpyVersion version = NpyVersion::v1);
/// The same behind what is in `out`.
void append_npy(const View& view, Buffer& out, NpyVersion version = NpyVersion::v1);

}  // namespace structwire::ndarray
