// SPDX-License-Identifier: Apache-2.0
#pragma once

// An array as a struct {data, shape, dtype}, which any format and any language can read: data are
// the elements in row-major order, dtype is numpy's `str(array.dtype)`. In Python:
//
//   class StateWithArray(msgspec.Struct):
//       data: bytes; shape: tuple[int, ...]; dtype: str
//   array = numpy.frombuffer(state.data, state.dtype).reshape(state.shape)

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <structwire/core/buffer.hpp>
#include <structwire/ndarray/array.hpp>

namespace structwire::ndarray {

struct StateWithArray {
  Bytes data;
  std::vector<std::uint64_t> shape;
  std::string dtype;

  friend bool operator==(const StateWithArray&, const StateWithArray&) = default;
};

/// The same on the wire; the elements are borrowed, from an array when encoding, from the input
/// when decoding (in a format whose bytes are bytes: MessagePack).
struct StateWithArrayView {
  std::span<const std::byte> data;
  std::vector<std::uint64_t> shape;
  std::string dtype;
};

/// A copy, made row-major. Throws std::bad_alloc.
StateWithArray to_state(const View& view);
/// Without a copy. Errors: unsupported for an array in column-major order.
Result<StateWithArrayView> to_state_view(const View& view);

/// A View of the state's bytes, which have to outlive it. Errors, with the path of the member:
/// those of ElementType::parse at `$.dtype`, size_limit at `$.shape`, invalid_length at `$.data`.
Result<View> view_of(const StateWithArray& state, const ArrayLimits& limits = {});
Result<View> view_of(const StateWithArrayView& state, const ArrayLimits& limits = {});

/// Takes the bytes over; errors as view_of.
Result<Array> to_array(StateWithArray state, const ArrayLimits& limits = {});

/// The codec that carries an array as that struct:
///   using wire = sw::Rules<sw::member<&Model::weights, sw::with<sw::ndarray::AsState<>>>>;
/// and for ArrayOf: sw::with<sw::ndarray::AsState<sw::ndarray::ArrayOf<float, 2>>>.
template <class AnyArray = Array>
struct AsState {
  using wire_type = StateWithArray;

  static wire_type to_wire(const AnyArray& array) { return to_state(array.view()); }
  static Result<AnyArray> from_wire(wire_type state) {
    auto array = to_array(std::move(state));
    if constexpr (std::same_as<AnyArray, Array>) {
      return array;
    } else {
      if (!array) return std::unexpected(std::move(array.error()));
      return AnyArray::from_array(std::move(*array));
    }
  }
};

}  // namespace structwire::ndarray
