// SPDX-License-Identifier: Apache-2.0

// Is a state better an open map or a struct?

#include <structwire/core/convert.hpp>
#include <structwire/msgpack.hpp>

#include <bench/experiments/measure.hpp>
#include <bench/experiments/messages.hpp>

namespace experiments {
namespace {

template <class T>
void add(Experiment& experiment, const std::string& subject, const T& state) {
  const sw::Value open = sw::to_value(state);
  const sw::Buffer bytes = sw::msgpack::encode(state);
  auto encode = [buffer = sw::Buffer()](const auto& value) mutable {
    must(sw::msgpack::encode_into(value, buffer));
    return buffer.size();
  };
  experiment.add(subject, "map", "encode", bytes.size(), [=]() mutable { return encode(open); });
  experiment.add(subject, "struct", "encode", bytes.size(),
                 [=]() mutable { return encode(state); });
  experiment.add(subject, "map", "decode", bytes.size(),
                 [=] { return must(sw::msgpack::decode<sw::Value>(bytes)); });
  experiment.add(subject, "struct", "decode", bytes.size(),
                 [=] { return must(sw::msgpack::decode<T>(bytes)); });

  sw::msgpack::Encoder<sw::array_like> encoder;
  const sw::msgpack::Decoder<sw::array_like> decoder;
  sw::Buffer array;
  must(encoder.append_to(state, array));
  experiment.add(subject, "struct as array", "encode", array.size(),
                 [=]() mutable { return must(encoder.encode(state)).size(); });
  experiment.add(subject, "struct as array", "decode", array.size(),
                 [=] { return must(decoder.template decode<T>(array.bytes())); });
}

}  // namespace

void add_state(Experiment& experiment) {
  add(experiment, "wide", make_wide());
  add(experiment, "metadata_4", make_state(4));
  add(experiment, "metadata_100", make_state(100));
}

}  // namespace experiments
