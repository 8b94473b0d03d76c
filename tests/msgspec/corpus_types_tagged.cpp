// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <tests/msgspec/corpus_type.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

constexpr std::array types = {
    corpus_type<Get>("Get"),
    corpus_type<Put>("Put"),
    corpus_type<std::variant<Get, Put>>("Get_or_Put"),
    corpus_type<std::optional<std::variant<Get, Put, std::int64_t>>>("Get_Put_int_null"),
    corpus_type<std::vector<std::variant<Get, Put>>>("list_Get_or_Put"),
    corpus_type<std::map<std::string, std::variant<Get, Put>>>("map_Get_or_Put"),
    corpus_type<std::variant<OGet, OPut, ODel>>("Op"),
    corpus_type<std::variant<I1, I2, IN>>("IntTags"),
    corpus_type<std::variant<AG, AP>>("ArrTags"),
    corpus_type<std::variant<AI1, AI2>>("ArrIntTags"),
    corpus_type<Scene>("Scene"),
    corpus_type<APoint>("APoint"),
    corpus_type<AUser>("AUser"),
    corpus_type<AStrict>("AStrict"),
    corpus_type<AOmit>("AOmit"),
    corpus_type<ATag>("ATag"),
    corpus_type<ANest>("ANest"),
    corpus_type<AUnset>("AUnset"),
};

}  // namespace

std::span<const CorpusType> tagged_types() { return types; }

}  // namespace structwire::testing::corpus
