// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <tests/msgspec/corpus_type.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

constexpr std::array types = {
    corpus_type<Fruit>("fruit"),
    corpus_type<Level>("level"),
    corpus_type<Color>("color_ci"),
    corpus_type<Sparse>("sparse"),
    corpus_type<Mode>("mode"),
    corpus_type<sw::Literal<"one", "three", "two">>("lit_str"),
    corpus_type<sw::Literal<1, 2, 3>>("lit_int"),
    corpus_type<sw::Literal<nullptr, 1, "a">>("lit_mixed"),
    corpus_type<sw::Literal<true>>("lit_true"),
    corpus_type<sw::Literal<false, true>>("lit_bools"),
    corpus_type<sw::Literal<-1, 0, 1>>("lit_neg"),
    corpus_type<std::vector<Fruit>>("list_fruit"),
    corpus_type<std::optional<Fruit>>("opt_fruit"),
    corpus_type<std::variant<sw::Literal<"auto", "none">, double>>("lit_str_or_float"),
};

}  // namespace

std::span<const CorpusType> constant_types() { return types; }

}  // namespace structwire::testing::corpus
