// SPDX-License-Identifier: Apache-2.0

// Small pieces that work on bytes: Buffer, base64, UTF-8.

#include <gtest/gtest.h>

#include <structwire/core/base64.hpp>
#include <structwire/core/buffer.hpp>
#include <structwire/core/utf8.hpp>
#include <tests/support/random.hpp>

namespace structwire {
namespace {

Bytes bytes_of(std::string_view text) {
  const auto view = std::as_bytes(std::span(text));
  return {view.begin(), view.end()};
}

TEST(Buffer, keeps_its_content_while_it_grows) {
  Buffer buffer;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string piece = std::to_string(i);
    buffer.append(std::as_bytes(std::span(piece)));
    expected += piece;
  }
  EXPECT_EQ(buffer.text(), expected);
}

TEST(Buffer, gives_memory_back_when_most_of_it_is_unused) {
  Buffer buffer("abc");
  buffer.reserve(1000);
  buffer.shrink_to_half();
  EXPECT_EQ(buffer.text(), "abc");
  EXPECT_LE(buffer.capacity(), 6u);
}

TEST(Buffer, copies_deeply_and_moves_cheaply) {
  Buffer first("abc");
  Buffer copy = first;
  copy.append(std::as_bytes(std::span("d", 1)));
  EXPECT_EQ(first.text(), "abc");
  const std::byte* memory = copy.data();
  const Buffer moved = std::move(copy);
  EXPECT_EQ(moved.data(), memory);
  EXPECT_EQ(moved.text(), "abcd");
  const Buffer& itself = first;
  first = itself;
  EXPECT_EQ(first.text(), "abc");
}

// RFC 4648, section 10.
TEST(Base64, encodes_and_decodes_the_vectors_of_the_rfc) {
  const std::pair<const char*, const char*> rows[] = {{"", ""},         {"f", "Zg=="},         {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},  {"foob", "Zm9vYg=="},  {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : rows) {
    EXPECT_EQ(base64::encode(bytes_of(plain)), encoded);
    Bytes decoded;
    ASSERT_TRUE(base64::decode(encoded, decoded)) << encoded;
    EXPECT_EQ(decoded, bytes_of(plain));
  }
}

TEST(Base64, refuses_what_is_not_base64) {
  Bytes decoded;
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "=Zg=", "Z=g=", "Zg==Zg==", "Zm9v\n", "Zm9-", "Zm 9", "===="}) {
    EXPECT_FALSE(base64::decode(text, decoded)) << text;
  }
}

TEST(Base64, returns_random_bytes_unchanged) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 2000; ++i) {
    Bytes bytes(random.below(64));
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.below(256));
    Bytes decoded;
    ASSERT_TRUE(base64::decode(base64::encode(bytes), decoded));
    ASSERT_EQ(decoded, bytes);
  }
}

// The decoder of Unicode's definition D92, written as plainly as it reads, to compare with.
bool is_utf8_by_definition(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto at = [&](std::size_t k) -> std::uint32_t {
      return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0;
    };
    const std::uint32_t lead = at(0);
    std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
    if (length == 0) return false;
    std::uint32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      if (at(k) >> 6 != 2) return false;
      code = code << 6 | (at(k) & 0x3F);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    i += length;
  }
  return true;
}

TEST(Utf8, agrees_with_the_definition_on_all_short_sequences) {
  const auto check = [](std::string_view text) {
    ASSERT_EQ(utf8::is_valid(text), is_utf8_by_definition(text)) << ::testing::PrintToString(std::string(text));
  };
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const char two[] = {static_cast<char>(a), static_cast<char>(b)};
      check({two, 2});
    }
  }
  test::Random random(test::random_seed());
  for (int i = 0; i < 300'000; ++i) {
    // Bytes near the borders, in text long enough for the word-wise path.
    static constexpr unsigned char borders[] = {'a', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1,
                                                0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5};
    std::string text(random.below(20), 'x');
    for (int k = 0; k < 5 && !text.empty(); ++k) text[random.below(text.size())] = static_cast<char>(borders[random.below(sizeof borders)]);
    check(text);
  }
}

TEST(Utf8, replaces_each_maximal_ill_formed_part) {
  EXPECT_EQ(utf8::replaced("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(utf8::replaced("\xE2\x82"), "\xEF\xBF\xBD") << "a truncated sequence is one part";
  EXPECT_EQ(utf8::replaced("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") << "a surrogate is three";
  EXPECT_EQ(utf8::replaced("größe"), "größe");
}

TEST(Utf8, counts_code_points) {
  EXPECT_EQ(utf8::code_points("größe"), 5u);
  EXPECT_EQ(utf8::code_points("\xF0\x9F\x98\x80!"), 2u);
}

}  // namespace
}  // namespace structwire
