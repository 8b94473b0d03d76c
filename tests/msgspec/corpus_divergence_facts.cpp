// SPDX-License-Identifier: Apache-2.0
#include <tests/msgspec/corpus_divergence_facts.hpp>

namespace structwire::testing::corpus {
namespace {

// The value with every leaf replaced by change(leaf); keys stay.
template <class Change>
Value with_leaves(const Value& value, Change change) {
  if (const auto* items = value.get_if<Value::Array>()) {
    Value::Array made;
    for (const Value& item : *items) made.push_back(with_leaves(item, change));
    return Value(std::move(made));
  }
  const auto* map = value.get_if<Value::Map>();
  if (map == nullptr) return change(value);
  Value::Map made;
  for (const auto& [key, mapped] : *map) made.push_back({key, with_leaves(mapped, change)});
  return Value(std::move(made));
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  if (const auto at = text.find(from); at != text.npos) text.replace(at, from.size(), to);
  return text;
}

std::string raw_input(const Row& row) {
  if (row.op == "convert") return json::encode(row.value_in);
  if (row.input || row.input_hex) return input_of(row);
  return row.value_json +
         from_hex(row.input_msgpack + row.from_msgpack + row.a_msgpack + row.b_msgpack);
}

Value untyped_input(const Row& row) {
  if (row.op == "convert") return to_plain(row.value_in).value;
  const bool is_json = row.input_msgpack.empty() && row.format != "msgpack";
  const std::string input = raw_input(row);
  auto value = format_named(is_json ? "json" : "msgpack").decode(bytes_of(input), {});
  return value ? std::move(*value) : Value();
}

bool has_digits(const Row& row, std::size_t count) {
  std::size_t digits = 0;
  return std::ranges::any_of(raw_input(row), [&](char c) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    return digits >= count;
  });
}

bool has_wide_integer(const Row& row) {
  const std::string input = raw_input(row);
  for (std::size_t i = 0; i + 1 < input.size(); ++i) {
    if (input[i] == '\xCF' && static_cast<unsigned char>(input[i + 1]) >= 0x80) return true;
  }
  return has_digits(row, 19);
}

Value with_doubles(const Value& value) {
  return with_leaves(value, [](const Value& leaf) {
    const auto* number = leaf.get_if<std::int64_t>();
    return number == nullptr ? leaf : Value(static_cast<double>(*number));
  });
}

Value without_signs_of_zero(const Value& value) {
  return with_leaves(value,
                     [](const Value& leaf) { return leaf == Value("-0") ? Value("0") : leaf; });
}

Value with_python_paths(const Value& value) {
  return with_leaves(value, [](const Value& leaf) {
    const auto* text = leaf.get_if<std::string>();
    if (text == nullptr) return leaf;
    // Two slashes at the beginning, and no more, are kept (POSIX, pathname resolution).
    const std::size_t slashes = std::min(text->find_first_not_of('/'), text->size());
    std::string path(slashes == 2 ? 2 : std::min<std::size_t>(slashes, 1), '/');
    for (const auto part : std::views::split(std::string_view(*text), '/')) {
      const std::string_view name(part.begin(), part.end());
      if (name.empty() || name == ".") continue;
      if (!path.empty() && !path.ends_with('/')) path += '/';
      path += name;
    }
    return Value(path.empty() ? "." : path);
  });
}

bool is_same_but_for(Value (*change)(const Value&), const Row& row, const Outcome& ours) {
  if (!row.ok || !is_plain(ours)) return false;
  if (row.value && !(ours.value && change(in_order(*row.value)) == change(in_order(*ours.value))))
    return false;
  const auto outputs = outputs_of(row, ours.output_format);
  const Format& format = format_named(ours.output_format);
  const auto mine = format.decode(bytes_of(ours.output), {});
  return outputs.empty() || std::ranges::any_of(outputs, [&](const std::string& output) {
           const auto theirs = format.decode(bytes_of(output), {});
           return theirs && mine && change(*theirs) == change(*mine);
         });
}

bool names_native(std::string_view message, const std::set<std::string>& natives) {
  const auto from = message.find("got `");
  if (from == message.npos) return false;
  std::string name(message.substr(from + 5, message.find('`', from + 5) - from - 5));
  if (natives.contains(name)) return true;
  name = name.substr(name.rfind('.') + 1);
  std::ranges::transform(name, name.begin(), lower);
  return natives.contains(name == "timedelta" ? "duration" : name);
}

}  // namespace structwire::testing::corpus
