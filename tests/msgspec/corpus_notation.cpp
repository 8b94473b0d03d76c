// SPDX-License-Identifier: Apache-2.0
#include <tests/msgspec/corpus_notation.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <structwire/core/epoch_time.hpp>
#include <structwire/core/number.hpp>
#include <tests/msgspec/corpus_row.hpp>

namespace structwire::testing::corpus {
namespace {

constexpr std::int64_t exact_in_double = std::int64_t{1} << 53;

std::string two(std::int64_t number) {
  std::string digits = std::to_string(number);
  return digits.size() < 2 ? '0' + digits : digits;
}

// As Python's isoformat() writes the clock.
std::string clock_text(std::chrono::microseconds since_midnight) {
  const std::int64_t count = since_midnight.count();
  const std::int64_t seconds = count / 1'000'000;
  std::string text = two(seconds / 3600) + ':' + two(seconds / 60 % 60) + ':' + two(seconds % 60);
  if (const std::int64_t rest = count % 1'000'000; rest != 0)
    text += '.' + std::to_string(1'000'000 + rest).substr(1);
  return text;
}

std::string offset_text(const std::optional<std::chrono::minutes>& offset) {
  if (!offset) return {};
  const std::int64_t minutes = std::abs(offset->count());
  return (offset->count() < 0 ? '-' : '+') + two(minutes / 60) + ':' + two(minutes % 60);
}

std::string date_text(std::chrono::year_month_day date) {
  const std::string year = std::to_string(10000 + static_cast<int>(date.year())).substr(1);
  return year + '-' + two(static_cast<unsigned>(date.month())) + '-' +
         two(static_cast<unsigned>(date.day()));
}

}  // namespace

// ---- leaves ----

Value tagged(std::string_view name, Value content) {
  return Value(Value::Map{{Value('$' + std::string(name)), std::move(content)}});
}

Value notation_of(std::int64_t number) {
  const bool exact = number <= exact_in_double && number >= -exact_in_double;
  return exact ? Value(number) : tagged("int", Value(std::to_string(number)));
}
Value notation_of(std::uint64_t number) { return tagged("int", Value(std::to_string(number))); }
Value notation_of(double number) {
  if (std::isfinite(number)) return Value(number);
  return tagged("float", Value(std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf"));
}
Value notation_of(std::span<const std::byte> bytes) {
  return tagged("bytes",
                Value(to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()})));
}
Value notation_of(const DateTime& value) {
  const auto day = std::chrono::floor<std::chrono::days>(value.local);
  return tagged("datetime", Value(date_text(std::chrono::year_month_day(day)) + 'T' +
                                  clock_text(value.local - day) + offset_text(value.offset)));
}
Value notation_of(const TimeOfDay& value) {
  return tagged("time", Value(clock_text(value.since_midnight) + offset_text(value.offset)));
}
Value notation_of(std::chrono::year_month_day value) {
  return tagged("date", Value(date_text(value)));
}
Value notation_of(std::chrono::microseconds value) {
  return tagged("duration_us", Value(std::int64_t{value.count()}));
}
Value notation_of(const Uuid& value) { return tagged("uuid", Value(value.text())); }
Value notation_of(const Decimal& value) { return tagged("decimal", Value(value.text())); }
Value notation_of(const Raw& value) {
  return tagged(
      "raw",
      Value(to_hex({reinterpret_cast<const char*>(value.bytes().data()), value.bytes().size()})));
}
Value notation_of(const Ext& value) {
  const std::string_view data(reinterpret_cast<const char*>(value.data.data()), value.data.size());
  return tagged("ext", Value(Value::Array{Value(std::int64_t{value.code}), Value(to_hex(data))}));
}
Value notation_of(const std::filesystem::path& value) {
  return tagged("path", Value(value.string()));
}
Value notation_of(std::complex<double> value) {
  return tagged("complex",
                Value(Value::Array{notation_of(value.real()), notation_of(value.imag())}));
}

Value notation_of_map(std::vector<std::pair<Value, Value>> entries) {
  const bool plain = std::ranges::all_of(entries, [](const auto& entry) {
    const auto* text = entry.first.template get_if<std::string>();
    return text != nullptr && !text->starts_with('$');
  });
  if (plain) {
    Value::Map map;
    for (auto& [key, value] : entries) map.push_back({std::move(key), std::move(value)});
    return Value(std::move(map));
  }
  Value::Array pairs;
  for (auto& [key, value] : entries)
    pairs.push_back(Value(Value::Array{std::move(key), std::move(value)}));
  return tagged("map", Value(std::move(pairs)));
}

Value notation_of_dynamic(const Value& value) {
  if (const auto* number = value.get_if<std::int64_t>()) return notation_of(*number);
  if (const auto* number = value.get_if<std::uint64_t>()) return notation_of(*number);
  if (const auto* number = value.get_if<double>()) return notation_of(*number);
  if (const auto* bytes = value.get_if<Bytes>())
    return notation_of(std::span<const std::byte>(*bytes));
  if (const auto* ext = value.get_if<Ext>()) {
    EpochTime time;
    DateTime datetime;
    const bool is_datetime =
        ext->code == timestamp_extension && parse_timestamp(ext->data, time) == nullptr &&
        TextScalar<DateTime>::from_epoch(time.seconds, time.nanoseconds, datetime) == nullptr;
    return is_datetime ? notation_of(datetime) : notation_of(*ext);
  }
  if (const auto* items = value.get_if<Value::Array>()) {
    Value::Array made;
    for (const Value& item : *items) made.push_back(notation_of_dynamic(item));
    return Value(std::move(made));
  }
  if (const auto* map = value.get_if<Value::Map>()) {
    std::vector<std::pair<Value, Value>> entries;
    for (const auto& [key, mapped] : *map) {
      entries.emplace_back(notation_of_dynamic(key), notation_of_dynamic(mapped));
    }
    return notation_of_map(std::move(entries));
  }
  return value;
}

// ---- compared ----

namespace {

// The content of {"$name": content}; nullptr when it is none.
const Value* content_of(const Value& notation, std::string_view name) {
  const auto* map = notation.get_if<Value::Map>();
  if (map == nullptr || map->size() != 1) return nullptr;
  const auto* key = (*map)[0].key.get_if<std::string>();
  return key != nullptr && key->starts_with('$') && std::string_view(*key).substr(1) == name
             ? &(*map)[0].value
             : nullptr;
}

struct Entries {
  std::vector<std::pair<Value, Value>> entries;
  bool had_equal_keys = false;

  void add(Value key, Value value) {
    for (auto& [known, kept] : entries) {
      if (!(known == key)) continue;
      had_equal_keys = true;
      kept = std::move(value);
      return;
    }
    entries.emplace_back(std::move(key), std::move(value));
  }
};

Value sorted_items(const Value& notation) {
  Value::Array made;
  for (const Value& item : *notation.get_if<Value::Array>()) made.push_back(in_order(item));
  std::ranges::sort(made, [](const Value& a, const Value& b) { return a < b; });
  return Value(std::move(made));
}

// The entries of a map in the notation, each in order; false when it is no map.
bool entries_of(const Value& notation, Entries& out) {
  if (const Value* pairs = content_of(notation, "map")) {
    for (const Value& pair : *pairs->get_if<Value::Array>()) {
      const auto& parts = *pair.get_if<Value::Array>();
      out.add(in_order(parts[0]), in_order(parts[1]));
    }
    return true;
  }
  const auto* map = notation.get_if<Value::Map>();
  if (map == nullptr) return false;
  for (const auto& [key, value] : *map) out.add(key, in_order(value));
  return true;
}

// Calls f for the parts of a container in the notation.
template <class F>
void for_each_part(const Value& notation, F f) {
  if (const auto* items = notation.get_if<Value::Array>()) {
    for (const Value& item : *items) f(item);
  } else if (const auto* map = notation.get_if<Value::Map>()) {
    for (const auto& entry : *map) f(entry.value);
  }
}

}  // namespace

Value in_order(const Value& notation) {
  if (const auto* items = notation.get_if<Value::Array>()) {
    Value::Array made;
    for (const Value& item : *items) made.push_back(in_order(item));
    return Value(std::move(made));
  }
  if (const Value* items = content_of(notation, "set")) return tagged("set", sorted_items(*items));
  Entries found;
  if (!entries_of(notation, found)) return notation;
  std::ranges::sort(found.entries, [](const auto& a, const auto& b) { return a.first < b.first; });
  return notation_of_map(std::move(found.entries));
}

bool has_equal_keys(const Value& notation) {
  Entries found;
  bool any = entries_of(notation, found) && found.had_equal_keys;
  for_each_part(notation, [&](const Value& part) { any = any || has_equal_keys(part); });
  return any;
}

bool has_map(const Value& notation) {
  const auto* map = notation.get_if<Value::Map>();
  const bool is_tagged = map != nullptr && map->size() == 1 &&
                         (*map)[0].key.get_if<std::string>() != nullptr &&
                         (*map)[0].key.get_if<std::string>()->starts_with('$');
  bool any = map != nullptr && notation.find("$struct") == nullptr &&
             (!is_tagged || content_of(notation, "map") != nullptr);
  for_each_part(notation, [&](const Value& part) { any = any || has_map(part); });
  return any;
}

// ---- read ----

namespace {

struct Listed {
  std::string_view name;
  std::string_view text;
  std::int64_t number;
};
constexpr std::array enumerators = {
    Listed{"Color.RED", "red", 0},
    Listed{"Color.GREEN", "green", 0},
    Listed{"Fruit.APPLE", "apple", 0},
    Listed{"Fruit.BANANA", "banana", 0},
    Listed{"Fruit.DRAGON", "dragon fruit", 0},
    Listed{"Mode.READ", "r", 0},
    Listed{"Mode.WRITE", "w", 0},
    Listed{"Level.LOW", "", 1},
    Listed{"Level.MID", "", 5},
    Listed{"Level.HIGH", "", 10},
    Listed{"Level.NEG", "", -3},
    Listed{"Sparse.A", "", 0},
    Listed{"Sparse.B", "", 1000000},
    Listed{"Sparse.C", "", std::numeric_limits<std::int64_t>::min()},
    Listed{"Sparse.D", "", std::numeric_limits<std::int64_t>::max()}};

class Reader {
 public:
  explicit Reader(Datetimes datetimes) : datetimes_(datetimes) {}

  Value read(const Value& notation) {
    if (const auto* items = notation.get_if<Value::Array>()) return read_items(*items);
    const auto* map = notation.get_if<Value::Map>();
    if (map == nullptr) return notation;
    const auto* name = map->size() == 1 ? (*map)[0].key.get_if<std::string>() : nullptr;
    if (name != nullptr && name->starts_with('$'))
      return read_tagged(name->substr(1), (*map)[0].value);
    Value::Map made;
    for (const auto& [key, value] : *map) made.push_back({key, read(value)});
    return Value(std::move(made));
  }

  Plain plain;

 private:
  Value read_items(const Value::Array& items) {
    Value::Array made;
    for (const Value& item : items) made.push_back(read(item));
    return Value(std::move(made));
  }

  Value read_tagged(const std::string& name, const Value& content) {
    const auto* text = content.get_if<std::string>();
    if (name == "int") return read_integer(*text);
    if (name == "float") return Value(parse_special(*text));
    if (name == "bytes") return bytes(from_hex(*text));
    if (name == "ext") return read_ext(*content.get_if<Value::Array>());
    if (name == "map") return read_map(*content.get_if<Value::Array>());
    if (name == "enum") return read_enum(*text);
    if (name == "set") return read_items(*content.get_if<Value::Array>());
    plain.natives.insert(name == "unset"         ? "msgspec.UnsetType"
                         : name == "duration_us" ? "duration"
                                                 : name);
    if (name == "datetime") return read_datetime(*text);
    if (name == "time") return read_time(*text);
    if (name == "duration_us") return read_duration(content);
    if (name == "raw") return read_raw(from_hex(*text));
    return text != nullptr ? content : Value();
  }

  Value read_integer(std::string_view text) {
    std::int64_t number = 0;
    std::uint64_t large = 0;
    const char* end = text.data() + text.size();
    if (std::from_chars(text.data(), end, number).ec == std::errc()) return Value(number);
    if (std::from_chars(text.data(), end, large).ec == std::errc()) return Value(large);
    plain.wide = true;
    return Value(parse_double(text));
  }
  static double parse_special(std::string_view text) {
    if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
    return text == "inf" ? std::numeric_limits<double>::infinity()
                         : -std::numeric_limits<double>::infinity();
  }
  static Value bytes(std::string_view content) {
    const auto all = bytes_of(content);
    return Value(Bytes(all.begin(), all.end()));
  }
  static Value read_ext(const Value::Array& parts) {
    const std::string content = from_hex(*parts[1].get_if<std::string>());
    const auto all = bytes_of(content);
    return Value(Ext{static_cast<std::int8_t>(*parts[0].get_if<std::int64_t>()),
                     Bytes(all.begin(), all.end())});
  }
  Value read_map(const Value::Array& pairs) {
    Value::Map made;
    for (const Value& pair : pairs) {
      const auto& parts = *pair.get_if<Value::Array>();
      made.push_back({read(parts[0]), read(parts[1])});
    }
    return Value(std::move(made));
  }
  Value read_enum(const std::string& name) {
    plain.natives.insert(name.substr(0, name.find('.')));
    const auto* found = std::ranges::find(enumerators, name, &Listed::name);
    if (found == enumerators.end()) return Value(name);
    return found->text.empty() ? Value(found->number) : Value(found->text);
  }
  Value read_datetime(const std::string& text) const {
    DateTime value;
    if (TextScalar<DateTime>::parse(text, value) != nullptr) return Value(text);
    EpochTime time;
    if (datetimes_ == Datetimes::as_text ||
        !TextScalar<DateTime>::to_epoch(value, time.seconds, time.nanoseconds) ||
        // An instant before the year 1 or behind 9999 in UTC.
        TextScalar<DateTime>::from_epoch(time.seconds, time.nanoseconds, value) != nullptr) {
      return Value(text_of(value));
    }
    return Value(Ext{timestamp_extension, timestamp_bytes(time)});
  }
  static Value read_duration(const Value& content) {
    if (const auto* count = content.get_if<std::int64_t>()) {
      return Value(text_of(std::chrono::microseconds(*count)));
    }
    // More than 64 bits: its text all the same.
    std::string digits = *content.find("$int")->get_if<std::string>();
    const bool negative = digits.starts_with('-');
    digits.erase(0, negative);
    digits.insert(digits.size() - 6, 1, '.');
    return Value((negative ? "-PT" : "PT") + digits + 'S');
  }
  static Value read_time(const std::string& text) {
    TimeOfDay value;
    return Value(TextScalar<TimeOfDay>::parse(text, value) == nullptr ? text_of(value) : text);
  }
  // What it holds, when that can be read.
  static Value read_raw(const std::string& content) {
    auto value = json::decode<Value>(content);
    return value ? std::move(*value) : bytes(content);
  }

  Datetimes datetimes_;
};

}  // namespace

Plain to_plain(const Value& notation, Datetimes datetimes) {
  Reader reader(datetimes);
  Value value = reader.read(notation);
  reader.plain.value = std::move(value);
  return std::move(reader.plain);
}

}  // namespace structwire::testing::corpus
