// SPDX-License-Identifier: Apache-2.0

// How much smaller is MessagePack than JSON, and how much faster?

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

#include <bench/experiments/measure.hpp>
#include <bench/experiments/messages.hpp>

namespace experiments {
namespace {

template <class T>
void add(Experiment& experiment, const std::string& subject, const T& value) {
  const std::string text = sw::json::encode(value);
  const sw::Buffer bytes = sw::msgpack::encode(value);
  experiment.add(subject, "JSON", "encode", text.size(), [=, out = sw::Buffer()]() mutable {
    must(sw::json::encode_into(value, out));
    return out.size();
  });
  experiment.add(subject, "MessagePack", "encode", bytes.size(), [=, out = sw::Buffer()]() mutable {
    must(sw::msgpack::encode_into(value, out));
    return out.size();
  });
  experiment.add(subject, "JSON", "decode", text.size(),
                 [=] { return must(sw::json::decode<T>(text)); });
  experiment.add(subject, "MessagePack", "decode", bytes.size(),
                 [=] { return must(sw::msgpack::decode<T>(bytes)); });
}

}  // namespace

void add_sizes(Experiment& experiment) {
  add(experiment, "query", QueryRequest{"query-000017", "worker-17", 1.0});
  add(experiment, "message", make_envelope(make_bytes(100)));
  add(experiment, "wide", make_wide());
  add(experiment, "metadata", make_state(100));
  add(experiment, "bytes", make_envelope(make_bytes(10'000)));
  std::vector<std::int64_t> integers(1000);
  std::vector<double> doubles(1000);
  std::vector<double> prices(1000);
  std::vector<std::string> texts(200);
  for (std::size_t i = 0; i < 1000; ++i) {
    integers[i] = static_cast<std::int64_t>(i * 7919 % 100'003);
    doubles[i] = static_cast<double>(i + 1) / 7;
    prices[i] = static_cast<double>(i * 7919 % 10'007) / 4;
  }
  for (std::size_t i = 0; i < texts.size(); ++i)
    texts[i] = "a line of text with its number " + std::to_string(i);
  add(experiment, "integers", integers);
  add(experiment, "doubles", doubles);
  add(experiment, "prices", prices);
  add(experiment, "texts", texts);
}

}  // namespace experiments
