// SPDX-License-Identifier: Apache-2.0
#pragma once

// The types that the fuzzers of json, msgpack, convert and lines read, beside the samples: together
// they have every kind of type and every rule that decides something while decoding. Members that
// are written and not read, or the other way round, have no round trip and are left out.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include <structwire/core/extension.hpp>
#include <structwire/core/unknown_alternative.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::fuzz {

/// A map for every type that a text key can spell.
struct Keys {
  std::map<std::int64_t, std::string> integer;
  std::map<std::int8_t, bool> small;
  std::map<std::uint64_t, bool> large;
  std::map<double, std::int64_t> floating;
  std::map<float, std::int64_t> single;
  std::map<Uuid, std::int64_t> uuid;
  std::map<std::chrono::year_month_day, std::int64_t> date;
  std::map<DateTime, std::int64_t> datetime;
  std::map<TimeOfDay, std::int64_t> time;
  std::map<std::chrono::microseconds, std::int64_t> duration;
  std::map<Decimal, std::int64_t> decimal;
  std::map<Bytes, std::int64_t> bytes;
  std::map<corpus::Fruit, std::int64_t> named;
  std::map<corpus::Level, std::int64_t> numbered;
  std::map<Literal<"a", "b">, std::int64_t> literal;
  std::map<Literal<1, 3>, std::int64_t> listed;
  std::map<std::variant<std::int64_t, std::string>, std::int64_t> either;
  std::map<Annotated<std::string, min_length(2), pattern<"^[a-z]+$">>, std::int64_t> checked;
  std::map<Value, Value> any;
  using wire = Rules<all_defaulted, omit_defaults>;
};

/// What holds several values, and unions told apart by kind.
struct Groups {
  std::set<std::string> texts;
  std::set<std::tuple<std::int64_t, std::string>> pairs;
  std::tuple<std::int64_t, std::tuple<std::string, bool>, double> nested;
  std::array<std::uint8_t, 3> three{};
  std::vector<std::optional<std::variant<bool, std::int64_t, double, std::string>>> plain;
  std::variant<std::int64_t, DateTime, std::vector<std::int64_t>> moment;
  std::variant<std::string, std::map<std::string, std::int64_t>> lookup;
  std::variant<double, Decimal> number;
  std::variant<Bytes, std::int64_t> blob;
  std::variant<corpus::Level, std::string> level = corpus::Level::LOW;
  Annotated<std::variant<corpus::Point, corpus::Inner, std::int64_t>, first_match> tried;
  using wire = Rules<all_defaulted>;
};

struct Position {
  std::int32_t line = 0;
  std::int32_t column = 0;
  using wire = Rules<all_defaulted>;
};

/// Between versions: fields that are unknown, renamed, moved, and tags that are new.
struct Evolving {
  std::string message_id;
  Position at_place;
  std::vector<std::variant<corpus::OGet, corpus::OPut, corpus::ODel, UnknownAlternative>>
      operations;
  Unset<std::string> old_name;
  std::map<std::string, Value> others;
  using wire = Rules<all_defaulted, rename(NameStyle::camel), member<&Evolving::at_place, flatten>,
                     member<&Evolving::old_name, alias<"older_name", "oldest">>,
                     member<&Evolving::others, keep_unknown_fields>>;
};

/// Scalars whose rules say how they are spelled or bounded.
struct Scalars {
  std::optional<Annotated<DateTime, aware>> aware_moment;
  Annotated<DateTime, naive> naive_moment;
  Annotated<TimeOfDay, naive> naive_time;
  Annotated<Bytes, hex> hexadecimal;
  Annotated<Bytes, base64url, max_length(64)> url;
  std::optional<Annotated<std::chrono::year_month_day, ge("2000-01-01"), lt("2100-01-01")>> day;
  std::optional<Annotated<Decimal, gt("0.01"), le("99.5")>> price;
  std::chrono::milliseconds wait{};
  std::chrono::nanoseconds exact{};
  std::int8_t tiny = 0;
  std::uint64_t large = 0;
  float single = 0;
  bool flag = false;
  Literal<true, 2, "three"> literal;
  Ext extension;
  corpus::Color color{};
  using wire = Rules<all_defaulted>;
};

template <class... T>
struct TypeList {
  static constexpr std::size_t size = sizeof...(T);
};

using Types =
    TypeList<corpus::Kitchen, std::optional<std::variant<corpus::Get, corpus::Put, std::int64_t>>,
             std::vector<std::variant<corpus::AG, corpus::AP>>, corpus::Scene, corpus::Omit,
             corpus::Patch, corpus::ConstrUser, corpus::Config, Keys, Groups, corpus::RawField,
             corpus::Node, Evolving, Scalars, corpus::Schemad,
             std::variant<corpus::I1, corpus::I2, corpus::IN>>;

}  // namespace structwire::testing::fuzz
