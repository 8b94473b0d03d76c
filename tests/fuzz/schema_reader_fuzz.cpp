// SPDX-License-Identifier: Apache-2.0
//
// Strategy: an input is options, a Schema in JSON, a byte 0 and a message. What is no Schema in JSON, or is refused by
// check_schema, ends there; the message is read by the others, in both formats.
// Invariants: an error tells something; the same input leads to the same outcome; a value that was read can be shown.
// Nearly empty inputs become one of the seeds below.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include <structwire/contract/schema_reader.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

namespace {

using namespace structwire;

constexpr std::array<std::string_view, 7> seeds{
    R"({"type":{"kind":"struct","name":"S"},"structs":[{"name":"S","members":[{"name":"a","number":1,"type":{"kind":"int","bits":8,"ge":0}},{"name":"b","number":2,"type":{"kind":"struct","name":"S"},"presence":"defaulted","default_value":{"a":1}},{"name":"c","aliases":["d"],"number":3,"type":{"kind":"optional","parts":[{"kind":"str","pattern":"^a+$","max_length":4}]},"presence":"optional","default_value":null}]}]})",
    R"({"type":{"kind":"union","parts":[{"kind":"struct","name":"A"},{"kind":"struct","name":"B"},{"kind":"unknown"},{"kind":"int","bits":64}]},"structs":[{"name":"A","tag":"a","tag_field":"t","members":[]},{"name":"B","tag":"b","tag_field":"t","unknown_fields":"keep","members":[{"name":"x","number":1,"type":{"kind":"float","bits":32},"presence":"unset"}]}]})",
    R"({"type":{"kind":"map","parts":[{"kind":"enum","name":"E"},{"kind":"set","parts":[{"kind":"datetime"}]}]},"enums":[{"name":"E","values":[{"name":"x","value":"x"},{"name":"y","value":"y"}],"catch_all":"y","ignore_case":true}]})",
    R"({"type":{"kind":"array","parts":[{"kind":"tuple","parts":[{"kind":"decimal","ge":"0"},{"kind":"duration","tick":"60","bits":16},{"kind":"literal","constants":[1,"1",null,true]}]}],"max_length":3}})",
    R"({"type":{"kind":"union","first_match":true,"parts":[{"kind":"uuid"},{"kind":"bytes","bytes_text":"hex"},{"kind":"time","zoned":true},{"kind":"date"},{"kind":"array","size":2,"parts":[{"kind":"bool"}]}]}})",
    R"({"type":{"kind":"struct","name":"R"},"structs":[{"name":"R","array_like":true,"tag":7,"tag_field":"type","members":[{"name":"next","number":1,"type":{"kind":"array","parts":[{"kind":"struct","name":"R"}]}},{"name":"raw","number":2,"type":{"kind":"raw"},"presence":"unset"},{"name":"e","number":3,"encode_only":true,"type":{"kind":"ext","code":5},"presence":"defaulted","default_value":{"$ext":5,"data":"AQ=="}}]}]})",
    R"({"type":{"kind":"struct","name":"O"},"structs":[{"name":"O","omit_defaults":true,"unknown_fields":"forbid","members":[{"name":"m","number":1,"omit_empty":true,"type":{"kind":"map","parts":[{"kind":"int","bits":64},{"kind":"any"}]},"presence":"defaulted","default_value":{"1":2}}]}]})"};
constexpr std::array<std::string_view, 7> messages{
    R"({"a":3,"b":{"a":4,"c":"aa"},"d":null})", R"({"t":"b","x":1.5,"y":[1]})", R"({"X":["2020-01-31T10:00:00Z"]})",
    R"([["1.50","PT120S",null]])",              R"([true,false])",             R"([7,[[7,[]]],{"k":1}])",
    R"({"m":{"5":[]}})"};

void same(const Result<Value>& a, const Result<Value>& b) {
  STRUCTWIRE_ASSERT(a.has_value() == b.has_value());
  if (a) {
    STRUCTWIRE_ASSERT(*a == *b);
    Buffer out;
    STRUCTWIRE_ASSERT(json::append_to(*a, out) || json::append_to(*a, out).error().code() != ErrorCode::none);
  } else {
    STRUCTWIRE_ASSERT(a.error().code() != ErrorCode::none && a.error().message() == b.error().message());
  }
}

void read(const contract::Schema& schema, std::span<const std::byte> message, const DecodeOptions& options) {
  const auto reader = contract::SchemaReader::make(schema);
  STRUCTWIRE_ASSERT(reader.has_value() == contract::check_schema(schema).has_value());
  if (!reader) {
    STRUCTWIRE_ASSERT(reader.error().code() == ErrorCode::refused && !reader.error().message().empty());
    return;
  }
  for (const Format* format : {&json::format(), &msgpack::format()}) {
    same(reader->decode(*format, message, options), contract::decode(schema, *format, message, options));
  }
  // What is JSON is a message in MessagePack as well.
  const auto value = json::decode<Value>(message, options);
  Buffer packed;
  if (!value || !msgpack::append_to(*value, packed)) return;
  static_cast<void>(reader->decode(msgpack::format(), packed.bytes(), options));
}

Buffer seed_of(unsigned seed) {
  const std::size_t place = seed % seeds.size();
  const std::size_t message = seed / seeds.size() % 4 == 0 ? seed / 3 % messages.size() : place;
  Buffer out("\x01");
  out.append(Buffer(seeds[place]).bytes());
  out.append(Buffer(std::string_view("\0", 1)).bytes());
  out.append(Buffer(messages[message]).bytes());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t end = input.find('\0');
  if (end == input.npos) return 0;
  const auto schema = json::decode<contract::Schema>(input.substr(0, end));
  if (!schema) return 0;
  DecodeOptions options;
  options.lax = (data[0] & 1) != 0;
  options.text_keys = (data[0] & 2) != 0;
  options.keys_in_paths = (data[0] & 4) != 0;
  options.unknown_fields = static_cast<UnknownFieldPolicy>((data[0] >> 3) % 3);
  options.limits.decoded_bytes = 1u << 22;
  options.limits.depth = 64;
  read(*schema, std::as_bytes(std::span(input.substr(end + 1))), options);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                               unsigned seed) {
  if (size > 2 && seed % 64 != 0) return LLVMFuzzerMutate(data, size, size_max);
  const Buffer start = seed_of(seed / 64);
  if (start.size() > size_max) return LLVMFuzzerMutate(data, size, size_max);
  std::memcpy(data, start.data(), start.size());
  return start.size();
}
