// SPDX-License-Identifier: Apache-2.0
#pragma once

// The records that numpy_check and compare.py exchange; compare.py has the same classes.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <structwire/core/buffer.hpp>
#include <structwire/ndarray.hpp>

namespace structwire::testing {

/// An array in the forms that numpy gives it. `plain`: row-major, little-endian.
struct NumpyCase {
  Bytes npy;
  std::uint8_t version = 1;
  ndarray::StateWithArray state;
  ndarray::Array array;
  Bytes plain;
  std::vector<std::size_t> shape;
  bool column_major = false;
};
/// Bytes of which numpy says whether they are a file, and of what.
struct NumpyDamaged {
  Bytes npy;
  std::optional<Bytes> plain;
  std::vector<std::size_t> shape;
};
struct NumpyInput {
  std::vector<NumpyCase> cases;
  std::vector<NumpyDamaged> damaged;
};

/// The same array as we write it.
struct NumpyAnswer {
  std::vector<Bytes> npy;  ///< In versions 1, 2, 3.
  ndarray::StateWithArray state;
  ndarray::Array array;
  std::string json;
};
/// An array of ours, and its elements one by one, row by row.
struct OwnArray {
  Bytes npy;
  ndarray::StateWithArray state;
  std::vector<std::size_t> shape;
  std::string dtype;
  std::vector<std::variant<bool, std::int64_t, double>> numbers;
  std::vector<double> imaginary;
  std::vector<std::string> texts;
};
struct NumpyOutput {
  std::vector<NumpyAnswer> answers;
  std::vector<OwnArray> own;
};

/// Random arrays of every element type, made from C++ values.
std::vector<OwnArray> own_arrays(std::uint64_t seed, std::size_t count);

}  // namespace structwire::testing
