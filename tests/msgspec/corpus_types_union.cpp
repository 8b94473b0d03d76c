// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <tests/msgspec/corpus_type.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

constexpr std::array types = {
    corpus_type<std::optional<std::int64_t>>("opt_int"),
    corpus_type<std::optional<std::string>>("opt_str"),
    corpus_type<std::optional<double>>("opt_float"),
    corpus_type<std::optional<bool>>("opt_bool"),
    corpus_type<std::optional<sw::Bytes>>("opt_bytes"),
    corpus_type<std::optional<sw::DateTime>>("opt_datetime"),
    corpus_type<std::variant<std::int64_t, std::string>>("int_or_str"),
    corpus_type<std::variant<std::int64_t, double>>("int_or_float"),
    corpus_type<std::variant<bool, std::int64_t>>("bool_or_int"),
    corpus_type<std::variant<double, std::string>>("float_or_str"),
    corpus_type<std::optional<std::variant<bool, std::int64_t, double, std::string>>>("bool_int_float_str_null"),
    corpus_type<std::variant<std::int64_t, std::vector<std::int64_t>>>("int_or_list_int"),
    corpus_type<std::variant<std::string, std::map<std::string, std::int64_t>>>("str_or_map"),
    corpus_type<std::variant<std::int64_t, sw::DateTime>>("int_or_datetime"),
    corpus_type<std::variant<double, sw::Decimal>>("float_or_decimal"),
    corpus_type<std::variant<sw::Decimal, std::int64_t>>("decimal_or_int"),
    corpus_type<std::variant<bool, sw::DateTime>>("bool_or_datetime"),
    corpus_type<std::variant<double, std::chrono::microseconds>>("float_or_duration"),
    corpus_type<std::variant<sw::Bytes, std::int64_t>>("bytes_or_int"),
    corpus_type<std::variant<Fruit, std::int64_t>>("fruit_or_int"),
    corpus_type<std::variant<Level, std::string>>("level_or_str"),
    corpus_type<std::optional<sw::Uuid>>("uuid_or_null"),
};

}  // namespace

std::span<const CorpusType> union_types() { return types; }

}  // namespace structwire::testing::corpus
