// SPDX-License-Identifier: Apache-2.0

// From the members of one struct to another type: the pairs that the corpus asks for.

#include <array>

#include <structwire/core/convert_members.hpp>
#include <tests/msgspec/corpus_operations.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

struct Pair {
  std::string_view from;
  std::string_view to;
  Outcome (*convert)(std::span<const std::byte> from, const DecodeOptions& options);
};

template <class From, class To>
Outcome convert_pair(std::span<const std::byte> from, const DecodeOptions& options) {
  Outcome ours;
  ours.lax = options.lax;
  auto source = msgpack::decode<From>(from);
  if (!source) {
    ours.error = std::move(source.error());
    return ours;
  }
  To made{};
  if (auto converted = convert_into(*source, made, options); !converted) {
    ours.error = std::move(converted.error());
  } else {
    ours.value = notation(made);
  }
  return ours;
}

template <class From, class To>
constexpr Pair pair(std::string_view from, std::string_view to) {
  return {from, to, convert_pair<From, To>};
}

constexpr std::array pairs = {
    pair<MsgV1, MsgV2>("MsgV1", "MsgV2"),
    pair<MsgV3, MsgV2>("MsgV3", "MsgV2"),
    pair<MsgV2, MsgV3>("MsgV2", "MsgV3"),
    pair<MsgV2, MsgV4Strict>("MsgV2", "MsgV4Strict"),
    pair<MsgV2, MsgV1>("MsgV2", "MsgV1"),
    pair<MsgV3, MsgV3Break>("MsgV3", "MsgV3Break"),
    pair<User, DC>("User", "Dataclass"),
    pair<DC, User>("Dataclass", "User"),
    pair<EvWiden, EvOpt1>("EvWiden", "EvOpt1"),
    pair<Patch, PatchOmit>("Patch", "PatchOmit"),
    pair<APoint, Point>("APoint", "Point"),
    pair<Point, APoint>("Point", "APoint"),
    pair<Get, Put>("Get", "Put"),
    pair<RenCamel, RenPascal>("RenCamel", "RenPascal"),
    pair<Inner, Outer>("Inner", "Outer"),
    pair<EvOpt2, EvOpt1>("EvOpt2", "EvOpt1"),
    pair<AUser, User>("AUser", "User"),
    pair<Frozen, Inner>("Frozen", "Inner"),
    pair<Point, std::variant<Get, Put>>("Point", "Get_or_Put"),
    pair<Get, std::variant<Get, Put>>("Get", "Get_or_Put"),
    pair<CdfCursor, std::map<std::string, Value>>("CdfCursor", "map_str_any"),
    pair<Point, std::map<Value, Value>>("Point", "map_any"),
    pair<Message, MsgV2>("Message", "MsgV2"),
    pair<Interval, std::vector<Interval>>("Interval", "list_Interval"),
};

}  // namespace

Verdict run_convert_struct(const Row& row) {
  const auto* found = std::ranges::find_if(
      pairs, [&](const Pair& each) { return each.from == row.from_type && each.to == row.type; });
  if (found == pairs.end()) return unknown_type(row.from_type + " to " + row.type);
  DecodeOptions options;
  options.lax = row.strict == Value(false);
  const std::string input = from_hex(row.from_msgpack);
  Outcome ours = found->convert(bytes_of(input), options);
  ours.same =
      ours.error ? is_error(row, ours.error) : row.ok && row.value && is_value(*row.value, ours);
  return ours;
}

}  // namespace structwire::testing::corpus
