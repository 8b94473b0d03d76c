// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/json/skip.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include <structwire/formats/json/reader.hpp>
#include <structwire/formats/json/reformat.hpp>
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
    if (!runs_here(GetParam()->processor))
      GTEST_SKIP() << "this is no " << processor_name(GetParam()->processor);
  }

  void compare(std::string text) {
    text.shrink_to_fit();
    const char* const end =
        GetParam()->skip_value(text.data(), text.data() + text.size(), {512, 4300});
    const std::optional<std::size_t> expected = walked(text);
    ASSERT_EQ(end != nullptr, expected.has_value()) << text;
    const std::size_t size = end != nullptr ? static_cast<std::size_t>(end - text.data()) : 0;
    ASSERT_EQ(size, expected.value_or(0)) << text;
  }
};

// The same over a run of members, member by member. Values are skipped as above.
SkippedMembers walked_members(const std::string& text, const KeyFilter& known,
                              std::size_t count_max, bool from_key) {
  std::size_t at = 0;
  SkippedMembers run{text.data(), 0, false};
  const auto space = [&] { at = std::min(text.find_first_not_of(" \n\r\t", at), text.size()); };
  const auto value = [&] {
    const auto size = walked(text.substr(at));
    at += size.value_or(0);
    return size.has_value();
  };
  const auto take = [&](char c) { return at < text.size() && text[at] == c && ++at != 0; };
  for (bool key = from_key;; key = true) {
    if (key) {
      const std::size_t start = at;
      if (at == text.size() || text[at] != '"' || !value()) return run;
      const std::string name = text.substr(start + 1, at - start - 2);
      if (run.count == count_max) return run;
      const bool hard = std::ranges::any_of(name, [](char c) { return c == '\\' || c < 0; });
      if (hard || known.may_hold(name)) return {text.data() + start, run.count, true};
      space();
      if (!take(':')) return run;
      space();
      if (at == text.size()) return run;
      run.at = text.data() + at;
      ++run.count;
    }
    if (!value()) return run;
    space();
    if (take(',')) {
      space();
      continue;
    }
    if (at < text.size() && text[at] == '}') return {text.data() + at, run.count, true};
    return run;
  }
}

std::string random_space(test::Random& random) {
  const std::string_view spaces[] = {
      "",       "",
      "",       " ",
      "\n    ", "\t",
      "\r\n",   "\n                                                                          "};
  return std::string(spaces[random.below(8)]);
}

std::string random_string(test::Random& random) {
  const std::string_view pieces[] = {"a",
                                     "key_",
                                     "\\n",
                                     "\\\"",
                                     "\\\\",
                                     "é",
                                     "日本",
                                     "😀",
                                     "\\u00e9",
                                     "\\ud83d\\ude00",
                                     "plain text that goes on and on, longer than a block of any "};
  std::string text = "\"";
  for (std::uint64_t count = random.below(6); count > 0; --count)
    text += pieces[random.below(random.below(3) == 0 ? 11 : 2)];
  return text + "\"";
}

std::string random_value(test::Random& random, int depth) {
  const std::string_view words[] = {"true",  "false",  "null",  "0",   "-1",
                                    "12345", "1.5e-7", "-0.25", "1E+9"};
  const std::uint64_t choice = random.below(depth == 0 ? 2 : 4);
  if (choice == 0) return std::string(words[random.below(9)]);
  if (choice == 1) return random_string(random);
  std::string text = choice == 2 ? "[" : "{";
  const std::uint64_t count = random.below(5);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i != 0) text += ",";
    text += random_space(random);
    if (choice == 3)
      text += random_string(random) + random_space(random) + ":" + random_space(random);
    text += random_value(random, depth - 1) + random_space(random);
  }
  if (count == 0) text += random_space(random);
  return text + (choice == 2 ? "]" : "}");
}

TEST_P(Skip, ends_where_the_slow_way_ends) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 20'000; ++i) {
    compare(random_value(random, static_cast<int>(random.below(6))) +
            (random.below(2) == 0 ? "" : ",  \"more\": 1"));
  }
}

// One byte is another, gone or too many, or the text ends there.
void damage(std::string& text, test::Random& random) {
  const std::string_view bytes = "{}[]:,\"\\ \n\t\x01\x7Ftfn0-.eE5u\xC3\xFF";
  if (text.empty()) return;
  const std::size_t at = random.below(text.size());
  switch (random.below(4)) {
    case 0:
      text[at] = bytes[random.below(bytes.size())];
      break;
    case 1:
      text.erase(at, 1);
      break;
    case 2:
      text.insert(at, 1, bytes[random.below(bytes.size())]);
      break;
    default:
      text.resize(at);
  }
}

TEST_P(Skip, refuses_what_the_slow_way_refuses) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 60'000; ++i) {
    std::string text = random_value(random, static_cast<int>(random.below(5)));
    for (std::uint64_t faults = 1 + random.below(2); faults > 0; --faults) damage(text, random);
    compare(text);
  }
}

// As pretty text has it, and nearly so.
std::string laid_out(const std::string& text, test::Random& random) {
  const int indents[] = {0, 1, 2, 4, 9, 30, 70};
  auto pretty = reformat(text, indents[random.below(7)]);
  if (!pretty) return text;
  if (random.once_in(4))
    pretty->insert(random.below(pretty->size()), 1, " \n\r\t"[random.below(4)]);
  return *pretty;
}

TEST_P(Skip, takes_text_by_lines_as_the_slow_way_takes_it) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 20'000; ++i) {
    std::string text = laid_out(random_value(random, static_cast<int>(random.below(6))), random);
    if (random.once_in(2)) damage(text, random);
    compare(text);
  }
}

TEST_P(Skip, passes_over_runs_of_members_as_the_slow_way_does) {
  test::Random random(test::random_seed());
  KeyFilter known;
  known.add("akey_");
  known.add("a");
  known.add("key_aa");
  for (int i = 0; i < 40'000; ++i) {
    std::string text = "{";
    for (std::uint64_t count = random.below(8); count > 0; --count) {
      text += random_string(random) + ":" +
              random_value(random, static_cast<int>(random.below(4))) + (count > 1 ? "," : "");
    }
    text += "}";
    text = random.once_in(3) ? text : laid_out(text, random);
    const bool from_key = random.once_in(2);
    text.erase(0, text.find(from_key ? '"' : ':'));
    text.erase(0, from_key ? 0 : text.find_first_not_of(": \n\r\t"));
    if (random.once_in(2)) text += std::string(200, ' ');
    if (random.once_in(2)) damage(text, random);
    // What stands in front of a key tells whether it may be the first of a line.
    std::string all = " \n{,"[random.below(4)] + text;
    all.shrink_to_fit();
    const std::size_t count_max = random.once_in(4) ? random.below(5) : 1000;
    const SkippedMembers expected = walked_members(text, known, count_max, from_key);
    const SkippedMembers run = GetParam()->skip_members(all.data() + 1, all.data() + all.size(),
                                                        {512, 4300}, known, count_max, from_key);
    ASSERT_EQ(run.passed, expected.passed) << text;
    ASSERT_EQ(run.count, expected.count) << text;
    ASSERT_EQ(run.at - all.data() - 1, expected.at - text.data()) << text;
  }
}

// Strategy: a document with a line of each kind, by itself and between lines enough for blocks; one
// byte of it is another one, and it ends at every byte.
std::string one_of_each(int copies) {
  std::string text = "{\n";
  for (int i = 0; i < copies; ++i) {
    text +=
        "  \"name\": \"plain\",\n  \"id\": 505874924095815681,\n  \"none\": null,\n  \"yes\": "
        "true,\n"
        "  \"no\": false,\n  \"list\": [],\n  \"map\": {},\n  \"x\": -1.5e7,\n  \"zero\": 0,\n"
        "  \"hard\": \"日本 \\\"a\\\" \\/\\n \\u00e9 😀\",\n  \"é\": \"\",\n"
        "  \"long\": \"letters that go on to another block, 日本, \\\\ and \\t and on and on and "
        "on\",\n"
        "  \"deep\": {\n    \"list\": [\n      12,\n      \"é\",\n      [\n        null\n      ],\n"
        "      {\n        \"a\": [\n        ]\n      }\n    ],\n    \"b\": {\n    }\n  },\n";
  }
  return text + "  \"last\": 1\n}";
}

TEST_P(Skip, says_of_a_damaged_document_what_the_slow_way_says) {
  const std::string_view bytes = "{}[]:,\"\\ \n0-.eutfn\x01\x7F\x80\xBF\xC0\xE0\xED\xF4\xFF";
  KeyFilter known;
  known.add("zero");
  for (const int copies : {1, 2}) {
    const std::string whole = one_of_each(copies) + std::string(copies == 1 ? 0 : 400, ' ');
    compare(whole);
    for (std::size_t at = 0; at < whole.size() && !HasFailure(); ++at) {
      compare(whole.substr(0, at));
      for (const char byte : bytes) {
        std::string text = whole;
        text[at] = byte;
        compare(text);
        // As members: from the first key on.
        if (at <= 4 || copies != 1) continue;
        const std::string members = text.substr(4);
        const SkippedMembers expected = walked_members(members, known, 1000, true);
        const SkippedMembers run = GetParam()->skip_members(
            text.data() + 4, text.data() + text.size(), {512, 4300}, known, 1000, true);
        ASSERT_EQ(run.passed, expected.passed) << text;
        ASSERT_EQ(run.count, expected.count) << text;
        ASSERT_EQ(run.at - text.data() - 4, expected.at - members.data()) << text;
      }
    }
  }
}

// Lines of every length around one and two blocks, each between short ones.
TEST_P(Skip, takes_lines_of_every_length) {
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string letters(size, 'a');
    const std::string line = "\"" + letters + "\": ";
    for (const std::string& value :
         {"\"" + letters + "\"", "\"" + letters + "\xC3\xA9\"", "\"" + letters + "\\n\\u00e9\\\\\"",
          "\"" + letters + "\\\"", "\"" + letters + "\\n\\/" + letters + "\\\"\xC3\xA9\"", letters,
          "1" + letters, "12" + std::string(size, '0'), std::string("[]"), std::string("[\n1\n]"),
          std::string("{"), std::string("tru")}) {
      std::string text = "{\n  \"a\": 1,\n";
      for (int i = 0; i < 3; ++i) text += line + value + ",\n \"b\": [\n" + value + ",\n1\n],\n";
      compare(text + "\"c\": 2\n}" + std::string(300, ' '));
    }
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

INSTANTIATE_TEST_SUITE_P(each, Skip,
                         testing::ValuesIn(skip_kernels().begin(), skip_kernels().end()),
                         [](const auto& form) {
                           return std::string(processor_name(form.param->processor));
                         });

}  // namespace
}  // namespace structwire::json
