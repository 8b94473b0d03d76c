// SPDX-License-Identifier: Apache-2.0
#pragma once

// What each operation of the corpus is in C++: one function each, which does what the row says and
// tells how that compares.

#include <string>
#include <vector>

#include <tests/msgspec/corpus_row.hpp>
#include <tests/msgspec/corpus_type.hpp>

namespace structwire::testing::corpus {

/// A row's outcomes, one for each mode that it asks for; or why there is none.
struct Verdict {
  std::vector<Outcome> outcomes;
  /// Not run, and why.
  std::string skipped;
  /// Cannot be run: counts as a failure.
  std::string broken;

  Verdict() = default;
  Verdict(Outcome outcome) { outcomes.push_back(std::move(outcome)); }
};

inline Verdict unknown_type(std::string_view id) {
  Verdict verdict;
  verdict.broken = "unknown type " + std::string(id);
  return verdict;
}

using Operation = Verdict (*)(const Row&);

// corpus_decode.cpp
Verdict run_decode(const Row& row);
Verdict run_decode_lines(const Row& row);
// corpus_transcode.cpp
Verdict run_transcode(const Row& row);
Verdict run_encode_into(const Row& row);
Verdict run_json_format(const Row& row);
// corpus_convert.cpp
Verdict run_convert(const Row& row);
Verdict run_to_builtins(const Row& row);
// corpus_pairs.cpp
Verdict run_convert_struct(const Row& row);
// corpus_struct.cpp
Verdict run_repr(const Row& row);
Verdict run_compare(const Row& row);
Verdict run_replace(const Row& row);
Verdict run_asdict(const Row& row);
// corpus_small.cpp
Verdict run_ext_hook(const Row& row);
Verdict run_float_encode(const Row& row);
Verdict run_msgpack_f32_decode(const Row& row);
Verdict run_string_encode(const Row& row);
Verdict run_string_encode_repeat(const Row& row);
Verdict run_sizes(const Row& row);
Verdict run_int_encode(const Row& row);

// corpus_schema.cpp
Verdict run_schema(const Row& row);
Verdict run_schema_components(const Row& row);
// corpus_type_info.cpp
Verdict run_type_info(const Row& row);

// ---- used by several (corpus_decode.cpp) ----

/// Whether `ours.output` is what msgspec wrote; the entries of maps may have another order.
bool is_output(const Row& row, const Outcome& ours);
/// Whether `ours.value` is what the row says, whatever the order of maps and sets.
bool is_value(const Value& expected, const Outcome& ours);
/// Whether `error` is the row's.
bool is_error(const Row& row, const std::optional<Error>& error);
/// The outcome of an input that cannot be read.
inline Outcome refused(Error error) {
  Outcome ours;
  ours.error = std::move(error);
  return ours;
}
/// An outcome for each difference between two schemas, or one that is the same. Numbers are equal by value, as in JSON
/// Schema: 1 is 1.0.
Verdict compare_schemas(const Value& ours, const Value& theirs);
/// The outcome of a single fact.
Outcome expect(bool same, std::string unlike);

}  // namespace structwire::testing::corpus
