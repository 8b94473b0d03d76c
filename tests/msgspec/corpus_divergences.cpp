// SPDX-License-Identifier: Apache-2.0

// Each rule is as narrow as the row and our outcome allow; the first that applies excuses the outcome and is counted.
// The predicates stand in the order of the table, which is at the end.

#include <tests/msgspec/corpus_divergences.hpp>

#include <array>

#include <structwire/core/utf8.hpp>
#include <tests/msgspec/corpus_notation.hpp>
#include <tests/msgspec/corpus_python.hpp>
#include <tests/msgspec/corpus_type.hpp>

namespace structwire::testing::corpus {
namespace {

// ---- what rows and outcomes say ----

bool is_plain(const Outcome& ours) { return !ours.error && !ours.encode_error; }
bool is_refused(const Outcome& ours) { return ours.error || ours.encode_error; }
bool says(const Row& row, std::string_view part) { return row.error && row.error->find(part) != std::string::npos; }
bool says(const Outcome& ours, std::string_view part) {
  return ours.error && ours.error->message().find(part) != std::string::npos;
}
bool has_code(const Outcome& ours, ErrorCode code) { return ours.error && ours.error->code() == code; }
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  if (const auto at = text.find(from); at != text.npos) text.replace(at, from.size(), to);
  return text;
}
bool is_same_value(const Row& row, const Outcome& ours) {
  return row.ok && row.value && ours.value && in_order(*row.value) == in_order(*ours.value);
}

// The input read without a type; null where it has no such form.
Value untyped_input(const Row& row) {
  if (row.op == "convert") return to_plain(row.value_in).value;
  const bool is_json = row.input_msgpack.empty() && row.format != "msgpack";
  const std::string input = row.input_msgpack.empty() ? input_of(row) : from_hex(row.input_msgpack);
  auto value = format_named(is_json ? "json" : "msgpack").decode(bytes_of(input), {});
  return value ? std::move(*value) : Value();
}

template <class Predicate>
bool any_part(const Value& value, Predicate predicate) {
  if (predicate(value)) return true;
  if (const auto* items = value.get_if<Value::Array>()) {
    return std::ranges::any_of(*items, [&](const Value& item) { return any_part(item, predicate); });
  }
  const auto* map = value.get_if<Value::Map>();
  return map != nullptr && std::ranges::any_of(*map, [&](const Value::Entry& entry) {
           return any_part(entry.key, predicate) || any_part(entry.value, predicate);
         });
}
template <class Predicate>
bool any_text(const Value& value, Predicate predicate) {
  return any_part(value, [&](const Value& part) {
    const auto* text = part.get_if<std::string>();
    return text != nullptr && predicate(*text);
  });
}

// ---- numbers ----

bool is_wide_text(std::string_view text) {
  const std::size_t digits = text.size() - text.starts_with('-');
  return digits >= 19 && text.find_first_not_of("0123456789", text.starts_with('-')) == text.npos;
}
bool has_wide_integer(const Row& row) {
  const Value input = untyped_input(row);
  if (any_part(input, [](const Value& part) { return part.get_if<std::uint64_t>() != nullptr; })) return true;
  if (any_text(input, is_wide_text)) return true;
  // An integer that no Value holds.
  const std::string text = row.format == "json" ? input_of(row) : std::string();
  for (std::size_t at = 0, end = 0; (at = text.find_first_of("-0123456789", end)) != text.npos;) {
    end = std::min(text.find_first_not_of("0123456789", at + 1), text.size());
    if (is_wide_text(std::string_view(text).substr(at, end - at))) return true;
  }
  return row.op == "convert" && to_plain(row.value_in).wide;
}
bool is_integer_out_of_range(const Row& row, const Outcome& ours) {
  const bool tagged = row.has_tag("bigint") || row.has_tag("uint64");
  const bool refused = has_code(ours, ErrorCode::number_out_of_range) || (!row.ok && says(ours, "Invalid enum value"));
  return is_refused(ours) && (tagged || (refused && has_wide_integer(row)));
}
bool is_wide_fed_as_float(const Row& row, const Outcome& ours) {
  return row.op == "convert" && to_plain(row.value_in).wide && (row.ok || ours.error);
}
bool is_bigint_leaf(const Row& row, const Outcome&) { return row.op == "int_encode" && !row.msgpack_error.empty(); }

// Numbers that Python holds as ints where the C++ member is a double.
Value with_doubles(const Value& value) {
  if (const auto* number = value.get_if<std::int64_t>()) return Value(static_cast<double>(*number));
  if (const auto* items = value.get_if<Value::Array>()) {
    Value::Array made;
    for (const Value& item : *items) made.push_back(with_doubles(item));
    return Value(std::move(made));
  }
  const auto* map = value.get_if<Value::Map>();
  if (map == nullptr) return value;
  Value::Map made;
  for (const auto& [key, mapped] : *map) made.push_back({key, with_doubles(mapped)});
  return Value(std::move(made));
}
bool is_int_default(const Row& row, const Outcome& ours) {
  if (row.type != "ConstrUser" && row.type != "OmitNested") return false;
  if (!row.ok || !is_plain(ours)) return false;
  if (row.value && !(with_doubles(in_order(*row.value)) == with_doubles(in_order(*ours.value)))) return false;
  const auto outputs = outputs_of(row, ours.output_format);
  return outputs.empty() || std::ranges::any_of(outputs, [&](const std::string& output) {
           const Format& format = format_named(ours.output_format);
           const auto theirs = format.decode(bytes_of(output), {});
           const auto mine = format.decode(bytes_of(ours.output), {});
           return theirs && mine && with_doubles(*theirs) == with_doubles(*mine);
         });
}

Value without_signs_of_zero(const Value& value) {
  if (value == Value("-0")) return Value("0");
  if (const auto* items = value.get_if<Value::Array>()) {
    Value::Array made;
    for (const Value& item : *items) made.push_back(without_signs_of_zero(item));
    return Value(std::move(made));
  }
  const auto* map = value.get_if<Value::Map>();
  if (map == nullptr) return value;
  Value::Map made;
  for (const auto& [key, mapped] : *map) made.push_back({key, without_signs_of_zero(mapped)});
  return Value(std::move(made));
}
bool is_minus_zero(const Row& row, const Outcome& ours) {
  const auto zero = [](const std::string& text) { return text == "-0"; };
  if (!row.has_tag("minus_zero") && row.input != "-0" && !any_text(untyped_input(row), zero)) return false;
  // As a text it is false to Python.
  if (!row.ok || (row.value && *row.value == Value(false))) return row.ok;
  if (ours.error) return says(ours, "`bool");
  if (!is_plain(ours)) return false;
  if (!ours.value || !row.value) return ours.output.find("-0") != ours.output.npos;
  return without_signs_of_zero(in_order(*row.value)) == without_signs_of_zero(in_order(*ours.value));
}
bool is_number_text_out_of_range(const Row& row, const Outcome& ours) {
  return !row.ok && ours.lax && ours.error && row.error->starts_with("Number out of range");
}

// ---- texts ----

bool is_odd_decimal(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c <= ' ' || c == '_' || static_cast<unsigned char>(c) >= 0x7F; });
}
bool is_decimal_text(const Row& row, const Outcome& ours) {
  return says(ours, "Invalid decimal string") &&
         (row.has_tag("decimal_text") || any_text(untyped_input(row), is_odd_decimal));
}
bool is_line_end(const Row& row, const Outcome& ours) {
  return row.ok && row.has_tag("line_end") && says(ours, "matching regex");
}
bool is_base64_length(const Row& row, const Outcome& ours) {
  return !row.ok && says(row, "Expected `bytes` of length") && says(ours, "Invalid base64 encoded string");
}
bool is_utf8_refused(const Row& row, const Outcome& ours) {
  return has_code(ours, ErrorCode::invalid_utf8) && (row.format == "msgpack" || !utf8::is_valid(input_of(row)));
}

// ---- what is looked at ----

bool is_unhashable_nan(const Row& row, const Outcome& ours) {
  return !row.ok && says(row, "map keys must be hashable") && ours.value &&
         any_text(*ours.value, [](std::string_view text) { return text.find("sNaN") != text.npos; });
}
bool is_pyexc_refused(const Row& row, const Outcome& ours) {
  return row.has_tag("pyexc") && !row.ok && is_refused(ours);
}
bool is_skipped_field_refused(const Row& row, const Outcome& ours) {
  return row.has_tag("skipped_field") && ours.error && is_syntax(ours.error->code());
}
bool is_raw_refused(const Row& row, const Outcome& ours) {
  return row.ok && (row.type == "raw" || row.type == "RawField") && ours.error && is_syntax(ours.error->code());
}
bool is_hollow(const Row& row, const Outcome& ours) {
  return !row.ok && row.format == "msgpack" && has_code(ours, ErrorCode::unexpected_end) &&
         (row.has_tag("hollow") || says(row, " of length "));
}
bool counts_distinct_entries(const Row& row, const Outcome& ours) {
  const bool declared = says(row, "Expected `array` of length <=") || says(row, "Expected `object` of length <=");
  if (!declared || row.format == "json") return false;
  return ours.error || (ours.value && any_part(*ours.value, [](const Value& part) {
           return part.find("$set") != nullptr || part.get_if<Value::Map>() != nullptr;
         }));
}

// ---- messages ----

bool is_none_null(const Row& row, const Outcome& ours) {
  return !row.ok && ours.error && row.format == "msgpack" &&
         replaced(*row.error, "`null`", "`None`") == ours.error->message();
}
bool is_python_repr(const Row& row, const Outcome& ours) {
  return !row.ok && ours.error && message_in_plain_text(*row.error) == ours.error->message();
}
bool is_python_container(const Row& row, const Outcome& ours) {
  if (row.op != "convert" || row.ok || !ours.error) return false;
  std::string text = replaced(*row.error, "got `dict`", "got `object`");
  text = replaced(replaced(text, "got `list`", "got `array`"), "got `NoneType`", "got `null`");
  return text == ours.error->message();
}
bool tells_kind_of_tag(const Row& row, const Outcome& ours) {
  if (row.ok || row.format != "json" || !has_code(ours, ErrorCode::type_mismatch)) return false;
  const std::string message = ours.error->message();
  const auto from = message.find(", got `");
  if (from == message.npos) return false;
  const auto to = message.find(" - at ");
  return to != message.npos && to > from && message.substr(0, from) + message.substr(to) == *row.error;
}
bool is_python_type(const Row& row, const Outcome& ours) {
  if (row.ok || !ours.error) return false;
  const std::string_view start = row.type == "NamedTuple"      ? "Expected `array` of "
                                 : row.type == "TypedDict_req" ? "Object missing required field `"
                                                               : "";
  return !start.empty() && says(row, start) && says(ours, start);
}
bool is_dataclass_default(const Row& row, const Outcome& ours) {
  if (row.type != "Dataclass" || !row.ok || !is_plain(ours) || (row.value && !is_same_value(row, ours))) return false;
  const auto outputs = outputs_of(row, ours.output_format);
  const auto theirs = format_named(ours.output_format).decode(bytes_of(outputs.empty() ? "" : outputs.front()), {});
  return theirs && theirs->find("age") == nullptr && ours.value->find("age") != nullptr &&
         *ours.value->find("age") == Value(3);
}

// ---- times ----

bool is_before_zone(const Row& row, const Outcome& ours) {
  return !row.ok && says(row, "Expected `datetime` with no timezone component") && says(ours, "Timestamp is out of range");
}
bool is_long_duration(const Row& row, const Outcome& ours) {
  return row.ok && says(ours, "Duration is out of range") && (!row.value || row.value->find("$wide") != nullptr);
}
bool is_overflow_of_utc(const Row& row, const Outcome& ours) {
  const Value* text = row.encode_error.find("error");
  const bool overflows = says(row, "date value out of range") ||
                         (text != nullptr && *text == Value("date value out of range"));
  return overflows && is_plain(ours) && (!row.value || is_same_value(row, ours));
}
bool keeps_timestamp_bytes(const Row& row, const Outcome& ours) {
  if (ours.output_format != "msgpack" || !is_plain(ours) || (row.value && !is_same_value(row, ours))) return false;
  const auto outputs = outputs_of(row, "msgpack");
  if (outputs.empty()) return false;
  const auto theirs = msgpack::decode<Value>(bytes_of(outputs.front()));
  const auto mine = msgpack::decode<Value>(bytes_of(ours.output));
  return theirs && mine && in_order(notation_of_dynamic(*theirs)) == in_order(notation_of_dynamic(*mine));
}
bool keeps_odd_timestamp(const Row& row, const Outcome& ours) {
  const auto odd = [](const Value& part) {
    const Value* ext = part.find("$ext");
    return ext != nullptr && (*ext->get_if<Value::Array>())[0] == Value(-1);
  };
  return !row.ok && is_plain(ours) && (says(row, "imestamp") || says(row, "year")) && ours.value &&
         any_part(*ours.value, odd);
}

// ---- dynamic values ----

bool keeps_equal_keys(const Row& row, const Outcome& ours) {
  return is_plain(ours) && is_same_value(row, ours) && has_equal_keys(*ours.value);
}
bool is_python_only(const Row& row, const Outcome& ours) {
  constexpr std::array unsupported = {"Encoding objects of type msgspec.msgpack.Ext is unsupported",
                                      "Encoding objects of type msgspec.Raw is unsupported",
                                      "Only dicts with str-like or number-like keys are supported"};
  return !row.ok && is_plain(ours) && std::ranges::any_of(unsupported, [&](auto text) { return row.error == text; });
}
bool is_order_of_other_keys(const Row& row, const Outcome&) {
  const std::string_view theirs = "Only dicts with str keys are supported when `order` is not `None`";
  const Value* text = row.encode_error.find("error");
  return (!row.ok && row.error == theirs) || (text != nullptr && *text == Value(theirs));
}
bool is_native_in_builtins(const Row& row, const Outcome& ours) {
  if (row.op != "to_builtins" || !row.ok || row.builtin_types.empty() || !ours.value) return false;
  const Plain theirs = to_plain(*row.value, Datetimes::as_text);
  return !theirs.natives.empty() && in_order(notation_of_dynamic(theirs.value)) == in_order(*ours.value);
}
// What msgspec has written besides is what absent members would be.
bool is_default_left_out(const Row& row, const Outcome& ours) {
  const CorpusType* type = find_type(row.type);
  if (row.op != "to_builtins" || !row.ok || type == nullptr || !ours.value) return false;
  const auto theirs = type->convert(to_plain(*row.value).value, {});
  const auto again = theirs ? (*theirs)->to_value({}) : Result<Value>(Value());
  return theirs && again && in_order(notation_of_dynamic(*again)) == in_order(*ours.value);
}
bool is_unwritten_number(const Row& row, const Outcome& ours) {
  return row.has_tag("invalid_output") && is_plain(ours) &&
         json::format().validate_syntax(bytes_of(ours.output), {}).has_value();
}

// ---- convert ----

bool is_native_named(const Row& row, const Outcome& ours) {
  if (row.op != "convert" || row.ok) return false;
  const Plain fed = to_plain(row.value_in);
  return std::ranges::any_of(fed.natives, [&](const std::string& native) {
    const auto got = "got `" + native + '`';
    if (!says(row, got)) return false;
    return is_plain(ours) || !says(ours, got);
  });
}
bool is_native_taken(const Row& row, const Outcome& ours) {
  if (row.op != "convert" || !row.ok) return false;
  if (to_plain(row.value_in).natives.empty()) return false;
  if (ours.error) return says(ours, "got `str`") || says(ours, "got `ext`");
  if (ours.value && in_order(notation_of_dynamic(to_plain(row.value_in).value)) == in_order(*ours.value)) return true;
  return ours.value && in_order(notation_of_dynamic(to_plain(*row.value).value)) == in_order(*ours.value);
}
bool is_raw_of_anything(const Row& row, const Outcome&) {
  return row.op == "convert" && !row.ok && says(row, "Expected `raw`, got `");
}
bool is_from_attributes(const Row& row, const Outcome&) {
  return row.op == "convert_struct" && !row.from_attributes && !row.ok && says(row, "Expected `") &&
         says(row, "`, got `");
}
bool is_unset_absent(const Row& row, const Outcome& ours) {
  return row.op == "convert_struct" && says(row, "got `msgspec.UnsetType`") && is_plain(ours);
}

// ---- small things ----

bool is_other_offset(const Row& row, const Outcome&) {
  return row.op == "encode_into" && !row.ok && (!row.offset || *row.offset < -1);
}
bool is_extension_message(const Row& row, const Outcome& ours) {
  return row.op == "ext_hook" && row.type == "complex" && !row.ok && ours.error;
}
bool is_shown_as_cpp(const Row& row, const Outcome& ours) {
  return row.op == "repr" && row.output && repr_as_shown(*row.output) == ours.output;
}
bool is_nan_equal(const Row& row, const Outcome& ours) {
  return row.op == "compare" && row.eq == false && ours.unlike == "equal" && ours.value &&
         any_part(*ours.value, [](const Value& part) { return part.find("$float") != nullptr; });
}

constexpr std::array rules = {
    // The order matters where two apply: the one that says more comes first.
    Divergence{"an `int` has 64 bits and a sign: others are out of range", is_integer_out_of_range},
    Divergence{"a Value has no integer beyond 64 bits, and is given a float here", is_wide_fed_as_float},
    Divergence{"C++ has no integer beyond 64 bits to encode", is_bigint_leaf},
    Divergence{"errors that leak Python's insides: being refused is what counts", is_pyexc_refused},
    Divergence{"a signalling NaN can be a key", is_unhashable_nan},
    Divergence{"unknown fields are checked like known ones", is_skipped_field_refused},
    Divergence{"text that is not UTF-8 is refused wherever it stands, with its byte offset", is_utf8_refused},
    Divergence{"undecoded pieces are checked like decoded ones", is_raw_refused},
    Divergence{"a container that declares more items than bytes are left is refused at once", is_hollow},
    Divergence{"MessagePack: limits of sets and maps count distinct entries, as in JSON", counts_distinct_entries},
    Divergence{"-0 is a negative zero in a float and in a decimal, and no bool", is_minus_zero},
    Divergence{"lax: a text beyond double is refused in the words of its type", is_number_text_out_of_range},
    Divergence{"a decimal's text has no white space, no `_` and ASCII digits only", is_decimal_text},
    Divergence{"`$` in a pattern is the end, not before a newline there", is_line_end},
    Divergence{"base64 that is none is told before its length", is_base64_length},
    Divergence{"MessagePack: nil is `None` where msgspec once says `null`", is_none_null},
    Divergence{"what was refused is shown as it is, not as Python's repr()", is_python_repr},
    Divergence{"kinds have their names in messages, not those of Python's classes", is_python_container},
    Divergence{"a tag of another kind: the message says which", tells_kind_of_tag},
    Divergence{"NamedTuple and TypedDict are structs, with the messages of structs", is_python_type},
    Divergence{"a dataclass is a struct, which writes all its members", is_dataclass_default},
    Divergence{"the default of a floating member is floating", is_int_default},
    Divergence{"an instant out of range is told before its missing time zone", is_before_zone},
    Divergence{"a duration is 64 bits of microseconds", is_long_duration},
    Divergence{"an instant that UTC puts outside the years 1 to 9999 is written", is_overflow_of_utc},
    Divergence{"a timestamp in a dynamic value keeps its bytes", keeps_timestamp_bytes},
    Divergence{"a timestamp that no datetime holds stays an extension in a dynamic value", keeps_odd_timestamp},
    Divergence{"a dynamic value keeps equal keys; the last counts", keeps_equal_keys},
    Divergence{"order: keys of every type can be sorted", is_order_of_other_keys},
    Divergence{"extensions, Raws and maps with any keys can be written", is_python_only},
    Divergence{"members that hold their default are left out, or are not, by value", is_default_left_out},
    Divergence{"a Value has times, uuids and decimals as text", is_native_in_builtins},
    Divergence{"NaN and infinite decimals are text in JSON, and keys have quotes", is_unwritten_number},
    Divergence{"convert: a Value has no kind for this Python object, and is given its text", is_native_named},
    Divergence{"convert: text, or an extension, in place of this Python object", is_native_taken},
    Divergence{"convert: a Raw takes every value", is_raw_of_anything},
    Divergence{"convert from members is its own function, not an option", is_from_attributes},
    Divergence{"convert from members: an unset one is absent", is_unset_absent},
    Divergence{"offsets are not negative: appending is append_to", is_other_offset},
    Divergence{"an extension's type is called by its code in messages", is_extension_message},
    Divergence{"structs are shown as C++ is written", is_shown_as_cpp},
    Divergence{"NaN equals itself", is_nan_equal},
};

}  // namespace

std::span<const Divergence> divergences() { return rules; }

}  // namespace structwire::testing::corpus
