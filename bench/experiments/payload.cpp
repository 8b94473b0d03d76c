// SPDX-License-Identifier: Apache-2.0

// Should a message's payload be bytes, a map or Raw? Three uses: the sender encodes it (`encode`), who it is for reads
// it whole (`read`), and a worker between them changes the envelope and sends it on (`forward`).

#include <structwire/core/convert.hpp>
#include <structwire/msgpack.hpp>

#include <bench/experiments/measure.hpp>
#include <bench/experiments/messages.hpp>

namespace experiments {
namespace {

const sw::Format& format = sw::msgpack::format();

template <class Payload>
auto forward(const sw::Buffer& bytes) {
  return [=, out = sw::Buffer()]() mutable {
    auto envelope = must(sw::msgpack::decode<Envelope<Payload>>(bytes));
    ++envelope.priority;
    must(sw::msgpack::encode_into(envelope, out));
    return out.size();
  };
}

/// `wrap` makes the payload, `unwrap` the Reading of it.
template <class Payload, class Wrap, class Unwrap>
void add(Experiment& experiment, const std::string& subject, const char* how,
         const Reading& reading, Wrap wrap, Unwrap unwrap) {
  const sw::Buffer bytes = sw::msgpack::encode(make_envelope<Payload>(wrap(reading)));
  experiment.add(subject, how, "encode", bytes.size(),
                 [=, out = sw::Buffer(), known = make_envelope<Payload>(wrap(reading))]() mutable {
                   // A struct that is a member is there already; the others are made of it.
                   if constexpr (std::is_same_v<Payload, Reading>) {
                     must(sw::msgpack::encode_into(known, out));
                   } else {
                     must(sw::msgpack::encode_into(make_envelope<Payload>(wrap(reading)), out));
                   }
                   return out.size();
                 });
  experiment.add(subject, how, "read", bytes.size(), [=] {
    return unwrap(must(sw::msgpack::decode<Envelope<Payload>>(bytes)).payload);
  });
  experiment.add(subject, how, "forward", bytes.size(), forward<Payload>(bytes));
}

void add(Experiment& experiment, const std::string& subject, const Reading& reading) {
  add<sw::Bytes>(
      experiment, subject, "bytes", reading,
      [](const Reading& value) {
        const sw::Buffer inner = sw::msgpack::encode(value);
        return sw::Bytes(inner.bytes().begin(), inner.bytes().end());
      },
      [](const sw::Bytes& payload) { return must(sw::msgpack::decode<Reading>(payload)); });
  add<sw::Value>(
      experiment, subject, "map", reading, [](const Reading& value) { return sw::to_value(value); },
      [](const sw::Value& payload) { return must(sw::convert<Reading>(payload)); });
  add<sw::Raw>(
      experiment, subject, "Raw", reading,
      [](const Reading& value) { return sw::Raw::trusted(format, sw::msgpack::encode(value)); },
      [](const sw::Raw& payload) { return must(sw::msgpack::decode<Reading>(payload.bytes())); });
  add<Reading>(
      experiment, subject, "struct", reading,
      [](const Reading& value) -> const Reading& { return value; },
      [](Reading&& payload) { return std::move(payload); });
  // Borrowed from the message that came in: nothing of the payload is copied before it is sent on.
  const sw::Buffer bytes = sw::msgpack::encode(
      make_envelope<sw::Raw>(sw::Raw::trusted(format, sw::msgpack::encode(reading))));
  experiment.add(subject, "RawView", "read", bytes.size(), [=] {
    return must(sw::msgpack::decode<Reading>(
        must(sw::msgpack::decode<Envelope<sw::RawView>>(bytes)).payload.bytes));
  });
  experiment.add(subject, "RawView", "forward", bytes.size(), forward<sw::RawView>(bytes));
}

}  // namespace

void add_payload(Experiment& experiment) {
  add(experiment, "small", make_reading(10));
  add(experiment, "large", make_reading(1000));
}

}  // namespace experiments
