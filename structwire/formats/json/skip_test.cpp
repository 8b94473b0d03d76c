// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/json/skip.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include <structwire/formats/json/reader.hpp>
#include <structwire/formats/json/walk.hpp>
#include <tests/support/random.hpp>

namespace structwire::json {
namespace {

// The slow way, which is the reference: the end of the value, or none.
std::optional<std::size_t> walked(const std::string& text) {
  const DecodeOptions options;
  ReaderBase reader(text, options);
  if (reader.offset() != 0 || !reader.walk(Unseen{})) return std::nullopt;
  return reader.offset();
}

class Skip : public testing::TestWithParam<const SkipKernel*> {
 protected:
  void SetUp() override {
    if (!runs_here(GetParam()->processor)) GTEST_SKIP() << "this is no " << processor_name(GetParam()->processor);
  }

  void compare(std::string text) {
    text.shrink_to_fit();
    const char* const end = GetParam()->skip_value(text.data(), text.data() + text.size(), {512, 4300});
    const std::optional<std::size_t> expected = walked(text);
    ASSERT_EQ(end != nullptr, expected.has_value()) << text;
    const std::size_t size = end != nullptr ? static_cast<std::size_t>(end - text.data()) : 0;
    ASSERT_EQ(size, expected.value_or(0)) << text;
  }
};

std::string random_space(test::Random& random) {
  const std::string_view spaces[] = {"", "", "", " ", "\n    ", "\t", "\r\n",
                                     "\n                                                                          "};
  return std::string(spaces[random.below(8)]);
}

std::string random_string(test::Random& random) {
  const std::string_view pieces[] = {"a",       "key_",       "\\n",   "\\\"",         "\\\\",   "é", "日本", "😀",
                                     "\\u00e9", "\\ud83d\\ude00", "plain text that goes on and on, longer than a block of any "};
  std::string text = "\"";
  for (std::uint64_t count = random.below(6); count > 0; --count) text += pieces[random.below(random.below(3) == 0 ? 11 : 2)];
  return text + "\"";
}

std::string random_value(test::Random& random, int depth) {
  const std::string_view words[] = {"true", "false", "null", "0", "-1", "12345", "1.5e-7", "-0.25", "1E+9"};
  const std::uint64_t choice = random.below(depth == 0 ? 2 : 4);
  if (choice == 0) return std::string(words[random.below(9)]);
  if (choice == 1) return random_string(random);
  std::string text = choice == 2 ? "[" : "{";
  const std::uint64_t count = random.below(5);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i != 0) text += ",";
    text += random_space(random);
    if (choice == 3) text += random_string(random) + random_space(random) + ":" + random_space(random);
    text += random_value(random, depth - 1) + random_space(random);
  }
  if (count == 0) text += random_space(random);
  return text + (choice == 2 ? "]" : "}");
}

TEST_P(Skip, ends_where_the_slow_way_ends) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 20'000; ++i) {
    compare(random_value(random, static_cast<int>(random.below(6))) + (random.below(2) == 0 ? "" : ",  \"more\": 1"));
  }
}

TEST_P(Skip, refuses_what_the_slow_way_refuses) {
  test::Random random(test::random_seed());
  const std::string_view bytes = "{}[]:,\"\\ \n\t\x01\x7Ftfn0-.eE5u\xC3\xFF";
  for (int i = 0; i < 60'000; ++i) {
    std::string text = random_value(random, static_cast<int>(random.below(5)));
    for (std::uint64_t faults = 1 + random.below(2); faults > 0 && !text.empty(); --faults) {
      const std::size_t at = random.below(text.size());
      switch (random.below(4)) {
        case 0: text[at] = bytes[random.below(bytes.size())]; break;
        case 1: text.erase(at, 1); break;
        case 2: text.insert(at, 1, bytes[random.below(bytes.size())]); break;
        default: text.resize(at);
      }
    }
    compare(text);
  }
}

TEST_P(Skip, keeps_to_its_limits) {
  const std::string deep = std::string(512, '[') + std::string(512, ']');
  const auto skip = [&](const std::string& text, std::size_t levels) {
    return GetParam()->skip_value(text.data(), text.data() + text.size(), {levels, 5}) != nullptr;
  };
  EXPECT_TRUE(skip(deep, 512));
  EXPECT_FALSE(skip(deep, 511));
  EXPECT_FALSE(skip("[" + deep + "]", 1000));
  EXPECT_TRUE(skip("1", 0));
  EXPECT_FALSE(skip("[]", 0));
  EXPECT_TRUE(skip("[12345]", 1));
  EXPECT_FALSE(skip("[123456]", 1));
  EXPECT_FALSE(skip("[-1.5e0]", 1));
}

INSTANTIATE_TEST_SUITE_P(each, Skip, testing::ValuesIn(skip_kernels().begin(), skip_kernels().end()),
                         [](const auto& form) { return std::string(processor_name(form.param->processor)); });

}  // namespace
}  // namespace structwire::json
