// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <tests/msgspec/corpus_type.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

constexpr std::array types = {
    corpus_type<std::monostate>("null"),
    corpus_type<bool>("bool"),
    corpus_type<std::int64_t>("int"),
    corpus_type<double>("float"),
    corpus_type<std::string>("str"),
    corpus_type<sw::Bytes>("bytes"),
    corpus_type<sw::Value>("any"),
    corpus_type<sw::Raw>("raw"),
    corpus_type<sw::DateTime>("datetime"),
    corpus_type<sw::Annotated<sw::DateTime, sw::aware>>("datetime_aware"),
    corpus_type<sw::Annotated<sw::DateTime, sw::naive>>("datetime_naive"),
    corpus_type<std::chrono::year_month_day>("date"),
    corpus_type<sw::TimeOfDay>("time"),
    corpus_type<sw::Annotated<sw::TimeOfDay, sw::aware>>("time_aware"),
    corpus_type<sw::Annotated<sw::TimeOfDay, sw::naive>>("time_naive"),
    corpus_type<std::chrono::microseconds>("duration"),
    corpus_type<sw::Uuid>("uuid"),
    corpus_type<sw::Decimal>("decimal"),
    corpus_type<sw::Ext>("ext"),
};

}  // namespace

std::span<const CorpusType> scalar_types() { return types; }

}  // namespace structwire::testing::corpus
