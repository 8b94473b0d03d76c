// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <tests/msgspec/corpus_type.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

constexpr std::array types = {
    corpus_type<Omit>("Omit"),
    corpus_type<OmitNested>("OmitNested"),
    corpus_type<Forbid>("Forbid"),
    corpus_type<ForbidTag>("ForbidTag"),
    corpus_type<Patch>("Patch"),
    corpus_type<PatchOmit>("PatchOmit"),
    corpus_type<Interval>("Interval"),
    corpus_type<std::vector<Interval>>("list_Interval"),
    corpus_type<ConstrUser>("ConstrUser"),
    corpus_type<Frozen>("Frozen"),
    corpus_type<ReprOmit>("ReprOmit"),
    corpus_type<Schemad>("Schemad"),
    corpus_type<Config>("Config"),
};

}  // namespace

std::span<const CorpusType> option_types() { return types; }

}  // namespace structwire::testing::corpus
