// SPDX-License-Identifier: Apache-2.0
//
// usage: numpy_check CASES ANSWERS SEED
//
// Reads the arrays that numpy wrote (compare.py), compares what this library makes of them with
// what numpy says they are, and writes them again, with random arrays of its own, for numpy to
// read. Of damaged files, what is accepted here must be what numpy takes it for; numpy may accept
// more.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/numpy/records.hpp>

namespace structwire::testing {
namespace {

using namespace ndarray;

struct Forms {
  Array array;
  StateWithArray state;
};

void expect(bool condition, const char* what, std::size_t index, const Error& error = {}) {
  if (condition) return;
  std::fprintf(stderr, "case %zu: %s %s\n", index, what, error ? error.message().c_str() : "");
  std::exit(1);
}

template <class T>
T take(Result<T> result, const char* what, std::size_t index) {
  expect(result.has_value(), what, index, result ? Error() : result.error());
  return std::move(*result);
}

Bytes plain_bytes(const View& view) {
  Bytes plain(view.layout().size_bytes());
  view.copy_plain_to(plain);
  return plain;
}

NumpyAnswer check_case(const NumpyCase& one, std::size_t index) {
  const View view = take(read_npy(one.npy), "npy", index);
  expect(view.shape() == one.shape, "shape", index);
  expect((view.order() == ElementOrder::column_major) == one.column_major, "order", index);
  expect(plain_bytes(view) == one.plain, "elements", index);
  expect(one.array.view() ==
             take(read_npy(extension_for<Array>::to_bytes(one.array)), "extension", index),
         "extension", index);
  expect(plain_bytes(one.array.view()) == one.plain, "elements of the extension", index);
  expect(plain_bytes(take(view_of(one.state), "state", index)) == one.plain,
         "elements of the state", index);
  expect(to_npy(view, static_cast<NpyVersion>(one.version)) == one.npy, "the same file", index);

  const Array array = take(Array::copy_of(view), "copy", index);
  const Forms forms{array, to_state(view)};
  NumpyAnswer answer{.npy = {}, .state = forms.state, .array = array, .json = json::encode(forms)};
  for (const NpyVersion version : {NpyVersion::v1, NpyVersion::v2, NpyVersion::v3}) {
    answer.npy.push_back(to_npy(view, version));
  }
  const Forms back = take(json::decode<Forms>(answer.json), "JSON", index);
  expect(back.array == array && back.state == forms.state, "JSON", index);
  return answer;
}

// Returns whether it was accepted here.
bool check_damaged(const NumpyDamaged& damaged, std::size_t index) {
  const auto array = read_npy_prefix(damaged.npy);
  if (!array) {
    expect(array.error().code() != ErrorCode::none && array.error().offset() <= damaged.npy.size(),
           "an offset", index);
    return false;
  }
  expect(damaged.plain.has_value(), "accepted here, refused by numpy: damaged", index);
  expect(array->view.shape() == damaged.shape && plain_bytes(array->view) == *damaged.plain,
         "accepted as something else than numpy says: damaged", index);
  return true;
}

int run(const char* cases, const char* answers, std::uint64_t seed) {
  std::ifstream file(cases, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const auto input = take(msgpack::decode<NumpyInput>(bytes), "the file of cases", 0);
  NumpyOutput output;
  for (std::size_t i = 0; i < input.cases.size(); ++i)
    output.answers.push_back(check_case(input.cases[i], i));
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < input.damaged.size(); ++i)
    accepted += check_damaged(input.damaged[i], i);
  const auto by_numpy = static_cast<std::size_t>(std::ranges::count_if(
      input.damaged, [](const NumpyDamaged& each) { return each.plain.has_value(); }));
  output.own = own_arrays(seed, input.cases.size());
  const Buffer encoded = msgpack::encode(output);
  std::ofstream(answers, std::ios::binary)
      .write(encoded.text().data(), static_cast<std::streamsize>(encoded.size()));
  std::printf("%zu arrays of numpy; of %zu damaged files %zu are arrays for numpy, %zu here\n",
              input.cases.size(), input.damaged.size(), by_numpy, accepted);
  return 0;
}

}  // namespace
}  // namespace structwire::testing

int main(int count, char** arguments) {
  if (count != 4) return 64;
  return structwire::testing::run(arguments[1], arguments[2],
                                  std::strtoull(arguments[3], nullptr, 10));
}
