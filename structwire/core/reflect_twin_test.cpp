// SPDX-License-Identifier: Apache-2.0
//
// The enum of reflect_test.cpp once more, with another name behind the same value: in unnamed namespaces they are two
// types, and each keeps its names.
#include <gtest/gtest.h>

#include <string>

#include <structwire/core/reflect.hpp>

namespace structwire::reflect {
namespace {

enum class Twin { first, third };

TEST(Reflect, enums_of_one_name_in_unnamed_namespaces_keep_their_own_names_here_too) {
  EXPECT_EQ(std::string(enumerator_name<Twin::third>.data()), "third");
}

}  // namespace
}  // namespace structwire::reflect
