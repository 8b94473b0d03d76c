// SPDX-License-Identifier: Apache-2.0
//
// Every row of table.txt, which table.py has from Python's `re`. Rows from elsewhere, such as
// `table.py random`: STRUCTWIRE_PATTERN_TABLE=FILE.

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <structwire/core/pattern.hpp>
#include <structwire/json.hpp>
#include <tests/support/shared_data.hpp>

namespace structwire::testing {
namespace {

std::string table() {
  if (const char* other = std::getenv("STRUCTWIRE_PATTERN_TABLE")) return file_content(other);
  const char* source = std::getenv("STRUCTWIRE_SOURCE_DIR");
  return file_content(std::filesystem::path(source != nullptr ? source : ".") /
                      "tests/pattern/table.txt");
}

template <class Use>
void for_each_row(const std::string& lines, const Use& use) {
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    const auto row = json::decode<Value>(std::string_view(lines).substr(at, end - at));
    const Value::Array* cells = row ? row->get_if<Value::Array>() : nullptr;
    ASSERT_TRUE(cells != nullptr && cells->size() == 3) << lines.substr(at, end - at);
    use(*(*cells)[0].get_if<std::string>(), (*cells)[1], (*cells)[2]);
    at = end + 1;
  }
}

TEST(PatternTable, each_row_has_the_outcome_of_python) {
  std::size_t rows = 0;
  for_each_row(table(), [&](std::string_view pattern, const Value& text, const Value& outcome) {
    ++rows;
    const auto program = pattern_matching::parse(pattern);
    if (text.is_null()) {
      EXPECT_FALSE(program) << pattern << " is accepted";
      return;
    }
    ASSERT_TRUE(program) << pattern << ": " << program.error().what << " at byte "
                         << program.error().at;
    EXPECT_EQ(pattern_matching::search(program->view(), *text.get_if<std::string>()),
              *outcome.get_if<bool>())
        << '`' << pattern << "` in `" << *text.get_if<std::string>() << '`';
  });
  EXPECT_GT(rows, 500u);
}

}  // namespace
}  // namespace structwire::testing
