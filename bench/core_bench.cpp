// SPDX-License-Identifier: Apache-2.0

// The question: what do core's own loops cost, and what does a format add to them?
//
// The null format reads and writes nothing, so its rows are core alone: both walks over a value,
// and the loop over members. The rows of JSON and MessagePack stand beside them. One small message,
// the object and the buffer used again.

#include <benchmark/benchmark.h>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/support/null_format/reader.hpp>
#include <tests/support/null_format/writer.hpp>

namespace structwire {
namespace {

struct WorkerMessage {
  std::string message_id;
  std::string worker_id;
  std::string payload;
  double timestamp;
  std::int32_t priority;
};

WorkerMessage sample() {
  return {"msg-0b052d17e154", "worker-17", "cGF5bG9hZC1ieXRlcy03bed37bb9a129ceb", 1790000350.745479,
          5};
}

void encode_null(benchmark::State& state) {
  const WorkerMessage message = sample();
  Buffer out;
  for (auto _ : state) {
    out.clear();
    WriterState writer_state;
    benchmark::DoNotOptimize(
        append_encoded<testing::null_format::Writer>(message, out, writer_state));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(encode_null);

void decode_null(benchmark::State& state) {
  WorkerMessage message;
  const DecodeOptions options;
  for (auto _ : state) {
    testing::null_format::Reader reader(options);
    benchmark::DoNotOptimize(decode_whole(reader, message));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(decode_null);

void encode_msgpack(benchmark::State& state) {
  const WorkerMessage message = sample();
  Buffer out;
  for (auto _ : state) benchmark::DoNotOptimize(msgpack::encode_into(message, out));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK(encode_msgpack);

void decode_msgpack(benchmark::State& state) {
  const Buffer bytes = msgpack::encode(sample());
  WorkerMessage message;
  for (auto _ : state) benchmark::DoNotOptimize(msgpack::decode_into(bytes, message));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(decode_msgpack);

void encode_json(benchmark::State& state) {
  const WorkerMessage message = sample();
  Buffer out;
  for (auto _ : state) benchmark::DoNotOptimize(json::encode_into(message, out));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK(encode_json);

void decode_json(benchmark::State& state) {
  const std::string text = json::encode(sample());
  WorkerMessage message;
  for (auto _ : state) benchmark::DoNotOptimize(json::decode_into(text, message));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(decode_json);

}  // namespace
}  // namespace structwire

BENCHMARK_MAIN();
