// SPDX-License-Identifier: Apache-2.0
//
// Strategy: an input is a byte of choices, a snapshot file, a byte 0, a second snapshot file, a byte 0, and the golden
// file of the first. Each is read as it is; then both snapshots get the fingerprint that their Schemas have, so that what
// is behind that check is reached, and are compared, shown and run, whether check_schema takes them or not.
// Invariants: an error tells something; what was read is written again to a file that is read to the same; a comparison
// comes out the same twice, names rules that there are, and finds nothing between a contract and itself; what is accepted
// fails no more; samples of a contract are written and read by it.
// Nearly empty inputs become pairs of the seeds below.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/contract/command/check.hpp>
#include <structwire/contract/command/report.hpp>
#include <structwire/contract/contract_fingerprint.hpp>
#include <structwire/contract/sample.hpp>
#include <structwire/contract/schema_reader.hpp>
#include <structwire/contract/schema_writer.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

namespace {

using namespace structwire;
using namespace structwire::contract;

constexpr std::array forms{WireForm::json, WireForm::msgpack};

// Only the Schemas: the rest of a file is the same for all.
constexpr std::array<std::string_view, 12> schemas{
    R"({"type":{"kind":"struct","name":"S"},"structs":[{"name":"S","members":[{"name":"a","number":1,"type":{"kind":"int","bits":8,"ge":0}},{"name":"b","number":2,"type":{"kind":"struct","name":"S"},"presence":"defaulted","default_value":{"a":1}},{"name":"c","aliases":["d"],"number":3,"type":{"kind":"optional","parts":[{"kind":"str","pattern":"^a+$","max_length":4}]},"presence":"optional","default_value":null}]}]})",
    R"({"type":{"kind":"struct","name":"S"},"structs":[{"name":"S","omit_defaults":true,"unknown_fields":"forbid","members":[{"name":"a","number":1,"type":{"kind":"int","bits":64}},{"name":"d","number":3,"type":{"kind":"str"},"presence":"defaulted","default_value":"x"},{"name":"e","number":4,"type":{"kind":"array","parts":[{"kind":"float","bits":64}]},"presence":"unset","omit_empty":true}]}]})",
    R"({"type":{"kind":"struct","name":"S"},"structs":[{"name":"S","array_like":true,"tag":7,"tag_field":"type","members":[{"name":"a","number":1,"type":{"kind":"int","bits":16,"is_unsigned":true}},{"name":"b","number":2,"type":{"kind":"bytes","bytes_text":"hex"},"presence":"defaulted","default_value":"00"}]}]})",
    R"({"type":{"kind":"struct","name":"S"},"structs":[{"name":"S","array_like":true,"tag":7,"tag_field":"type","members":[{"name":"b","number":2,"type":{"kind":"str"}},{"name":"a","number":1,"type":{"kind":"int","bits":16}},{"name":"x","number":3,"type":{"kind":"bool"},"presence":"defaulted","default_value":true}]}]})",
    R"({"type":{"kind":"union","parts":[{"kind":"struct","name":"A"},{"kind":"struct","name":"B"},{"kind":"unknown"},{"kind":"int","bits":64}]},"structs":[{"name":"A","tag":"a","tag_field":"t","members":[]},{"name":"B","tag":"b","tag_field":"t","unknown_fields":"keep","members":[{"name":"x","number":1,"type":{"kind":"float","bits":32},"presence":"unset"}]}]})",
    R"({"type":{"kind":"union","parts":[{"kind":"struct","name":"B"},{"kind":"struct","name":"C"},{"kind":"str"},{"kind":"null"}]},"structs":[{"name":"B","tag":"b","tag_field":"t","members":[{"name":"x","number":1,"type":{"kind":"struct","name":"C"}}]},{"name":"C","tag":"c","tag_field":"t","version":3,"members":[]}]})",
    R"({"type":{"kind":"map","parts":[{"kind":"enum","name":"E"},{"kind":"set","parts":[{"kind":"datetime"}]}]},"enums":[{"name":"E","values":[{"name":"x","value":"x"},{"name":"y","value":"y"}],"catch_all":"y","ignore_case":true}]})",
    R"({"type":{"kind":"map","parts":[{"kind":"str"},{"kind":"array","parts":[{"kind":"enum","name":"E"}],"max_length":9}]},"enums":[{"name":"E","values":[{"name":"z","value":1},{"name":"y","value":2}]}]})",
    R"({"type":{"kind":"array","parts":[{"kind":"tuple","parts":[{"kind":"decimal","ge":"0"},{"kind":"duration","tick":"60","bits":16},{"kind":"literal","constants":[1,"1",null,true]}]}],"max_length":3}})",
    R"({"type":{"kind":"union","first_match":true,"parts":[{"kind":"uuid"},{"kind":"bytes","bytes_text":"hex"},{"kind":"time","zoned":true},{"kind":"date","gt":"2020-01-01"},{"kind":"array","size":2,"parts":[{"kind":"bool"}]}]}})",
    R"({"type":{"kind":"struct","name":"R"},"structs":[{"name":"R","members":[{"name":"next","number":1,"type":{"kind":"array","parts":[{"kind":"struct","name":"R"}]}},{"name":"raw","number":2,"type":{"kind":"raw"},"presence":"unset"},{"name":"e","number":3,"encode_only":true,"type":{"kind":"ext","code":5},"presence":"defaulted","default_value":{"$ext":5,"data":"AQ=="}},{"name":"any","number":4,"decode_only":true,"type":{"kind":"any"},"presence":"defaulted","default_value":[1]}]}]})",
    R"({"type":{"kind":"optional","parts":[{"kind":"float","bits":32,"multiple_of":0.5,"lt":10}]}})"};

constexpr std::string_view goldens_text =
    R"({"type":"S","version":1,"cases":[{"name":"smallest","json":{"a":0,"c":null},"msgpack":"81a16100"},{"name":"other","msgpack":"920700"}]})";

Snapshot with(Schema schema) {
  Snapshot snapshot{"S", 1, {}, {WireForm::json, WireForm::msgpack}, {}, {}, std::move(schema)};
  snapshot.fingerprint = fingerprint_text(contract_fingerprint(snapshot.schema));
  return snapshot;
}

template <class T>
void told(const Result<T>& result) {
  if (!result) STRUCTWIRE_ASSERT(result.error().code() != ErrorCode::none && !result.error().message().empty());
}

/// Where a Schema asks for code of a program, more can be refused than it tells.
bool is_checked(const TypeSchema& type) { return type.checked || std::ranges::any_of(type.parts, is_checked); }
bool is_checked(const Schema& schema) {
  const auto member_is = [](const MemberSchema& each) { return is_checked(each.type); };
  return is_checked(schema.type) || std::ranges::any_of(schema.structs, [&](const StructSchema& each) {
           return each.checked || std::ranges::any_of(each.members, member_is);
         });
}

void kept(const Snapshot& snapshot) {
  const std::string text = to_text(snapshot);
  const auto again = parse_snapshot(text);
  told(again);
  // One format or both, each once.
  const std::vector<WireForm>& promised = snapshot.forms;
  const bool promises = promised.size() == 1 || (promised.size() == 2 && promised[0] != promised[1]);
  STRUCTWIRE_ASSERT(again.has_value() == (promises && check_schema(snapshot.schema)));
  if (again) STRUCTWIRE_ASSERT(to_text(*again) == text && again->schema == snapshot.schema);
}

void compared(const Schema& before, const Schema& after, bool both_are_sound) {
  for (const WireForm form : forms) {
    const std::vector<Difference> found = differences(before, after, form);
    STRUCTWIRE_ASSERT(found == differences(before, after, form));
    for (const Difference& each : found) {
      STRUCTWIRE_ASSERT(find_rule(each.rule) != nullptr && !each.path.empty() && each.form == form);
      STRUCTWIRE_ASSERT(each.advice.empty() == !breaks(each, Level::full));
      STRUCTWIRE_ASSERT(!both_are_sound || each.rule != "broken_schema");
    }
    if (both_are_sound) STRUCTWIRE_ASSERT(differences(before, before, form).empty());
  }
}

void checked(Snapshot older, const Snapshot& newer, const Goldens& goldens, Level level) {
  const auto report = contract::check(newer, older, goldens, std::span(&older, 1), level);
  STRUCTWIRE_ASSERT(report.has_value());
  for (const bool colours : {false, true}) {
    const Style style{colours};
    STRUCTWIRE_ASSERT(to_text(*report, {style, true}).empty() == report->findings.empty());
    STRUCTWIRE_ASSERT(!summary(*report, style).empty() && !to_text(newer.schema, style).empty());
  }
  STRUCTWIRE_ASSERT(allowance_of(*report).empty() == !report->fails());
  for (const Finding& each : report->findings) {
    const Difference& first = each.first();
    older.accepted.push_back({first.rule, first.path, first.before, first.after, "known"});
  }
  const auto accepted = contract::check(newer, older, goldens, std::span(&older, 1), level);
  STRUCTWIRE_ASSERT(accepted.has_value() && !accepted->fails());
}

void sampled(const Schema& schema) {
  const auto samples = edge_samples(schema);
  told(samples);
  if (!samples || is_checked(schema)) return;
  const auto reader = SchemaReader::make(schema);
  for (const Sample& each : *samples) {
    for (const Format* format : {&json::format(), &msgpack::format()}) {
      const auto bytes = encode(schema, *format, each.value);
      told(bytes);
      if (bytes) told(reader->decode(*format, bytes->bytes()));
    }
  }
}

std::string_view next_part(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\0'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

Buffer seed_of(unsigned seed) {
  const std::string_view zero("\0", 1);
  const std::size_t before = seed % schemas.size();
  // Neighbours are alike.
  const std::size_t after = seed / schemas.size() % 2 == 0 ? before ^ 1 : seed / schemas.size() / 2 % schemas.size();
  Buffer out("\x02");
  for (const std::size_t place : {before, after}) {
    const std::string text = json::encode(with(json::decode<Schema>(schemas[place]).value()));
    out.append(Buffer(text).bytes());
    out.append(Buffer(zero).bytes());
  }
  out.append(Buffer(goldens_text).bytes());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::string_view older_text = next_part(rest);
  const std::string_view newer_text = next_part(rest);
  const auto goldens = parse_goldens(rest);
  told(goldens);
  told(parse_snapshot(older_text));
  told(parse_snapshot(newer_text));

  auto older = json::decode<Snapshot>(older_text);
  auto newer = json::decode<Snapshot>(newer_text);
  if (!older || !newer) return 0;
  for (Snapshot* each : {&*older, &*newer}) {
    each->fingerprint = fingerprint_text(contract_fingerprint(each->schema));
    kept(*each);
  }
  const bool both_are_sound = check_schema(older->schema) && check_schema(newer->schema);
  compared(older->schema, newer->schema, both_are_sound);
  if (!both_are_sound) {
    const auto report = contract::check(*newer, *older, goldens.value_or(Goldens{}), {}, Level::full);
    STRUCTWIRE_ASSERT(!report);
    told(report);
    return 0;
  }
  checked(std::move(*older), *newer, goldens.value_or(Goldens{}), static_cast<Level>(data[0] % 3));
  sampled(newer->schema);
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
