// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <tests/msgspec/corpus_type.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

constexpr std::array types = {
    corpus_type<MsgV1>("MsgV1"),
    corpus_type<MsgV2>("MsgV2"),
    corpus_type<MsgV3>("MsgV3"),
    corpus_type<MsgV3Break>("MsgV3Break"),
    corpus_type<MsgV4Strict>("MsgV4Strict"),
    corpus_type<MsgV5Typed>("MsgV5Typed"),
    corpus_type<AEv1>("AEv1"),
    corpus_type<AEv2>("AEv2"),
    corpus_type<AEv2b>("AEv2b"),
    corpus_type<std::variant<EvT1, EvT2>>("EvUnion2"),
    corpus_type<std::variant<EvT1, EvT2, EvT3>>("EvUnion3"),
    corpus_type<EvOpt1>("EvOpt1"),
    corpus_type<EvOpt2>("EvOpt2"),
    corpus_type<EvWiden>("EvWiden"),
    corpus_type<EvFloat>("EvFloat"),
    corpus_type<TD>("TypedDict_opt"),
    corpus_type<TDReq>("TypedDict_req"),
    corpus_type<NT>("NamedTuple"),
    corpus_type<DC>("Dataclass"),
};

}  // namespace

std::span<const CorpusType> evolution_types() { return types; }

}  // namespace structwire::testing::corpus
