// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <tests/msgspec/corpus_type.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

constexpr std::array types = {
    corpus_type<Message>("Message"),
    corpus_type<CrossWorkerUpdate>("CrossWorkerUpdate"),
    corpus_type<QueryRequest>("QueryRequest"),
    corpus_type<QueryResponse>("QueryResponse"),
    corpus_type<WorkerState>("WorkerState"),
    corpus_type<StateWithArray>("StateWithArray"),
    corpus_type<CdfCursor>("CdfCursor"),
    corpus_type<ManifestV1>("ManifestV1"),
    corpus_type<DatasetRecord>("DatasetRecord"),
    corpus_type<Manifest>("Manifest"),
    corpus_type<DatafusionExplainEvent>("DatafusionExplainEvent"),
    corpus_type<RawField>("RawField"),
    corpus_type<WithExt>("WithExt"),
    corpus_type<DTs>("DTs"),
    corpus_type<Query>("Query"),
    corpus_type<Det>("Det"),
};

}  // namespace

std::span<const CorpusType> seed_types() { return types; }

}  // namespace structwire::testing::corpus
