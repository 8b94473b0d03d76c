// SPDX-License-Identifier: Apache-2.0
#include <cli/table.hpp>

#include <gtest/gtest.h>

namespace structwire::cli {
namespace {

TEST(TableSuite, columns_are_as_wide_as_their_widest_field) {
  EXPECT_EQ(table_text({{{"ID", Colour::plain, true}, {"QUEUE"}, {"TYPE"}},
                        {{"7", Colour::plain, true}, {"mail"}, {"send"}},
                        {{"123", Colour::plain, true}, {"q"}, {"t"}}},
                       80),
            " ID  QUEUE  TYPE\n"
            "  7  mail   send\n"
            "123  q      t\n");
}

TEST(TableSuite, lines_are_cut_to_the_width_at_characters) {
  EXPECT_EQ(table_text({{{"ab"}, {"cdef"}}}, 6), "ab  cd\n");
  EXPECT_EQ(table_text({{{"\xC3\xA4\xC3\xB6\xC3\xBC"}}}, 2), "\xC3\xA4\xC3\xB6\n");
}

TEST(TableSuite, content_cannot_write_to_the_terminal) {
  EXPECT_EQ(table_text({{{"a\x1b[2Jb\n"}}}, 80), "a?[2Jb?\n");
}

}  // namespace
}  // namespace structwire::cli
