// SPDX-License-Identifier: Apache-2.0

// What does an array cost as StateWithArray, as extension 4 and as a .npy file?

#include <memory>

#include <structwire/msgpack.hpp>
#include <structwire/ndarray.hpp>

#include <bench/experiments/measure.hpp>
#include <bench/experiments/messages.hpp>

namespace experiments {
namespace {

using namespace structwire::ndarray;

// The rows of a subject share the array, what it is encoded into and what it is decoded from, as those of Python do:
// buffers of their own would come from farther away than the caches.
struct Shared {
  Array array;
  sw::Buffer state, extension, file, out;
};

std::shared_ptr<Shared> make_shared_array(std::size_t size) {
  std::vector<double> numbers(size / 8);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i) / 3;
  auto made = std::make_shared<Shared>();
  made->array = must(Array::of<double>(numbers, {numbers.size()}));
  made->state = sw::msgpack::encode(to_state(made->array.view()));
  made->extension = sw::msgpack::encode(made->array);
  append_npy(made->array.view(), made->file);
  return made;
}

void add(Experiment& experiment, const std::string& subject, std::size_t size) {
  const std::shared_ptr<Shared> all = make_shared_array(size);
  const auto row = [&](const char* how, const char* operation, std::size_t bytes, auto call) {
    experiment.add(subject, how, operation, bytes, std::move(call));
  };
  row("copy", "encode", size, [=] {
    all->out.clear();
    all->out.append(all->array.bytes());
    return all->out.size();
  });
  row("StateWithArray", "encode", all->state.size(), [=] {
    must(sw::msgpack::encode_into(to_state(all->array.view()), all->out));
    return all->out.size();
  });
  row("StateWithArray, borrowed", "encode", all->state.size(), [=] {
    must(sw::msgpack::encode_into(must(to_state_view(all->array.view())), all->out));
    return all->out.size();
  });
  row("extension 4", "encode", all->extension.size(), [=] {
    must(sw::msgpack::encode_into(all->array, all->out));
    return all->out.size();
  });
  row("npy", "encode", all->file.size(), [=] {
    all->out.clear();
    append_npy(all->array.view(), all->out);
    return all->out.size();
  });

  row("copy", "decode", size,
      [=] { return sw::Bytes(all->array.bytes().begin(), all->array.bytes().end()); });
  row("StateWithArray", "decode", all->state.size(),
      [=] { return must(to_array(must(sw::msgpack::decode<StateWithArray>(all->state)))); });
  row("StateWithArray, borrowed", "decode", all->state.size(),
      [=] { return must(view_of(must(sw::msgpack::decode<StateWithArrayView>(all->state)))); });
  row("extension 4", "decode", all->extension.size(),
      [=] { return must(sw::msgpack::decode<Array>(all->extension)); });
  row("npy", "decode", all->file.size(),
      [=] { return must(Array::copy_of(must(read_npy(all->file)))); });
  row("npy, in place", "decode", all->file.size(), [=] { return must(read_npy(all->file)); });
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
