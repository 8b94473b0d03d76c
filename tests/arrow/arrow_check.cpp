// SPDX-License-Identifier: Apache-2.0
//
// usage: arrow_check CASES ANSWERS
//
// Reads the schemas that pyarrow wrote (compare.py), compares what they say here with what pyarrow
// says, and writes them back. Of damaged ones, what both accept must say the same; each may refuse
// more, which is counted.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <structwire/arrow.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::testing {
namespace {

using Pairs = std::vector<std::pair<Bytes, Bytes>>;

struct Described {
  std::string name;
  std::string type;
  bool nullable = false;
  Pairs metadata;

  friend bool operator==(const Described&, const Described&) = default;
};
struct Case {
  ArrowSchema schema;
  std::vector<Described> fields;
  Pairs metadata;
  Ext other;
};
struct Damaged {
  Bytes schema;
  std::optional<std::vector<Described>> fields;
};
struct Input {
  std::vector<Case> cases;
  std::vector<Damaged> damaged;
};
struct Answer {
  ArrowSchema schema;
  Ext other;
};
struct Output {
  std::vector<Answer> answers;
  ArrowSchema empty;
};

Bytes bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

Pairs pairs_of(const std::vector<arrow::KeyValue>& metadata) {
  Pairs pairs;
  for (const auto& [key, value] : metadata) pairs.emplace_back(bytes_of(key), bytes_of(value));
  return pairs;
}

std::vector<Described> described(const ArrowSchema& schema) {
  std::vector<Described> all;
  for (const arrow::Field& each : schema.fields()) {
    all.push_back({each.name, each.type_text(), each.nullable, pairs_of(each.metadata)});
  }
  return all;
}

[[noreturn]] void differ(std::size_t index, const std::vector<Described>& ours,
                         const std::vector<Described>& theirs) {
  std::fprintf(stderr, "case %zu: %zu fields here, %zu in pyarrow\n", index, ours.size(),
               theirs.size());
  for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
    if (ours[i] == theirs[i]) continue;
    std::fprintf(stderr, "  %s: %s %d\n  %s: %s %d\n", ours[i].name.c_str(), ours[i].type.c_str(),
                 ours[i].nullable, theirs[i].name.c_str(), theirs[i].type.c_str(),
                 theirs[i].nullable);
  }
  std::exit(1);
}

void check_damaged(const std::vector<Damaged>& all) {
  std::size_t both = 0;
  std::size_t here = 0;
  std::size_t there = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto schema = ArrowSchema::from_bytes(all[i].schema);
    here += schema.has_value();
    there += all[i].fields.has_value();
    if (!schema && schema.error().offset() > all[i].schema.size()) differ(i, {}, {});
    if (!schema || !all[i].fields) continue;
    ++both;
    if (described(*schema) != *all[i].fields) differ(i, described(*schema), *all[i].fields);
  }
  std::printf("of %zu damaged schemas %zu are some here, %zu for pyarrow, %zu for both, the same\n",
              all.size(), here, there, both);
}

int run(const char* cases, const char* answers) {
  std::ifstream file(cases, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const auto input = msgpack::decode<Input>(bytes);
  if (!input) {
    std::fprintf(stderr, "%s\n", input.error().message().c_str());
    return 1;
  }
  Output output;
  for (std::size_t i = 0; i < input->cases.size(); ++i) {
    const Case& one = input->cases[i];
    if (described(one.schema) != one.fields) differ(i, described(one.schema), one.fields);
    if (pairs_of(one.schema.metadata()) != one.metadata) differ(i, {}, {});
    output.answers.push_back({one.schema, one.other});
  }
  check_damaged(input->damaged);
  const Buffer encoded = msgpack::encode(output);
  std::ofstream(answers, std::ios::binary)
      .write(encoded.text().data(), static_cast<std::streamsize>(encoded.size()));
  return 0;
}

}  // namespace
}  // namespace structwire::testing

int main(int count, char** arguments) {
  if (count != 3) return 64;
  return structwire::testing::run(arguments[1], arguments[2]);
}
