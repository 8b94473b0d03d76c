// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/fingerprint.hpp>

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace structwire {
namespace {

struct Point {
  std::int32_t x;
  double y;
};
struct PointOfLong {
  std::int64_t x;
  double y;
};
struct PointRenamed {
  std::int32_t across;
  double y;
  using wire = Rules<member<&PointRenamed::across, name<"x">>>;
};
struct PointDefaulted {
  std::int32_t x;
  double y = 0;
  using wire = Rules<member<&PointDefaulted::y, defaulted>>;
};
struct PointBounded {
  std::int32_t x;
  double y;
  using wire = Rules<member<&PointBounded::x, ge(0)>, forbid_unknown_fields>;
};
struct Swapped {
  double y;
  std::int32_t x;
};
struct Tree {
  std::string label;
  std::vector<Tree> children;
  std::unique_ptr<Tree> next;
};
struct Holder {
  Point point;
  std::optional<Point> maybe;
  std::map<std::string, std::vector<Point>> named;
};

std::string hex(const sha256::Digest& digest) {
  std::string text;
  for (const auto byte : digest) {
    text.push_back("0123456789abcdef"[byte >> 4]);
    text.push_back("0123456789abcdef"[byte & 15]);
  }
  return text;
}

// FIPS 180-4's own examples, and one message of more than a block's padding.
TEST(Sha256, gives_the_digests_of_the_standard) {
  EXPECT_EQ(hex(sha256::digest("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256::digest("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256::digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256::digest(std::string(1000, 'a'))),
            "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
}

TEST(Fingerprint, is_made_of_a_text_that_people_can_read) {
  EXPECT_EQ(wire_description<Point>(), R"(struct{"x"#1!int32;"y"#2!float64;})");
  EXPECT_EQ(wire_description<Tree>(), R"(struct{"label"#1!str;"children"#2!array<^0>;"next"#3?optional<^0>;})");
  const std::string point = fingerprint_text(wire_fingerprint<Point>);
  EXPECT_EQ(wire_description<Holder>(), "struct{\"point\"#1!" + point + ";\"maybe\"#2?optional<" + point +
                                            ">;\"named\"#3!map<str,array<" + point + ">>;}");
}

TEST(Fingerprint, is_the_start_of_the_digest_of_that_text) {
  static_assert(wire_fingerprint<Point> != 0, "it is a constant");
  EXPECT_EQ(fingerprint_text(wire_fingerprint<Point>),
            hex(sha256::digest(wire_description<Point>())).substr(0, 16));
}

TEST(Fingerprint, changes_with_what_a_decoder_must_know) {
  EXPECT_NE(wire_fingerprint<Point>, wire_fingerprint<PointOfLong>);
  EXPECT_NE(wire_fingerprint<Point>, wire_fingerprint<PointDefaulted>);
  EXPECT_NE(wire_fingerprint<Point>, wire_fingerprint<Swapped>);
  EXPECT_NE(wire_fingerprint<std::vector<Point>>, wire_fingerprint<std::vector<Swapped>>);
}

TEST(Fingerprint, does_not_change_with_what_a_decoder_need_not_know) {
  EXPECT_EQ(wire_fingerprint<Point>, wire_fingerprint<PointRenamed>);
  EXPECT_EQ(wire_fingerprint<Point>, wire_fingerprint<PointBounded>);
}

}  // namespace
}  // namespace structwire
