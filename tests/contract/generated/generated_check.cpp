// SPDX-License-Identifier: Apache-2.0

// The C++ side of the tests of generated code; run.sh and the Python files beside it are the other side.
//
//   contract_generated write DIR                for each type: ID.json (its Schema), and per target ID.NAME.EXT, or
//                                               ID.NAME.error with why there is none
//   contract_generated encode ROWS SEED COUNT   what C++ writes, in lines: of the ok rows of the msgspec corpus in
//                                               ROWS (`-` for none), and COUNT random values of each type of our own
//   contract_generated verify OURS THEIRS       OURS: lines of encode; THEIRS: lines with id and theirs. Each of theirs
//                                               has to decode into the value that ours is
//   contract_generated golden [--write] DIR     the files in DIR are what the generators make of two contracts
//   contract_generated avro                     of each line of standard input, an Avro schema, a line with its canonical
//                                               form and fingerprint, or with why it has none
//
// Lines are JSON: id, type, format, ours (hex).

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include <structwire/contract/avro_canonical.hpp>
#include <structwire/contract/checksum.hpp>
#include <structwire/contract/generate.hpp>
#include <structwire/contract/sample.hpp>
#include <tests/contract/generated/sample_types.hpp>
#include <tests/contract/generated/subject.hpp>
#include <tests/msgspec/corpus_row.hpp>
#include <tests/msgspec/corpus_type.hpp>

namespace structwire::testing::generated {
namespace {

using corpus::CorpusType;

struct Line {
  std::string id;
  std::string type;
  std::string format;
  std::string ours;
};
struct Answer {
  std::string id;
  std::string theirs;
};

/// Ids and contracts of all types.
std::map<std::string, contract::Schema> all_contracts() {
  std::map<std::string, contract::Schema> all;
  for (const auto table : corpus::all_types()) {
    for (const CorpusType& type : table) all.emplace(type.id, type.describe());
  }
  for (const SampleType& type : sample_types()) all.emplace(type.id, type.describe());
  return all;
}

bool write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  return static_cast<bool>(file.flush());
}

int write_all(const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  bool written = true;
  for (const auto& [id, schema] : all_contracts()) {
    written &= write_file(directory / (id + ".json"), json::encode(schema));
    for (const contract::Generator& generator : contract::generators()) {
      const std::string name = id + "." + std::string(generator.name);
      const auto text = generator.generate({&schema, 1});
      written &= text ? write_file(directory / (name + std::string(generator.extension)), *text)
                      : write_file(directory / (name + ".error"), text.error().message());
    }
  }
  return written ? 0 : 2;
}

DecodeOptions options_of(const corpus::Row& row) {
  DecodeOptions options;
  // Rows that are alike in both modes say `both`; lax ones are false.
  options.lax = row.strict == Value(false);
  return options;
}

void print_line(const std::string& id, std::string_view type, std::string_view format, const Buffer& encoded) {
  const Line line{id, std::string(type), std::string(format), corpus::to_hex(encoded.text())};
  std::puts(json::encode(line).c_str());
}

/// False where Python's objects hold another value than ours, whatever the class: a dict has no key twice, a datetime
/// no nanoseconds. The row tells what msgspec made of it.
bool is_same_in_python(const corpus::Row& row, const CorpusType& type, const corpus::Held& held) {
  return std::ranges::any_of(corpus::outputs_of(row, row.format), [&](const std::string& output) {
    const auto theirs = type.decode(corpus::format_named(row.format), corpus::bytes_of(output), {});
    return theirs && held.equals(**theirs);
  });
}

// JSON has null for NaN, which is then no number for anybody; such rows are left out.
void encode_row(const std::string& text) {
  const auto row = corpus::read_row(text);
  if (!row || !row->ok || !row->op.empty() || !row->encode_error.is_null()) return;
  const CorpusType* type = corpus::find_type(row->type);
  if (type == nullptr) return;
  const Format& format = corpus::format_named(row->format);
  const std::string input = corpus::input_of(*row);
  const auto held = type->decode(format, corpus::bytes_of(input), options_of(*row));
  const auto encoded = held ? (*held)->encode(format, {}) : Result<Buffer>(std::unexpect, held.error());
  if (encoded && is_same_in_python(*row, *type, **held) && type->decode(format, encoded->bytes(), {})) {
    print_line(row->id, row->type, row->format, *encoded);
  }
}

int encode_samples(std::uint64_t seed, std::uint64_t count) {
  for (const SampleType& type : sample_types()) {
    const contract::Schema schema = type.describe();
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto value = contract::random_sample(schema, seed + i);
      for (const std::string_view format : {"json", "msgpack"}) {
        const auto encoded =
            value ? type.encode(corpus::format_named(format), *value) : Result<Buffer>(std::unexpect, value.error());
        if (!encoded) {
          std::fprintf(stderr, "%s: %s\n", std::string(type.id).c_str(), encoded.error().message().c_str());
          return 1;
        }
        print_line(std::string(type.id) + "_" + std::to_string(i) + "_" + std::string(format), type.id, format,
                   *encoded);
      }
    }
  }
  return 0;
}

int encode_all(const std::string& rows, std::uint64_t seed, std::uint64_t count) {
  if (rows != "-") {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(rows)) {
      if (entry.path().filename().string().starts_with("decode_")) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    for (const auto& path : files) {
      std::ifstream lines(path, std::ios::binary);
      for (std::string line; std::getline(lines, line);) encode_row(line);
    }
  }
  return encode_samples(seed, count);
}

/// Equal as JSON data: a Raw differs from another by its spelling already, and pydantic has none.
bool is_same_data(std::string_view ours, std::string_view theirs) {
  const auto one = json::decode<Value>(ours);
  const auto other = json::decode<Value>(theirs);
  return one && other && *one == *other;
}

/// Empty when both decode into the same value.
std::string difference_in_corpus(const CorpusType& type, const Format& format, std::string_view ours,
                                 std::string_view theirs) {
  const auto one = type.decode(format, corpus::bytes_of(ours), {});
  if (!one) return "ours: " + one.error().message();
  const auto other = type.decode(format, corpus::bytes_of(theirs), {});
  if (!other) return other.error().message();
  const bool is_json = &format == &json::format();
  return (*one)->equals(**other) || (is_json && is_same_data(ours, theirs)) ? "" : "another value";
}

std::string difference(const Line& line, const std::string& theirs) {
  const Format& format = corpus::format_named(line.format);
  const std::string ours = corpus::from_hex(line.ours);
  const auto samples = sample_types();
  const auto sample = std::ranges::find(samples, line.type, &SampleType::id);
  if (sample != samples.end()) return sample->difference(format, ours, theirs);
  const CorpusType* type = corpus::find_type(line.type);
  return type != nullptr ? difference_in_corpus(*type, format, ours, theirs) : "no such type";
}

void print_failure(const Line& line, const std::string& why, const std::string& theirs) {
  const bool is_json = line.format == "json";
  std::printf("%s %s: %s\n  ours:   %s\n  theirs: %s\n", line.id.c_str(), line.type.c_str(), why.c_str(),
              is_json ? corpus::from_hex(line.ours).c_str() : line.ours.c_str(),
              is_json ? theirs.c_str() : corpus::to_hex(theirs).c_str());
}

int verify_all(const std::string& ours, const std::string& theirs) {
  constexpr std::size_t shown_max = 40;
  std::map<std::string, Line> lines;
  std::ifstream first(ours, std::ios::binary);
  for (std::string text; std::getline(first, text);) {
    if (auto line = json::decode<Line>(text)) lines.emplace(line->id, std::move(*line));
  }
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::ifstream second(theirs, std::ios::binary);
  for (std::string text; std::getline(second, text);) {
    const auto answer = json::decode<Answer>(text);
    const auto line = answer ? lines.find(answer->id) : lines.end();
    if (line == lines.end()) {
      std::printf("an answer to nothing: %s\n", text.c_str());
      ++failed;
      continue;
    }
    const std::string bytes = corpus::from_hex(answer->theirs);
    const std::string why = difference(line->second, bytes);
    if (!why.empty() && failed < shown_max) print_failure(line->second, why, bytes);
    ++(why.empty() ? passed : failed);
  }
  std::printf("%zu passed, %zu failed\n", passed, failed);
  return failed == 0 && passed != 0 ? 0 : 1;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// One file for each generator: an order and its parts, and a second contract that shares some of them.
int golden(const std::filesystem::path& directory, bool writes) {
  const std::array contracts{contract::describe<Order>(), contract::describe<std::variant<Card, Transfer>>()};
  std::size_t failed = 0;
  for (const contract::Generator& generator : contract::generators()) {
    const std::filesystem::path path =
        directory / ("order_" + std::string(generator.name) + std::string(generator.extension));
    const auto text = generator.generate(contracts);
    if (!text) {
      ++failed;
      std::printf("%s: %s\n", path.c_str(), text.error().message().c_str());
    } else if (writes ? !write_file(path, *text) : read_file(path) != *text) {
      ++failed;
      std::printf("%s %s\n", path.c_str(), writes ? "cannot be written" : "differs; golden --write makes it anew");
    }
  }
  std::printf("%zu passed, %zu failed\n", contract::generators().size() - failed, failed);
  return failed == 0 ? 0 : 1;
}

struct AvroIdentity {
  std::string canonical;
  std::uint64_t fingerprint = 0;
  std::string error;
};

int identify_avro() {
  for (std::string line; std::getline(std::cin, line);) {
    AvroIdentity identity;
    const auto schema = json::decode<Value>(line);
    const auto canonical = schema ? avro_canonical_form(*schema) : Result<std::string>(std::unexpect, schema.error());
    if (canonical) {
      identity = {*canonical, avro_fingerprint(*canonical), {}};
    } else {
      identity.error = canonical.error().message();
    }
    std::puts(json::encode(identity).c_str());
  }
  return 0;
}

int main_of(std::span<char*> arguments) {
  const std::string command = arguments.size() > 1 ? arguments[1] : "";
  if (command == "write" && arguments.size() == 3) return write_all(arguments[2]);
  if (command == "encode" && arguments.size() == 5) {
    return encode_all(arguments[2], std::strtoull(arguments[3], nullptr, 10), std::strtoull(arguments[4], nullptr, 10));
  }
  if (command == "verify" && arguments.size() == 4) return verify_all(arguments[2], arguments[3]);
  if (command == "avro" && arguments.size() == 2) return identify_avro();
  if (command == "golden" && arguments.size() == 3) return golden(arguments[2], false);
  if (command == "golden" && arguments.size() == 4) return golden(arguments[3], true);
  std::fprintf(
      stderr,
      "usage: contract_generated write DIR | encode ROWS SEED COUNT | verify OURS THEIRS | golden [--write] DIR | "
      "avro\n");
  return 2;
}

}  // namespace
}  // namespace structwire::testing::generated

int main(int count, char** arguments) {
  return structwire::testing::generated::main_of({arguments, static_cast<std::size_t>(count)});
}
