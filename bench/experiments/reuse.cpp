// SPDX-License-Identifier: Apache-2.0

// What does it bring to keep the encoder, its buffer, the decoder, the decoded object?

#include <structwire/msgpack.hpp>

#include <bench/experiments/measure.hpp>
#include <bench/experiments/messages.hpp>

namespace experiments {
namespace {

template <class T>
void add(Experiment& experiment, const std::string& subject, const T& value) {
  const sw::Buffer bytes = sw::msgpack::encode(value);
  const auto row = [&](const char* how, const char* operation, auto call) {
    experiment.add(subject, how, operation, bytes.size(), std::move(call));
  };
  row("encoder and buffer kept", "encode", [=, encoder = sw::msgpack::Encoder<>()]() mutable {
    return must(encoder.encode(value)).size();
  });
  row("buffer kept, encoder per call", "encode", [=, buffer = sw::Buffer()]() mutable {
    sw::msgpack::Encoder<> encoder;
    buffer.clear();
    must(encoder.append_to(value, buffer));
    return buffer.size();
  });
  row("encoder kept, buffer per call", "encode", [=, encoder = sw::msgpack::Encoder<>()]() mutable {
    sw::Buffer buffer;
    must(encoder.append_to(value, buffer));
    return buffer;
  });
  row("encoder and buffer per call", "encode", [=] {
    sw::msgpack::Encoder<> encoder;
    return must(encoder.encode(value)).size();
  });
  row("the function", "encode", [=] { return sw::msgpack::encode(value); });

  const sw::msgpack::Decoder<> kept;
  row("decoder and object kept", "decode", [=, object = T()]() mutable {
    must(kept.decode_into(bytes, object));
    return &object;
  });
  row("decoder kept, object per call", "decode",
      [=] { return must(kept.template decode<T>(bytes)); });
  row("decoder and object per call", "decode",
      [=] { return must(sw::msgpack::Decoder<>().template decode<T>(bytes)); });
  row("the function", "decode", [=] { return must(sw::msgpack::decode<T>(bytes)); });
}

}  // namespace

void add_reuse(Experiment& experiment) {
  add(experiment, "message", make_envelope(make_bytes(100)));
  States states;
  for (int i = 0; i < 60; ++i) states.states.push_back(make_state(4));
  add(experiment, "states", states);
}

}  // namespace experiments
