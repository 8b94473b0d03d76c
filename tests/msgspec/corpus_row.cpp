// SPDX-License-Identifier: Apache-2.0
#include <tests/msgspec/corpus_row.hpp>

#include <array>
#include <utility>

namespace structwire::testing::corpus {
namespace {

unsigned digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 32) - 'a' + 10); }

constexpr std::size_t wide_digits = 19;

// 18446744073709551616 outside of texts becomes {"$int":"18446744073709551616"}.
std::string with_wide_as_text(std::string_view line) {
  std::string out;
  bool in_text = false;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t digits =
        std::min(line.find_first_not_of("0123456789", i + 1), line.size()) - i;
    const bool is_number = !in_text && (line[i] == '-' || (line[i] >= '0' && line[i] <= '9'));
    const bool is_integer =
        is_number && (i + digits == line.size() ||
                      std::string_view(".eE").find(line[i + digits]) == std::string_view::npos);
    if (is_integer && digits >= wide_digits) {
      out += "{\"$int\":\"" + std::string(line.substr(i, digits)) + "\"}";
      i += digits;
      continue;
    }
    // The whole number at once, so that none begins inside it.
    const std::size_t size =
        is_number ? std::min(line.find_first_not_of("0123456789.eE+-", i), line.size()) - i
        : in_text && line[i] == '\\' ? 2
                                     : 1;
    in_text = in_text != (size == 1 && line[i] == '"');
    out += line.substr(i, size);
    i += size;
  }
  return out;
}

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
  const bool is_wide = !row && row.error().code() == ErrorCode::number_out_of_range;
  return is_wide ? json::decode<Row>(with_wide_as_text(line), deep) : std::move(row);
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
  for (const auto& [text, hex] :
       {std::pair(&row.output, &row.output_hex), std::pair(&row.output_eq, &row.output_eq_hex)}) {
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
