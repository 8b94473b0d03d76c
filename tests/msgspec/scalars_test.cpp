// SPDX-License-Identifier: Apache-2.0

// Holds the scalar types with a text form against the msgspec corpus, one TextScalar at a time and
// without core's loops: what the real msgspec made of a lone text, number, timestamp or UUID's
// bytes, the member texts of the struct DTs, and the sentences of its errors.
//
//   corpus_scalars DIR      DIR holds decode_*.jsonl
//
// Prints every row that differs, then counts by type. What is no matter of a scalar (the wrong kind
// of value, broken JSON, types made of others) is counted as skipped.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <structwire/core/decimal.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/time.hpp>
#include <structwire/core/uuid.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::testing {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

struct Row {
  std::string id;
  std::string type;
  std::string format;
  std::optional<std::string> input;
  Value strict;
  bool ok = false;
  std::optional<std::string> output;
  std::optional<std::string> error;
  std::vector<std::string> tags;

  using wire = Rules<member<&Row::strict, defaulted>, member<&Row::tags, defaulted>>;

  bool is_json() const { return format == "json"; }
  bool is_lax() const { return strict == Value(false); }
  bool has_tag(std::string_view tag) const { return std::ranges::find(tags, tag) != tags.end(); }
};

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    int byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

std::optional<Value> read(const Row& row, const std::string& text) {
  const std::string bytes = row.is_json() ? text : from_hex(text);
  auto value = (row.is_json() ? json::format() : msgpack::format())
                   .decode(std::as_bytes(std::span(bytes)), {});
  return value ? std::optional(std::move(*value)) : std::nullopt;
}

// ---- MessagePack's timestamp: 4, 8 or 12 bytes of an ext with code -1 ----

struct Timestamp {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
};

std::uint64_t big_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return value;
}

std::optional<Timestamp> timestamp_of(const Value& value) {
  const Ext* ext = value.get_if<Ext>();
  if (!ext || ext->code != -1) return std::nullopt;
  const std::span<const std::byte> bytes = ext->data;
  if (bytes.size() == 4) return Timestamp{static_cast<std::int64_t>(big_endian(bytes)), 0};
  if (bytes.size() == 8) {
    const std::uint64_t bits = big_endian(bytes);
    return Timestamp{static_cast<std::int64_t>(bits & 0x3'FFFF'FFFF),
                     static_cast<std::uint32_t>(bits >> 34)};
  }
  if (bytes.size() != 12) return std::nullopt;
  return Timestamp{static_cast<std::int64_t>(big_endian(bytes.subspan(4))),
                   static_cast<std::uint32_t>(big_endian(bytes.first(4)))};
}

// ---- what we make of one input ----

struct Outcome {
  bool is_applicable = true;  // false: no matter of the scalar alone
  const char* error = nullptr;
  std::string text;
  std::optional<Timestamp> epoch;
};

const Outcome not_applicable{.is_applicable = false, .error = nullptr, .text = {}, .epoch = {}};

template <class T>
Outcome outcome_of(const char* error, const T& value) {
  if (error) return {true, error, {}, {}};
  Outcome outcome{true, nullptr, text_of(value), {}};
  if constexpr (requires(Timestamp t) {
                  TextScalar<T>::to_epoch(value, t.seconds, t.nanoseconds);
                }) {
    Timestamp epoch;
    if (TextScalar<T>::to_epoch(value, epoch.seconds, epoch.nanoseconds)) outcome.epoch = epoch;
  }
  return outcome;
}

template <class T>
const char* no_check(const T&) {
  return nullptr;
}

template <class T>
using Check = const char* (*)(const T&);

template <class T>
Outcome from_number(auto number, Check<T> check) {
  T value{};
  const char* error = TextScalar<T>::from_number(number, value);
  return outcome_of(error ? error : check(value), value);
}

template <class T>
concept TakesNumbers = requires(T value) { TextScalar<T>::from_number(1.0, value); };

template <class T>
Outcome from_text(std::string_view text, Check<T> check) {
  T value{};
  const char* error = TextScalar<T>::parse(text, value);
  return outcome_of(error ? error : check(value), value);
}

// The number that lax mode sees in a text; one that overflows is nothing that a scalar gets to see.
std::optional<double> number_in(std::string_view text) {
  if (is_json_number(text)) {
    const double number = parse_double(text);
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
  }
  static constexpr std::string_view names[] = {"nan",  "inf",  "infinity",
                                               "-nan", "-inf", "-infinity"};
  std::string lower_case(text);
  for (char& c : lower_case) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (std::ranges::find(names, lower_case) == std::end(names)) return std::nullopt;
  return std::strtod(lower_case.c_str(), nullptr);
}

// A JSON number or the text of one, as lax mode takes it.
template <TakesNumbers T>
Outcome from_number_text(std::string_view text, Check<T> check) {
  std::int64_t integer = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (end.ec == std::errc() && end.ptr == text.data() + text.size())
    return from_number<T>(integer, check);
  return from_number<T>(*number_in(text), check);
}

template <class T, Check<T> check = no_check<T>>
Outcome run(const Row& row, const std::optional<Value>& input) {
  // Numbers before all: a decimal sees their source, and not every one fits a Value.
  if (row.is_json() && is_json_number(*row.input)) {
    if constexpr (requires(T value) { TextScalar<T>::parse_number("", value); }) {
      T value{};
      return outcome_of(TextScalar<T>::parse_number(*row.input, value), value);
    } else if constexpr (TakesNumbers<T>) {
      if (row.is_lax() && number_in(*row.input)) return from_number_text<T>(*row.input, check);
    }
    return not_applicable;
  }
  if (!input) return not_applicable;
  if (const std::string* text = input->get_if<std::string>()) {
    if constexpr (TakesNumbers<T> && !std::same_as<T, Decimal>) {
      if (row.is_lax() && number_in(*text)) return from_number_text<T>(*text, check);
      if (row.is_lax() && is_json_number(*text)) return not_applicable;
    }
    return from_text<T>(*text, check);
  }
  if constexpr (TakesNumbers<T>) {
    if (row.is_lax() || std::same_as<T, Decimal>) {
      if (const auto* number = input->get_if<std::int64_t>()) return from_number<T>(*number, check);
      if (const auto* number = input->get_if<double>()) return from_number<T>(*number, check);
    }
  }
  if constexpr (requires(T value) { TextScalar<T>::from_epoch(0, 0, value); }) {
    const auto epoch = timestamp_of(*input);
    if (epoch && epoch->nanoseconds < 1'000'000'000) {
      T value{};
      const char* error = TextScalar<T>::from_epoch(epoch->seconds, epoch->nanoseconds, value);
      return outcome_of(error ? error : check(value), value);
    }
  }
  if constexpr (std::same_as<T, Uuid>) {
    if (const Bytes* bytes = input->get_if<Bytes>()) {
      Uuid value;
      return outcome_of(TextScalar<Uuid>::parse_bytes(*bytes, value), value);
    }
  }
  return not_applicable;
}

const char* aware_datetime(const DateTime& value) {
  return value.is_aware() ? nullptr : "Expected `datetime` with a timezone component";
}
const char* aware_time(const TimeOfDay& value) {
  return value.is_aware() ? nullptr : "Expected `time` with a timezone component";
}
const char* naive_time(const TimeOfDay& value) {
  return value.is_aware() ? "Expected `time` with no timezone component" : nullptr;
}

using Instant = std::chrono::sys_time<microseconds>;

// The type whose text keeps the offset, and the instant beside it: both must say the same.
Outcome run_aware(const Row& row, const std::optional<Value>& input) {
  const Outcome kept = run<DateTime, aware_datetime>(row, input);
  const Outcome instant = run<Instant>(row, input);
  // An instant may leave the calendar where a clock on the wall does not.
  if (instant.error && std::string_view(instant.error) == "Timestamp is out of range ") return kept;
  const bool same_error =
      kept.error && instant.error && std::string_view(kept.error) == instant.error;
  const bool same_epoch = kept.epoch && instant.epoch &&
                          kept.epoch->seconds == instant.epoch->seconds &&
                          kept.epoch->nanoseconds == instant.epoch->nanoseconds;
  if (!kept.is_applicable || same_error || same_epoch) return kept;
  return {true, "sys_time and DateTime disagree", {}, {}};
}

using Runner = Outcome (*)(const Row& row, const std::optional<Value>& input);

const std::map<std::string, Runner, std::less<>>& runners() {
  static const std::map<std::string, Runner, std::less<>> table = {
      {"datetime", run<DateTime>},
      {"datetime_aware", run_aware},
      {"datetime_naive", run<std::chrono::local_time<microseconds>>},
      {"date", run<std::chrono::year_month_day>},
      {"time", run<TimeOfDay>},
      {"time_aware", run<TimeOfDay, aware_time>},
      {"time_naive", run<TimeOfDay, naive_time>},
      {"duration", run<microseconds>},
      {"uuid", run<Uuid>},
      {"decimal", run<Decimal>},
  };
  return table;
}

// ---- where we rightly differ; each is counted ----

// More days than microseconds of 64 bits can count. Types that can count them must agree.
bool is_wide(const Row& row) {
  const auto expected = read(row, row.output.value_or(""));
  const std::string* text = expected ? expected->get_if<std::string>() : nullptr;
  std::chrono::days days{};
  if (!text || TextScalar<std::chrono::days>::parse(text->substr(0, text->find('T')), days))
    return false;
  if (std::chrono::abs(days) < std::chrono::days(106'751'991)) return false;
  milliseconds wide{};
  const char* error = TextScalar<milliseconds>::parse(*text, wide);
  // Milliseconds round the last microsecond up to a value that is out of Python's range.
  return error ? text->ends_with(".999999S") : text_of(wide) == *text;
}

const char* rightly_differs(const Row& row, const std::optional<Value>& input,
                            const Outcome& ours) {
  const std::string* text = input ? input->get_if<std::string>() : nullptr;
  if (row.has_tag("pyexc") && !row.ok && ours.error)
    return "errors that leak Python's insides: refused, too";
  if (row.type == "decimal" && row.ok && ours.error && text &&
      std::ranges::any_of(*text, [](char c) { return c == '_' || c == ' ' || c < 0; })) {
    return "decimals with underscores, spaces or digits that are not ASCII are refused";
  }
  if (row.type == "datetime_naive" &&
      ours.error == std::string_view("Timestamp is out of range ") && row.error &&
      row.error->ends_with("no timezone component")) {
    return "the first second of the year 10000 is out of range before it lacks a time zone";
  }
  if (row.type == "duration" && row.ok &&
      ours.error == std::string_view("Duration is out of range") && is_wide(row)) {
    return "durations beyond 64 bits of microseconds are refused";
  }
  return nullptr;
}

struct Counts {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t differs = 0;
  std::size_t skipped = 0;
};

class Checker {
 public:
  void file(const std::filesystem::path& path) {
    std::ifstream lines(path);
    for (std::string line; std::getline(lines, line);) {
      auto row = json::decode<Row>(line);
      if (!row) {
        std::printf("unreadable row: %s\n", row.error().message().c_str());
        ++counts_["unreadable"].failed;
      } else if (row->type == "DTs" && row->input) {
        members(*row);
      } else if (const auto runner = runners().find(row->type);
                 runner != runners().end() && row->input) {
        const auto input = read(*row, *row->input);
        judge(*row, input, runner->second(*row, input));
      }
    }
  }

  int report() const {
    Counts all;
    for (const auto& [type, counts] : counts_) {
      std::printf("%-16s %4zu passed, %zu failed, %zu rightly differ, %zu skipped\n", type.c_str(),
                  counts.passed, counts.failed, counts.differs, counts.skipped);
      all.passed += counts.passed;
      all.failed += counts.failed;
      all.differs += counts.differs;
      all.skipped += counts.skipped;
    }
    for (const auto& [reason, count] : reasons_)
      std::printf("differs %5zu  %s\n", count, reason.c_str());
    std::printf("%zu passed, %zu failed, %zu rightly differ, %zu skipped\n", all.passed, all.failed,
                all.differs, all.skipped);
    return all.failed == 0 && all.passed > 0 ? 0 : 1;
  }

 private:
  void judge(const Row& row, const std::optional<Value>& input, const Outcome& ours) {
    Counts& counts = counts_[row.type];
    if (!ours.is_applicable) {
      ++counts.skipped;
    } else if (agrees(row, ours)) {
      ++counts.passed;
    } else if (const char* reason = rightly_differs(row, input, ours)) {
      ++counts.differs;
      ++reasons_[reason];
    } else {
      ++counts.failed;
      std::printf("%s %s %s %s\n  msgspec: %s\n  ours:    %s\n", row.id.c_str(), row.type.c_str(),
                  row.format.c_str(), row.input->c_str(),
                  (row.ok ? row.output : row.error).value_or("").c_str(),
                  ours.error ? ours.error : ours.text.c_str());
    }
  }

  static bool agrees(const Row& row, const Outcome& ours) {
    if (!row.ok) return ours.error && row.error == ours.error;
    if (ours.error) return false;
    if (!row.output) return true;  // msgspec could not encode what it had decoded
    const auto expected = read(row, *row.output);
    return expected && is_same(*expected, ours);
  }

  static bool is_same(const Value& expected, const Outcome& ours) {
    if (const auto epoch = timestamp_of(expected)) {
      return ours.epoch && ours.epoch->seconds == epoch->seconds &&
             ours.epoch->nanoseconds == epoch->nanoseconds;
    }
    return expected == Value(ours.text);
  }

  // The members of DTs one after the other, as their decoder meets them.
  void members(const Row& row) {
    const auto input = read(row, *row.input);
    const Value::Map* map = input ? input->get_if<Value::Map>() : nullptr;
    if (!map) return judge(row, input, not_applicable);
    const auto expected = row.ok ? read(row, *row.output) : std::nullopt;
    Row part = row;
    for (std::size_t i = 0; i < map->size(); ++i) {
      const auto& [key, value] = (*map)[i];
      const std::string* name = key.get_if<std::string>();
      const Runner runner = name ? runner_of(*name) : nullptr;
      if (!runner || !value.get_if<std::string>()) return judge(row, input, not_applicable);
      part.input = "\"\"";  // the texts of these rows are no numbers
      const Outcome ours = runner(part, value);
      if (ours.error) {
        const std::string error = std::string(ours.error) + " - at `$." + *name + "`";
        return judge(row, input,
                     {true, row.error == error ? row.error->c_str() : ours.error, {}, {}});
      }
      const bool is_last =
          std::none_of(map->begin() + static_cast<std::ptrdiff_t>(i) + 1, map->end(),
                       [&](const Value::Entry& later) { return later.key == key; });
      if (row.ok && is_last && !is_same(*expected->find(*name), ours))
        return judge(row, input, ours);
    }
    // Nothing is refused; then only a member that is missing can be.
    if (!row.ok) return judge(row, input, not_applicable);
    ++counts_[row.type].passed;
  }

  static Runner runner_of(std::string_view member) {
    if (member == "a" || member == "b") return runners().find("datetime")->second;
    if (member == "n") return runners().find("datetime_naive")->second;
    return member == "w" ? runners().find("datetime_aware")->second : nullptr;
  }

  std::map<std::string, Counts> counts_;
  std::map<std::string, std::size_t> reasons_;
};

}  // namespace
}  // namespace structwire::testing

int main(int count, char** arguments) {
  if (count != 2 || !std::filesystem::is_directory(arguments[1])) {
    std::fprintf(stderr, "usage: corpus_scalars DIR    (DIR holds decode_*.jsonl)\n");
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
    if (entry.path().filename().string().starts_with("decode_")) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  structwire::testing::Checker checker;
  for (const auto& file : files) checker.file(file);
  return checker.report();
}
