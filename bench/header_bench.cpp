// SPDX-License-Identifier: Apache-2.0
// What does the header of a message cost, beside the metadata of the older protocol, which are JSON?
//
// Written and read on one thread, checksum and every check included: a request to a slot, one with all that a traced call
// within a handler carries, one of many that go together. The older one says the same as its programs write it: by
// our codec written and read, by simdjson's DOM only read.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

#include <structwire/messaging/endpoint/header.hpp>
#include <structwire/messaging/legacy/legacy_metadata.hpp>

namespace {

using namespace structwire;
using namespace structwire::messaging;

Header request() {
  return {.delivery = Delivery::response,
          .format = 2,
          .id = {0x0123456789abcdef, 77},
          .sequence = 1234,
          .schema = 0x1122334455667788,
          .handler = 3,
          .time_left_us = 1'500'000,
          .payload_size = 64};
}

ExtensionWriter traced() {
  ExtensionWriter extensions;
  extensions.add(ExtensionType::trace_parent, std::array<std::byte, 26>{});
  extensions.add_u32(ExtensionType::depth, 2);
  extensions.add_u64(ExtensionType::key, 42);
  return extensions;
}

void write_and_read(benchmark::State& state, const ExtensionWriter& extensions) {
  Header header = request();
  std::array<std::byte, 256> frame{};
  const std::size_t size = size_of_header(header, extensions);
  for (auto _ : state) {
    ++header.sequence;
    write_header(header, extensions, std::span(frame).first(size));
    benchmark::ClobberMemory();
    const auto view = read_header(frame);
    if (!view || view->header.sequence != header.sequence) std::abort();
    benchmark::DoNotOptimize(view);
  }
}
void of_a_request(benchmark::State& state) { write_and_read(state, {}); }
void of_a_traced_request(benchmark::State& state) { write_and_read(state, traced()); }

void of_one_among_many(benchmark::State& state) {
  Header header = request();
  header.delivery = Delivery::fire_and_forget;
  std::array<std::byte, 128> frame{};
  write_header(header, {}, std::span(frame).first(size_of_header(header, {})));
  std::uint64_t sequence = 0;
  for (auto _ : state) {
    renumber_header(std::span(frame).first(header_size), {.counter = ++sequence, .sequence = sequence, .time_left_us = 5, .payload_size = 64});
    benchmark::ClobberMemory();
    const auto read = read_plain_request(frame);
    if (!read || read->sequence != sequence) std::abort();
    benchmark::DoNotOptimize(read);
  }
}

constexpr std::string_view metadata =
    R"({"message_id":"11111111-1111-4111-8111-111111111111","handler_name":"sum","sender_instance":)"
    R"("22222222-2222-4222-8222-222222222222","control":{"mode":"with_response","accept_id":)"
    R"("44444444-4444-4444-8444-444444444444","response":{"response_id":"33333333-3333-4333-8333-333333333333",)"
    R"("accept_id":"44444444-4444-4444-8444-444444444444"},"transport_hints":{"sender_endpoint":"tcp://127.0.0.1:5555"}}})";

void of_json_metadata(benchmark::State& state) {
  const auto value = decode_legacy_metadata(std::as_bytes(std::span(metadata))).value();
  for (auto _ : state) {
    const Buffer written = encode_legacy_metadata(value);
    const auto read = decode_legacy_metadata(written.bytes());
    if (!read || read->handler_name != "sum") std::abort();
    benchmark::DoNotOptimize(read);
  }
}

// Read only, into the same struct's texts; ids stay text.
void of_json_metadata_read_by_simdjson(benchmark::State& state) {
  simdjson::dom::parser parser;
  const simdjson::padded_string text(metadata);
  const auto text_of = [](simdjson::dom::element element) { return std::string(std::string_view(element)); };
  for (auto _ : state) {
    simdjson::dom::element root = parser.parse(text);
    const std::string id = text_of(root["message_id"]);
    const std::string handler = text_of(root["handler_name"]);
    const std::string sender = text_of(root["sender_instance"]);
    const simdjson::dom::element control = root["control"];
    const std::string mode = text_of(control["mode"]);
    const std::string accept = text_of(control["accept_id"]);
    const std::string response = text_of(control["response"]["response_id"]);
    const std::string endpoint = text_of(control["transport_hints"]["sender_endpoint"]);
    if (handler != "sum") std::abort();
    benchmark::DoNotOptimize(id);
    benchmark::DoNotOptimize(sender);
    benchmark::DoNotOptimize(mode);
    benchmark::DoNotOptimize(accept);
    benchmark::DoNotOptimize(response);
    benchmark::DoNotOptimize(endpoint);
  }
}
BENCHMARK(of_a_request);
BENCHMARK(of_a_traced_request);
BENCHMARK(of_one_among_many);
BENCHMARK(of_json_metadata);
BENCHMARK(of_json_metadata_read_by_simdjson);

}  // namespace

BENCHMARK_MAIN();
