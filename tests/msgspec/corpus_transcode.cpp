// SPDX-License-Identifier: Apache-2.0

// From one format into another, into memory that is there already, and into another layout.

#include <structwire/formats/json/reformat.hpp>
#include <tests/msgspec/corpus_operations.hpp>

namespace structwire::testing::corpus {
namespace {

EncodeOptions options_of(const RowOptions& row) {
  EncodeOptions options;
  if (row.order == "deterministic") options.order = Order::deterministic;
  if (row.order == "sorted") options.order = Order::sorted;
  if (row.decimal_format == "number") options.decimals = DecimalForm::number;
  if (row.uuid_format == "hex") options.uuids = UuidForm::hexadecimal;
  if (row.uuid_format == "bytes") options.uuids = UuidForm::bytes;
  return options;
}

}  // namespace

Verdict run_transcode(const Row& row) {
  const CorpusType* type = find_type(row.type);
  if (type == nullptr) return unknown_type(row.type);
  Outcome ours;
  ours.output_format = row.to;
  const std::string input = input_of(row);
  auto held = type->decode(format_named(row.format), bytes_of(input), {});
  if (!held) {
    ours.error = std::move(held.error());
    ours.same = is_error(row, ours.error);
    return ours;
  }
  ours.value = (*held)->notation();
  auto encoded = (*held)->encode(format_named(row.to), options_of(row.options));
  if (encoded) {
    ours.output = std::string(encoded->text());
    ours.same = row.ok && is_output(row, ours);
  } else {
    ours.encode_error = std::move(encoded.error());
    ours.same = is_error(row, ours.encode_error);
  }
  return ours;
}

// Offsets are std::size_t: -1 is append_to, and other negative ones cannot be said.
Verdict run_encode_into(const Row& row) {
  const CorpusType* type = find_type(row.type);
  if (type == nullptr) return unknown_type(row.type);
  auto held = type->decode(json::format(), bytes_of(row.value_json), {});
  if (!held) return refused(held.error());
  const bool is_offset = row.offset && *row.offset >= -1;
  if (!is_offset) return expect(false, "an offset that C++ cannot say");
  Buffer buffer(from_hex(row.buffer));
  const Format& format = format_named(row.to);
  auto written = *row.offset == -1
                     ? (*held)->append(format, buffer)
                     : (*held)->encode_at(format, buffer, static_cast<std::size_t>(*row.offset));
  Outcome ours;
  ours.output_format = "buffer";
  ours.output = std::string(buffer.text());
  if (!written) {
    ours.encode_error = std::move(written.error());
    ours.same = is_error(row, ours.encode_error) && to_hex(buffer.text()) == row.buffer_after;
  } else {
    ours.same = row.ok && row.output == to_hex(buffer.text());
  }
  return ours;
}

Verdict run_json_format(const Row& row) {
  Outcome ours;
  ours.output_format = "json";
  Buffer buffer;
  auto written = json::reformat(input_of(row), row.indent, buffer);
  if (!written) {
    ours.error = std::move(written.error());
    ours.same = is_error(row, ours.error);
    return ours;
  }
  ours.output = std::string(buffer.text());
  const auto outputs = outputs_of(row, "json");
  ours.same = row.ok && !outputs.empty() && outputs.front() == ours.output;
  return ours;
}

}  // namespace structwire::testing::corpus
