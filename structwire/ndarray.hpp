// SPDX-License-Identifier: Apache-2.0
#pragma once

// N-dimensional arrays, to and from numpy: docs/guide/arrays.md.
//
//   struct Model { std::string name; sw::ndarray::ArrayOf<float, 2> weights; };   // extension 4 of
//   MessagePack auto view = sw::ndarray::read_npy(bytes);                                     // a
//   .npy file, in place auto weights = view->as<float>(); // (*weights)(row, column)
//
// Nothing here prints, opens files or keeps state; different objects may be used from different
// threads.

#include <structwire/ndarray/array.hpp>
#include <structwire/ndarray/npy.hpp>
#include <structwire/ndarray/state.hpp>
#include <structwire/ndarray/view.hpp>
