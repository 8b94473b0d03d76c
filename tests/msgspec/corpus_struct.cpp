// SPDX-License-Identifier: Apache-2.0

// What programs do with structs besides reading and writing them.

#include <tests/msgspec/corpus_operations.hpp>

namespace structwire::testing::corpus {
namespace {

Verdict waits_for(std::string_view what) {
  Verdict verdict;
  verdict.skipped = std::string(what);
  return verdict;
}

// The value that `hex` holds; an outcome with the error when there is none.
HeldResult from_msgpack(const CorpusType& type, std::string_view hex) {
  const std::string input = from_hex(hex);
  return type.decode(msgpack::format(), bytes_of(input), {});
}

}  // namespace

Verdict run_repr(const Row&) { return waits_for("repr waits for sw::show"); }

Verdict run_compare(const Row& row) {
  const CorpusType* type = find_type(row.type);
  if (type == nullptr) return unknown_type(row.type);
  const auto a = from_msgpack(*type, row.a_msgpack);
  const auto b = from_msgpack(*type, row.b_msgpack);
  if (!a || !b) return expect(false, (a ? b : a).error().message());
  const bool equal = (*a)->equals(**b);
  if (equal != row.eq) return expect(false, equal ? "equal" : "not equal");
  if (row.lt || row.hash_eq) return waits_for("compare with an order or a hash waits for both");
  return expect(true, {});
}

Verdict run_replace(const Row&) { return waits_for("replace waits for sw::replace"); }

// The members by name, and as a tuple: in C++ they are simply there.
Verdict run_asdict(const Row& row) {
  const CorpusType* type = find_type(row.type);
  if (type == nullptr) return unknown_type(row.type);
  const auto held = from_msgpack(*type, row.input_msgpack);
  if (!held) return expect(false, held.error().message());
  const Value notation = (*held)->notation();
  Outcome ours;
  Value::Map members;
  Value::Array tuple;
  for (const auto& [key, value] : *notation.get_if<Value::Map>()) {
    if (key == Value("$struct")) continue;
    members.push_back({key, value});
    tuple.push_back(value);
  }
  ours.value = Value(std::move(members));
  ours.same = row.value && is_value(*row.value, ours) && in_order(Value(std::move(tuple))) == in_order(row.tuple);
  return ours;
}

}  // namespace structwire::testing::corpus
