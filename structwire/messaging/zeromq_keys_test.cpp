// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/zeromq_keys.hpp>

#include <gtest/gtest.h>

namespace structwire::messaging {
namespace {

TEST(ZeromqKeys, are_read_as_they_were_written) {
  const auto made = curve_keypair();
  ASSERT_TRUE(made);
  const std::string text = text_of(*made);
  const auto pair = read_curve_keys("\r\n" + text + "\n");
  ASSERT_TRUE(pair) << pair.error().message();
  EXPECT_EQ(pair->public_key, made->public_key);
  EXPECT_EQ(pair->secret_key, made->secret_key);
  EXPECT_EQ(read_public_key(public_text_of(*made)).value(), made->public_key);
  // Nobody puts a secret where public keys are without being told.
  EXPECT_FALSE(read_public_key(text));
  EXPECT_FALSE(read_curve_keys(public_text_of(*made)));
}

TEST(ZeromqKeys, what_is_none_is_refused_and_not_repeated) {
  const CurveKeys one = curve_keypair().value();
  const CurveKeys other = curve_keypair().value();
  for (const std::string& text :
       {std::string(), std::string("secret"), std::string("secret \npublic \n"), "secret " + one.secret_key,
        one.secret_key + "\n" + one.public_key, text_of({.public_key = other.public_key, .secret_key = one.secret_key}),
        text_of(one) + text_of(one), "secret " + one.secret_key + "x\npublic " + one.public_key,
        "secret " + std::string(40, '"') + "\npublic " + one.public_key, "key " + one.secret_key}) {
    const auto read = read_curve_keys(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code(), ErrorCode::malformed);
    EXPECT_EQ(read.error().message().find(one.secret_key), std::string::npos);
  }
}

}  // namespace
}  // namespace structwire::messaging
