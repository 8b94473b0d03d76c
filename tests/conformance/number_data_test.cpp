// SPDX-License-Identifier: Apache-2.0
//
// Numbers as text, from github.com/nigeltao/parse-number-fxx-test-data and
// github.com/ibireme/yyjson: doubles and floats are rounded correctly to the last bit, and what is
// no JSON number is refused.

#include <bit>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/json.hpp>
#include <tests/support/exact_bytes.hpp>
#include <tests/support/shared_data.hpp>

namespace structwire::testing {
namespace {

using Columns = std::vector<std::string>;

std::vector<Columns> rows_of(const std::filesystem::path& path) {
  std::vector<Columns> rows;
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    Columns columns;
    std::size_t from = 0;
    for (int i = 0; i < 3; ++i) {
      const std::size_t tab = line.find('\t', from);
      columns.push_back(line.substr(from, tab - from));
      from = tab + 1;
    }
    columns.push_back(line.substr(from));
    rows.push_back(std::move(columns));
  }
  return rows;
}

template <class Number>
Result<Number> parsed(const std::string& text) {
  const ExactBytes input(std::as_bytes(std::span(text)));
  DecodeOptions options;
  options.limits.number_digits = 1u << 20;  // The data has some of 11,000.
  return json::decode<Number>(input.bytes(), options);
}

/// The number with exactly these bits; numbers that overflow are refused.
template <class Number, class Bits>
void expect_bits(const std::string& text, const std::string& hex) {
  const auto bits = static_cast<Bits>(std::stoull(hex, nullptr, 16));
  const auto wanted = std::bit_cast<Number>(bits);
  const auto number = parsed<Number>(text);
  if (wanted - wanted != 0) {
    EXPECT_TRUE(!number && number.error().code() == ErrorCode::number_out_of_range) << text;
  } else if (!number) {
    ADD_FAILURE() << text << ": " << number.error().message();
  } else {
    EXPECT_EQ(std::bit_cast<Bits>(*number), bits) << text;
  }
}

void expect_refused(const std::string& text) {
  EXPECT_FALSE(parsed<double>(text)) << text;
  const Result<Value> untyped = parsed<Value>(text);
  EXPECT_TRUE(!untyped ||
              (untyped->get_if<std::int64_t>() == nullptr && untyped->get_if<double>() == nullptr))
      << text;
}

TEST(NumberData, parse_number_fxx_is_rounded_correctly) {
  const auto folder = shared_folder("numbers") / "parse-number-fxx";
  STRUCTWIRE_NEED_FOLDER(folder);
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".tsv") continue;
    for (const Columns& row : rows_of(entry.path())) {
      ++count;
      if (row[2] == "1") {
        expect_bits<double, std::uint64_t>(row[3], row[1]);
        expect_bits<float, std::uint32_t>(row[3], row[0]);
      } else {
        expect_refused(row[3]);
      }
    }
  }
  std::printf("%d numbers\n", count);
}

TEST(NumberData, yyjson_numbers_are_accepted_and_refused_as_their_category_says) {
  const auto folder = shared_folder("numbers") / "yyjson-num";
  STRUCTWIRE_NEED_FOLDER(folder);
  int count = 0;
  for (const Columns& row : rows_of(folder / "numbers.tsv")) {
    ++count;
    if (row[1] != "1") {
      expect_refused(row[3]);
      continue;
    }
    expect_bits<double, std::uint64_t>(row[3], row[2]);
    // Untyped, an integer that fits 64 bits stays one.
    const auto value = parsed<Value>(row[3]);
    if (row[0] == "int") {
      ASSERT_TRUE(value) << row[3];
      EXPECT_TRUE(value->get_if<std::int64_t>() || value->get_if<std::uint64_t>()) << row[3];
      EXPECT_EQ(json::encode(*value), row[3] == "-0" ? "0" : row[3]);
    } else if (row[0].starts_with("int(")) {
      EXPECT_FALSE(value) << row[3];
    }
  }
  std::printf("%d numbers\n", count);
}

}  // namespace
}  // namespace structwire::testing
