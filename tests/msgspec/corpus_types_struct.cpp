// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <tests/msgspec/corpus_type.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

constexpr std::array types = {
    corpus_type<Point>("Point"),
    corpus_type<Empty>("Empty"),
    corpus_type<User>("User"),
    corpus_type<Node>("Node"),
    corpus_type<Inner>("Inner"),
    corpus_type<Outer>("Outer"),
    corpus_type<Kitchen>("Kitchen"),
    corpus_type<Wide>("Wide"),
    corpus_type<Derived>("Derived"),
    corpus_type<KwOrderSub>("KwOrderSub"),
    corpus_type<AnyHolder>("AnyHolder"),
    corpus_type<Paginated<User>>("Paginated_User"),
    corpus_type<Paginated<std::int64_t>>("Paginated_int"),
    corpus_type<Weird>("Weird"),
    corpus_type<RenLower>("RenLower"),
    corpus_type<RenUpper>("RenUpper"),
    corpus_type<RenCamel>("RenCamel"),
    corpus_type<RenPascal>("RenPascal"),
    corpus_type<RenKebab>("RenKebab"),
    corpus_type<RenMap>("RenMap"),
    corpus_type<RenFunc>("RenFunc"),
    corpus_type<RenField>("RenField"),
};

}  // namespace

std::span<const CorpusType> struct_types() { return types; }

}  // namespace structwire::testing::corpus
