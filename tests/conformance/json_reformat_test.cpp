// SPDX-License-Identifier: Apache-2.0
//
// reformat against what msgspec.json.format did. One difference, on purpose: msgspec copies text
// that is not UTF-8.

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <structwire/json.hpp>
#include <tests/support/shared_data.hpp>

namespace structwire::testing {
namespace {

struct Case {
  std::string id;
  std::string input;
  std::string input_hex;
  std::int32_t indent = 0;
  bool ok = false;
  std::string output;
  std::string error;
  using wire = Rules<all_defaulted>;
};

TEST(JsonReformat, does_what_msgspec_does) {
  const auto folder = shared_folder("msgspec-corpus");
  STRUCTWIRE_NEED_FOLDER(folder);
  const std::string lines = file_content(folder / "json_format.jsonl");
  std::size_t rows = 0;
  std::size_t not_utf8 = 0;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    const auto row = json::decode<Case>(std::string_view(lines).substr(at, end - at));
    at = end + 1;
    ASSERT_TRUE(row) << row.error().message();
    ++rows;
    if (!row->input_hex.empty()) {
      ASSERT_EQ(row->input_hex, "22ff22") << row->id;
      EXPECT_EQ(json::reformat("\"\xFF\"", row->indent).error().code(), ErrorCode::invalid_utf8);
      ++not_utf8;
      continue;
    }
    const auto output = json::reformat(row->input, row->indent);
    ASSERT_EQ(output.has_value(), row->ok) << row->id;
    EXPECT_EQ(output ? *output : output.error().message(), row->ok ? row->output : row->error)
        << row->id;
  }
  EXPECT_GE(rows, 111u);
  EXPECT_EQ(not_utf8, 5u);
}

}  // namespace
}  // namespace structwire::testing
