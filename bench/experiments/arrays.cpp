// SPDX-License-Identifier: Apache-2.0

// What does an array cost as StateWithArray, as extension 4 and as a .npy file?

#include <structwire/msgpack.hpp>
#include <structwire/ndarray.hpp>

#include <bench/experiments/measure.hpp>
#include <bench/experiments/messages.hpp>

namespace experiments {
namespace {

using namespace structwire::ndarray;

void add(Experiment& experiment, const std::string& subject, std::size_t size) {
  std::vector<double> numbers(size / 8);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i) / 3;
  const Array array = must(Array::of<double>(numbers, {numbers.size()}));

  const sw::Buffer state = sw::msgpack::encode(to_state(array.view()));
  const sw::Buffer extension = sw::msgpack::encode(array);
  sw::Buffer file;
  append_npy(array.view(), file);

  const auto row = [&](const char* how, const char* operation, std::size_t bytes, auto call) {
    experiment.add(subject, how, operation, bytes, std::move(call));
  };
  row("copy", "encode", array.bytes().size(), [=, out = sw::Buffer()]() mutable {
    out.clear();
    out.append(array.bytes());
    return out.size();
  });
  row("StateWithArray", "encode", state.size(), [=, out = sw::Buffer()]() mutable {
    must(sw::msgpack::encode_into(to_state(array.view()), out));
    return out.size();
  });
  row("StateWithArray, borrowed", "encode", state.size(), [=, out = sw::Buffer()]() mutable {
    must(sw::msgpack::encode_into(must(to_state_view(array.view())), out));
    return out.size();
  });
  row("extension 4", "encode", extension.size(), [=, out = sw::Buffer()]() mutable {
    must(sw::msgpack::encode_into(array, out));
    return out.size();
  });
  row("npy", "encode", file.size(), [=, out = sw::Buffer()]() mutable {
    out.clear();
    append_npy(array.view(), out);
    return out.size();
  });

  row("copy", "decode", array.bytes().size(),
      [=] { return sw::Bytes(array.bytes().begin(), array.bytes().end()); });
  row("StateWithArray", "decode", state.size(),
      [=] { return must(to_array(must(sw::msgpack::decode<StateWithArray>(state)))); });
  row("StateWithArray, borrowed", "decode", state.size(),
      [=] { return must(view_of(must(sw::msgpack::decode<StateWithArrayView>(state)))); });
  row("extension 4", "decode", extension.size(),
      [=] { return must(sw::msgpack::decode<Array>(extension)); });
  row("npy", "decode", file.size(), [=] { return must(Array::copy_of(must(read_npy(file)))); });
  row("npy, in place", "decode", file.size(), [=] { return must(read_npy(file)); });
}

}  // namespace

void add_arrays(Experiment& experiment) {
  for (const auto& [name, size] :
       {std::pair("1 KB", 1'000uz), std::pair("10 KB", 10'000uz), std::pair("100 KB", 100'000uz),
        std::pair("1 MB", 1'000'000uz), std::pair("10 MB", 10'000'000uz)}) {
    add(experiment, name, size);
  }
}

}  // namespace experiments
