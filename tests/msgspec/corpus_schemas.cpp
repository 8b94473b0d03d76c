// SPDX-License-Identifier: Apache-2.0

// What a validator of JSON Schema needs to judge the exported schemas of the corpus's types (validate_schemas.py):
//
//   corpus_schemas schemas           a line for each type that has one: type, decode, encode (both sides' schema)
//   corpus_schemas decode <INPUTS    for each line {"type", "input"} one that says whether it `decodes` as JSON; with
//                                    `output`, what the value is written as, or `code` and `message` of the error

#include <cstdio>
#include <iostream>
#include <string>

#include <structwire/contract/json_schema.hpp>
#include <tests/msgspec/corpus_row.hpp>
#include <tests/msgspec/corpus_type.hpp>

namespace structwire::testing::corpus {
namespace {

struct Input {
  std::string type;
  std::string input;
};
struct Answer {
  bool decodes = false;
  std::optional<std::string> output;
  std::string code;
  std::string message;
  bool is_syntax = false;
  using wire = Rules<all_defaulted, omit_defaults>;
};
struct TypeSchemas {
  std::string type;
  Value decode;
  Value encode;
};

int print_schemas() {
  for (const std::span<const CorpusType> types : all_types()) {
    for (const CorpusType& type : types) {
      const contract::Schema described = type.describe();
      const auto decode = contract::json_schema(described);
      const auto encode = contract::json_schema(described, {.side = contract::SchemaSide::encode});
      if (decode.has_value() != encode.has_value()) return 1;
      if (decode) std::cout << json::encode(TypeSchemas{std::string(type.id), *decode, *encode}) << '\n';
    }
  }
  return 0;
}

Answer refusal(const Error& error) {
  return {.code = std::string(name_of(error.code())), .message = error.message(), .is_syntax = is_syntax(error.code())};
}

Answer answer(const Input& asked) {
  const CorpusType* type = find_type(asked.type);
  if (type == nullptr) return {.code = "unknown_type", .message = asked.type};
  const auto held = type->decode(json::format(), bytes_of(asked.input), {});
  if (!held) return refusal(held.error());
  const auto encoded = (*held)->encode(json::format(), {});
  // An unset member of an array-like struct cannot be written.
  if (!encoded) return {.decodes = true};
  return {.decodes = true, .output = std::string(encoded->text())};
}

int decode_lines() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto asked = json::decode<Input>(line);
    if (!asked) {
      std::fprintf(stderr, "unreadable line: %s\n", asked.error().message().c_str());
      return 1;
    }
    std::cout << json::encode(answer(*asked)) << '\n';
  }
  return 0;
}

}  // namespace
}  // namespace structwire::testing::corpus

int main(int count, char** arguments) {
  using namespace structwire::testing::corpus;
  const std::string_view what = count == 2 ? arguments[1] : "";
  if (what == "schemas") return print_schemas();
  if (what == "decode") return decode_lines();
  std::fprintf(stderr, "usage: corpus_schemas schemas | decode\n");
  return 2;
}
