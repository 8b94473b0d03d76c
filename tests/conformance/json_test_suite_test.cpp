// SPDX-License-Identifier: Apache-2.0
//
// github.com/nst/JSONTestSuite and the documents of github.com/ibireme/yyjson: what must be
// accepted is, what must not is refused, and nothing crashes; decoded as a Value, checked as a Raw,
// and skipped as an unknown member.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <structwire/json.hpp>
#include <tests/support/exact_bytes.hpp>
#include <tests/support/same.hpp>
#include <tests/support/shared_data.hpp>

namespace structwire::testing {
namespace {

struct Verdict {
  bool as_value = false;
  bool as_raw = false;
};

struct NothingKnown {};

Verdict judge(const std::string& text) {
  const ExactBytes input(std::as_bytes(std::span(text)));
  const auto value = json::decode<Value>(input.bytes());
  Verdict verdict{value.has_value(), Raw::checked(json::format(), input.bytes()).has_value()};
  const bool skipped = json::decode<NothingKnown>("{\"unknown\":" + text + "}").has_value();
  EXPECT_EQ(skipped, verdict.as_raw) << text;
  if (value) {
    const auto again = json::decode<Value>(json::encode(*value));
    EXPECT_TRUE(again && same(*value, *again)) << text;
    EXPECT_TRUE(verdict.as_raw) << text;
  }
  return verdict;
}

TEST(JsonTestSuite, files_are_accepted_and_refused_as_their_names_say) {
  const auto folder = shared_folder("jsontestsuite") / "test_parsing";
  STRUCTWIRE_NEED_FOLDER(folder);
  int count[3] = {};
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const Verdict verdict = judge(file_content(entry.path()));
    if (name.starts_with("y_")) {
      EXPECT_TRUE(verdict.as_value && verdict.as_raw) << name;
      ++count[0];
    } else if (name.starts_with("n_")) {
      EXPECT_TRUE(!verdict.as_value && !verdict.as_raw) << name;
      ++count[1];
    } else {
      ++count[2];
    }
  }
  std::printf("%d accepted, %d refused, %d either\n", count[0], count[1], count[2]);
}

TEST(JsonTestSuite, odd_documents_never_crash) {
  const auto folder = shared_folder("jsontestsuite") / "test_transform";
  STRUCTWIRE_NEED_FOLDER(folder);
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    judge(file_content(entry.path()));
}

// Anything in brackets in the name is an extension or an error, except numbers that are merely
// large.
TEST(YyjsonDocuments, extensions_are_refused) {
  const auto folder = shared_folder("json-documents") / "yyjson" / "test_yyjson";
  STRUCTWIRE_NEED_FOLDER(folder);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const auto brackets = std::ranges::count(name, '(');
    const bool large_number = name.find("(bignum)") != std::string::npos;
    const Verdict verdict = judge(file_content(entry.path()));
    EXPECT_EQ(verdict.as_raw, brackets == (large_number ? 1 : 0)) << name;
    if (!large_number) {
      EXPECT_EQ(verdict.as_value, verdict.as_raw) << name;
    }
  }
}

TEST(YyjsonDocuments, minified_documents_come_back_byte_for_byte) {
  const auto folder = shared_folder("json-documents") / "yyjson" / "test_roundtrip";
  STRUCTWIRE_NEED_FOLDER(folder);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string text = file_content(entry.path());
    const auto value = json::decode<Value>(text);
    ASSERT_TRUE(value) << entry.path() << value.error().message();
    EXPECT_EQ(json::encode(*value), text) << entry.path();
  }
}

TEST(YyjsonDocuments, only_utf8_is_read) {
  const auto folder = shared_folder("json-documents") / "yyjson" / "test_encoding";
  STRUCTWIRE_NEED_FOLDER(folder);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const Verdict verdict = judge(file_content(entry.path()));
    EXPECT_EQ(verdict.as_value, entry.path().filename() == "utf8.json") << entry.path();
  }
}

}  // namespace
}  // namespace structwire::testing
