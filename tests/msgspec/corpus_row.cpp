// SPDX-License-Identifier: Apache-2.0
#include <tests/msgspec/corpus_row.hpp>

#include <array>
#include <utility>

namespace structwire::testing::corpus {
namespace {

unsigned digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 32) - 'a' + 10); }

std::string start_of(std::string text) {
  constexpr std::size_t most = 300;
  if (text.size() > most) text.replace(most, text.npos, "...");
  return text;
}

}  // namespace

Result<Row> read_row(std::string_view line) {
  DecodeOptions deep;
  deep.limits.depth = 5000;
  auto row = json::decode<Row>(line, deep);
  if (!row || !row->value_text) return row;
  auto value = row->value_text->decode(deep);
  row->value = value ? std::move(*value) : Value(Value::Map{{Value("$wide"), Value(true)}});
  return row;
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex.push_back("0123456789abcdef"[byte >> 4]);
    hex.push_back("0123456789abcdef"[byte & 15]);
  }
  return hex;
}

std::string input_of(const Row& row) {
  if (row.input_hex) return from_hex(*row.input_hex);
  const std::string input = row.input.value_or("");
  return row.format == "msgpack" ? from_hex(input) : input;
}

std::vector<std::string> outputs_of(const Row& row, std::string_view format_name) {
  std::vector<std::string> outputs;
  for (const auto& [text, hex] : {std::pair(&row.output, &row.output_hex), std::pair(&row.output_eq, &row.output_eq_hex)}) {
    if (*hex) {
      outputs.push_back(from_hex(**hex));
    } else if (*text) {
      outputs.push_back(format_name == "json" ? **text : from_hex(**text));
    }
  }
  return outputs;
}

std::string show(const Outcome& outcome) {
  if (outcome.error) return start_of(outcome.error->message());
  if (outcome.encode_error) return start_of("encoding: " + outcome.encode_error->message());
  if (!outcome.unlike.empty()) return start_of(outcome.unlike);
  std::string text;
  if (!outcome.output.empty()) {
    text = outcome.output_format == "json" ? outcome.output : to_hex(outcome.output);
    text += "  ";
  }
  if (outcome.value) text += json::encode(*outcome.value);
  return start_of(text);
}

std::string show_expected(const Row& row) {
  if (row.error) return start_of(*row.error);
  std::string text;
  if (row.output) text = *row.output + "  ";
  if (row.output_eq) text += "or " + *row.output_eq + "  ";
  if (!row.encode_error.is_null()) text += "encoding: " + json::encode(row.encode_error) + "  ";
  if (row.value) text += json::encode(*row.value);
  return start_of(text);
}

}  // namespace structwire::testing::corpus
