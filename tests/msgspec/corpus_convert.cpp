// SPDX-License-Identifier: Apache-2.0

// Between structs and dynamic values.

#include <tests/msgspec/corpus_operations.hpp>

namespace structwire::testing::corpus {
namespace {

// msgspec makes base64 of bytes where its caller has not asked for them; a Value always has them.
Value with_base64(const Value& value) {
  if (const auto* bytes = value.get_if<Bytes>()) {
    return Value(std::string(json::decode<std::string>(json::encode(*bytes)).value_or("")));
  }
  if (const auto* items = value.get_if<Value::Array>()) {
    Value::Array made;
    for (const Value& item : *items) made.push_back(with_base64(item));
    return Value(std::move(made));
  }
  if (const auto* map = value.get_if<Value::Map>()) {
    Value::Map made;
    for (const auto& [key, mapped] : *map) made.push_back({with_base64(key), with_base64(mapped)});
    return Value(std::move(made));
  }
  return value;
}

}  // namespace

Verdict run_convert(const Row& row) {
  const CorpusType* type = find_type(row.type);
  if (type == nullptr) return unknown_type(row.type);
  Outcome ours;
  ours.lax = row.strict == Value(false);
  DecodeOptions options;
  options.lax = ours.lax;
  options.text_keys = row.str_keys;
  options.raw_format = &json::format();
  auto held = type->convert(to_plain(row.value_in).value, options);
  if (!held) {
    ours.error = std::move(held.error());
    ours.same = is_error(row, ours.error);
    return ours;
  }
  ours.value = (*held)->notation();
  ours.same = row.ok && row.value && is_value(*row.value, ours);
  return ours;
}

Verdict run_to_builtins(const Row& row) {
  const CorpusType* type = find_type(row.type);
  if (type == nullptr) return unknown_type(row.type);
  Outcome ours;
  const std::string input = from_hex(row.input_msgpack);
  auto held = type->decode(msgpack::format(), bytes_of(input), {});
  if (!held) {
    ours.error = std::move(held.error());
    return ours;
  }
  EncodeOptions options;
  options.text_keys = row.str_keys;
  if (row.order) options.order = *row.order == "sorted" ? Order::sorted : Order::deterministic;
  auto value = (*held)->to_value(options);
  if (!value) {
    ours.encode_error = std::move(value.error());
    ours.same = is_error(row, ours.encode_error);
    return ours;
  }
  ours.value = notation_of_dynamic(row.builtin_types.empty() ? with_base64(*value) : *value);
  ours.same = row.ok && row.value && is_value(*row.value, ours);
  // What is sorted has one order.
  if (ours.same && row.order) ours.same = json::encode(*row.value) == json::encode(*ours.value);
  return ours;
}

}  // namespace structwire::testing::corpus
