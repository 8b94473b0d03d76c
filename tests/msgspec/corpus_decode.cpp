// SPDX-License-Identifier: Apache-2.0

// Decoding, and the encoding of what was decoded.

#include <array>

#include <tests/msgspec/corpus_operations.hpp>

namespace structwire::testing::corpus {
namespace {

// The same bytes in another order, as the same entries of a map are.
bool is_permutation_of(std::string a, std::string b) {
  if (a.size() != b.size()) return false;
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

// Of equal keys the last one counts in both.
bool is_same_canonically(const Format& format, std::string_view a, std::string_view b) {
  DecodeOptions deep;
  deep.limits.depth = 2000;
  const auto left = format.decode(bytes_of(a), deep);
  const auto right = format.decode(bytes_of(b), deep);
  if (!left || !right) return false;
  const auto first = msgpack::canonical(*left);
  const auto second = msgpack::canonical(*right);
  return first && second && *first == *second;
}

bool is_same_output(const Outcome& ours, const std::string& theirs) {
  if (ours.output == theirs) return true;
  if (!ours.value || !has_map(*ours.value)) return false;
  if (!is_permutation_of(ours.output, theirs) && !has_equal_keys(*ours.value)) return false;
  return is_same_canonically(format_named(ours.output_format), ours.output, theirs);
}

Outcome decode_once(const CorpusType& type, const Row& row, bool lax) {
  Outcome ours;
  ours.lax = lax;
  const std::string input = input_of(row);
  const Format& format = format_named(row.format);
  DecodeOptions options;
  options.lax = lax;
  auto held = type.decode(format, bytes_of(input), options);
  if (!held) {
    ours.error = std::move(held.error());
    ours.same = is_error(row, ours.error);
    return ours;
  }
  ours.value = (*held)->notation();
  EncodeOptions encode_options;
  if (row.order)
    encode_options.order = *row.order == "sorted" ? Order::sorted : Order::deterministic;
  auto encoded = (*held)->encode(format, encode_options);
  ours.output_format = row.format;
  if (encoded) {
    ours.output = std::string(encoded->text());
  } else {
    ours.encode_error = std::move(encoded.error());
  }
  const bool is_encoding =
      row.encode_error.is_null() ? is_output(row, ours) : ours.encode_error.has_value();
  ours.same =
      row.ok && is_encoding && (!row.value || is_value(*row.value, ours));  // deep ones have none
  return ours;
}

}  // namespace

bool is_output(const Row& row, const Outcome& ours) {
  if (ours.error || ours.encode_error) return false;
  const auto outputs = outputs_of(row, ours.output_format);
  return std::ranges::any_of(
      outputs, [&](const std::string& theirs) { return is_same_output(ours, theirs); });
}

bool is_value(const Value& expected, const Outcome& ours) {
  return ours.value && in_order(expected) == in_order(*ours.value);
}

bool is_error(const Row& row, const std::optional<Error>& error) {
  return !row.ok && row.error && error && error->message() == *row.error;
}

Outcome expect(bool same, std::string unlike) {
  Outcome ours;
  ours.same = same;
  if (!same) ours.unlike = std::move(unlike);
  return ours;
}

Verdict run_decode(const Row& row) {
  const CorpusType* type = find_type(row.type);
  if (type == nullptr) return unknown_type(row.type);
  Verdict verdict;
  // true, false or "both".
  const auto* strict = row.strict.get_if<bool>();
  if (strict == nullptr || *strict) verdict.outcomes.push_back(decode_once(*type, row, false));
  if (strict == nullptr || !*strict) verdict.outcomes.push_back(decode_once(*type, row, true));
  return verdict;
}

Verdict run_decode_lines(const Row& row) {
  const CorpusType* type = find_type(row.type);
  if (type == nullptr) return unknown_type(row.type);
  Outcome ours;
  ours.lax = row.strict == Value(false);
  DecodeOptions options;
  options.lax = ours.lax;
  const std::string input = input_of(row);
  auto lines = type->decode_lines(input, options);
  if (!lines) {
    ours.error = std::move(lines.error());
    ours.same = is_error(row, ours.error);
    return ours;
  }
  ours.value = (*lines)->notation();
  ours.output_format = "json";
  auto encoded = (*lines)->encode();
  if (encoded) {
    ours.output = std::move(*encoded);
  } else {
    ours.encode_error = std::move(encoded.error());
  }
  // Lines are no single JSON value, so maps have to have their order.
  const auto outputs = outputs_of(row, "json");
  ours.same = row.ok && !outputs.empty() && ours.output == outputs.front() && row.value &&
              is_value(*row.value, ours);
  return ours;
}

}  // namespace structwire::testing::corpus
