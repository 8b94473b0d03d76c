// SPDX-License-Identifier: Apache-2.0

// Each rule is as narrow as the row and our outcome allow; the first that applies excuses the outcome and is counted.

#include <tests/msgspec/corpus_divergences.hpp>

#include <array>

#include <tests/msgspec/corpus_notation.hpp>

namespace structwire::testing::corpus {
namespace {

bool mentions(const std::optional<std::string>& text, std::string_view part) {
  return text && text->find(part) != std::string::npos;
}
bool replaced_is(std::string text, std::string_view from, std::string_view to, const std::string& wanted) {
  const auto at = text.find(from);
  if (at == text.npos) return false;
  return text.replace(at, from.size(), to) == wanted;
}
bool is_plain_outcome(const Outcome& ours) { return !ours.error && !ours.encode_error; }

// ---- integers ----

bool is_bigint_refused(const Row& row, const Outcome& ours) {
  return row.has_tag("bigint") && (ours.error || ours.encode_error);
}
bool is_beyond_int64(const Row& row, const Outcome& ours) {
  return row.ok && ours.error && ours.error->code() == ErrorCode::number_out_of_range &&
         (row.type.ends_with("int") || row.has_tag("uint64"));
}
bool is_bigint_leaf(const Row& row, const Outcome&) {
  return row.op == "int_encode" && !row.msgpack_error.empty();
}

// ---- what is not looked at ----

bool is_pyexc_refused(const Row& row, const Outcome& ours) {
  return row.has_tag("pyexc") && !row.ok && (ours.error || ours.encode_error);
}
bool is_skipped_field_refused(const Row& row, const Outcome& ours) {
  return row.has_tag("skipped_field") && ours.error && is_syntax(ours.error->code());
}
bool is_raw_refused(const Row& row, const Outcome& ours) {
  return row.type == "raw" && row.op.empty() && ours.error && is_syntax(ours.error->code());
}
bool is_utf8_refused(const Row& row, const Outcome& ours) {
  return !row.ok && ours.error && ours.error->code() == ErrorCode::invalid_utf8 && mentions(row.error, "utf-8");
}
bool is_none_null(const Row& row, const Outcome& ours) {
  return !row.ok && ours.error && row.format == "msgpack" && row.error &&
         replaced_is(*row.error, "`null`", "`None`", ours.error->message());
}

// ---- numbers as texts ----

bool is_minus_zero(const Row& row, const Outcome& ours) {
  if (!row.ok || !is_plain_outcome(ours)) return false;
  if (!row.has_tag("minus_zero") && row.input != "-0") return false;
  return row.value ? ours.value && in_order(*row.value) == in_order(*ours.value) : true;
}

constexpr std::array rules = {
    Divergence{"integers beyond 64 bits are refused", is_bigint_refused},
    Divergence{"`int` is 64 bits with sign", is_beyond_int64},
    Divergence{"C++ has no integer beyond 64 bits to encode", is_bigint_leaf},
    Divergence{"errors that leak Python's insides: being refused is what counts", is_pyexc_refused},
    Divergence{"unknown fields are checked like known ones", is_skipped_field_refused},
    Divergence{"undecoded pieces are checked like decoded ones", is_raw_refused},
    Divergence{"text that is not UTF-8 has an error of ours with a byte offset", is_utf8_refused},
    Divergence{"nil is `null` where msgspec says `None`", is_none_null},
    Divergence{"-0 stays negative in a float", is_minus_zero},
};

}  // namespace

std::span<const Divergence> divergences() { return rules; }

}  // namespace structwire::testing::corpus
