// SPDX-License-Identifier: Apache-2.0
#include <tests/contract/both_ways.hpp>

#include <algorithm>
#include <array>

namespace structwire::testing {
namespace {

using contract::Schema;
using contract::TypeKind;
using contract::TypeSchema;

bool is_checked(const TypeSchema& type) { return type.checked || std::ranges::any_of(type.parts, is_checked); }
bool has_set(const TypeSchema& type) {
  return type.kind == TypeKind::set || std::ranges::any_of(type.parts, has_set);
}

template <class Ask>
bool anywhere(const Schema& schema, Ask ask) {
  return ask(schema.type) || std::ranges::any_of(schema.structs, [&](const contract::StructSchema& each) {
           const auto ask_member = [&](const contract::MemberSchema& member) { return ask(member.type); };
           return std::ranges::any_of(each.members, ask_member);
         });
}

bool is_checked(const Schema& schema) {
  return anywhere(schema, [](const TypeSchema& type) { return is_checked(type); }) ||
         std::ranges::any_of(schema.structs, &contract::StructSchema::checked);
}

// Of sets it is not told in which order they are.
void sort_arrays(Value& value) {
  if (auto* items = value.get_if<Value::Array>()) {
    for (Value& item : *items) sort_arrays(item);
    std::ranges::sort(*items);
  }
  if (auto* entries = value.get_if<Value::Map>()) {
    for (Value::Entry& entry : *entries) sort_arrays(entry.value);
  }
}

// ---- mutation ----

const std::vector<Value>& snippets() {
  static const std::vector<Value> made = [] {
    std::vector<Value> values{Value(), Value(true), Value(false), Value(0), Value(1), Value(-1), Value(7), Value(300),
                              Value(std::int64_t{INT64_MIN}), Value(std::uint64_t{UINT64_MAX}), Value(0.5), Value(-0.0),
                              Value(1e300), Value(2.0), Value(Value::Array{}), Value(Value::Map{}),
                              Value(Bytes{std::byte{1}, std::byte{2}}), Value(Ext{5, {std::byte{1}}}),
                              Value(Ext{-1, Bytes(4, std::byte{1})}), Value(Ext{77, Bytes(2, std::byte{1})}),
                              Value(Value::Array{Value(1), Value(2)}), Value(Value::Array{Value("a"), Value(1)})};
    for (const char* text :
         {"", "a", "abc", "1", "-1", "0", "1.5", "1e400", "99999999999999999999", "true", "null", "nan", "AQI=", "0aff",
          "2020-01-31", "2020-01-31T10:00:00Z", "2020-01-31T10:00:00.0005", "10:00:00", "10:00:00+01:00", "PT1.5S", "P1D",
          "c4524ac0-e81e-4aa8-a595-0aec605a659a", "circle", "square", "group", "red", "RED", "Very Wild", "auto", "kind",
          "type", "\xc3\xa9"}) {
      values.emplace_back(text);
    }
    return values;
  }();
  return made;
}

class Mutator {
 public:
  explicit Mutator(test::Random& random) : random_(random) {}

  /// One of them.
  template <class Items>
  auto& pick(Items& items) {
    return items[random_.below(items.size())];
  }

  /// A sample in the format, changed in its values, its bytes, both or neither.
  std::string input(const BothWays& type, const Format& format) {
    Value value = type.samples.empty() || random_.once_in(20) ? snippet() : pick(type.samples);
    for (std::uint64_t changes = random_.below(4); changes != 0; --changes) change(value);
    Buffer out;
    if (!format.append(value, out)) return "x";
    std::string bytes(out.text());
    if (random_.once_in(3)) damage(bytes);
    return bytes;
  }

 private:
  Value snippet() { return pick(snippets()); }

  // One value somewhere inside.
  void change(Value& value) {
    auto* items = value.get_if<Value::Array>();
    auto* entries = value.get_if<Value::Map>();
    if (items != nullptr && !items->empty() && !random_.once_in(4)) return change(pick(*items));
    if (entries != nullptr && !entries->empty() && !random_.once_in(4)) return change(pick(*entries).value);
    if (items != nullptr && random_.once_in(2)) return change_items(*items);
    if (entries != nullptr && random_.once_in(2)) return change_entries(*entries);
    value = snippet();
  }

  void change_items(Value::Array& items) {
    if (!items.empty() && random_.once_in(2)) {
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(random_.below(items.size())));
    } else {
      items.push_back(items.empty() || random_.once_in(2) ? snippet() : pick(items));
    }
  }

  void change_entries(Value::Map& entries) {
    const auto place = static_cast<std::ptrdiff_t>(entries.empty() ? 0 : random_.below(entries.size()));
    switch (entries.empty() ? 3 : random_.below(5)) {
      case 0: entries.erase(entries.begin() + place); break;
      case 1: std::swap(entries[static_cast<std::size_t>(place)], pick(entries)); break;
      case 2: entries.push_back(entries[static_cast<std::size_t>(place)]); break;
      case 3: entries.insert(entries.begin() + place, {snippet(), snippet()}); break;
      default: entries[static_cast<std::size_t>(place)].key = snippet(); break;
    }
  }

  void damage(std::string& bytes) {
    static constexpr std::array tokens{"null", "\"", "{",     "}", "[",       "]",    ",",
                                       ":",    " ",  "1e999", "-", "\\u00e9", "\xff"};
    const std::size_t at = random_.below(bytes.size() + 1);
    switch (random_.below(4)) {
      case 0: bytes.resize(at); break;
      case 1: bytes.insert(at, pick(tokens)); break;
      case 2:
        if (at < bytes.size()) bytes[at] = static_cast<char>(random_.below(256));
        break;
      default: bytes.erase(at, random_.below(8)); break;
    }
  }

  test::Random& random_;
};

std::string told(const Result<Value>& outcome) {
  if (!outcome) {
    const Error& error = outcome.error();
    const auto offset = error.offset();
    return std::string(name_of(error.code())) + ": " + error.message() + " | " + error.path() + " | " +
           (offset ? std::to_string(*offset) : "no offset");
  }
  Buffer text;
  return json::append_to(*outcome, text, {.order = Order::sorted}) ? std::string(text.text()) : "a value";
}

std::string shown(const Format& format, const std::string& input) {
  if (&format == &json::format()) return input;
  std::string hex;
  for (const char c : input) {
    hex.push_back("0123456789abcdef"[static_cast<unsigned char>(c) >> 4]);
    hex.push_back("0123456789abcdef"[static_cast<unsigned char>(c) & 15]);
  }
  return hex;
}

}  // namespace

BothWaysCounts compare_both_ways(std::span<const BothWays> types, std::size_t inputs, test::Random& random) {
  BothWaysCounts counts;
  Mutator mutator(random);
  for (const BothWays& type : types) {
    const Schema schema = type.describe();
    const auto reader = contract::SchemaReader::make(schema);
    if (!reader) {
      ADD_FAILURE() << type.name << ": " << reader.error().message();
      continue;
    }
    const bool checked = is_checked(schema);
    const bool sets = anywhere(schema, [](const TypeSchema& each) { return has_set(each); });
    std::size_t different = 0;
    for (std::size_t i = 0; i < 2 * inputs; ++i) {
      const Format& format = i % 2 == 0 ? json::format() : msgpack::format();
      const std::string input = mutator.input(type, format);
      DecodeOptions options;
      options.lax = random.once_in(2);
      options.keys_in_paths = random.once_in(2);
      options.text_keys = random.once_in(4);
      options.unknown_fields = static_cast<UnknownFieldPolicy>(random.once_in(2) ? 0 : random.below(3));
      if (random.once_in(8)) options.limits.depth = 3;
      const auto bytes = std::as_bytes(std::span(input));
      Result<Value> by_type = type.decode(format, bytes, options);
      Result<Value> by_schema = reader->decode(format, bytes, options);
      if (sets && by_type && by_schema) {
        sort_arrays(*by_type);
        sort_arrays(*by_schema);
      }
      const bool same = by_type && by_schema ? *by_type == *by_schema
                                             : !by_type && !by_schema && told(by_type) == told(by_schema);
      if (same) {
        ++(by_type ? counts.values : counts.errors);
      } else if (checked) {
        ++counts.excused;
      } else if (++counts.different; ++different <= 3) {
        ADD_FAILURE() << type.name << " in " << format.name << (options.lax ? ", lax" : "") << ": "
                      << shown(format, input) << "\n  by type:   " << told(by_type)
                      << "\n  by schema: " << told(by_schema);
      }
    }
  }
  return counts;
}

}  // namespace structwire::testing
