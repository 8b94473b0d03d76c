// SPDX-License-Identifier: Apache-2.0
//
// What does an array cost as StateWithArray, as extension 4 and as a .npy file, from 1 KB to 10 MB?
// The row `copy` is a memcpy of the elements, the least that any of them could take.
#include <benchmark/benchmark.h>

#include <cstring>
#include <vector>

#include <structwire/msgpack.hpp>
#include <structwire/ndarray.hpp>

namespace {

using namespace structwire;
using namespace structwire::ndarray;

Array array_of(std::int64_t bytes) {
  std::vector<double> numbers(static_cast<std::size_t>(bytes) / 8);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i) / 3;
  return *Array::of<double>(numbers, {numbers.size()});
}

void finish(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

template <class Encode>
void encoding(benchmark::State& state, Encode encode) {
  const Array array = array_of(state.range(0));
  Buffer out;
  for (auto _ : state) {
    out.clear();
    encode(array, out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  finish(state);
}

template <class Encode, class Decode>
void decoding(benchmark::State& state, Encode encode, Decode decode) {
  Buffer in;
  encode(array_of(state.range(0)), in);
  for (auto _ : state) {
    auto decoded = decode(in.bytes());
    benchmark::DoNotOptimize(decoded);
    benchmark::ClobberMemory();
  }
  finish(state);
}

const auto to_copy = [](const Array& array, Buffer& out) { out.append(array.bytes()); };
const auto to_struct = [](const Array& array, Buffer& out) {
  (void)msgpack::append_to(to_state(array.view()), out);
};
const auto to_struct_view = [](const Array& array, Buffer& out) {
  (void)msgpack::append_to(*to_state_view(array.view()), out);
};
const auto to_extension = [](const Array& array, Buffer& out) {
  (void)msgpack::append_to(array, out);
};
const auto to_file = [](const Array& array, Buffer& out) { append_npy(array.view(), out); };

const auto from_struct = [](std::span<const std::byte> in) {
  return to_array(*msgpack::decode<StateWithArray>(in));
};
const auto from_struct_view = [](std::span<const std::byte> in) {
  return view_of(*msgpack::decode<StateWithArrayView>(in));
};
const auto from_extension = [](std::span<const std::byte> in) {
  return msgpack::decode<Array>(in);
};
const auto from_file = [](std::span<const std::byte> in) { return read_npy(in); };

#define STRUCTWIRE_SIZES ->Arg(1 << 10)->Arg(100 << 10)->Arg(1 << 20)->Arg(10 << 20)
BENCHMARK_CAPTURE(encoding, copy, to_copy) STRUCTWIRE_SIZES;
BENCHMARK_CAPTURE(encoding, struct, to_struct) STRUCTWIRE_SIZES;
BENCHMARK_CAPTURE(encoding, struct_borrowed, to_struct_view) STRUCTWIRE_SIZES;
BENCHMARK_CAPTURE(encoding, extension, to_extension) STRUCTWIRE_SIZES;
BENCHMARK_CAPTURE(encoding, npy, to_file) STRUCTWIRE_SIZES;
BENCHMARK_CAPTURE(decoding, struct, to_struct, from_struct) STRUCTWIRE_SIZES;
BENCHMARK_CAPTURE(decoding, struct_borrowed, to_struct, from_struct_view) STRUCTWIRE_SIZES;
BENCHMARK_CAPTURE(decoding, extension, to_extension, from_extension) STRUCTWIRE_SIZES;
BENCHMARK_CAPTURE(decoding, npy_in_place, to_file, from_file) STRUCTWIRE_SIZES;

}  // namespace

BENCHMARK_MAIN();
