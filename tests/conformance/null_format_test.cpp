// SPDX-License-Identifier: Apache-2.0
#include <tests/support/null_format/reader.hpp>
#include <tests/support/null_format/writer.hpp>

#include <gtest/gtest.h>

#include <tests/support/same.hpp>
#include <tests/support/sample_structs.hpp>

namespace structwire::testing {
namespace {

template <class T>
std::size_t written_size(const T& value) {
  Buffer out;
  WriterState state;
  EXPECT_TRUE(append_encoded<null_format::Writer>(value, out, state));
  return out.size();
}

template <class T>
void expect_empty(T used) {
  null_format::Reader reader{DecodeOptions()};
  EXPECT_TRUE(decode_whole(reader, used));
  EXPECT_TRUE(same(used, T()));
}

TEST(NullFormat, nothing_is_written) {
  EXPECT_EQ(written_size(samples<Sequences>().back()), 0u);
  EXPECT_EQ(written_size(samples<Maps>().back()), 0u);
  EXPECT_EQ(written_size(samples<Tree>().back()), 0u);
}

TEST(NullFormat, every_member_is_read_as_empty) {
  expect_empty(Integers{true, 1, 2, 3, 4, 5, 6, 7, 8});
  expect_empty(Optionals{1, "a", {}, {}, {}});
  expect_empty(Nested{{1, 2}, {{3, 4}}, {Color::red, Level::low, {Color::blue}, {}}});
}

}  // namespace
}  // namespace structwire::testing
