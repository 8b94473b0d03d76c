// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/text_kernels.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <structwire/core/utf8.hpp>
#include <tests/support/random.hpp>

namespace structwire {
namespace {

using text_kernels::Kernels;
using text_kernels::Run;

// Every form that was compiled; those that this processor cannot run are skipped.
class TextKernels : public testing::TestWithParam<const Kernels*> {
 protected:
  void SetUp() override {
    if (!runs_here(kernels->processor)) GTEST_SKIP() << "this is no " << processor_name(kernels->processor);
  }
  const Kernels* kernels = GetParam();
};

Run plain_run_by_bytes(const std::string& text, std::size_t from) {
  bool ascii = true;
  for (std::size_t i = from; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '"' || c == '\\' || c < 0x20) return {text.data() + i, ascii};
    ascii = ascii && c < 0x80;
  }
  return {text.data() + text.size(), ascii};
}

std::string random_text(test::Random& random, std::size_t size) {
  const std::string_view pieces[] = {"a", "z ", "é", "日", "😀", "\x7F", "plain text that goes on for a while"};
  std::string text;
  while (text.size() < size) text += pieces[random.below(random.below(2) == 0 ? 2 : 7)];
  text.resize(size);  // May cut a sequence.
  return text;
}

TEST_P(TextKernels, end_a_run_where_reading_by_bytes_ends_it) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 20'000; ++i) {
    // Allocated to the byte, so that AddressSanitizer sees what is read behind the end.
    std::string text = random_text(random, random.below(200));
    text.shrink_to_fit();
    const std::size_t from = text.empty() ? 0 : random.below(text.size());
    for (std::uint64_t stops = random.below(3); stops > 0 && !text.empty(); --stops) {
      text[random.below(text.size())] = "\"\\\n\0\x1F\"\""[random.below(7)];
    }
    const auto expected = plain_run_by_bytes(text, from);
    const auto run = kernels->plain_run(text.data() + from, text.data() + text.size());
    ASSERT_EQ(run.end - text.data(), expected.end - text.data()) << processor_name(kernels->processor);
    ASSERT_EQ(run.ascii, expected.ascii) << processor_name(kernels->processor) << text;
  }
}

TEST_P(TextKernels, know_utf8_as_the_table_of_unicode_does) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 40'000; ++i) {
    std::string text = random_text(random, random.below(200));
    for (std::uint64_t faults = random.below(3); faults > 0 && !text.empty(); --faults) {
      text[random.below(text.size())] = static_cast<char>(0x70 + random.below(0x90));
    }
    text.shrink_to_fit();
    ASSERT_EQ(kernels->is_utf8(text.data(), text.size()), utf8::valid_prefix(text) == text.size())
        << processor_name(kernels->processor) << ' ' << text;
  }
}

std::string quoted_by_bytes(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const std::string_view shorts = "\"\"\\\\\bb\ff\nn\rr\tt";
    char code[8];
    std::size_t found = 0;
    while (found < shorts.size() && shorts[found] != c) found += 2;
    if (found < shorts.size()) {
      (out += '\\') += shorts[found + 1];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      out += code;
    } else {
      out += c;
    }
  }
  return out += '"';
}

// Where there is room for what is written and a block more, as long text has it, both allocated to the byte.
void check_quote(const Kernels& kernels, const std::string& text) {
  const std::vector<char> exact(text.begin(), text.end());
  std::vector<char> out(quoted_by_bytes(text).size() + 64, '?');
  char* const end = kernels.quote(text.empty() ? "" : exact.data(), exact.size(), out.data());
  ASSERT_EQ(end != nullptr, utf8::valid_prefix(text) == text.size()) << processor_name(kernels.processor) << ' ' << text;
  if (end == nullptr) return;
  ASSERT_EQ(std::string(out.data(), end), quoted_by_bytes(text)) << processor_name(kernels.processor);
}

TEST_P(TextKernels, quote_what_quoting_by_bytes_quotes) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 20'000; ++i) {
    std::string text = random_text(random, random.below(300));
    for (std::uint64_t stops = random.below(3) * random.below(40); stops > 0 && !text.empty(); --stops) {
      text[random.below(text.size())] = "\"\\\n\0\x1F\"\b"[random.below(7)];
    }
    check_quote(*kernels, text);
  }
}

TEST_P(TextKernels, quote_every_size_with_something_at_every_place) {
  for (std::size_t size = 0; size <= 140; ++size) {
    check_quote(*kernels, std::string(size, 'x'));
    check_quote(*kernels, std::string(size, '\1'));
    check_quote(*kernels, std::string(size, '"'));
    for (std::size_t at = 0; at < size; ++at) {
      for (const std::string_view piece : {"\"", "\n", "\x1F", "\x7F", "\x80", "é", "日", "😀"}) {
        std::string text(size, 'x');
        check_quote(*kernels, text.replace(at, piece.size(), piece));
        // Cut off where it does not fit.
        check_quote(*kernels, text.substr(0, size));
      }
    }
  }
}

TEST_P(TextKernels, quote_every_character_of_ascii) {
  for (char c = 0; c >= 0 && c < 127; ++c) {
    for (const std::size_t size : {1, 63, 64, 130}) {
      check_quote(*kernels, std::string(size, c));
      for (std::size_t at = 0; at < size; at += 9) check_quote(*kernels, std::string(size, 'x').replace(at, 1, 1, c));
    }
  }
}

// Every sequence of up to four bytes from the borders of the table, at every place in and across blocks.
TEST_P(TextKernels, know_every_border_of_utf8) {
  const unsigned char borders[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                   0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
  constexpr std::size_t count = sizeof borders;
  for (std::size_t code = 0; code < count * count * count * count; ++code) {
    const char sequence[] = {
        static_cast<char>(borders[code % count]), static_cast<char>(borders[code / count % count]),
        static_cast<char>(borders[code / count / count % count]),
        static_cast<char>(borders[code / count / count / count])};
    char text[130];
    std::fill(std::begin(text), std::end(text), 'x');
    const std::size_t at = 58 + code % 10;
    std::copy(std::begin(sequence), std::end(sequence), text + at);
    // With something behind it, and as the end of the text.
    for (const std::size_t size : {sizeof text, at + 4}) {
      const bool valid = utf8::valid_prefix({text, size}) == size;
      ASSERT_EQ(kernels->is_utf8(text, size), valid) << processor_name(kernels->processor) << ' ' << std::hex << code;
      char out[6 * sizeof text + 66];
      ASSERT_EQ(kernels->quote(text, size, out) != nullptr, valid)
          << processor_name(kernels->processor) << ' ' << std::hex << code;
    }
  }
}

const auto kernel_list = text_kernels::all_kernels();
INSTANTIATE_TEST_SUITE_P(each, TextKernels, testing::ValuesIn(kernel_list.begin(), kernel_list.end()),
                         [](const auto& form) { return std::string(processor_name(form.param->processor)); });

}  // namespace
}  // namespace structwire
