// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/uuid.hpp>

#include <gtest/gtest.h>

#include <unordered_set>

#include <tests/support/random.hpp>

namespace structwire {
namespace {

constexpr char sample[] = "c4524ac0-e81e-4aa8-a595-0aec605a659a";

Uuid random_uuid(test::Random& random) {
  Uuid uuid;
  for (std::byte& byte : uuid.bytes) byte = static_cast<std::byte>(random.bits());
  return uuid;
}

TEST(Uuid, is_read_with_and_without_hyphens_in_either_case) {
  for (const char* text :
       {sample, "C4524AC0-E81E-4AA8-A595-0AEC605A659A", "c4524ac0e81e4aa8a5950aec605a659a",
        "C4524ac0E81e4aa8a5950aec605a659A"}) {
    const auto uuid = Uuid::from_text(text);
    ASSERT_TRUE(uuid) << text;
    EXPECT_EQ(uuid->text(), sample);
    EXPECT_EQ(uuid->bytes[0], std::byte{0xC4});
    EXPECT_EQ(uuid->bytes[15], std::byte{0x9A});
  }
}

TEST(Uuid, refuses_every_other_text) {
  for (const char* text :
       {"", "a", "c4524ac0-e81e-4aa8-a595-0aec605a659", "c4524ac0-e81e-4aa8-a595-0aec605a659g",
        "c4524ac0e-81e-4aa8-a595-0aec605a659a", "c4524ac0-e81e4aa8a5950aec605a659a",
        "{c4524ac0-e81e-4aa8-a595-0aec605a659a}", "c4524ac0_e81e_4aa8_a595_0aec605a659a",
        "c4524ac0e81e4aa8a5950aec605a65 a", "c4524ac0e81e4aa8a5950aec605a659aff",
        "-4524ac0e81e4aa8a5950aec605a659a"}) {
    Uuid uuid{{std::byte{7}}};
    EXPECT_STREQ(TextScalar<Uuid>::parse(text, uuid), "Invalid UUID") << text;
    EXPECT_EQ(uuid.bytes[0], std::byte{7}) << "a refused text leaves the value";
  }
}

TEST(Uuid, refuses_each_character_that_is_no_digit_at_each_place) {
  for (int character = 0; character < 256; ++character) {
    const bool is_digit =
        std::string_view("0123456789abcdefABCDEF").find(static_cast<char>(character)) !=
        std::string_view::npos;
    for (std::size_t place = 0; place < uuid_text_size; ++place) {
      std::string text = sample;
      const bool is_hyphen = text[place] == '-';
      text[place] = static_cast<char>(character);
      EXPECT_EQ(Uuid::from_text(text).has_value(), is_hyphen ? character == '-' : is_digit) << text;
    }
  }
}

TEST(Uuid, reads_back_all_three_forms) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 20'000; ++i) {
    const Uuid uuid = random_uuid(random);
    ASSERT_EQ(Uuid::from_text(uuid.text()), uuid);
    char hex[uuid_hex_size];
    ASSERT_EQ(write_hex(hex, uuid), hex + uuid_hex_size);
    ASSERT_EQ(Uuid::from_text({hex, uuid_hex_size}), uuid);
    std::byte bytes[16];
    ASSERT_EQ(TextScalar<Uuid>::write_bytes(bytes, uuid), bytes + 16);
    Uuid read;
    ASSERT_EQ(TextScalar<Uuid>::parse_bytes(bytes, read), nullptr);
    ASSERT_EQ(read, uuid);
  }
}

TEST(Uuid, has_sixteen_bytes) {
  const std::byte bytes[17]{};
  Uuid uuid;
  for (std::size_t size = 0; size <= 17; ++size) {
    const char* problem = TextScalar<Uuid>::parse_bytes({bytes, size}, uuid);
    if (size == 16) {
      EXPECT_EQ(problem, nullptr);
    } else {
      EXPECT_STREQ(problem, "Invalid UUID bytes");
    }
  }
}

TEST(Uuid, orders_as_its_text_does) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 10'000; ++i) {
    const Uuid a = random_uuid(random);
    Uuid b = a;
    b.bytes[random.below(16)] = static_cast<std::byte>(random.bits());
    ASSERT_EQ(a < b, a.text() < b.text());
    ASSERT_EQ(a == b, a.text() == b.text());
  }
}

TEST(Uuid, hashes_neighbours_differently) {
  std::unordered_set<std::size_t> hashes;
  for (unsigned i = 0; i < 65'536; ++i) {
    Uuid uuid;
    uuid.bytes[14] = static_cast<std::byte>(i >> 8);
    uuid.bytes[15] = static_cast<std::byte>(i);
    hashes.insert(std::hash<Uuid>()(uuid));
  }
  EXPECT_GT(hashes.size(), 65'000u);
}

}  // namespace
}  // namespace structwire
