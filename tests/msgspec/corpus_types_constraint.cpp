// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <tests/msgspec/corpus_type.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

constexpr std::array types = {
    corpus_type<sw::Annotated<std::int64_t, sw::ge(0), sw::le(100)>>("int_0_100"),
    corpus_type<sw::Annotated<std::int64_t, sw::gt(0), sw::lt(10)>>("int_gt0_lt10"),
    corpus_type<sw::Annotated<std::int64_t, sw::multiple_of(5)>>("int_mult5"),
    corpus_type<sw::Annotated<std::int64_t, sw::ge(-128), sw::le(127)>>("int_i8"),
    corpus_type<sw::Annotated<std::int64_t, sw::ge(0), sw::le(255)>>("int_u8"),
    corpus_type<sw::Annotated<std::int64_t, sw::ge(-2147483648), sw::le(2147483647)>>("int_i32"),
    corpus_type<sw::Annotated<std::int64_t, sw::ge(INT64_MIN), sw::le(9223372036854775807)>>("int_i64"),
    corpus_type<sw::Annotated<std::int64_t, sw::ge(0)>>("int_ge0"),
    corpus_type<sw::Annotated<std::int64_t, sw::gt(-10), sw::le(50), sw::multiple_of(3)>>("int_all"),
    corpus_type<sw::Annotated<double, sw::ge(-180.0), sw::le(180.0)>>("float_ge_le"),
    corpus_type<sw::Annotated<double, sw::gt(0), sw::lt(1)>>("float_gt0_lt1"),
    corpus_type<sw::Annotated<double, sw::ge(0.1)>>("float_ge01"),
    corpus_type<sw::Annotated<double, sw::multiple_of(0.25)>>("float_mult"),
    corpus_type<sw::Annotated<std::string, sw::min_length(2), sw::max_length(5)>>("str_2_5"),
    corpus_type<sw::Annotated<std::string, sw::pattern<"^[a-z_][a-z0-9_-]*$">>>("str_pat_anch"),
    corpus_type<sw::Annotated<std::string, sw::pattern<"es">>>("str_pat_unanch"),
    corpus_type<sw::Annotated<std::string, sw::min_length(1), sw::max_length(8), sw::pattern<"^[a-z_][a-z0-9_-]*$">, sw::description<"A valid UNIX username">>>("str_unixname"),
    corpus_type<sw::Annotated<sw::Bytes, sw::min_length(2), sw::max_length(4)>>("bytes_2_4"),
    corpus_type<sw::Annotated<std::vector<std::int64_t>, sw::min_length(1), sw::max_length(3)>>("list_1_3"),
    corpus_type<sw::Annotated<std::set<std::int64_t>, sw::min_length(1), sw::max_length(2)>>("set_1_2"),
    corpus_type<sw::Annotated<std::vector<std::int64_t>, sw::min_length(2)>>("vartuple_min2"),
    corpus_type<sw::Annotated<std::map<std::string, std::int64_t>, sw::min_length(1), sw::max_length(2)>>("map_1_2"),
    corpus_type<std::map<sw::Annotated<std::string, sw::max_length(4), sw::pattern<"^[a-z]+$">>, std::int64_t>>("map_key_pat"),
    corpus_type<std::map<std::string, sw::Annotated<std::int64_t, sw::ge(0)>>>("map_val_ge0"),
    corpus_type<std::vector<sw::Annotated<std::int64_t, sw::gt(0)>>>("list_elem_gt0"),
    corpus_type<std::optional<sw::Annotated<std::int64_t, sw::ge(0)>>>("opt_int_ge0"),
    corpus_type<std::variant<sw::Annotated<std::int64_t, sw::ge(1), sw::le(3)>, sw::Annotated<std::string, sw::min_length(2)>>>("int_or_str_constr"),
};

}  // namespace

std::span<const CorpusType> constraint_types() { return types; }

}  // namespace structwire::testing::corpus
