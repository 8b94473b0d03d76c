// SPDX-License-Identifier: Apache-2.0

// Each rule is as narrow as the row and our outcome allow; the first that applies excuses the
// outcome and is counted. The predicates stand in the order of the table, which is at the end.

#include <tests/msgspec/corpus_divergences.hpp>

#include <array>

#include <structwire/core/utf8.hpp>
#include <tests/msgspec/corpus_divergence_facts.hpp>
#include <tests/msgspec/corpus_notation.hpp>
#include <tests/msgspec/corpus_python.hpp>
#include <tests/msgspec/corpus_type.hpp>

namespace structwire::testing::corpus {
namespace {

// ---- numbers ----

bool is_integer_out_of_range(const Row& row, const Outcome& ours) {
  // A bound of the same integer is told by both.
  const bool is_bound = says(row, "Expected `int` <= ") || says(row, "Expected `int` >= ");
  const auto place_of = [](std::string_view message) { return message.substr(std::min(message.find(" - at "), message.size())); };
  if (is_bound && ours.error && !says(row, "[...]") && place_of(*row.error) == place_of(ours.error->message())) return false;
  const bool tagged = row.has_tag("bigint") || row.has_tag("uint64");
  const bool refused = has_code(ours, ErrorCode::number_out_of_range) ||
                       (!row.ok && says(ours, "Invalid enum value"));
  return is_refused(ours) && (tagged || (refused && has_wide_integer(row)));
}
bool is_wide_fed_as_float(const Row& row, const Outcome& ours) {
  return row.op == "convert" && to_plain(row.value_in).wide && (row.ok || ours.error);
}
bool is_bigint_leaf(const Row& row, const Outcome&) {
  return row.op == "int_encode" && !row.msgpack_error.empty();
}

bool is_int_default(const Row& row, const Outcome& ours) {
  return (row.type == "ConstrUser" || row.type == "OmitNested") && is_same_but_for(with_doubles, row, ours);
}

bool is_minus_zero(const Row& row, const Outcome& ours) {
  const auto zero = [](const std::string& text) { return text == "-0"; };
  if (!row.has_tag("minus_zero") && row.input != "-0" && !any_text(untyped_input(row), zero))
    return false;
  // As a text it is false to Python.
  if (!row.ok || (row.value && *row.value == Value(false))) return row.ok;
  if (ours.error) return says(ours, "`bool");
  if (!is_plain(ours)) return false;
  if (!ours.value || !row.value) return ours.output.find("-0") != ours.output.npos;
  return without_signs_of_zero(in_order(*row.value)) ==
         without_signs_of_zero(in_order(*ours.value));
}
bool is_number_text_out_of_range(const Row& row, const Outcome& ours) {
  return !row.ok && ours.lax && ours.error && row.error->starts_with("Number out of range");
}

// ---- texts ----

bool is_odd_decimal(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return c <= ' ' || c == '_' || static_cast<unsigned char>(c) >= 0x7F; });
}
bool is_decimal_text(const Row& row, const Outcome& ours) {
  return says(ours, "Invalid decimal string") &&
         (row.has_tag("decimal_text") || any_text(untyped_input(row), is_odd_decimal));
}
bool is_line_end(const Row& row, const Outcome& ours) {
  return row.ok && row.has_tag("line_end") && says(ours, "matching regex");
}
bool is_base64_length(const Row& row, const Outcome& ours) {
  return !row.ok && says(row, "Expected `bytes` of length") &&
         says(ours, "Invalid base64 encoded string");
}
bool is_utf8_refused(const Row& row, const Outcome& ours) {
  return has_code(ours, ErrorCode::invalid_utf8) &&
         (row.format == "msgpack" || !utf8::is_valid(input_of(row)));
}

// ---- what is looked at ----

bool is_unhashable(const Row& row, const Outcome& ours) {
  if (row.ok || !says(row, "map keys must be hashable")) return false;
  return ours.error || (ours.value && any_part(*ours.value, [](const Value& part) {
                          return part.find("$map") != nullptr;
                        }));
}
bool is_pyexc_refused(const Row& row, const Outcome& ours) {
  return row.has_tag("pyexc") && !row.ok && is_refused(ours);
}
bool is_skipped_field_refused(const Row& row, const Outcome& ours) {
  return row.has_tag("skipped_field") && ours.error && is_syntax(ours.error->code());
}
bool is_raw_refused(const Row& row, const Outcome& ours) {
  return row.ok && (row.type == "raw" || row.type == "RawField") && ours.error &&
         is_syntax(ours.error->code());
}
bool is_opcode_told(const Row& row, const Outcome& ours) {
  return says(row, "got `unknown`") && says(ours, "invalid opcode '\\xc1'");
}
bool is_cut_tag(const Row& row, const Outcome& ours) {
  const bool is_tag = says(row, ".type`") || says(row, "[0]`") || says(row, ".op`") ||
                      says(row, ".kind`") || says(row, ".t`");
  return !row.ok && row.format == "msgpack" && is_tag && says(row, "got `") &&
         has_code(ours, ErrorCode::unexpected_end);
}
bool is_hollow(const Row& row, const Outcome& ours) {
  return !row.ok && row.format == "msgpack" && has_code(ours, ErrorCode::unexpected_end) &&
         (row.has_tag("hollow") || says(row, " of length "));
}
bool counts_distinct_entries(const Row& row, const Outcome& ours) {
  const bool declared =
      says(row, "Expected `array` of length <=") || says(row, "Expected `object` of length <=");
  if (!declared || row.format == "json") return false;
  return ours.error || (ours.value && any_part(*ours.value, [](const Value& part) {
                          return part.find("$set") != nullptr ||
                                 part.get_if<Value::Map>() != nullptr;
                        }));
}

bool tells_length_after_items(const Row& row, const Outcome& ours) {
  return row.op == "convert" && !row.ok && says(row, "Expected `array` of length ") && ours.error &&
         ours.error->path() != "$";
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
  text = replaced(text, "got `msgspec.msgpack.Ext`", "got `ext`");
  text = replaced(replaced(text, "got `list`", "got `array`"), "got `NoneType`", "got `null`");
  return text == ours.error->message();
}
bool tells_kind_of_tag(const Row& row, const Outcome& ours) {
  if (row.ok || row.format != "json" || !has_code(ours, ErrorCode::type_mismatch)) return false;
  const std::string message = ours.error->message();
  const auto from = message.find(", got `");
  if (from == message.npos) return false;
  const auto to = message.find(" - at ");
  return to != message.npos && to > from &&
         message.substr(0, from) + message.substr(to) == *row.error;
}
bool is_python_type(const Row& row, const Outcome& ours) {
  if (row.ok || !ours.error) return false;
  if (row.type == "NamedTuple" && says(row, "Expected `array` of length 1 to 2")) return true;
  const std::string_view start = row.type == "NamedTuple"      ? "Expected `array` of "
                                 : row.type == "TypedDict_req" ? "Object missing required field `"
                                                               : "";
  return !start.empty() && says(row, start) && says(ours, start);
}
bool is_dataclass_default(const Row& row, const Outcome& ours) {
  if (row.type != "Dataclass" || !row.ok || !is_plain(ours) ||
      (row.value && !is_same_value(row, ours)))
    return false;
  const auto outputs = outputs_of(row, ours.output_format);
  const auto theirs =
      format_named(ours.output_format).decode(bytes_of(outputs.empty() ? "" : outputs.front()), {});
  return theirs && theirs->find("age") == nullptr && ours.value->find("age") != nullptr &&
         *ours.value->find("age") == Value(3);
}

// ---- times ----

bool is_before_zone(const Row& row, const Outcome& ours) {
  return !row.ok && says(row, "Expected `datetime` with no timezone component") &&
         says(ours, "Timestamp is out of range");
}
bool is_long_duration(const Row& row, const Outcome& ours) {
  if (!says(ours, "Duration is out of range")) return false;
  const auto is_long = [](std::string_view text) { return text.find("P99999999") != text.npos; };
  return has_digits(row, 9) || any_text(untyped_input(row), is_long);
}
bool is_overflow_of_utc(const Row& row, const Outcome& ours) {
  const Value* text = row.encode_error.find("error");
  const bool overflows = says(row, "date value out of range") ||
                         (text != nullptr && *text == Value("date value out of range"));
  return overflows && is_plain(ours) && (!row.value || is_same_value(row, ours));
}
bool keeps_timestamp_bytes(const Row& row, const Outcome& ours) {
  if (ours.output_format != "msgpack" || !is_plain(ours) ||
      (row.value && !is_same_value(row, ours)))
    return false;
  const auto outputs = outputs_of(row, "msgpack");
  if (outputs.empty()) return false;
  const auto theirs = msgpack::decode<Value>(bytes_of(outputs.front()));
  const auto mine = msgpack::decode<Value>(bytes_of(ours.output));
  return theirs && mine &&
         in_order(notation_of_dynamic(*theirs)) == in_order(notation_of_dynamic(*mine));
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
bool is_unset_item(const Row& row, const Outcome& ours) {
  return says(row, "Encoding objects of type msgspec.UnsetType is unsupported") &&
         ours.encode_error;
}
bool is_python_only(const Row& row, const Outcome& ours) {
  constexpr std::array unsupported = {"Encoding objects of type msgspec.msgpack.Ext is unsupported",
                                      "Encoding objects of type msgspec.Raw is unsupported",
                                      "Only dicts with str-like or number-like keys are supported"};
  return !row.ok && is_plain(ours) &&
         std::ranges::any_of(unsupported, [&](auto text) { return row.error == text; });
}
bool is_order_of_other_keys(const Row& row, const Outcome&) {
  const std::string_view theirs =
      "Only dicts with str keys are supported when `order` is not `None`";
  const Value* text = row.encode_error.find("error");
  constexpr std::array unordered = {"'<' not supported between instances of",
                                    "can't compare offset-naive and offset-aware datetimes",
                                    "[<class 'decimal.InvalidOperation'>]"};
  if (!row.ok && std::ranges::any_of(unordered, [&](auto part) { return says(row, part); })) return true;
  return (!row.ok && row.error == theirs) || (text != nullptr && *text == Value(theirs));
}
bool is_native_in_builtins(const Row& row, const Outcome& ours) {
  if (row.op != "to_builtins" || !row.ok || row.builtin_types.empty() || !ours.value) return false;
  const Plain theirs = to_plain(*row.value, Datetimes::as_text);
  return !theirs.natives.empty() &&
         in_order(notation_of_dynamic(theirs.value)) == in_order(*ours.value);
}
// Read again, both are the same.
std::optional<Value> read_again(const CorpusType& type, const Value& notation) {
  const std::string text = json::encode(to_plain(notation, Datetimes::as_text).value);
  auto held = type.decode(json::format(), bytes_of(text), {});
  if (!held) return std::nullopt;
  return in_order((*held)->notation());
}
bool is_default_left_out(const Row& row, const Outcome& ours) {
  const CorpusType* type = find_type(row.type);
  if (row.op != "to_builtins" || !row.ok || type == nullptr || !ours.value) return false;
  const auto theirs = read_again(*type, *row.value);
  const auto mine = read_again(*type, *ours.value);
  return theirs && mine && *theirs == *mine;
}
bool is_unwritten_number(const Row& row, const Outcome& ours) {
  return row.has_tag("invalid_output") && is_plain(ours) &&
         json::format().validate_syntax(bytes_of(ours.output), {}).has_value();
}

// ---- convert ----

bool is_native_named(const Row& row, const Outcome& ours) {
  if (row.op != "convert" || row.ok) return false;
  const Plain fed = to_plain(row.value_in);
  // A Decimal is a number to Python.
  if (fed.natives.contains("decimal") && says(ours, "got `str`")) return true;
  return names_native(*row.error, fed.natives) &&
         !(ours.error && names_native(ours.error->message(), fed.natives));
}
bool is_native_taken(const Row& row, const Outcome& ours) {
  if (row.op != "convert" || !row.ok) return false;
  const Plain fed = to_plain(row.value_in);
  if (fed.natives.empty()) return false;
  // Lax, a text is a number before it is a decimal.
  if (row.type.find("decimal") != row.type.npos && ours.lax && fed.natives.contains("decimal")) {
    if (row.type == "float_or_decimal") return !ours.error || says(ours, "Number out of range");
    if (row.type == "decimal_or_int" && ours.value && ours.value->get_if<std::int64_t>()) return true;
  }
  if (ours.error) return says(ours, "got `str`") || says(ours, "got `ext`");
  if (!ours.value) return false;
  const Value mine = in_order(to_plain(*ours.value).value);
  return in_order(to_plain(*row.value).value) == mine || in_order(fed.value) == mine;
}
bool is_raw_of_anything(const Row& row, const Outcome&) {
  return row.op == "convert" && !row.ok && says(row, "Expected `raw`, got `");
}
bool is_from_attributes(const Row& row, const Outcome&) {
  return row.op == "convert_struct" && !row.from_attributes && !row.ok && says(row, "Expected `") &&
         says(row, "`, got `");
}
bool is_unset_absent(const Row& row, const Outcome&) {
  return row.op == "convert_struct" && says(row, "got `msgspec.UnsetType`");
}

// ---- small things ----

bool is_other_offset(const Row& row, const Outcome&) {
  return row.op == "encode_into" && !row.ok && (!row.offset || *row.offset < -1);
}
bool is_extension_message(const Row& row, const Outcome& ours) {
  return row.op == "ext_hook" && row.type.find("complex") != row.type.npos && !row.ok && ours.error;
}
bool is_shown_as_cpp(const Row& row, const Outcome& ours) {
  if (row.op != "repr" || !row.output) return false;
  std::string theirs = repr_as_shown(*row.output);
  std::string mine = ours.output;
  if (theirs == mine || !ours.value || !has_map(*ours.value)) return theirs == mine;
  // Entries of maps have the order of the container.
  std::ranges::sort(theirs);
  std::ranges::sort(mine);
  return theirs == mine;
}
bool is_nan_equal(const Row& row, const Outcome& ours) {
  if (!ours.value || !is_plain(ours)) return false;
  if (row.op == "compare") {
    return row.eq == false && ours.unlike == "equal" &&
           any_part(*ours.value, [](const Value& part) { return part.find("$float") != nullptr; });
  }
  // Two NaNs are two keys in Python.
  const auto is_nan = [](std::string_view text) {
    return text == "nan" || text.find("NaN") != text.npos;
  };
  return row.ok && has_map(*ours.value) && any_text(*ours.value, is_nan) &&
         (!row.value || any_text(*row.value, is_nan));
}

bool is_duration_beyond(const Row& row, const Outcome& ours) {
  return row.ok && says(ours, "Duration is out of range");
}

// Both wrote the same entries, among them keys that are equal as doubles.
bool is_one_double(const Row& row, const Outcome& ours) {
  if (row.type != "map_decimal_int" || ours.output_format != "msgpack" || !is_plain(ours)) return false;
  const auto outputs = outputs_of(row, "msgpack");
  if (outputs.empty() || (row.value && !is_same_value(row, ours))) return false;
  const auto entries_of = [](const std::string& output) {
    std::vector<std::pair<std::string, std::string>> entries;
    const auto decoded = msgpack::decode<Value>(bytes_of(output));
    const auto* map = decoded ? decoded->get_if<Value::Map>() : nullptr;
    if (map == nullptr) return entries;
    for (const auto& [key, mapped] : *map) {
      const double* number = key.get_if<double>();
      // Both zeros are one key.
      if (number != nullptr) entries.emplace_back(json::encode(*number == 0 ? 0.0 : *number), json::encode(mapped));
    }
    std::ranges::sort(entries);
    return map->size() == entries.size() ? entries : decltype(entries)();
  };
  const auto mine = entries_of(ours.output);
  const auto same_key = [](const auto& a, const auto& b) { return a.first == b.first; };
  return mine == entries_of(outputs.front()) && std::ranges::adjacent_find(mine, same_key) != mine.end();
}
bool is_behind_nul(const Row& row, const Outcome& ours) {
  const auto has_nul = [](std::string_view text) { return text.find('\0') != text.npos; };
  return row.ok && says(ours, "Invalid RFC3339 encoded ") && any_text(untyped_input(row), has_nul);
}

// The custom type of the corpus is Python's Path, whose parser drops `.` and doubled slashes.
bool is_normalized_path(const Row& row, const Outcome& ours) {
  return row.type == "Config" && is_same_but_for(with_python_paths, row, ours);
}
// A Value has text for times, uuids and decimals, which the hook of the Path takes.
bool is_native_for_path(const Row& row, const Outcome& ours) {
  return row.op == "convert" && row.type == "Config" && !row.ok && is_plain(ours) &&
         says(row, "path must be a string") && !to_plain(row.value_in).natives.empty();
}

constexpr std::array rules = {
    // The order matters where two apply: the one that says more comes first.
    Divergence{"an `int` has 64 bits and a sign: others are out of range", is_integer_out_of_range},
    Divergence{"a duration is 64 bits of microseconds, also from numbers", is_duration_beyond},
    Divergence{"a Value has no integer beyond 64 bits, and is given a float here",
               is_wide_fed_as_float},
    Divergence{"C++ has no integer beyond 64 bits to encode", is_bigint_leaf},
    Divergence{"errors that leak Python's insides: being refused is what counts", is_pyexc_refused},
    Divergence{"what Python cannot hash can be a key", is_unhashable},
    Divergence{"unknown fields are checked like known ones", is_skipped_field_refused},
    Divergence{"text that is not UTF-8 is refused wherever it stands, with its byte offset",
               is_utf8_refused},
    Divergence{"undecoded pieces are checked like decoded ones", is_raw_refused},
    Divergence{"a container that declares more items than bytes are left is refused at once",
               is_hollow},
    Divergence{"MessagePack: an opcode that there is not is no kind", is_opcode_told},
    Divergence{"MessagePack: a tag that is cut off is told before its kind", is_cut_tag},
    Divergence{"MessagePack: limits of sets and maps count distinct entries, as in JSON",
               counts_distinct_entries},
    Divergence{"convert: the length of an array is told after its items, as in JSON",
               tells_length_after_items},
    Divergence{"-0 is a negative zero in a float and in a decimal, and no bool", is_minus_zero, true},
    Divergence{"lax: a text beyond double is refused in the words of its type",
               is_number_text_out_of_range},
    Divergence{"a decimal's text has no white space, no `_` and ASCII digits only",
               is_decimal_text},
    Divergence{"`$` in a pattern is the end, not before a newline there", is_line_end},
    Divergence{"base64 that is none is told before its length", is_base64_length},
    Divergence{"MessagePack: nil is `None` where msgspec once says `null`", is_none_null},
    Divergence{"what was refused is shown as it is, not as Python's repr()", is_python_repr},
    Divergence{"kinds have their names in messages, not those of Python's classes",
               is_python_container},
    Divergence{"a tag of another kind: the message says which", tells_kind_of_tag},
    Divergence{"NamedTuple and TypedDict are structs, with the messages of structs",
               is_python_type},
    Divergence{"a dataclass is a struct, which writes all its members", is_dataclass_default},
    Divergence{"the default of a floating member is floating", is_int_default},
    Divergence{"an instant out of range is told before its missing time zone", is_before_zone},
    Divergence{"a duration is 64 bits of microseconds", is_long_duration},
    Divergence{"an instant that UTC puts outside the years 1 to 9999 is written",
               is_overflow_of_utc},
    Divergence{"a timestamp in a dynamic value keeps its bytes", keeps_timestamp_bytes},
    Divergence{"a timestamp that no datetime holds stays an extension in a dynamic value",
               keeps_odd_timestamp},
    Divergence{"a dynamic value keeps equal keys; the last counts", keeps_equal_keys},
    Divergence{"order: keys of every type can be sorted", is_order_of_other_keys},
    Divergence{"an unset member of an array-like struct is refused in our words", is_unset_item},
    Divergence{"extensions, Raws and maps with any keys can be written", is_python_only},
    Divergence{"to_builtins: defaults by value, keys in the order and the spelling of JSON",
               is_default_left_out},
    Divergence{"a Value has times, uuids and decimals as text", is_native_in_builtins},
    Divergence{"NaN and infinite decimals are text in JSON, and keys have quotes",
               is_unwritten_number},
    Divergence{"convert: a Value has no kind for this Python object, and is given its text",
               is_native_named},
    Divergence{"convert: text, or an extension, in place of this Python object", is_native_taken},
    Divergence{"convert: a Raw takes every value", is_raw_of_anything},
    Divergence{"convert from members is its own function, not an option", is_from_attributes},
    Divergence{"convert from members: an unset one is absent", is_unset_absent},
    Divergence{"offsets are not negative: appending is append_to", is_other_offset},
    Divergence{"an extension's type is called by its code in messages", is_extension_message},
    Divergence{"structs are shown as C++ is written", is_shown_as_cpp},
    Divergence{"the text of a time ends at its end, not at a NUL in it", is_behind_nul},
    Divergence{"Decimals beyond double are equal keys as numbers: their entries have the container's order",
               is_one_double, true},
    Divergence{"a std::filesystem::path keeps its text, which Python's Path normalizes", is_normalized_path, true},
    Divergence{"convert: the hook of a path is given the text of this Python object", is_native_for_path},
    Divergence{"NaN equals itself", is_nan_equal, true},
};

}  // namespace

std::span<const Divergence> divergences() { return rules; }

}  // namespace structwire::testing::corpus
