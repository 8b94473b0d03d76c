// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <tests/msgspec/corpus_type.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

constexpr std::array types = {
    corpus_type<std::vector<std::int64_t>>("list_int"),
    corpus_type<std::vector<sw::Value>>("list_any"),
    corpus_type<std::vector<std::string>>("list_str"),
    corpus_type<std::vector<std::vector<std::int64_t>>>("list_list_int"),
    corpus_type<std::vector<std::optional<std::int64_t>>>("list_opt_int"),
    corpus_type<std::vector<std::optional<std::variant<std::int64_t, std::string>>>>("list_union"),
    corpus_type<std::set<std::int64_t>>("set_int"),
    corpus_type<std::set<std::string>>("set_str"),
    corpus_type<std::set<std::int64_t>>("frozenset_int"),
    corpus_type<std::set<std::tuple<std::int64_t, std::string>>>("set_tuple"),
    corpus_type<std::tuple<std::int64_t, std::string, double>>("tuple_isf"),
    corpus_type<std::tuple<>>("tuple_empty"),
    corpus_type<std::tuple<std::int64_t, std::tuple<std::string, bool>>>("tuple_nested"),
    corpus_type<std::vector<std::int64_t>>("vartuple_int"),
    corpus_type<std::map<std::string, std::int64_t>>("map_str_int"),
    corpus_type<std::map<sw::Value, sw::Value>>("map_any"),
    corpus_type<std::map<std::int64_t, std::string>>("map_int_str"),
    corpus_type<std::map<double, std::int64_t>>("map_float_int"),
    corpus_type<std::map<sw::Uuid, std::int64_t>>("map_uuid_int"),
    corpus_type<std::map<std::chrono::year_month_day, std::int64_t>>("map_date_int"),
    corpus_type<std::map<sw::DateTime, std::int64_t>>("map_datetime_int"),
    corpus_type<std::map<Fruit, std::int64_t>>("map_fruit_int"),
    corpus_type<std::map<Level, std::int64_t>>("map_level_int"),
    corpus_type<std::map<sw::Literal<"a", "b">, std::int64_t>>("map_lit_int"),
    corpus_type<std::map<std::string, std::vector<std::int64_t>>>("map_str_list"),
    corpus_type<std::map<std::string, sw::Value>>("map_str_any"),
    corpus_type<std::map<std::string, std::map<std::string, std::int64_t>>>("map_str_map"),
    corpus_type<std::map<std::variant<std::int64_t, std::string>, std::int64_t>>("map_opt_key"),
    corpus_type<std::map<sw::Bytes, std::int64_t>>("map_bytes_int"),
    corpus_type<std::map<sw::Decimal, std::int64_t>>("map_decimal_int"),
};

}  // namespace

std::span<const CorpusType> container_types() { return types; }

}  // namespace structwire::testing::corpus
