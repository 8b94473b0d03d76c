// SPDX-License-Identifier: Apache-2.0
#include <complex>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <string_view>

#include <tests/numpy/records.hpp>
#include <tests/support/random.hpp>

namespace structwire::testing {
namespace {

using namespace ndarray;
using test::Random;

Extents random_shape(Random& random) {
  Extents shape(random.below(5));
  for (std::size_t& length : shape) length = random.once_in(40) ? 0 : 1 + random.below(7);
  return shape;
}

template <class T>
T random_element(Random& random) {
  if constexpr (std::is_same_v<T, bool>) {
    return random.once_in(2);
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(random.bits() >> random.below(64));
  } else if constexpr (std::is_same_v<T, Half>) {
    return Half(static_cast<float>(random.between(-70000, 70000)) /
                static_cast<float>(1 + random.below(5000)));
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(random.between(-1000000, 1000000)) /
           static_cast<T>(1 + random.below(1000));
  } else {
    using Part = typename T::value_type;
    return {random_element<Part>(random), random_element<Part>(random)};
  }
}

template <class T>
void add_number(OwnArray& own, T element) {
  if constexpr (std::is_same_v<T, bool>) {
    own.numbers.emplace_back(element);
  } else if constexpr (std::is_integral_v<T>) {
    own.numbers.emplace_back(static_cast<std::int64_t>(element));
  } else if constexpr (std::is_same_v<T, Half>) {
    own.numbers.emplace_back(static_cast<double>(static_cast<float>(element)));
  } else if constexpr (std::is_floating_point_v<T>) {
    own.numbers.emplace_back(static_cast<double>(element));
  } else {
    own.numbers.emplace_back(static_cast<double>(element.real()));
    own.imaginary.push_back(static_cast<double>(element.imag()));
  }
}

OwnArray record_of(const Array& array) {
  return {.npy = to_npy(array.view()),
          .state = to_state(array.view()),
          .shape = array.shape(),
          .dtype = array.type().name()};
}

// Elements are set by their indices and recorded in row-major order, so that the order is numpy's
// to find.
template <class T>
OwnArray make_numbers(Random& random) {
  const ElementOrder order =
      random.once_in(2) ? ElementOrder::row_major : ElementOrder::column_major;
  Array array = *Array::zeros(*Layout::make(element_type_of<T>, random_shape(random), order));
  OwnArray own;
  Extents index(array.shape().size());
  const std::vector<std::size_t> strides = array.layout().strides();
  const auto elements = *array.as<T>();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    // One-dimensional and two-dimensional arrays go through the operator, as users do.
    const std::size_t at =
        std::inner_product(index.begin(), index.end(), strides.begin(), std::size_t{0});
    T& element = index.size() == 1   ? elements(index[0])
                 : index.size() == 2 ? elements(index[0], index[1])
                                     : elements.span()[at];
    element = random_element<T>(random);
    // Numbers beyond int64 are no number of the record.
    if constexpr (std::is_same_v<T, std::uint64_t>) element >>= 1;
    add_number(own, element);
    for (std::size_t dimension = index.size();
         dimension-- > 0 && ++index[dimension] == array.shape()[dimension];) {
      index[dimension] = 0;
    }
  }
  OwnArray result = record_of(array);
  result.numbers = std::move(own.numbers);
  result.imaginary = std::move(own.imaginary);
  return result;
}

OwnArray make_texts(Random& random) {
  static constexpr std::string_view words[] = {"",     "a",          "grün",
                                               "中文", "\U0001F600", "a longer text"};
  const Extents shape = random_shape(random);
  std::vector<std::string_view> texts(
      std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>()));
  for (std::string_view& text : texts) text = words[random.below(std::size(words))];
  OwnArray own = record_of(*Array::of_texts(texts, shape));
  own.texts.assign(texts.begin(), texts.end());
  return own;
}

}  // namespace

std::vector<OwnArray> own_arrays(std::uint64_t seed, std::size_t count) {
  Random random(seed);
  using Make = OwnArray (*)(Random&);
  static constexpr Make makers[] = {make_numbers<bool>,
                                    make_numbers<std::int8_t>,
                                    make_numbers<std::int16_t>,
                                    make_numbers<std::int32_t>,
                                    make_numbers<std::int64_t>,
                                    make_numbers<std::uint8_t>,
                                    make_numbers<std::uint16_t>,
                                    make_numbers<std::uint32_t>,
                                    make_numbers<std::uint64_t>,
                                    make_numbers<Half>,
                                    make_numbers<float>,
                                    make_numbers<double>,
                                    make_numbers<std::complex<float>>,
                                    make_numbers<std::complex<double>>,
                                    make_texts};
  std::vector<OwnArray> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(makers[i % std::size(makers)](random));
  return all;
}

}  // namespace structwire::testing
