// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/base64_kernels.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <structwire/core/base64.hpp>
#include <tests/support/random.hpp>

namespace structwire {
namespace {

using base64::Kernels;

// Every form that was compiled; those that this processor cannot run are skipped.
class Base64Kernels : public testing::TestWithParam<const Kernels*> {
 protected:
  void SetUp() override {
    if (!kernels->runs_here()) GTEST_SKIP() << "this processor has no " << kernels->name;
  }
  const Kernels* kernels = GetParam();
};

// Bit by bit.
std::string by_bits(const std::vector<std::byte>& bytes) {
  std::string text;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 6) {
    unsigned six = 0;
    for (std::size_t i = bit; i < bit + 6; ++i) {
      const bool set = i < 8 * bytes.size() && (std::to_integer<unsigned>(bytes[i / 8]) >> (7 - i % 8) & 1) != 0;
      six = six << 1 | static_cast<unsigned>(set);
    }
    text += base64::alphabet[six];
  }
  while (text.size() % 4 != 0) text += '=';
  return text;
}

std::vector<std::byte> random_bytes(test::Random& random, std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.below(256));
  return bytes;
}

// Input and output are allocated to the byte, so that AddressSanitizer sees what goes beyond.
TEST_P(Base64Kernels, encode_as_the_bits_stand) {
  test::Random random(test::random_seed());
  for (std::size_t size = 0; size < 400; ++size) {
    const std::vector<std::byte> bytes = random_bytes(random, size);
    const std::string expected = by_bits(bytes);
    std::vector<char> out(expected.size());
    const std::size_t done = kernels->encode(bytes.data(), bytes.size(), out.data());
    ASSERT_LE(done, size);
    ASSERT_EQ(done % 3, 0u);
    ASSERT_EQ(std::string(out.data(), done / 3 * 4), expected.substr(0, done / 3 * 4)) << size;
    EXPECT_EQ(base64::encode(bytes), expected);
  }
}

TEST_P(Base64Kernels, decode_what_was_encoded) {
  test::Random random(test::random_seed());
  for (std::size_t size = 0; size < 400; ++size) {
    const std::vector<std::byte> bytes = random_bytes(random, size);
    const std::string whole = by_bits(bytes);
    const std::vector<char> text(whole.begin(), whole.end());
    std::vector<std::byte> out(size);
    const std::size_t done = kernels->decode(text.data(), text.size(), out.data());
    ASSERT_LE(done, text.size());
    ASSERT_EQ(done % 4, 0u);
    out.resize(done / 4 * 3);
    ASSERT_EQ(out, std::vector<std::byte>(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(out.size()))) << size;
  }
}

// Each of the 256 at each place of a block.
TEST_P(Base64Kernels, stop_in_front_of_every_other_character) {
  const std::string good(204, 'w');
  for (std::size_t at = 0; at < 136; ++at) {
    for (unsigned c = 0; c < 256; ++c) {
      std::string text = good;
      text[at] = static_cast<char>(c);
      std::vector<std::byte> out(text.size() / 4 * 3);
      const std::size_t done = kernels->decode(text.data(), text.size(), out.data());
      const bool known = base64::values.of[c] != base64::no_value;
      if (known) {
        ASSERT_EQ(done, kernels->decode(good.data(), good.size(), out.data())) << c;
      } else {
        ASSERT_LE(done, at) << c;
      }
      Bytes decoded;
      ASSERT_EQ(base64::decode(text, decoded), known) << c;
      if (known) {
        ASSERT_EQ(base64::encode(decoded), text);
      }
    }
  }
}

const auto kernel_list = base64::all_kernels();
INSTANTIATE_TEST_SUITE_P(each, Base64Kernels, testing::ValuesIn(kernel_list.begin(), kernel_list.end()),
                         [](const auto& form) { return std::string(form.param->name); });

}  // namespace
}  // namespace structwire
